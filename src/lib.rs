//! Activity Executions in Temporal's sense that can be trusted.
//!
//! An *activity execution* is the chain of attempts to run one function reliably. This library is
//! its state machine: pure, without a clock, without I/O, without async, without dependencies.
#![no_std]

extern crate alloc;

pub mod caller;
mod payload;
pub mod promises;
pub mod vocabulary;
pub mod worker;

pub use payload::{Content, Failure, FailureInfo, Payload};
