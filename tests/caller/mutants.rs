//! The mutants of a caller: each is caught by the promise that it breaks.

use crate::common::{alphabet, every_terms};
use activity_execution::Payload;
use activity_execution::caller::promises::all;
use activity_execution::caller::{CallerStep, WorkflowActivity};
use activity_models::explore::reach;
use activity_models::mutants::{CallerRule, of_caller};
use std::collections::BTreeSet;

/// The promises that a caller with this rule breaks, anywhere.
fn broken_by(rule: CallerRule<Payload>) -> BTreeSet<&'static str> {
    let mut broken = BTreeSet::new();
    for terms in every_terms() {
        reach(WorkflowActivity::Created, Clone::clone, |&before, next| {
            for action in alphabet() {
                let decided = before.decide(&terms, &action);
                let (after, reply) = match rule(&terms, &before, &action, decided) {
                    Ok((after, effects)) => (after, Ok(effects)),
                    Err(rejection) => (before, Err(rejection)),
                };
                let step = CallerStep { action, reply };
                let promises = all::<Payload>().into_iter();
                let broken_here =
                    promises.filter(|promise| !(promise.holds)(&terms, &before, &step, &after));
                broken.extend(broken_here.map(|promise| promise.name));
                next.push(after);
            }
        });
    }
    broken
}

#[test]
fn a_caller_that_is_right_breaks_nothing() {
    assert_eq!(broken_by(|_, _, _, next| next), BTreeSet::new());
}

#[test]
fn every_mutant_of_a_caller_is_caught() {
    for mutant in of_caller() {
        let broken: Vec<_> = broken_by(mutant.rule).into_iter().collect();
        assert!(mutant.is_named_by(&broken), "{}: {broken:?}", mutant.name);
    }
}
