//! The promises of a task on a worker against wrong steps, each from a state that a task comes to.

use crate::refusals::{AgainstMutants, Refusals, all_hold, broken};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::promises::{TaskPromise, of_task};
use activity_execution::worker::{
    ActivityCancelReason, ActivityCancellationDetails, ActivityExecutionResult, ActivityTask,
    Cancel, Effect, Flushing, HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, Report,
    ResultReply, Running, TaskAction, TaskFailure, TaskOptions, TaskRejection, TaskStep,
};
use activity_models::explore::reach;
use activity_models::mutants::{self, YEAR};
use activity_models::system::SystemPayload;
use std::collections::{BTreeSet, HashMap};
use std::mem::discriminant;
use std::sync::LazyLock;

type Task = ActivityTask<i64, SystemPayload>;
type Made = TaskStep<i64, SystemPayload>;
type Reply = Result<Option<Effect<SystemPayload>>, TaskRejection>;
type Promises = Vec<TaskPromise<i64, SystemPayload>>;

const TERMS: TaskOptions = TaskOptions {
    start_to_close_timeout: Some(Span(3)),
    heartbeat_timeout: Some(Span(2)),
    local_timeout_buffer: Span(1),
    heartbeat_throttle_interval: Span(2),
    heartbeat_call_timeout: Span(1),
};

/// A step that a right task takes.
#[derive(Clone, Copy)]
struct Taken {
    before: Task,
    step: Made,
    after: Task,
}

impl Taken {
    fn judged(&self) -> (&Task, &Made, &Task) {
        (&self.before, &self.step, &self.after)
    }

    /// What makes it worth a try: what happens, how the task stands and what it was told and has
    /// sent, and what is answered.
    fn kind(&self) -> impl std::hash::Hash + Eq + use<> {
        let stands = match self.before {
            Task::Running(running) => {
                let (details, call) = (running.heartbeat_details, running.call);
                (1, Some((discriminant(&details), discriminant(&call))), running.cancel)
            }
            Task::Gone { cancel } => (2, None, Some(cancel)),
            Task::Absent => (3, None, None),
            Task::Flushing(flushing) => (4 + u8::from(flushing.buffered.is_some()), None, None),
            Task::Reporting => (6, None, None),
            Task::Released => (7, None, None),
        };
        (stands, self.step.action, self.step.reply.err(), self.step.reply.ok())
    }
}

/// A little later each time, up to what no timeout reaches, and at last a year.
fn later(now: i64) -> i64 {
    if now < 6 { now + 1 } else { YEAR }
}

/// Everything that happens to a task.
static TAKEN: LazyLock<Vec<Taken>> = LazyLock::new(|| {
    let (alphabet, mut all) = (alphabet(), Vec::new());
    reach((Task::Absent, 0), Clone::clone, |&(before, now), next| {
        if before != Task::Absent {
            next.push((before, later(now)));
        }
        for &action in &alphabet {
            let taken = taken(before, Timestamp(now), action);
            next.push((taken.after, now));
            all.push(taken);
        }
    });
    all
});

fn taken(before: Task, now: Timestamp, action: TaskAction<SystemPayload>) -> Taken {
    let (after, reply) = match before.decide(&TERMS, now, &action) {
        Ok((after, effect)) => (after, Ok(effect)),
        Err(rejection) => (before, Err(rejection)),
    };
    Taken { before, step: TaskStep { now, action, reply }, after }
}

