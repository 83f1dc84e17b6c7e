//! Promises about what a function is told: how often, why, by whom, in which order.

use super::{effect, reply_of};
use crate::vocabulary::{Number, Opaque, Span, Timestamp};
use crate::worker::{
    ActivityCancelReason, ActivityCancellationDetails, ActivityTask, Cancel, Effect,
    HeartbeatReply, LocalTimer, TaskAction, TaskOptions, TaskStep,
};

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_states; of_states: true;
    /// The flags agree with the reason.
    the_flags_agree_with_the_reason(_terms, _before, _step, after) {
        after.cancel().is_none_or(agrees)
    }

    /// A function that was told that its attempt is gone runs for nobody.
    told_that_it_is_gone_means_gone(_terms, _before, _step, after) {
        match after {
            ActivityTask::Running(running) => {
                running.cancel.is_none_or(|cancel| !cancel.reason.means_gone())
            }
            ActivityTask::Absent
            | ActivityTask::Gone { .. }
            | ActivityTask::Flushing(_)
            | ActivityTask::Reporting
            | ActivityTask::Released => true,
        }
    }
}

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_steps; of_states: false;
    /// A function is told at most once over all reasons, while it runs; the first reason stays.
    cancel_is_delivered_at_most_once(_terms, before, step, after) {
        let delivered = match effect(step) {
            Some(Effect::Cancel(cancel)) => Some(*cancel),
            Some(
                Effect::RecordActivityTaskHeartbeat { .. }
                | Effect::Respond(_)
                | Effect::ReleaseSlot,
            )
            | None => None,
        };
        match (before.cancel(), delivered) {
            (Some(_), Some(_)) => false,
            (Some(first), None) => !after.is_outstanding() || after.cancel() == Some(first),
            (None, delivered) => after.cancel() == delivered,
        }
    }

    /// Only a timer of the worker's own says that time is up, not before timeout and buffer.
    only_a_local_timer_says_timed_out(terms, before, step, _after) {
        if told(step) != Some(ActivityCancelReason::TimedOut) {
            return true;
        }
        let ActivityTask::Running(running) = before else {
            return false;
        };
        let passed = |since: Timestamp<N>, timeout: Option<Span<N>>| {
            timeout.is_some_and(|timeout| {
                step.now >= since + timeout + terms.local_timeout_buffer
            })
        };
        match step.action {
            TaskAction::Elapses(LocalTimer::Heartbeat) => {
                passed(running.recorded_time, terms.heartbeat_timeout)
            }
            TaskAction::Elapses(LocalTimer::StartToClose) => {
                passed(running.delivered_time, terms.start_to_close_timeout)
            }
            TaskAction::Elapses(LocalTimer::HeartbeatThrottle | LocalTimer::HeartbeatCall)
            | TaskAction::Deliver { .. }
            | TaskAction::Heartbeat { .. }
            | TaskAction::HeartbeatDetailsConversionFails
            | TaskAction::HeartbeatReply(_)
            | TaskAction::CancelActivityCommand
            | TaskAction::GracePeriodElapses
            | TaskAction::Return(_)
            | TaskAction::ResultReply(_) => false,
        }
    }

    /// What the service has to say comes with the answer to a heartbeat; only a cancel request may
    /// be pushed.
    the_service_speaks_in_answers_to_heartbeats(_terms, _before, step, _after) {
        let recorded = matches!(reply_of(step), Some(HeartbeatReply::Recorded { .. }));
        match told(step) {
            Some(ActivityCancelReason::NotFound) => {
                reply_of(step) == Some(HeartbeatReply::NotFound)
            }
            Some(ActivityCancelReason::Paused | ActivityCancelReason::Reset) => recorded,
            Some(ActivityCancelReason::Cancelled) => {
                recorded || step.action == TaskAction::CancelActivityCommand
            }
            Some(
                ActivityCancelReason::TimedOut
                | ActivityCancelReason::WorkerShutdown
                | ActivityCancelReason::HeartbeatDetailsConversionFailed,
            )
            | None => true,
        }
    }

    /// An answer that asks for something reaches a running function at once: cancel before reset,
    /// reset before pause, with every flag; unless the function has been told before.
    an_answer_is_delivered_at_once(_terms, before, step, _after) {
        let Some(HeartbeatReply::Recorded { cancel_requested, activity_paused, activity_reset }) =
            reply_of(step)
        else {
            return true;
        };
        let nothing_asked = !cancel_requested && !activity_paused && !activity_reset;
        if !before.is_outstanding() || before.cancel().is_some() || nothing_asked {
            return told(step).is_none();
        }
        let reason = match (cancel_requested, activity_reset) {
            (true, _) => ActivityCancelReason::Cancelled,
            (false, true) => ActivityCancelReason::Reset,
            (false, false) => ActivityCancelReason::Paused,
        };
        let details = ActivityCancellationDetails {
            is_cancelled: cancel_requested,
            is_paused: activity_paused,
            is_reset: activity_reset,
            ..Default::default()
        };
        effect(step) == Some(&Effect::Cancel(Cancel { reason, details }))
    }

    /// Pushed cancellation reaches a function that has not been told anything, and says nothing
    /// else.
    a_pushed_cancel_is_delivered_at_once(_terms, before, step, _after) {
        let reason = ActivityCancelReason::Cancelled;
        let details = ActivityCancellationDetails { is_cancelled: true, ..Default::default() };
        step.action != TaskAction::CancelActivityCommand
            || !before.is_outstanding()
            || before.cancel().is_some()
            || effect(step) == Some(&Effect::Cancel(Cancel { reason, details }))
    }

    /// When the grace period is over every function has been told something, and so is each that
    /// starts later; nobody hears of a shutdown otherwise.
    a_shutdown_reaches_every_function(_terms, _before, step, after) {
        let elapsed = matches!(
            step.action,
            TaskAction::GracePeriodElapses | TaskAction::Deliver { grace_period_elapsed: true }
        );
        (!elapsed || step.reply.is_err() || after.cancel().is_some())
            && (elapsed || told(step) != Some(ActivityCancelReason::WorkerShutdown))
    }

    /// Details that cannot be converted stop the function that recorded them, unless it has been
    /// told to; nothing is sent for them.
    details_that_cannot_be_converted_stop_the_function(_terms, before, step, after) {
        let reason = ActivityCancelReason::HeartbeatDetailsConversionFailed;
        if step.action != TaskAction::HeartbeatDetailsConversionFails || !before.is_outstanding() {
            return told(step) != Some(reason);
        }
        let unchanged = match (before, after) {
            (ActivityTask::Running(before), ActivityTask::Running(after)) => {
                before.heartbeat_details == after.heartbeat_details && before.call == after.call
            }
            _ => before == after,
        };
        unchanged && (before.cancel().is_some() || told(step) == Some(reason))
    }
}

