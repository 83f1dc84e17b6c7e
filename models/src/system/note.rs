//! The numbers and payloads of the system model: abstract instants, and notes that say what they
//! are. Knows nothing of who writes them.

use activity_execution::vocabulary::{Number, Opaque, TimeoutReason, TimeoutType};
use std::fmt;
use std::ops::{Add, Sub};

/// An abstract instant, a length of time or the number of an attempt.
///
/// It is always zero o'clock: every step forgets when anything happened, and decides anew which
/// deadlines have passed, by how long it lets the timeouts be.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Moment(pub i8);

impl Add for Moment {
    type Output = Moment;
    fn add(self, other: Moment) -> Moment {
        Moment(self.0 + other.0)
    }
}

impl Sub for Moment {
    type Output = Moment;
    fn sub(self, other: Moment) -> Moment {
        Moment(self.0 - other.0)
    }
}

impl Number for Moment {
    /// # Panics
    /// If `value` does not fit: the literals of the machines are 0 and 1.
    fn literal(value: i64) -> Self {
        Moment(i8::try_from(value).expect("a literal of the machines fits eight bits"))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A payload that says what it is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Note {
    /// Nothing.
    Nothing,
    /// Heartbeat details, by version.
    Details(u8),
    /// What the function returned in this attempt.
    Result(u8),
    /// A failure of the function.
    Failure,
    /// A failure of the function that rules out a retry.
    FailureForGood,
    /// A failure that stands for one that was not given.
    Missing,
    /// What stands for details where no worker held the task.
    NotStarted,
    /// The failure of a timeout.
    Timeout(TimeoutType),
    /// What a function has to say that gave in.
    GaveIn,
}

impl Opaque for Note {
    fn none() -> Self {
        Note::Nothing
    }

    fn or_missing_failure(self) -> Self {
        if self == Note::Nothing { Note::Missing } else { self }
    }

    fn activity_id_not_started() -> Self {
        Note::NotStarted
    }

    fn timeout_failure(timeout_type: TimeoutType, _: TimeoutReason, _: Self, _: Self) -> Self {
        Note::Timeout(timeout_type)
    }
}
