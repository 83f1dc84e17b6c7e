//! How an execution stands and how it ended, told coarsely: statuses, ends with their reasons,
//! situations. Each has one spelling.

use super::observation::{Observation, Phase};
use super::words::{Outcome, RetryState, TimeoutType};
use core::fmt;

/// The status of an execution as a whole.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum ActivityExecutionStatus {
    /// It is open.
    Running,
    /// An attempt succeeded.
    Completed,
    /// An attempt failed and no other followed.
    Failed,
    /// Cancellation was requested, and happened.
    Canceled,
    /// It was ended by force.
    Terminated,
    /// A deadline ended it.
    TimedOut,
}

/// What an open execution is doing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum PendingActivityState {
    /// It waits to be dispatched, or for a worker.
    Scheduled,
    /// A worker holds the task.
    Started,
    /// A worker holds the task and is asked to give up.
    CancelRequested,
}

/// How an execution ended and why, without payloads.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum OutcomeKind {
    /// [`Outcome::Completed`].
    Completed,
    /// [`Outcome::Failed`], and why no other attempt followed.
    Failed(RetryState),
    /// [`Outcome::Canceled`].
    Canceled,
    /// [`Outcome::Terminated`].
    Terminated,
    /// [`Outcome::TimedOut`]: the timeout that is reported, and why no other attempt followed.
    TimedOut(TimeoutType, RetryState),
}

/// How an execution stands.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Situation {
    /// Its first attempt waits.
    Scheduled,
    /// A later attempt waits.
    ScheduledAgain,
    /// A worker holds the task.
    Started,
    /// A worker holds the task, and cancellation was requested.
    CancelRequested,
    /// It is closed.
    Closed(OutcomeKind),
}

impl ActivityExecutionStatus {
    /// Temporal's name of the status.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ActivityExecutionStatus::Running => "Running",
            ActivityExecutionStatus::Completed => "Completed",
            ActivityExecutionStatus::Failed => "Failed",
            ActivityExecutionStatus::Canceled => "Canceled",
            ActivityExecutionStatus::Terminated => "Terminated",
            ActivityExecutionStatus::TimedOut => "TimedOut",
        }
    }
}

impl PendingActivityState {
    /// Temporal's name of the state.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PendingActivityState::Scheduled => "Scheduled",
            PendingActivityState::Started => "Started",
            PendingActivityState::CancelRequested => "CancelRequested",
        }
    }
}

impl<P> Outcome<P> {
    /// How it ended and why, without payloads.
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Outcome::Completed { .. } => OutcomeKind::Completed,
            Outcome::Failed { retry_state, .. } => OutcomeKind::Failed(*retry_state),
            Outcome::Canceled { .. } => OutcomeKind::Canceled,
            Outcome::Terminated { .. } => OutcomeKind::Terminated,
            Outcome::TimedOut { timeout_type, retry_state, .. } => {
                OutcomeKind::TimedOut(*timeout_type, *retry_state)
            }
        }
    }
}

impl OutcomeKind {
    const COUNT: usize = 3 + RetryState::ALL.len() * (1 + TimeoutType::ALL.len());

    /// All of them, those included that no execution can have; each stands at its
    /// [`index`](Self::index).
    pub const ALL: [OutcomeKind; Self::COUNT] = {
        let mut all = [OutcomeKind::Completed; Self::COUNT];
        all[1] = OutcomeKind::Canceled;
        all[2] = OutcomeKind::Terminated;
        let (mut place, mut timeout) = (3, 0);
        while timeout <= TimeoutType::ALL.len() {
            let mut reason = 0;
            while reason < RetryState::ALL.len() {
                let retry_state = RetryState::ALL[reason];
                all[place] = match timeout {
                    0 => OutcomeKind::Failed(retry_state),
                    _ => OutcomeKind::TimedOut(TimeoutType::ALL[timeout - 1], retry_state),
                };
                (place, reason) = (place + 1, reason + 1);
            }
            timeout += 1;
        }
        all
    };

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub fn index(self) -> usize {
        let reasons = RetryState::ALL.len();
        match self {
            OutcomeKind::Completed => 0,
            OutcomeKind::Canceled => 1,
            OutcomeKind::Terminated => 2,
            OutcomeKind::Failed(retry_state) => 3 + retry_state as usize,
            OutcomeKind::TimedOut(timeout_type, retry_state) => {
                3 + reasons * (1 + timeout_type as usize) + retry_state as usize
            }
        }
    }

