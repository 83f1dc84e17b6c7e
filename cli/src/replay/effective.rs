//! What becomes of the options of a recorded start, in the recordings' notation.
//! Knows no rule of normalisation: the library does.

use super::trace;
use activity_execution::options::{
    ActivityOptions, InvalidOptions, Nanoseconds, RequestedOptions, RequestedRetryPolicy,
};
use activity_execution::vocabulary::Span;
use serde_json::{Value, json};

/// The request as the library takes it.
pub(super) fn request(options: &trace::RequestedOptions) -> RequestedOptions {
    let duration = |milliseconds: Option<i64>| milliseconds.map(|ms| Nanoseconds::from(Span(ms)));
    let retry_policy = options.retry_policy.as_ref().map(|policy| RequestedRetryPolicy {
        initial_interval: duration(policy.initial_interval),
        backoff_coefficient: policy.backoff_coefficient,
        maximum_interval: duration(policy.maximum_interval),
        maximum_attempts: policy.maximum_attempts,
        non_retryable_error_types: policy.non_retryable_error_types.clone(),
    });
    RequestedOptions {
        start_to_close_timeout: duration(options.start_to_close_timeout),
        schedule_to_close_timeout: duration(options.schedule_to_close_timeout),
        schedule_to_start_timeout: duration(options.schedule_to_start_timeout),
        heartbeat_timeout: duration(options.heartbeat_timeout),
        start_delay: duration(options.start_delay),
        retry_policy,
    }
}

/// What the server reports of the options in force: zero is unset, and an empty list is null.
pub(crate) fn effective(options: &ActivityOptions) -> Value {
    let or_zero = |timeout: Option<Span>| timeout.map_or(0, |Span(timeout)| timeout);
    let policy = options.retry_policy();
    let types = policy.non_retryable_error_types();
    json!({
        "scheduleToCloseTimeout": or_zero(options.schedule_to_close_timeout()),
        "scheduleToStartTimeout": or_zero(options.schedule_to_start_timeout()),
        "startToCloseTimeout": options.start_to_close_timeout().0,
        "heartbeatTimeout": or_zero(options.heartbeat_timeout()),
        "retryPolicy": {
            "initialInterval": policy.initial_interval().0,
            "backoffCoefficient": policy.backoff_coefficient(),
            "maximumInterval": policy.maximum_interval().0,
            "maximumAttempts": policy.maximum_attempts(),
            "nonRetryableErrorTypes": if types.is_empty() { Value::Null } else { json!(types) },
        },
    })
}

/// The server's answer to a start with options that are refused.
pub(super) fn refusal(refused: &InvalidOptions, activity_id: &str) -> Value {
    let mut message = refused.temporal_message();
    if matches!(refused, InvalidOptions::NoCloseTimeout) {
        message += &format!(" ActivityId={activity_id} ActivityType=Work");
    }
    json!({"error": refused.code(), "message": message})
}
