//! The text format: printing and parsing, which are each other's inverse.

mod error;
mod layout;
mod lexer;
mod literal;
mod parse;
mod print;
mod show;

pub use error::ScriptError;
pub(super) use layout::{clip, wrap};
pub use parse::split;
pub(super) use print::{Polls, options};
pub use show::{answer, call, happening, identity, outcome, payload, request_id, span};

/// What separates a script from its transcript.
pub(super) const RULE: &str = "----";
