//! What a workflow shows of its activity, folded from the same events: the pending one as the
//! service remembers it, the closed one as the history tells. Nothing decides by it.

use super::{ClosedBy, Event, RescheduledBy};
use crate::Payload;
use crate::vocabulary::{
    ActivityExecutionStatus, Attempt, Number, Opaque, Outcome, PendingActivityState, Timestamp,
};

/// An activity of a workflow; `None` and nothing are what the workflow does not show.
///
/// It shows less than [`Description`](super::Description), and under the same names sometimes
/// something else.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct WorkflowView<N = i64, P = Payload> {
    /// The status of the whole.
    pub status: ActivityExecutionStatus,
    /// What it is doing, while it is pending.
    pub run_state: Option<PendingActivityState>,
    /// The number of the current attempt, or of the last one.
    pub attempt: Attempt<N>,
    /// When the wait for a retry is over; shown until then, while no worker holds the task.
    pub next_attempt_schedule_time: Option<Timestamp<N>>,
    /// When the current attempt started, or the one that closed the activity.
    pub last_started_time: Option<Timestamp<N>>,
    /// When heartbeat details were last recorded, while the activity is pending.
    pub last_heartbeat_time: Option<Timestamp<N>>,
    /// The newest details that any attempt recorded, while the activity is pending.
    pub heartbeat_details: P,
    /// When a failure was last reported and retried, while the activity is pending.
    pub last_attempt_complete_time: Option<Timestamp<N>>,
    /// The failure of the last attempt that was retried; of a closed activity only where an attempt
    /// closed it.
    pub last_failure: P,
    /// Who last polled, while the activity is pending.
    pub last_worker_identity: P,
    /// When it closed.
    pub close_time: Option<Timestamp<N>>,
    /// How it ended.
    pub outcome: Option<Outcome<P>>,
}

impl<N: Number, P: Opaque> WorkflowView<N, P> {
    /// The view of the execution whose history these events are; `None` if there are none.
    pub fn recover<'a>(events: impl IntoIterator<Item = &'a Event<N, P>>) -> Option<Self>
    where
        N: 'a,
        P: 'a,
    {
        let mut events = events.into_iter().peekable();
        events.peek()?;
        let mut view = Self::scheduled();
        for event in events {
            view.apply(event);
        }
        Some(view)
    }

    /// The view of every execution that has just been scheduled.
    #[must_use]
    pub fn scheduled() -> Self {
        WorkflowView {
            status: ActivityExecutionStatus::Running,
            run_state: Some(PendingActivityState::Scheduled),
            attempt: Attempt::first(),
            next_attempt_schedule_time: None,
            last_started_time: None,
            last_heartbeat_time: None,
            heartbeat_details: P::none(),
            last_attempt_complete_time: None,
            last_failure: P::none(),
            last_worker_identity: P::none(),
            close_time: None,
            outcome: None,
        }
    }

    /// Folds one event of an execution whose earlier ones have been folded.
    pub fn apply(&mut self, event: &Event<N, P>) {
        match event {
            Event::Scheduled { .. } => *self = Self::scheduled(),
            Event::Started { started_time, identity, .. } => {
                self.run_state = Some(PendingActivityState::Started);
                self.next_attempt_schedule_time = None;
                self.last_started_time = Some(*started_time);
                self.last_worker_identity = identity.clone();
            }
            Event::HeartbeatRecorded { recorded_time, details } => {
                self.record_heartbeat(*recorded_time, details);
            }
            Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by } => {
                match rescheduled_by {
                    RescheduledBy::Failure { heartbeat_details } => {
                        if let Some(details) = heartbeat_details {
                            self.record_heartbeat(*complete_time, details);
                        }
                        self.last_attempt_complete_time = Some(*complete_time);
                    }
                    RescheduledBy::AttemptTimeout => {}
                }
                self.run_state = Some(PendingActivityState::Scheduled);
                self.attempt = self.attempt.next();
                self.next_attempt_schedule_time = Some(*complete_time + *retry_interval);
                self.last_started_time = None;
                self.last_failure = failure.clone();
            }
            Event::CancelRequested(_) => {
                self.run_state = Some(PendingActivityState::CancelRequested);
            }
            Event::Closed { close_time, outcome, closed_by } => {
                self.close(*close_time, outcome, closed_by);
            }
        }
    }

    fn record_heartbeat(&mut self, recorded_time: Timestamp<N>, details: &P) {
        self.last_heartbeat_time = Some(recorded_time);
        self.heartbeat_details = details.clone();
    }

    /// What was pending is forgotten, but for the attempt that closed the activity, whose start and
    /// the failure before it come to stand in the history.
    fn close(&mut self, close_time: Timestamp<N>, outcome: &Outcome<P>, closed_by: &ClosedBy<P>) {
        let pending = core::mem::replace(self, Self::scheduled());
        self.status = outcome.kind().status();
        self.run_state = None;
        self.attempt = pending.attempt;
        self.close_time = Some(close_time);
        self.outcome = Some(outcome.clone());
        self.last_started_time = match closed_by {
            // By id a waiting execution can be completed, which counts as its start.
            ClosedBy::Completion { .. } => pending.last_started_time.or(Some(close_time)),
            ClosedBy::Failure { .. }
            | ClosedBy::AttemptTimeout { .. }
            | ClosedBy::ScheduleTimeout
            | ClosedBy::CancelAnswer
            | ClosedBy::CancelRequest(_)
            | ClosedBy::Termination { .. } => pending.last_started_time,
        };
        if self.last_started_time.is_some() {
            self.last_failure = pending.last_failure;
        }
    }
}
