//! Recovery of an execution from its events, and the errors of a history that none can have.
//! The same fold as in life; knows no store.

use super::{ActivityExecution, Event, Intent, State};
use crate::vocabulary::{Number, Opaque};
use core::fmt;

/// Why an event cannot follow those before it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum CannotFollow {
    /// It is the first, and not [`Event::Scheduled`].
    NotScheduled,
    /// The execution was scheduled before, which happens once.
    AlreadyScheduled,
    /// A worker holds the task already.
    AlreadyStarted,
    /// No worker holds the task.
    NotStarted,
    /// Cancellation was requested: no retry follows, and no second request.
    CancelAlreadyRequested,
    /// The execution is closed.
    AlreadyClosed,
}

/// What is wrong with a history, or with one event of it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Corruption {
    /// There are no events.
    NoEvents,
    /// The event cannot follow those before it.
    CannotFollow(CannotFollow),
    /// It holds an instant or a length of time that no execution comes to.
    OutOfRange,
    /// It happened before the event that it follows.
    OutOfOrder,
    /// After it, the execution would be none that there can be with these options.
    BreaksPromise {
        /// The name of the promise, one of [`promises::all`](crate::promises::all).
        name: &'static str,
        /// What it says.
        statement: &'static str,
    },
}

/// Why a history is that of no execution: which event, and what is wrong with it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct RecoveryError {
    /// The place of the event in the history, counted from zero.
    pub index: usize,
    /// Its name; `None` where there is no event.
    pub event: Option<&'static str>,
    /// What is wrong.
    pub corruption: Corruption,
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// The execution whose history these events are; `None` if there are none.
    ///
    /// # Panics
    /// If the first event is not [`Event::Scheduled`], or a later one cannot follow those before.
    /// What is read from a store goes through [`try_recover`](Self::try_recover).
    pub fn recover<'a>(events: impl IntoIterator<Item = &'a Event<N, P>>) -> Option<Self>
    where
        N: 'a,
        P: 'a,
    {
        match Self::try_recover(events) {
            Ok(execution) => Some(execution),
            Err(RecoveryError { corruption: Corruption::NoEvents, .. }) => None,
            Err(error) => panic!("{error}"),
        }
    }

    /// The execution whose history these events are.
    ///
    /// # Errors
    /// Which event cannot follow, and why; or that there are none.
    pub fn try_recover<'a>(
        events: impl IntoIterator<Item = &'a Event<N, P>>,
    ) -> Result<Self, RecoveryError>
    where
        N: 'a,
        P: 'a,
    {
        let mut events = events.into_iter().enumerate();
        let (_, first) = events.next().ok_or(RecoveryError::no_events())?;
        let mut execution =
            Self::begin(first).map_err(|reason| RecoveryError::cannot_follow(0, first, reason))?;
        for (index, event) in events {
            execution
                .try_apply(event)
                .map_err(|reason| RecoveryError::cannot_follow(index, event, reason))?;
        }
        Ok(execution)
    }
}

impl CannotFollow {
    /// Why `event`, which cannot, does not follow an execution in this state.
    #[cold]
    pub(super) fn after<N, P, R>(event: &Event<N, P, R>, state: &State<N, P>) -> Self {
        match (event, state) {
            (Event::Scheduled { .. }, _) => CannotFollow::AlreadyScheduled,
            (_, State::Closed { .. }) => CannotFollow::AlreadyClosed,
            (
                Event::Started { .. }
                | Event::HeartbeatRecorded { .. }
                | Event::Rescheduled { .. }
                | Event::CancelRequested(_)
                | Event::Closed { .. },
                State::Scheduled { .. },
            ) => CannotFollow::NotStarted,
            (_, State::Started { intent: Intent::Cancel(_), .. })
                if matches!(event, Event::Rescheduled { .. } | Event::CancelRequested(_)) =>
            {
                CannotFollow::CancelAlreadyRequested
            }
            (_, State::Started { .. }) => CannotFollow::AlreadyStarted,
        }
    }
}

impl RecoveryError {
    pub(crate) fn no_events() -> Self {
        RecoveryError { index: 0, event: None, corruption: Corruption::NoEvents }
    }

    pub(crate) fn new<N, P, R>(
        index: usize,
        event: &Event<N, P, R>,
        corruption: Corruption,
    ) -> Self {
        RecoveryError { index, event: Some(event.name()), corruption }
    }

    fn cannot_follow<N, P, R>(index: usize, event: &Event<N, P, R>, reason: CannotFollow) -> Self {
        Self::new(index, event, Corruption::CannotFollow(reason))
    }
}

impl fmt::Display for CannotFollow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CannotFollow::NotScheduled => "a history begins with Scheduled",
            CannotFollow::AlreadyScheduled => "the execution was scheduled before",
            CannotFollow::AlreadyStarted => "a worker holds the task already",
            CannotFollow::NotStarted => "no worker holds the task",
            CannotFollow::CancelAlreadyRequested => {
                "cancellation was requested, after which there is no retry and no second request"
            }
            CannotFollow::AlreadyClosed => "the execution is closed",
        })
    }
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Corruption::NoEvents => f.write_str("there are no events"),
            Corruption::CannotFollow(reason) => write!(f, "it cannot follow: {reason}"),
            Corruption::OutOfRange => {
                f.write_str("it holds an instant or a length of time that is out of range")
            }
            Corruption::OutOfOrder => f.write_str("it happened before the event that it follows"),
            Corruption::BreaksPromise { name, statement } => {
                write!(f, "no execution with these options is like that: {statement} ({name})")
            }
        }
    }
}

impl fmt::Display for RecoveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Some(event) => {
                write!(f, "event {} of the log, {event}: {}", self.index, self.corruption)
            }
            None => self.corruption.fmt(f),
        }
    }
}

impl core::error::Error for CannotFollow {}
impl core::error::Error for Corruption {}
impl core::error::Error for RecoveryError {}
