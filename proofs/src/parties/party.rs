//! What the proofs need to know of a small machine, one step of it from any state, and the
//! induction over its promises.

use super::Hypotheses;
use crate::strengthenings::Strengthening;
use crate::theorem::{Proof, Theorem};
use activity_execution::promises::Promise;
use std::fmt::{self, Debug};
use symbolic::check;

/// A promise about a party.
pub type PromiseOf<M> = Promise<<M as Party>::Terms, <M as Party>::State, <M as Party>::Step>;

/// A small machine in symbols, right or wrong.
pub trait Party: Clone + Send + Sync + 'static {
    /// What is known beforehand.
    type Terms: Copy + Debug;
    /// What it is at an instant.
    type State: Copy + Debug + PartialEq;
    /// One thing that happened to it.
    type Step: Copy + Debug;
    /// A kind of state; proofs go case by case.
    type Phase: Copy + Debug + Send + Sync;
    /// A kind of step; proofs go case by case.
    type Word: Copy + Debug + Send + Sync;
    /// Every kind of state.
    const PHASES: &'static [Self::Phase];
    /// Every kind of step.
    const WORDS: &'static [Self::Word];
    /// What is assumed before a step, and which theorem falls without it.
    const STRENGTHENINGS: &'static [Strengthening];

    /// Every promise, and the theorems on single steps that are not promises to users.
    fn promises() -> Vec<PromiseOf<Self>>;

    /// Any terms.
    fn terms() -> Self::Terms;

    /// The state in which it begins.
    fn begin() -> Self::State;

    /// Any state of this kind that the hypotheses allow, in every shape.
    fn state(hypotheses: &Hypotheses<Self>, terms: &Self::Terms, phase: Self::Phase)
    -> Self::State;

    /// Any step of this kind that the machine can take, and what it leads to.
    fn step(
        &self,
        hypotheses: &Hypotheses<Self>,
        terms: &Self::Terms,
        before: &Self::State,
        word: Self::Word,
    ) -> (Self::Step, Self::State);

    /// A step for promises that look at the state alone.
    fn idle() -> Self::Step;
}

/// A step of a party, and its state before and after it.
#[derive(Clone, Copy, Debug)]
pub struct Turn<M: Party> {
    /// The terms.
    pub terms: M::Terms,
    /// The state before.
    pub before: M::State,
    /// What happened.
    pub step: M::Step,
    /// The state after.
    pub after: M::State,
}

impl<M: Party> Turn<M> {
    /// Any step of this kind, from any state of this kind.
    #[must_use]
    pub fn any(machine: &M, hypotheses: &Hypotheses<M>, phase: M::Phase, word: M::Word) -> Self {
        let terms = M::terms();
        let before = M::state(hypotheses, &terms, phase);
        let (step, after) = machine.step(hypotheses, &terms, &before, word);
        Turn { terms, before, step, after }
    }

    /// Whether the step keeps this promise; one of states that held before it, if it is not known.
    #[must_use]
    pub fn keeps(&self, promise: &PromiseOf<M>, hypotheses: &Hypotheses<M>) -> bool {
        if !promise.of_states {
            return (promise.holds)(&self.terms, &self.before, &self.step, &self.after);
        }
        let known = hypotheses.include(promise.name);
        self.before == self.after
            || !(known || of_state::<M>(promise, &self.terms, &self.before))
            || of_state::<M>(promise, &self.terms, &self.after)
    }
}

impl<M: Party> fmt::Display for Turn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "terms:  {:?}", self.terms)?;
        writeln!(f, "before: {:?}", self.before)?;
        writeln!(f, "step:   {:?}", self.step)?;
        if self.before == self.after {
            return writeln!(f, "after:  the same");
        }
        writeln!(f, "after:  {:?}", self.after)
    }
}

/// Whether a promise of states holds of a state.
pub(super) fn of_state<M: Party>(
    promise: &PromiseOf<M>,
    terms: &M::Terms,
    state: &M::State,
) -> bool {
    debug_assert!(promise.of_states, "{} looks at more than the state", promise.name);
    (promise.holds)(terms, state, &M::idle(), state)
}

/// A proof that a machine keeps these promises: those of states from the beginning, all of them on
/// every step from every state of which the hypotheses hold.
#[must_use]
pub fn promised<M: Party>(
    name: &'static str,
    machine: &M,
    hypotheses: &Hypotheses<M>,
    promises: Vec<PromiseOf<M>>,
) -> Proof {
    let theorem = |it: &PromiseOf<M>| Theorem { name: it.name, statement: it.statement };
    let mut proof = Proof::of(name, promises.iter().map(theorem).collect());
    if promises.iter().any(|promise| promise.of_states) {
        let judged = promises.clone();
        proof = proof.case("new".to_owned(), move || new::<M>(&judged));
    }
    every_turn(proof, machine, hypotheses, move |turn, hypotheses| {
        for promise in &promises {
            check(promise.name, turn.keeps(promise, hypotheses), || turn.to_string());
        }
    })
}

/// Adds a case for each kind of state and of step, which together are every step.
pub(super) fn every_turn<M: Party>(
    mut proof: Proof,
    machine: &M,
    hypotheses: &Hypotheses<M>,
    claim: impl Fn(&Turn<M>, &Hypotheses<M>) + Clone + Send + Sync + 'static,
) -> Proof {
    for &phase in M::PHASES {
        for &word in M::WORDS {
            let (machine, hypotheses, claim) = (machine.clone(), hypotheses.clone(), claim.clone());
            proof = proof.case(format!("{phase:?}, {word:?}"), move || {
                claim(&Turn::any(&machine, &hypotheses, phase, word), &hypotheses);
            });
        }
    }
    proof
}

fn new<M: Party>(promises: &[PromiseOf<M>]) {
    let (terms, state) = (M::terms(), M::begin());
    for promise in promises.iter().filter(|promise| promise.of_states) {
        let holds = of_state::<M>(promise, &terms, &state);
        check(promise.name, holds, || format!("{terms:?}\n{state:?}"));
    }
}