fn alphabet() -> Vec<TaskAction<SystemPayload>> {
    let (result, failure) = (SystemPayload::Result(1), SystemPayload::Failure);
    let details = SystemPayload::GaveIn;
    let mut all = vec![
        TaskAction::Deliver { grace_period_elapsed: false },
        TaskAction::Deliver { grace_period_elapsed: true },
        TaskAction::HeartbeatDetailsConversionFails,
        TaskAction::HeartbeatReply(HeartbeatReply::NotFound),
        TaskAction::HeartbeatReply(HeartbeatReply::Failed),
        TaskAction::CancelActivityCommand,
        TaskAction::GracePeriodElapses,
        TaskAction::Return(ActivityExecutionResult::Completed { result }),
        TaskAction::Return(ActivityExecutionResult::Failed { failure }),
        TaskAction::Return(ActivityExecutionResult::Cancelled { details }),
        TaskAction::Return(ActivityExecutionResult::WillCompleteAsync),
        TaskAction::ResultReply(ResultReply::Accepted),
        TaskAction::ResultReply(ResultReply::NotFound),
        TaskAction::ResultReply(ResultReply::Lost),
    ];
    all.extend(LocalTimer::ALL.map(TaskAction::Elapses));
    let versions = [1, 2].map(SystemPayload::Details);
    all.extend(versions.map(|details| TaskAction::Heartbeat { details }));
    let recorded = |(cancel_requested, activity_paused, activity_reset)| {
        let reply = HeartbeatReply::Recorded { cancel_requested, activity_paused, activity_reset };
        TaskAction::HeartbeatReply(reply)
    };
    let flags = [false, true];
    all.extend(flags.into_iter().flat_map(|cancel| {
        flags.into_iter().flat_map(move |pause| flags.map(|reset| recorded((cancel, pause, reset))))
    }));
    all
}

/// Some steps of each kind.
fn of_each_kind(most: usize) -> Vec<Taken> {
    let mut counts = HashMap::new();
    let mut is_new = |taken: &&Taken| {
        let count = counts.entry(taken.kind()).or_insert(0);
        *count += 1;
        *count <= most
    };
    TAKEN.iter().filter(|taken| is_new(taken)).copied().collect()
}

fn reports() -> Vec<Report<SystemPayload>> {
    let mut all = Vec::new();
    for payload in [
        SystemPayload::Result(1),
        SystemPayload::GaveIn,
        SystemPayload::Failure,
        SystemPayload::Nothing,
    ] {
        all.push(Report::Completed { result: payload });
        all.push(Report::Canceled { details: payload });
        let own = TaskFailure::Function { failure: payload };
        let untold = |cancel| TaskFailure::CancelNotRequested { cancel, details: payload };
        let told = [Cancel::worker_shutdown(), Cancel::cancelled()].map(Some);
        for failure in [own, untold(None), untold(told[0]), untold(told[1])] {
            let versions = [1, 2].map(|version| Some(SystemPayload::Details(version)));
            for last_heartbeat_details in [None, versions[0], versions[1]] {
                all.push(Report::Failed { failure, last_heartbeat_details });
            }
        }
    }
    all
}

/// What a function can be told, and what nobody can be.
fn cancels() -> Vec<Cancel> {
    let paused = ActivityCancellationDetails { is_paused: true, ..Default::default() };
    let mut all = vec![
        Cancel::not_found(),
        Cancel::cancelled(),
        Cancel::timed_out(),
        Cancel::worker_shutdown(),
        Cancel::heartbeat_details_conversion_failed(),
    ];
    all.extend(ActivityCancelReason::ALL.map(|reason| Cancel { reason, details: paused }));
    for place in 0..8 {
        let [cancelled, is_paused, is_reset] = [1, 2, 4].map(|bit| place & bit != 0);
        all.extend(Cancel::told_by(HeartbeatReply::Recorded {
            cancel_requested: cancelled,
            activity_paused: is_paused,
            activity_reset: is_reset,
        }));
    }
    all
}

/// Every reply.
fn replies() -> Vec<Reply> {
    let mut all: Vec<Reply> = TaskRejection::ALL.map(Err).into();
    all.extend([Ok(None), Ok(Some(Effect::ReleaseSlot))]);
    all.extend(reports().into_iter().map(|report| Ok(Some(Effect::Respond(report)))));
    all.extend(cancels().into_iter().map(|cancel| Ok(Some(Effect::Cancel(cancel)))));
    all.extend(
        [SystemPayload::Details(1), SystemPayload::Details(2), SystemPayload::Nothing]
            .map(|details| Ok(Some(Effect::RecordActivityTaskHeartbeat { details }))),
    );
    all
}

