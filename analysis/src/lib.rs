//! What given options mean and what can happen with them, in real durations: documents that hold
//! options, tables of backoffs, and one configuration explored exactly.
//! Says nothing to anybody: whoever asks does the talking.

pub mod backoffs;
pub mod document;
pub mod examination;
pub mod explanation;
pub mod scenarios;
mod waits;
pub mod words;
pub mod zones;

pub use backoffs::Backoffs;
pub use document::{Activity, Document};
pub use examination::Examination;
pub use explanation::Explanation;
pub use waits::alike_from;
