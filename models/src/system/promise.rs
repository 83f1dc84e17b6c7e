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

/// Defines a table of promises, each with its statement and what it answers.
macro_rules! promises {
    ($table:ident;
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

/// The promises that this step breaks.
pub(super) fn broken(
    promises: &[Promise],
    before: &World,
    happened: &Happened,
    after: &World,
) -> Broken {
    let mut broken = 0;
    for (bit, promise) in promises.iter().enumerate() {
        if !(promise.holds)(before, happened, after) {
            broken |= 1 << bit;
        }
    }
    broken
}
