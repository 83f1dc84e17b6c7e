//! Calls as an outsider makes them: opaque tokens, request ids as texts, failures as reported.

use crate::alphabet::Setting;
use activity_execution::Payload;
use activity_execution::vocabulary::{IdConflictPolicy, RequestKind, Span};
use std::fmt;
use std::sync::Arc;

/// The activity that a call is about; each is started once, and none has been there before.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ActivityId(pub u64);

/// A token that the system gave out with a task: its own, and opaque.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Token(pub Arc<str>);

/// The id of a request, to be compared and nothing else.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RequestName(pub Arc<str>);

/// How a worker's call names its attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Named {
    /// With the token that it was given.
    Token(Token),
    /// With the activity id alone.
    ById,
}

/// A call about one activity.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// The start, or a further start with the same activity id.
    Start {
        /// Repeating it under the same id names the same execution.
        request_id: RequestName,
        /// What another request id means while the execution is open.
        id_conflict_policy: IdConflictPolicy,
        /// The options, in milliseconds; the same at every start of an activity.
        options: Setting,
    },
    /// A worker asks for the task of this activity.
    Poll {
        /// Repeating it under the same id gives the same task.
        request_id: RequestName,
        /// Who polls.
        identity: Payload,
    },
    /// A sign of life.
    Heartbeat {
        /// The attempt.
        named: Named,
        /// Replaces the details recorded before, also with nothing.
        details: Payload,
    },
    /// A success.
    RespondCompleted {
        /// The attempt.
        named: Named,
        /// What it returned.
        result: Payload,
        /// Who reports.
        identity: Payload,
    },
    /// A failure.
    RespondFailed {
        /// The attempt.
        named: Named,
        /// The failure; may be nothing.
        failure: Payload,
        /// How long it asks the next attempt to wait.
        next_retry_delay: Option<Span>,
        /// Heartbeat details that travel with it.
        heartbeat_details: Option<Payload>,
        /// Who reports.
        identity: Payload,
    },
    /// A worker gave in to cancellation.
    RespondCanceled {
        /// The attempt.
        named: Named,
        /// What it has to say about it.
        details: Payload,
    },
    /// Somebody asks for cancellation.
    RequestCancel {
        /// Repeating it under the same id has no further effect.
        request_id: RequestName,
        /// Who asks.
        identity: Payload,
        /// Why.
        reason: Payload,
    },
    /// Somebody ends the execution by force.
    Terminate {
        /// Repeating it under the same id has no further effect.
        request_id: RequestName,
        /// Who.
        identity: Payload,
        /// Why.
        reason: Payload,
    },
    /// Somebody looks at it.
    Describe,
}

/// A call, and the activity that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The activity.
    pub activity: ActivityId,
    /// The call.
    pub call: Call,
}

impl Call {
    /// Its name on the wire and in reports: the word of Temporal's traces, whether by token or id.
    #[must_use]
    pub fn word(&self) -> &'static str {
        let kind = match self {
            Call::Start { .. } => RequestKind::StartActivityExecution,
            Call::Poll { .. } => RequestKind::RecordActivityTaskStarted,
            Call::Heartbeat { .. } => RequestKind::RecordActivityTaskHeartbeat,
            Call::RespondCompleted { .. } => RequestKind::RespondActivityTaskCompleted,
            Call::RespondFailed { .. } => RequestKind::RespondActivityTaskFailed,
            Call::RespondCanceled { .. } => RequestKind::RespondActivityTaskCanceled,
            Call::RequestCancel { .. } => RequestKind::RequestCancelActivityExecution,
            Call::Terminate { .. } => RequestKind::TerminateActivityExecution,
            Call::Describe => return "Describe",
        };
        kind.trace_word()
    }
}

impl fmt::Display for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a{}", self.0)
    }
}

impl fmt::Display for RequestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
