//! Calls as they come to the door: request ids are texts, and failures are not classified yet.
//! Knows the alphabet, named for the RPCs; what a call leads to is decided by the core.

use super::RequestIdText;
use crate::payload::Payload;
use crate::vocabulary::{IdConflictPolicy, Span, Target, TaskToken};

/// A call to the service about one activity, named for its RPC.
///
/// The functions are named for the words of Temporal's own traces, and fill in what is left out
/// most of the time.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Call {
    /// A further start with the activity id of this execution.
    StartActivityExecution {
        /// The start that created the execution is repeated under the same id.
        request_id: RequestIdText,
        /// What another request id means while the execution is open.
        id_conflict_policy: IdConflictPolicy,
    },
    /// A poll was matched with a dispatched task: the attempt starts.
    RecordActivityTaskStarted {
        /// Repeating it under the same id gives the same task.
        request_id: RequestIdText,
        /// The attempt that was dispatched.
        dispatched: TaskToken,
        /// Who polled.
        identity: Payload,
    },
    /// A worker shows that an attempt is alive, and asks whether it is still wanted.
    RecordActivityTaskHeartbeat {
        /// The attempt.
        target: Target,
        /// Replaces the details recorded before, also with nothing.
        details: Payload,
    },
    /// An attempt succeeded.
    RespondActivityTaskCompleted {
        /// The attempt; by id also one that no worker has started.
        target: Target,
        /// What it returned.
        result: Payload,
        /// Who reports.
        identity: Payload,
    },
    /// An attempt failed; whether it is retried follows from the options and the failure.
    RespondActivityTaskFailed {
        /// The attempt.
        target: Target,
        /// The failure; may be nothing.
        failure: Payload,
        /// How long the next attempt is to wait, in place of the backoff.
        next_retry_delay: Option<Span>,
        /// Heartbeat details that travel with the failure.
        last_heartbeat_details: Option<Payload>,
        /// Who reports.
        identity: Payload,
    },
    /// An attempt gave in to cancellation.
    RespondActivityTaskCanceled {
        /// The attempt.
        target: Target,
        /// What it has to say about it.
        details: Payload,
    },
    /// Somebody asks for cancellation.
    RequestCancelActivityExecution {
        /// Repeating it under the same id has no further effect.
        request_id: RequestIdText,
        /// Who asks.
        identity: Payload,
        /// Why.
        reason: Payload,
    },
    /// Somebody ends the execution by force.
    TerminateActivityExecution {
        /// Repeating it under the same id has no further effect.
        request_id: RequestIdText,
        /// Who.
        identity: Payload,
        /// Why.
        reason: Payload,
    },
}

impl Call {
    /// A worker takes the task that was dispatched.
    ///
    /// A repeated poll has to name the task that it was given before: see
    /// [`Activity::held_by`](super::Activity::held_by).
    pub fn poll(
        request_id: impl Into<RequestIdText>,
        dispatched: TaskToken,
        identity: impl Into<Payload>,
    ) -> Self {
        let (request_id, identity) = (request_id.into(), identity.into());
        Call::RecordActivityTaskStarted { request_id, dispatched, identity }
    }

    /// The attempt is alive; the answer tells whether cancellation was requested, also where no
    /// heartbeat timeout is set.
    pub fn heartbeat(target: impl Into<Target>, details: impl Into<Payload>) -> Self {
        Call::RecordActivityTaskHeartbeat { target: target.into(), details: details.into() }
    }

    /// The attempt succeeded.
    ///
    /// Reports carry no request id: one that is repeated after it took effect is answered
    /// `NotFound`, as if the attempt were gone. A worker takes `NotFound` for the end.
    pub fn respond_completed(
        target: impl Into<Target>,
        result: impl Into<Payload>,
        identity: impl Into<Payload>,
    ) -> Self {
        let (target, result, identity) = (target.into(), result.into(), identity.into());
        Call::RespondActivityTaskCompleted { target, result, identity }
    }

    /// The attempt failed.
    pub fn respond_failed(
        target: impl Into<Target>,
        failure: impl Into<Payload>,
        identity: impl Into<Payload>,
    ) -> Self {
        Call::RespondActivityTaskFailed {
            target: target.into(),
            failure: failure.into(),
            next_retry_delay: None,
            last_heartbeat_details: None,
            identity: identity.into(),
        }
    }

    /// The attempt gave in to cancellation.
    pub fn respond_canceled(target: impl Into<Target>, details: impl Into<Payload>) -> Self {
        Call::RespondActivityTaskCanceled { target: target.into(), details: details.into() }
    }

    /// Somebody asks for cancellation.
    ///
    /// While no worker holds the task this closes the execution at once. Otherwise the worker
    /// learns of it by the answer to its next heartbeat, and answers with
    /// [`respond_canceled`](Self::respond_canceled), or reports as if nothing had been asked.
    pub fn request_cancel(
        request_id: impl Into<RequestIdText>,
        identity: impl Into<Payload>,
        reason: impl Into<Payload>,
    ) -> Self {
        let (request_id, identity) = (request_id.into(), identity.into());
        Call::RequestCancelActivityExecution { request_id, identity, reason: reason.into() }
    }

    /// Somebody ends the execution by force.
    pub fn terminate(
        request_id: impl Into<RequestIdText>,
        identity: impl Into<Payload>,
        reason: impl Into<Payload>,
    ) -> Self {
        let (request_id, identity) = (request_id.into(), identity.into());
        Call::TerminateActivityExecution { request_id, identity, reason: reason.into() }
    }

    /// The RPC that carries it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Call::StartActivityExecution { .. } => "StartActivityExecution",
            Call::RecordActivityTaskStarted { .. } => "RecordActivityTaskStarted",
            Call::RecordActivityTaskHeartbeat { .. } => "RecordActivityTaskHeartbeat",
            Call::RespondActivityTaskCompleted { .. } => "RespondActivityTaskCompleted",
            Call::RespondActivityTaskFailed { .. } => "RespondActivityTaskFailed",
            Call::RespondActivityTaskCanceled { .. } => "RespondActivityTaskCanceled",
            Call::RequestCancelActivityExecution { .. } => "RequestCancelActivityExecution",
            Call::TerminateActivityExecution { .. } => "TerminateActivityExecution",
        }
    }
}

impl From<TaskToken> for Target {
    fn from(token: TaskToken) -> Self {
        Target::Token(token)
    }
}
