//! The promises of the system about its caller.

use super::bounds::CALLERS;
use super::moves::Move;
use super::payload::SystemPayload;
use super::step_record::{Happened, Refused};
use super::world::{CallerCall, World};
use activity_execution::State;
use activity_execution::caller::{
    ActivityCancellationType, Cancellation, CloseEvent, Command, Resolution, WorkflowActivity,
    resolution,
};

activity_execution::promises! { []((), World, Happened)
    pub(super) caller, judge_caller; of_states: false;
    /// A workflow is told once what came of its activity.
    an_activity_resolves_once(_, before, it, after) {
        after.caller.resolutions <= 1
            && (it.resolution.is_some()) == (before.caller.resolutions < after.caller.resolutions)
    }
    /// Whoever does not wait is told at once that the activity is cancelled, without details.
    try_and_abandon_resolve_at_once(_, before, it, _) {
        !cancels(before, it) || waits(before) || it.resolution.as_ref() == Some(&at_once())
    }
    /// History is never such that the caller cannot go on.
    history_is_never_refused(_, _, it, _) {
        it.refused != Some(Refused::History)
    }
    /// Whoever waits is told how the execution closed, and of cancellation only if it was canceled.
    a_resolution_wraps_the_outcome(_, before, it, _) {
        match (it.moved, &it.resolution) {
            (Move::TellCaller, Some(told)) => {
                close(before).is_some_and(|close| resolution(&close) == *told)
            }
            (Move::Cancel, Some(told)) => *told == at_once(),
            (_, told) => told.is_none(),
        }
    }
    /// Whoever waits for an execution that exists is not told of cancellation before its close.
    waiting_resolves_with_the_close(_, before, it, _) {
        let is_open = matches!(before.caller.machine, WorkflowActivity::Open { .. });
        !(waits(before) && is_open && cancels(before, it)) || it.resolution.is_none()
    }
    /// The close reaches a caller that is open and was not told before.
    a_close_is_told(_, before, it, after) {
        it.moved != Move::TellCaller
            || after.caller.machine == WorkflowActivity::Closed
                && (it.resolution.is_some() || before.caller.resolutions == 1)
    }
    /// Nothing is requested of an execution that is abandoned, or shielded from its parent.
    nothing_is_requested_of_what_is_abandoned(_, before, it, after) {
        let terms = CALLERS[usize::from(before.terms)];
        let abandons = terms.cancellation_type == ActivityCancellationType::Abandon;
        !(abandons || terms.is_detached)
            || after.caller.requests == 0 && it.command != Some(Command::RequestCancelActivityTask)
    }
    /// The cancellation of a parent leaves a shielded activity as it is.
    a_detached_activity_is_shielded(_, before, it, after) {
        it.moved != Move::Cancel
            || !CALLERS[usize::from(before.terms)].is_detached
            || before == after
    }
    /// An execution is started once and its cancellation requested once, after that.
    each_command_is_given_once(_, before, it, after) {
        let starts = it.command == Some(Command::ScheduleActivityTask);
        let requests = it.command == Some(Command::RequestCancelActivityTask);
        after.caller.requests <= 1
            && (!starts || before.caller.machine == WorkflowActivity::Created)
            && (!requests || before.service.is_some())
    }
    /// An activity whose schedule was not sent never exists.
    what_is_withdrawn_never_exists(_, _, _, after) {
        after.caller.machine != WorkflowActivity::Withdrawn
            || after.service.is_none() && after.caller.call.is_none()
    }
    /// A cancel request is never refused as the second one.
    a_cancel_request_is_never_refused(_, _, it, _) {
        !matches!(it.called, Some((_,
            Err(activity_execution::vocabulary::Rejection::CancelAlreadyRequested))))
    }
    /// A second cancel does nothing, and is no mistake.
    a_second_cancel_does_nothing(_, before, it, after) {
        it.moved != Move::Cancel
            || cancels(before, it)
            || it.refused.is_none() && before == after
    }
    /// Nothing follows the close of a caller.
    nothing_follows_the_close_of_the_caller(_, before, it, after) {
        before.caller.machine != WorkflowActivity::CallerClosed
            || it.resolution.is_none()
                && it.command.is_none()
                && it.called.is_none()
                && after.caller == before.caller
    }
    /// An answer to the caller's call is history to it: the start, or the cancel request.
    what_was_called_for_is_in_history(_, before, it, after) {
        let heard = matches!(it.moved, Move::TakeCallerCall { reply_lost: false });
        match it.called {
            Some((CallerCall::Start, Ok(_))) if heard => {
                matches!(after.caller.machine, WorkflowActivity::Open { .. })
            }
            Some((CallerCall::RequestCancel, Ok(_))) if heard => {
                matches!(after.caller.machine, WorkflowActivity::Open {
                    cancellation: Cancellation::EventRecorded, ..
                })
            }
            _ => before.caller.machine == after.caller.machine || !heard
                || it.called.is_some(),
        }
    }
}

fn waits(world: &World) -> bool {
    CALLERS[usize::from(world.terms)].cancellation_type
        == ActivityCancellationType::WaitCancellationCompleted
}

/// Whether this is the first cancel of an activity that can still be cancelled.
fn cancels(before: &World, it: &Happened) -> bool {
    let can_be = match before.caller.machine {
        WorkflowActivity::Created | WorkflowActivity::ScheduleCommandCreated => true,
        WorkflowActivity::Open { cancellation, .. } => cancellation == Cancellation::None,
        WorkflowActivity::Withdrawn | WorkflowActivity::Closed | WorkflowActivity::CallerClosed => {
            false
        }
    };
    it.moved == Move::Cancel && !CALLERS[usize::from(before.terms)].is_detached && can_be
}

fn at_once() -> Resolution<SystemPayload> {
    Resolution::cancelled_at_once()
}

fn close(world: &World) -> Option<CloseEvent<SystemPayload>> {
    match world.service.as_ref()?.state() {
        State::Closed { outcome, .. } => CloseEvent::of(outcome),
        State::Scheduled { .. } | State::Started { .. } => None,
    }
}
