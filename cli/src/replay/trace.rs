//! A recorded trace, read from one line of JSON: options, then steps with their answers.
//! Knows the format and nothing of what the steps do; what was recorded stays JSON.

use super::keys::{Keys, Malformed};
use activity_execution::vocabulary::{IdConflictPolicy, TimeoutType};
use serde_json::Value;

/// One recorded activity execution.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its name, which the activity id ends with, but for a number.
    pub name: String,
    /// What the caller asked for.
    pub options: RequestedOptions,
    /// What happened, in order; the first step is the start.
    pub steps: Vec<Step>,
}

/// The options as they were asked for: durations in milliseconds, absent where not given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestedOptions {
    /// Bounds the whole chain of attempts.
    pub schedule_to_close_timeout: Option<i64>,
    /// Bounds the wait for a worker.
    pub schedule_to_start_timeout: Option<i64>,
    /// Bounds each attempt.
    pub start_to_close_timeout: Option<i64>,
    /// Bounds the silence of an attempt.
    pub heartbeat_timeout: Option<i64>,
    /// How long the first dispatch is put off.
    pub start_delay: Option<i64>,
    /// When and how to retry.
    pub retry_policy: Option<RequestedRetryPolicy>,
}

/// The retry policy as it was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestedRetryPolicy {
    /// The wait before the second attempt, in milliseconds.
    pub initial_interval: Option<i64>,
    /// What each wait is multiplied with.
    pub backoff_coefficient: Option<f64>,
    /// The longest wait, in milliseconds.
    pub maximum_interval: Option<i64>,
    /// How many attempts there may be.
    pub maximum_attempts: Option<i64>,
    /// Types of failure that are not retried.
    pub non_retryable_error_types: Vec<String>,
}

/// One step of a trace.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happened.
    pub event: Event,
    /// When the server acted, in milliseconds since scheduling.
    pub at: f64,
    /// What a call was answered; nothing for a timer.
    pub answer: Option<Value>,
    /// What the server made of the options; in an accepted first step only.
    pub effective: Option<Value>,
    /// What Describe showed afterwards; nothing where no execution exists.
    pub described: Option<Described>,
}

/// What Describe showed, and when.
#[derive(Clone, Debug)]
pub struct Described {
    /// The instant of the answer.
    pub seen: f64,
    /// The answer.
    pub after: Value,
}

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
    /// An event of an operator or a workflow, which is not modelled yet.
    NotModelled(&'static str),
}

/// How a worker's call names its attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenOrId {
    /// The n-th token that a poll of this trace returned.
    Token(i64),
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

/// The events that belong to operators and workflows.
const NOT_MODELLED: [&str; 6] = [
    "Pause",
    "Unpause",
    "Reset",
    "UpdateOptions",
    "ScheduleActivityTask",
    "WorkflowFinish",
];

impl Trace {
    /// Reads one line.
    ///
    /// # Errors
    /// If the line is no trace: what is wrong with it, and at which path.
    pub fn from_json(line: Value) -> Result<Self, Malformed> {
        let mut keys = Keys::of("", line)?;
        let name = keys.demand_string("name")?;
        keys.string("server")?;
        keys.take("history");
        let options = RequestedOptions::from_json(keys.demand("options")?)?;
        let Value::Array(steps) = keys.demand("steps")? else {
            return Err(keys.malformed("steps", "should be a list"));
        };
        if steps.is_empty() {
            return Err(keys.malformed("steps", "is empty; the first step is the start"));
        }
        let steps = steps
            .into_iter()
            .enumerate()
            .map(|(index, step)| Step::from_json(index, step))
            .collect::<Result<_, _>>()?;
        keys.finish()?;
        Ok(Trace {
            name,
            options,
            steps,
        })
    }