/// The reason that the function is told in this step.
fn told<N, P>(step: &TaskStep<N, P>) -> Option<ActivityCancelReason> {
    match effect(step) {
        Some(Effect::Cancel(cancel)) => Some(cancel.reason),
        Some(
            Effect::RecordActivityTaskHeartbeat { .. } | Effect::Respond(_) | Effect::ReleaseSlot,
        )
        | None => None,
    }
}

/// Whether these flags can come with this reason.
fn agrees(cancel: Cancel) -> bool {
    let ActivityCancellationDetails {
        is_not_found,
        is_cancelled,
        is_paused,
        is_timed_out,
        is_worker_shutdown,
        is_reset,
    } = cancel.details;
    let gone = [is_not_found, is_timed_out];
    let asked = [is_cancelled, is_reset, is_paused];
    let (nothing_gone, nothing_asked) = (gone == [false; 2], asked == [false; 3]);
    match cancel.reason {
        ActivityCancelReason::NotFound => {
            gone == [true, false] && nothing_asked && !is_worker_shutdown
        }
        ActivityCancelReason::TimedOut => {
            gone == [true, true] && nothing_asked && !is_worker_shutdown
        }
        ActivityCancelReason::Cancelled => is_cancelled && nothing_gone && !is_worker_shutdown,
        ActivityCancelReason::Reset => {
            is_reset && !is_cancelled && nothing_gone && !is_worker_shutdown
        }
        ActivityCancelReason::Paused => {
            asked == [false, false, true] && nothing_gone && !is_worker_shutdown
        }
        ActivityCancelReason::WorkerShutdown => is_worker_shutdown && nothing_gone && nothing_asked,
        ActivityCancelReason::HeartbeatDetailsConversionFailed => {
            nothing_gone && nothing_asked && !is_worker_shutdown
        }
    }
}
