//! Auxiliary invariants of a task beside its promises.

use crate::number::Sym;
use crate::payload::SymbolicPayload;
use activity_execution::worker::promises::the_flags_agree_with_the_reason;
use activity_execution::worker::{
    ActivityCancelReason, ActivityTask, Cancel, Effect, HeartbeatDetails, LocalTimer, Report,
    TaskAction, TaskFailure, TaskOptions, TaskStep,
};

activity_execution::promises! { [](TaskOptions<Sym>, ActivityTask<Sym, SymbolicPayload>, TaskStep<Sym, SymbolicPayload>)
    pub(super) of_states; of_states: true;
    /// A failure that waits for the last heartbeat call, and stands for a function that gave in,
    /// carries a reason with its flags that is neither a cancel request nor the loss of the
    /// attempt.
    a_failure_says_what_the_function_was_told(terms, _before, step, after) {
        let Some(cancel) = denied(waiting(after)) else {
            return true;
        };
        let told = ActivityTask::Gone { cancel };
        cancel.reason != ActivityCancelReason::Cancelled
            && !cancel.reason.means_gone()
            && the_flags_agree_with_the_reason(terms, &told, step, &told)
    }
}

activity_execution::promises! { [](TaskOptions<Sym>, ActivityTask<Sym, SymbolicPayload>, TaskStep<Sym, SymbolicPayload>)
    pub(super) of_steps; of_states: false;
    /// Details that wait are never forgotten: an alarm is set for them, or for the call before them.
    details_that_wait_have_an_alarm(terms, _before, _step, after) {
        let waits = match after {
            ActivityTask::Running(running) => {
                matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_))
            }
            ActivityTask::Flushing(flushing) => flushing.buffered.is_some(),
            ActivityTask::Absent
            | ActivityTask::Gone { .. }
            | ActivityTask::Reporting
            | ActivityTask::Released => false,
        };
        let mut alarms = [LocalTimer::HeartbeatThrottle, LocalTimer::HeartbeatCall].into_iter();
        !waits || alarms.any(|timer| after.due(terms, timer).is_some())
    }

    /// Whoever is reported as canceled was told of the request, flag and all.
    whoever_is_reported_as_canceled_was_told_so(_terms, before, step, after) {
        let canceled = matches!(
            responded(step).or(waiting(after)),
            Some(Report::Canceled { .. })
        );
        !canceled
            || !before.is_outstanding()
            || before.cancel().is_some_and(|cancel| cancel.details.is_cancelled)
    }

    /// Whoever was told that its attempt is gone runs for nobody: neither a heartbeat nor a result
    /// is sent.
    whoever_was_told_that_it_is_gone_is_not_spoken_of(_terms, before, step, _after) {
        let speaks = matches!(
            step.reply,
            Ok(Some(Effect::RecordActivityTaskHeartbeat { .. } | Effect::Respond(_)))
        );
        !speaks || before.cancel().is_none_or(|cancel| !cancel.reason.means_gone())
    }

    /// No heartbeat follows a return whose report carries the details or supersedes them.
    nothing_is_flushed_that_a_report_supersedes(_terms, before, step, _after) {
        let flushes =
            matches!(step.reply, Ok(Some(Effect::RecordActivityTaskHeartbeat { .. })));
        !flushes
            || !matches!(waiting(before), Some(Report::Completed { .. } | Report::Failed { .. }))
    }

    /// No failure that is reported hides that the function had been told of a cancel request.
    no_failure_denies_a_cancel_request(_terms, _before, step, _after) {
        denied(responded(step)).is_none_or(|cancel| !cancel.details.is_cancelled)
    }

    /// No timer of the worker's own goes off sooner after the delivery than its timeout and the
    /// buffer.
    no_timeout_is_shorter_than_its_length(terms, before, step, _after) {
        let ActivityTask::Running(running) = before else {
            return true;
        };
        let timeout = match step.action {
            TaskAction::Elapses(LocalTimer::Heartbeat) => terms.heartbeat_timeout,
            TaskAction::Elapses(LocalTimer::StartToClose) => terms.start_to_close_timeout,
            TaskAction::Elapses(LocalTimer::HeartbeatThrottle | LocalTimer::HeartbeatCall)
            | TaskAction::Deliver { .. }
            | TaskAction::Heartbeat { .. }
            | TaskAction::HeartbeatDetailsConversionFails
            | TaskAction::HeartbeatReply(_)
            | TaskAction::CancelActivityCommand
            | TaskAction::GracePeriodElapses
            | TaskAction::Return(_)
            | TaskAction::ResultReply(_) => return true,
        };
        step.reply.is_err()
            || timeout.is_some_and(|timeout| {
                step.now >= running.delivered_time + timeout + terms.local_timeout_buffer
            })
    }
}

/// The report that waits for the last heartbeat call.
fn waiting(task: &ActivityTask<Sym, SymbolicPayload>) -> Option<Report<SymbolicPayload>> {
    match task {
        ActivityTask::Flushing(flushing) => flushing.report,
        ActivityTask::Absent
        | ActivityTask::Running(_)
        | ActivityTask::Gone { .. }
        | ActivityTask::Reporting
        | ActivityTask::Released => None,
    }
}

/// The report that is sent in this step.
fn responded(step: &TaskStep<Sym, SymbolicPayload>) -> Option<Report<SymbolicPayload>> {
    match step.reply {
        Ok(Some(Effect::Respond(report))) => Some(report),
        Ok(
            Some(
                Effect::RecordActivityTaskHeartbeat { .. }
                | Effect::Cancel(_)
                | Effect::ReleaseSlot,
            )
            | None,
        )
        | Err(_) => None,
    }
}

/// What a function had been told that gave in and is reported as failed.
fn denied(report: Option<Report<SymbolicPayload>>) -> Option<Cancel> {
    match report {
        Some(Report::Failed {
            failure: TaskFailure::CancelNotRequested { cancel, .. }, ..
        }) => cancel,
        Some(
            Report::Failed { failure: TaskFailure::Function { .. }, .. }
            | Report::Completed { .. }
            | Report::Canceled { .. },
        )
        | None => None,
    }
}
