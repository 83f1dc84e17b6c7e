//! What happened in a step of a recorded trace, with its arguments.
//! Knows the recorder's alphabet; does not know which word follows which.

use super::keys::{Keys, Malformed};
use activity_execution::vocabulary::{Dialect, IdConflictPolicy, RequestKind, TimeoutType};
use serde_json::Value;
use std::fmt;

/// What happened in a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The start, or a further start with the same activity id.
    StartActivityExecution {
        /// The id of the request.
        request_id: String,
        /// What to do when the execution exists.
        id_conflict_policy: IdConflictPolicy,
    },
    /// A workflow scheduled the activity.
    ScheduleActivityTask,
    /// A worker took the task.
    Poll,
    /// A sign of life.
    Heartbeat {
        /// The attempt.
        target: TokenOrId,
        /// What it has to say.
        details: Option<Value>,
    },
    /// A success.
    RespondCompleted {
        /// The attempt.
        target: TokenOrId,
    },
    /// A failure.
    RespondFailed {
        /// The attempt.
        target: TokenOrId,
        /// Which of the recorder's failures.
        failure: ReportedFailure,
        /// The wait that the worker asked for, in milliseconds.
        next_retry_delay: Option<i64>,
        /// Heartbeat details carried by the failure.
        details: Option<Value>,
    },
    /// A worker gave in to cancellation.
    RespondCanceled {
        /// The attempt.
        target: TokenOrId,
        /// What it has to say.
        details: Option<Value>,
    },
    /// Cancellation was asked for.
    RequestCancel {
        /// The id of the request.
        request_id: String,
    },
    /// The execution was ended by force.
    Terminate {
        /// The id of the request.
        request_id: String,
    },
    /// The workflow ended, and with it its activity.
    WorkflowFinish,
    /// A deadline took effect.
    Elapses {
        /// Which.
        timeout_type: TimeoutType,
        /// When it was due.
        due: f64,
    },
    /// The first dispatch, put off by a start delay, is possible now; changes nothing.
    StartDelayElapses {
        /// When it became possible.
        due: f64,
    },
    /// The dispatch of a retry is possible now; changes nothing.
    BackoffElapses {
        /// When it became possible.
        due: f64,
    },
    /// An event of an operator, which is not modelled yet.
    NotModelled(&'static str),
}

/// How a worker's call names its attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenOrId {
    /// The n-th token that a poll of this trace returned.
    Token(usize),
    /// The activity id.
    ById,
}

/// The failures that the recorder reports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReportedFailure {
    /// No failure at all.
    None,
    /// An application failure.
    Application {
        /// Its type.
        type_name: &'static str,
        /// Whether it rules out a retry.
        non_retryable: bool,
    },
    /// A failure of a server.
    Server {
        /// Whether it rules out a retry.
        non_retryable: bool,
    },
    /// Cancellation, reported as a failure.
    Canceled,
    /// A timeout, reported by the worker.
    Timeout(TimeoutType),
    /// A message without any info.
    Bare,
}

