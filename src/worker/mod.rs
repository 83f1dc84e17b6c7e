//! The worker's side of an activity: one task on a worker, and the worker that counts its tasks.
//!
//! ```text
//!      service                       ActivityTask                         function
//!         ▲   heartbeat, result           │                                  │
//!         │◄──────────────────────────────│◄── heartbeat ────────────────────│
//!         │   answers, pushed cancel      │                                  │
//!         │──────────────────────────────►│── cancel, at most once ─────────►│
//!                                         │◄── return ───────────────────────│
//!                alarms ─────────────────►│
//!                                         │──► ReleaseSlot ──► WorkerSlots ──► shutdown
//! ```
//!
//! Both are pure: an input at an instant makes a next state and at most one effect.
//! A reason to stop is delivered in the step in which it arrives: the first to arrive counts.
//! The machines may be late: an alarm that goes off after its time, or twice, does no harm.

mod cancel;
pub mod promises;
mod running;
mod slots;
mod task;
mod throttle;
mod words;

pub use cancel::{ActivityCancelReason, ActivityCancellationDetails, Cancel};
pub use slots::{
    Shutdown, SlotsAction, SlotsEffect, SlotsRejection, SlotsStep, WorkerOptions, WorkerSlots,
};
pub use task::{ActivityTask, Flushing, HeartbeatCall, HeartbeatDetails, Running};
pub use throttle::HeartbeatThrottle;
pub use words::{
    ActivityExecutionResult, Effect, HeartbeatReply, LocalTimer, Report, ResultReply, TaskAction,
    TaskFailure, TaskOptions, TaskRejection, TaskStep,
};
