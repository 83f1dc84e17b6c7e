//! Mutants of one activity task on a worker that re-enact no released bug.

use super::TaskRule;
use activity_execution::vocabulary::{Number, Span};
use activity_execution::worker::{
    ActivityCancelReason, ActivityCancellationDetails, ActivityExecutionResult, ActivityTask,
    Cancel, Effect, Flushing, HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, Report,
    ResultReply, Running, TaskAction,
};

super::mutants! {
    /// Mutants of one activity task on a worker that re-enact no released bug.
    pub(super) unseen<N: Number, P: Copy>() -> TaskRule<N, P>;

    /// The silence before the delivery counts for the local heartbeat timeout.
    counts_the_silence_before_the_delivery(_, now, action, next) {
        match (action, next) {
            (TaskAction::Deliver { .. }, Ok((ActivityTask::Running(running), effect))) => {
                let recorded_time = now - Span(N::literal(1));
                Ok((ActivityTask::Running(Running { recorded_time, ..running }), effect))
            }
            (_, next) => next,
        }
    }
    breaks ["nothing_precedes_the_delivery"],
    shows_in "Absent, Deliver",
    beyond_exploration "The system has no durations: any timer that is set may elapse at any moment.";

    /// A function is told the reason and none of the flags.
    tells_a_reason_without_its_flags(_, _, _, next) {
        match next {
            Ok((ActivityTask::Running(running), Some(Effect::Cancel(cancel)))) => {
                let details = ActivityCancellationDetails::default();
                let cancel = Cancel { details, ..cancel };
                let running = Running { cancel: Some(cancel), ..running };
                Ok((ActivityTask::Running(running), Some(Effect::Cancel(cancel))))
            }
            next => next,
        }
    }
    breaks ["the_flags_agree_with_the_reason", "an_answer_is_delivered_at_once"],
    shows_in "Running, HeartbeatReply",
    beyond_exploration "In the system it is the reason that counts.";

    /// A task that is told that it is not found goes on as if it were not gone.
    goes_on_although_it_is_not_found(before, _, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(running),
                TaskAction::HeartbeatReply(HeartbeatReply::NotFound),
                Ok((_, Some(Effect::Cancel(cancel)))),
            ) => {
                let running = Running { cancel: Some(cancel), call: over(running.call), ..*running };
                Ok((ActivityTask::Running(running), Some(Effect::Cancel(cancel))))
            }
            (_, _, next) => next,
        }
    }
    breaks [
        "told_that_it_is_gone_means_gone",
        "not_found_and_local_timeouts_mean_gone",
        "not_found_means_gone"
    ],
    shows_in "Running, HeartbeatReply";

    /// The first heartbeat waits for the second.
    waits_with_the_first_heartbeat(before, _, action, next) {
        match (before, action) {
            (
                ActivityTask::Running(running @ Running { call: HeartbeatCall::NotSent, .. }),
                TaskAction::Heartbeat { details },
            ) => {
                let heartbeat_details = HeartbeatDetails::Buffered(*details);
                Ok((ActivityTask::Running(Running { heartbeat_details, ..*running }), None))
            }
            _ => next,
        }
    }
    breaks [
        "details_are_sent_or_wait_for_a_call",
        "a_heartbeat_is_sent_or_replaces_what_waits",
        "a_heartbeat_is_sent_as_soon_as_it_may"
    ],
    shows_in "Running, Heartbeat";

    /// Details are flushed before a success, which supersedes them.
    flushes_before_a_success(before, _, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(Running {
                    heartbeat_details: HeartbeatDetails::Buffered(details), ..
                }),
                TaskAction::Return(ActivityExecutionResult::Completed { .. }),
                Ok((ActivityTask::Flushing(flushing), effect)),
            ) => {
                let flushing = Flushing { buffered: Some(*details), ..flushing };
                Ok((ActivityTask::Flushing(flushing), effect))
            }
            (_, _, next) => next,
        }
    }
    breaks [
        "only_canceled_and_asynchronous_tasks_flush",
        "details_are_flushed_where_nothing_carries_them"
    ],
    shows_in "Running, Return",
    beyond_exploration "What is sent beyond what is needed does no harm in the system.";

    /// A heartbeat call is taken for one that was sent a little later.
    stamps_a_heartbeat_ahead_of_time(_, now, action, next) {
        match (action, next) {
            (
                TaskAction::Heartbeat { .. },
                Ok((
                    ActivityTask::Running(running @ Running { call: HeartbeatCall::InFlight { .. }, .. }),
                    effect @ Some(_),
                )),
            ) => {
                let call = HeartbeatCall::InFlight { sent_time: now + Span(N::literal(1)) };
                Ok((ActivityTask::Running(Running { call, ..running }), effect))
            }
            (_, next) => next,
        }
    }
    breaks ["a_task_remembers_no_future", "a_call_ends_when_answered_or_given_up"],
    shows_in "Running, Heartbeat",
    beyond_exploration "The system has no durations: any timer that is set may elapse at any moment.";

    /// A function runs again when the report of its result is lost.
    runs_again_when_a_report_is_lost(before, now, action, next) {
        match (before, action) {
            (ActivityTask::Reporting, TaskAction::ResultReply(ResultReply::Lost)) => {
                let running = Running {
                    delivered_time: now,
                    recorded_time: now,
                    heartbeat_details: HeartbeatDetails::None,
                    call: HeartbeatCall::NotSent,
                    cancel: None,
                };
                Ok((ActivityTask::Running(running), None))
            }
            _ => next,
        }
    }
    breaks ["phases_only_advance", "a_slot_is_used_as_long_as_its_task"],
    shows_in "Reporting, ResultReply";

    /// A task that is delivered a second time starts anew.
    starts_anew_at_a_second_delivery(before, now, action, next) {
        match (before, action) {
            (ActivityTask::Running(running), TaskAction::Deliver { .. }) => {
                let running = Running { delivered_time: now, recorded_time: now, ..*running };
                Ok((ActivityTask::Running(running), None))
            }
            _ => next,
        }
    }
    breaks ["a_task_is_delivered_once"],
    shows_in "Running, Deliver",
    beyond_exploration "A slot of the system has one task at a time, and nobody delivers it twice.";

    /// The answer to a heartbeat that was given up is heard all the same.
    hears_an_answer_that_it_gave_up(before, now, action, next) {
        match (before, action) {
            (
                ActivityTask::Running(running @ Running { call: HeartbeatCall::Returned { .. }, .. }),
                TaskAction::HeartbeatReply(HeartbeatReply::Recorded { .. }),
            ) => {
                Ok((ActivityTask::Running(Running { recorded_time: now, ..*running }), None))
            }
            _ => next,
        }
    }
    breaks ["only_a_call_in_flight_is_answered"],
    shows_in "Running, HeartbeatReply",
    beyond_exploration "In the system nobody answers a call that was given up.";

    /// A heartbeat of a function that has returned is sent with what is flushed.
    takes_a_heartbeat_after_the_return(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Flushing(flushing), TaskAction::Heartbeat { details }) => {
                let buffered = Some(*details);
                Ok((ActivityTask::Flushing(Flushing { buffered, ..*flushing }), None))
            }
            _ => next,
        }
    }
    breaks ["whoever_does_not_run_is_unknown"],
    shows_in "Flushing, Heartbeat",
    beyond_exploration "In the system a function that has returned does nothing any more.";

    /// A function that is told of a cancel request is forgotten at once.
    drops_a_function_that_is_cancelled(_, _, _, next) {
        match next {
            Ok((ActivityTask::Running(_), Some(Effect::Cancel(cancel))))
                if cancel.reason == ActivityCancelReason::Cancelled =>
            {
                Ok((ActivityTask::Released, Some(Effect::ReleaseSlot)))
            }
            next => next,
        }
    }
    breaks [
        "only_a_return_ends_a_function",
        "an_answer_is_delivered_at_once",
        "a_heartbeat_brings_the_cancel_request"
    ],
    shows_in "Running, HeartbeatReply";

    /// A heartbeat call that hangs is taken for a timeout of the attempt.
    takes_a_hanging_call_for_a_timeout(_, _, action, next) {
        match (action, next) {
            (TaskAction::Elapses(LocalTimer::HeartbeatCall), Ok((ActivityTask::Running(running), None)))
                if running.cancel.is_none() =>
            {
                let cancel = Cancel::timed_out();
                Ok((ActivityTask::Gone { cancel }, Some(Effect::Cancel(cancel))))
            }
            (_, next) => next,
        }
    }
    breaks ["only_a_local_timer_says_timed_out"],
    shows_in "Running, Elapses(HeartbeatCall)";

    /// A heartbeat that came to nothing is taken for one of an attempt that is gone.
    takes_a_failed_heartbeat_for_not_found(_, _, action, next) {
        match (action, next) {
            (
                TaskAction::HeartbeatReply(HeartbeatReply::Failed)
                | TaskAction::Elapses(LocalTimer::HeartbeatCall),
                Ok((ActivityTask::Running(running), None)),
            ) if running.cancel.is_none() => {
                let cancel = Cancel::not_found();
                Ok((ActivityTask::Gone { cancel }, Some(Effect::Cancel(cancel))))
            }
            (_, next) => next,
        }
    }
    breaks ["the_service_speaks_in_answers_to_heartbeats"],
    shows_in "Running, HeartbeatReply";

    /// What the answer to a heartbeat asks for is not passed on.
    keeps_a_cancel_request_to_itself(before, _, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(before),
                TaskAction::HeartbeatReply(HeartbeatReply::Recorded { .. }),
                Ok((ActivityTask::Running(running), _)),
            ) => Ok((ActivityTask::Running(Running { cancel: before.cancel, ..running }), None)),
            (_, _, next) => next,
        }
    }
    breaks ["an_answer_is_delivered_at_once", "a_heartbeat_brings_the_cancel_request"],
    shows_in "Running, HeartbeatReply";

    /// A cancel that is pushed is accepted and told to nobody.
    loses_a_cancel_that_is_pushed(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Running(_), TaskAction::CancelActivityCommand) => Ok((*before, None)),
            _ => next,
        }
    }
    breaks ["a_pushed_cancel_is_delivered_at_once"],
    shows_in "Running, CancelActivityCommand",
    beyond_exploration "Nobody pushes a cancel in the system: answers to heartbeats bring it.";

    /// A function whose heartbeat is on its way is not told when the grace period is over.
    lets_a_function_run_through_a_shutdown(before, _, action, next) {
        match (before, action) {
            (
                ActivityTask::Running(Running { call: HeartbeatCall::InFlight { .. }, .. }),
                TaskAction::GracePeriodElapses,
            ) => Ok((*before, None)),
            _ => next,
        }
    }
    breaks ["a_shutdown_reaches_every_function"],
    shows_in "Running, GracePeriodElapses";

    /// Details that cannot be converted are dropped in silence.
    drops_details_that_cannot_be_converted(before, _, action, next) {
        match (before, action) {
            (ActivityTask::Running(_), TaskAction::HeartbeatDetailsConversionFails) => {
                Ok((*before, None))
            }
            _ => next,
        }
    }
    breaks ["details_that_cannot_be_converted_stop_the_function"],
    shows_in "Running, HeartbeatDetailsConversionFails",
    beyond_exploration "To the system a function that is not told is like one that ignores it.";

    /// Every heartbeat is sent as soon as the one before is answered.
    does_not_throttle_heartbeats(before, now, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(Running { call: HeartbeatCall::Returned { .. }, .. }),
                TaskAction::Heartbeat { details },
                Ok((ActivityTask::Running(running), None)),
            ) => {
                let heartbeat_details = HeartbeatDetails::Sent(*details);
                let call = HeartbeatCall::InFlight { sent_time: now };
                let running = Running { heartbeat_details, call, ..running };
                let effect = Effect::RecordActivityTaskHeartbeat { details: *details };
                Ok((ActivityTask::Running(running), Some(effect)))
            }
            (_, _, next) => next,
        }
    }
    breaks ["heartbeats_keep_the_throttle_interval", "a_heartbeat_is_sent_or_replaces_what_waits"],
    shows_in "Running, Heartbeat",
    beyond_exploration "The system has no durations: any timer that is set may elapse at any moment.";

    /// A heartbeat sends the details of the one before it.
    sends_the_details_of_the_heartbeat_before(before, _, _, next) {
        match (before, next) {
            (
                ActivityTask::Running(Running { heartbeat_details: HeartbeatDetails::Sent(older), .. }),
                Ok((after, Some(Effect::RecordActivityTaskHeartbeat { .. }))),
            ) => {
                let effect = Effect::RecordActivityTaskHeartbeat { details: *older };
                Ok((after, Some(effect)))
            }
            (_, next) => next,
        }
    }
    breaks ["the_newest_details_are_sent"],
    shows_in "Running, Heartbeat";

    /// The end of a heartbeat call goes unnoticed.
    takes_an_answered_call_for_one_in_flight(before, _, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(before),
                TaskAction::HeartbeatReply(HeartbeatReply::Recorded { .. }),
                Ok((ActivityTask::Running(running), effect)),
            ) => Ok((ActivityTask::Running(Running { call: before.call, ..running }), effect)),
            (_, _, next) => next,
        }
    }
    breaks ["a_call_ends_when_answered_or_given_up", "a_task_can_always_go_on"],
    shows_in "Running, HeartbeatReply";

    /// A task whose result is to be reported reports nothing.
    forgets_to_report(_, _, _, next) {
        match next {
            Ok((ActivityTask::Reporting, Some(Effect::Respond(_)))) => {
                Ok((ActivityTask::Reporting, None))
            }
            next => next,
        }
    }
    breaks ["a_result_is_reported_once", "a_task_can_always_go_on", "a_function_decides_its_result"],
    shows_in "Running, Return";

    /// A result is reported before the last heartbeat is answered, and once more after it.
    reports_before_and_after_the_last_heartbeat(_, _, action, next) {
        match (action, next) {
            (
                TaskAction::Return(_),
                Ok((
                    ActivityTask::Flushing(flushing @ Flushing { report: Some(report), .. }),
                    None,
                )),
            ) => Ok((ActivityTask::Flushing(flushing), Some(Effect::Respond(report)))),
            (_, next) => next,
        }
    }
    breaks [
        "a_result_is_reported_once",
        "no_result_overtakes_a_heartbeat",
        "one_result_is_reported_for_each_task"
    ],
    shows_in "Running, Return";

    /// A success is reported as canceled once the function was told of a cancel request.
    takes_a_success_for_canceled(before, _, _, next) {
        match (before, next) {
            (
                ActivityTask::Running(Running { cancel: Some(cancel), .. }),
                Ok((after, Some(Effect::Respond(Report::Completed { result })))),
            ) if cancel.reason == ActivityCancelReason::Cancelled => {
                Ok((after, Some(Effect::Respond(Report::Canceled { details: result }))))
            }
            (_, next) => next,
        }
    }
    breaks ["the_function_decides_its_result", "a_function_decides_its_result"],
    shows_in "Running, Return";

    /// A function is told again whenever the answer to a heartbeat asks for something.
    tells_a_function_at_every_heartbeat(before, _, action, next) {
        match (before, action, next) {
            (
                ActivityTask::Running(Running { cancel: Some(_), .. }),
                TaskAction::HeartbeatReply(reply @ HeartbeatReply::Recorded { .. }),
                Ok((after @ ActivityTask::Running(_), None)),
            ) => Ok((after, Cancel::told_by(*reply).map(Effect::Cancel))),
            (_, _, next) => next,
        }
    }
    breaks ["cancel_is_delivered_at_most_once", "a_function_is_told_at_most_once"],
    shows_in "Running, HeartbeatReply";
}

/// The same call, answered.
fn over<N>(call: HeartbeatCall<N>) -> HeartbeatCall<N> {
    match call {
        HeartbeatCall::InFlight { sent_time } => HeartbeatCall::Returned { sent_time },
        call @ (HeartbeatCall::NotSent | HeartbeatCall::Returned { .. }) => call,
    }
}
