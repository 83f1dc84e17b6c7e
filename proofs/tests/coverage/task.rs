//! The shapes of tasks, by plain enumeration.

use super::{drawn, head};
use activity_execution::vocabulary::{Number, Opaque, Span, Timestamp};
use activity_execution::worker::promises::of_task;
use activity_execution::worker::{
    ActivityTask, Cancel, Flushing, HeartbeatCall, HeartbeatDetails, Report, Running, TaskAction,
    TaskFailure, TaskOptions, TaskStep,
};
use activity_proofs::parties::{Hypotheses, Party, Task};
use std::collections::BTreeSet;
use std::iter;

#[test]
fn the_generator_draws_every_shape_of_a_task_that_the_hypotheses_allow_and_no_other() {
    // This one is no promise to users: it exists in symbols only.
    let hypotheses = Hypotheses::<Task>::all().without("a_failure_says_what_the_function_was_told");
    let needed = Task::STRENGTHENINGS.iter().map(|needed| needed.promise);
    let nothing = needed.fold(Hypotheses::all(), |left, promise| left.without(promise));
    for hypotheses in [
        hypotheses.clone().without("the_flags_agree_with_the_reason"),
        hypotheses.clone().without("details_are_sent_or_wait_for_a_call"),
        hypotheses.clone().without("only_canceled_and_asynchronous_tasks_flush"),
        hypotheses,
        nothing,
    ] {
        let drawn = drawn(&hypotheses, Task::PHASES, |_, task| shape(task));
        let allowed = allowed(&hypotheses);
        assert_eq!(drawn.len(), allowed.len(), "{hypotheses:?}");
        assert_eq!(drawn, allowed, "{hypotheses:?}");
    }
}

/// Every shape there is, with zero for each number, of which the assumed promises hold.
fn allowed(hypotheses: &Hypotheses<Task>) -> BTreeSet<String> {
    let terms = TaskOptions {
        start_to_close_timeout: None,
        heartbeat_timeout: None,
        local_timeout_buffer: Span(0),
        heartbeat_throttle_interval: Span(0),
        heartbeat_call_timeout: Span(0),
    };
    let step =
        TaskStep { now: Timestamp(0), action: TaskAction::GracePeriodElapses, reply: Ok(None) };
    let mut promises = of_task::<i64, ()>();
    promises.retain(|promise| promise.of_states && hypotheses.include(promise.name));
    let sound = |task: &ActivityTask<i64, ()>| {
        promises.iter().all(|promise| (promise.holds)(&terms, task, &step, task))
    };
    every_task().iter().filter(|task| sound(task)).map(shape).collect()
}

fn every_task() -> Vec<ActivityTask<i64, ()>> {
    let zero = Timestamp(0);
    let mut tasks = vec![ActivityTask::Absent, ActivityTask::Reporting, ActivityTask::Released];
    tasks.extend(Cancel::all().map(|cancel| ActivityTask::Gone { cancel }));
    for cancel in cancels() {
        for heartbeat_details in
            [HeartbeatDetails::None, HeartbeatDetails::Sent(()), HeartbeatDetails::Buffered(())]
        {
            for call in [
                HeartbeatCall::NotSent,
                HeartbeatCall::InFlight { sent_time: zero },
                HeartbeatCall::Returned { sent_time: zero },
            ] {
                let (delivered_time, recorded_time) = (zero, zero);
                tasks.push(ActivityTask::Running(Running {
                    delivered_time,
                    recorded_time,
                    heartbeat_details,
                    call,
                    cancel,
                }));
            }
        }
    }
    for buffered in [None, Some(())] {
        tasks.extend(
            reports().into_iter().map(|report| {
                ActivityTask::Flushing(Flushing { sent_time: zero, buffered, report })
            }),
        );
    }
    tasks
}

fn reports() -> Vec<Option<Report<()>>> {
    let mut reports =
        vec![None, Some(Report::Completed { result: () }), Some(Report::Canceled { details: () })];
    for last_heartbeat_details in [None, Some(())] {
        let failure = TaskFailure::Function { failure: () };
        reports.push(Some(Report::Failed { failure, last_heartbeat_details }));
        reports.extend(cancels().map(|cancel| {
            let failure = TaskFailure::CancelNotRequested { cancel, details: () };
            Some(Report::Failed { failure, last_heartbeat_details })
        }));
    }
    reports
}

/// Every reason with every combination of details, and none.
fn cancels() -> impl Iterator<Item = Option<Cancel>> {
    iter::once(None).chain(Cancel::all().map(Some))
}

/// A task without its numbers and payloads.
fn shape<N: Number, P: Opaque>(task: &ActivityTask<N, P>) -> String {
    match task {
        ActivityTask::Running(running) => {
            let (details, call) = (head(&running.heartbeat_details), head(running.call));
            format!("Running {details} {call} {:?}", running.cancel)
        }
        ActivityTask::Flushing(flushing) => {
            let report =
                flushing.report.as_ref().map_or("None".to_owned(), |report| match report {
                    Report::Failed {
                        failure: TaskFailure::CancelNotRequested { cancel, .. },
                        last_heartbeat_details,
                    } => format!(
                        "CancelNotRequested {cancel:?} {}",
                        last_heartbeat_details.is_some()
                    ),
                    Report::Failed { last_heartbeat_details, .. } => {
                        format!("Failed {}", last_heartbeat_details.is_some())
                    }
                    Report::Completed { .. } | Report::Canceled { .. } => head(report),
                });
            format!("Flushing {} {report}", flushing.buffered.is_some())
        }
        ActivityTask::Absent
        | ActivityTask::Gone { .. }
        | ActivityTask::Reporting
        | ActivityTask::Released => format!("{task:?}"),
    }
}
