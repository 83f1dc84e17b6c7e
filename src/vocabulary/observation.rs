//! The observation of an execution: what specification and core project their states onto. Says
//! what is so at an instant; does not know how it came about.

use super::number::{Attempt, Number, Span, Timestamp};
use super::words::{CancelRequest, Outcome, RequestId, TimeoutType};
use crate::Payload;

/// An execution as it stands at `now`; specification and core both project onto it, completely.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Observation<N = i64, P = Payload> {
    /// The instant of the observation.
    pub now: Timestamp<N>,
    /// When the execution was created.
    pub schedule_time: Timestamp<N>,
    /// The request that created it.
    pub start_request_id: RequestId,
    /// The current attempt, or the last one.
    pub attempt: Attempt<N>,
    /// What it is doing.
    pub phase: Phase<N, P>,
    /// What is armed.
    pub deadlines: Deadlines<N>,
    /// When the last attempt that started did so.
    pub last_started_time: Option<Timestamp<N>>,
    /// When the last attempt that was completed, failed or timed out was so.
    pub last_attempt_complete_time: Option<Timestamp<N>>,
    /// When heartbeat details were last recorded, over all attempts.
    pub last_heartbeat_time: Option<Timestamp<N>>,
    /// The newest details that any attempt recorded.
    pub heartbeat_details: P,
    /// How often details were recorded, over all attempts.
    pub total_heartbeat_count: N,
    /// The failure of the last attempt that failed or timed out.
    pub last_failure: P,
    /// Who last polled or closed.
    pub last_worker_identity: P,
    /// The cancel request that was accepted, also after the close.
    pub cancel_request: Option<CancelRequest<P>>,
    /// The request that terminated the execution.
    pub terminate_request_id: Option<RequestId>,
}

/// The three things that an execution can be doing.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Phase<N = i64, P = Payload> {
    /// No worker holds the task.
    Scheduled {
        /// From when on a worker may take it.
        dispatch_time: Timestamp<N>,
        /// The backoff that led to `dispatch_time`; `None` for the first attempt.
        retry_interval: Option<Span<N>>,
    },
    /// Exactly one worker holds the task.
    Started {
        /// The poll that took it.
        request_id: RequestId,
        /// From when on it could be taken.
        dispatch_time: Timestamp<N>,
    },
    /// Finished, for good.
    Closed {
        /// How.
        outcome: Outcome<P>,
        /// When.
        close_time: Timestamp<N>,
    },
}

/// The deadlines that are armed.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Deadlines<N = i64> {
    /// Ends the wait for a worker.
    pub schedule_to_start: Option<Timestamp<N>>,
    /// Ends the execution.
    pub schedule_to_close: Option<Timestamp<N>>,
    /// Ends the attempt.
    pub start_to_close: Option<Timestamp<N>>,
    /// Ends the attempt if it stays silent.
    pub heartbeat: Option<Timestamp<N>>,
}

impl<N: Number> Deadlines<N> {
    /// The deadline of this timeout, if it is armed.
    #[must_use]
    pub fn of(&self, timeout_type: TimeoutType) -> Option<Timestamp<N>> {
        match timeout_type {
            TimeoutType::ScheduleToStart => self.schedule_to_start,
            TimeoutType::ScheduleToClose => self.schedule_to_close,
            TimeoutType::StartToClose => self.start_to_close,
            TimeoutType::Heartbeat => self.heartbeat,
        }
    }

    /// The armed ones.
    pub fn armed(&self) -> impl Iterator<Item = (TimeoutType, Timestamp<N>)> + use<N> {
        let deadlines = *self;
        TimeoutType::ALL.into_iter().filter_map(move |t| deadlines.of(t).map(|d| (t, d)))
    }
}

impl<N: Number, P> Observation<N, P> {
    /// Whether the execution is finished.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    /// Whether a worker holds the task.
    #[must_use]
    pub fn is_started(&self) -> bool {
        matches!(self.phase, Phase::Started { .. })
    }

    /// How it ended, if it has.
    pub fn outcome(&self) -> Option<&Outcome<P>> {
        match &self.phase {
            Phase::Closed { outcome, .. } => Some(outcome),
            Phase::Scheduled { .. } | Phase::Started { .. } => None,
        }
    }
}
