//! What the proofs need to know of a machine, one step of it from any state, and the induction over
//! its promises.

use super::{Hypotheses, Strengthening};
use crate::theorem::{Proof, Theorem};
use activity_execution::promises::Promise;
use std::cell::LazyCell;
use std::fmt::{self, Debug};
use symbolic::check;

/// A promise about a party.
pub type PromiseOf<M> = Promise<<M as Party>::Options, <M as Party>::State, <M as Party>::Step>;

/// A machine in symbols, right or wrong.
pub trait Party: Clone + Send + Sync + 'static {
    /// What is known beforehand.
    type Options: Copy + Debug;
    /// What it is at an instant.
    type State: Copy + Debug + PartialEq;
    /// One thing that happened to it.
    type Step: Copy + Debug;
    /// A kind of state; proofs go case by case.
    type Phase: Copy + Debug + Send + Sync;
    /// A kind of step; proofs go case by case.
    type Word: Copy + Debug + Send + Sync;
    /// The name of the proof of its promises.
    const NAME: &'static str;
    /// Every kind of state.
    const PHASES: &'static [Self::Phase];
    /// Every kind of step.
    const WORDS: &'static [Self::Word];
    /// What is assumed before a step, and which theorem falls without it.
    const STRENGTHENINGS: &'static [Strengthening];
    /// The promises of states that look at no number: they prune shapes of final states.
    const STRUCTURAL: &'static [&'static str] = &[];

    /// Every promise, and the theorems on single steps that are not promises to users.
    fn promises() -> Vec<PromiseOf<Self>>;

    /// Every proof about it, with the number of its paths: a proof that explores fewer says less
    /// than it did.
    fn proofs(hypotheses: &Hypotheses<Self>) -> Vec<(Proof, u64)>;

    /// Any terms.
    fn terms(&self) -> Self::Options;

    /// The state in which it begins.
    fn begin(&self, terms: &Self::Options) -> Self::State;

    /// Any state of this kind that the hypotheses allow, in every shape.
    fn state(
        hypotheses: &Hypotheses<Self>,
        terms: &Self::Options,
        phase: Self::Phase,
    ) -> Self::State;

    /// Any step of this kind that the machine can take, and what it leads to.
    fn step(
        &self,
        hypotheses: &Hypotheses<Self>,
        terms: &Self::Options,
        before: &Self::State,
        word: Self::Word,
    ) -> (Self::Step, Self::State);

    /// A step for promises that look at the state alone.
    fn idle() -> Self::Step;

    /// Whether nothing in states of this kind changes but their age: less is assumed of them, and
    /// no arithmetic is done about them.
    fn is_final(_phase: Self::Phase) -> bool {
        false
    }

    /// Whether a step of this kind is the passing of time.
    fn lets_time_pass(_word: Self::Word) -> bool {
        false
    }

    /// ExecutionOptions and a state for whoever reads a counterexample.
    ///
    /// # Errors
    /// Those of the writer.
    fn write_state(
        f: &mut impl fmt::Write,
        terms: &Self::Options,
        state: &Self::State,
    ) -> fmt::Result {
        write!(f, "{terms:?}\n{state:?}")
    }

    /// A step for whoever reads a counterexample.
    ///
    /// # Errors
    /// Those of the writer.
    fn write_turn(f: &mut impl fmt::Write, turn: &Turn<Self>) -> fmt::Result {
        writeln!(f, "terms:  {:?}", turn.terms)?;
        writeln!(f, "before: {:?}", turn.before)?;
        writeln!(f, "step:   {:?}", turn.step)?;
        if turn.before == turn.after {
            return writeln!(f, "after:  the same");
        }
        writeln!(f, "after:  {:?}", turn.after)
    }

    /// Every promise about it, each a theorem of its name.
    ///
    /// The state before a step is any one of which the hypotheses hold. The state after keeps
    /// them: with the first case, by induction, they hold always.
    #[must_use]
    fn induction(&self, hypotheses: &Hypotheses<Self>) -> Proof {
        promised(Self::NAME, self, hypotheses, Self::promises())
    }
}

