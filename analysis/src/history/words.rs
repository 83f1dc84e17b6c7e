//! Words for failures, closes and instants, as people read them.

use super::play::MICROSECONDS;
use activity_execution::history::{How, RecordedFailure, RecordedRetryState};
use activity_execution::options::Nanoseconds;
use activity_execution::vocabulary::{Span, TimeoutType};
use activity_execution::{Content, FailureInfo};

/// The timeout that a failure is, if it is in the words of a server.
pub(super) fn timeout_of_server(failure: &RecordedFailure) -> Option<TimeoutType> {
    let Some(Content::Failure(failure)) = failure.failure.content() else {
        return None;
    };
    let FailureInfo::Timeout { timeout_type, .. } = failure.info else {
        return None;
    };
    let of_server = format!("activity {} timeout", timeout_type.name());
    (failure.message == of_server || failure.message.is_empty()).then_some(timeout_type)
}

/// A failure in a few words.
pub(super) fn words(failure: &RecordedFailure) -> String {
    match failure.failure.content() {
        Some(Content::Failure(failure)) => match &failure.info {
            FailureInfo::Application { type_name, non_retryable } => {
                let not = if *non_retryable { "not retryable, " } else { "" };
                format!("a failure ({not}{type_name}: {})", shortened(&failure.message))
            }
            FailureInfo::Timeout { timeout_type, .. } => {
                format!("a {} timeout", timeout_type.name())
            }
            FailureInfo::Server { .. }
            | FailureInfo::Canceled { .. }
            | FailureInfo::Terminated
            | FailureInfo::Unspecified => format!("a failure ({})", shortened(&failure.message)),
        },
        Some(Content::Data(_)) | None => "a failure without details".to_owned(),
    }
}

fn shortened(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    match line.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Why a close was not retried, as it is recorded.
pub(super) fn reason(how: &How) -> String {
    let state = |retry_state: &Option<RecordedRetryState>| match retry_state {
        Some(RecordedRetryState::Known(known)) => format!(", {}", known.name()),
        Some(RecordedRetryState::RetryPolicyNotSet) => ", RetryPolicyNotSet".to_owned(),
        Some(RecordedRetryState::Other(other)) => format!(", {other}"),
        None => String::new(),
    };
    match how {
        How::Completed | How::Canceled { .. } => String::new(),
        How::Failed { retry_state, .. } => match state(retry_state).strip_prefix(", ") {
            Some(state) => format!(" ({state})"),
            None => String::new(),
        },
        How::TimedOut { timeout_type, retry_state, .. } => {
            let timeout = timeout_type.map_or("unknown", TimeoutType::name);
            format!(" ({timeout}{})", state(retry_state))
        }
    }
}

pub(super) fn hidden_attempts(many: i64) -> String {
    if many == 1 { "1 hidden attempt".to_owned() } else { format!("{many} hidden attempts") }
}

/// An instant after the scheduling, for people.
pub(super) fn at(microseconds: i64) -> String {
    format!("at {}", time(microseconds))
}

/// A length of time, to the millisecond.
pub(super) fn time(microseconds: i64) -> String {
    Nanoseconds::from(Span(microseconds.div_euclid(MICROSECONDS))).to_string()
}

/// Attempts are followed up to here.
pub(super) const MOST_ATTEMPTS: i64 = 100_000;
const MESSAGE: usize = 60;
