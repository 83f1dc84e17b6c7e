//! What the protocol says, in Temporal's messages, and back. Asks nobody; every function is pure.

mod description;
mod failure;
mod options;
mod outcome;
mod payload;
mod refusal;

pub(crate) use description::{description, may_have_a_task};
pub(crate) use failure::reported;
pub(crate) use options::{Options, conflict_policy};
pub(crate) use outcome::outcome_of;
pub(crate) use payload::{payloads, text};
pub(crate) use refusal::refusal;