impl Event {
    /// The word for it in Temporal's own traces.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Event::ScheduleActivityTask => SCHEDULE_ACTIVITY_TASK,
            Event::WorkflowFinish => WORKFLOW_FINISH,
            Event::StartDelayElapses { .. } => START_DELAY_ELAPSES,
            Event::BackoffElapses { .. } => BACKOFF_ELAPSES,
            Event::NotModelled(name) => name,
            Event::Elapses { timeout_type, .. } => timeout_type.trace_word(),
            Event::StartActivityExecution { .. } => {
                RequestKind::StartActivityExecution.trace_word()
            }
            Event::Poll => RequestKind::RecordActivityTaskStarted.trace_word(),
            Event::Heartbeat { target, .. } => {
                target.kind(RequestKind::RecordActivityTaskHeartbeat).trace_word()
            }
            Event::RespondCompleted { target } => {
                target.kind(RequestKind::RespondActivityTaskCompleted).trace_word()
            }
            Event::RespondFailed { target, .. } => {
                target.kind(RequestKind::RespondActivityTaskFailed).trace_word()
            }
            Event::RespondCanceled { target, .. } => {
                target.kind(RequestKind::RespondActivityTaskCanceled).trace_word()
            }
            Event::RequestCancel { .. } => RequestKind::RequestCancelActivityExecution.trace_word(),
            Event::Terminate { .. } => RequestKind::TerminateActivityExecution.trace_word(),
        }
    }

    /// The event of this name, with its arguments.
    pub(super) fn from_keys(name: &str, keys: &mut Keys) -> Result<Self, Malformed> {
        let Some(kind) = RequestKind::of_trace_word(name) else {
            return Event::of_time_or_workflow(name, keys);
        };
        let target = |keys: &mut Keys| match kind.is_by_id() {
            true => Ok(TokenOrId::ById),
            false => TokenOrId::token_from_keys(keys),
        };
        Ok(match kind {
            RequestKind::StartActivityExecution => Event::StartActivityExecution {
                request_id: keys.demand_string("requestId")?,
                id_conflict_policy: id_conflict_policy(keys)?,
            },
            RequestKind::RecordActivityTaskStarted => Event::Poll,
            RequestKind::RecordActivityTaskHeartbeat
            | RequestKind::RecordActivityTaskHeartbeatById => {
                Event::Heartbeat { target: target(keys)?, details: keys.take("details") }
            }
            RequestKind::RespondActivityTaskCompleted
            | RequestKind::RespondActivityTaskCompletedById => {
                Event::RespondCompleted { target: target(keys)? }
            }
            RequestKind::RespondActivityTaskFailed | RequestKind::RespondActivityTaskFailedById => {
                Event::RespondFailed {
                    target: target(keys)?,
                    failure: ReportedFailure::from_keys(keys)?,
                    next_retry_delay: next_retry_delay(keys)?,
                    details: keys.take("details"),
                }
            }
            RequestKind::RespondActivityTaskCanceled
            | RequestKind::RespondActivityTaskCanceledById => {
                Event::RespondCanceled { target: target(keys)?, details: keys.take("details") }
            }
            RequestKind::RequestCancelActivityExecution => {
                Event::RequestCancel { request_id: keys.demand_string("requestId")? }
            }
            RequestKind::TerminateActivityExecution => {
                Event::Terminate { request_id: keys.demand_string("requestId")? }
            }
        })
    }

    /// How a worker's call names its attempt.
    pub(super) fn target(&self) -> Option<TokenOrId> {
        match self {
            Event::Heartbeat { target, .. }
            | Event::RespondCompleted { target }
            | Event::RespondFailed { target, .. }
            | Event::RespondCanceled { target, .. } => Some(*target),
            Event::StartActivityExecution { .. }
            | Event::ScheduleActivityTask
            | Event::Poll
            | Event::RequestCancel { .. }
            | Event::Terminate { .. }
            | Event::WorkflowFinish
            | Event::Elapses { .. }
            | Event::StartDelayElapses { .. }
            | Event::BackoffElapses { .. }
            | Event::NotModelled(_) => None,
        }
    }

    /// In which dialect alone it can happen; `None` if in both.
    pub(super) fn dialect(&self) -> Option<Dialect> {
        match self {
            Event::StartActivityExecution { .. }
            | Event::Terminate { .. }
            | Event::StartDelayElapses { .. } => Some(Dialect::Standalone),
            Event::ScheduleActivityTask | Event::WorkflowFinish => Some(Dialect::Workflow),
            Event::Poll
            | Event::Heartbeat { .. }
            | Event::RespondCompleted { .. }
            | Event::RespondFailed { .. }
            | Event::RespondCanceled { .. }
            | Event::RequestCancel { .. }
            | Event::Elapses { .. }
            | Event::BackoffElapses { .. }
            | Event::NotModelled(_) => None,
        }
    }

    fn of_time_or_workflow(name: &str, keys: &mut Keys) -> Result<Self, Malformed> {
        Ok(match name {
            SCHEDULE_ACTIVITY_TASK => Event::ScheduleActivityTask,
            WORKFLOW_FINISH => Event::WorkflowFinish,
            START_DELAY_ELAPSES => Event::StartDelayElapses { due: keys.demand_instant("due")? },
            BACKOFF_ELAPSES => Event::BackoffElapses { due: keys.demand_instant("due")? },
            _ => {
                if let Some(known) = NOT_MODELLED.into_iter().find(|known| *known == name) {
                    return Ok(Event::NotModelled(known));
                }
                let timeout_type = TimeoutType::of_trace_word(name)
                    .ok_or_else(|| keys.malformed("event", format!("is unknown: {name}")))?;
                Event::Elapses { timeout_type, due: keys.demand_instant("due")? }
            }
        })
    }
}

