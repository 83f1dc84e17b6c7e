//! Every state of a task with small numbers, and in each everything that can happen, absurd or not.
//! Deterministic: the counts are pinned, and whatever can occur must occur.

use crate::common::kinds::{expected, kinds};
use crate::common::{Note, alphabet, checked};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::of_task;
use activity_execution::worker::{
    ActivityCancelReason, ActivityTask, Cancel, Flushing, HeartbeatCall, HeartbeatDetails, Report,
    Running, TaskAction, TaskOptions, TaskStep,
};
use activity_models::explore::reach;
use std::collections::BTreeSet;

type Task = ActivityTask<i64, Note>;

/// How long the explored worlds last.
const HORIZON: i64 = 6;

fn small_terms() -> [TaskOptions; 3] {
    let with_timers = TaskOptions {
        start_to_close_timeout: Some(Span(4)),
        heartbeat_timeout: Some(Span(2)),
        local_timeout_buffer: Span(1),
        heartbeat_throttle_interval: Span(2),
        heartbeat_call_timeout: Span(3),
    };
    let impatient = TaskOptions {
        heartbeat_call_timeout: Span(1),
        heartbeat_throttle_interval: Span(3),
        ..with_timers
    };
    let without_timers =
        TaskOptions { start_to_close_timeout: None, heartbeat_timeout: None, ..with_timers };
    [with_timers, impatient, without_timers]
}

/// All states that a task delivered at instant 0 can be in until the horizon, and all steps.
fn explore(terms: &TaskOptions, mut each: impl FnMut(&Task, &TaskStep<i64, Note>, &Task)) -> usize {
    let alphabet = alphabet(&[1, 2]);
    let begin = (Task::Absent, 0);
    let states = reach(begin, Clone::clone, |&(before, now), next| {
        for action in &alphabet {
            let (after, step) = checked(terms, &before, now, *action);
            each(&before, &step, &after);
            next.push((after, now));
        }
        if now < HORIZON && before != Task::Absent {
            next.push((before, now + 1));
        }
    });
    states.len()
}

#[test]
fn everything_that_can_happen_to_a_task_happens_and_nothing_else() {
    let (mut seen, mut states, mut steps) = (BTreeSet::new(), Vec::new(), 0);
    for terms in small_terms() {
        states.push(explore(&terms, |before, step, _| {
            steps += 1;
            seen.extend(kinds(before, step));
        }));
    }
    let expected = expected();
    assert_eq!(seen.difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(expected.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(
        (states, steps),
        (vec![8879, 8003, 8875], 721_196),
        "a changed count is a changed machine"
    );
}

/// What happened in one place is answered as another thing was in another place.
#[test]
fn each_promise_about_steps_refuses_some_wrong_successor() {
    let terms = small_terms()[0];
    let (mut steps, mut count) = (Vec::new(), 0);
    explore(&terms, |before, step, after| {
        count += 1;
        if count % 97 == 0 {
            steps.push((*before, *step, *after));
        }
    });
    let mut unrefuted: Vec<_> =
        of_task::<i64, Note>().into_iter().filter(|promise| !promise.of_states).collect();
    for (before, right, _) in &steps {
        for (_, wrong, after) in &steps {
            let step = TaskStep { reply: wrong.reply, ..*right };
            unrefuted.retain(|promise| (promise.holds)(&terms, before, &step, after));
        }
    }
    let names: Vec<_> = unrefuted.iter().map(|promise| promise.name).collect();
    assert_eq!(names, Vec::<&str>::new(), "a promise that nothing can break says nothing");
}

#[test]
fn each_promise_about_states_refuses_some_wrong_state() {
    let running = Running {
        delivered_time: Timestamp(1),
        recorded_time: Timestamp(1),
        heartbeat_details: HeartbeatDetails::None,
        call: HeartbeatCall::NotSent,
        cancel: None,
    };
    let shutdown = Cancel::worker_shutdown();
    let wrong = [
        Task::Running(Running { recorded_time: Timestamp(0), ..running }),
        Task::Running(Running {
            heartbeat_details: HeartbeatDetails::Buffered(Note(1)),
            ..running
        }),
        Task::Running(Running { cancel: Some(Cancel::not_found()), ..running }),
        Task::Gone { cancel: Cancel { reason: ActivityCancelReason::Paused, ..shutdown } },
        Task::Flushing(Flushing {
            sent_time: Timestamp(1),
            buffered: Some(Note(1)),
            report: Some(Report::Completed { result: Note(1) }),
        }),
    ];
    let step =
        TaskStep { now: Timestamp(1), action: TaskAction::GracePeriodElapses, reply: Ok(None) };
    for promise in of_task::<i64, Note>().into_iter().filter(|promise| promise.of_states) {
        let refused =
            wrong.iter().filter(|task| !(promise.holds)(&small_terms()[0], task, &step, task));
        assert_eq!(refused.count(), 1, "{}", promise.name);
    }
}