/// A step of a party, and its state before and after it.
#[derive(Clone, Copy, Debug)]
pub struct Turn<M: Party> {
    /// The terms.
    pub terms: M::Options,
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
        let terms = machine.terms();
        let before = M::state(hypotheses, &terms, phase);
        let (step, after) = machine.step(hypotheses, &terms, &before, word);
        Turn { terms, before, step, after }
    }

    /// Whether the step keeps this promise; one of states that held before it, if it is not known.
    #[must_use]
    pub fn keeps(&self, promise: &PromiseOf<M>, hypotheses: &Hypotheses<M>) -> bool {
        if promise.of_states {
            return self.before == self.after || self.preserves(promise, hypotheses);
        }
        self.holds(promise)
    }

    /// Whether this promise holds of the step.
    pub(crate) fn holds(&self, promise: &PromiseOf<M>) -> bool {
        (promise.holds)(&self.terms, &self.before, &self.step, &self.after)
    }

    /// Whether a promise of states holds after the step if it holds before it.
    fn preserves(&self, promise: &PromiseOf<M>, hypotheses: &Hypotheses<M>) -> bool {
        let held =
            hypotheses.include(promise.name) || of_state::<M>(promise, &self.terms, &self.before);
        !held || of_state::<M>(promise, &self.terms, &self.after)
    }
}

impl<M: Party> fmt::Display for Turn<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        M::write_turn(f, self)
    }
}

/// Whether a promise of states holds of a state.
pub(crate) fn of_state<M: Party>(
    promise: &PromiseOf<M>,
    terms: &M::Options,
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
        let (machine, judged) = (machine.clone(), promises.clone());
        proof = proof.case("new".to_owned(), move || new(&machine, &judged));
    }
    let machine = machine.clone();
    let assumed = |phase, word| hypotheses.of_step(phase, word);
    every_case(proof, M::PHASES, assumed, move |hypotheses, phase, word| {
        let turn = Turn::any(&machine, hypotheses, phase, word);
        let is_final = M::is_final(phase) && !M::lets_time_pass(word);
        keeps_all(&turn, hypotheses, &promises, is_final);
    })
}

/// A step keeps every promise; what is final does not change at all.
fn keeps_all<M: Party>(
    turn: &Turn<M>,
    hypotheses: &Hypotheses<M>,
    promises: &[PromiseOf<M>],
    is_final: bool,
) {
    // What does not change keeps what holds of it.
    let is_same = LazyCell::new(|| turn.before == turn.after);
    for promise in promises {
        let holds = match promise.of_states {
            true => *is_same || (!is_final && turn.preserves(promise, hypotheses)),
            false => turn.holds(promise),
        };
        // To have it said that something holds costs more than to see it.
        if !holds {
            check(promise.name, holds, || turn.to_string());
        }
    }
}

/// A new machine keeps the promises of states.
fn new<M: Party>(machine: &M, promises: &[PromiseOf<M>]) {
    let terms = machine.terms();
    let state = machine.begin(&terms);
    for promise in promises.iter().filter(|promise| promise.of_states) {
        let holds = of_state::<M>(promise, &terms, &state);
        check(promise.name, holds, || {
            let mut text = String::new();
            M::write_state(&mut text, &terms, &state).expect("writing to a string succeeds");
            text
        });
    }
}

/// Adds a case for each of these kinds of state and each kind of step, with what is assumed there;
/// all kinds of state are all steps there are.
pub(crate) fn every_case<M: Party>(
    mut proof: Proof,
    phases: &[M::Phase],
    assumed: impl Fn(M::Phase, M::Word) -> Hypotheses<M>,
    claim: impl Fn(&Hypotheses<M>, M::Phase, M::Word) + Clone + Send + Sync + 'static,
) -> Proof {
    for &phase in phases {
        for &word in M::WORDS {
            let (hypotheses, claim) = (assumed(phase, word), claim.clone());
            proof = proof.case(format!("{phase:?}, {word:?}"), move || {
                claim(&hypotheses, phase, word);
            });
        }
    }
    proof
}

/// Adds a case for each kind of state and of step, for a claim about the step of this machine.
pub(crate) fn every_turn<M: Party>(
    proof: Proof,
    machine: &M,
    hypotheses: &Hypotheses<M>,
    claim: impl Fn(&Turn<M>) + Clone + Send + Sync + 'static,
) -> Proof {
    let machine = machine.clone();
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(proof, M::PHASES, assumed, move |hypotheses, phase, word| {
        claim(&Turn::any(&machine, hypotheses, phase, word));
    })
}
