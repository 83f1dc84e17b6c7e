//! Holds any implementation of an Activity Execution to the specification.
//!
//! What can be done to an execution, and what can be seen of it, is the [`alphabet`]: abstract inputs
//! that select a sequence and say nothing of payloads, tokens and ids, which are the tester's and the
//! system's own.

//!
//! A system is whoever implements the [`seam`], or a [`process`] that speaks the [`protocol`]. What it
//! does is followed and judged by the [`judge`];
//! sequences are played by [`run`].

pub mod alphabet;
mod asked;
pub mod judge;
pub mod process;
pub mod protocol;
pub mod run;
pub mod seam;

pub use asked::Asked;
