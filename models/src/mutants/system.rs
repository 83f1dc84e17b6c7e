//! The mutants of the system: those of a worker or a caller, among parties that are right, and those
//! of what lies between them.

use super::world::of_world;
use super::{Mutant, of_caller, of_slots, of_task};
use crate::system::Machines;

/// Every mutant that some run of the system shows, as the machines of a system that has it.
#[must_use]
pub fn of_system() -> Vec<Mutant<Machines>> {
    let mut shown = of_parties();
    shown.retain(Mutant::is_explorable);
    shown
}

/// Every mutant of a party or of what lies between; those that no run of the system shows say why.
pub(super) fn of_parties() -> Vec<Mutant<Machines>> {
    let mut all = Vec::new();
    all.extend(of_slots().into_iter().map(|it| {
        let slots = it.rule;
        it.with_rule(Machines { slots, ..Machines::RIGHT })
    }));
    all.extend(of_task().into_iter().map(|it| {
        let task = it.rule;
        it.with_rule(Machines { task, ..Machines::RIGHT })
    }));
    all.extend(of_caller().into_iter().map(|it| {
        let caller = it.rule;
        it.with_rule(Machines { caller, ..Machines::RIGHT })
    }));
    all.extend(of_world().into_iter().map(|it| {
        let system = it.rule;
        it.with_rule(Machines { system, ..Machines::RIGHT })
    }));
    all
}
