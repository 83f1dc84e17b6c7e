//! What no bounded exploration can say: the promises hold for all parameters, and the core refines
//! the specification, proved about the very source text that is compiled into the product.

pub mod any;
mod number;
pub mod parties;
mod theorem;
pub mod theorems;
mod value;

pub use number::{Sym, lifted};
pub use theorem::{Proof, Proven, Theorem};
pub use value::{Value, sealed};
