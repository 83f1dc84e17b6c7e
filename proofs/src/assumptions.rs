//! The induction hypothesis: which promises of states are assumed of the execution before a step.

use crate::any;
use crate::number::{Sym, lifted};
use crate::strengthenings::STRENGTHENINGS;
use crate::value::Value;
use activity_execution::promises::{ServicePromise, all};
use activity_execution::vocabulary::{
    Action, Answer, Number, Observation, Span, Step, Terms, Timestamp,
};
use symbolic::assume_that;

/// The promises of states that are assumed.
#[derive(Clone, Debug)]
pub struct Assumptions {
    promises: Vec<ServicePromise<Sym, Value>>,
    terms: Option<Terms<i64>>,
}

/// The promises of states that look at no number: they prune shapes.
pub const STRUCTURAL: [&str; 9] = [
    "a_started_attempt_has_a_start_time",
    "a_retry_follows_an_attempt_that_ended",
    "an_outcome_of_an_attempt_has_started_and_completed",
    "a_cancel_request_waits_only_for_a_worker",
    "canceled_only_after_a_request",
    "terminated_means_closed_by_force",
    "a_close_after_a_cancel_request_says_so",
    "deadlines_are_armed_exactly_in_their_phase",
    "a_timed_out_execution_tells_which_timeout_and_why",
];

impl Assumptions {
    /// Every promise of states that another theorem needs.
    #[must_use]
    pub fn all() -> Self {
        let promises = all().into_iter().filter(|it| is_needed(it.name)).collect();
        Assumptions { promises, terms: None }
    }

    /// The same of executions with these terms only.
    #[must_use]
    pub fn of(mut self, terms: Terms<i64>) -> Self {
        self.terms = Some(terms);
        self
    }

    /// Any terms that are assumed.
    pub(crate) fn terms(&self) -> Terms<Sym> {
        self.terms.as_ref().map_or_else(any::terms, lifted)
    }

    /// These, but not the promise of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.promises.retain(|promise| promise.name != name);
        self
    }

    /// Those that look at no number, and the promises to users that look at none: what is assumed
    /// of closed executions, of which more shapes than these would be explored in vain.
    #[must_use]
    pub fn structural(&self) -> Self {
        let dropped = |name| is_needed(name) && !self.include(name);
        let assumed = |name| STRUCTURAL.contains(&name) && !dropped(name);
        let promises = all().into_iter().filter(|it| assumed(it.name)).collect();
        Assumptions { promises, terms: self.terms }
    }

    /// These and the structural ones.
    #[must_use]
    pub fn with_structural(&self) -> Self {
        let mut promises = self.structural().promises;
        promises.extend(self.promises.iter().filter(|it| !STRUCTURAL.contains(&it.name)));
        Assumptions { promises, terms: self.terms }
    }

    /// Whether the promise of this name is assumed.
    #[must_use]
    pub fn include(&self, name: &str) -> bool {
        self.promises.iter().any(|promise| promise.name == name)
    }

    /// Whether those of `names` that are assumed hold of an execution.
    pub(crate) fn hold(
        &self,
        names: &[&str],
        terms: &Terms<Sym>,
        execution: &Observation<Sym, Value>,
    ) -> bool {
        let named = self.promises.iter().filter(|promise| names.contains(&promise.name));
        named.into_iter().all(|promise| of_state(promise, terms, execution))
    }

    /// Leaves the path unless all of them hold of an execution.
    pub(crate) fn suppose(&self, terms: &Terms<Sym>, execution: &Observation<Sym, Value>) {
        for promise in &self.promises {
            assume_that(|| of_state(promise, terms, execution));
        }
    }
}

/// Whether a promise of states holds of an execution.
#[must_use]
pub fn of_state(
    promise: &ServicePromise<Sym, Value>,
    terms: &Terms<Sym>,
    execution: &Observation<Sym, Value>,
) -> bool {
    debug_assert!(promise.of_states, "{} looks at more than the state", promise.name);
    // What a promise of states does not look at.
    let zero = Sym::literal(0);
    let action = Action::Tick { elapsed: Span(zero) };
    let step = Step { now: Timestamp(zero), action, reply: Ok(Answer::Done) };
    (promise.holds)(terms, execution, &step, execution)
}

fn is_needed(name: &str) -> bool {
    STRENGTHENINGS.iter().any(|needed| needed.promise == name)
}