    /// The events of this trace that are not modelled yet, each once.
    #[must_use]
    pub fn not_modelled(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self
            .steps
            .iter()
            .filter_map(|step| match step.event {
                Event::NotModelled(name) => Some(name),
                _ => None,
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl RequestedOptions {
    fn from_json(value: Value) -> Result<Self, Malformed> {
        let mut keys = Keys::of("options", value)?;
        let options = RequestedOptions {
            schedule_to_close_timeout: keys.integer("scheduleToCloseTimeout")?,
            schedule_to_start_timeout: keys.integer("scheduleToStartTimeout")?,
            start_to_close_timeout: keys.integer("startToCloseTimeout")?,
            heartbeat_timeout: keys.integer("heartbeatTimeout")?,
            start_delay: keys.integer("startDelay")?,
            retry_policy: keys
                .take("retryPolicy")
                .map(RequestedRetryPolicy::from_json)
                .transpose()?,
        };
        keys.finish()?;
        Ok(options)
    }
}

impl RequestedRetryPolicy {
    fn from_json(value: Value) -> Result<Self, Malformed> {
        let mut keys = Keys::of("options.retryPolicy", value)?;
        let types = match keys.take("nonRetryableErrorTypes") {
            None => Some(vec![]),
            Some(Value::Array(types)) => types
                .into_iter()
                .map(|name| match name {
                    Value::String(name) => Some(name),
                    _ => None,
                })
                .collect(),
            Some(_) => None,
        };
        let policy = RequestedRetryPolicy {
            initial_interval: keys.integer("initialInterval")?,
            backoff_coefficient: keys.number("backoffCoefficient")?,
            maximum_interval: keys.integer("maximumInterval")?,
            maximum_attempts: keys.integer("maximumAttempts")?,
            non_retryable_error_types: types.ok_or_else(|| {
                keys.malformed("nonRetryableErrorTypes", "should be a list of strings")
            })?,
        };
        keys.finish()?;
        Ok(policy)
    }
}

impl Step {
    fn from_json(index: usize, value: Value) -> Result<Self, Malformed> {
        let mut keys = Keys::of(format!("steps[{index}]"), value)?;
        let name = keys.demand_string("event")?;
        let at = keys.demand_number("at")?;
        let event = Event::from_keys(&name, &mut keys)?;
        let not_modelled = matches!(event, Event::NotModelled(_));
        let is_start = matches!(event, Event::StartActivityExecution { .. });
        if (index == 0) != (is_start && index == 0) && !not_modelled {
            return Err(keys.malformed("event", "should be StartActivityExecution, the first step"));
        }
        let is_timer = matches!(
            event,
            Event::Elapses { .. } | Event::StartDelayElapses { .. } | Event::BackoffElapses { .. }
        );
        let answer = if is_timer { None } else { Some(keys.demand("answer")?) };
        let effective = if index == 0 { keys.take("effective") } else { None };
        let seen = keys.number("seen")?;
        let described = match (keys.take("after"), seen) {
            (Some(after), Some(seen)) => Some(Described { seen, after }),
            (Some(_), None) => return Err(keys.malformed("seen", "is missing")),
            (None, _) => None,
        };
        if not_modelled {
            // Arguments of events that are not modelled are not looked at.
            return Ok(Step { event, at, answer, effective, described });
        }
        keys.finish()?;
        Ok(Step {
            event,
            at,
            answer,
            effective,
            described,
        })
    }
}

impl Event {
    fn from_keys(name: &str, keys: &mut Keys) -> Result<Self, Malformed> {
        let by_id = name.strip_suffix("ById");
        Ok(match by_id.unwrap_or(name) {
            "StartActivityExecution" => Event::StartActivityExecution {
                request_id: keys.demand_string("requestId")?,
                id_conflict_policy: id_conflict_policy(keys)?,
            },
            "Poll" => Event::Poll,
            "Heartbeat" => Event::Heartbeat {
                target: TokenOrId::from_keys(by_id.is_some(), keys)?,
                details: keys.take("details"),
            },
            "RespondCompleted" => Event::RespondCompleted {
                target: TokenOrId::from_keys(by_id.is_some(), keys)?,
            },
            "RespondFailed" => Event::RespondFailed {
                target: TokenOrId::from_keys(by_id.is_some(), keys)?,
                failure: ReportedFailure::from_keys(keys)?,
                next_retry_delay: keys.integer("nextRetryDelay")?,
                details: keys.take("details"),
            },
            "RespondCanceled" => Event::RespondCanceled {
                target: TokenOrId::from_keys(by_id.is_some(), keys)?,
                details: keys.take("details"),
            },
            "RequestCancel" => Event::RequestCancel {
                request_id: keys.demand_string("requestId")?,
            },
            "Terminate" => Event::Terminate {
                request_id: keys.demand_string("requestId")?,
            },
            "StartDelayElapses" => Event::StartDelayElapses {
                due: keys.demand_number("due")?,
            },
            "BackoffElapses" => Event::BackoffElapses {
                due: keys.demand_number("due")?,
            },
            other => Event::timeout_or_not_modelled(other, keys)?,
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
        let due = keys.demand_number("due")?;
        Ok(Event::Elapses { timeout_type, due })
    }
}

fn id_conflict_policy(keys: &mut Keys) -> Result<IdConflictPolicy, Malformed> {
    match keys.string("idConflictPolicy")?.as_deref() {
        None | Some("Fail") => Ok(IdConflictPolicy::Fail),
        Some("UseExisting") => Ok(IdConflictPolicy::UseExisting),
        Some(other) => Err(keys.malformed("idConflictPolicy", format!("is unknown: {other}"))),
    }
}

impl TokenOrId {
    fn from_keys(by_id: bool, keys: &mut Keys) -> Result<Self, Malformed> {
        if by_id {
            return Ok(TokenOrId::ById);
        }
        let token = keys.integer("token")?;
        token
            .map(TokenOrId::Token)
            .ok_or_else(|| keys.malformed("token", "is missing"))
    }
}

impl ReportedFailure {
    fn from_keys(keys: &mut Keys) -> Result<Self, Malformed> {
        let application = |type_name, non_retryable| ReportedFailure::Application {
            type_name,
            non_retryable,
        };
        Ok(match keys.demand_string("failure")?.as_str() {
            "none" => ReportedFailure::None,
            "retryable" => application("Transient", false),
            "nonRetryable" => application("Transient", true),
            "Fatal" => application("Fatal", false),
            "server" => ReportedFailure::Server { non_retryable: false },
            "serverNonRetryable" => ReportedFailure::Server { non_retryable: true },
            "canceled" => ReportedFailure::Canceled,
            "startToClose" => ReportedFailure::Timeout(TimeoutType::StartToClose),
            "heartbeat" => ReportedFailure::Timeout(TimeoutType::Heartbeat),
            "scheduleToStart" => ReportedFailure::Timeout(TimeoutType::ScheduleToStart),
            "scheduleToClose" => ReportedFailure::Timeout(TimeoutType::ScheduleToClose),
            "bare" => ReportedFailure::Bare,
            other => return Err(keys.malformed("failure", format!("is unknown: {other}"))),
        })
    }
}
