//! The parts of the command `activity`, for its binary and for tests.
//!
//! A command reads its input, and returns what to print and how it ended: it does not print.

pub mod check;
pub mod command;
pub mod completions;
pub mod conform;
pub mod diagram;
pub mod documents;
pub mod exit;
pub mod explain;
mod graph;
pub mod history;
pub mod input;
pub mod learn;
pub mod lint;
pub mod problem;
mod progress;
pub mod prove;
mod refutation;
pub mod replay;
pub mod report;
mod service;
mod style;
