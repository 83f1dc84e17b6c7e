//! One activity of a workflow, from its schedule to its close.
//! Attempts, heartbeats and backoffs are invisible here: an execution has one close event.
//!
//! ```text
//!  Created ──Schedule──► ScheduleCommandCreated ──Scheduled──► Open ──close event──► Closed
//!     │                         │                               │
//!     └──── cancelled ──────────┴──► Withdrawn                  │ cancelled
//!                                                               ▼
//!                  Cancellation:  None ──try, wait──► CommandCreated ──► EventRecorded
//!                                  └─────abandon────► Abandoned
//!
//!  every phase ──CloseCaller──► CallerClosed
//! ```

use super::words::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CloseEvent, Command,
    Effects, HistoryEvent,
};
use super::{Resolution, resolution};
use crate::vocabulary::Opaque;

/// One activity of a workflow.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum WorkflowActivity {
    /// Nothing has happened yet.
    #[default]
    Created,
    /// The schedule waits for the end of the workflow task.
    ScheduleCommandCreated,
    /// It was cancelled before the schedule was sent: it never existed.
    Withdrawn,
    /// The service has it.
    Open {
        /// Whether history has its start: with most services together with its close only.
        is_started: bool,
        /// How far it is with being cancelled.
        cancellation: Cancellation,
    },
    /// History has its close.
    Closed,
    /// The workflow closed first, or afterwards; nobody is there any more.
    CallerClosed,
}

/// How far an open activity is with being cancelled.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Cancellation {
    /// It was not.
    #[default]
    None,
    /// The workflow has turned away from it.
    Abandoned,
    /// The request waits for the end of the workflow task.
    CommandCreated,
    /// The service has the request.
    EventRecorded,
}

type Next<P> = (WorkflowActivity, Effects<P>);

impl WorkflowActivity {
    /// What the machine is after `action`, and what it wants done.
    ///
    /// # Errors
    /// Why `action` has no place here; the machine stays as it is.
    //= models/spec.md#C10 type=implication
    //# The same history leads to the same commands.
    pub fn decide<P: Opaque>(
        &self,
        terms: &CallerOptions,
        action: &CallerAction<P>,
    ) -> Result<Next<P>, CallerRejection> {
        //= models/spec.md#C11
        //# Once a workflow is closed, nothing is resolved and nothing is asked for any more.
        if *self == WorkflowActivity::CallerClosed {
            return Err(CallerRejection::CallerClosed);
        }
        match action {
            CallerAction::Schedule if *self == WorkflowActivity::Created => {
                let command = Some(Command::ScheduleActivityTask);
                let effects = Effects { command, resolution: None };
                Ok((WorkflowActivity::ScheduleCommandCreated, effects))
            }
            CallerAction::Schedule => Err(CallerRejection::AlreadyScheduled),
            //= models/spec.md#S18
            //# The cancellation of a workflow cancels each of its activities that is not detached.
            // A detached activity is shielded: its parent's cancellation stops here.
            CallerAction::CancelParent if terms.is_detached => Ok(self.silently()),
            CallerAction::Cancel | CallerAction::CancelParent => {
                Ok(self.cancel(terms.cancellation_type))
            }
            CallerAction::Event(event) => self.record(terms, event),
            //= models/spec.md#S20
            //# A workflow that closes says nothing to its open activities.
            // No activity is resolved or cancelled: each attempt learns by "not found".
            CallerAction::CloseCaller => Ok(WorkflowActivity::CallerClosed.silently()),
        }
    }

    /// Whether the workflow has been told what came of the activity.
    #[must_use]
    pub fn is_resolved(&self, terms: &CallerOptions) -> bool {
        match self {
            WorkflowActivity::Created
            | WorkflowActivity::ScheduleCommandCreated
            | WorkflowActivity::CallerClosed => false,
            WorkflowActivity::Withdrawn | WorkflowActivity::Closed => true,
            WorkflowActivity::Open { cancellation, .. } => {
                *cancellation != Cancellation::None
                    && terms.cancellation_type
                        != ActivityCancellationType::WaitCancellationCompleted
            }
        }
    }

    fn silently<P>(self) -> Next<P> {
        (self, Effects::none())
    }

