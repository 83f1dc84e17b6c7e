//! What the harness asks, as it is written on a line.

use super::failure::Failure;
use crate::alphabet::Setting;
use crate::seam::{ActivityId, Call, Named};
use activity_execution::vocabulary::{
    Attempt, Dialect, ExecutionOptions, IdConflictPolicy, Span, TimeoutType,
};
use activity_execution::{Content, Payload};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// A request: its id, which the answer repeats, and what is asked.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
pub struct Request {
    /// Another number for each request.
    pub id: u64,
    /// What is asked.
    #[serde(flatten)]
    pub asked: Asked,
}

/// What is asked. Durations are in milliseconds. A call about an attempt has a token, or names the
/// attempt by the activity id alone.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "do", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the calls of the seam")]
pub enum Asked {
    /// The handshake, the first request of a process: the version of the protocol, and what time
    /// it is, in milliseconds.
    Hello { protocol: u32, now: i64 },
    /// Starts the activity, or starts it again; the options are the same each time.
    StartActivityExecution {
        activity: String,
        request_id: String,
        /// `Fail` or `UseExisting`.
        id_conflict_policy: String,
        options: Options,
    },
    /// A worker asks for the task of this activity.
    Poll { activity: String, request_id: String, identity: Option<String> },
    /// A sign of life.
    Heartbeat {
        activity: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        details: Option<String>,
    },
    /// A success.
    RespondCompleted {
        activity: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        result: Option<String>,
        identity: Option<String>,
    },
    /// A failure.
    RespondFailed {
        activity: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        failure: Option<Failure>,
        /// How long the next attempt is to wait instead of the backoff.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_retry_delay: Option<i64>,
        /// Heartbeat details that come with the failure; absent where none do.
        #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
        heartbeat_details: Option<Option<String>>,
        identity: Option<String>,
    },
    /// A worker gave in to cancellation.
    RespondCanceled {
        activity: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<String>,
        details: Option<String>,
    },
    /// Somebody asks for cancellation.
    RequestCancel {
        activity: String,
        request_id: String,
        identity: Option<String>,
        reason: Option<String>,
    },
    /// Somebody ends the execution by force.
    Terminate {
        activity: String,
        request_id: String,
        identity: Option<String>,
        reason: Option<String>,
    },
    /// Somebody looks at the execution.
    Describe { activity: String },
    /// Time passes; each deadline on the way takes effect at its instant. Only for a virtual clock.
    Advance { by: i64 },
    /// Nobody will ask about this activity again.
    Forget { activity: String },
}

/// The options of a start. What is absent is not set.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    /// Bounds each attempt, counted from its start.
    pub start_to_close_timeout: i64,
    /// Bounds the whole chain, counted from the first dispatch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_to_close_timeout: Option<i64>,
    /// Bounds each wait for a worker, counted from the dispatch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule_to_start_timeout: Option<i64>,
    /// Bounds the silence of an attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heartbeat_timeout: Option<i64>,
    /// How long after the start the first attempt is dispatched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_delay: Option<i64>,
    /// How attempts are retried.
    pub retry_policy: RetryPolicy,
    /// Whose rules apply where the dialects differ: absent, or `workflow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialect: Option<String>,
}

/// How attempts are retried. The wait is the same after each attempt.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryPolicy {
    /// The wait after an attempt; zero is none at all.
    pub initial_interval: i64,
    /// Always 1.
    pub backoff_coefficient: f64,
    /// The same as the initial interval.
    pub maximum_interval: i64,
    /// How many attempts there may be; zero is unlimited.
    pub maximum_attempts: i64,
    /// Timeouts that are not retried: `TemporalTimeout:StartToClose`, `TemporalTimeout:Heartbeat`.
    pub non_retryable_error_types: Vec<String>,
}

/// What is there, though it be null.
fn given<'de, D: Deserializer<'de>>(there: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(there).map(Some)
}

impl Asked {
    /// A call about an activity.
    #[must_use]
    pub fn of(activity: ActivityId, call: &Call) -> Self {
        let activity = activity.to_string();
        match call {
            Call::Start { request_id, id_conflict_policy, options } => {
                Asked::StartActivityExecution {
                    activity,
                    request_id: request_id.to_string(),
                    id_conflict_policy: match id_conflict_policy {
                        IdConflictPolicy::Fail => "Fail".to_owned(),
                        IdConflictPolicy::UseExisting => "UseExisting".to_owned(),
                    },
                    options: Options::of(options),
                }
            }
            Call::Poll { request_id, identity } => Asked::Poll {
                activity,
                request_id: request_id.to_string(),
                identity: text(identity),
            },
            Call::Heartbeat { named, details } => {
                Asked::Heartbeat { activity, token: token(named), details: text(details) }
            }
            Call::RespondCompleted { named, result, identity } => Asked::RespondCompleted {
                activity,
                token: token(named),
                result: text(result),
                identity: text(identity),
            },
            Call::RespondFailed {
                named,
                failure,
                next_retry_delay,
                heartbeat_details,
                identity,
            } => Asked::RespondFailed {
                activity,
                token: token(named),
                failure: Failure::of(failure),
                next_retry_delay: next_retry_delay.map(|Span(delay)| delay),
                heartbeat_details: heartbeat_details.as_ref().map(text),
                identity: text(identity),
            },
            Call::RespondCanceled { named, details } => {
                Asked::RespondCanceled { activity, token: token(named), details: text(details) }
            }
            Call::RequestCancel { request_id, identity, reason } => Asked::RequestCancel {
                activity,
                request_id: request_id.to_string(),
                identity: text(identity),
                reason: text(reason),
            },
            Call::Terminate { request_id, identity, reason } => Asked::Terminate {
                activity,
                request_id: request_id.to_string(),
                identity: text(identity),
                reason: text(reason),
            },
            Call::Describe => Asked::Describe { activity },
        }
    }

