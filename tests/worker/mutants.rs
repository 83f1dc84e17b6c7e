//! The mutants of a worker, its tasks and its slots: each is caught by the promise that it breaks.

use crate::common::{Note, alphabet};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::{
    of_slots as promises_of_slots, of_task as promises_of_task,
};
use activity_execution::worker::{
    ActivityTask, SlotsAction, SlotsStep, TaskOptions, TaskStep, WorkerOptions, WorkerSlots,
};
use activity_models::explore::reach;
use activity_models::mutants::{SlotsRule, TaskRule, YEAR, of_slots, of_task};
use std::collections::BTreeSet;

type Task = ActivityTask<i64, Note>;

const TERMS: TaskOptions = TaskOptions {
    start_to_close_timeout: Some(Span(3)),
    heartbeat_timeout: Some(Span(2)),
    local_timeout_buffer: Span(0),
    heartbeat_throttle_interval: Span(2),
    heartbeat_call_timeout: Span(1),
};

/// A little later each time, up to what no timeout reaches, and at last a year.
fn later(now: i64) -> i64 {
    if now < 4 { now + 1 } else { YEAR }
}

/// The promises that a task with this rule breaks, anywhere.
fn broken_by_task(rule: TaskRule<i64, Note>) -> BTreeSet<&'static str> {
    let (alphabet, promises) = (alphabet(&[1, 2]), promises_of_task::<i64, Note>());
    let mut broken = BTreeSet::new();
    reach((Task::Absent, 0), Clone::clone, |&(before, now), next| {
        next.push((before, later(now)));
        for action in &alphabet {
            let decided = before.decide(&TERMS, Timestamp(now), action);
            let (after, reply) = match rule(&before, Timestamp(now), action, decided) {
                Ok((after, effect)) => (after, Ok(effect)),
                Err(rejection) => (before, Err(rejection)),
            };
            let step = TaskStep { now: Timestamp(now), action: *action, reply };
            let holds =
                promises.iter().map(|promise| (promise.holds)(&TERMS, &before, &step, &after));
            let names = promises.iter().zip(holds).filter(|(_, holds)| !holds);
            broken.extend(names.map(|(promise, _)| promise.name));
            next.push((after, now));
        }
    });
    broken
}

const SLOTS: WorkerOptions =
    WorkerOptions { max_concurrent_activities: 2, graceful_shutdown_period: Span(1) };

/// The promises that slots with this rule break, anywhere.
fn broken_by_slots(rule: SlotsRule<i64>) -> BTreeSet<&'static str> {
    let promises = promises_of_slots();
    let mut broken = BTreeSet::new();
    reach((WorkerSlots::new(), 0_i64), Clone::clone, |&(before, now), next| {
        next.push((before, (now + 1).min(2)));
        for action in SlotsAction::ALL {
            let decided = before.decide(&SLOTS, Timestamp(now), action);
            let (after, reply) = match rule(&before, Timestamp(now), action, decided) {
                Ok((after, effect)) => (after, Ok(effect)),
                Err(rejection) => (before, Err(rejection)),
            };
            let step = SlotsStep { now: Timestamp(now), action, reply };
            let fails = promises.iter().filter(|it| !(it.holds)(&SLOTS, &before, &step, &after));
            let fails: Vec<_> = fails.map(|promise| promise.name).collect();
            // Behind a broken promise slots may go on for ever.
            if fails.is_empty() {
                next.push((after, now));
            }
            broken.extend(fails);
        }
    });
    broken
}

#[test]
fn what_is_right_breaks_nothing() {
    assert_eq!(broken_by_task(|_, _, _, next| next), BTreeSet::new());
    assert_eq!(broken_by_slots(|_, _, _, next| next), BTreeSet::new());
}

#[test]
fn every_mutant_of_a_task_is_caught() {
    for mutant in of_task() {
        let broken: Vec<_> = broken_by_task(mutant.rule).into_iter().collect();
        assert!(mutant.is_named_by(&broken), "{}: {broken:?}", mutant.name);
    }
}

#[test]
fn every_mutant_of_the_slots_is_caught() {
    for mutant in of_slots() {
        let broken: Vec<_> = broken_by_slots(mutant.rule).into_iter().collect();
        assert!(mutant.is_named_by(&broken), "{}: {broken:?}", mutant.name);
    }
}
