//! The parts of the command `activity`, for its binary and for tests.

pub mod exit;
pub mod problem;
pub mod replay;
