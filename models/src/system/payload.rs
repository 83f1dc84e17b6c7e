//! The numbers and payloads of the system model: abstract instants and small payloads. Knows
//! nothing of who writes them.

use activity_execution::vocabulary::{Number, Opaque, TimeoutReason, TimeoutType};
use std::fmt;
use std::ops::{Add, Sub};

/// An abstract instant, a length of time or the number of an attempt.
///
/// It is always zero o'clock: every step forgets when anything happened, and decides anew which
/// deadlines have passed, by how long it lets the timeouts be.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AbstractNumber(pub i8);

impl Add for AbstractNumber {
    type Output = AbstractNumber;
    fn add(self, other: AbstractNumber) -> AbstractNumber {
        AbstractNumber(self.0 + other.0)
    }
}

impl Sub for AbstractNumber {
    type Output = AbstractNumber;
    fn sub(self, other: AbstractNumber) -> AbstractNumber {
        AbstractNumber(self.0 - other.0)
    }
}

impl Number for AbstractNumber {
    /// # Panics
    /// If `value` does not fit: the literals of the machines are 0 and 1.
    fn literal(value: i64) -> Self {
        AbstractNumber(i8::try_from(value).expect("a literal of the machines fits eight bits"))
    }
}

impl fmt::Debug for AbstractNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A payload that says what it is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum SystemPayload {
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

impl Opaque for SystemPayload {
    fn none() -> Self {
        SystemPayload::Nothing
    }

    fn or_missing_failure(self) -> Self {
        if self == SystemPayload::Nothing { SystemPayload::Missing } else { self }
    }

    fn activity_id_not_started() -> Self {
        SystemPayload::NotStarted
    }

    fn timeout_failure(timeout_type: TimeoutType, _: TimeoutReason, _: Self, _: Self) -> Self {
        SystemPayload::Timeout(timeout_type)
    }
}