    /// The status of an execution that ended so.
    #[must_use]
    pub const fn status(self) -> ActivityExecutionStatus {
        match self {
            OutcomeKind::Completed => ActivityExecutionStatus::Completed,
            OutcomeKind::Failed(_) => ActivityExecutionStatus::Failed,
            OutcomeKind::Canceled => ActivityExecutionStatus::Canceled,
            OutcomeKind::Terminated => ActivityExecutionStatus::Terminated,
            OutcomeKind::TimedOut(..) => ActivityExecutionStatus::TimedOut,
        }
    }

    /// The timeout that is reported, if one ended it.
    #[must_use]
    pub const fn timeout_type(self) -> Option<TimeoutType> {
        match self {
            OutcomeKind::TimedOut(timeout_type, _) => Some(timeout_type),
            _ => None,
        }
    }

    /// Why no other attempt followed, where that is part of the outcome.
    #[must_use]
    pub const fn retry_state(self) -> Option<RetryState> {
        match self {
            OutcomeKind::Failed(retry_state) | OutcomeKind::TimedOut(_, retry_state) => {
                Some(retry_state)
            }
            OutcomeKind::Completed | OutcomeKind::Canceled | OutcomeKind::Terminated => None,
        }
    }
}

impl Situation {
    const OPEN: [Situation; 4] = [
        Situation::Scheduled,
        Situation::ScheduledAgain,
        Situation::Started,
        Situation::CancelRequested,
    ];
    const COUNT: usize = Self::OPEN.len() + OutcomeKind::ALL.len();

    /// All of them, those included that no execution can be in; each stands at its
    /// [`index`](Self::index).
    pub const ALL: [Situation; Self::COUNT] = {
        let mut all = [Situation::Scheduled; Self::COUNT];
        let (mut open, mut closed) = (0, 0);
        while open < Self::OPEN.len() {
            all[open] = Self::OPEN[open];
            open += 1;
        }
        while closed < OutcomeKind::ALL.len() {
            all[open + closed] = Situation::Closed(OutcomeKind::ALL[closed]);
            closed += 1;
        }
        all
    };

    /// How an execution stands.
    pub fn of<N, P>(observation: &Observation<N, P>) -> Self {
        match &observation.phase {
            Phase::Scheduled { retry_interval: None, .. } => Situation::Scheduled,
            Phase::Scheduled { .. } => Situation::ScheduledAgain,
            Phase::Started { .. } if observation.cancel_request.is_some() => {
                Situation::CancelRequested
            }
            Phase::Started { .. } => Situation::Started,
            Phase::Closed { outcome, .. } => Situation::Closed(outcome.kind()),
        }
    }

    /// Its place in [`ALL`](Self::ALL).
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Situation::Scheduled => 0,
            Situation::ScheduledAgain => 1,
            Situation::Started => 2,
            Situation::CancelRequested => 3,
            Situation::Closed(outcome) => Self::OPEN.len() + outcome.index(),
        }
    }

    /// How it ended, if it has.
    #[must_use]
    pub const fn outcome(self) -> Option<OutcomeKind> {
        match self {
            Situation::Closed(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Whether it is an end.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Situation::Closed(_))
    }
}

impl fmt::Display for ActivityExecutionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for PendingActivityState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// `TimedOut StartToClose (Timeout)` for one; `{:#}` puts a comma in place of the parentheses.
impl fmt::Display for OutcomeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status().name())?;
        if let Some(timeout_type) = self.timeout_type() {
            write!(f, " {timeout_type}")?;
        }
        match self.retry_state() {
            Some(retry_state) if f.alternate() => write!(f, ", {retry_state}"),
            Some(retry_state) => write!(f, " ({retry_state})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Situation::Scheduled => f.write_str("Scheduled"),
            Situation::ScheduledAgain => f.write_str("Scheduled for a retry"),
            Situation::Started => f.write_str("Started"),
            Situation::CancelRequested => f.write_str("Started, cancel requested"),
            Situation::Closed(outcome) => outcome.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_situation_stands_at_its_index() {
        for (place, outcome) in OutcomeKind::ALL.into_iter().enumerate() {
            assert_eq!(outcome.index(), place);
        }
        for (place, situation) in Situation::ALL.into_iter().enumerate() {
            assert_eq!(situation.index(), place);
        }
    }
}
