//! Payloads, failures and descriptions as the recordings write them.
//! Knows both notations; compares nothing.

use super::event::ReportedFailure;
use activity_execution::vocabulary::{Attempt, Opaque, Outcome, Span, Timestamp};
use activity_execution::{
    Content, Description, Failure, FailureInfo, Payload, PendingActivityState, WorkflowView,
};
use serde_json::{Map, Value, json};

/// A payload that carries this value.
pub(super) fn data(value: &Value) -> Payload {
    Payload::data(value.to_string())
}

/// A payload that carries the value, if one was given.
pub(super) fn optional_data(value: Option<&Value>) -> Payload {
    value.map_or_else(Payload::none, data)
}

/// A payload that carries a text.
pub(super) fn text(text: &str) -> Payload {
    data(&Value::from(text))
}

impl ReportedFailure {
    /// The failure as the worker reports it.
    pub(super) fn to_payload(self) -> Payload {
        let (message, info) = match self {
            ReportedFailure::None => return Payload::none(),
            ReportedFailure::Application { type_name, non_retryable } => {
                let type_name = type_name.to_owned();
                let info = FailureInfo::Application { type_name, non_retryable };
                ("boom", info)
            }
            ReportedFailure::Server { non_retryable } => {
                ("server", FailureInfo::Server { non_retryable })
            }
            ReportedFailure::Canceled => {
                let details = Payload::none();
                ("canceled", FailureInfo::Canceled { details })
            }
            ReportedFailure::Timeout(timeout_type) => {
                let info =
                    FailureInfo::Timeout { timeout_type, last_heartbeat_details: Payload::none() };
                ("worker says timeout", info)
            }
            ReportedFailure::Bare => ("no info", FailureInfo::Unspecified),
        };
        Payload::failure(Failure { message: message.to_owned(), info, cause: Payload::none() })
    }
}

/// A payload as the recordings write it; null where there is none.
pub(super) fn payload(payload: &Payload) -> Value {
    match payload.content() {
        None => Value::Null,
        Some(Content::Failure(reported)) => failure(reported),
        Some(Content::Data(bytes)) => serde_json::from_slice(bytes)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(bytes))),
    }
}

fn failure(failure: &Failure) -> Value {
    let mut object = Map::new();
    let kind = match &failure.info {
        FailureInfo::Application { type_name, non_retryable } => {
            object.insert("type".into(), json!(type_name));
            object.insert("nonRetryable".into(), json!(non_retryable));
            "application"
        }
        FailureInfo::Server { non_retryable } => {
            object.insert("nonRetryable".into(), json!(non_retryable));
            "server"
        }
        FailureInfo::Timeout { timeout_type, last_heartbeat_details } => {
            object.insert("timeoutType".into(), json!(timeout_type.name()));
            object.insert("lastHeartbeatDetails".into(), payload(last_heartbeat_details));
            "timeout"
        }
        FailureInfo::Canceled { details } => {
            object.insert("details".into(), payload(details));
            "canceled"
        }
        FailureInfo::Terminated => "terminated",
        FailureInfo::Unspecified => "unknown",
    };
    object.insert("kind".into(), json!(kind));
    object.insert("message".into(), json!(failure.message));
    if !failure.cause.is_none() {
        object.insert("cause".into(), payload(&failure.cause));
    }
    Value::Object(object)
}

