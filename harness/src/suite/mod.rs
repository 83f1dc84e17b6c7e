//! Suites of sequences, derived from the explicit machine of the specification.
//!
//! None of them is written by hand: a [`Suite`] covers every edge, or is complete for systems with a
//! number of extra states, as a trie whose leaves are its sequences. [`Walks`] are a search and no
//! promise. What may be said of a system that passed is a [`Sentence`].

mod complete;
mod graded;
mod identifiers;
mod sentence;
mod trie;
mod walks;

pub use complete::{Kind, Suite};
pub use graded::{PROTOTYPED, durations, graded, of_two_extra_states};
pub use identifiers::identifiers;
pub use sentence::{ASSUMPTIONS, Sentence};
pub use trie::{Node, Trie};
pub use walks::{Dice, Walks};
