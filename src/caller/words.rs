//! The words of a caller: what its code does, what history says, what it then asks for.
//! Knows the alphabet of the [`WorkflowActivity`](super::WorkflowActivity); not its grammar.

use super::Resolution;
use crate::Payload;
use crate::vocabulary::{Opaque, Outcome, RetryState, TimeoutType};
use core::fmt;

/// What a caller does about an activity that it cancels.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ActivityCancellationType {
    /// Asks the service to cancel, and goes on at once.
    #[default]
    TryCancel,
    /// Asks the service to cancel, and waits for what happens.
    WaitCancellationCompleted,
    /// Asks for nothing, and goes on at once.
    Abandon,
}

impl ActivityCancellationType {
    /// All three.
    pub const ALL: [ActivityCancellationType; 3] = [
        ActivityCancellationType::TryCancel,
        ActivityCancellationType::WaitCancellationCompleted,
        ActivityCancellationType::Abandon,
    ];
}

/// What the caller decided when it scheduled the activity.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct CallerOptions {
    /// What cancelling it means.
    pub cancellation_type: ActivityCancellationType,
    /// Whether it is shielded from the cancellation of its parent.
    pub is_detached: bool,
}

/// A command of the workflow's to the service.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Command {
    /// `ScheduleActivityTask`.
    ScheduleActivityTask,
    /// Takes `ScheduleActivityTask` out of the commands that are not sent yet.
    WithdrawScheduleActivityTask,
    /// `RequestCancelActivityTask`.
    RequestCancelActivityTask,
}

/// What a workflow's history says about an activity.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HistoryEvent<P = Payload> {
    /// `ActivityTaskScheduled`.
    ActivityTaskScheduled,
    /// `ActivityTaskStarted`; most services write it together with the close.
    ActivityTaskStarted,
    /// `ActivityTaskCancelRequested`.
    ActivityTaskCancelRequested,
    /// One of the four that end it.
    Closed(CloseEvent<P>),
}

/// How history says that an activity ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CloseEvent<P = Payload> {
    /// The last attempt succeeded.
    ActivityTaskCompleted {
        /// What it returned.
        result: P,
    },
    /// The last attempt failed.
    ActivityTaskFailed {
        /// How.
        failure: P,
        /// Why no other followed.
        retry_state: RetryState,
    },
    /// A timeout ended it.
    ActivityTaskTimedOut {
        /// Which.
        timeout_type: TimeoutType,
        /// The timeout failure.
        failure: P,
        /// Why no other attempt followed.
        retry_state: RetryState,
    },
    /// It gave in to a cancel request, or no worker held it.
    ActivityTaskCanceled {
        /// What there was to say about it.
        details: P,
    },
}

impl<P: Opaque> CloseEvent<P> {
    /// The event that history has for an outcome; none for termination, which only a standalone
    /// activity knows.
    pub fn of(outcome: &Outcome<P>) -> Option<Self> {
        Some(match outcome.clone() {
            Outcome::Completed { result } => CloseEvent::ActivityTaskCompleted { result },
            Outcome::Failed { failure, retry_state } => {
                CloseEvent::ActivityTaskFailed { failure, retry_state }
            }
            Outcome::Canceled { details, .. } => CloseEvent::ActivityTaskCanceled { details },
            Outcome::Terminated { .. } => return None,
            Outcome::TimedOut { timeout_type, failure, retry_state } => {
                CloseEvent::ActivityTaskTimedOut { timeout_type, failure, retry_state }
            }
        })
    }
}

/// Anything that can happen to an activity at its caller.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CallerAction<P = Payload> {
    /// Workflow code schedules it.
    Schedule,
    /// Workflow code cancels it.
    Cancel,
    /// Its parent, the workflow or a scope within, is cancelled.
    CancelParent,
    /// History has an event about it.
    Event(HistoryEvent<P>),
    /// The workflow closes, whatever becomes of its activities.
    CloseCaller,
}

/// What the machine wants done: a word to the service, a word to the workflow, or both.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Effects<P = Payload> {
    /// What the service is told when the workflow task completes.
    pub command: Option<Command>,
    /// What the workflow is told now.
    pub resolution: Option<Resolution<P>>,
}

impl<P> Effects<P> {
    /// Nothing is to be done.
    #[must_use]
    pub fn none() -> Self {
        Effects { command: None, resolution: None }
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.command.is_none() && self.resolution.is_none()
    }
}

/// Why something has no place in the state of the machine; it changes nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum CallerRejection {
    /// It was scheduled before, or cancelled before it was.
    AlreadyScheduled,
    /// History cannot go on like this: it belongs to other code, or is corrupt.
    Nondeterminism,
    /// The caller is closed.
    CallerClosed,
}

impl CallerRejection {
    /// All of them.
    pub const ALL: [CallerRejection; 3] = [
        CallerRejection::AlreadyScheduled,
        CallerRejection::Nondeterminism,
        CallerRejection::CallerClosed,
    ];
}

impl fmt::Display for CallerRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CallerRejection::AlreadyScheduled => "the activity is already scheduled or cancelled",
            CallerRejection::Nondeterminism => "history has an event that cannot follow",
            CallerRejection::CallerClosed => "the caller is closed",
        })
    }
}

impl core::error::Error for CallerRejection {}

/// One thing that happened to an activity at its caller, and what came of it, refusals included.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct CallerStep<P = Payload> {
    /// What happened.
    pub action: CallerAction<P>,
    /// What the machine wants done about it.
    pub reply: Result<Effects<P>, CallerRejection>,
}
