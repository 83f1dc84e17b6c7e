//! Holds any implementation of an Activity Execution to the specification.
//!
//! What can be done to an execution, and what can be seen of it, is the [`alphabet`]: abstract inputs
//! that select a sequence and say nothing of payloads, tokens and ids, which are the tester's and the
//! system's own.
//!
//! A system is whoever implements the [`seam`], or a [`process`] that speaks the [`protocol`].
//! Sequences are selected by the [`suite`]s, played on it by [`run`], followed by the [`judge`], and
//! what differs is told by [`report`].

pub mod alphabet;
mod asked;
mod conformance;
pub mod judge;
pub mod learn;
mod lockstep;
pub mod machine;
mod mark;
pub mod matrix;
pub mod process;
pub mod protocol;
mod punctual;
pub mod report;
pub mod run;
pub mod seam;
pub mod suite;

pub use asked::Asked;
pub use conformance::{plays, plays_again, replays};
pub use lockstep::{Lockstep, Pair};
pub use mark::Mark;
pub use pollster::block_on;
pub use punctual::Punctual;
