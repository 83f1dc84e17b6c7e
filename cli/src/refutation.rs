//! The proofs that a mutant makes fail, whichever machine it is of.

use activity_models::exploration::{CoreMachine, SpecificationMachine};
use activity_models::mutants::{of_caller, of_service, of_slots, of_task};
use activity_proofs::parties::{Caller, Hypotheses, Party, Service, Slots, Task};
use activity_proofs::{Proof, theorems};
use std::panic;

/// The proofs that the mutant of this name makes fail; none if there is no such mutant, or no proof
/// about its machine.
pub(crate) fn of_mutant(name: &str) -> Option<Vec<Proof>> {
    if let Some(mutant) = of_service().into_iter().find(|it| it.name == name) {
        let (specification, core) = (mutant.of(SpecificationMachine), mutant.of(CoreMachine));
        return Some(vec![
            Service::of(specification).induction(&Hypotheses::all()),
            theorems::refinement(SpecificationMachine, core, &Hypotheses::all()),
        ]);
    }
    let task = of_task().into_iter().find(|it| it.name == name);
    let slots = of_slots().into_iter().find(|it| it.name == name);
    let caller = of_caller().into_iter().find(|it| it.name == name);
    let proof = if let Some(mutant) = task {
        Task { mutant: mutant.rule }.induction(&Hypotheses::all())
    } else if let Some(mutant) = slots {
        Slots { mutant: mutant.rule }.induction(&Hypotheses::all())
    } else {
        Caller { mutant: caller?.rule }.induction(&Hypotheses::all())
    };
    Some(vec![proof])
}

/// Without a word on standard error: a machine that panics is a refutation, and is reported as one.
pub(crate) fn quietly<R>(run: impl FnOnce() -> R) -> R {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = run();
    panic::set_hook(hook);
    result
}
