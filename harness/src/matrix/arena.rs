//! Where bugs are tried: the configurations with their suites and walks, made once for all.

use crate::alphabet::{Capabilities, Configuration, Power};
use crate::machine::{Explicit, Word};
use crate::suite::{Kind, Suite, Trie, Walks};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A configuration, with what is played in it.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) configuration: Configuration,
    pub(super) explicit: Explicit,
    pub(super) edges: Suite,
    pub(super) complete0: Suite,
    pub(super) complete1: Suite,
    pub(super) walks: Trie,
}

/// How many walks are taken in each configuration, and how long each is.
pub(super) const WALKS: (usize, usize) = (500, 60);

/// The power that everything is seen with.
pub(super) const POWER: Power = Power::Describe;

/// Configurations with their suites, the smallest first.
#[derive(Debug)]
pub struct Arena {
    pub(super) rings: Vec<Ring>,
    pub(super) threads: usize,
}

impl Arena {
    /// The suites of these configurations, made on so many threads.
    ///
    /// # Panics
    /// If one of them is too large for its suites.
    #[must_use]
    pub fn new(configurations: &[Configuration], threads: usize) -> Self {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut made = Vec::new();
            while let Some(it) = configurations.get(next.fetch_add(1, Ordering::Relaxed)) {
                made.push(Ring::of(it));
            }
            made
        };
        let mut rings = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut made = work();
            for other in others {
                made.extend(other.join().expect("every configuration has its suites"));
            }
            made
        });
        let size = |ring: &Ring| (ring.complete1.steps, ring.configuration.name.clone());
        rings.sort_by_key(size);
        Arena { rings, threads }
    }
}

impl Ring {
    fn of(configuration: &Configuration) -> Self {
        let inputs = configuration.alphabet(Capabilities::all());
        let explicit = Explicit::of(configuration, &inputs, POWER).expect("it is small");
        let suite = |kind| Suite::of(explicit.minimal(), kind).expect("its suites are small");
        let (edges, complete0) = (suite(Kind::Edges), suite(Kind::Complete(0)));
        let complete1 = suite(Kind::Complete(1));
        let (count, length) = WALKS;
        let mut walks = Trie::default();
        for word in Walks::new(explicit.minimal().mealy(), length, 1).take(count) {
            walks.add(Trie::ROOT, &word);
        }
        let configuration = configuration.clone();
        Ring { configuration, explicit, edges, complete0, complete1, walks }
    }

    /// A word in words.
    pub(super) fn told(&self, word: &Word) -> Vec<String> {
        self.explicit.spelled(word).iter().map(ToString::to_string).collect()
    }
}
