//! A symbolic executor for ordinary Rust; the README below is its documentation.

#![doc = include_str!("../README.md")]

mod backtrack;
mod budget;
mod calls;
mod context;
mod decide;
mod eliminate;
mod explorer;
mod free;
mod hash;
mod hypotheses;
mod int;
mod judge;
pub mod kernel;
mod linear;
mod lookahead;
mod path;
mod report;
mod search;
mod smt;
mod solver;
mod step;
mod terms;
mod tree;

pub use budget::{Budget, CutOff};
pub use calls::{
    assume, assume_le, assume_that, check, choose, flag, forms, fresh, hypotheses, literal, option,
    pick, such_that, within,
};
pub use explorer::{Explorer, Job, Replay, prove, replay};
pub use free::Free;
pub use int::Int;
pub use linear::{Comparison, Constraint, Linear, Symbol};
pub use path::{Decision, End, Instance, Path};
pub use report::{Example, Failure, Report, Statistics, Verdict};
pub use tree::Paths;
