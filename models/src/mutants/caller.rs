//! Callers with the defects of real ones, as wrappers around ours: each is handed the terms, the
//! state before, what happens, and what ours makes of it. Shared by the tests and the proofs.

use activity_execution::caller::{
    Action, ActivityMachine, CallerTerms, Cancellation, CloseEvent, Command, Effects, HistoryEvent,
    Rejection, Resolution,
};
use activity_execution::vocabulary::Opaque;

/// What becomes of an activity at its caller, and what has to be done; or why not.
pub type CallerNext<P> = Result<(ActivityMachine, Effects<P>), Rejection>;

/// A second cancel becomes a second request.
pub fn a_second_request_for_one_activity<P: Opaque>(
    _: &CallerTerms,
    before: &ActivityMachine,
    action: &Action<P>,
    next: CallerNext<P>,
) -> CallerNext<P> {
    match (before, action) {
        (
            ActivityMachine::Open { cancellation: Cancellation::EventRecorded, .. },
            Action::Cancel,
        ) => {
            let command = Some(Command::RequestCancelActivityTask);
            Ok((*before, Effects { command, resolution: None }))
        }
        _ => next,
    }
}

/// An abandoned activity that does not complete is taken for nondeterminism.
pub fn an_abandoned_activity_that_may_not_fail<P: Opaque>(
    _: &CallerTerms,
    before: &ActivityMachine,
    action: &Action<P>,
    next: CallerNext<P>,
) -> CallerNext<P> {
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

/// The cancellation of the parent reaches a detached activity.
pub fn a_shield_that_lets_the_parent_through<P: Opaque>(
    terms: &CallerTerms,
    before: &ActivityMachine,
    action: &Action<P>,
    next: CallerNext<P>,
) -> CallerNext<P> {
    match action {
        Action::CancelParent => {
            let unshielded = CallerTerms { is_detached: false, ..*terms };
            before.decide(&unshielded, &Action::CancelParent)
        }
        _ => next,
    }
}

/// A caller that should wait for the close resolves at once.
pub fn a_waiting_caller_that_does_not_wait<P: Opaque>(
    _: &CallerTerms,
    _: &ActivityMachine,
    action: &Action<P>,
    next: CallerNext<P>,
) -> CallerNext<P> {
    match (action, next) {
        (Action::Cancel, Ok((after @ ActivityMachine::Open { .. }, effects))) => {
            let resolution = Some(Resolution::cancelled_at_once());
            Ok((after, Effects { resolution, ..effects }))
        }
        (_, next) => next,
    }
}

/// A close resolves an activity that is resolved.
pub fn a_close_that_resolves_again<P: Opaque>(
    _: &CallerTerms,
    _: &ActivityMachine,
    action: &Action<P>,
    next: CallerNext<P>,
) -> CallerNext<P> {
    match (action, next) {
        (Action::Event(HistoryEvent::Closed(_)), Ok((after, effects))) => {
            let again = Resolution::cancelled_at_once();
            let resolution = effects.resolution.or(Some(again));
            Ok((after, Effects { resolution, ..effects }))
        }
        (_, next) => next,
    }
}
