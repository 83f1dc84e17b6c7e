//! The verbs of an execution's scenarios: printing and parsing, which are each other's inverse.

mod literal;
mod parse;
mod print;
mod show;

pub(super) use print::{Polls, options};
pub use show::{answer, call, happening, identity, outcome, payload, request_id};
