//! Holds any implementation of an Activity Execution to the specification.
//!
//! What can be done to an execution, and what can be seen of it, is the [`alphabet`]: abstract inputs
//! that select a sequence and say nothing of payloads, tokens and ids, which are the tester's and the
//! system's own.

pub mod alphabet;
mod asked;

pub use asked::Asked;
