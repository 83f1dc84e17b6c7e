//! The timer wheel beside its oracle, an ordered set: the one judge that exploration, random
//! scripts and fuzzing share. Knows nothing of how the wheel works inside.

mod exploration;

use std::collections::{BTreeMap, BTreeSet};

use crate::explore::Judge;
use activity_execution::wheel::Wheel;
use activity_execution::wheel::rules::{Rules, Sound};

pub use exploration::{Bounds, Exploration, TALL, shortest_disagreement};

/// One call of the wheel.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Step {
    /// `set(key, at)`.
    Set {
        /// Whose timer.
        key: u32,
        /// Its new deadline.
        at: u64,
    },
    /// `clear(key)`.
    Clear {
        /// Whose timer.
        key: u32,
    },
    /// `advance(now, …)`.
    Advance {
        /// The instant to go to.
        now: u64,
    },
    /// `earliest()`.
    Earliest,
}

/// One call of the wheel, told from where time is when it comes to it: what a random script is made
/// of.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// What to do.
    pub kind: Kind,
    /// Whose timer, where there is one.
    pub key: u32,
    /// How far from now, in milliseconds, where that matters.
    pub distance: u64,
}

/// The kinds of [`Move`].
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Set to later than now.
    SetAhead,
    /// Set to now or earlier.
    SetOverdue,
    /// Clear.
    Clear,
    /// Go forward.
    Advance,
    /// Ask for an instant that has passed.
    AdvanceBack,
    /// Go to the next expiration.
    AdvanceToNext,
    /// Ask for the earliest deadline.
    Earliest,
}

/// A wheel and its oracle, driven by the same calls.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Trial<const SLOTS: usize = 16, R: Rules = Sound> {
    wheel: Wheel<SLOTS, R>,
    oracle: Oracle,
}

/// What the wheel promises, as plainly as possible.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Oracle {
    now: u64,
    deadlines: BTreeMap<u32, u64>,
    order: BTreeSet<(u64, u32)>,
}

/// How a wheel broke its promises.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Disagreement {
    /// The call after which it showed.
    pub step: Step,
    /// The promise that is broken.
    pub promise: &'static str,
    /// What was asked, what the wheel answered, and what is right.
    pub what: String,
}

impl Oracle {
    /// Does what `step` says; returns the keys that fire, in order.
    pub fn step(&mut self, step: Step) -> Vec<u32> {
        match step {
            Step::Set { key, at } => {
                self.clear(key);
                self.deadlines.insert(key, at);
                self.order.insert((at, key));
                Vec::new()
            }
            Step::Clear { key } => {
                self.clear(key);
                Vec::new()
            }
            Step::Earliest => Vec::new(),
            Step::Advance { now } if now < self.now => Vec::new(),
            Step::Advance { now } => {
                self.now = now;
                let due: Vec<_> =
                    self.order.range(..=(now, u32::MAX)).map(|&(_, key)| key).collect();
                due.iter().for_each(|&key| self.clear(key));
                due
            }
        }
    }

    fn clear(&mut self, key: u32) {
        if let Some(at) = self.deadlines.remove(&key) {
            self.order.remove(&(at, key));
        }
    }

    /// The last instant that was advanced to.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The deadlines that are set, earliest first, each with its key.
    pub fn timers(&self) -> impl Iterator<Item = (u64, u32)> {
        self.order.iter().copied()
    }
}

impl<const SLOTS: usize, R: Rules> Default for Trial<SLOTS, R> {
    fn default() -> Self {
        Self { wheel: Wheel::default(), oracle: Oracle::default() }
    }
}

impl<const SLOTS: usize, R: Rules> Trial<SLOTS, R> {
    /// Drives both with `step`.
    ///
    /// # Errors
    /// If anything that can be observed of the wheel differs from the oracle.
    pub fn step(&mut self, step: Step) -> Result<(), Disagreement> {
        let mut fired = Vec::new();
        let capacity = self.wheel.capacity();
        match step {
            Step::Set { key, at } => self.wheel.set(key, at),
            Step::Clear { key } => self.wheel.clear(key),
            Step::Advance { now } => self.wheel.advance(now, &mut fired),
            Step::Earliest => _ = self.wheel.earliest(),
        }
        let is_exact = match step {
            Step::Set { .. } | Step::Clear { .. } => false,
            Step::Advance { now } => {
                now >= self.oracle.now && self.wheel.capacity() <= REPAIRED * SLOTS
            }
            Step::Earliest => true,
        };
        let due = self.oracle.step(step);
        agree(step, FIRES, &fired, &due)?;
        let next = self.wheel.next_expiration().unwrap_or(u64::MAX);
        let truth = self.oracle.order.first().map(|&(at, _)| at);
        agree(step, NOT_LATE, &(next <= truth.unwrap_or(u64::MAX)), &true)?;
        if is_exact {
            agree(step, EXACT, &self.wheel.next_expiration(), &truth)?;
        }
        let touched = match step {
            Step::Set { key, .. } | Step::Clear { key } => Some(key),
            Step::Advance { .. } | Step::Earliest => None,
        };
        for key in touched.into_iter().chain(due) {
            let at = self.oracle.deadlines.get(&key).copied();
            agree(step, DEADLINE, &self.wheel.deadline(key), &at)?;
        }
        if self.wheel.capacity() == capacity { Ok(()) } else { self.weigh(step) }
    }

