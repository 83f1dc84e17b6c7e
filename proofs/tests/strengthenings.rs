//! Each induction hypothesis is needed: without it a theorem is refuted by an example.

use activity_proofs::parties::{Caller, Hypotheses, Party, Service, Slots, Strengthening, Task};
use symbolic::{Budget, Explorer};

/// Each hypothesis is a promise; without it, the theorem that needs it falls.
fn every_hypothesis_is_needed<M: Party>() {
    let explorer = Explorer::new(Budget::default());
    for Strengthening { promise, theorem, proof: name, case } in M::STRENGTHENINGS {
        assert!(Hypotheses::<M>::all().include(promise), "{promise} is no promise");
        let weaker = Hypotheses::all().without(promise);
        let mut proofs = M::proofs(&weaker).into_iter().map(|(proof, _)| proof);
        let proof = proofs.find(|proof| proof.name == *name).expect("the proof exists");
        let proven = proof.only(case).run(&explorer);
        let (_, failure) = proven
            .refutation(theorem)
            .unwrap_or_else(|| panic!("{theorem} does not need {promise} in {name}, {case}"));
        assert_eq!(failure.name, *theorem);
        assert!(failure.example.is_some(), "{theorem} without {promise}: no example");
    }
}

#[test]
fn without_any_hypothesis_about_an_execution_a_theorem_falls() {
    every_hypothesis_is_needed::<Service>();
}

#[test]
fn without_any_hypothesis_about_a_task_a_theorem_falls() {
    every_hypothesis_is_needed::<Task>();
}

#[test]
fn without_any_hypothesis_about_slots_a_theorem_falls() {
    every_hypothesis_is_needed::<Slots>();
}

#[test]
fn without_any_hypothesis_about_a_caller_a_theorem_falls() {
    every_hypothesis_is_needed::<Caller>();
}

#[test]
fn what_prunes_shapes_is_a_promise_of_states() {
    let all = Service::promises();
    for promise in Service::STRENGTHENINGS.iter().map(|it| &it.promise).chain(Service::STRUCTURAL) {
        assert!(all.iter().any(|it| it.name == *promise && it.of_states), "{promise}");
    }
}
