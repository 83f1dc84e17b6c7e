//! The machine of a task and the slots of a worker: cancellation, coverage, wrong rules, induction,
//! random scripts.

mod cancellation;
mod common;
mod coverage;
mod defects;
mod induction;
mod mutants;
mod promises;
mod random;
mod slots;
