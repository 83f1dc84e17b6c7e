//! The table of promises about the system, and the evaluation of one step against all.

use super::step_record::Happened;
use super::world::World;
use super::{promises_caller, promises_end, promises_worker};
use crate::explore::{Broken, Noting};

/// A promise about the system; `models/spec.md` says what it answers.
pub type Promise = activity_execution::promises::Promise<(), World, Happened>;

/// Every promise about the system.
#[must_use]
pub fn all() -> Vec<Promise> {
    [promises_worker::worker(), promises_caller::caller(), promises_end::end()].concat()
}

/// The promises that this step breaks: what the table says one by one, without a call for each.
pub(super) fn broken(before: &World, happened: &Happened, after: &World) -> Broken {
    let mut broken = Noting::default();
    let judged = &mut |holds| broken.note(holds);
    promises_worker::judge_worker(&(), before, happened, after, judged);
    promises_caller::judge_caller(&(), before, happened, after, judged);
    promises_end::judge_end(&(), before, happened, after, judged);
    broken.broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutants::of_system;
    use crate::system::{Bounds, QUICK, System, replay, shortest_violation};

    #[test]
    fn judged_together_promises_say_what_they_say_one_by_one() {
        let promises = all();
        for mutant in of_system() {
            let bounds = Bounds { details: 2, ..QUICK };
            let system = System { machines: mutant.rule, bounds };
            let found = shortest_violation(&system);
            let found = found.expect("every mutant is caught");
            for step in replay(&system, found.begin, &found.moves) {
                let mut one_by_one = Noting::default();
                for promise in &promises {
                    let holds = (promise.holds)(&(), &step.before, &step.happened, &step.after);
                    one_by_one.note(holds);
                }
                let together = broken(&step.before, &step.happened, &step.after);
                assert_eq!(together, one_by_one.broken);
            }
        }
    }
}
