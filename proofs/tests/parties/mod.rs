//! What the theorems about all parties have in common: they run once, before the first test that
//! asks, and each has a test of its name.
#![allow(dead_code, unused_imports, unused_macros, reason = "each test file uses its own part")]

use activity_proofs::parties::{self, Hypotheses, Party};
use activity_proofs::{Proof, Proven};
use std::collections::BTreeSet;
use symbolic::{Budget, Explorer, Verdict, replay};

/// A test for each theorem, and those that hold for all of them.
macro_rules! every_theorem {
    ($proven:ident: $($theorem:ident)+) => {
        $(
            #[test]
            fn $theorem() {
                crate::parties::is_proved(&$proven, stringify!($theorem));
            }
        )+

        #[test]
        fn every_theorem_has_a_test_of_its_name_and_says_what_it_states() {
            crate::parties::are_complete(&$proven, &[$(stringify!($theorem)),+]);
        }

        #[test]
        fn every_proof_explores_the_paths_that_it_used_to() {
            crate::parties::explore_what_they_used_to(&$proven);
        }

        #[test]
        fn every_proof_is_in_the_registry() {
            crate::parties::are_registered(&$proven);
        }
    };
}
pub(crate) use every_theorem;

/// Every proof about a party, run.
pub(crate) fn proven<M: Party>() -> Vec<(Proven, u64)> {
    let explorer = Explorer::new(Budget::default());
    let proofs = M::proofs(&Hypotheses::all()).into_iter();
    proofs.map(|(proof, paths)| (proof.run(&explorer), paths)).collect()
}

pub(crate) fn is_proved(proven: &[(Proven, u64)], theorem: &str) {
    let mut about = proven
        .iter()
        .map(|(proven, _)| proven)
        .filter(|it| it.theorems.iter().any(|known| known.name == theorem));
    let proven = about.next().expect("the theorem is in the library");
    if let Some((case, failure)) = proven.refutation(theorem) {
        panic!("{theorem} is refuted: {case}\n{failure}");
    }
    assert_eq!(proven.verdict(theorem), Verdict::Proved, "{theorem}");
}

/// Every theorem has a test of its name, and a sentence.
pub(crate) fn are_complete(proven: &[(Proven, u64)], tested: &[&str]) {
    let known: Vec<_> = proven.iter().flat_map(|(proven, _)| &proven.theorems).collect();
    let names: BTreeSet<&str> = known.iter().map(|theorem| theorem.name).collect();
    assert_eq!(names, tested.iter().copied().collect());
    assert_eq!(names.len(), known.len(), "no two theorems have one name");
    for theorem in known {
        assert!(theorem.statement.ends_with('.'), "{}: {}", theorem.name, theorem.statement);
    }
}

pub(crate) fn are_registered(proven: &[(Proven, u64)]) {
    let registered = parties::all();
    for (proven, paths) in proven {
        let mut same = registered.iter().filter(|(proof, _)| proof.name == proven.name);
        assert_eq!(same.next().map(|(_, paths)| paths), Some(paths), "{}", proven.name);
        assert!(same.next().is_none(), "no two proofs are called {}", proven.name);
    }
    let theorems = registered.iter().flat_map(|(proof, _)| &proof.theorems);
    let names: Vec<_> = theorems.map(|theorem| theorem.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a name is used twice");
}

/// Every proof explores as many paths as it used to, and no case of it is vacuous.
pub(crate) fn explore_what_they_used_to(proven: &[(Proven, u64)]) {
    let explored = |(proven, _): &(Proven, u64)| (proven.name, proven.statistics().paths);
    let pinned = |(proven, paths): &(Proven, u64)| (proven.name, *paths);
    assert_eq!(
        proven.iter().map(explored).collect::<Vec<_>>(),
        proven.iter().map(pinned).collect::<Vec<_>>()
    );
    for report in proven.iter().flat_map(|(proven, _)| &proven.reports) {
        assert!(report.is_proved(), "{report}");
    }
}

/// The words of the example that refutes a theorem, which happens when it is played again.
pub(crate) fn refuted(proof: &Proof, theorem: &str) -> String {
    played_again(proof, &proof.run(&Explorer::new(Budget::default())), theorem)
}

/// Every theorem is refuted, by an example that happens when it is played again.
pub(crate) fn every_theorem_is_refuted(proof: &Proof) {
    let proven = proof.run(&Explorer::new(Budget::default()));
    for theorem in &proof.theorems {
        let words = played_again(proof, &proven, theorem.name);
        assert!(words.contains("before:"), "{}: {words}", theorem.name);
    }
}

fn played_again(proof: &Proof, proven: &Proven, theorem: &str) -> String {
    let (case, failure) =
        proven.refutation(theorem).unwrap_or_else(|| panic!("{theorem} is not refuted"));
    assert_eq!(failure.name, theorem, "{failure}");
    let example = failure.example.as_ref().expect("there are such numbers");
    let claim = proof.claim(case).expect("the case is one of the proof's");
    let played = replay(&example.instance, claim);
    let again = played.failures.iter().find(|it| it.name == theorem).expect("it fails again");
    assert_eq!(again.example.as_ref().map(|it| &it.words), Some(&example.words));
    example.words.clone()
}