    /// Weighs the wheel: it may hold no more than a fresh one with room for the same keys.
    fn weigh(&self, step: Step) -> Result<(), Disagreement> {
        let mut fresh = Wheel::<SLOTS, Sound>::default();
        fresh.reserve(self.wheel.capacity());
        if self.wheel.capacity() > 0 {
            fresh.set(0, u64::MAX);
        }
        let (bytes, bound) = (self.wheel.bytes(), fresh.bytes());
        agree(step, BYTES, &(bytes <= bound), &true)
    }

    /// Drives both with every one of `moves`, fires what is left, and weighs the wheel.
    ///
    /// # Errors
    /// At the first disagreement.
    pub fn run(mut self, moves: impl IntoIterator<Item = Move>) -> Result<(), Disagreement> {
        for it in moves {
            let step = it.from(self.oracle.now, self.wheel.next_expiration());
            self.step(step)?;
        }
        let last = Step::Advance { now: u64::MAX };
        self.step(last)?;
        self.weigh(last)
    }

    /// The wheel's calls and answers as the oracle knows them.
    pub fn oracle(&self) -> &Oracle {
        &self.oracle
    }

    /// How many keys the wheel has room for.
    pub fn capacity(&self) -> usize {
        self.wheel.capacity()
    }
}

impl Move {
    /// The call that this move is when the time is `now`.
    pub fn from(self, now: u64, next: Option<u64>) -> Step {
        let Self { kind, key, distance } = self;
        match kind {
            Kind::SetAhead => Step::Set { key, at: now.saturating_add(distance) },
            Kind::SetOverdue => Step::Set { key, at: now.saturating_sub(distance) },
            Kind::Clear => Step::Clear { key },
            Kind::Advance => Step::Advance { now: now.saturating_add(distance) },
            Kind::AdvanceBack => Step::Advance { now: now.saturating_sub(distance) },
            Kind::AdvanceToNext => Step::Advance { now: next.unwrap_or(now) },
            Kind::Earliest => Step::Earliest,
        }
    }
}

impl Kind {
    /// Every kind, the frequent ones more than once: a random index picks well.
    pub const DEALT: [Self; 16] = [
        Self::SetAhead,
        Self::SetAhead,
        Self::SetAhead,
        Self::SetAhead,
        Self::SetAhead,
        Self::SetAhead,
        Self::SetAhead,
        Self::SetOverdue,
        Self::Clear,
        Self::Clear,
        Self::Clear,
        Self::Advance,
        Self::Advance,
        Self::AdvanceBack,
        Self::AdvanceToNext,
        Self::Earliest,
    ];
}

fn agree<T: PartialEq + std::fmt::Debug>(
    step: Step,
    promise: &'static str,
    wheel: &T,
    oracle: &T,
) -> Result<(), Disagreement> {
    if wheel == oracle {
        return Ok(());
    }
    let what = format!("{promise}: the wheel says {wheel:?}, the oracle {oracle:?}");
    Err(Disagreement { step, promise, what })
}

/// What a wheel promises, as every trial judges it.
pub const PROMISES: [Judge; 5] = [
    Judge {
        name: FIRES,
        statement: "What is due fires, the earliest first, of one instant the lowest key.",
    },
    Judge {
        name: NOT_LATE,
        statement: "The next expiration is never later than the earliest deadline.",
    },
    Judge {
        name: EXACT,
        statement: "Once it is asked for, and after each advance of a small wheel, the next expiration is the earliest deadline.",
    },
    Judge { name: DEADLINE, statement: "The deadline of a key is what was set last." },
    Judge {
        name: BYTES,
        statement: "A wheel holds no more than a fresh one with room for the same keys.",
    },
];
const FIRES: &str = "what_is_due_fires_in_order";
const NOT_LATE: &str = "the_next_expiration_is_not_late";
const EXACT: &str = "the_next_expiration_is_exact_once_asked_for";
const DEADLINE: &str = "a_deadline_is_what_was_set_last";
const BYTES: &str = "bytes_are_within_bounds";

/// In so many nodes `advance` leaves no stale claim.
const REPAIRED: usize = 2;
