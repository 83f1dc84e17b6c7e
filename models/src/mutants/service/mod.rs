//! The mutants of the service: machines around the specification or the core.
//!
//! A mutant answers in the machine's place, or alters the call, the terms or the execution handed
//! in, or the execution that comes out. It has never seen the inside.

pub(super) mod alter;
mod rule;
mod table;
mod unseen;
mod unseen_table;

pub use rule::ServiceRule;
pub use table::of_service;
pub use unseen::UnseenRule;

use super::Mutant;
use crate::exploration::Machine;
use activity_execution::vocabulary::{
    Action, ExecutionOptions, Number, Observation, Opaque, Reply, RequestId, Timestamp,
};

impl Mutant<ServiceRule> {
    /// A machine that follows the wrong rule.
    #[must_use]
    pub fn of<M>(&self, machine: M) -> Mutated<M> {
        Mutated { machine, rule: self.rule }
    }
}

/// A machine that follows a wrong rule, and otherwise the machine inside.
#[derive(Clone, Copy, Debug)]
pub struct Mutated<M> {
    machine: M,
    rule: ServiceRule,
}

impl<N: Number, P: Opaque, M: Machine<N, P>> Machine<N, P> for Mutated<M> {
    type State = M::State;

    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State {
        self.machine.begin(&self.rule.terms_for_good(terms), now, request_id)
    }

    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        let terms = &self.rule.terms_for_good(terms);
        let before = self.machine.observe(terms, state);
        if let Some(reply) = self.rule.answer_instead(&before, action) {
            return reply;
        }
        let action = self.rule.action(&before, action);
        let (altered_terms, altered) = self.rule.handed_in(terms, &before, &action);
        if let Some(altered) = &altered {
            *state = self.machine.restore(altered);
        }
        let answer = match self.machine.step(&altered_terms, state, &action) {
            Ok(answer) => answer,
            Err(rejection) => {
                let stays = self.rule.after_a_refusal(&before, &action).unwrap_or(before);
                *state = self.machine.restore(&stays);
                return Err(rejection);
            }
        };
        let after = self.machine.observe(terms, state);
        if let Some(altered) = self.rule.handed_out(terms, &before, &action, &after) {
            *state = self.machine.restore(&altered);
        }
        Ok(self.rule.answer(&before, &action, answer))
    }

    fn observe(&self, terms: &ExecutionOptions<N>, state: &Self::State) -> Observation<N, P> {
        self.machine.observe(&self.rule.terms_for_good(terms), state)
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        self.machine.restore(observation)
    }
}
