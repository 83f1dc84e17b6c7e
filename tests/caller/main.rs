//! The machine of a caller: every way to cancel, histories, coverage, mutants, random scripts.

mod cancellation;
mod common;
mod coverage;
mod histories;
mod mutants;
mod random;
