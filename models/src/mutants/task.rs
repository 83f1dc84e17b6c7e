//! The mutants of one activity task on a worker.

use super::Mutant;
use super::task_unseen::unseen;
use activity_execution::vocabulary::{Number, Span, Timestamp};
use activity_execution::worker::{
    ActivityCancelReason, ActivityExecutionResult, ActivityTask, Cancel, Effect, Flushing,
    HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, Report, Running, TaskAction,
    TaskRejection,
};

/// What becomes of a task, and what has to be done; or why not.
pub type TaskNext<N, P> = Result<(ActivityTask<N, P>, Option<Effect<P>>), TaskRejection>;

/// The task before, the instant, what happens, and what the right machine makes of it.
pub type TaskRule<N, P> =
    fn(&ActivityTask<N, P>, Timestamp<N>, &TaskAction<P>, TaskNext<N, P>) -> TaskNext<N, P>;

/// The mutants of one activity task on a worker.
#[must_use]
pub fn of_task<N: Number, P: Copy>() -> Vec<Mutant<TaskRule<N, P>>> {
    let mut all = seen();
    all.extend(unseen());
    all
}

super::mutants! {
    /// Mutants of one activity task on a worker, most of which released SDKs had.
    seen<N: Number, P: Copy>() -> TaskRule<N, P>;

    /// One timer serves both local timeouts, the shorter one, and every heartbeat puts it off, so
    /// that start-to-close is never enforced.
    puts_start_to_close_off_at_a_heartbeat(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Running(running), TaskAction::Elapses(LocalTimer::StartToClose))
                if running.call != HeartbeatCall::NotSent =>
            {
                Err(TaskRejection::NotDue)
            }
            _ => next,
        }
    }
    breaks ["an_alarm_goes_off_when_it_is_due", "each_local_timer_runs_by_itself"],
    shows_in "Running, Elapses(StartToClose)",
    reenacts "sdk-rust#1188, fixed by #1300";

    /// A heartbeat call that hangs is waited for, and all later heartbeats with it.
    waits_for_a_heartbeat_that_hangs(_, _, action, next) {
        match action {
            TaskAction::Elapses(LocalTimer::HeartbeatCall) => Err(TaskRejection::NotDue),
            _ => next,
        }
    }
    breaks [
        "an_alarm_goes_off_when_it_is_due",
        "a_heartbeat_that_hangs_is_given_up",
        "a_task_only_goes_forward"
    ],
    shows_in "Flushing, Elapses(HeartbeatCall)",
    reenacts "sdk-rust#1249";

    /// The flush of a canceled task is sent while a heartbeat is in flight, and whichever is
    /// answered first lets the result go.
    flushes_while_a_heartbeat_is_in_flight(_, _, action, next) {
        match (action, next) {
            (
                TaskAction::Return(_),
                Ok((
                    ActivityTask::Flushing(flushing @ Flushing { buffered: Some(details), .. }),
                    None,
                )),
            ) => {
                let flushing = Flushing { buffered: None, ..flushing };
                let effect = Effect::RecordActivityTaskHeartbeat { details };
                Ok((ActivityTask::Flushing(flushing), Some(effect)))
            }
            (_, next) => next,
        }
    }
    breaks ["at_most_one_heartbeat_is_in_flight", "a_call_waits_for_the_one_before"],
    shows_in "Running, Return",
    reenacts "the Rust core 0.10.1";

    /// The report of a canceled task goes out although the heartbeat before it came to nothing and
    /// newer details wait.
    reports_before_the_flush_is_recorded(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Flushing(flushing), TaskAction::HeartbeatReply(HeartbeatReply::Failed)) => {
                match flushing.report {
                    Some(report) => Ok((ActivityTask::Reporting, Some(Effect::Respond(report)))),
                    None => next,
                }
            }
            _ => next,
        }
    }
    breaks ["a_flush_keeps_what_it_owes"],
    shows_in "Flushing, HeartbeatReply",
    reenacts "the Rust core of May 2026",
    beyond_exploration "In the system a heartbeat call that comes to nothing has no answer: a timer gives it up.";

    /// The local heartbeat timer starts anew after a call that came to nothing, so that a worker cut
    /// off from its service never comes to its heartbeat timeout.
    takes_a_failed_heartbeat_for_a_sign_of_life(_, now, action, next) {
        match (action, next) {
            (
                TaskAction::HeartbeatReply(HeartbeatReply::Failed),
                Ok((ActivityTask::Running(running), effect)),
            ) => Ok((ActivityTask::Running(Running { recorded_time: now, ..running }), effect)),
            (_, next) => next,
        }
    }
    breaks ["only_a_recorded_heartbeat_is_a_sign_of_life"],
    shows_in "Running, HeartbeatReply",
    reenacts "the Rust core 0.10.1",
    beyond_exploration "The system has no durations: any timer that is set may elapse at any moment.";

    /// Details that wait are dropped when the function leaves its completion to somebody else.
    drops_the_details_of_what_completes_asynchronously(before, _, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(Running {
                    heartbeat_details: HeartbeatDetails::Buffered(_),
                    call,
                    ..
                }),
                TaskAction::Return(ActivityExecutionResult::WillCompleteAsync),
                Ok((ActivityTask::Flushing(flushing), effect)),
            ) => match call {
                HeartbeatCall::InFlight { .. } => {
                    let flushing = Flushing { buffered: None, ..flushing };
                    Ok((ActivityTask::Flushing(flushing), effect))
                }
                HeartbeatCall::NotSent | HeartbeatCall::Returned { .. } => {
                    Ok((ActivityTask::Released, Some(Effect::ReleaseSlot)))
                }
            },
            (_, _, next) => next,
        }
    }
    breaks [
        "details_are_flushed_where_nothing_carries_them",
        "details_are_sent_before_a_task_is_left"
    ],
    shows_in "Running, Return",
    reenacts "the Rust core 0.10.1";

    /// A cancel that is pushed is delivered again, although the function was told something else.
    delivers_a_second_cancel_for_another_reason(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Running(running), TaskAction::CancelActivityCommand) => {
                let cancel = Cancel::cancelled();
                let running = Running { cancel: Some(cancel), ..*running };
                Ok((ActivityTask::Running(running), Some(Effect::Cancel(cancel))))
            }
            _ => next,
        }
    }
    breaks ["cancel_is_delivered_at_most_once"],
    shows_in "Running, CancelActivityCommand",
    beyond_exploration "Nobody pushes a cancel in the system: answers to heartbeats bring it.";

    /// A worker that was told something else first forgets that its attempt is gone, and goes on to
    /// report what can only be refused.
    forgets_not_found_after_another_reason(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Running(running), TaskAction::HeartbeatReply(HeartbeatReply::NotFound))
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
    breaks ["not_found_and_local_timeouts_mean_gone", "not_found_means_gone"],
    shows_in "Running, HeartbeatReply";

    /// A result is reported for an attempt that is gone, which can only be refused.
    reports_a_success_for_an_attempt_that_is_gone(before, _, action, next) {
        match (before, action) {
            (
                ActivityTask::Gone { .. },
                TaskAction::Return(ActivityExecutionResult::Completed { result }),
            ) => {
                let report = Report::Completed { result: *result };
                Ok((ActivityTask::Reporting, Some(Effect::Respond(report))))
            }
            _ => next,
        }
    }
    breaks ["an_attempt_that_is_gone_is_not_spoken_of"],
    shows_in "Gone, Return";

    /// A failure does not carry the details that wait, so that the next attempt starts with old ones.
    fails_without_the_details_that_wait(before, _, _, next) {
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
            (
                ActivityTask::Running(Running {
                    heartbeat_details: HeartbeatDetails::Buffered(_), ..
                }),
                Ok((
                    ActivityTask::Flushing(
                        flushing @ Flushing { report: Some(Report::Failed { failure, .. }), .. },
                    ),
                    effect,
                )),
            ) => {
                let report = Some(Report::Failed { failure, last_heartbeat_details: None });
                Ok((ActivityTask::Flushing(Flushing { report, ..flushing }), effect))
            }
            (_, next) => next,
        }
    }
    breaks ["a_failure_carries_the_newest_details", "a_failure_brings_the_newest_details"],
    shows_in "Running, Return",
    reenacts "the Rust core of May 2026";

    /// Newer details do not replace those that wait.
    keeps_older_details_instead_of_newer_ones(before, _, action, next) {
        match (before, action, &next) {
            (
                ActivityTask::Running(Running {
                    heartbeat_details: HeartbeatDetails::Buffered(_), ..
                }),
                TaskAction::Heartbeat { .. },
                Ok((ActivityTask::Running(_), None)),
            ) => Ok((*before, None)),
            _ => next,
        }
    }
    breaks ["a_heartbeat_is_sent_or_replaces_what_waits"],
    shows_in "Running, Heartbeat",
    beyond_exploration "It takes three versions of details, and the system that is explored has two.";

    /// A task is over, and its slot stays in use.
    keeps_the_slot_of_a_task_that_is_over(_, _, action, next) {
        match (action, next) {
            (TaskAction::ResultReply(_), Ok((after, _))) => Ok((after, None)),
            (_, next) => next,
        }
    }
    breaks ["a_slot_is_released_once", "a_slot_is_used_as_long_as_its_task"],
    shows_in "Reporting, ResultReply";

    /// A function that gives in to a shutdown is reported as canceled, which the service refuses, so
    /// that the attempt hangs until it times out.
    reports_a_shutdown_as_canceled(before, _, action, next) {
        canceled_for(Some(ActivityCancelReason::WorkerShutdown), before, action, next)
    }
    breaks ["a_canceled_report_answers_a_cancel_request"],
    shows_in "Running, Return",
    reenacts "the Rust core 0.10.1";

    /// A function that gives in to a pause is reported as canceled, which the service refuses.
    reports_a_pause_as_canceled(before, _, action, next) {
        canceled_for(Some(ActivityCancelReason::Paused), before, action, next)
    }
    breaks ["a_canceled_report_answers_a_cancel_request"],
    shows_in "Running, Return",
    reenacts "the Rust core 0.10.1",
    beyond_exploration "The service of the system pauses nothing.";

    /// A function that gives in to a reset is reported as canceled, which the service refuses.
    reports_a_reset_as_canceled(before, _, action, next) {
        canceled_for(Some(ActivityCancelReason::Reset), before, action, next)
    }
    breaks ["a_canceled_report_answers_a_cancel_request"],
    shows_in "Running, Return",
    reenacts "the Rust core 0.10.1",
    beyond_exploration "The service of the system resets nothing.";

    /// A function that gives up though nobody asked it to is reported as canceled.
    reports_a_whim_as_canceled(before, _, action, next) {
        canceled_for(None, before, action, next)
    }
    breaks [
        "a_canceled_report_answers_a_cancel_request",
        "a_canceled_report_is_never_refused"
    ],
    shows_in "Running, Return",
    reenacts "the Rust core 0.10.1";

    /// Start-to-close does not elapse any more once a function has run for a year.
    forgets_its_alarms_after_a_year(before, now, action, next) {
        match (before, action) {
            (ActivityTask::Running(running), TaskAction::Elapses(LocalTimer::StartToClose))
                if now >= running.delivered_time + Span(N::literal(YEAR)) =>
            {
                Err(TaskRejection::NotDue)
            }
            _ => next,
        }
    }
    breaks ["an_alarm_goes_off_when_it_is_due"],
    shows_in "Running, Elapses(StartToClose)",
    beyond_exploration "The system has no durations: any timer that is set may elapse at any moment.";
}

/// Of 365 days, in milliseconds.
pub const YEAR: i64 = 365 * 24 * 3_600 * 1_000;

/// Gives the report of a function that gave in to this, or to nothing, as canceled.
fn canceled_for<N: Number, P: Copy>(
    reason: Option<ActivityCancelReason>,
    before: &ActivityTask<N, P>,
    action: &TaskAction<P>,
    next: TaskNext<N, P>,
) -> TaskNext<N, P> {
    let (
        ActivityTask::Running(running),
        TaskAction::Return(ActivityExecutionResult::Cancelled { details }),
        Ok((after, effect)),
    ) = (before, action, next)
    else {
        return next;
    };
    if running.cancel.map(|cancel| cancel.reason) != reason {
        return next;
    }
    let report = Report::Canceled { details: *details };
    Ok(match (after, effect) {
        (ActivityTask::Reporting, _) => (after, Some(Effect::Respond(report))),
        (ActivityTask::Flushing(flushing), effect) => {
            let report = flushing.report.map(|_| report);
            (ActivityTask::Flushing(Flushing { report, ..flushing }), effect)
        }
        other => other,
    })
}
