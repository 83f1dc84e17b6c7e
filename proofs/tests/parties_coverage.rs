//! What the generators of workers and callers draw: every shape that the hypotheses allow, every
//! edge of each machine.

use activity_execution::vocabulary::{Number, Opaque, Span, Timestamp};
use activity_execution::worker::promises::of_task;
use activity_execution::worker::{
    Action, ActivityCancelReason, ActivityCancellationDetails, ActivityTask, Cancel, Flushing,
    HeartbeatCall, HeartbeatDetails, Report, Running, Step, TaskFailure, TaskTerms,
};
use activity_proofs::parties::{Caller, Hypotheses, Party, Slots, Task, TaskPhase, Turn};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Mutex;
use symbolic::{Budget, Explorer, Job};

#[test]
fn every_edge_of_every_machine_is_explored() {
    let mut edges = edges::<Task>("task", |turn| match turn.step.reply {
        Ok(effect) => effect.map_or("Ok".to_owned(), |effect| head(&effect)),
        Err(rejection) => head(&rejection),
    });
    edges.extend(self::edges::<Slots>("worker", |turn| match turn.step.reply {
        Ok(effect) => effect.map_or("Ok".to_owned(), |effect| head(&effect)),
        Err(rejection) => head(&rejection),
    }));
    edges.extend(self::edges::<Caller>("caller", |turn| match turn.step.reply {
        Ok(effects) => {
            let command = effects.command.map_or("Ok".to_owned(), |command| head(&command));
            effects.resolution.map_or(command.clone(), |told| format!("{command} {}", head(&told)))
        }
        Err(rejection) => head(&rejection),
    }));
    let known: Vec<&str> = EDGES.lines().collect();
    assert_eq!(edges, known, "\n{}", edges.join("\n"));
}

/// Kind of state, kind of step, what is answered, and the state that follows.
fn edges<M: Party + Default>(machine: &str, reply: fn(&Turn<M>) -> String) -> Vec<String> {
    let found = Mutex::new(BTreeSet::new());
    let (found_ref, hypotheses) = (&found, &Hypotheses::all());
    let jobs = M::PHASES.iter().flat_map(|&phase| {
        M::WORDS.iter().map(move |&word| {
            Job::new(format!("{phase:?}, {word:?}"), move || {
                let turn = Turn::any(&M::default(), hypotheses, phase, word);
                let after = after(&turn);
                let edge = format!("{machine}: {phase:?} {word:?} {} {after}", reply(&turn));
                found_ref.lock().expect("nobody panics with the edges").insert(edge);
            })
        })
    });
    for report in Explorer::new(Budget::default()).prove_all(jobs.collect()) {
        assert!(report.is_proved(), "{report}");
    }
    found.into_inner().expect("nobody panicked with the edges").into_iter().collect()
}

/// The phase after a step: of a worker, that of its shutdown.
fn after<M: Party>(turn: &Turn<M>) -> String {
    let text = format!("{:?}", turn.after);
    match text.strip_prefix("Worker ").and_then(|it| it.split_once("shutdown: ")) {
        Some((_, shutdown)) => first_word(shutdown),
        None => first_word(&text),
    }
}

fn head(value: &impl Debug) -> String {
    first_word(&format!("{value:?}"))
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|it| it.is_alphanumeric()).collect()
}

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
        let drawn = drawn(&hypotheses);
        let allowed = allowed(&hypotheses);
        assert_eq!(drawn.len(), allowed.len(), "{hypotheses:?}");
        assert_eq!(drawn, allowed, "{hypotheses:?}");
    }
}

fn drawn(hypotheses: &Hypotheses<Task>) -> BTreeSet<String> {
    let mut shapes = BTreeSet::new();
    for phase in TaskPhase::ALL {
        let report = Explorer::new(Budget::default()).prove("shapes", || {
            let terms = Task::terms();
            shapes.insert(shape(&Task::state(hypotheses, &terms, phase)));
        });
        assert!(report.is_proved(), "{report}");
    }
    shapes
}

/// Every shape there is, with zero for each number, of which the assumed promises hold.
fn allowed(hypotheses: &Hypotheses<Task>) -> BTreeSet<String> {
    let terms = TaskTerms {
        start_to_close_timeout: None,
        heartbeat_timeout: None,
        local_timeout_buffer: Span(0),
        heartbeat_throttle_interval: Span(0),
        heartbeat_call_timeout: Span(0),
    };
    let step = Step { now: Timestamp(0), action: Action::GracePeriodElapses, reply: Ok(None) };
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
    tasks.extend(cancels().into_iter().flatten().map(|cancel| ActivityTask::Gone { cancel }));
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
        reports.extend(cancels().into_iter().map(|cancel| {
            let failure = TaskFailure::CancelNotRequested { cancel, details: () };
            Some(Report::Failed { failure, last_heartbeat_details })
        }));
    }
    reports
}

/// Every reason with every combination of flags, and none.
fn cancels() -> Vec<Option<Cancel>> {
    let mut cancels = vec![None];
    for reason in ActivityCancelReason::ALL {
        cancels.extend((0..64).map(|flags| {
            let details = ActivityCancellationDetails {
                is_not_found: flags & 1 != 0,
                is_cancelled: flags & 2 != 0,
                is_paused: flags & 4 != 0,
                is_timed_out: flags & 8 != 0,
                is_worker_shutdown: flags & 16 != 0,
                is_reset: flags & 32 != 0,
            };
            Some(Cancel { reason, details })
        }));
    }
    cancels
}

/// A task without its numbers and payloads.
fn shape<N: Number, P: Opaque>(task: &ActivityTask<N, P>) -> String {
    match task {
        ActivityTask::Running(running) => {
            let (details, call) = (head(&running.heartbeat_details), head(&running.call));
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

const EDGES: &str = include_str!("party_edges.txt");