/// What Describe shows, as the recordings write it: absent is unset.
pub(super) fn description(shown: &Description) -> Value {
    let Attempt(attempt) = shown.attempt;
    let keys = [
        ("status", Some(json!(shown.status.name()))),
        ("runState", Some(json!(run_state_name(shown.run_state)))),
        ("attempt", Some(json!(attempt))),
        ("currentRetryInterval", shown.current_retry_interval.map(|Span(span)| json!(span))),
        ("nextAttemptScheduleTime", instant(shown.next_attempt_schedule_time)),
        ("lastStartedTime", instant(shown.last_started_time)),
        ("lastHeartbeatTime", instant(shown.last_heartbeat_time)),
        ("lastAttemptCompleteTime", instant(shown.last_attempt_complete_time)),
        ("closeTime", instant(shown.close_time)),
        ("expirationTime", instant(shown.expiration_time)),
        ("heartbeatDetails", given(&shown.heartbeat_details)),
        ("totalHeartbeatCount", Some(json!(shown.total_heartbeat_count))),
        ("lastFailure", given(&shown.last_failure)),
        ("canceledReason", shown.canceled_reason.as_ref().and_then(given)),
        ("lastWorkerIdentity", given(&shown.last_worker_identity)),
        ("outcome", shown.outcome.as_ref().map(outcome)),
    ];
    object(keys)
}

/// What a workflow shows of its activity at an instant, as the recordings write it.
pub(super) fn workflow_view(shown: &WorkflowView, at: Timestamp) -> Value {
    let Attempt(attempt) = shown.attempt;
    let next_attempt = shown.next_attempt_schedule_time.filter(|time| *time > at);
    let outcome = |ended: &Outcome<Payload>| match ended {
        Outcome::Canceled { details, .. } => {
            json!({"result": payload(details), "retryState": "Unspecified"})
        }
        Outcome::Completed { .. }
        | Outcome::Failed { .. }
        | Outcome::Terminated { .. }
        | Outcome::TimedOut { .. } => outcome(ended),
    };
    let keys = [
        ("status", Some(json!(shown.status.name()))),
        ("runState", Some(json!(run_state_name(shown.run_state)))),
        ("attempt", Some(json!(attempt))),
        ("nextAttemptScheduleTime", instant(next_attempt)),
        ("lastStartedTime", instant(shown.last_started_time)),
        ("lastHeartbeatTime", instant(shown.last_heartbeat_time)),
        ("lastAttemptCompleteTime", instant(shown.last_attempt_complete_time)),
        ("closeTime", instant(shown.close_time)),
        ("heartbeatDetails", given(&shown.heartbeat_details)),
        ("lastFailure", given(&shown.last_failure)),
        ("lastWorkerIdentity", given(&shown.last_worker_identity)),
        ("outcome", shown.outcome.as_ref().map(outcome)),
    ];
    object(keys)
}

fn instant(time: Option<Timestamp>) -> Option<Value> {
    time.map(|Timestamp(time)| json!(time))
}

fn given(content: &Payload) -> Option<Value> {
    (!content.is_none()).then(|| payload(content))
}

fn object<const KEYS: usize>(keys: [(&str, Option<Value>); KEYS]) -> Value {
    let set = keys.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(set.collect())
}

fn outcome(outcome: &Outcome<Payload>) -> Value {
    let closed =
        |message: &str, info| Failure { message: message.to_owned(), info, cause: Payload::none() };
    match outcome {
        Outcome::Completed { result } => {
            json!({"result": payload(result), "retryState": "Unspecified"})
        }
        Outcome::Failed { failure, retry_state }
        | Outcome::TimedOut { failure, retry_state, .. } => {
            json!({"failure": payload(failure), "retryState": retry_state.name()})
        }
        Outcome::Canceled { details, .. } => {
            let details = details.clone();
            let canceled = closed("Activity canceled", FailureInfo::Canceled { details });
            json!({"failure": failure(&canceled), "retryState": "Unspecified"})
        }
        Outcome::Terminated { reason, .. } => {
            let reason = payload(reason);
            let message = reason.as_str().unwrap_or_default();
            let terminated = closed(message, FailureInfo::Terminated);
            json!({"failure": failure(&terminated), "retryState": "Unspecified"})
        }
    }
}

fn run_state_name(run_state: Option<PendingActivityState>) -> &'static str {
    run_state.map_or("Unspecified", PendingActivityState::name)
}
