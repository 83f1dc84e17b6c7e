//! Every mutant is refuted by the proof of a promise that it breaks: of the service, as a
//! specification, and as a core it is no refinement; of a task, of the slots and of a caller.
//! Those that no exploration of small numbers can see included.

mod parties;

use activity_models::exploration::{CoreMachine, SpecificationMachine};
use activity_models::mutants::{Mutant, of_caller, of_service, of_slots, of_task};
use activity_proofs::parties::{Caller, Hypotheses, Party, Service, Slots, Task};
use activity_proofs::{Proof, Proven, theorems};
use symbolic::{Budget, Explorer};

/// Mutants that look into payloads: no machine may, and the proofs notice when one does.
const LOOK_INTO_PAYLOADS: [&str; 2] =
    ["takes_a_failure_without_details_for_terminal", "closes_without_an_outcome"];

fn looks_into_payloads(proven: &Proven) -> bool {
    let mut failures = proven.reports.iter().flat_map(|report| &report.failures);
    failures.any(|it| it.name.starts_with("panic: a machine compares payloads"))
}

#[test]
fn every_mutant_is_refuted_by_the_proof_of_the_promise_that_it_breaks() {
    let (explorer, hypotheses) = (Explorer::new(Budget::default()), Hypotheses::all());
    for mutant in of_service() {
        let proof = Service::of(mutant.of(SpecificationMachine)).induction(&hypotheses);
        let proven = proof.only(mutant.shows_in).run(&explorer);
        let looks = looks_into_payloads(&proven);
        assert_eq!(looks, LOOK_INTO_PAYLOADS.contains(&mutant.name), "{}", mutant.name);
        let broken: Vec<&str> =
            proven.refuted().into_iter().filter(|name| mutant.breaks.contains(name)).collect();
        assert!(!broken.is_empty(), "{} is not refuted as {:?}", mutant.name, mutant.breaks);
        for promise in broken {
            let (_, failure) = proven.refutation(promise).expect("it is refuted");
            assert!(looks || failure.example.is_some(), "{}: {failure}", mutant.name);
        }
    }
}

#[test]
fn no_mutant_of_the_core_refines_the_specification() {
    let (explorer, hypotheses) = (Explorer::new(Budget::default()), Hypotheses::all());
    for mutant in of_service() {
        let mutated = mutant.of(CoreMachine);
        let proof = theorems::refinement(SpecificationMachine, mutated, &hypotheses);
        let proven = proof.only(mutant.shows_in).run(&explorer);
        assert!(!proven.refuted().is_empty(), "{} refines the specification", mutant.name);
    }
}

/// The proof of all promises refutes each mutant, by an example that happens when it is played.
fn are_refuted<R: Copy>(mutants: Vec<Mutant<R>>, induction: impl Fn(R) -> Proof) {
    for mutant in mutants {
        let proof = induction(mutant.rule).only(mutant.shows_in);
        let proven = proof.run(&Explorer::new(Budget::default()));
        let refuted = proven.refuted();
        let broken = mutant.breaks.iter().find(|name| refuted.contains(name));
        let Some(broken) = broken else {
            panic!("{} is refuted as {refuted:?} only", mutant.name);
        };
        parties::refuted(&proof, broken);
    }
}

#[test]
fn every_mutant_of_a_task_is_refuted() {
    are_refuted(of_task(), |mutant| Task { mutant }.induction(&Hypotheses::all()));
}

#[test]
fn every_mutant_of_the_slots_is_refuted() {
    are_refuted(of_slots(), |mutant| Slots { mutant }.induction(&Hypotheses::all()));
}

#[test]
fn every_mutant_of_a_caller_is_refuted() {
    are_refuted(of_caller(), |mutant| Caller { mutant }.induction(&Hypotheses::all()));
}
