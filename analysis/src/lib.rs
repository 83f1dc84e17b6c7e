//! What given options mean and what can happen with them, in real durations: tables of
//! backoffs, and one configuration explored exactly.
//! Says nothing to anybody: whoever asks does the talking.

pub mod backoffs;
pub mod examination;
pub mod history;
pub mod rules;
mod waits;
pub mod zones;

pub use backoffs::Backoffs;
pub use examination::Examination;
pub use waits::alike_from;
