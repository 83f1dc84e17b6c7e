//! The mutants of one activity at its caller.

use activity_execution::caller::{
    Action, ActivityMachine, CallerTerms, Cancellation, CloseEvent, Command, Effects, HistoryEvent,
    Rejection, Resolution,
};
use activity_execution::vocabulary::Opaque;

/// What becomes of an activity at its caller, and what has to be done; or why not.
pub type CallerNext<P> = Result<(ActivityMachine, Effects<P>), Rejection>;

/// The terms, the machine before, what happens, and what the right machine makes of it.
pub type CallerRule<P> =
    fn(&CallerTerms, &ActivityMachine, &Action<P>, CallerNext<P>) -> CallerNext<P>;

super::mutants! {
    /// The mutants of one activity at its caller.
    of_caller<P: Opaque>() -> CallerRule<P>;

    /// A second cancel becomes a second request, over which the service fails the workflow task
    /// again and again.
    requests_cancellation_a_second_time(_, before, action, next) {
        match (before, action) {
            (
                ActivityMachine::Open { is_started, cancellation: Cancellation::EventRecorded },
                Action::Cancel,
            ) => {
                let (is_started, cancellation) = (*is_started, Cancellation::CommandCreated);
                let command = Some(Command::RequestCancelActivityTask);
                let after = ActivityMachine::Open { is_started, cancellation };
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
                ActivityMachine::Open { cancellation: Cancellation::Abandoned, .. },
                Action::Event(HistoryEvent::Closed(close)),
            ) if !matches!(close, CloseEvent::ActivityTaskCompleted { .. }) => {
                Err(Rejection::Nondeterminism)
            }
            _ => next,
        }
    }
    breaks ["late_events_are_heard_in_silence", "history_is_never_refused"],
    shows_in "Open, Closed",
    reenacts "the Rust core 0.10.1";

    /// The cancellation of the parent reaches a detached activity.
    lets_the_parent_cancel_what_is_detached(terms, before, action, next) {
        match action {
            Action::CancelParent => {
                let attached = CallerTerms { is_detached: false, ..*terms };
                before.decide(&attached, &Action::CancelParent)
            }
            _ => next,
        }
    }
    breaks ["a_detached_activity_is_shielded"],
    shows_in "Open, CancelParent";

    /// A caller that should wait for the close resolves at once.
    resolves_without_waiting_for_the_close(_, _, action, next) {
        match (action, next) {
            (Action::Cancel, Ok((after @ ActivityMachine::Open { .. }, effects))) => {
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
            (Action::Event(HistoryEvent::Closed(_)), Ok((after, effects))) => {
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
