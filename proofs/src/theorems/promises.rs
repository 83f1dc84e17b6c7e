//! Every promise holds on every step, and the promises of states are inductive.

use super::Situation;
use crate::any::{self, PhaseKind, Word};
use crate::assumptions::{Assumptions, of_state};
use crate::machine::Machine;
use crate::number::Sym;
use crate::theorem::{Proof, Theorem};
use crate::value::{Value, sealed};
use activity_execution::promises::{Promise, all};
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
    let mut proof = Proof::of(name, theorems).case("new".to_owned(), new::<M>);
    for phase in [PhaseKind::Scheduled, PhaseKind::Started, PhaseKind::Closed] {
        for word in Word::ALL {
            // That nothing happens to a closed execution takes no arithmetic.
            let lean = phase == PhaseKind::Closed && word != Word::Tick;
            let assumptions = assumptions.clone();
            let assumptions = if lean { assumptions.structural() } else { assumptions };
            let promises = all();
            proof = proof.case(format!("{phase:?}, {word:?}"), move || {
                step::<M>(&assumptions, &promises, phase, word);
            });
        }
    }
    proof
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
fn step<M: Machine<Sym, Value>>(
    assumptions: &Assumptions,
    promises: &[Promise<Sym, Value>],
    phase: PhaseKind,
    word: Word,
) {
    let situation = Situation::any::<M>(assumptions, phase, word);
    let is_same = situation.before == situation.after;
    for promise in promises {
        let holds = if promise.of_states {
            is_same || situation.preserves(promise, assumptions)
        } else {
            situation.keeps(promise)
        };
        check(promise.name, holds, || situation.to_string());
    }
}
