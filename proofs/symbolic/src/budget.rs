//! How much an exploration may cost, and which limit stopped it.
//! The only reader of a clock here.

use std::fmt;
use std::time::{Duration, Instant};

/// What one exploration may cost. Beyond it the report says `Incomplete`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Budget {
    /// Paths, pruned ones included.
    pub paths: u64,
    /// Decisions on one path: a loop that never ends is cut here.
    pub decisions: usize,
    /// Time on the wall.
    pub time: Duration,
}

/// The limit that stopped an exploration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CutOff {
    /// More paths than the budget allows.
    Paths(u64),
    /// A path with more decisions than the budget allows.
    Decisions(usize),
    /// More time than the budget allows.
    Time(Duration),
}

#[derive(Debug)]
pub(crate) struct Clock {
    budget: Budget,
    start: Instant,
    ticks: u32,
}

impl Default for Budget {
    /// A million paths, a thousand decisions on a path, one minute.
    fn default() -> Self {
        Self { paths: 1_000_000, decisions: 1_000, time: Duration::from_secs(60) }
    }
}

impl fmt::Display for CutOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paths(limit) => write!(out, "more than {limit} paths"),
            Self::Decisions(limit) => write!(out, "more than {limit} decisions on one path"),
            Self::Time(limit) => write!(out, "more than {limit:?}"),
        }
    }
}

impl Clock {
    pub(crate) fn start(budget: Budget) -> Self {
        Self { budget, start: now(), ticks: 0 }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        now() - self.start
    }

    /// Another decision follows so many on this path.
    pub(crate) fn decision(&mut self, decisions: usize) -> Result<(), CutOff> {
        if decisions >= self.budget.decisions {
            return Err(CutOff::Decisions(self.budget.decisions));
        }
        self.time()
    }

    /// Another path follows so many.
    pub(crate) fn path(&mut self, paths: u64) -> Result<(), CutOff> {
        if paths >= self.budget.paths {
            return Err(CutOff::Paths(self.budget.paths));
        }
        self.time()
    }

    fn time(&mut self) -> Result<(), CutOff> {
        let look = self.ticks.is_multiple_of(LOOK_EVERY);
        self.ticks = self.ticks.wrapping_add(1);
        if look && self.elapsed() >= self.budget.time {
            return Err(CutOff::Time(self.budget.time));
        }
        Ok(())
    }
}

const LOOK_EVERY: u32 = 64;

#[expect(clippy::disallowed_methods, reason = "a time budget needs the time")]
fn now() -> Instant {
    Instant::now()
}
