//! What callers see of an outcome: a workflow in a wrapper, a client bare.
//! Pure functions; when the workflow sees it is the machine's affair.

use super::CloseEvent;
use crate::Payload;
use crate::vocabulary::{Opaque, Outcome, RetryState, TimeoutType};

/// What a workflow is told about its activity, once.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Resolution<P = Payload> {
    /// It succeeded.
    Completed {
        /// What it returned.
        result: P,
    },
    /// It failed or timed out.
    Failed(ActivityFailure<P>),
    /// It was cancelled, or is taken for cancelled.
    Cancelled(ActivityFailure<P>),
}

/// The wrapper in which a workflow sees why its activity did not succeed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ActivityFailure<P = Payload> {
    /// What is inside.
    pub cause: Cause<P>,
    /// Why no other attempt followed.
    pub retry_state: RetryState,
}

/// The failure inside the wrapper.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Cause<P = Payload> {
    /// The last attempt's.
    Attempt {
        /// As the worker reported it.
        failure: P,
    },
    /// A `TimeoutFailure`.
    Timeout {
        /// Which timeout.
        timeout_type: TimeoutType,
        /// With last heartbeat details, and the failure before it.
        failure: P,
    },
    /// A `CanceledFailure`.
    Canceled {
        /// Nothing where nobody waited for them.
        details: P,
    },
}

impl<P> ActivityFailure<P> {
    /// The message of the wrapper.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self.cause {
            Cause::Attempt { .. } => "Activity task failed",
            Cause::Timeout { .. } => "Activity task timed out",
            Cause::Canceled { .. } => "Activity cancelled",
        }
    }
}

impl<P: Opaque> Resolution<P> {
    /// The activity is taken for cancelled, by whoever does not wait.
    #[must_use]
    pub fn cancelled_at_once() -> Self {
        cancelled(P::none())
    }
}

/// What a workflow sees of a close.
#[must_use]
//= models/spec.md#S6
//# A workflow sees it in a wrapper, with its cause and the retry state.
pub fn resolution<P: Opaque>(event: &CloseEvent<P>) -> Resolution<P> {
    match event.clone() {
        CloseEvent::ActivityTaskCompleted { result } => Resolution::Completed { result },
        CloseEvent::ActivityTaskFailed { failure, retry_state } => {
            Resolution::Failed(ActivityFailure { cause: Cause::Attempt { failure }, retry_state })
        }
        CloseEvent::ActivityTaskTimedOut { timeout_type, failure, retry_state } => {
            let cause = Cause::Timeout { timeout_type, failure };
            Resolution::Failed(ActivityFailure { cause, retry_state })
        }
        CloseEvent::ActivityTaskCanceled { details } => cancelled(details),
    }
}

fn cancelled<P>(details: P) -> Resolution<P> {
    Resolution::Cancelled(ActivityFailure {
        cause: Cause::Canceled { details },
        retry_state: RetryState::CancelRequested,
    })
}

/// Why a client that waits for a standalone activity gets no result.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ActivityResultError<P = Payload> {
    /// The last attempt failed.
    ActivityFailed {
        /// As the worker reported it.
        failure: P,
    },
    /// It was cancelled.
    Cancelled {
        /// The worker's, or the reason of the request.
        details: P,
    },
    /// It was ended by force.
    Terminated {
        /// Why.
        reason: P,
    },
    /// A timeout ended it.
    TimedOut {
        /// Which.
        timeout_type: TimeoutType,
        /// The timeout failure.
        failure: P,
    },
}

/// What a client sees of the outcome of a standalone activity: the bare failure, in no wrapper.
///
/// # Errors
/// Why there is no result.
//= models/spec.md#S6
//# A client sees it bare.
pub fn seen_by_client<P: Opaque>(outcome: &Outcome<P>) -> Result<P, ActivityResultError<P>> {
    Err(match outcome.clone() {
        Outcome::Completed { result } => return Ok(result),
        Outcome::Failed { failure, .. } => ActivityResultError::ActivityFailed { failure },
        Outcome::Canceled { details, .. } => ActivityResultError::Cancelled { details },
        Outcome::Terminated { reason, .. } => ActivityResultError::Terminated { reason },
        Outcome::TimedOut { timeout_type, failure, .. } => {
            ActivityResultError::TimedOut { timeout_type, failure }
        }
    })
}
