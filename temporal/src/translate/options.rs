//! The options of a start.

use crate::wire::{RetryPolicy, Time};
use activity_harness::protocol;

/// The options, as both kinds of starts have them.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) schedule_to_close: Option<Time>,
    pub(crate) schedule_to_start: Option<Time>,
    pub(crate) start_to_close: Option<Time>,
    pub(crate) heartbeat: Option<Time>,
    pub(crate) start_delay: Option<Time>,
    pub(crate) retry_policy: Option<RetryPolicy>,
}

impl From<&protocol::Options> for Options {
    fn from(options: &protocol::Options) -> Self {
        let policy = &options.retry_policy;
        Options {
            schedule_to_close: options.schedule_to_close_timeout.map(Time::of),
            schedule_to_start: options.schedule_to_start_timeout.map(Time::of),
            start_to_close: Some(Time::of(options.start_to_close_timeout)),
            heartbeat: options.heartbeat_timeout.map(Time::of),
            start_delay: options.start_delay.map(Time::of),
            retry_policy: Some(RetryPolicy {
                initial_interval: Some(Time::of(policy.initial_interval)),
                backoff_coefficient: policy.backoff_coefficient,
                maximum_interval: Some(Time::of(policy.maximum_interval)),
                maximum_attempts: i32::try_from(policy.maximum_attempts).unwrap_or(i32::MAX),
                non_retryable_error_types: policy.non_retryable_error_types.clone(),
            }),
        }
    }
}

/// The number of what a start means while the execution is open.
pub(crate) fn conflict_policy(name: &str) -> i32 {
    const FAIL: i32 = 1;
    const USE_EXISTING: i32 = 2;
    if name == "UseExisting" { USE_EXISTING } else { FAIL }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_absent_is_not_set() {
        let options: protocol::Options = serde_json::from_value(json!({
            "startToCloseTimeout": 1_500, "heartbeatTimeout": 750,
            "retryPolicy": {
                "initialInterval": 750, "backoffCoefficient": 1.0, "maximumInterval": 750,
                "maximumAttempts": 0, "nonRetryableErrorTypes": ["TemporalTimeout:Heartbeat"],
            },
        }))
        .expect("these are options");
        let options = Options::from(&options);
        assert_eq!(options.start_to_close, Some(Time { seconds: 1, nanos: 500_000_000 }));
        assert_eq!(options.heartbeat, Some(Time { seconds: 0, nanos: 750_000_000 }));
        assert_eq!((options.schedule_to_close, options.schedule_to_start), (None, None));
        assert_eq!(options.start_delay, None);
        let policy = options.retry_policy.expect("there is one");
        assert_eq!((policy.maximum_attempts, policy.backoff_coefficient), (0, 1.0));
        assert_eq!(policy.non_retryable_error_types, ["TemporalTimeout:Heartbeat"]);
    }
}
