//! The options of a recorded start as they were asked for, in the recordings' notation:
//! durations in milliseconds, absent where not given. Judges none of them.

use super::keys::{Keys, Malformed};
use activity_execution::options::{Nanoseconds, RequestedOptions, RequestedRetryPolicy};
use activity_execution::vocabulary::Span;
use serde_json::Value;

/// The request that the value of a trace's `options` is.
///
/// # Errors
/// If it is none: what is wrong with it, and at which path.
pub fn requested(options: Value) -> Result<RequestedOptions, Malformed> {
    let mut keys = Keys::of("options", options)?;
    let requested = RequestedOptions {
        schedule_to_close_timeout: duration(&mut keys, "scheduleToCloseTimeout")?,
        schedule_to_start_timeout: duration(&mut keys, "scheduleToStartTimeout")?,
        start_to_close_timeout: duration(&mut keys, "startToCloseTimeout")?,
        heartbeat_timeout: duration(&mut keys, "heartbeatTimeout")?,
        start_delay: duration(&mut keys, "startDelay")?,
        retry_policy: keys.take("retryPolicy").map(retry_policy).transpose()?,
        workflow_run_timeout: None,
    };
    keys.finish()?;
    Ok(requested)
}

fn retry_policy(policy: Value) -> Result<RequestedRetryPolicy, Malformed> {
    let mut keys = Keys::of("options.retryPolicy", policy)?;
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
        initial_interval: duration(&mut keys, "initialInterval")?,
        backoff_coefficient: keys.number("backoffCoefficient")?,
        maximum_interval: duration(&mut keys, "maximumInterval")?,
        maximum_attempts: keys
            .integer("maximumAttempts")?
            .map(i32::try_from)
            .transpose()
            .map_err(|_| keys.malformed("maximumAttempts", "does not fit 32 bits"))?,
        non_retryable_error_types: types.ok_or_else(|| {
            keys.malformed("nonRetryableErrorTypes", "should be a list of strings")
        })?,
    };
    keys.finish()?;
    Ok(policy)
}

fn duration(keys: &mut Keys, key: &str) -> Result<Option<Nanoseconds>, Malformed> {
    Ok(keys.integer(key)?.map(|milliseconds| Nanoseconds::from(Span(milliseconds))))
}
