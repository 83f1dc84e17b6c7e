//! Workers with the defects of real ones, as wrappers around ours: each is handed the state before,
//! what happens, and what ours makes of it. Shared by the tests and the proofs.

use activity_execution::vocabulary::{Number, Timestamp};
use activity_execution::worker::{
    Action, ActivityCancelReason, ActivityExecutionResult, ActivityTask, Cancel, Effect,
    HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, Rejection, Report, Running,
    Shutdown, Worker, WorkerAction, WorkerEffect, WorkerRejection,
};

/// What becomes of a task, and what has to be done; or why not.
pub type TaskNext<N, P> = Result<(ActivityTask<N, P>, Option<Effect<P>>), Rejection>;

/// What becomes of a worker, and what has to be done; or why not.
pub type WorkerNext<N> = Result<(Worker<N>, Option<WorkerEffect>), WorkerRejection>;

/// One local timer for both timeouts, which heartbeats put off.
pub fn a_start_to_close_timer_that_heartbeats_put_off<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action) {
        (ActivityTask::Running(running), Action::Elapses(LocalTimer::StartToClose))
            if running.call != HeartbeatCall::NotSent =>
        {
            Err(Rejection::NotDue)
        }
        _ => next,
    }
}

/// A call that hangs is waited for.
pub fn a_heartbeat_call_that_may_hang_for_ever<N: Number, P: Copy>(
    _: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match action {
        Action::Elapses(LocalTimer::HeartbeatCall) => Err(Rejection::NotDue),
        _ => next,
    }
}

/// The report goes out although the flush before it was not recorded.
pub fn a_canceled_report_that_overtakes_the_flush<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action) {
        (ActivityTask::Flushing(flushing), Action::HeartbeatReply(HeartbeatReply::Failed)) => {
            match flushing.report {
                Some(report) => Ok((ActivityTask::Reporting, Some(Effect::Respond(report)))),
                None => next,
            }
        }
        _ => next,
    }
}

/// The local heartbeat timer starts anew after a call that came to nothing.
pub fn a_failed_heartbeat_taken_for_a_sign_of_life<N: Number, P: Copy>(
    _: &ActivityTask<N, P>,
    now: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (action, next) {
        (
            Action::HeartbeatReply(HeartbeatReply::Failed),
            Ok((ActivityTask::Running(running), effect)),
        ) => Ok((ActivityTask::Running(Running { recorded_time: now, ..running }), effect)),
        (_, next) => next,
    }
}

/// Details that wait are forgotten when somebody else is to complete the task.
pub fn details_dropped_when_a_task_completes_asynchronously<N: Number, P: Copy>(
    _: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (action, next) {
        (
            Action::Return(ActivityExecutionResult::WillCompleteAsync),
            Ok((ActivityTask::Flushing(_), _)),
        ) => Ok((ActivityTask::Released, Some(Effect::ReleaseSlot))),
        (_, next) => next,
    }
}

/// A pushed cancel is delivered again.
pub fn a_second_cancel_for_another_reason<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action) {
        (ActivityTask::Running(running), Action::CancelActivityCommand) => {
            let cancel = Cancel::cancelled();
            let running = Running { cancel: Some(cancel), ..*running };
            Ok((ActivityTask::Running(running), Some(Effect::Cancel(cancel))))
        }
        _ => next,
    }
}

/// What a worker learns after it has told the function something is lost on it.
pub fn not_found_forgotten_because_another_reason_came_first<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action) {
        (ActivityTask::Running(running), Action::HeartbeatReply(HeartbeatReply::NotFound))
            if running.cancel.is_some() =>
        {
            match running.call {
                HeartbeatCall::InFlight { sent_time } => {
                    let call = HeartbeatCall::Returned { sent_time };
                    Ok((ActivityTask::Running(Running { call, ..*running }), None))
                }
                HeartbeatCall::NotSent | HeartbeatCall::Returned { .. } => next,
            }
        }
        _ => next,
    }
}

/// A result is reported that can only be refused.
pub fn a_success_sent_for_an_attempt_that_is_gone<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action) {
        (
            ActivityTask::Gone { .. },
            Action::Return(ActivityExecutionResult::Completed { result }),
        ) => {
            let report = Report::Completed { result: *result };
            Ok((ActivityTask::Reporting, Some(Effect::Respond(report))))
        }
        _ => next,
    }
}

/// A failure does not carry what waits.
pub fn a_failure_without_the_details_that_were_not_sent<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    _: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, next) {
        (
            ActivityTask::Running(Running {
                heartbeat_details: HeartbeatDetails::Buffered(_), ..
            }),
            Ok((after, Some(Effect::Respond(Report::Failed { failure, .. })))),
        ) => {
            let report = Report::Failed { failure, last_heartbeat_details: None };
            Ok((after, Some(Effect::Respond(report))))
        }
        (_, next) => next,
    }
}

/// Newer details do not replace what waits.
pub fn older_details_that_are_kept_instead_of_newer_ones<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action, &next) {
        (
            ActivityTask::Running(Running {
                heartbeat_details: HeartbeatDetails::Buffered(_), ..
            }),
            Action::Heartbeat { .. },
            Ok((ActivityTask::Running(_), None)),
        ) => Ok((*before, None)),
        _ => next,
    }
}

/// The task is over, and its slot stays in use.
pub fn a_slot_that_is_not_released<N: Number, P: Copy>(
    _: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (action, next) {
        (Action::ResultReply(_), Ok((after, _))) => Ok((after, None)),
        (_, next) => next,
    }
}

/// A function that gives in to a pause is reported as canceled.
pub fn a_pause_reported_as_canceled<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    cancels_for(ActivityCancelReason::Paused, before, action, next)
}

/// A function that gives in to a shutdown is reported as canceled.
pub fn a_shutdown_reported_as_canceled<N: Number, P: Copy>(
    before: &ActivityTask<N, P>,
    _: Timestamp<N>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    cancels_for(ActivityCancelReason::WorkerShutdown, before, action, next)
}

fn cancels_for<N: Number, P: Copy>(
    reason: ActivityCancelReason,
    before: &ActivityTask<N, P>,
    action: &Action<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    match (before, action, next) {
        (
            ActivityTask::Running(running),
            Action::Return(ActivityExecutionResult::Cancelled { details }),
            Ok((ActivityTask::Reporting, _)),
        ) if running.cancel.is_some_and(|cancel| cancel.reason == reason) => {
            let report = Report::Canceled { details: *details };
            Ok((ActivityTask::Reporting, Some(Effect::Respond(report))))
        }
        (_, _, next) => next,
    }
}

/// "No function runs" is taken for "nothing is left to do".
pub fn a_shutdown_that_strands_a_completion<N: Number>(
    _: &Worker<N>,
    _: Timestamp<N>,
    action: WorkerAction,
    next: WorkerNext<N>,
) -> WorkerNext<N> {
    match (action, next) {
        (WorkerAction::Return, Ok((after, None))) => match after.shutdown {
            Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed
                if after.polling + after.outstanding <= N::literal(0) =>
            {
                let after = Worker { shutdown: Shutdown::ShutDown, ..after };
                Ok((after, Some(WorkerEffect::FinishShutdown)))
            }
            Shutdown::Running
            | Shutdown::Initiated { .. }
            | Shutdown::GracePeriodElapsed
            | Shutdown::ShutDown => Ok((after, None)),
        },
        (_, next) => next,
    }
}