    fn cancel<P: Opaque>(&self, cancellation_type: ActivityCancellationType) -> Next<P> {
        let at_once = Some(Resolution::cancelled_at_once());
        let (next, command, resolution) = match *self {
            WorkflowActivity::Created => (WorkflowActivity::Withdrawn, None, at_once),
            // Whoever would wait has nothing to wait for either.
            WorkflowActivity::ScheduleCommandCreated => {
                let command = Command::WithdrawScheduleActivityTask;
                (WorkflowActivity::Withdrawn, Some(command), at_once)
            }
            WorkflowActivity::Open { is_started, cancellation: Cancellation::None } => {
                let request = Some(Command::RequestCancelActivityTask);
                //= models/spec.md#S29
                //# A workflow goes on at once or waits for the close, as it chose; one that
                //# abandons the activity asks for nothing.
                let (cancellation, command, resolution) = match cancellation_type {
                    ActivityCancellationType::TryCancel => {
                        (Cancellation::CommandCreated, request, at_once)
                    }
                    ActivityCancellationType::WaitCancellationCompleted => {
                        (Cancellation::CommandCreated, request, None)
                    }
                    ActivityCancellationType::Abandon => (Cancellation::Abandoned, None, at_once),
                };
                (WorkflowActivity::Open { is_started, cancellation }, command, resolution)
            }
            //= models/spec.md#S30
            //# A workflow that cancels an activity again makes no second request.
            // A second cancel must not become a second request: a service fails the workflow task
            // over it, again and again.
            WorkflowActivity::Open { .. }
            | WorkflowActivity::Withdrawn
            | WorkflowActivity::Closed
            | WorkflowActivity::CallerClosed => (*self, None, None),
        };
        (next, Effects { command, resolution })
    }

    fn record<P: Opaque>(
        &self,
        terms: &CallerOptions,
        event: &HistoryEvent<P>,
    ) -> Result<Next<P>, CallerRejection> {
        let next = match (*self, event) {
            (WorkflowActivity::ScheduleCommandCreated, HistoryEvent::ActivityTaskScheduled) => {
                WorkflowActivity::Open { is_started: false, cancellation: Cancellation::None }
            }
            (
                WorkflowActivity::Open { is_started, cancellation: Cancellation::CommandCreated },
                HistoryEvent::ActivityTaskCancelRequested,
            ) => WorkflowActivity::Open { is_started, cancellation: Cancellation::EventRecorded },
            (
                WorkflowActivity::Open { is_started: false, cancellation },
                HistoryEvent::ActivityTaskStarted,
            ) => {
                // Most services hold a start back until the close. One that does not may write it
                // between the command that asks for cancellation and the request in history.
                WorkflowActivity::Open { is_started: true, cancellation }
            }
            (WorkflowActivity::Open { is_started, cancellation }, HistoryEvent::Closed(close))
                if may_close(is_started, cancellation, close) =>
            {
                //= models/spec.md#S7
                //# A workflow is told of it once, and hears nothing further.
                // Whoever has been told hears nothing more, and an abandoned activity may end in
                // any way, failure and timeout included.
                let resolution = (!self.is_resolved(terms)).then(|| resolution(close));
                return Ok((WorkflowActivity::Closed, Effects { command: None, resolution }));
            }
            (
                WorkflowActivity::Created
                | WorkflowActivity::ScheduleCommandCreated
                | WorkflowActivity::Withdrawn
                | WorkflowActivity::Open { .. }
                | WorkflowActivity::Closed
                | WorkflowActivity::CallerClosed,
                _,
            ) => return Err(CallerRejection::Nondeterminism),
        };
        Ok(next.silently())
    }
}

/// Whether history can have this close now.
///
/// A service writes the cancel request before anything it held back during the workflow task, a
/// start before a result, and a cancel only after a request.
//= models/spec.md#C6
//# After a recorded cancel request an activity may close in any of four ways, and no further
//# attempt starts.
fn may_close<P>(is_started: bool, cancellation: Cancellation, close: &CloseEvent<P>) -> bool {
    match (close, cancellation) {
        (_, Cancellation::CommandCreated) => false,
        (
            CloseEvent::ActivityTaskCompleted { .. } | CloseEvent::ActivityTaskFailed { .. },
            Cancellation::None | Cancellation::Abandoned | Cancellation::EventRecorded,
        ) => is_started,
        (
            CloseEvent::ActivityTaskTimedOut { .. },
            Cancellation::None | Cancellation::Abandoned | Cancellation::EventRecorded,
        ) => true,
        (CloseEvent::ActivityTaskCanceled { .. }, Cancellation::EventRecorded) => true,
        (CloseEvent::ActivityTaskCanceled { .. }, Cancellation::None | Cancellation::Abandoned) => {
            false
        }
    }
}
