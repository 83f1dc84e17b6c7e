//! Symbolic inputs of a task: any state of it, and any action. Draws every shape on a path of its
//! own and knows no invariant: the promises themselves prune.

use super::{Hypotheses, Task};
use crate::any::{instant, span};
use crate::number::Sym;
use crate::payload::SymbolicPayload;
use activity_execution::vocabulary::{Number, Timestamp};
use activity_execution::worker::{
    ActivityCancelReason, ActivityCancellationDetails, ActivityExecutionResult, ActivityTask,
    Cancel, Flushing, HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, Report,
    ResultReply, Running, TaskAction, TaskFailure, TaskOptions,
};
use symbolic::{assume_that, choose, flag, pick, such_that};

/// A task, without its data.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `ActivityTask`")]
pub enum TaskPhase {
    Absent,
    Running,
    Gone,
    Flushing,
    Reporting,
    Released,
}

impl TaskPhase {
    /// All of them.
    pub const ALL: [TaskPhase; 6] = [
        TaskPhase::Absent,
        TaskPhase::Running,
        TaskPhase::Gone,
        TaskPhase::Flushing,
        TaskPhase::Reporting,
        TaskPhase::Released,
    ];
}

/// What happens, without its arguments.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `TaskAction`")]
pub enum TaskWord {
    Deliver,
    Heartbeat,
    HeartbeatDetailsConversionFails,
    HeartbeatReply,
    Elapses(LocalTimer),
    CancelActivityCommand,
    GracePeriodElapses,
    Return,
    ResultReply,
}

impl TaskWord {
    /// All of them.
    pub const ALL: [TaskWord; 12] = [
        TaskWord::Deliver,
        TaskWord::Heartbeat,
        TaskWord::HeartbeatDetailsConversionFails,
        TaskWord::HeartbeatReply,
        TaskWord::Elapses(LocalTimer::HeartbeatThrottle),
        TaskWord::Elapses(LocalTimer::HeartbeatCall),
        TaskWord::Elapses(LocalTimer::Heartbeat),
        TaskWord::Elapses(LocalTimer::StartToClose),
        TaskWord::CancelActivityCommand,
        TaskWord::GracePeriodElapses,
        TaskWord::Return,
        TaskWord::ResultReply,
    ];
}

/// Any terms, those that no worker can have included.
pub(super) fn terms() -> TaskOptions<Sym> {
    TaskOptions {
        start_to_close_timeout: flag().then(|| span("start_to_close_timeout")),
        heartbeat_timeout: flag().then(|| span("heartbeat_timeout")),
        local_timeout_buffer: span("local_timeout_buffer"),
        heartbeat_throttle_interval: span("heartbeat_throttle_interval"),
        heartbeat_call_timeout: span("heartbeat_call_timeout"),
    }
}

/// Any task of this phase of which the hypotheses hold.
pub(super) fn task(
    hypotheses: &Hypotheses<Task>,
    terms: &TaskOptions<Sym>,
    phase: TaskPhase,
) -> ActivityTask<Sym, SymbolicPayload> {
    let sound =
        |task: ActivityTask<Sym, SymbolicPayload>| hypotheses.hold(terms, &task).then_some(task);
    match phase {
        TaskPhase::Absent => ActivityTask::Absent,
        TaskPhase::Running => running(hypotheses, terms),
        TaskPhase::Gone => such_that(|| sound(ActivityTask::Gone { cancel: cancel() })),
        TaskPhase::Flushing => {
            let (sent_time, report) = (instant("sent_time"), report(sound));
            such_that(|| {
                let buffered = flag().then(|| SymbolicPayload::named("details"));
                sound(ActivityTask::Flushing(Flushing { sent_time, buffered, report }))
            })
        }
        TaskPhase::Reporting => ActivityTask::Reporting,
        TaskPhase::Released => ActivityTask::Released,
    }
}

