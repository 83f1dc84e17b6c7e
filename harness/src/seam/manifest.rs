//! What a system says of itself: its name, its clock, what it can do and what can be seen of it.

use crate::alphabet::{Capabilities, Power};
use activity_execution::vocabulary::Span;

/// What a system says of itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manifest {
    /// What it is called.
    pub name: String,
    /// Which version of it, or of the server behind it, answers.
    pub version: String,
    /// How its time passes.
    pub clock: SystemClock,
    /// What can be seen of an execution beside the answers.
    pub observes: Power,
    /// What it can do.
    pub can: Capabilities,
    /// Whether it keeps what it answered when it is crashed, and can be.
    pub crashes: bool,
    /// What it says it can do, and this version of the harness knows nothing of.
    pub unknown: Vec<String>,
}

/// How the time of a system passes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SystemClock {
    /// As the harness says.
    Virtual,
    /// By itself.
    Real {
        /// What the harness takes for one unit of time: long enough that answers and timers are
        /// late by less than a quarter of it.
        step: Span,
        /// How late a timer may be by more than that; zero if it never is.
        lateness: Span,
    },
}

impl Manifest {
    /// A system that can do everything, is seen completely, and is moved by a virtual clock.
    #[must_use]
    pub fn of(name: impl Into<String>) -> Self {
        Manifest {
            name: name.into(),
            version: String::new(),
            clock: SystemClock::Virtual,
            observes: Power::Describe,
            can: Capabilities::all(),
            crashes: false,
            unknown: Vec::new(),
        }
    }

    /// What it is called, with its version.
    #[must_use]
    pub fn title(&self) -> String {
        match self.version.as_str() {
            "" => self.name.clone(),
            version => format!("{} {version}", self.name),
        }
    }
}
