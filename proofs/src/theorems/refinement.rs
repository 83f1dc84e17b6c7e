//! The core is the specification: same replies, same observations, whatever the parameters.

use super::{theorems, words};
use crate::any::{self, PhaseKind, START, Word};
use crate::number::Sym;
use crate::parties::{Hypotheses, Party, Service, every_case};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_models::exploration::Machine;
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
pub fn refinement<S, C>(specification: S, core: C, hypotheses: &Hypotheses<Service>) -> Proof
where
    S: Machine<Sym, SymbolicPayload> + Copy + Send + Sync + 'static,
    C: Machine<Sym, SymbolicPayload> + Copy + Send + Sync + 'static,
{
    let proof = Proof::of("refinement", REFINEMENT.to_vec());
    let proof = proof.case("new".to_owned(), move || new(&specification, &core));
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(proof, Service::PHASES, assumed, move |hypotheses, phase, word| {
        step(&specification, &core, hypotheses, phase, word);
    })
}

fn new<S: Machine<Sym, SymbolicPayload>, C: Machine<Sym, SymbolicPayload>>(
    specification: &S,
    core: &C,
) {
    let terms = any::terms();
    let now = any::instant("now");
    let (specified, state) =
        sealed(|| (specification.begin(&terms, now, START), core.begin(&terms, now, START)));
    let (theirs, ours) = (specification.observe(&terms, &specified), core.observe(&terms, &state));
    let words = || format!("{terms:?}\nspecification {theirs:?}\ncore {ours:?}");
    check("specification_and_core_look_alike", theirs == ours, words);
    check("the_core_hides_nothing", core.restore(&ours) == state, words);
}

fn step<S, C>(
    specification: &S,
    core: &C,
    hypotheses: &Hypotheses<Service>,
    phase: PhaseKind,
    word: Word,
) where
    S: Machine<Sym, SymbolicPayload>,
    C: Machine<Sym, SymbolicPayload>,
{
    let terms = any::terms();
    let before = any::observation(hypotheses, &terms, phase);
    let action = any::action(word, terms.dialect);
    let (mut specified, mut state) =
        sealed(|| (specification.restore(&before), core.restore(&before)));
    let looks = |specified: &S::State, state: &C::State| {
        (specification.observe(&terms, specified), core.observe(&terms, state))
    };
    let (theirs, ours) = looks(&specified, &state);
    check("specification_and_core_look_alike", theirs == before && ours == before, || {
        format!("{terms:?}\nspecification {theirs:?}\ncore {ours:?}\ngiven {before:?}")
    });
    let (allowed, reply) = sealed(|| {
        let allowed = specification.step(&terms, &mut specified, &action);
        (allowed, core.step(&terms, &mut state, &action))
    });
    let (theirs, ours) = looks(&specified, &state);
    let same = allowed == reply && theirs == ours;
    check("each_step_of_the_core_is_a_step_of_the_specification", same, || {
        let results = [("the specification", &allowed, &theirs), ("the core", &reply, &ours)];
        words::both(&terms, &before, &action, results)
    });
    check("the_core_hides_nothing", core.restore(&ours) == state, || {
        format!("{terms:?}\nbefore {before:?}\naction {action:?}\nafter {state:?}")
    });
}
