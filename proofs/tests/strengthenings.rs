//! Whatever is assumed earns its place: without it, a theorem falls.

use activity_execution::promises;
use activity_proofs::{Assumptions, Proof, STRENGTHENINGS, STRUCTURAL, Strengthening, theorems};
use activity_proofs::{Sym, Value};
use symbolic::{Budget, Explorer};

fn proof(name: &str, assumptions: &Assumptions) -> Proof {
    let mut proofs = theorems::all(assumptions).into_iter().map(|(proof, _)| proof);
    proofs.find(|proof| proof.name == name).expect("the proof exists")
}

#[test]
fn without_any_strengthening_a_theorem_falls() {
    let explorer = Explorer::new(Budget::default());
    for Strengthening { promise, theorem, proof: name, case } in STRENGTHENINGS {
        let weaker = Assumptions::all().without(promise);
        let proven = proof(name, &weaker).only(case).run(&explorer);
        let (_, failure) = proven
            .refutation(theorem)
            .unwrap_or_else(|| panic!("{theorem} does not need {promise} in {name}, {case}"));
        assert_eq!(failure.name, theorem);
        assert!(failure.example.is_some(), "{theorem} without {promise}: no example");
    }
}

#[test]
fn every_strengthening_is_a_promise_of_states() {
    let all = promises::all::<Sym, Value>();
    for Strengthening { promise, .. } in STRENGTHENINGS {
        assert!(all.iter().any(|it| it.name == promise && it.of_states), "{promise}");
    }
    for promise in STRUCTURAL {
        assert!(all.iter().any(|it| it.name == promise && it.of_states), "{promise}");
    }
}
