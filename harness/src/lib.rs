//! Holds any implementation of an Activity Execution to the specification.
//!
//! What can be done to an execution, and what can be seen of it, is the [`alphabet`]: abstract inputs
//! that select a sequence and say nothing of payloads, tokens and ids, which are the tester's and the
//! system's own.

pub mod alphabet;
mod asked;
pub mod learn;
mod lockstep;
pub mod machine;
mod mark;
pub mod matrix;
mod punctual;
pub mod suite;

pub use asked::Asked;
pub use lockstep::{Lockstep, Pair};
pub use mark::Mark;
pub use punctual::Punctual;
