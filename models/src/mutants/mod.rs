//! Deliberately wrong transition rules, to show that the checks can fail.
//!
//! A mutant is a machine around a machine: it answers in its place, or alters the call, the terms
//! or the execution handed in, or the execution that comes out. It has never seen the inside.

mod alter;
pub mod caller;
mod fault;
mod table;
pub mod worker;

pub use fault::Fault;
pub use table::{BEYOND_EXPLORATION, MUTANTS};

use crate::exploration::Machine;
use activity_execution::vocabulary::{
    Action, Dialect, Number, Observation, Opaque, Reply, RequestId, Terms, Timestamp,
};

/// A wrong rule, and what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub sentence: &'static str,
    /// The bug of a real server that it re-enacts.
    pub reenacts: Option<&'static str>,
    /// Why no exploration of small configurations can see it, where that is so.
    pub beyond_exploration: Option<&'static str>,
    /// The promises that it breaks first: one of them is named by each checker.
    pub breaks: &'static [&'static str],
    /// Where the rule is wrong; in either dialect, unless given.
    pub only_in: Option<Dialect>,
    fault: Fault,
}

impl Mutant {
    /// The dialects in which the rule is wrong.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        let all = [Dialect::Standalone, Dialect::Workflow].into_iter();
        all.filter(|dialect| self.only_in.is_none_or(|only| only == *dialect))
    }

    /// The mutant with this name, one that exploration cannot see included.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Mutant> {
        MUTANTS.iter().chain(BEYOND_EXPLORATION).find(|mutant| mutant.name == name)
    }

    /// A machine that follows the wrong rule.
    #[must_use]
    pub fn of<M>(&self, machine: M) -> Mutated<M> {
        Mutated { machine, fault: self.fault }
    }
}

/// A machine that follows a wrong rule, and otherwise the machine inside.
#[derive(Clone, Copy, Debug)]
pub struct Mutated<M> {
    machine: M,
    fault: Fault,
}

impl<N: Number, P: Opaque, M: Machine<N, P>> Machine<N, P> for Mutated<M> {
    type State = M::State;

    fn begin(&self, terms: &Terms<N>, now: Timestamp<N>, request_id: RequestId) -> Self::State {
        self.machine.begin(&self.fault.terms_for_good(terms), now, request_id)
    }

    fn step(
        &self,
        terms: &Terms<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        let terms = &self.fault.terms_for_good(terms);
        let before = self.machine.observe(terms, state);
        if let Some(reply) = self.fault.answer_instead(&before, action) {
            return reply;
        }
        let action = self.fault.action(&before, action);
        let (altered_terms, altered) = self.fault.handed_in(terms, &before, &action);
        if let Some(altered) = &altered {
            *state = self.machine.restore(altered);
        }
        let reply = self.machine.step(&altered_terms, state, &action);
        if reply.is_err() {
            *state = self.machine.restore(&before);
            return reply;
        }
        let after = self.machine.observe(terms, state);
        if let Some(altered) = self.fault.handed_out(terms, &before, &action, &after) {
            *state = self.machine.restore(&altered);
        }
        reply
    }

    fn observe(&self, terms: &Terms<N>, state: &Self::State) -> Observation<N, P> {
        self.machine.observe(&self.fault.terms_for_good(terms), state)
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        self.machine.restore(observation)
    }
}
