//! Failures as events record them, without their details, and the words for why one was not retried.

use super::duration;
use super::read::{Form, duration as duration_of};
use super::tree::Node;
use activity_execution::history::{RecordedFailure, RecordedRetryState};
use activity_execution::vocabulary::{Opaque as _, RetryState, TimeoutType};
use activity_execution::{Failure, FailureInfo, Payload};

/// A failure with its causes; `None` where the value is nothing.
pub(super) fn failure(node: &Node<'_>) -> Option<RecordedFailure> {
    node.table().filter(|entries| !entries.is_empty())?;
    let delay = node.get("applicationFailureInfo").and_then(|info| info.get("nextRetryDelay"));
    let delay = delay.and_then(|delay| {
        let read = duration_of(delay, Form::Recorded).ok().flatten();
        read.or_else(|| duration::of_message(delay))
    });
    let message = node.word("message").unwrap_or_default();
    Some(RecordedFailure {
        failure: payload(node),
        next_retry_delay: delay.and_then(|delay| i64::try_from(delay.0).ok()),
        is_truncated: message.starts_with("Failure exceeds size limit"),
        is_of_reset: node.get("resetWorkflowFailureInfo").is_some(),
    })
}

fn payload(node: &Node<'_>) -> Payload {
    let none = Payload::none;
    let info = if let Some(info) = node.get("applicationFailureInfo") {
        FailureInfo::Application {
            type_name: info.word("type").unwrap_or_default().to_owned(),
            non_retryable: info.is("nonRetryable"),
        }
    } else if let Some(info) = node.get("serverFailureInfo") {
        FailureInfo::Server { non_retryable: info.is("nonRetryable") }
    } else if let Some(timeout_type) =
        node.get("timeoutFailureInfo").and_then(|it| it.word("timeoutType")).and_then(timeout_named)
    {
        FailureInfo::Timeout { timeout_type, last_heartbeat_details: none() }
    } else if node.get("canceledFailureInfo").is_some() {
        FailureInfo::Canceled { details: none() }
    } else if node.get("terminatedFailureInfo").is_some() {
        FailureInfo::Terminated
    } else {
        FailureInfo::Unspecified
    };
    let message = node.word("message").unwrap_or_default().to_owned();
    let cause = node.get("cause").filter(|cause| cause.table().is_some()).map_or(none(), payload);
    Payload::failure(Failure { message, info, cause })
}

/// Which timeout these attributes record: in the failure, or beside it as old servers did.
pub(super) fn timeout_type(attributes: &Node<'_>) -> Option<TimeoutType> {
    let of_failure = attributes.get("failure").and_then(|it| it.get("timeoutFailureInfo"));
    let word = of_failure.and_then(|it| it.word("timeoutType"));
    word.or_else(|| attributes.word("timeoutType")).and_then(timeout_named)
}

fn timeout_named(word: &str) -> Option<TimeoutType> {
    let word = letters(word, "timeouttype");
    let numbers = [
        ("1", TimeoutType::StartToClose),
        ("2", TimeoutType::ScheduleToStart),
        ("3", TimeoutType::ScheduleToClose),
        ("4", TimeoutType::Heartbeat),
    ];
    let named = TimeoutType::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(&word));
    named.or_else(|| numbers.into_iter().find(|(number, _)| *number == word).map(|(_, it)| it))
}

/// Why there was no retry; `None` where nothing is recorded.
pub(super) fn retry_state(attributes: &Node<'_>) -> Option<RecordedRetryState> {
    let word = attributes.word("retryState").or_else(|| attributes.word("retryStatus"))?;
    let known = RecordedRetryState::Known;
    Some(match letters(word, "retrystate").as_str() {
        "" | "0" | "unspecified" => return None,
        "nonretryablefailure" | "2" => known(RetryState::NonRetryableFailure),
        "timeout" | "3" => known(RetryState::Timeout),
        "maximumattemptsreached" | "4" => known(RetryState::MaximumAttemptsReached),
        "cancelrequested" | "7" => known(RetryState::CancelRequested),
        "retrypolicynotset" | "5" => RecordedRetryState::RetryPolicyNotSet,
        _ => RecordedRetryState::Other(word.to_owned()),
    })
}

/// A word of an enumeration in lower case, without separators and without the name of its type.
pub(super) fn letters(word: &str, prefix: &str) -> String {
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    let word: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    word.strip_prefix(prefix).unwrap_or(&word).to_owned()
}
