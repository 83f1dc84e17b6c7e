//! What becomes of the options of a recorded start, in the recordings' notation.
//! Knows no rule of normalisation: the library does.

use activity_execution::options::{ActivityOptions, InvalidOptions};
use activity_execution::vocabulary::Span;
use serde_json::{Value, json};

/// What the server reports of the options in force: zero is unset, and an empty list is null.
#[must_use]
pub fn effective(options: &ActivityOptions) -> Value {
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
