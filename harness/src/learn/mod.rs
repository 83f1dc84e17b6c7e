//! Learning the Mealy machine of a system from what it answers, and how it differs from that of the
//! specification.
//!
//! A tree of words tells states apart; a counterexample gives one more word (Rivest and Schapire).
//! Whether a hypothesis is the system is asked in the order in which it is most likely to be told
//! that it is not: the product with the specification, whose differences are played on the system;
//! walks that prefer what is rare; and last the suite that is complete for the hypothesis and one
//! state more, which says little of a hypothesis that is too small.

mod equivalence;
mod interrogated;
mod memory;
mod outside;
mod sounding;
mod stopped;
mod tree;

pub use equivalence::{Budget, Ended, Learned, learn};
pub use interrogated::Interrogated;
pub use outside::Outside;
pub use sounding::differs;
pub use stopped::{Contradiction, LearnError};
