//! What happens to an execution and how it is answered: requests, actions, answers, steps.
//! Knows the alphabet; does not know which word follows which.

use super::number::{Attempt, Span, Timestamp};
use super::words::{
    IdConflictPolicy, Rejection, RequestId, Retryability, Target, TaskToken, TimeoutType,
};
use crate::Payload;

/// A call to the service, named for its RPC.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Request<N = i64, P = Payload> {
    /// A further start with the activity id of this execution.
    StartActivityExecution {
        /// The start that created the execution is repeated under the same id.
        request_id: RequestId,
        /// What another request id means while the execution is open.
        id_conflict_policy: IdConflictPolicy,
    },
    /// A poll was matched with a dispatched task: the attempt starts.
    RecordActivityTaskStarted {
        /// Repeating it under the same id gives the same task.
        request_id: RequestId,
        /// The attempt that was dispatched.
        dispatched: TaskToken<N>,
        /// Who polled.
        identity: P,
    },
    /// A worker shows that an attempt is alive, and asks whether it is still wanted.
    RecordActivityTaskHeartbeat {
        /// The attempt.
        target: Target<N>,
        /// Replaces the details recorded before, also with nothing.
        details: P,
    },
    /// An attempt succeeded.
    RespondActivityTaskCompleted {
        /// The attempt; by id also one that no worker has started.
        target: Target<N>,
        /// What it returned.
        result: P,
        /// Who reports.
        identity: P,
    },
    /// An attempt failed.
    RespondActivityTaskFailed {
        /// The attempt.
        target: Target<N>,
        /// The failure; may be nothing.
        failure: P,
        /// Whether it may be retried, and after how long.
        retry: Retryability<N>,
        /// Heartbeat details that travel with the failure.
        last_heartbeat_details: Option<P>,
        /// Who reports.
        identity: P,
    },
    /// An attempt gave in to cancellation.
    RespondActivityTaskCanceled {
        /// The attempt.
        target: Target<N>,
        /// What it has to say about it.
        details: P,
    },
    /// Somebody asks for cancellation.
    RequestCancelActivityExecution {
        /// Repeating it under the same id has no further effect.
        request_id: RequestId,
        /// Who asks.
        identity: P,
        /// Why.
        reason: P,
    },
    /// Somebody ends the execution by force.
    TerminateActivityExecution {
        /// Repeating it under the same id has no further effect.
        request_id: RequestId,
        /// Who.
        identity: P,
        /// Why.
        reason: P,
    },
}

impl<N, P> Request<N, P> {
    /// The attempt that a worker's call speaks about, to be changed.
    pub fn target_mut(&mut self) -> Option<&mut Target<N>> {
        match self {
            Request::RecordActivityTaskHeartbeat { target, .. }
            | Request::RespondActivityTaskCompleted { target, .. }
            | Request::RespondActivityTaskFailed { target, .. }
            | Request::RespondActivityTaskCanceled { target, .. } => Some(target),
            Request::StartActivityExecution { .. }
            | Request::RecordActivityTaskStarted { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => None,
        }
    }
}

impl<N: Copy, P> Request<N, P> {
    /// The attempt that a worker's call speaks about.
    pub fn target(&self) -> Option<Target<N>> {
        match self {
            Request::RecordActivityTaskHeartbeat { target, .. }
            | Request::RespondActivityTaskCompleted { target, .. }
            | Request::RespondActivityTaskFailed { target, .. }
            | Request::RespondActivityTaskCanceled { target, .. } => Some(*target),
            Request::StartActivityExecution { .. }
            | Request::RecordActivityTaskStarted { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => None,
        }
    }
}

/// Anything that can happen to an execution.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Action<N = i64, P = Payload> {
    /// Time passes.
    Tick {
        /// How much; more than nothing.
        elapsed: Span<N>,
    },
    /// Somebody calls.
    Call(Request<N, P>),
    /// A deadline takes effect.
    Elapses {
        /// Which.
        timeout_type: TimeoutType,
        /// How long the attempt after the current one would wait, if there is one; never negative.
        backoff: Span<N>,
    },
}

/// What is said to a call that is not refused.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Answer<N = i64, P = Payload> {
    /// It is done, or was done before.
    Done,
    /// To a start: this execution exists already.
    Existing,
    /// To a poll: the task.
    Task {
        /// To be shown with every call about this attempt.
        token: TaskToken<N>,
        /// Which attempt it is.
        attempt: Attempt<N>,
        /// When the service considers it started.
        started_time: Timestamp<N>,
        /// When it could first have been started.
        current_attempt_scheduled_time: Timestamp<N>,
        /// The newest details that any attempt recorded.
        heartbeat_details: P,
    },
    /// To a heartbeat: it is recorded.
    Recorded {
        /// Whether cancellation was requested.
        cancel_requested: bool,
    },
}

/// What a call is told.
pub type Reply<N = i64, P = Payload> = Result<Answer<N, P>, Rejection>;

/// One thing that happened: when, what, and how it was answered, refusals included.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Step<N = i64, P = Payload> {
    /// The instant at which it happened; for a tick, the instant before it.
    pub now: Timestamp<N>,
    /// What happened.
    pub action: Action<N, P>,
    /// How it was answered.
    pub reply: Reply<N, P>,
}
