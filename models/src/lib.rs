//! The specification of an Activity Execution, and its exploration.

pub mod exploration;
pub mod explore;
pub mod mutants;
pub mod scenario;
pub mod specification;
pub mod story;
pub mod system;
pub mod trace;
pub mod wheel;

/// The statements that the project answers, as text: `models/spec.md`.
pub const STATEMENTS: &str = include_str!("../spec.md");