/// Shapes first, with zero in the place of every number: what a shape rules out costs no numbers.
fn running(
    hypotheses: &Hypotheses<Task>,
    terms: &TaskOptions<Sym>,
) -> ActivityTask<Sym, SymbolicPayload> {
    let sound = |running| hypotheses.hold(terms, &ActivityTask::Running(running));
    let zero = Timestamp(Sym::literal(0));
    let bare = Running {
        delivered_time: zero,
        recorded_time: zero,
        heartbeat_details: HeartbeatDetails::None,
        call: HeartbeatCall::NotSent,
        cancel: None,
    };
    let told = such_that(|| {
        let running = Running { cancel: flag().then(cancel), ..bare };
        sound(running).then_some(running)
    });
    let details = SymbolicPayload::named("details");
    let shape = such_that(|| {
        let heartbeat_details = pick(&[
            HeartbeatDetails::None,
            HeartbeatDetails::Sent(details),
            HeartbeatDetails::Buffered(details),
        ]);
        let call = pick(&[
            HeartbeatCall::NotSent,
            HeartbeatCall::InFlight { sent_time: zero },
            HeartbeatCall::Returned { sent_time: zero },
        ]);
        let running = Running { heartbeat_details, call, ..told };
        sound(running).then_some(running)
    });
    let call = match shape.call {
        HeartbeatCall::NotSent => HeartbeatCall::NotSent,
        HeartbeatCall::InFlight { .. } => {
            HeartbeatCall::InFlight { sent_time: instant("sent_time") }
        }
        HeartbeatCall::Returned { .. } => {
            HeartbeatCall::Returned { sent_time: instant("sent_time") }
        }
    };
    let (delivered_time, recorded_time) = (instant("delivered_time"), instant("recorded_time"));
    let running = Running { delivered_time, recorded_time, call, ..shape };
    assume_that(|| sound(running));
    ActivityTask::Running(running)
}

/// Every reason with every combination of flags.
fn cancel() -> Cancel {
    let reason = pick(&ActivityCancelReason::ALL);
    let details = ActivityCancellationDetails {
        is_not_found: flag(),
        is_cancelled: flag(),
        is_paused: flag(),
        is_timed_out: flag(),
        is_worker_shutdown: flag(),
        is_reset: flag(),
    };
    Cancel { reason, details }
}

/// Any report that can wait, of whatever else it waits with.
fn report(
    sound: impl Fn(ActivityTask<Sym, SymbolicPayload>) -> Option<ActivityTask<Sym, SymbolicPayload>>,
) -> Option<Report<SymbolicPayload>> {
    let failure = match choose(5) {
        0 => return None,
        1 => return Some(Report::Completed { result: payload("result") }),
        2 => return Some(Report::Canceled { details: payload("farewell") }),
        3 => TaskFailure::Function { failure: payload("failure") },
        _ => {
            let details = payload("farewell");
            // As above, what the reason rules out costs nothing else.
            such_that(|| {
                let failure =
                    TaskFailure::CancelNotRequested { cancel: flag().then(cancel), details };
                let report = Some(Report::Failed { failure, last_heartbeat_details: None });
                let sent_time = Timestamp(Sym::literal(0));
                sound(ActivityTask::Flushing(Flushing { sent_time, buffered: None, report }))?;
                Some(failure)
            })
        }
    };
    let last_heartbeat_details = flag().then(|| payload("other details"));
    Some(Report::Failed { failure, last_heartbeat_details })
}

/// Any action with this word.
pub(super) fn action(word: TaskWord) -> TaskAction<SymbolicPayload> {
    match word {
        TaskWord::Deliver => TaskAction::Deliver { grace_period_elapsed: flag() },
        TaskWord::Heartbeat => TaskAction::Heartbeat { details: payload("new details") },
        TaskWord::HeartbeatDetailsConversionFails => TaskAction::HeartbeatDetailsConversionFails,
        TaskWord::HeartbeatReply => TaskAction::HeartbeatReply(heartbeat_reply()),
        TaskWord::Elapses(timer) => TaskAction::Elapses(timer),
        TaskWord::CancelActivityCommand => TaskAction::CancelActivityCommand,
        TaskWord::GracePeriodElapses => TaskAction::GracePeriodElapses,
        TaskWord::Return => TaskAction::Return(match choose(4) {
            0 => ActivityExecutionResult::Completed { result: payload("result") },
            1 => ActivityExecutionResult::Failed { failure: payload("failure") },
            2 => ActivityExecutionResult::Cancelled { details: payload("farewell") },
            _ => ActivityExecutionResult::WillCompleteAsync,
        }),
        TaskWord::ResultReply => TaskAction::ResultReply(pick(&[
            ResultReply::Accepted,
            ResultReply::NotFound,
            ResultReply::Lost,
        ])),
    }
}

fn heartbeat_reply() -> HeartbeatReply {
    match choose(3) {
        0 => HeartbeatReply::NotFound,
        1 => HeartbeatReply::Failed,
        _ => HeartbeatReply::Recorded {
            cancel_requested: flag(),
            activity_paused: flag(),
            activity_reset: flag(),
        },
    }
}

/// A payload of its own, or by chance the very details that the task holds.
fn payload(name: &str) -> SymbolicPayload {
    SymbolicPayload::named(if flag() { name } else { "details" })
}
