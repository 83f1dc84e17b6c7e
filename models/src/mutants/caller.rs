//! The mutants of one activity at its caller.

use activity_execution::caller::{
    CallerAction, CallerOptions, CallerRejection, Cancellation, CloseEvent, Command, Effects,
    HistoryEvent, Resolution, WorkflowActivity,
};
use activity_execution::vocabulary::Opaque;

/// What becomes of an activity at its caller, and what has to be done; or why not.
pub type CallerNext<P> = Result<(WorkflowActivity, Effects<P>), CallerRejection>;

/// The terms, the machine before, what happens, and what the right machine makes of it.
pub type CallerRule<P> =
    fn(&CallerOptions, &WorkflowActivity, &CallerAction<P>, CallerNext<P>) -> CallerNext<P>;

super::mutants! {
    /// The mutants of one activity at its caller.
    of_caller<P: Opaque>() -> CallerRule<P>;

    /// A second cancel becomes a second request, over which the service fails the workflow task
    /// again and again.
    requests_cancellation_a_second_time(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { is_started, cancellation: Cancellation::EventRecorded },
                CallerAction::Cancel,
            ) => {
                let (is_started, cancellation) = (*is_started, Cancellation::CommandCreated);
                let command = Some(Command::RequestCancelActivityTask);
                let after = WorkflowActivity::Open { is_started, cancellation };
                Ok((after, Effects { command, resolution: None }))
            }
            _ => next,
        }
    }
    breaks ["each_command_is_given_once", "a_second_cancel_does_nothing"],
    shows_in "Open, Cancel",
    reenacts "sdk-python#1813, fixed by #1814";

    /// An abandoned activity that does not complete has no place in the caller's machine, and the
    /// workflow task fails for ever.
    takes_an_abandoned_activity_that_fails_for_nondeterminism(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { cancellation: Cancellation::Abandoned, .. },
                CallerAction::Event(HistoryEvent::Closed(close)),
            ) if !matches!(close, CloseEvent::ActivityTaskCompleted { .. }) => {
                Err(CallerRejection::Nondeterminism)
            }
            _ => next,
        }
    }
    breaks ["late_events_are_heard_in_silence", "history_is_never_refused"],
    shows_in "Open, Closed",
    reenacts "the Rust core 0.10.1";

    /// A start that a service did not hold back comes between the command that asks for
    /// cancellation and the request in history, and is taken for nondeterminism.
    takes_a_start_after_a_cancel_command_for_nondeterminism(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { cancellation: Cancellation::CommandCreated, .. },
                CallerAction::Event(HistoryEvent::ActivityTaskStarted),
            ) => Err(CallerRejection::Nondeterminism),
            _ => next,
        }
    }
    breaks ["a_start_is_heard_once_in_silence", "late_events_are_heard_in_silence"],
    shows_in "Open, ActivityTaskStarted",
    beyond_exploration "The service of the system holds a start back until the close.";

    /// The cancellation of the parent reaches a detached activity.
    lets_the_parent_cancel_what_is_detached(terms, before, action, next) {
        match action {
            CallerAction::CancelParent => {
                let attached = CallerOptions { is_detached: false, ..*terms };
                before.decide(&attached, &CallerAction::CancelParent)
            }
            _ => next,
        }
    }
    breaks ["a_detached_activity_is_shielded"],
    shows_in "Open, CancelParent";

    /// A caller that should wait for the close resolves at once.
    resolves_without_waiting_for_the_close(_, _, action, next) {
        match (action, next) {
            (CallerAction::Cancel, Ok((after @ WorkflowActivity::Open { .. }, effects))) => {
                let resolution = Some(Resolution::cancelled_at_once());
                Ok((after, Effects { resolution, ..effects }))
            }
            (_, next) => next,
        }
    }
    breaks ["waiting_resolves_with_the_close", "an_activity_resolves_once"],
    shows_in "Open, Cancel";

    /// A close resolves an activity that is resolved.
    resolves_again_at_the_close(_, _, action, next) {
        match (action, next) {
            (CallerAction::Event(HistoryEvent::Closed(_)), Ok((after, effects))) => {
                let again = Resolution::cancelled_at_once();
                let resolution = effects.resolution.or(Some(again));
                Ok((after, Effects { resolution, ..effects }))
            }
            (_, next) => next,
        }
    }
    breaks ["an_activity_resolves_once"],
    shows_in "Open, Closed";
}
