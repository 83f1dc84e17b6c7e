//! How an execution ended: of a standalone activity as Describe shows it, of one of a workflow as
//! its history tells it.

use super::failure::told;
use super::payload::{identity, text};
use crate::wire::{self, ActivityExecutionOutcome, HistoryEvent};
use activity_harness::protocol::{Failure, Outcome};

/// The reasons why no retry follows, by their numbers.
const RETRY_STATES: [&str; 8] = [
    "Unspecified",
    "InProgress",
    "NonRetryableFailure",
    "Timeout",
    "MaximumAttemptsReached",
    "RetryPolicyNotSet",
    "InternalServerError",
    "CancelRequested",
];

fn retry_state(number: i32) -> String {
    let place = usize::try_from(number).unwrap_or(0);
    RETRY_STATES.get(place).unwrap_or(&RETRY_STATES[0]).to_string()
}

/// How a standalone activity with this status ended.
pub(super) fn outcome(status: &str, outcome: &ActivityExecutionOutcome) -> Option<Outcome> {
    let retry_state = retry_state(outcome.retry_state);
    let failure = outcome.failure.as_ref();
    let failed = || failure.map(told);
    let message = || failure.map(|it| it.message.clone());
    Some(match status {
        "Completed" => Outcome::Completed { result: text(outcome.result.as_ref()) },
        "Failed" => Outcome::Failed { failure: failed(), retry_state },
        "TimedOut" => Outcome::TimedOut { failure: failed().unwrap_or_default(), retry_state },
        "Canceled" => {
            let canceled = failure.and_then(|it| it.canceled.as_ref());
            Outcome::Canceled {
                details: canceled.and_then(|it| text(it.details.as_ref())),
                identity: canceled.and_then(|it| identity(&it.identity)),
            }
        }
        "Terminated" => {
            let terminated = failure.and_then(|it| it.terminated.as_ref());
            Outcome::Terminated {
                reason: message(),
                identity: terminated.and_then(|it| identity(&it.identity)),
            }
        }
        _ => return None,
    })
}

/// How the activity of a workflow ended; none while it is open.
pub(crate) fn outcome_of(events: &[HistoryEvent]) -> Option<Outcome> {
    events.iter().rev().find_map(|event| {
        if let Some(completed) = &event.completed {
            return Some(Outcome::Completed { result: text(completed.result.as_ref()) });
        }
        if let Some(wire::ActivityFailed { failure, retry_state: number }) = &event.failed {
            let (failure, retry_state) = (failure.as_ref().map(told), retry_state(*number));
            return Some(Outcome::Failed { failure, retry_state });
        }
        if let Some(wire::ActivityTimedOut { failure, retry_state: number }) = &event.timed_out {
            let failure = failure.as_ref().map_or_else(Failure::default, told);
            return Some(Outcome::TimedOut { failure, retry_state: retry_state(*number) });
        }
        let canceled = event.canceled.as_ref()?;
        Some(Outcome::Canceled {
            details: text(canceled.details.as_ref()),
            identity: requester(events, canceled.latest_cancel_requested_event_id),
        })
    })
}

/// Who asked for cancellation: whoever decided so for the workflow.
fn requester(events: &[HistoryEvent], cancel_requested: i64) -> Option<String> {
    let event = |id: i64| events.iter().find(|event| event.event_id == id);
    let decided = event(cancel_requested)?.cancel_requested?.workflow_task_completed_event_id;
    identity(&event(decided)?.workflow_task_completed.as_ref()?.identity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::payloads;
    use crate::wire::{
        ActivityCanceled, ActivityCompleted, CancelRequested, CanceledFailureInfo,
        TerminatedFailureInfo, WorkflowTaskCompleted,
    };

    fn event(event_id: i64) -> HistoryEvent {
        HistoryEvent { event_id, ..HistoryEvent::default() }
    }

    #[test]
    fn a_workflow_s_activity_is_canceled_by_whoever_decided_so() {
        let decided = WorkflowTaskCompleted { identity: "payload 4".to_owned() };
        let requested = CancelRequested { workflow_task_completed_event_id: 7 };
        let canceled = ActivityCanceled {
            details: payloads(Some("payload 5")),
            latest_cancel_requested_event_id: 8,
        };
        let events = [
            HistoryEvent { workflow_task_completed: Some(decided), ..event(7) },
            HistoryEvent { cancel_requested: Some(requested), ..event(8) },
            HistoryEvent { canceled: Some(canceled), ..event(10) },
            event(11),
        ];
        let expected = Outcome::Canceled {
            details: Some("payload 5".to_owned()),
            identity: Some("payload 4".to_owned()),
        };
        assert_eq!(outcome_of(&events), Some(expected));
        assert_eq!(outcome_of(&events[..2]), None);
    }

    #[test]
    fn a_workflow_s_activity_may_fail_without_a_failure() {
        let failed = wire::ActivityFailed { failure: None, retry_state: 4 };
        let events = [HistoryEvent { failed: Some(failed), ..event(9) }];
        let retry_state = "MaximumAttemptsReached".to_owned();
        assert_eq!(outcome_of(&events), Some(Outcome::Failed { failure: None, retry_state }));
        let completed = ActivityCompleted { result: payloads(Some("payload 1")) };
        let events = [HistoryEvent { completed: Some(completed), ..event(9) }];
        let result = Some("payload 1".to_owned());
        assert_eq!(outcome_of(&events), Some(Outcome::Completed { result }));
    }

    #[test]
    fn a_standalone_activity_is_told_by_its_status() {
        let canceled = CanceledFailureInfo {
            details: payloads(Some("payload 5")),
            identity: "payload 4".to_owned(),
        };
        let terminated = TerminatedFailureInfo { identity: "payload 6".to_owned() };
        let failure = wire::Failure {
            message: "payload 7".to_owned(),
            canceled: Some(canceled),
            terminated: Some(terminated),
            ..wire::Failure::default()
        };
        let ended =
            ActivityExecutionOutcome { result: None, failure: Some(failure), retry_state: 7 };
        let (details, who) = (Some("payload 5".to_owned()), Some("payload 4".to_owned()));
        let expected = Outcome::Canceled { details, identity: who };
        assert_eq!(outcome("Canceled", &ended), Some(expected));
        let (reason, who) = (Some("payload 7".to_owned()), Some("payload 6".to_owned()));
        let expected = Outcome::Terminated { reason, identity: who };
        assert_eq!(outcome("Terminated", &ended), Some(expected));
        let Some(Outcome::Failed { retry_state, .. }) = outcome("Failed", &ended) else {
            panic!("it failed");
        };
        assert_eq!(retry_state, "CancelRequested");
        assert_eq!(outcome("Running", &ended), None);
    }
}
