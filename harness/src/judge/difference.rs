//! What was seen and is not allowed: where, what would have been, and what it breaks.

use super::agree::Part;
use super::promised::BrokenPromise;
use std::fmt;

/// A step of a system that no state of the specification explains.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where it was seen.
    pub place: Where,
    /// What the specification allows, each once.
    pub allowed: Vec<String>,
    /// What was seen.
    pub observed: String,
    /// The parts of what Describe shows that differ.
    pub parts: Vec<Part>,
    /// The statement of the specification that decides the step.
    pub rule: String,
    /// The promises that are broken, whatever could not be seen is like.
    pub broken: Vec<BrokenPromise>,
}

/// Where a difference was seen.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Where {
    /// In the answer to a call.
    Answer,
    /// In what Describe shows after it.
    Description,
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Where::Answer => "the answer",
            Where::Description => "what Describe shows",
        })
    }
}
