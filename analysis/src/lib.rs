//! What given options mean and what can happen with them, in real durations: scenarios run on the
//! core, one configuration explored exactly, and both in plain words.

pub mod backoffs;
pub mod examination;
pub mod explanation;
pub mod history;
pub mod rules;
pub mod scenarios;
mod waits;
pub mod words;
pub mod zones;

pub use backoffs::Backoffs;
pub use examination::Examination;
pub use explanation::Explanation;
pub use waits::alike_from;
