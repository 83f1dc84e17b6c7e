//! Durations, counts and ends in plain words, once for everything that analysis says.

use activity_execution::options::Nanoseconds;
use activity_execution::vocabulary::{OutcomeKind, RetryState, Span, TimeoutType};

/// A duration as people write it, `1h 30m`.
#[must_use]
pub fn duration(span: Span) -> String {
    Nanoseconds::from(span).to_string()
}

/// An instant as people write it: how many milliseconds it is after the beginning.
#[must_use]
pub fn instant(milliseconds: i128) -> String {
    Nanoseconds(milliseconds.saturating_mul(1_000_000)).to_string()
}

/// The name of a timeout as options spell it.
#[must_use]
pub fn timeout(timeout_type: TimeoutType) -> &'static str {
    match timeout_type {
        TimeoutType::ScheduleToStart => "schedule-to-start",
        TimeoutType::ScheduleToClose => "schedule-to-close",
        TimeoutType::StartToClose => "start-to-close",
        TimeoutType::Heartbeat => "heartbeat",
    }
}

/// Why no other attempt follows.
#[must_use]
pub fn why(retry_state: RetryState) -> &'static str {
    match retry_state {
        RetryState::CancelRequested => "no retry after a cancel request",
        RetryState::NonRetryableFailure => "not retryable",
        RetryState::MaximumAttemptsReached => "all attempts used",
        RetryState::Timeout => "no time for a retry",
    }
}

/// How an activity ended.
#[must_use]
pub fn outcome(kind: OutcomeKind) -> String {
    let status = kind.status().name();
    match (kind.timeout_type(), kind.retry_state()) {
        (
            Some(timeout_type @ (TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose)),
            Some(RetryState::Timeout),
        ) => format!("{status} ({})", timeout(timeout_type)),
        (Some(timeout_type), Some(retry_state)) => {
            format!("{status} ({}), {}", timeout(timeout_type), why(retry_state))
        }
        (Some(timeout_type), None) => format!("{status} ({})", timeout(timeout_type)),
        (None, Some(retry_state)) => format!("{status}, {}", why(retry_state)),
        (None, None) => status.to_owned(),
    }
}
