//! What is to be played: suites, configurations, how many extra states and walks, one seed.

use super::lane::Fault;
use super::pace::paced;
use crate::alphabet::Configuration;
use crate::judge::{Names, Terms};
use crate::seam::{Manifest, SystemClock};
use activity_execution::vocabulary::Span;
use proptest::test_runner::{Config, RngSeed};
use std::fmt;

/// What is to be played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In which configurations, as far as the system has what they need.
    pub configurations: Vec<Configuration>,
    /// What, in this order.
    pub suites: Vec<SuiteName>,
    /// In how many of those that the system has what is needed for, from the beginning of the list.
    pub most_configurations: usize,
    /// How many sequences a complete suite may have; the smallest one is played in any case. All
    /// are played if nothing is said.
    pub most_sequences: Option<usize>,
    /// For how many extra states suites are complete; one on a virtual clock and none on a real one
    /// if nothing is said.
    pub extra_states: Option<u8>,
    /// How many walks through each configuration.
    pub walks: usize,
    /// How many steps each walk has.
    pub walk_length: usize,
    /// The seed of everything that is drawn; as `PROPTEST_RNG_SEED` says, or zero, if not said.
    pub seed: u64,
    /// How many executions are on the way at once.
    pub width: usize,
    /// How many random cases with huge parameters are tried; as `PROPTEST_CASES` says if not said.
    pub cases: Option<u32>,
    /// How many differences are looked for that are not alike.
    pub differences: usize,
}

/// A suite.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum SuiteName {
    /// What is assumed: a sample is repeated, shuffled, played alone, renamed and rescaled.
    Assumptions,
    /// Every input in every state, once.
    Edges,
    /// Complete up to the extra states.
    Complete,
    /// Long walks that prefer what is rare.
    Walks,
    /// Huge durations, drawn at random and shrunk.
    Random,
    /// What goes wrong on the way.
    Faults(Fault),
}

impl SuiteName {
    /// All of them, in the order in which they are played.
    pub const ALL: [SuiteName; 9] = [
        SuiteName::Edges,
        SuiteName::Assumptions,
        SuiteName::Complete,
        SuiteName::Walks,
        SuiteName::Random,
        SuiteName::Faults(Fault::Duplicates),
        SuiteName::Faults(Fault::LostReplies),
        SuiteName::Faults(Fault::Reordered),
        SuiteName::Faults(Fault::Crash),
    ];

    /// Its name, as arguments have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SuiteName::Assumptions => "assumptions",
            SuiteName::Edges => "edges",
            SuiteName::Complete => "complete",
            SuiteName::Walks => "walks",
            SuiteName::Random => "random",
            SuiteName::Faults(fault) => fault.name(),
        }
    }

    /// The suite of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        SuiteName::ALL.into_iter().find(|suite| suite.name() == name)
    }
}

impl fmt::Display for SuiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            configurations: crate::suite::graded(),
            suites: SuiteName::ALL.to_vec(),
            most_configurations: usize::MAX,
            most_sequences: None,
            extra_states: None,
            walks: 200,
            walk_length: 40,
            seed: match Config::default().rng_seed {
                RngSeed::Fixed(seed) => seed,
                RngSeed::Random => 0,
            },
            width: 256,
            cases: None,
            differences: 1,
        }
    }
}

impl Plan {
    /// For how many extra states suites are complete on such a clock.
    #[must_use]
    pub fn extra_states(&self, clock: SystemClock) -> u8 {
        self.extra_states.unwrap_or(match clock {
            SystemClock::Virtual => 1,
            SystemClock::Real { .. } => 0,
        })
    }
}

/// How executions of a configuration are followed on a system.
///
/// On a real clock durations are somewhat shorter than on a virtual one, so that calls, which are
/// made at whole steps, keep away from every deadline by the margin that is tolerated.
#[must_use]
pub fn terms(configuration: &Configuration, manifest: &Manifest) -> Terms {
    let (setting, lateness, tolerance) = match manifest.clock {
        SystemClock::Virtual => (configuration.setting(UNIT), Span(0), Span(0)),
        SystemClock::Real { step, lateness } => {
            let (setting, margin) = paced(configuration.setting(step.0));
            (setting, lateness, margin)
        }
    };
    Terms { setting, power: manifest.observes, lateness, tolerance, names: Names::default() }
}

/// A unit of virtual time, in milliseconds.
pub(super) const UNIT: i64 = 1_000;
