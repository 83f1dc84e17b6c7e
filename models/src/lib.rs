//! The specification of an Activity Execution, and its exploration.

pub mod specification;
pub mod system;
