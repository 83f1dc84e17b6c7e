//! Where bugs are tried: the configurations with their suites and walks, made once for all.

use crate::alphabet::{Capabilities, Configuration, Power};
use crate::machine::{Explicit, Word};
use crate::suite::{Kind, Suite, Trie, Walks};
use std::sync::OnceLock;

/// A configuration, with what is played in it.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) configuration: Configuration,
    pub(super) explicit: Explicit,
    suites: [OnceLock<Suite>; 3],
    walks: OnceLock<Trie>,
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
    /// These configurations, in which so many threads play; their suites are made when they are
    /// needed.
    ///
    /// # Panics
    /// If one of them has too many states.
    #[must_use]
    pub fn new(configurations: &[Configuration], threads: usize) -> Self {
        let mut rings: Vec<Ring> = configurations.iter().map(Ring::of).collect();
        rings.sort_by_key(|ring| ring.explicit.minimal().states());
        Arena { rings, threads }
    }
}

impl Ring {
    fn of(configuration: &Configuration) -> Self {
        let inputs = configuration.alphabet(Capabilities::all());
        let explicit = Explicit::of(configuration, &inputs, POWER).expect("it is small");
        let configuration = configuration.clone();
        let suites = std::array::from_fn(|_| OnceLock::new());
        Ring { configuration, explicit, suites, walks: OnceLock::new() }
    }

    pub(super) fn edges(&self) -> &Trie {
        self.suite(0, Kind::Edges)
    }

    pub(super) fn complete0(&self) -> &Trie {
        self.suite(1, Kind::Complete(0))
    }

    pub(super) fn complete1(&self) -> &Trie {
        self.suite(2, Kind::Complete(1))
    }

    fn suite(&self, place: usize, kind: Kind) -> &Trie {
        let make = || Suite::of(self.explicit.minimal(), kind).expect("its suites are small");
        &self.suites[place].get_or_init(make).trie
    }

    pub(super) fn walks(&self) -> &Trie {
        self.walks.get_or_init(|| {
            let (count, length) = WALKS;
            let mut walks = Trie::default();
            for word in Walks::new(self.explicit.minimal().mealy(), length, 1).take(count) {
                walks.add(Trie::ROOT, &word);
            }
            walks
        })
    }

    /// A word in words.
    pub(super) fn told(&self, word: &Word) -> Vec<String> {
        self.explicit.spelled(word).iter().map(ToString::to_string).collect()
    }
}
