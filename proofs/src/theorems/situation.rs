//! One step of a machine from any execution: what most theorems speak about.

use super::words;
use crate::any::{self, PhaseKind, Word};
use crate::assumptions::{Assumptions, of_state};
use crate::number::Sym;
use crate::value::{Value, sealed};
use activity_execution::promises::ServicePromise;
use activity_execution::vocabulary::{Observation, Step, Terms};
use activity_models::exploration::Machine;
use std::fmt;

/// A step, and the execution before and after it.
#[derive(Clone, Debug)]
pub struct Situation {
    /// The terms.
    pub terms: Terms<Sym>,
    /// The execution before.
    pub before: Observation<Sym, Value>,
    /// What happened.
    pub step: Step<Sym, Value>,
    /// The execution after.
    pub after: Observation<Sym, Value>,
}

impl Situation {
    /// Any step of this kind that the machine can take.
    #[must_use]
    pub fn any<M: Machine<Sym, Value>>(
        machine: &M,
        assumptions: &Assumptions,
        phase: PhaseKind,
        word: Word,
    ) -> Self {
        let terms = assumptions.terms();
        let before = any::observation(assumptions, &terms, phase);
        let action = any::action(word, terms.dialect);
        sealed(|| {
            let mut state = machine.restore(&before);
            let reply = machine.step(&terms, &mut state, &action);
            let after = machine.observe(&terms, &state);
            Situation { terms, before, step: Step { now: before.now, action, reply }, after }
        })
    }

    /// Whether the step keeps this promise.
    #[must_use]
    pub fn keeps(&self, promise: &ServicePromise<Sym, Value>) -> bool {
        (promise.holds)(&self.terms, &self.before, &self.step, &self.after)
    }

    /// Whether this promise of states holds after the step if it holds before it.
    #[must_use]
    pub fn preserves(
        &self,
        promise: &ServicePromise<Sym, Value>,
        assumptions: &Assumptions,
    ) -> bool {
        let held =
            assumptions.include(promise.name) || of_state(promise, &self.terms, &self.before);
        !held || of_state(promise, &self.terms, &self.after)
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        words::step(f, &self.terms, &self.before, &self.step, &self.after)
    }
}