/// The right step breaks nothing, and each that is answered otherwise breaks some promise.
#[test]
fn every_answer_follows_from_a_promise() {
    let (promises, replies): (Promises, _) = (of_task(), replies());
    let mut free = BTreeSet::new();
    for taken in TAKEN.iter() {
        assert_eq!(broken(&promises, &TERMS, taken.judged()), [""; 0], "{:?}", taken.step);
    }
    for Taken { before, step, after } in of_each_kind(6) {
        for &reply in &replies {
            let wrong = TaskStep { reply, ..step };
            if reply != step.reply && all_hold(&promises, &TERMS, (&before, &wrong, &after)) {
                free.insert(format!("{before:?} {step:?}: {reply:?}"));
            }
        }
    }
    let free: Vec<_> = free.into_iter().take(10).collect();
    assert_eq!(free, [""; 0]);
}

/// The task after a step, with one thing in it that is wrong.
fn slips(before: &Task, now: Timestamp, after: &Task) -> Vec<Task> {
    let mut all = vec![*before, Task::Absent, Task::Reporting, Task::Released];
    all.extend(cancels().into_iter().map(|cancel| Task::Gone { cancel }));
    let buffered = [None].into_iter().chain(DETAILS.map(Some));
    let flushing = |report| {
        let it = buffered.clone();
        it.map(move |buffered| Task::Flushing(Flushing { sent_time: now, buffered, report }))
    };
    match *after {
        Task::Running(running) => {
            all.extend(slips_of_running(running, now));
            all.extend(reports().into_iter().map(Some).chain([None]).flat_map(flushing));
        }
        Task::Flushing(it) => {
            all.extend(
                instants(it.sent_time, now)
                    .map(|sent_time| Task::Flushing(Flushing { sent_time, ..it })),
            );
            all.extend(buffered.map(|buffered| Task::Flushing(Flushing { buffered, ..it })));
            let reports = reports().into_iter().map(Some).chain([None]);
            all.extend(reports.map(|report| Task::Flushing(Flushing { report, ..it })));
            if let Task::Running(running) = before {
                let cancels = cancels().into_iter().map(Some).chain([None]);
                all.extend(cancels.map(|cancel| Task::Running(Running { cancel, ..*running })));
            }
        }
        Task::Absent | Task::Gone { .. } | Task::Reporting | Task::Released => {
            all.extend(flushing(Some(Report::Canceled { details: SystemPayload::GaveIn })));
            all.extend(flushing(None));
            all.push(taken(Task::Absent, now, alphabet()[0]).after);
        }
    }
    all.retain(|task| task != after);
    all
}

/// Details of heartbeats, two that differ.
const DETAILS: [SystemPayload; 2] = [SystemPayload::Details(1), SystemPayload::Details(2)];

/// Instants beside the right one.
fn instants(right: Timestamp, now: Timestamp) -> [Timestamp; 5] {
    [right + Span(1), right - Span(1), now, now + Span(1), Timestamp(-1)]
}

/// A running task with one thing in it that is wrong.
fn slips_of_running(running: Running<i64, SystemPayload>, now: Timestamp) -> Vec<Task> {
    let mut all = vec![Running { call: HeartbeatCall::NotSent, ..running }];
    all.extend(
        instants(running.delivered_time, now)
            .map(|delivered_time| Running { delivered_time, ..running }),
    );
    all.extend(
        instants(running.recorded_time, now)
            .map(|recorded_time| Running { recorded_time, ..running }),
    );
    let sent_times = instants(now, now)
        .into_iter()
        .chain(instants(sent(&running.call).unwrap_or(now), now))
        .chain(sent(&running.call));
    all.extend(sent_times.flat_map(|sent_time| {
        [HeartbeatCall::InFlight { sent_time }, HeartbeatCall::Returned { sent_time }]
            .map(|call| Running { call, ..running })
    }));
    let newest = [HeartbeatDetails::None]
        .into_iter()
        .chain(DETAILS.map(HeartbeatDetails::Sent))
        .chain(DETAILS.map(HeartbeatDetails::Buffered));
    all.extend(newest.map(|heartbeat_details| Running { heartbeat_details, ..running }));
    let cancels = cancels().into_iter().map(Some).chain([None]);
    all.extend(cancels.map(|cancel| Running { cancel, ..running }));
    all.into_iter().map(Task::Running).collect()
}

