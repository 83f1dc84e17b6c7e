//! Every state of a worker with few slots, and in each everything that can happen.

use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::of_slots;
use activity_execution::worker::{
    Shutdown, SlotsAction, SlotsEffect, SlotsRejection, SlotsStep, WorkerOptions, WorkerSlots,
};
use activity_models::explore::reach;
use std::collections::BTreeSet;

const TERMS: WorkerOptions =
    WorkerOptions { max_concurrent_activities: 3, graceful_shutdown_period: Span(2) };

fn explore() -> (usize, Vec<(WorkerSlots, SlotsStep, WorkerSlots)>) {
    let mut steps = Vec::new();
    let begin = (WorkerSlots::new(), 0_i64);
    let states = reach(begin, Clone::clone, |&(before, now), next| {
        next.push((before, (now + 1).min(3)));
        for action in SlotsAction::ALL {
            let (after, reply) = match before.decide(&TERMS, Timestamp(now), action) {
                Ok((after, effect)) => (after, Ok(effect)),
                Err(rejection) => (before, Err(rejection)),
            };
            steps.push((before, SlotsStep { now: Timestamp(now), action, reply }, after));
            next.push((after, now));
        }
    });
    (states.len(), steps)
}

#[test]
fn a_worker_keeps_its_promises_and_does_all_that_it_can() {
    let (states, steps) = explore();
    let (mut phases, mut replies) = (BTreeSet::new(), BTreeSet::new());
    for (before, step, after) in &steps {
        for promise in of_slots() {
            assert!(
                (promise.holds)(&TERMS, before, step, after),
                "{}: {}\n  {before:?}\n  {step:?}\n  {after:?}",
                promise.name,
                promise.statement
            );
        }
        phases.insert(match after.shutdown {
            Shutdown::Running => "Running",
            Shutdown::Initiated { .. } => "Initiated",
            Shutdown::GracePeriodElapsed => "GracePeriodElapsed",
            Shutdown::ShutDown => "ShutDown",
        });
        replies.insert(format!("{:?}", step.reply));
    }
    assert_eq!(phases.len(), 4, "only {phases:?}");
    let mut expected: BTreeSet<String> =
        SlotsRejection::ALL.map(|rejection| format!("Err({rejection:?})")).into();
    expected.insert("Ok(None)".to_string());
    for effect in [SlotsEffect::CancelOutstanding, SlotsEffect::FinishShutdown] {
        expected.insert(format!("Ok(Some({effect:?}))"));
    }
    assert_eq!(replies, expected);
    assert_eq!((states, steps.len()), (312, 2_184), "a changed count is a changed machine");
}

#[test]
fn each_promise_about_a_worker_refuses_something_wrong() {
    let (_, steps) = explore();
    let worker = WorkerSlots::new();
    let overfull = WorkerSlots { polling: 4, ..worker };
    let stranded = WorkerSlots { completions_in_flight: 1, shutdown: Shutdown::ShutDown, ..worker };
    for promise in of_slots() {
        let refused = if promise.of_states {
            let (_, step, _) = steps[0];
            [overfull, stranded].iter().any(|wrong| !(promise.holds)(&TERMS, wrong, &step, wrong))
        } else {
            steps.iter().any(|(before, right, _)| {
                steps.iter().any(|(_, wrong, after)| {
                    let step = SlotsStep { reply: wrong.reply, ..*right };
                    !(promise.holds)(&TERMS, before, &step, after)
                })
            })
        };
        assert!(refused, "{}", promise.name);
    }
}