impl TokenOrId {
    /// The kind of a request that names its attempt so.
    fn kind(self, by_token: RequestKind) -> RequestKind {
        match self {
            TokenOrId::Token(_) => by_token,
            TokenOrId::ById => by_token.by_id(),
        }
    }
}

// What recordings tell beside calls and timeouts.
const SCHEDULE_ACTIVITY_TASK: &str = "ScheduleActivityTask";
const WORKFLOW_FINISH: &str = "WorkflowFinish";
const START_DELAY_ELAPSES: &str = "StartDelayElapses";
const BACKOFF_ELAPSES: &str = "BackoffElapses";

fn next_retry_delay(keys: &mut Keys) -> Result<Option<i64>, Malformed> {
    let delay = keys.integer("nextRetryDelay")?;
    if delay.is_some_and(|delay| delay.unsigned_abs() > LONGEST_DELAY) {
        return Err(keys.malformed("nextRetryDelay", "is longer than any recording lasts"));
    }
    Ok(delay)
}

/// A thousand years, in milliseconds.
const LONGEST_DELAY: u64 = 32_000_000_000_000;

fn id_conflict_policy(keys: &mut Keys) -> Result<IdConflictPolicy, Malformed> {
    match keys.string("idConflictPolicy")?.as_deref() {
        None | Some("Fail") => Ok(IdConflictPolicy::Fail),
        Some("UseExisting") => Ok(IdConflictPolicy::UseExisting),
        Some(other) => Err(keys.malformed("idConflictPolicy", format!("is unknown: {other}"))),
    }
}

impl fmt::Display for TokenOrId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TokenOrId::Token(token) => write!(f, " token {token}"),
            TokenOrId::ById => Ok(()),
        }
    }
}

impl TokenOrId {
    fn token_from_keys(keys: &mut Keys) -> Result<Self, Malformed> {
        let token = keys.integer("token")?;
        let token = token.ok_or_else(|| keys.malformed("token", "is missing"))?;
        let token = usize::try_from(token);
        token.map(TokenOrId::Token).map_err(|_| keys.malformed("token", "is negative"))
    }
}

impl ReportedFailure {
    /// All of them, under the recorder's names.
    const NAMED: [(&'static str, ReportedFailure); 12] = [
        ("none", ReportedFailure::None),
        ("retryable", ReportedFailure::application("Transient", false)),
        ("nonRetryable", ReportedFailure::application("Transient", true)),
        ("Fatal", ReportedFailure::application("Fatal", false)),
        ("server", ReportedFailure::Server { non_retryable: false }),
        ("serverNonRetryable", ReportedFailure::Server { non_retryable: true }),
        ("canceled", ReportedFailure::Canceled),
        ("startToClose", ReportedFailure::Timeout(TimeoutType::StartToClose)),
        ("heartbeat", ReportedFailure::Timeout(TimeoutType::Heartbeat)),
        ("scheduleToStart", ReportedFailure::Timeout(TimeoutType::ScheduleToStart)),
        ("scheduleToClose", ReportedFailure::Timeout(TimeoutType::ScheduleToClose)),
        ("bare", ReportedFailure::Bare),
    ];

    const fn application(type_name: &'static str, non_retryable: bool) -> Self {
        ReportedFailure::Application { type_name, non_retryable }
    }

    fn from_keys(keys: &mut Keys) -> Result<Self, Malformed> {
        let name = keys.demand_string("failure")?;
        let found = ReportedFailure::NAMED.into_iter().find(|(known, _)| *known == name);
        found
            .map(|(_, failure)| failure)
            .ok_or_else(|| keys.malformed("failure", format!("is unknown: {name}")))
    }
}

/// The recorder's name.
impl fmt::Display for ReportedFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = ReportedFailure::NAMED.into_iter().find(|(_, failure)| failure == self);
        match named {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "{self:?}"),
        }
    }
}

/// The events that belong to operators.
const NOT_MODELLED: [&str; 4] = ["Pause", "Unpause", "Reset", "UpdateOptions"];
