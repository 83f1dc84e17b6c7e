//! Callers with the defects of real ones, as wrappers around ours: each is caught, by the promise
//! that is meant for it.

mod caller_common;

use activity_execution::Payload;
use activity_execution::caller::promises::all;
use activity_execution::caller::{Action, ActivityMachine, CallerTerms, Step};
use activity_models::mutants::caller::*;
use caller_common::{alphabet, every_terms};
use std::collections::{BTreeSet, HashSet};

type Mutant =
    fn(&CallerTerms, &ActivityMachine, &Action, CallerNext<Payload>) -> CallerNext<Payload>;

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
    caught(a_second_request_for_one_activity, "each_command_is_given_once");
    caught(a_second_request_for_one_activity, "a_second_cancel_does_nothing");
}

#[test]
fn an_abandoned_activity_that_may_not_fail_is_caught() {
    caught(an_abandoned_activity_that_may_not_fail, "late_events_are_heard_in_silence");
}

#[test]
fn a_shield_that_lets_the_parent_through_is_caught() {
    caught(a_shield_that_lets_the_parent_through, "a_detached_activity_is_shielded");
}

#[test]
fn a_waiting_caller_that_does_not_wait_is_caught() {
    caught(a_waiting_caller_that_does_not_wait, "waiting_resolves_with_the_close");
}

#[test]
fn a_close_that_resolves_again_is_caught() {
    caught(a_close_that_resolves_again, "an_activity_resolves_once");
}
