//! The promises of the system from end to end.

use super::moves::Move;
use super::payload::SystemPayload;
use super::service;
use super::step_record::Happened;
use super::world::{CallerCall, Queue, Said, World};
use activity_execution::State;
use activity_execution::vocabulary::{Outcome, Rejection};

activity_execution::promises! { []((), World, Happened)
    pub(super) end, judge_end; of_states: false;
    /// An outcome is final.
    an_outcome_is_final(_, before, _, after) {
        !before.is_closed() || before.service == after.service
    }
    /// Attempts follow one by one, and stay within the maximum.
    attempts_follow_one_by_one(_, before, it, after) {
        let maximum = it.maximum_attempts.cast_signed();
        after.service.as_ref().is_none_or(|service| service.attempt().0.0 <= maximum)
            && match (&before.service, &after.service) {
            (Some(before), Some(after)) => {
                let (was, is) = (before.attempt().0.0, after.attempt().0.0);
                is == was || is == was + 1
            }
            (None, Some(after)) => after.attempt().0.0 == 1,
            (Some(_), None) => false,
            (None, None) => true,
        }
    }
    /// A call about an attempt that is not current is not found, and changes nothing.
    a_stale_call_is_not_found_and_changes_nothing(_, before, it, after) {
        it.asked.is_none_or(|(call, answered)| {
            before.is_current(call.attempt)
                || answered == Err(Rejection::NotFound) && before.service == after.service
        })
    }
    /// Whatever arrives too late to matter is refused, and what is repeated has no effect.
    what_comes_too_late_has_no_effect(_, _, it, _) {
        !it.late_call_mattered
    }
    /// A success is what the function of the attempt that was current returned.
    a_success_was_returned_by_a_function(_, before, _, after) {
        let Some(Outcome::Completed { result }) = closes(before, after) else { return true };
        before.service.as_ref().is_some_and(|service| {
            result == SystemPayload::Result(service.attempt().0.0.cast_unsigned())
        })
    }
    /// Only what the caller asked for, and a worker gave in to or none held, closes as canceled.
    canceled_means_requested(_, before, it, after) {
        match closes(before, after) {
            Some(Outcome::Canceled { .. }) => {
                cancel_requested(before)
                    || matches!(it.called, Some((CallerCall::RequestCancel, Ok(_))))
            }
            _ => !cancel_requested(after) || after.caller.requests > 0,
        }
    }
    /// No attempt starts after a cancel request or a close: a cancel request that finds no attempt
    /// started closes the execution.
    no_attempt_starts_after_a_cancel_request(_, before, it, after) {
        let starts = it.started.is_some() || after.is_started();
        before.is_started() || !starts || !before.is_closed()
    }
    /// A failure or timeout after a cancel request closes the execution.
    a_cancel_request_stops_retries(_, before, _, after) {
        !cancel_requested(before) || after.is_started() || after.is_closed()
    }
    /// A function is started once for each attempt at most, and only by the attempt's one start.
    a_function_runs_once_for_each_attempt(_, before, it, after) {
        let is_first = !before.is_started() || before.queue == Queue::Unanswered;
        it.started.is_none_or(|started| {
            is_first
                && after.queue == Queue::Empty
                && before.workers.iter().all(|process| process.attempt != started.attempt)
        })
    }
    /// An attempt is started only by a poll; a retry only after its backoff.
    only_a_dispatched_attempt_starts(_, before, it, after) {
        let starts = !before.is_started() && after.is_started();
        !starts || matches!(it.moved,
            Move::TakeTask { .. } | Move::TakeTaskReplyLost | Move::TakeTaskLost)
    }
    /// The cancellation of an execution that no worker holds closes it at once.
    cancel_of_a_waiting_execution_closes_it(_, before, it, after) {
        !matches!(it.called, Some((CallerCall::RequestCancel, Ok(_))))
            || before.is_started()
            || before.is_closed()
            || matches!(closes(before, after), Some(Outcome::Canceled { .. }))
    }
    /// A result that the service accepts ends its attempt, so that repeating it is not found.
    an_accepted_result_ends_its_attempt(_, _, it, after) {
        match it.asked {
            Some((call, Ok(_))) if call.said.is_result() => !after.is_current(call.attempt),
            _ => true,
        }
    }
    /// Nothing but a call, a timer or the close of the caller changes an execution: a task that is
    /// lost or a worker that dies is not noticed.
    only_calls_and_time_change_an_execution(_, before, it, after) {
        match it.moved {
            Move::TakeCallerCall { .. }
            | Move::CloseCaller
            | Move::BackoffElapses
            | Move::Elapses { .. }
            | Move::TakeTask { .. }
            | Move::TakeTaskReplyLost
            | Move::TakeTaskLost
            | Move::TakeCall { .. }
            | Move::TakeStray { .. }
            | Move::CompleteAsynchronously => true,
            _ => before.service == after.service,
        }
    }
    /// A heartbeat says that it lives and moves nothing else; a canceled report ends as canceled.
    a_call_has_the_effect_that_it_names(_, before, it, after) {
        let outcome = closes(before, after);
        match it.asked {
            Some((call, Ok(_))) => match call.said {
                Said::Heartbeat { .. } => after.is_current(call.attempt),
                Said::Completed { .. } => matches!(outcome, Some(Outcome::Completed { .. })),
                Said::Failed { .. } => {
                    matches!(outcome, None | Some(Outcome::Failed { .. }))
                }
                Said::Canceled => matches!(outcome, Some(Outcome::Canceled { .. })),
            },
            Some((_, Err(_))) => before.service == after.service,
            None => true,
        }
    }
}

/// How the execution closes in this step.
pub(super) fn closes(before: &World, after: &World) -> Option<Outcome<SystemPayload>> {
    match after.service.as_ref()?.state() {
        State::Closed { outcome, .. } if !before.is_closed() => Some(*outcome),
        State::Scheduled { .. } | State::Started { .. } | State::Closed { .. } => None,
    }
}

/// Whether the service has asked the worker to give up.
pub(super) fn cancel_requested(world: &World) -> bool {
    world.service.as_ref().is_some_and(|it| {
        it.run_state() == Some(activity_execution::PendingActivityState::CancelRequested)
    })
}

impl World {
    /// Whether a worker holds the task, as far as the service knows.
    #[must_use]
    pub fn is_started(&self) -> bool {
        self.service.as_ref().is_some_and(|it| matches!(it.state(), State::Started { .. }))
    }

    /// The newest details that the service has.
    #[must_use]
    pub fn heartbeat_details(&self) -> SystemPayload {
        self.service
            .as_ref()
            .map_or(SystemPayload::Nothing, |it| service::observe(it).heartbeat_details)
    }
}
