//! Where the options of activities come from: source code in Go, TypeScript, Python and Java, and
//! documents: options in TOML, JSON and YAML, recorded histories, and descriptions; and which files
//! of a folder are looked at.
//!
//! Says of each option whether it is given, absent or unknown, with its place and, where it is
//! unknown, the reason; never guesses. Does not know what options mean: that is for analysis.

#[cfg(feature = "code")]
pub mod code;
pub mod documents;
pub mod files;
mod names;
mod place;

pub use names::OptionName;
pub use place::{Bytes, Place};
