//! The core is the specification: same replies, same observations, whatever the parameters.

use super::{every_step, theorems};
use crate::any::{self, PhaseKind, Word};
use crate::assumptions::Assumptions;
use crate::machine::Machine;
use crate::number::Sym;
use crate::theorem::Proof;
use crate::value::{Value, sealed};
use symbolic::check;

theorems! { REFINEMENT:
    /// Specification and core show the same for the same execution, from the first moment on.
    specification_and_core_look_alike
    /// From any execution, whatever happens, in time or late, the core answers as the
    /// specification does and looks as the specification does afterwards.
    each_step_of_the_core_is_a_step_of_the_specification
    /// An execution of the core is its observation: read back from it, it is the same.
    the_core_hides_nothing
}

/// The second machine refines the first.
#[must_use]
pub fn refinement<S, C>(assumptions: &Assumptions) -> Proof
where
    S: Machine<Sym, Value> + 'static,
    C: Machine<Sym, Value> + 'static,
{
    let proof = Proof::of("refinement", REFINEMENT.to_vec()).case("new".to_owned(), new::<S, C>);
    every_step(proof, assumptions, step::<S, C>)
}

fn new<S: Machine<Sym, Value>, C: Machine<Sym, Value>>() {
    let terms = any::terms();
    let now = any::instant("now");
    let (specification, core) =
        sealed(|| (S::new(&terms, now, any::START), C::new(&terms, now, any::START)));
    let (theirs, ours) = (specification.observe(&terms), core.observe(&terms));
    let words = || format!("{terms:?}\nspecification {specification:?}\ncore {core:?}");
    check("specification_and_core_look_alike", theirs == ours, words);
    check("the_core_hides_nothing", C::from_observation(&ours) == core, words);
}

fn step<S, C>(assumptions: &Assumptions, phase: PhaseKind, word: Word)
where
    S: Machine<Sym, Value>,
    C: Machine<Sym, Value>,
{
    let terms = any::terms();
    let before = any::observation(assumptions, &terms, phase);
    let action = any::action(word);
    let (mut specification, mut core) =
        sealed(|| (S::from_observation(&before), C::from_observation(&before)));
    let (theirs, ours) = (specification.observe(&terms), core.observe(&terms));
    check("specification_and_core_look_alike", theirs == before && ours == before, || {
        format!("{terms:?}\nspecification {theirs:?}\ncore {ours:?}\ngiven {before:?}")
    });
    let (allowed, reply) =
        sealed(|| (specification.step(&terms, &action), core.step(&terms, &action)));
    let (theirs, ours) = (specification.observe(&terms), core.observe(&terms));
    let same = allowed == reply && theirs == ours;
    check("each_step_of_the_core_is_a_step_of_the_specification", same, || {
        format!(
            "{terms:?}\nbefore {before:?}\naction {action:?}\n\
             specification {allowed:?}, {theirs:?}\ncore {reply:?}, {ours:?}"
        )
    });
    check("the_core_hides_nothing", C::from_observation(&ours) == core, || {
        format!("{terms:?}\nbefore {before:?}\naction {action:?}\nafter {core:?}")
    });
}
