//! What happened in a step of a recorded trace, with its arguments.
//! Knows the recorder's alphabet; does not know which word follows which.

use super::keys::{Keys, Malformed};
use activity_execution::vocabulary::{Dialect, IdConflictPolicy, TimeoutType};
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
    pub fn word(&self) -> String {
        let by_id = |word: &str, target: &TokenOrId| match target {
            TokenOrId::Token(_) => word.to_owned(),
            TokenOrId::ById => format!("{word}ById"),
        };
        match self {
            Event::StartActivityExecution { .. } => "StartActivityExecution".to_owned(),
            Event::ScheduleActivityTask => "ScheduleActivityTask".to_owned(),
            Event::Poll => "Poll".to_owned(),
            Event::Heartbeat { target, .. } => by_id("Heartbeat", target),
            Event::RespondCompleted { target } => by_id("RespondCompleted", target),
            Event::RespondFailed { target, .. } => by_id("RespondFailed", target),
            Event::RespondCanceled { target, .. } => by_id("RespondCanceled", target),
            Event::RequestCancel { .. } => "RequestCancel".to_owned(),
            Event::Terminate { .. } => "Terminate".to_owned(),
            Event::WorkflowFinish => "WorkflowFinish".to_owned(),
            Event::Elapses { timeout_type, .. } => elapses_word(*timeout_type),
            Event::StartDelayElapses { .. } => "StartDelayElapses".to_owned(),
            Event::BackoffElapses { .. } => "BackoffElapses".to_owned(),
            Event::NotModelled(name) => (*name).to_owned(),
        }
    }

    /// The event of this name, with its arguments.
    pub(super) fn from_keys(name: &str, keys: &mut Keys) -> Result<Self, Malformed> {
        if let Some(name) = name.strip_suffix("ById") {
            return Event::of_worker(name, TokenOrId::ById, keys);
        }
        Ok(match name {
            "StartActivityExecution" => Event::StartActivityExecution {
                request_id: keys.demand_string("requestId")?,
                id_conflict_policy: id_conflict_policy(keys)?,
            },
            "ScheduleActivityTask" => Event::ScheduleActivityTask,
            "Poll" => Event::Poll,
            "Heartbeat" | "RespondCompleted" | "RespondFailed" | "RespondCanceled" => {
                let token = TokenOrId::token_from_keys(keys)?;
                Event::of_worker(name, token, keys)?
            }
            "RequestCancel" => {
                Event::RequestCancel { request_id: keys.demand_string("requestId")? }
            }
            "Terminate" => Event::Terminate { request_id: keys.demand_string("requestId")? },
            "WorkflowFinish" => Event::WorkflowFinish,
            "StartDelayElapses" => Event::StartDelayElapses { due: keys.demand_instant("due")? },
            "BackoffElapses" => Event::BackoffElapses { due: keys.demand_instant("due")? },
            other => Event::timeout_or_not_modelled(other, keys)?,
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

    fn of_worker(name: &str, target: TokenOrId, keys: &mut Keys) -> Result<Self, Malformed> {
        Ok(match name {
            "Heartbeat" => Event::Heartbeat { target, details: keys.take("details") },
            "RespondCompleted" => Event::RespondCompleted { target },
            "RespondFailed" => Event::RespondFailed {
                target,
                failure: ReportedFailure::from_keys(keys)?,
                next_retry_delay: next_retry_delay(keys)?,
                details: keys.take("details"),
            },
            "RespondCanceled" => Event::RespondCanceled { target, details: keys.take("details") },
            other => return Err(keys.malformed("event", format!("is unknown: {other}ById"))),
        })
    }

    fn timeout_or_not_modelled(name: &str, keys: &mut Keys) -> Result<Self, Malformed> {
        if let Some(known) = NOT_MODELLED.into_iter().find(|known| *known == name) {
            return Ok(Event::NotModelled(known));
        }
        let timeout_type = name
            .strip_suffix("Elapses")
            .and_then(|name| TimeoutType::ALL.into_iter().find(|t| t.name() == name))
            .ok_or_else(|| keys.malformed("event", format!("is unknown: {name}")))?;
        let due = keys.demand_instant("due")?;
        Ok(Event::Elapses { timeout_type, due })
    }
}

/// The word for a timeout that takes effect.
pub(super) fn elapses_word(timeout_type: TimeoutType) -> String {
    format!("{}Elapses", timeout_type.name())
}

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
