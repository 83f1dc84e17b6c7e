//! Every promise holds on every step, and the promises of states are inductive.

use super::{Situation, every_step, shown, theorems};
use crate::any::{self, PhaseKind, Word};
use crate::assumptions::{Assumptions, of_state};
use crate::number::Sym;
use crate::theorem::{Proof, Theorem};
use crate::value::{Value, sealed};
use activity_execution::promises::{ServicePromise, all};
use activity_models::exploration::{CoreMachine, Machine};
use symbolic::check;

theorems! { CORE:
    /// The core keeps every promise that the specification keeps, in time or late.
    the_core_keeps_every_promise
}

/// Every promise, each a theorem of its name, about a machine.
///
/// The execution before is any one of which the assumed promises of states hold. The execution
/// after keeps them: with the first case, by induction, they hold always.
#[must_use]
pub fn induction<M>(machine: M, assumptions: &Assumptions) -> Proof
where
    M: Machine<Sym, Value> + Copy + Send + Sync + 'static,
{
    let promises = all::<Sym, Value>();
    let theorem = |it: &ServicePromise<_, _>| Theorem { name: it.name, statement: it.statement };
    let proof = Proof::of("induction", promises.iter().map(theorem).collect());
    promised(proof, machine, assumptions, promises)
}

/// The same as one theorem about the core.
#[must_use]
pub fn core(assumptions: &Assumptions) -> Proof {
    promised(Proof::of("core", CORE.to_vec()), CoreMachine, assumptions, all())
}

/// Adds the cases that show whether a machine keeps these promises.
#[must_use]
pub fn promised<M>(
    proof: Proof,
    machine: M,
    assumptions: &Assumptions,
    promises: Vec<ServicePromise<Sym, Value>>,
) -> Proof
where
    M: Machine<Sym, Value> + Copy + Send + Sync + 'static,
{
    let (judged, assumed) = (promises.clone(), assumptions.clone());
    let proof = proof.case("new".to_owned(), move || new(&machine, &judged, &assumed));
    let whole = assumptions.with_structural();
    every_step(proof, assumptions, move |assumptions, phase, word| {
        let ages = phase == PhaseKind::Closed && word == Word::Tick;
        step(&machine, &promises, if ages { &whole } else { assumptions }, phase, word);
    })
}

/// A new execution keeps the promises of states.
fn new<M: Machine<Sym, Value>>(
    machine: &M,
    promises: &[ServicePromise<Sym, Value>],
    assumptions: &Assumptions,
) {
    let terms = assumptions.terms();
    let now = any::instant("now");
    let execution = sealed(|| {
        let state = machine.begin(&terms, now, any::START);
        machine.observe(&terms, &state)
    });
    for promise in promises.iter().filter(|promise| promise.of_states) {
        let holds = of_state(promise, &terms, &execution);
        check(promise.name, holds, || shown(&terms, &execution));
    }
}

/// A step keeps every promise.
fn step<M: Machine<Sym, Value>>(
    machine: &M,
    promises: &[ServicePromise<Sym, Value>],
    assumptions: &Assumptions,
    phase: PhaseKind,
    word: Word,
) {
    let situation = Situation::any(machine, assumptions, phase, word);
    let is_same = situation.before == situation.after;
    // What does not change keeps what holds of it, and a closed execution must not change: no
    // arithmetic about one is assumed, none is done.
    let is_final = phase == PhaseKind::Closed && word != Word::Tick;
    for promise in promises {
        let holds = match promise.of_states {
            true => is_same || (!is_final && situation.preserves(promise, assumptions)),
            false => situation.keeps(promise),
        };
        // To have it said that something holds costs more than to see it.
        if !holds {
            check(promise.name, holds, || situation.to_string());
        }
    }
}
