//! Callers with the defects of real ones, as wrappers around ours: each is caught, by the promise
//! that is meant for it.

mod caller_common;

use activity_execution::Payload;
use activity_execution::caller::promises::all;
use activity_execution::caller::{
    Action, ActivityMachine, CallerTerms, Cancellation, CloseEvent, Command, Effects, HistoryEvent,
    Rejection, Resolution, Step,
};
use caller_common::{alphabet, every_terms};
use std::collections::{BTreeSet, HashSet};

type Next = Result<(ActivityMachine, Effects), Rejection>;
type Mutant = fn(&CallerTerms, &ActivityMachine, &Action, Next) -> Next;

/// The promises that a wrapped caller breaks, anywhere.
fn broken_by(mutant: Mutant) -> BTreeSet<&'static str> {
    let mut broken = BTreeSet::new();
    for terms in every_terms() {
        let mut seen = HashSet::from([ActivityMachine::Created]);
        let mut open = vec![ActivityMachine::Created];
        while let Some(before) = open.pop() {
            for action in alphabet() {
                let decided = before.decide(&terms, &action);
                let (after, reply) = match mutant(&terms, &before, &action, decided) {
                    Ok((after, effects)) => (after, Ok(effects)),
                    Err(rejection) => (before, Err(rejection)),
                };
                let step = Step { action, reply };
                let promises = all::<Payload>().into_iter();
                let broken_here =
                    promises.filter(|promise| !(promise.holds)(&terms, &before, &step, &after));
                broken.extend(broken_here.map(|promise| promise.name));
                if seen.insert(after) {
                    open.push(after);
                }
            }
        }
    }
    broken
}

fn caught(mutant: Mutant, by: &str) {
    let broken = broken_by(mutant);
    assert!(broken.contains(by), "{by} does not see it, only {broken:?}");
}

#[test]
fn an_unwrapped_caller_breaks_nothing() {
    assert_eq!(broken_by(|_, _, _, next| next), BTreeSet::new());
}

#[test]
fn a_second_request_for_one_activity_is_caught() {
    let mutant: Mutant = |_, before, action, next| match (before, action) {
        (
            ActivityMachine::Open { cancellation: Cancellation::EventRecorded, .. },
            Action::Cancel,
        ) => {
            let command = Some(Command::RequestCancelActivityTask);
            Ok((*before, Effects { command, resolution: None }))
        }
        _ => next,
    };
    caught(mutant, "each_command_is_given_once");
    caught(mutant, "a_second_cancel_does_nothing");
}

#[test]
fn an_abandoned_activity_that_may_not_fail_is_caught() {
    let mutant: Mutant = |_, before, action, next| match (before, action) {
        (
            ActivityMachine::Open { cancellation: Cancellation::Abandoned, .. },
            Action::Event(HistoryEvent::Closed(close)),
        ) if !matches!(close, CloseEvent::ActivityTaskCompleted { .. }) => {
            Err(Rejection::Nondeterminism)
        }
        _ => next,
    };
    caught(mutant, "late_events_are_heard_in_silence");
}

#[test]
fn a_shield_that_lets_the_parent_through_is_caught() {
    let mutant: Mutant = |terms, before, action, next| match action {
        Action::CancelParent => {
            let unshielded = CallerTerms { is_detached: false, ..*terms };
            before.decide(&unshielded, &Action::CancelParent)
        }
        _ => next,
    };
    caught(mutant, "a_detached_activity_is_shielded");
}

#[test]
fn a_waiting_caller_that_does_not_wait_is_caught() {
    let mutant: Mutant = |_, _, action, next| match (action, next) {
        (Action::Cancel, Ok((after @ ActivityMachine::Open { .. }, effects))) => {
            let resolution = Some(Resolution::cancelled_at_once());
            Ok((after, Effects { resolution, ..effects }))
        }
        (_, next) => next,
    };
    caught(mutant, "waiting_resolves_with_the_close");
}

#[test]
fn a_close_that_resolves_again_is_caught() {
    let mutant: Mutant = |_, _, action, next| match (action, next) {
        (Action::Event(HistoryEvent::Closed(_)), Ok((after, effects))) => {
            let again = Resolution::cancelled_at_once();
            let resolution = effects.resolution.or(Some(again));
            Ok((after, Effects { resolution, ..effects }))
        }
        (_, next) => next,
    };
    caught(mutant, "an_activity_resolves_once");
}
