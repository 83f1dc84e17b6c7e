//! Promises about results: what is reported, once, after which heartbeats, and when nothing is.

use super::{effect, is_in_flight, reply_of};
use crate::vocabulary::{Number, Opaque};
use crate::worker::{
    ActivityCancelReason, ActivityExecutionResult, ActivityTask, Effect, HeartbeatDetails,
    HeartbeatReply, LocalTimer, Report, Running, TaskAction, TaskFailure, TaskOptions, TaskStep,
};

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_states; of_states: true;
    /// Details wait beside a finished function only where its report does not carry them and
    /// they are not superseded by a result.
    only_canceled_and_asynchronous_tasks_flush(_terms, _before, _step, after) {
        match after {
            ActivityTask::Flushing(flushing) => {
                flushing.buffered.is_none()
                    || matches!(flushing.report, None | Some(Report::Canceled { .. }))
            }
            ActivityTask::Absent
            | ActivityTask::Running(_)
            | ActivityTask::Gone { .. }
            | ActivityTask::Reporting
            | ActivityTask::Released => true,
        }
    }
}

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_steps; of_states: false;
    /// A result is reported in the step in which reporting begins, and in no other.
    a_result_is_reported_once(_terms, before, step, after) {
        let begins = !matches!(before, ActivityTask::Reporting)
            && matches!(after, ActivityTask::Reporting);
        begins == matches!(effect(step), Some(Effect::Respond(_)))
    }

    /// No heartbeat is in flight when the result is sent, and none is sent after it.
    no_result_overtakes_a_heartbeat(_terms, before, step, after) {
        match effect(step) {
            Some(Effect::Respond(_)) => {
                let ended = matches!(
                    step.action,
                    TaskAction::HeartbeatReply(_) | TaskAction::Elapses(LocalTimer::HeartbeatCall)
                );
                !is_in_flight(before) || ended
            }
            Some(Effect::RecordActivityTaskHeartbeat { .. }) => is_in_flight(after),
            Some(Effect::Cancel(_) | Effect::ReleaseSlot) | None => true,
        }
    }

    /// An attempt that is gone is not spoken of: no heartbeat, no result.
    an_attempt_that_is_gone_is_not_spoken_of(_terms, before, step, after) {
        !matches!(before, ActivityTask::Gone { .. })
            || (!speaks(step)
                && matches!(after, ActivityTask::Gone { .. } | ActivityTask::Released))
    }

    /// An attempt is gone by the service's word, whatever the function was told before, or by a
    /// local timer; nothing else makes it so.
    not_found_and_local_timeouts_mean_gone(_terms, before, step, after) {
        let timed_out = step.reply.is_ok()
            && matches!(
                step.action,
                TaskAction::Elapses(LocalTimer::Heartbeat | LocalTimer::StartToClose)
            );
        let not_found = reply_of(step) == Some(HeartbeatReply::NotFound);
        match before {
            ActivityTask::Running(_) => {
                matches!(after, ActivityTask::Gone { .. }) == (timed_out || not_found)
            }
            ActivityTask::Flushing(_) if not_found => {
                !speaks(step) && matches!(after, ActivityTask::Released)
            }
            ActivityTask::Flushing(_)
            | ActivityTask::Absent
            | ActivityTask::Gone { .. }
            | ActivityTask::Reporting
            | ActivityTask::Released => {
                matches!(before, ActivityTask::Gone { .. })
                    || !matches!(after, ActivityTask::Gone { .. })
            }
        }
    }

    /// A result is reported as the function gave it: cancellation may be ignored, and a success
    /// after it is a success.
    the_function_decides_its_result(_terms, before, step, after) {
        match returned(before, step) {
            Some((_, ActivityExecutionResult::Completed { result })) => {
                owed(step, after) == Some(&Report::Completed { result: result.clone() })
            }
            Some((_, ActivityExecutionResult::Failed { failure: given })) => {
                matches!(
                    owed(step, after),
                    Some(Report::Failed { failure: TaskFailure::Function { failure }, .. })
                        if failure == given
                )
            }
            Some((_, ActivityExecutionResult::WillCompleteAsync)) => owed(step, after).is_none(),
            Some((_, ActivityExecutionResult::Cancelled { .. })) | None => true,
        }
    }

    /// A function that gives in is reported as canceled exactly if it was told of a cancel request;
    /// otherwise, at a shutdown, a pause, a reset or on a whim, as a failure that may be retried.
    a_canceled_report_answers_a_cancel_request(_terms, before, step, after) {
        let Some((running, ActivityExecutionResult::Cancelled { details: given })) =
            returned(before, step)
        else {
            return true;
        };
        let told = running.cancel.map(|cancel| cancel.reason);
        match owed(step, after) {
            Some(Report::Canceled { details }) => {
                told == Some(ActivityCancelReason::Cancelled) && details == given
            }
            Some(Report::Failed {
                failure: TaskFailure::CancelNotRequested { cancel, details },
                ..
            }) => {
                told != Some(ActivityCancelReason::Cancelled)
                    && *cancel == running.cancel
                    && details == given
            }
            Some(Report::Failed { .. } | Report::Completed { .. }) | None => false,
        }
    }

    /// A failure carries the newest details of its attempt, sent or not, and none if there never
    /// were any.
    a_failure_carries_the_newest_details(_terms, before, step, after) {
        let Some((running, _)) = returned(before, step) else {
            return true;
        };
        let newest = match &running.heartbeat_details {
            HeartbeatDetails::None => None,
            HeartbeatDetails::Sent(details) | HeartbeatDetails::Buffered(details) => Some(details),
        };
        match owed(step, after) {
            Some(Report::Failed { last_heartbeat_details, .. }) => {
                last_heartbeat_details.as_ref() == newest
            }
            Some(Report::Completed { .. } | Report::Canceled { .. }) | None => true,
        }
    }

    /// Details that wait are sent before a canceled report, and before a task is left to somebody
    /// else; they are dropped where a success supersedes them or a failure carries them.
    details_are_flushed_where_nothing_carries_them(_terms, before, step, after) {
        let Some((running, _)) = returned(before, step) else {
            return true;
        };
        let HeartbeatDetails::Buffered(waiting) = &running.heartbeat_details else {
            return !matches!(effect(step), Some(Effect::RecordActivityTaskHeartbeat { .. }));
        };
        let flushed = match (effect(step), after) {
            (Some(Effect::RecordActivityTaskHeartbeat { details }), _) => details == waiting,
            (_, ActivityTask::Flushing(flushing)) => flushing.buffered.as_ref() == Some(waiting),
            (_, _) => false,
        };
        flushed == matches!(owed(step, after), None | Some(Report::Canceled { .. }))
    }

    /// What waits for a heartbeat call is kept: details until they are sent, the report until it
    /// is; only an attempt that is gone loses them.
    a_flush_keeps_what_it_owes(_terms, before, step, after) {
        let ActivityTask::Flushing(owes) = before else {
            return true;
        };
        match (effect(step), after) {
            (
                Some(Effect::RecordActivityTaskHeartbeat { details }),
                ActivityTask::Flushing(flushing),
            ) => {
                owes.buffered.as_ref() == Some(details)
                    && flushing.buffered.is_none()
                    && flushing.report == owes.report
            }
            (Some(Effect::Respond(report)), ActivityTask::Reporting) => {
                owes.buffered.is_none() && owes.report.as_ref() == Some(report)
            }
            (Some(Effect::ReleaseSlot), ActivityTask::Released) => {
                (owes.buffered.is_none() && owes.report.is_none())
                    || reply_of(step) == Some(HeartbeatReply::NotFound)
            }
            (_, after) => before == after,
        }
    }
}

/// The function that returns in this step to somebody who is interested, and its result.
fn returned<'a, N, P>(
    before: &'a ActivityTask<N, P>,
    step: &'a TaskStep<N, P>,
) -> Option<(&'a Running<N, P>, &'a ActivityExecutionResult<P>)> {
    match (before, &step.action) {
        (ActivityTask::Running(running), TaskAction::Return(result)) => Some((running, result)),
        _ => None,
    }
}

/// The report that a return leads to, at once or after the last heartbeat call.
fn owed<'a, N, P>(
    step: &'a TaskStep<N, P>,
    after: &'a ActivityTask<N, P>,
) -> Option<&'a Report<P>> {
    match (effect(step), after) {
        (Some(Effect::Respond(report)), _) => Some(report),
        (_, ActivityTask::Flushing(flushing)) => flushing.report.as_ref(),
        (_, _) => None,
    }
}

/// Whether the step calls the service.
fn speaks<N, P>(step: &TaskStep<N, P>) -> bool {
    matches!(effect(step), Some(Effect::RecordActivityTaskHeartbeat { .. } | Effect::Respond(_)))
}
