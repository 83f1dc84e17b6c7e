//! What came of a scenario: attempts with their instants, how it ended, who noticed what and when.
//! Data that was played; computes nothing.

use activity_execution::vocabulary::{OutcomeKind, Rejection, Span, TimeoutType};

/// An instant, in milliseconds after the activity was scheduled.
pub type Instant = i128;

/// A run of the core.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Run {
    /// The attempts, in order; those that are alike stand together.
    pub attempts: Vec<AttemptRun>,
    /// How it ended.
    pub ending: Ending,
    /// When it ended, or when it was left.
    pub at: Instant,
    /// When cancellation was requested, and when the worker learned of it.
    pub cancel: Option<Cancel>,
    /// What a worker is told that reports an attempt which the service has given up.
    pub late_report: Option<Rejection>,
    /// Whether an attempt started while the function of another one may still have run.
    pub overlaps: bool,
}

/// One attempt, or many that are alike.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AttemptRun {
    /// Its number.
    pub attempt: i64,
    /// How many attempts it stands for, itself included.
    pub count: i64,
    /// How long it waited after the attempt before it; the first one, after scheduling.
    pub waited: Span,
    /// From when on a worker could take it.
    pub dispatched: Instant,
    /// When a worker took it.
    pub started: Option<Instant>,
    /// When it ended.
    pub ended: Instant,
    /// How it ended.
    pub end: AttemptEnd,
    /// How long it would have been allowed to take, if something else than that cut it short.
    pub cut_from: Option<Span>,
    /// How long its worker had been silent for good when the service noticed.
    pub noticed_after: Option<Span>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AttemptEnd {
    /// Its function, or somebody by id, reported a result.
    Completed,
    /// Its function reported an error.
    Failed,
    /// Its function gave in to cancellation, or it was canceled before it started.
    Canceled,
    /// A timeout took effect.
    TimedOut(TimeoutType),
    /// The run of the workflow ended.
    RunEnded,
    /// It did not end.
    Open,
}

/// A cancel request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cancel {
    /// When.
    pub requested: Instant,
    /// When the function learned of it, or the activity was closed by it.
    pub noticed: Option<Instant>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ending {
    /// The activity closed.
    Closed(OutcomeKind),
    /// The run of the workflow ended, and the activity with it.
    RunEnded,
    /// Nothing will ever happen again by itself.
    StaysOpen,
    /// Attempts follow one another for ever.
    GoesOn {
        /// How long it takes from one to the next.
        round: Span,
    },
    /// It was not played any further.
    CutOff,
}

impl Run {
    /// How many attempts started.
    #[must_use]
    pub fn started(&self) -> i64 {
        let started = self.attempts.iter().filter(|it| it.started.is_some());
        started.map(|it| it.count).sum()
    }

    /// How it closed, if it did.
    #[must_use]
    pub fn outcome(&self) -> Option<OutcomeKind> {
        match self.ending {
            Ending::Closed(outcome) => Some(outcome),
            Ending::RunEnded | Ending::StaysOpen | Ending::GoesOn { .. } | Ending::CutOff => None,
        }
    }

    /// When it was over, if it ever was.
    #[must_use]
    pub fn total(&self) -> Option<Instant> {
        match self.ending {
            Ending::Closed(_) | Ending::RunEnded => Some(self.at),
            Ending::StaysOpen | Ending::GoesOn { .. } | Ending::CutOff => None,
        }
    }

    /// How long the worker of the first silent attempt had been silent when the service noticed.
    #[must_use]
    pub fn noticed_after(&self) -> Option<Span> {
        self.attempts.iter().find_map(|it| it.noticed_after)
    }
}

impl Cancel {
    /// How long it took to be noticed.
    #[must_use]
    pub fn latency(&self) -> Option<Instant> {
        self.noticed.map(|noticed| noticed - self.requested)
    }
}

impl AttemptRun {
    /// How long it ran, if it started.
    #[must_use]
    pub fn ran(&self) -> Option<Instant> {
        self.started.map(|started| self.ended - started)
    }

    /// The number of the last attempt that it stands for.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.attempt + self.count - 1
    }
}
