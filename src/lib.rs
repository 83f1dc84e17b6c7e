//! Activity Executions in Temporal's sense that can be trusted.
#![no_std]

extern crate alloc;

pub mod wheel;

pub use wheel::Wheel;
