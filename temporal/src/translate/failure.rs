//! Failures: as a worker reports them, and as the server shows them.

use super::payload::text;
use crate::wire::{self, ApplicationFailureInfo, Time, TimeoutFailureInfo};
use activity_harness::protocol::Failure;

/// The types of timeouts, at the places that their numbers have.
const TIMEOUTS: [&str; 5] =
    ["Unspecified", "StartToClose", "ScheduleToStart", "ScheduleToClose", "Heartbeat"];

/// How the server begins the message of a timeout that left no time for a retry.
const NOT_ENOUGH_TIME: &str = "Not enough time";

/// A failure as a worker reports it, and how long it wants the next attempt to wait.
pub(crate) fn reported(failure: &Failure, next_retry_delay: Option<i64>) -> wire::Failure {
    let message = failure.message.clone().unwrap_or_default();
    let number = failure.timeout_type.as_deref().and_then(number);
    if let Some(timeout_type) = number {
        let timeout = TimeoutFailureInfo { timeout_type, last_heartbeat_details: None };
        return wire::Failure { message, timeout: Some(timeout), ..wire::Failure::default() };
    }
    let application = ApplicationFailureInfo {
        kind: "Failure".to_owned(),
        non_retryable: failure.non_retryable,
        next_retry_delay: next_retry_delay.map(Time::of),
    };
    wire::Failure { message, application: Some(application), ..wire::Failure::default() }
}

/// A failure as the server shows it.
pub(crate) fn told(failure: &wire::Failure) -> Failure {
    let cause = failure.cause.as_deref().map(|cause| Box::new(told(cause)));
    let mut told = Failure { message: Some(failure.message.clone()), cause, ..Failure::default() };
    if let Some(timeout) = &failure.timeout {
        told.timeout_type = Some(name(timeout.timeout_type).to_owned());
        told.last_heartbeat_details = text(timeout.last_heartbeat_details.as_ref());
        told.not_enough_time = failure.message.starts_with(NOT_ENOUGH_TIME);
    }
    told.non_retryable = failure.application.as_ref().is_some_and(|it| it.non_retryable);
    told
}

fn name(number: i32) -> &'static str {
    usize::try_from(number).ok().and_then(|it| TIMEOUTS.get(it)).copied().unwrap_or(TIMEOUTS[0])
}

fn number(name: &str) -> Option<i32> {
    let place = TIMEOUTS.iter().skip(1).position(|it| *it == name)?;
    i32::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::payloads;

    #[test]
    fn a_delay_may_be_negative() {
        let failure = Failure { message: Some("failure 3".to_owned()), ..Failure::default() };
        let application = |delay| reported(&failure, delay).application.expect("it is one");
        assert_eq!(application(None).next_retry_delay, None);
        assert_eq!(application(Some(0)).next_retry_delay, Some(Time { seconds: 0, nanos: 0 }));
        let past = Time { seconds: -1, nanos: -500_000_000 };
        assert_eq!(application(Some(-1_500)).next_retry_delay, Some(past));
    }

    #[test]
    fn what_a_worker_reported_is_shown_again() {
        for non_retryable in [false, true] {
            let message = Some("failure 3".to_owned());
            let failure = Failure { message, non_retryable, ..Failure::default() };
            assert_eq!(told(&reported(&failure, None)), failure);
        }
        for timeout_type in ["StartToClose", "ScheduleToStart", "ScheduleToClose", "Heartbeat"] {
            let timeout_type = Some(timeout_type.to_owned());
            let message = Some("failure 3".to_owned());
            let failure = Failure { message, timeout_type, ..Failure::default() };
            assert_eq!(told(&reported(&failure, None)), failure);
        }
    }

    #[test]
    fn a_timeout_brings_details_and_the_failure_before_it() {
        let before = wire::Failure { message: "failure 1".to_owned(), ..Default::default() };
        let timeout = TimeoutFailureInfo {
            timeout_type: 3,
            last_heartbeat_details: payloads(Some("payload 2")),
        };
        let told = told(&wire::Failure {
            message: "Not enough time to schedule next retry before ...".to_owned(),
            cause: Some(Box::new(before)),
            timeout: Some(timeout),
            ..wire::Failure::default()
        });
        assert_eq!(told.timeout_type.as_deref(), Some("ScheduleToClose"));
        assert_eq!(told.last_heartbeat_details.as_deref(), Some("payload 2"));
        assert_eq!(told.cause.expect("there is one").message.as_deref(), Some("failure 1"));
        assert!(told.not_enough_time);
    }
}
