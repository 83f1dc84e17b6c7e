//! What a promise about the system is: a named predicate over one step, as everywhere.

use super::happened::Happened;
use super::world::World;

/// One promise about the system.
#[derive(Clone, Copy, Debug)]
pub struct Promise {
    /// The name of the property.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
    /// The properties of the list in this folder's `mod.rs` that it answers.
    pub answers: &'static [&'static str],
    /// Whether it holds: before, what happened, after.
    pub holds: fn(&World, &Happened, &World) -> bool,
}

/// Defines a table of promises, each with its statement and what it answers, and a function that
/// judges by all of them.
macro_rules! promises {
    ($table:ident, $judge:ident;
     $($(#[doc = $statement:literal])+ [$($answers:literal),+] $name:ident
       ($before:pat, $happened:pat, $after:pat) $body:block)+) => {
        /// The promises of this file.
        pub(super) const $table: &[$crate::system::promise::Promise] =
            &[$($crate::system::promise::Promise {
                name: stringify!($name),
                statement: concat!($($statement),+).trim_ascii(),
                answers: &[$($answers),+],
                holds: |$before, $happened, $after| $body,
            }),+];

        #[inline]
        pub(super) fn $judge(
            judged: &mut $crate::system::promise::Judged,
            before: &$crate::system::world::World,
            happened: &$crate::system::happened::Happened,
            after: &$crate::system::world::World,
        ) {
            $(judged.note({
                let holds = |
                    $before: &$crate::system::world::World,
                    $happened: &$crate::system::happened::Happened,
                    $after: &$crate::system::world::World,
                | $body;
                holds(before, happened, after)
            });)+
        }
    };
}
pub(super) use promises;

/// A set of promises, a bit for each place in [`all`].
pub type Broken = u64;

/// Every promise about the system.
#[must_use]
pub fn all() -> Vec<Promise> {
    [super::promises_worker::WORKER, super::promises_caller::CALLER, super::promises_end::END]
        .concat()
}

/// The promises that this step breaks: what the table says one by one, without a call for each.
pub(super) fn broken(before: &World, happened: &Happened, after: &World) -> Broken {
    let mut judged = Judged::default();
    super::promises_worker::judge_worker(&mut judged, before, happened, after);
    super::promises_caller::judge_caller(&mut judged, before, happened, after);
    super::promises_end::judge_end(&mut judged, before, happened, after);
    judged.broken
}

/// What is broken of the promises that were judged so far, in the order of [`all`].
#[derive(Default)]
pub(super) struct Judged {
    promises: u32,
    broken: Broken,
}

impl Judged {
    #[inline]
    pub(super) fn note(&mut self, holds: bool) {
        self.broken |= Broken::from(!holds) << self.promises;
        self.promises += 1;
    }
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
            let found = shortest_violation(&system).expect("every mutant is caught");
            for step in replay(&system, found.terms, &found.moves) {
                let mut one_by_one = 0;
                for (bit, promise) in promises.iter().enumerate() {
                    let holds = (promise.holds)(&step.before, &step.happened, &step.after);
                    one_by_one |= Broken::from(!holds) << bit;
                }
                assert_eq!(broken(&step.before, &step.happened, &step.after), one_by_one);
            }
        }
    }
}
