//! The symbolic executor: what it explores, refuses, reports and writes for other judges.

mod common;
mod explorations;
mod failures;
mod lease;
mod locations;
mod machine;
mod partition;
mod smtlib;
mod threads;
