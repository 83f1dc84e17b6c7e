//! The promises about states carry themselves and all others: from every small state in which they
//! hold, reachable or not, every step keeps every promise.

use crate::common::{Note, alphabet, checked};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::{of_slots, of_task};
use activity_execution::worker::{
    ActivityTask, Cancel, Flushing, HeartbeatCall, HeartbeatDetails, Report, Running, Shutdown,
    SlotsAction, SlotsStep, TaskAction, TaskFailure, TaskOptions, TaskStep, WorkerOptions,
    WorkerSlots,
};
use std::iter;

type Task = ActivityTask<i64, Note>;

const INSTANTS: i64 = 4;

/// Every reason with every combination of details, and none.
fn cancels() -> impl Iterator<Item = Option<Cancel>> {
    iter::once(None).chain(Cancel::all().map(Some))
}

fn running() -> Vec<Task> {
    let mut calls = vec![HeartbeatCall::NotSent];
    for at in 0..INSTANTS {
        let sent_time = Timestamp(at);
        calls
            .extend([HeartbeatCall::InFlight { sent_time }, HeartbeatCall::Returned { sent_time }]);
    }
    let details = [
        HeartbeatDetails::None,
        HeartbeatDetails::Sent(Note(1)),
        HeartbeatDetails::Buffered(Note(1)),
    ];
    let mut tasks = Vec::new();
    for cancel in cancels() {
        for (call, heartbeat_details) in
            calls.iter().flat_map(|call| details.map(|details| (*call, details)))
        {
            for at in 0..INSTANTS * INSTANTS {
                tasks.push(Task::Running(Running {
                    delivered_time: Timestamp(at / INSTANTS),
                    recorded_time: Timestamp(at % INSTANTS),
                    heartbeat_details,
                    call,
                    cancel,
                }));
            }
        }
    }
    tasks
}

fn others() -> Vec<Task> {
    let failed = |failure| Some(Report::Failed { failure, last_heartbeat_details: Some(Note(1)) });
    let mut tasks = vec![Task::Absent, Task::Reporting, Task::Released];
    tasks.extend(Cancel::all().map(|cancel| Task::Gone { cancel }));
    for report in [
        None,
        Some(Report::Completed { result: Note(2) }),
        Some(Report::Canceled { details: Note(2) }),
        failed(TaskFailure::Function { failure: Note(2) }),
        failed(TaskFailure::CancelNotRequested { cancel: None, details: Note(2) }),
    ] {
        for buffered in [None, Some(Note(1))] {
            tasks.extend(
                (0..INSTANTS).map(|at| {
                    Task::Flushing(Flushing { sent_time: Timestamp(at), buffered, report })
                }),
            );
        }
    }
    tasks
}

fn latest(task: &Task) -> i64 {
    match task {
        Task::Running(running) => {
            let sent = match running.call {
                HeartbeatCall::NotSent => 0,
                HeartbeatCall::InFlight { sent_time: Timestamp(sent) }
                | HeartbeatCall::Returned { sent_time: Timestamp(sent) } => sent,
            };
            sent.max(running.delivered_time.0).max(running.recorded_time.0)
        }
        Task::Flushing(flushing) => flushing.sent_time.0,
        Task::Absent | Task::Gone { .. } | Task::Reporting | Task::Released => 0,
    }
}

#[test]
fn from_every_small_task_that_is_sound_each_step_keeps_each_promise() {
    let terms = TaskOptions {
        start_to_close_timeout: Some(Span(2)),
        heartbeat_timeout: Some(Span(1)),
        local_timeout_buffer: Span(1),
        heartbeat_throttle_interval: Span(2),
        heartbeat_call_timeout: Span(1),
    };
    let (states, alphabet): (Vec<_>, _) = (
        of_task::<i64, Note>().into_iter().filter(|promise| promise.of_states).collect(),
        alphabet(&[1, 2]),
    );
    let step =
        TaskStep { now: Timestamp(0), action: TaskAction::GracePeriodElapses, reply: Ok(None) };
    let is_sound =
        |task: &Task| states.iter().all(|promise| (promise.holds)(&terms, task, &step, task));
    let (mut sound, mut all) = (0, 0);
    for task in running().into_iter().chain(others()) {
        all += 1;
        if !is_sound(&task) {
            continue;
        }
        sound += 1;
        for now in latest(&task)..INSTANTS + 2 {
            for action in &alphabet {
                checked(&terms, &task, now, *action);
            }
        }
    }
    assert_eq!((all, sound), (194_459, 1_342), "a changed count is a changed machine");
}

#[test]
fn from_every_small_worker_that_is_sound_each_step_keeps_each_promise() {
    let terms: WorkerOptions =
        WorkerOptions { max_concurrent_activities: 3, graceful_shutdown_period: Span(1) };
    let shutdowns = [
        Shutdown::Running,
        Shutdown::Initiated { initiated_time: Timestamp(0) },
        Shutdown::Initiated { initiated_time: Timestamp(1) },
        Shutdown::GracePeriodElapsed,
        Shutdown::ShutDown,
    ];
    let promises = of_slots();
    let mut sound = 0;
    for at in 0..6 * 6 * 6 * shutdowns.len() {
        let count = |unit: usize| i64::try_from(at / unit % 6).expect("six is small") - 1;
        let before = WorkerSlots {
            polling: count(1),
            outstanding: count(6),
            completions_in_flight: count(36),
            shutdown: shutdowns[at / 216],
        };
        let now = Timestamp(1);
        let idle = SlotsStep { now, action: SlotsAction::Poll, reply: Ok(None) };
        let mut of_states = promises.iter().filter(|promise| promise.of_states);
        if !of_states.all(|promise| (promise.holds)(&terms, &before, &idle, &before)) {
            continue;
        }
        sound += 1;
        for now in [now, Timestamp(2)] {
            for action in SlotsAction::ALL {
                let (after, reply) = match before.decide(&terms, now, action) {
                    Ok((after, effect)) => (after, Ok(effect)),
                    Err(rejection) => (before, Err(rejection)),
                };
                let step = SlotsStep { now, action, reply };
                for promise in &promises {
                    let holds = (promise.holds)(&terms, &before, &step, &after);
                    assert!(holds, "{}: {before:?} {step:?} {after:?}", promise.name);
                }
            }
        }
    }
    assert_eq!(sound, 78, "a changed count is a changed machine");
}
