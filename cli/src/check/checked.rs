//! What a check found. Says nothing yet; formats do.

use super::whole::CheckedWhole;
use crate::exit::Exit;
use activity_execution::vocabulary::Dialect;
use activity_models::exploration::{Environment, Survey, Violation};
use activity_models::explore::PeerCounts;
use std::time::Duration;

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How many configurations there are in all dialects, each counted once however it is written.
    pub configurations: usize,
    /// For each dialect the specification alone, and the core in lockstep with it.
    pub systems: Vec<CheckedSystem>,
    /// The promises, each judged over all systems that can break it.
    pub promises: Vec<CheckedPromise>,
    /// What is possible and was not reached; `None` where not everything was explored, and where
    /// one configuration cannot reach it all.
    pub uncovered: Option<Vec<String>>,
    /// The system of caller, service and workers, where it was explored.
    pub whole: Option<CheckedWhole>,
    /// Whether everything was explored.
    pub complete: bool,
    /// How many threads explored.
    pub threads: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// What two explorers found in one system.
#[derive(Clone, Debug)]
pub struct CheckedSystem {
    /// Its name.
    pub name: &'static str,
    /// Whose rules it follows.
    pub dialect: Dialect,
    /// Who decides when its timers take effect.
    pub environment: Environment,
    /// What our own explorer found.
    pub survey: Survey,
    /// How long it took.
    pub elapsed: Duration,
    /// What stateright found.
    pub peer: PeerCounts,
    /// How long it took.
    pub peer_elapsed: Duration,
}

/// One promise, judged.
#[derive(Clone, Debug)]
pub struct CheckedPromise {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub statement: &'static str,
    /// Whether it holds.
    pub verdict: Verdict,
    /// What was seen of its kind, so that it does not hold for want of an occasion.
    pub witnesses: Vec<SeenWitness>,
    /// How it was broken, where a sequence of steps shows it.
    pub violation: Option<Violation>,
    /// What is wrong, where no sequence of steps shows it.
    pub complaint: Option<String>,
}

/// Something that shows that a promise is about something.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SeenWitness {
    /// What is seen.
    pub name: String,
    /// In how many steps at least, where steps lead to it and it was seen.
    pub steps: Option<u16>,
}

/// Whether a promise holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Everything was explored, and nothing broke it.
    Holds,
    /// Something broke it.
    Broken,
    /// Nothing broke it, but not everything was explored.
    Undecided,
}

impl Verdict {
    /// The verdict on what was explored so far.
    #[must_use]
    pub fn of(is_broken: bool, complete: bool) -> Self {
        match (is_broken, complete) {
            (true, _) => Verdict::Broken,
            (false, true) => Verdict::Holds,
            (false, false) => Verdict::Undecided,
        }
    }

    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Broken => "broken",
            Verdict::Undecided => "undecided",
        }
    }
}

impl Checked {
    /// The exit code that this result deserves.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let whole = self.whole.as_ref().map(CheckedWhole::exit);
        let is_broken = self.promises.iter().any(|promise| promise.verdict == Verdict::Broken);
        if is_broken || whole == Some(Exit::Disagreed) {
            Exit::Disagreed
        } else if self.complete && whole != Some(Exit::Inconclusive) {
            Exit::Agreed
        } else {
            Exit::Inconclusive
        }
    }

    /// How many classes of executions were met in all systems.
    #[must_use]
    pub fn unique_states(&self) -> u64 {
        self.systems.iter().map(|system| system.survey.total.unique_states).sum()
    }

    /// How many steps lead from one class to another in all systems.
    #[must_use]
    pub fn transitions(&self) -> u64 {
        self.systems.iter().map(|system| system.survey.total.transitions).sum()
    }
}

impl CheckedSystem {
    /// Its name and its dialect.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{}, {}", self.name, dialect_word(self.dialect))
    }
}

/// A dialect, in a word.
pub(super) fn dialect_word(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Standalone => "standalone",
        Dialect::Workflow => "workflow",
    }
}
