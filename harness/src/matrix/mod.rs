//! The kill matrix: which checker kills which bug.
//!
//! A bug is a machine that follows a wrong rule of the tables. Each checker tries it in a budget that
//! is the same for all, and says whether it notices; the shortest sequence that shows it is kept.
//! Knows the bugs of one execution; what is wrong with workers, callers, wheels and drivers, and what
//! theorems say, comes from whoever has those.

mod arena;
mod driven;
mod kill;
mod promised;
mod row;

pub use arena::Arena;
pub use driven::of_drivers;
pub use kill::{of_comparisons, of_one_execution};
pub use row::{Cell, Checker, Refutation, Row, alike};
