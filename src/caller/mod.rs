//! The caller's side of an activity: a workflow that schedules it, may cancel it, and is told once
//! what came of it.
//!
//! ```text
//!   workflow code                  WorkflowActivity                      service
//!        │── schedule, cancel ──────────►│── command ────────────────────►│
//!        │   parent's cancel, unless     │                                │
//!        │   the activity is detached ──►│◄── history event ──────────────│
//!        │◄── resolution, once ──────────│
//! ```
//!
//! | | command sent | resolved | with |
//! |---|---|---|---|
//! | `TryCancel` | yes | at once | cancelled, without details |
//! | `WaitCancellationCompleted` | yes | at the close | whatever happened |
//! | `Abandon` | no | at once | cancelled, without details |
//! | any, before it was sent | withdraws it | at once | cancelled, without details |
//!
//! A client that starts an activity without a workflow has no such machine: it polls the service
//! and [sees the outcome](seen_by_client) bare.

mod failure;
mod machine;
pub mod promises;
mod words;

pub use failure::{
    ActivityFailure, ActivityResultError, Cause, Resolution, resolution, seen_by_client,
};
pub use machine::{Cancellation, WorkflowActivity};
pub use words::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CallerStep, CloseEvent,
    Command, Effects, HistoryEvent,
};
