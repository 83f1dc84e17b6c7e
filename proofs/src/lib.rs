//! Theorems for all parameters: the promises hold, and the core refines the specification.

pub mod any;
mod number;
pub mod parties;
mod payload;
mod theorem;
pub mod theorems;

pub use number::{Sym, lifted};
pub use payload::{SymbolicPayload, sealed};
pub use theorem::{Proof, Proven, Theorem};
