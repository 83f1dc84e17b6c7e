//! What Temporal shows of an execution: statuses and Describe, views of the three phases.
//! Nothing decides by them.

use super::{ActivityExecution, Intent, State};
use crate::Payload;
use crate::vocabulary::{
    ActivityExecutionStatus, Attempt, ExecutionOptions, Number, Opaque, Outcome,
    PendingActivityState, Span, Timestamp,
};

/// What Describe shows; `None` and nothing are what it leaves out.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Description<N = i64, P = Payload> {
    /// The status of the whole.
    pub status: ActivityExecutionStatus,
    /// What it is doing, while it is open.
    pub run_state: Option<PendingActivityState>,
    /// The number of the current attempt, or of the last one.
    pub attempt: Attempt<N>,
    /// The backoff that the next attempt is waiting for.
    pub current_retry_interval: Option<Span<N>>,
    /// When the wait for the next attempt is over: its backoff, or the start delay of the first.
    pub next_attempt_schedule_time: Option<Timestamp<N>>,
    /// When the last attempt that started did so.
    pub last_started_time: Option<Timestamp<N>>,
    /// When heartbeat details were last recorded, over all attempts.
    pub last_heartbeat_time: Option<Timestamp<N>>,
    /// When the last attempt that was completed, failed or timed out was so.
    pub last_attempt_complete_time: Option<Timestamp<N>>,
    /// When it closed.
    pub close_time: Option<Timestamp<N>>,
    /// The schedule-to-close deadline, also after the close.
    pub expiration_time: Option<Timestamp<N>>,
    /// The newest details that any attempt recorded.
    pub heartbeat_details: P,
    /// How often details were recorded, over all attempts.
    pub total_heartbeat_count: N,
    /// The failure of the last attempt that failed or timed out.
    pub last_failure: P,
    /// The reason of the cancel request that was accepted, also after the close.
    pub canceled_reason: Option<P>,
    /// Who last polled or closed.
    pub last_worker_identity: P,
    /// How it ended.
    pub outcome: Option<Outcome<P>>,
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// The status of the whole.
    pub fn status(&self) -> ActivityExecutionStatus {
        match &self.state {
            State::Scheduled { .. } | State::Started { .. } => ActivityExecutionStatus::Running,
            State::Closed { outcome, .. } => outcome.kind().status(),
        }
    }

    /// What an open execution is doing; `None` once it is closed.
    pub fn run_state(&self) -> Option<PendingActivityState> {
        match &self.state {
            State::Scheduled { .. } => Some(PendingActivityState::Scheduled),
            State::Started { intent: Intent::None, .. } => Some(PendingActivityState::Started),
            State::Started { intent: Intent::Cancel(_), .. } => {
                Some(PendingActivityState::CancelRequested)
            }
            State::Closed { .. } => None,
        }
    }

    /// What Temporal's Describe shows at `now`.
    pub fn describe(&self, terms: &ExecutionOptions<N>, now: Timestamp<N>) -> Description<N, P> {
        let (next_attempt_schedule_time, current_retry_interval) = match &self.state {
            State::Scheduled { dispatch_time, retry_interval } if *dispatch_time > now => {
                (Some(*dispatch_time), *retry_interval)
            }
            State::Scheduled { .. } | State::Started { .. } | State::Closed { .. } => (None, None),
        };
        let (close_time, outcome) = match &self.state {
            State::Scheduled { .. } | State::Started { .. } => (None, None),
            State::Closed { close_time, outcome, .. } => (Some(*close_time), Some(outcome.clone())),
        };
        Description {
            status: self.status(),
            run_state: self.run_state(),
            attempt: self.attempt,
            current_retry_interval,
            next_attempt_schedule_time,
            last_started_time: self.last_started_time(),
            last_heartbeat_time: self.last_heartbeat.recorded_time,
            last_attempt_complete_time: self.last_attempt.complete_time,
            close_time,
            expiration_time: self.expiration_time(terms),
            heartbeat_details: self.last_heartbeat.details.clone(),
            total_heartbeat_count: self.last_heartbeat.total_count,
            last_failure: self.last_attempt.failure.clone(),
            canceled_reason: self.cancel_request().map(|request| request.reason.clone()),
            last_worker_identity: self.last_attempt.worker_identity.clone(),
            outcome,
        }
    }
}
