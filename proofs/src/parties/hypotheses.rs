//! The induction hypothesis of a party: what is assumed of its state before a step.

use super::party::{Party, PromiseOf, of_state};
use std::fmt;
use symbolic::assume_that;

/// The promises that are assumed.
#[derive(Clone)]
pub struct Hypotheses<M: Party> {
    promises: Vec<PromiseOf<M>>,
}

/// A promise of states that others need.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Strengthening {
    /// Its name.
    pub promise: &'static str,
    /// A theorem that is refuted when it is not assumed.
    pub theorem: &'static str,
    /// In which proof.
    pub proof: &'static str,
    /// In which case of it.
    pub case: &'static str,
}

impl<M: Party> Hypotheses<M> {
    /// Every promise that another theorem needs.
    #[must_use]
    pub fn all() -> Self {
        let promises = M::promises().into_iter().filter(|it| is_needed::<M>(it.name)).collect();
        Hypotheses { promises }
    }

    /// These, but not the promise of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.promises.retain(|promise| promise.name != name);
        self
    }

    /// Those that look at no number, and the promises to users that look at none: what is assumed
    /// of states that are final, of which more shapes than these would be explored in vain.
    #[must_use]
    pub fn structural(&self) -> Self {
        let dropped = |name| is_needed::<M>(name) && !self.include(name);
        let assumed = |name| M::STRUCTURAL.contains(&name) && !dropped(name);
        Hypotheses { promises: M::promises().into_iter().filter(|it| assumed(it.name)).collect() }
    }

    /// These and the structural ones.
    #[must_use]
    pub fn with_structural(&self) -> Self {
        let mut promises = self.structural().promises;
        promises.extend(self.promises.iter().filter(|it| !M::STRUCTURAL.contains(&it.name)));
        Hypotheses { promises }
    }

    /// What is assumed of states of this kind.
    #[must_use]
    pub fn of_phase(&self, phase: M::Phase) -> Self {
        if M::is_final(phase) { self.structural() } else { self.clone() }
    }

    /// What is assumed before a step of this kind of which promises of states are to be shown.
    #[must_use]
    pub fn of_step(&self, phase: M::Phase, word: M::Word) -> Self {
        let ages = M::is_final(phase) && M::lets_time_pass(word);
        if ages { self.with_structural() } else { self.of_phase(phase) }
    }

    /// The promise of this name, if it is assumed.
    pub(super) fn of(&self, name: &str) -> Option<&PromiseOf<M>> {
        self.promises.iter().find(|promise| promise.name == name)
    }

    /// Whether the promise of this name is assumed.
    #[must_use]
    pub fn include(&self, name: &str) -> bool {
        self.of(name).is_some()
    }

    /// Whether every promise of states among them holds of a state.
    pub(super) fn hold(&self, terms: &M::Options, state: &M::State) -> bool {
        self.of_states().all(|promise| of_state::<M>(promise, terms, state))
    }

    /// Whether those promises of states among them that have one of these names hold of a state.
    pub(crate) fn hold_of(&self, names: &[&str], terms: &M::Options, state: &M::State) -> bool {
        let mut named = self.of_states().filter(|promise| names.contains(&promise.name));
        named.all(|promise| of_state::<M>(promise, terms, state))
    }

    /// Leaves the path unless all of them hold of a state.
    pub(crate) fn suppose(&self, terms: &M::Options, state: &M::State) {
        for promise in self.of_states() {
            assume_that(|| of_state::<M>(promise, terms, state));
        }
    }

    fn of_states(&self) -> impl Iterator<Item = &PromiseOf<M>> {
        self.promises.iter().filter(|promise| promise.of_states)
    }
}

fn is_needed<M: Party>(name: &str) -> bool {
    M::STRENGTHENINGS.iter().any(|needed| needed.promise == name)
}

impl<M: Party> fmt::Debug for Hypotheses<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.promises.iter().map(|promise| promise.name)).finish()
    }
}
