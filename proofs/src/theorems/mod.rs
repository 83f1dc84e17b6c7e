//! The theorems. Each states first and calls the prover second.

mod promises;
mod situation;

pub use promises::induction;
pub use situation::Situation;