fn sent(call: &HeartbeatCall) -> Option<Timestamp> {
    match *call {
        HeartbeatCall::NotSent => None,
        HeartbeatCall::InFlight { sent_time } | HeartbeatCall::Returned { sent_time } => {
            Some(sent_time)
        }
    }
}

/// The same step under other options: one of them is misread.
fn options() -> Vec<TaskOptions> {
    let mut all = Vec::new();
    for by in [Span(1), Span(-1)] {
        let longer = |span: Option<Span>| span.map(|span| Span(span.0 + by.0));
        let buffer = TERMS.local_timeout_buffer;
        all.push(TaskOptions {
            start_to_close_timeout: longer(TERMS.start_to_close_timeout),
            ..TERMS
        });
        all.push(TaskOptions { heartbeat_timeout: longer(TERMS.heartbeat_timeout), ..TERMS });
        all.push(TaskOptions { local_timeout_buffer: Span(buffer.0 + by.0), ..TERMS });
        let interval = Span(TERMS.heartbeat_throttle_interval.0 + by.0);
        all.push(TaskOptions { heartbeat_throttle_interval: interval, ..TERMS });
        let timeout = Span(TERMS.heartbeat_call_timeout.0 + by.0);
        all.push(TaskOptions { heartbeat_call_timeout: timeout, ..TERMS });
    }
    all.push(TaskOptions { start_to_close_timeout: None, ..TERMS });
    all.push(TaskOptions { heartbeat_timeout: None, ..TERMS });
    all
}

#[test]
fn what_each_promise_of_a_task_refuses() {
    insta::assert_snapshot!(refusals(of_task()).table());
}

/// What these promises refuse.
fn refusals(promises: Promises) -> Refusals<TaskOptions, Task, Made> {
    let mut refusals = Refusals::of(promises);
    let (replies, options) = (replies(), options());
    for right in of_each_kind(2) {
        let Taken { before, step, after } = &right;
        for wrong in &slips(before, step.now, after) {
            refusals.by("state")(&TERMS, (before, step, wrong));
        }
        for &reply in replies.iter().filter(|it| **it != step.reply) {
            let wrong = TaskStep { reply, ..*step };
            refusals.by("reply")(&TERMS, (before, &wrong, after));
        }
        for terms in &options {
            refusals.by("options")(terms, (before, step, after));
        }
    }
    // Every reason with every combination of flags.
    let delivered = taken(Task::Absent, Timestamp(0), alphabet()[1]);
    for cancel in Cancel::all() {
        let Task::Running(running) = delivered.after else { continue };
        for after in
            [Task::Running(Running { cancel: Some(cancel), ..running }), Task::Gone { cancel }]
        {
            let wrong = TaskStep { reply: Ok(Some(Effect::Cancel(cancel))), ..delivered.step };
            refusals.by("flags")(&TERMS, (&delivered.before, &wrong, &after));
        }
    }
    // What happened is answered as something else was, here or elsewhere.
    let some = of_each_kind(1);
    for right in some.iter().step_by(3) {
        for other in some.iter().step_by(7) {
            let wrong = TaskStep { reply: other.step.reply, ..right.step };
            refusals.by("mistaken")(&TERMS, (&right.before, &wrong, &other.after));
        }
    }
    refusals
}

/// The promise that no rule breaks: where a rule refuses it has no state to give back.
const HELD_BY_THE_TYPES: &str = "a_refused_input_changes_nothing";

/// A promise that refuses nothing wrong could as well be `true`.
#[test]
fn every_promise_refuses_a_step_of_a_mutant() {
    let promises: Promises = of_task();
    let mut against = AgainstMutants::of(&promises);
    for mutant in mutants::of_task() {
        let mut found = BTreeSet::new();
        for Taken { before, step, .. } in TAKEN.iter() {
            let decided = before.decide(&TERMS, step.now, &step.action);
            let (after, reply) = match (mutant.rule)(before, step.now, &step.action, decided) {
                Ok((after, effect)) => (after, Ok(effect)),
                Err(rejection) => (*before, Err(rejection)),
            };
            let step = TaskStep { reply, ..*step };
            found.extend(broken(&promises, &TERMS, (before, &step, &after)));
        }
        against.tried(&mutant, &found);
    }
    against.judge(&[HELD_BY_THE_TYPES]);
}