    /// The activity that it is about, if it is about one.
    #[must_use]
    pub fn activity(&self) -> Option<&str> {
        match self {
            Asked::Hello { .. } | Asked::Advance { .. } => None,
            Asked::StartActivityExecution { activity, .. }
            | Asked::Poll { activity, .. }
            | Asked::Heartbeat { activity, .. }
            | Asked::RespondCompleted { activity, .. }
            | Asked::RespondFailed { activity, .. }
            | Asked::RespondCanceled { activity, .. }
            | Asked::RequestCancel { activity, .. }
            | Asked::Terminate { activity, .. }
            | Asked::Describe { activity }
            | Asked::Forget { activity } => Some(activity),
        }
    }
}

impl Options {
    /// The options of a setting.
    #[must_use]
    pub fn of(setting: &Setting) -> Self {
        let ExecutionOptions {
            dialect,
            maximum_attempts,
            schedule_to_close_timeout,
            schedule_to_start_timeout,
            start_to_close_timeout,
            heartbeat_timeout,
            start_delay,
            retries_start_to_close,
            retries_heartbeat,
        } = setting.terms;
        let span = |span: Option<Span>| span.map(|Span(span)| span);
        let retried = [
            (TimeoutType::StartToClose, retries_start_to_close),
            (TimeoutType::Heartbeat, retries_heartbeat),
        ];
        let named = |timeout_type: TimeoutType| format!("TemporalTimeout:{}", timeout_type.name());
        let not_retried = retried.into_iter().filter(|(_, is_retried)| !is_retried);
        Options {
            start_to_close_timeout: start_to_close_timeout.0,
            schedule_to_close_timeout: span(schedule_to_close_timeout),
            schedule_to_start_timeout: span(schedule_to_start_timeout),
            heartbeat_timeout: span(heartbeat_timeout),
            start_delay: (start_delay > Span(0)).then_some(start_delay.0),
            retry_policy: RetryPolicy {
                initial_interval: setting.backoff.0,
                backoff_coefficient: 1.0,
                maximum_interval: setting.backoff.0,
                maximum_attempts: maximum_attempts.map_or(0, |Attempt(maximum)| maximum),
                non_retryable_error_types: not_retried.map(|(it, _)| named(it)).collect(),
            },
            dialect: match dialect {
                Dialect::Standalone => None,
                Dialect::Workflow => Some(WORKFLOW.to_owned()),
            },
        }
    }
}

impl Options {
    /// The setting that has these options.
    ///
    /// # Errors
    /// If no options that are in force can be these.
    pub fn setting(&self, next_retry_delay: Span, step: Span) -> Result<Setting, String> {
        let policy = &self.retry_policy;
        let is_retried = |timeout_type: TimeoutType| {
            let name = format!("TemporalTimeout:{}", timeout_type.name());
            !policy.non_retryable_error_types.contains(&name)
        };
        let terms = ExecutionOptions {
            dialect: match self.dialect.as_deref() {
                None => Dialect::Standalone,
                Some(WORKFLOW) => Dialect::Workflow,
                Some(other) => return Err(format!("`dialect` is unknown: {other}")),
            },
            maximum_attempts: (policy.maximum_attempts != 0)
                .then_some(Attempt(policy.maximum_attempts)),
            schedule_to_close_timeout: self.schedule_to_close_timeout.map(Span),
            schedule_to_start_timeout: self.schedule_to_start_timeout.map(Span),
            start_to_close_timeout: Span(self.start_to_close_timeout),
            heartbeat_timeout: self.heartbeat_timeout.map(Span),
            start_delay: Span(self.start_delay.unwrap_or(0)),
            retries_start_to_close: is_retried(TimeoutType::StartToClose),
            retries_heartbeat: is_retried(TimeoutType::Heartbeat),
        };
        let longest = [
            self.schedule_to_close_timeout,
            self.schedule_to_start_timeout,
            Some(self.start_to_close_timeout),
            self.start_delay,
            Some(policy.initial_interval),
            Some(next_retry_delay.0),
        ];
        if longest.into_iter().flatten().any(|span| !(0..=LONGEST).contains(&span)) {
            return Err("a duration of `options` is negative, or longer than 100 years".to_owned());
        }
        if !terms.are_normal() {
            return Err("no options that are in force can be `options`".to_owned());
        }
        Ok(Setting { terms, backoff: Span(policy.initial_interval), next_retry_delay, step })
    }
}

const WORKFLOW: &str = "workflow";

/// A hundred years, in milliseconds.
const LONGEST: i64 = 3_153_600_000_000;

/// A payload as a text; null where there is none.
pub(super) fn text(payload: &Payload) -> Option<String> {
    match payload.content()? {
        Content::Data(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Content::Failure(failure) => Some(failure.message.clone()),
    }
}

fn token(named: &Named) -> Option<String> {
    match named {
        Named::Token(token) => Some(token.to_string()),
        Named::ById => None,
    }
}
