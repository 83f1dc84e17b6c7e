//! Workers with the defects of real ones, as wrappers around ours: each is caught, by the promise
//! that is meant for it.

mod worker_common;

use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::{of_task, of_worker};
use activity_execution::worker::{
    Action, ActivityTask, Shutdown, Step, TaskTerms, Worker, WorkerAction, WorkerStep, WorkerTerms,
};
use activity_models::mutants::worker::*;
use std::collections::{BTreeSet, HashSet};
use worker_common::{Note, alphabet};

type Task = ActivityTask<i64, Note>;
/// The state before, the instant, what happens, and what ours makes of it.
type Mutant = fn(&Task, Timestamp, &Action<Note>, TaskNext<i64, Note>) -> TaskNext<i64, Note>;

const TERMS: TaskTerms = TaskTerms {
    start_to_close_timeout: Some(Span(3)),
    heartbeat_timeout: Some(Span(2)),
    local_timeout_buffer: Span(0),
    heartbeat_throttle_interval: Span(2),
    heartbeat_call_timeout: Span(1),
};

/// The promises that a wrapped worker breaks, anywhere.
fn broken_by(mutant: Mutant) -> BTreeSet<&'static str> {
    let (alphabet, promises) = (alphabet(&[1, 2]), of_task::<i64, Note>());
    let mut broken = BTreeSet::new();
    let mut seen = HashSet::from([(Task::Absent, 0)]);
    let mut open = vec![(Task::Absent, 0)];
    while let Some((before, now)) = open.pop() {
        let mut next = vec![(before, (now + 1).min(4))];
        for action in &alphabet {
            let decided = before.decide(&TERMS, Timestamp(now), action);
            let (after, reply) = match mutant(&before, Timestamp(now), action, decided) {
                Ok((after, effect)) => (after, Ok(effect)),
                Err(rejection) => (before, Err(rejection)),
            };
            let step = Step { now: Timestamp(now), action: *action, reply };
            let holds =
                promises.iter().map(|promise| (promise.holds)(&TERMS, &before, &step, &after));
            let names = promises.iter().zip(holds).filter(|(_, holds)| !holds);
            broken.extend(names.map(|(promise, _)| promise.name));
            next.push((after, now));
        }
        open.extend(next.into_iter().filter(|state| seen.insert(*state)));
    }
    broken
}

fn caught(mutant: Mutant, by: &str) {
    let broken = broken_by(mutant);
    assert!(broken.contains(by), "{by} does not see it, only {broken:?}");
}

#[test]
fn an_unwrapped_worker_breaks_nothing() {
    assert_eq!(broken_by(|_, _, _, next| next), BTreeSet::new());
}

#[test]
fn a_start_to_close_timer_that_heartbeats_put_off_is_caught() {
    caught(a_start_to_close_timer_that_heartbeats_put_off, "an_alarm_goes_off_when_it_is_due");
}

#[test]
fn a_heartbeat_call_that_may_hang_for_ever_is_caught() {
    caught(a_heartbeat_call_that_may_hang_for_ever, "an_alarm_goes_off_when_it_is_due");
}

#[test]
fn a_canceled_report_that_overtakes_the_flush_is_caught() {
    caught(a_canceled_report_that_overtakes_the_flush, "a_flush_keeps_what_it_owes");
}

#[test]
fn a_failed_heartbeat_taken_for_a_sign_of_life_is_caught() {
    caught(
        a_failed_heartbeat_taken_for_a_sign_of_life,
        "only_a_recorded_heartbeat_is_a_sign_of_life",
    );
}

#[test]
fn a_pause_or_a_shutdown_reported_as_canceled_is_caught() {
    let mutants: [Mutant; 2] = [a_pause_reported_as_canceled, a_shutdown_reported_as_canceled];
    for mutant in mutants {
        caught(mutant, "a_canceled_report_answers_a_cancel_request");
    }
}

#[test]
fn details_dropped_when_a_task_completes_asynchronously_are_caught() {
    caught(
        details_dropped_when_a_task_completes_asynchronously,
        "details_are_flushed_where_nothing_carries_them",
    );
}

#[test]
fn a_second_cancel_for_another_reason_is_caught() {
    caught(a_second_cancel_for_another_reason, "cancel_is_delivered_at_most_once");
}

#[test]
fn not_found_forgotten_because_another_reason_came_first_is_caught() {
    caught(
        not_found_forgotten_because_another_reason_came_first,
        "not_found_and_local_timeouts_mean_gone",
    );
}

#[test]
fn a_success_sent_for_an_attempt_that_is_gone_is_caught() {
    caught(a_success_sent_for_an_attempt_that_is_gone, "an_attempt_that_is_gone_is_not_spoken_of");
}

#[test]
fn a_failure_without_the_details_that_were_not_sent_is_caught() {
    caught(
        a_failure_without_the_details_that_were_not_sent,
        "a_failure_carries_the_newest_details",
    );
}

#[test]
fn older_details_that_are_kept_instead_of_newer_ones_are_caught() {
    caught(
        older_details_that_are_kept_instead_of_newer_ones,
        "a_heartbeat_is_sent_or_replaces_what_waits",
    );
}

#[test]
fn a_slot_that_is_not_released_is_caught() {
    caught(a_slot_that_is_not_released, "a_slot_is_released_once");
}

#[test]
fn a_shutdown_that_strands_a_completion_is_caught() {
    let terms: WorkerTerms =
        WorkerTerms { max_concurrent_activities: 1, graceful_shutdown_period: Span(0) };
    let before = Worker {
        polling: 0,
        outstanding: 1,
        completions_in_flight: 0,
        shutdown: Shutdown::GracePeriodElapsed,
    };
    let now = Timestamp(0);
    let action = WorkerAction::Return;
    let right = before.decide(&terms, now, action);
    let wrong = a_shutdown_that_strands_a_completion(&before, now, action, right);
    let (wrong, effect) = wrong.expect("one runs");
    let step = WorkerStep { now, action, reply: Ok(effect) };
    let broken: Vec<_> = of_worker()
        .into_iter()
        .filter(|promise| !(promise.holds)(&terms, &before, &step, &wrong))
        .map(|promise| promise.name)
        .collect();
    assert_eq!(broken, ["shutdown_is_complete_when_no_slot_is_in_use"]);
}
