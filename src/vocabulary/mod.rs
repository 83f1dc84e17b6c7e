//! The words that specification, core, promises and checkers share, generic over the number type.
//!
//! Everything here is a value. What may follow what is said twice elsewhere, by the specification
//! and by the core, and by the [promises](crate::promises) once.

mod kind;
mod number;
mod observation;
mod situation;
mod step;
mod words;

pub use kind::{ActionKind, ReplyKind, RequestKind};
pub use number::{Attempt, Number, Span, Timestamp};
pub use observation::{Deadlines, Observation, Phase};
pub use situation::{ActivityExecutionStatus, OutcomeKind, PendingActivityState, Situation};
pub use step::{Action, Answer, Reply, Request, Step};
pub use words::{
    CancelRequest, Dialect, ExecutionOptions, IdConflictPolicy, Opaque, Outcome, Rejection,
    RequestId, RetryState, Retryability, Target, TaskToken, TimeoutReason, TimeoutType,
};
