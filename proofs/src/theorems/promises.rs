//! Every promise holds on every step, and the promises of states are inductive.

use super::{Situation, every_step};
use crate::any::{self, PhaseKind, Word};
use crate::assumptions::{Assumptions, of_state};
use crate::machine::Machine;
use crate::number::Sym;
use crate::theorem::{Proof, Theorem};
use crate::value::{Value, sealed};
use activity_execution::promises::all;
use symbolic::check;

/// Every promise, each a theorem of its name, about this kind of machine.
///
/// The execution before is any one of which the assumed promises of states hold. The execution
/// after keeps them: with the first case, by induction, they hold always.
#[must_use]
pub fn induction<M: Machine<Sym, Value> + 'static>(
    name: &'static str,
    assumptions: &Assumptions,
) -> Proof {
    let theorems = all::<Sym, Value>()
        .iter()
        .map(|promise| Theorem { name: promise.name, statement: promise.statement })
        .collect();
    let proof = Proof::of(name, theorems).case("new".to_owned(), new::<M>);
    every_step(proof, assumptions, step::<M>)
}

/// A new execution keeps the promises of states.
fn new<M: Machine<Sym, Value>>() {
    let terms = any::terms();
    let now = any::instant("now");
    let execution = sealed(|| M::new(&terms, now, any::START)).observe(&terms);
    for promise in all().iter().filter(|promise| promise.of_states) {
        let holds = of_state(promise, &terms, &execution);
        check(promise.name, holds, || format!("{terms:?}\n{execution:?}"));
    }
}

/// A step keeps every promise.
fn step<M: Machine<Sym, Value>>(assumptions: &Assumptions, phase: PhaseKind, word: Word) {
    let situation = Situation::any::<M>(assumptions, phase, word);
    let is_same = situation.before == situation.after;
    for promise in all() {
        let holds = if promise.of_states {
            is_same || situation.preserves(&promise, assumptions)
        } else {
            situation.keeps(&promise)
        };
        check(promise.name, holds, || situation.to_string());
    }
}
