//! One Activity Execution: three phases that own their data, and the events that lead from one to
//! the next. Has no clock, stores no timer and never looks into a payload.
//!
//! ```text
//!                      RecordActivityTaskStarted        heartbeat, cancel request
//!                                 │                              ┌─────┐
//!        ┌────────────────────┐   │   ┌────────────────────────┐ │     │
//!  new ─►│     Scheduled      │───┴──►│        Started         │─┘     │
//!        │ dispatch_time      │       │ started_time, intent   │◄──────┘
//!        │                    │◄──┬───│                        │
//!        └────────────────────┘   │   └────────────────────────┘
//!             │                   │                     │
//!             │      failure or timeout of an attempt,  │  completed, canceled, terminated,
//!             │      after the retry decision           │  failed or timed out for good
//!             │                                         ▼
//!             │                       ┌────────────────────────┐
//!             └──────────────────────►│         Closed         │
//!  cancel request, terminate, schedule│ outcome                │
//!  timeouts, completion by id         └────────────────────────┘
//! ```
#![deny(clippy::wildcard_enum_match_arm)]

mod decide;
mod describe;
mod dialect;
mod event;
mod expire;
mod observe;
mod recover;
mod retry;
mod run;
#[cfg(test)]
mod tests;
mod workflow_view;

pub use describe::Description;
pub use event::{ClosedBy, Event, RescheduledBy};
pub use expire::Deadline;
pub use recover::{CannotFollow, Corruption, RecoveryError};
pub use run::Accepted;
pub use workflow_view::WorkflowView;

use crate::Payload;
use crate::vocabulary::{
    Attempt, CancelRequest, ExecutionOptions, Number, Opaque, Outcome, RequestId, Span, Timestamp,
};

/// One Activity Execution: the chain of its attempts, of which at most one is current.
///
/// The [`ExecutionOptions`] belong to the caller, who passes the same ones to every operation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ActivityExecution<N = i64, P = Payload> {
    schedule_time: Timestamp<N>,
    start_request_id: RequestId,
    attempt: Attempt<N>,
    state: State<N, P>,
    last_heartbeat: LastHeartbeat<N, P>,
    last_attempt: LastAttempt<N, P>,
}

/// What the execution is doing; each phase holds exactly what that phase knows.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum State<N = i64, P = Payload> {
    /// No worker holds the task: it waits for `dispatch_time`, then for a worker.
    Scheduled {
        /// From when on a worker may take the task.
        dispatch_time: Timestamp<N>,
        /// The backoff that led to `dispatch_time`; `None` for the first attempt.
        retry_interval: Option<Span<N>>,
    },
    /// Exactly one worker holds the task.
    Started {
        /// The poll that took the task.
        request_id: RequestId,
        /// From when on it could be taken.
        dispatch_time: Timestamp<N>,
        /// When it was taken.
        started_time: Timestamp<N>,
        /// When the attempt last showed life: its start, or its newest heartbeat.
        last_alive_time: Timestamp<N>,
        /// What has been asked of the worker.
        intent: Intent<P>,
    },
    /// Finished, for good.
    //= models/spec.md#S1 type=implication
    //# An Activity Execution is the whole chain of attempts to run one activity, and it closes exactly once.
    Closed {
        /// How.
        outcome: Outcome<P>,
        /// When.
        close_time: Timestamp<N>,
        /// The cancel request that was accepted before or at the close.
        cancel_request: Option<CancelRequest<P>>,
        /// The request that terminated the execution.
        terminate_request_id: Option<RequestId>,
    },
}

/// What has been asked of the worker that holds the task; without a worker it cannot exist.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Intent<P = Payload> {
    /// To go on.
    None,
    /// To give up, which it learns from the answer to its next heartbeat.
    Cancel(CancelRequest<P>),
}

/// What heartbeats left behind, over all attempts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct LastHeartbeat<N, P> {
    details: P,
    recorded_time: Option<Timestamp<N>>,
    total_count: N,
}

/// What attempts left behind that are over; the identity is also that of the current one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
struct LastAttempt<N, P> {
    // INVARIANT: `None` while an attempt is started, which knows its own.
    started_time: Option<Timestamp<N>>,
    complete_time: Option<Timestamp<N>>,
    failure: P,
    worker_identity: P,
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// The execution that [`Event::scheduled`] begins.
    pub fn new(terms: &ExecutionOptions<N>, now: Timestamp<N>, request_id: RequestId) -> Self {
        Self::begin(&Event::scheduled(terms, now, request_id)).expect("it begins with Scheduled")
    }

    /// What it is doing.
    pub fn state(&self) -> &State<N, P> {
        &self.state
    }

    /// The number of the current attempt, or of the last one.
    pub fn attempt(&self) -> Attempt<N> {
        self.attempt
    }

    /// The newest instant that it has recorded: time is not before it.
    #[inline]
    pub fn last_recorded_time(&self) -> Timestamp<N> {
        match &self.state {
            State::Scheduled { .. } => {
                self.last_attempt.complete_time.unwrap_or(self.schedule_time)
            }
            State::Started { last_alive_time, .. } => *last_alive_time,
            State::Closed { close_time, .. } => *close_time,
        }
    }

    /// The cancel request that was accepted, also after the close.
    pub fn cancel_request(&self) -> Option<&CancelRequest<P>> {
        match &self.state {
            State::Scheduled { .. } => None,
            State::Started { intent, .. } => intent.cancel_request(),
            State::Closed { cancel_request, .. } => cancel_request.as_ref(),
        }
    }

    fn last_started_time(&self) -> Option<Timestamp<N>> {
        match &self.state {
            State::Started { started_time, .. } => Some(*started_time),
            State::Scheduled { .. } | State::Closed { .. } => self.last_attempt.started_time,
        }
    }
}

impl<P> Intent<P> {
    fn cancel_request(&self) -> Option<&CancelRequest<P>> {
        match self {
            Intent::None => None,
            Intent::Cancel(request) => Some(request),
        }
    }
}
