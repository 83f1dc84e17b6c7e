//! What Describe shows of a standalone activity.

use super::failure::told;
use super::outcome::outcome;
use super::payload::{identity, text};
use crate::wire::{ActivityExecutionInfo, ActivityExecutionOutcome, Time};
use activity_harness::protocol::Description;

/// The statuses of executions, by their numbers.
const STATUSES: [&str; 8] = [
    "Unspecified",
    "Running",
    "Completed",
    "Failed",
    "Canceled",
    "Terminated",
    "TimedOut",
    "Paused",
];

/// What an open execution is doing, by number.
const STATES: [&str; 6] =
    ["Unspecified", "Scheduled", "Started", "CancelRequested", "Paused", "PauseRequested"];

/// The number of the state in which an execution waits for its dispatch, or for a worker.
const SCHEDULED: i32 = 1;

fn name(names: &[&str], number: i32) -> String {
    let name = usize::try_from(number).ok().and_then(|place| names.get(place));
    name.map_or_else(|| format!("unknown {number}"), |name| (*name).to_owned())
}

/// Whether a task should be there for whoever polls: the execution is in this state, and what it
/// waits for, if anything, is over at this instant.
pub(crate) fn may_have_a_task(state: i32, waits_until: Option<Time>, now: Option<i64>) -> bool {
    let is_over = match (waits_until, now) {
        (None, _) => true,
        (Some(until), Some(now)) => until.milliseconds() <= now,
        (Some(_), None) => false,
    };
    state == SCHEDULED && is_over
}

/// How a standalone activity stands; instants count from its start.
pub(crate) fn description(
    info: &ActivityExecutionInfo,
    ended: Option<&ActivityExecutionOutcome>,
) -> Description {
    let start = info.schedule_time.map_or(0, Time::milliseconds);
    let since = |instant: Option<Time>| instant.map(|it| it.milliseconds() - start);
    let status = name(&STATUSES, info.status);
    let is_canceled = !info.canceled_reason.is_empty();
    Description {
        outcome: ended.and_then(|ended| outcome(&status, ended)),
        status: Some(status),
        run_state: (info.run_state != 0).then(|| name(&STATES, info.run_state)),
        attempt: Some(i64::from(info.attempt)),
        next_attempt_schedule_time: since(info.next_attempt_schedule_time),
        current_retry_interval: info.current_retry_interval.map(Time::milliseconds),
        last_started_time: since(info.last_started_time),
        last_heartbeat_time: since(info.last_heartbeat_time),
        last_attempt_complete_time: since(info.last_attempt_complete_time),
        close_time: since(info.close_time),
        expiration_time: since(info.expiration_time),
        heartbeat_details: text(info.heartbeat_details.as_ref()),
        total_heartbeat_count: info.total_heartbeat_count,
        last_failure: info.last_failure.as_ref().map(told),
        canceled_reason: is_canceled.then(|| info.canceled_reason.clone()),
        last_worker_identity: identity(&info.last_worker_identity),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::payloads;

    #[test]
    fn instants_count_from_the_start() {
        let at = |milliseconds: i64| Some(Time::of(1_700_000_000_000 + milliseconds));
        let info = ActivityExecutionInfo {
            status: 1,
            run_state: 1,
            attempt: 2,
            schedule_time: at(123),
            last_started_time: at(130),
            next_attempt_schedule_time: at(2_123),
            heartbeat_details: payloads(Some("payload 2")),
            last_worker_identity: "payload 1".to_owned(),
            ..ActivityExecutionInfo::default()
        };
        let shown = description(&info, None);
        assert_eq!(shown.next_attempt_schedule_time, Some(2_000));
        assert_eq!(shown.last_started_time, Some(7));
        assert_eq!(shown.close_time, None);
        assert_eq!(shown.status.as_deref(), Some("Running"));
        assert_eq!(shown.run_state.as_deref(), Some("Scheduled"));
        assert_eq!(shown.heartbeat_details.as_deref(), Some("payload 2"));
        assert_eq!(shown.last_worker_identity.as_deref(), Some("payload 1"));
        assert_eq!((shown.canceled_reason, shown.last_failure, shown.outcome), (None, None, None));
    }

    #[test]
    fn a_status_that_nobody_knows_is_said() {
        let info = ActivityExecutionInfo { status: 23, ..ActivityExecutionInfo::default() };
        assert_eq!(description(&info, None).status.as_deref(), Some("unknown 23"));
    }

    #[test]
    fn a_task_is_there_once_the_wait_is_over() {
        let until = Some(Time::of(5_000));
        assert!(may_have_a_task(SCHEDULED, None, None));
        assert!(!may_have_a_task(SCHEDULED, until, None));
        assert!(!may_have_a_task(SCHEDULED, until, Some(4_999)));
        assert!(may_have_a_task(SCHEDULED, until, Some(5_000)));
        assert!(!may_have_a_task(2, None, Some(5_000)));
    }
}
