//! The result of a check, as data. Says nothing yet; formats do.

use super::system::CheckedWhole;
use crate::exit::Exit;
use crate::report::{Check, exit};
use activity_execution::vocabulary::Dialect;
use activity_models::exploration::{Environment, Survey};
use activity_models::explore::StaterightCounts;
use std::time::Duration;

/// What a check found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// How many configurations there are in all dialects, each counted once however it is written.
    pub configurations: usize,
    /// For each dialect the specification alone, and the core in lockstep with it.
    pub systems: Vec<CheckedSystem>,
    /// The promises, each judged over all systems that can break it.
    pub promises: Vec<Check>,
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
    pub peer: StaterightCounts,
    /// How long it took.
    pub peer_elapsed: Duration,
}

impl Checked {
    /// The exit code that this result deserves.
    #[must_use]
    pub fn exit(&self) -> Exit {
        let whole = self.whole.as_ref();
        let checks = self.promises.iter().chain(whole.iter().flat_map(|whole| &whole.checks));
        let complete = self.complete && whole.is_none_or(|whole| whole.complete());
        exit(checks, complete)
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
