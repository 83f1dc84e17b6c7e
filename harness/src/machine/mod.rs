//! The specification as an explicit Mealy machine: for one configuration, one power of observation
//! and the inputs of one system, with timers that are on time, and as small as it can be.
//!
//! What a machine shows is a function of its state and the input. The machine only selects
//! sequences: they are judged on the specification itself, with payloads of their own.

mod explicit;
mod mealy;
mod minimal;
mod product;

pub use explicit::{Explicit, TooLarge};
pub use mealy::{Mealy, Symbol, Word};
pub use minimal::Minimal;
pub use product::{Comparison, Differing, compare, difference, differing};
