//! The induction hypothesis of a party: what is assumed of its state before a step.

use super::party::{Party, PromiseOf, of_state};
use std::fmt;

/// The promises that are assumed.
#[derive(Clone)]
pub struct Hypotheses<M: Party> {
    promises: Vec<PromiseOf<M>>,
}

impl<M: Party> Hypotheses<M> {
    /// Every promise that another theorem needs.
    #[must_use]
    pub fn all() -> Self {
        let needed = |name| M::STRENGTHENINGS.iter().any(|needed| needed.promise == name);
        Hypotheses { promises: M::promises().into_iter().filter(|it| needed(it.name)).collect() }
    }

    /// These, but not the promise of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.promises.retain(|promise| promise.name != name);
        self
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
    pub(super) fn hold(&self, terms: &M::Terms, state: &M::State) -> bool {
        let mut of_states = self.promises.iter().filter(|promise| promise.of_states);
        of_states.all(|promise| of_state::<M>(promise, terms, state))
    }
}

impl<M: Party> fmt::Debug for Hypotheses<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.promises.iter().map(|promise| promise.name)).finish()
    }
}
