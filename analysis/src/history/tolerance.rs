//! What may be tolerated where a history departs from the specification, by name. Strictly, nothing.

use std::fmt;

/// A reason for which a departure is tolerated.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Tolerance {
    /// The worker of a hidden attempt chose the delay before the next one itself.
    WorkerDelay,
    /// A retry was dispatched before its backoff was over, as servers do whose dispatch is repeated.
    EarlyStart,
    /// Attempts are counted from zero, as servers before 1.0 did, which leave out the first number.
    ZeroBasedAttempts,
    /// The server is of a version that wrote it differently, or one for tests.
    ServerVersion,
    /// The clocks of the hosts that wrote the instants differ.
    ClockSkew,
    /// The history was made by resetting a workflow.
    Reset,
    /// The history is not complete.
    Truncated,
    /// Somebody paused, unpaused or reset the activity or changed its options, which leaves no event.
    OperatorCommands,
}

impl Tolerance {
    /// All of them, the likeliest first.
    pub const ALL: [Tolerance; 8] = [
        Tolerance::WorkerDelay,
        Tolerance::EarlyStart,
        Tolerance::ZeroBasedAttempts,
        Tolerance::ServerVersion,
        Tolerance::ClockSkew,
        Tolerance::Reset,
        Tolerance::Truncated,
        Tolerance::OperatorCommands,
    ];

    /// Its name, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Tolerance::WorkerDelay => "worker-delay",
            Tolerance::EarlyStart => "early-start",
            Tolerance::ZeroBasedAttempts => "zero-based-attempts",
            Tolerance::ServerVersion => "server-version",
            Tolerance::ClockSkew => "clock-skew",
            Tolerance::Reset => "reset",
            Tolerance::Truncated => "truncated-history",
            Tolerance::OperatorCommands => "operator-commands",
        }
    }

    /// What it supposes, for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Tolerance::WorkerDelay => "the worker of a hidden attempt chose the delay itself",
            Tolerance::EarlyStart => "a retry was dispatched before its backoff was over",
            Tolerance::ZeroBasedAttempts => "an old server counted attempts from zero",
            Tolerance::ServerVersion => "an older server, or one for tests, writes it differently",
            Tolerance::ClockSkew => "the clocks of two hosts differ",
            Tolerance::Reset => "the workflow was reset",
            Tolerance::Truncated => "the history is not complete",
            Tolerance::OperatorCommands => {
                "somebody paused or reset the activity, or changed its options"
            }
        }
    }
}

impl fmt::Display for Tolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tolerances(u8);

impl Tolerances {
    /// None.
    pub const NONE: Tolerances = Tolerances(0);

    /// With this one too.
    #[must_use]
    pub fn with(self, tolerance: Tolerance) -> Self {
        Tolerances(self.0 | 1 << tolerance as u8)
    }

    /// Whether it is among them.
    #[must_use]
    pub fn has(self, tolerance: Tolerance) -> bool {
        self.0 & 1 << tolerance as u8 != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Tolerance> {
        Tolerance::ALL.into_iter().filter(move |tolerance| self.has(*tolerance))
    }

    /// Each of these alone, and all pairs of them; but operator commands, which explain almost
    /// anything, are supposed alone.
    pub(super) fn small_sets(of: &[Tolerance]) -> Vec<Tolerances> {
        let one = |it: &Tolerance| Tolerances::NONE.with(*it);
        let mut sets: Vec<Tolerances> = of.iter().map(one).collect();
        let others: Vec<Tolerance> =
            of.iter().copied().filter(|it| *it != Tolerance::OperatorCommands).collect();
        for (index, first) in others.iter().enumerate() {
            sets.extend(others[index + 1..].iter().map(|other| one(first).with(*other)));
        }
        sets
    }
}
