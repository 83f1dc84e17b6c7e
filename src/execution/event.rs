//! The events of an execution, and how each changes its state. Decides nothing: life and recovery
//! both come through here.

use super::State::{Closed, Scheduled, Started};
use super::{ActivityExecution, CannotFollow, Intent, LastAttempt, LastHeartbeat};
use crate::Payload;
use crate::vocabulary::{
    Attempt, CancelRequest, ExecutionOptions, Number, Opaque, Outcome, RequestId, Span, Timestamp,
};

/// A durable fact, named for the server's transition; folding all of them in order gives the
/// execution, without its [`ExecutionOptions`].
///
/// `R` is a request id: a number in the core, in a log what the caller sent.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Event<N = i64, P = Payload, R = RequestId> {
    /// The execution was created; every history begins with it, and it does not occur again.
    Scheduled {
        /// When.
        schedule_time: Timestamp<N>,
        /// From when on a worker may take the first attempt.
        dispatch_time: Timestamp<N>,
        /// The request that created the execution.
        request_id: R,
    },
    /// A worker took the task.
    Started {
        /// When.
        started_time: Timestamp<N>,
        /// The poll that took it.
        request_id: R,
        /// Who polled.
        identity: P,
    },
    /// The worker showed that the attempt is alive.
    HeartbeatRecorded {
        /// When.
        recorded_time: Timestamp<N>,
        /// What it wants the next attempt to know.
        details: P,
    },
    /// The attempt failed or timed out, and another one follows.
    Rescheduled {
        /// When the attempt ended.
        complete_time: Timestamp<N>,
        /// How long after that the next attempt is dispatched.
        retry_interval: Span<N>,
        /// The failure of the attempt; may be nothing.
        failure: P,
        /// By what.
        rescheduled_by: RescheduledBy<P>,
    },
    /// The worker that holds the task is to be asked to give up.
    CancelRequested(CancelRequest<P, R>),
    /// The execution is finished.
    Closed {
        /// When.
        close_time: Timestamp<N>,
        /// How.
        outcome: Outcome<P>,
        /// By what.
        closed_by: ClosedBy<P, R>,
    },
}

/// What ended an attempt that another one follows, with what the failure does not tell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum RescheduledBy<P = Payload> {
    /// A report of failure.
    Failure {
        /// Heartbeat details that came with the failure.
        heartbeat_details: Option<P>,
    },
    /// The start-to-close or heartbeat timeout of the attempt.
    AttemptTimeout,
}

/// What closed an execution, with what the outcome does not tell.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ClosedBy<P = Payload, R = RequestId> {
    /// A report of success.
    Completion {
        /// Who reported.
        identity: P,
    },
    /// A report of failure that no other attempt followed.
    Failure {
        /// Who reported.
        identity: P,
        /// Heartbeat details that came with the failure.
        heartbeat_details: Option<P>,
    },
    /// The start-to-close or heartbeat timeout of an attempt that no other followed.
    AttemptTimeout {
        /// The failure of the attempt; the outcome differs where no time was left for another one.
        failure: P,
    },
    /// The schedule-to-start or schedule-to-close timeout.
    ScheduleTimeout,
    /// The worker, who gave in to the cancel request.
    CancelAnswer,
    /// A cancel request that found no worker to ask.
    CancelRequest(CancelRequest<P, R>),
    /// A terminate request.
    Termination {
        /// Its id.
        request_id: R,
    },
}

impl<N: Number, P: Opaque> Event<N, P> {
    /// The event that creates an execution at `now`.
    pub fn scheduled(
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self {
        Event::Scheduled { schedule_time: now, dispatch_time: now + terms.start_delay, request_id }
    }
}

impl<N, P, R> Event<N, P, R> {
    /// Its name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Event::Scheduled { .. } => "Scheduled",
            Event::Started { .. } => "Started",
            Event::HeartbeatRecorded { .. } => "HeartbeatRecorded",
            Event::Rescheduled { .. } => "Rescheduled",
            Event::CancelRequested(_) => "CancelRequested",
            Event::Closed { .. } => "Closed",
        }
    }

    /// The request id that it tells, if it tells one.
    pub fn request_id(&self) -> Option<&R> {
        match self {
            Event::Scheduled { request_id, .. }
            | Event::Started { request_id, .. }
            | Event::CancelRequested(CancelRequest { request_id, .. })
            | Event::Closed {
                closed_by:
                    ClosedBy::CancelRequest(CancelRequest { request_id, .. })
                    | ClosedBy::Termination { request_id },
                ..
            } => Some(request_id),
            Event::HeartbeatRecorded { .. } | Event::Rescheduled { .. } | Event::Closed { .. } => {
                None
            }
        }
    }

    /// The same event with another kind of request id; there is one at most.
    #[inline]
    pub fn with_request_id<S>(self, other: impl FnOnce(R) -> S) -> Event<N, P, S> {
        match self {
            Event::Scheduled { schedule_time, dispatch_time, request_id } => {
                Event::Scheduled { schedule_time, dispatch_time, request_id: other(request_id) }
            }
            Event::Started { started_time, request_id, identity } => {
                Event::Started { started_time, request_id: other(request_id), identity }
            }
            Event::HeartbeatRecorded { recorded_time, details } => {
                Event::HeartbeatRecorded { recorded_time, details }
            }
            Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by } => {
                Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by }
            }
            Event::CancelRequested(request) => {
                Event::CancelRequested(request.with_request_id(other))
            }
            Event::Closed { close_time, outcome, closed_by } => {
                Event::Closed { close_time, outcome, closed_by: closed_by.with_request_id(other) }
            }
        }
    }
}

impl<P, R> ClosedBy<P, R> {
    fn with_request_id<S>(self, other: impl FnOnce(R) -> S) -> ClosedBy<P, S> {
        match self {
            ClosedBy::Completion { identity } => ClosedBy::Completion { identity },
            ClosedBy::Failure { identity, heartbeat_details } => {
                ClosedBy::Failure { identity, heartbeat_details }
            }
            ClosedBy::AttemptTimeout { failure } => ClosedBy::AttemptTimeout { failure },
            ClosedBy::ScheduleTimeout => ClosedBy::ScheduleTimeout,
            ClosedBy::CancelAnswer => ClosedBy::CancelAnswer,
            ClosedBy::CancelRequest(request) => {
                ClosedBy::CancelRequest(request.with_request_id(other))
            }
            ClosedBy::Termination { request_id } => {
                ClosedBy::Termination { request_id: other(request_id) }
            }
        }
    }
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// The execution that this event begins.
    ///
    /// # Errors
    /// [`CannotFollow::NotScheduled`] if another event than [`Event::Scheduled`] is the first.
    pub fn begin(event: &Event<N, P>) -> Result<Self, CannotFollow> {
        match event {
            Event::Scheduled { schedule_time, dispatch_time, request_id } => {
                Ok(ActivityExecution {
                    schedule_time: *schedule_time,
                    start_request_id: *request_id,
                    attempt: Attempt::first(),
                    state: Scheduled { dispatch_time: *dispatch_time, retry_interval: None },
                    last_heartbeat: LastHeartbeat {
                        details: P::none(),
                        recorded_time: None,
                        total_count: N::literal(0),
                    },
                    last_attempt: LastAttempt {
                        started_time: None,
                        complete_time: None,
                        failure: P::none(),
                        worker_identity: P::none(),
                    },
                })
            }
            Event::Started { .. }
            | Event::HeartbeatRecorded { .. }
            | Event::Rescheduled { .. }
            | Event::CancelRequested(_)
            | Event::Closed { .. } => Err(CannotFollow::NotScheduled),
        }
    }

    /// Folds one event.
    ///
    /// # Panics
    /// If `event` cannot follow: it was decided by another execution, or the store is corrupt.
    /// What is read from a store goes through [`try_apply`](Self::try_apply).
    #[inline]
    pub fn apply(&mut self, event: &Event<N, P>) {
        if let Err(reason) = self.try_apply(event) {
            panic!("{event:?} cannot follow {:?}: {reason}", self.state);
        }
    }

    /// Folds one event, unless it cannot follow.
    ///
    /// # Errors
    /// Why the event cannot follow; the execution stays as it is.
    pub fn try_apply(&mut self, event: &Event<N, P>) -> Result<(), CannotFollow> {
        match (event, &mut self.state) {
            (
                Event::Started { started_time, request_id, identity },
                Scheduled { dispatch_time, .. },
            ) => {
                self.state = Started {
                    request_id: *request_id,
                    dispatch_time: *dispatch_time,
                    started_time: *started_time,
                    last_alive_time: *started_time,
                    intent: Intent::None,
                };
                self.last_attempt.started_time = None;
                self.last_attempt.worker_identity = identity.clone();
            }
            (
                Event::HeartbeatRecorded { recorded_time, details },
                Started { last_alive_time, .. },
            ) => {
                *last_alive_time = *recorded_time;
                self.last_heartbeat.record(*recorded_time, details);
            }
            (
                //= models/spec.md#S31
                //# At most one attempt is ever asked to stop, since none follows; its heartbeats
                //# all say so.
                Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by },
                Started { started_time, intent: Intent::None, .. },
            ) => {
                if let RescheduledBy::Failure { heartbeat_details: Some(details) } = rescheduled_by
                {
                    self.last_heartbeat.record(*complete_time, details);
                }
                //= models/spec.md#S1
                //# Attempts are numbered from one without a gap, and only the newest is current.
                self.attempt = self.attempt.next();
                self.last_attempt.started_time = Some(*started_time);
                self.last_attempt.complete_time = Some(*complete_time);
                self.last_attempt.failure = failure.clone();
                //= models/spec.md#S5
                //# A retried attempt is dispatched one backoff after the attempt before it ended.
                //= models/spec.md#W12 type=implication
                //# Details that the service has survive to the next attempt.
                self.state = Scheduled {
                    dispatch_time: *complete_time + *retry_interval,
                    retry_interval: Some(*retry_interval),
                };
            }
            //= models/spec.md#S15 type=implication
            //# Cancellation tells a worker that its work is no longer needed, and takes nothing out
            //# of its hands.
            //= models/spec.md#S16 type=implication
            //# Cancellation moves no deadline.
            (Event::CancelRequested(request), Started { intent: intent @ Intent::None, .. }) => {
                *intent = Intent::Cancel(request.clone());
            }
            (
                Event::Closed { close_time, outcome, closed_by },
                Scheduled { .. } | Started { .. },
            ) => self.close(*close_time, outcome, closed_by),
            //= models/spec.md#X1
            //# An execution has exactly one outcome, and it is final.
            (event, state) => return Err(CannotFollow::after(event, state)),
        }
        Ok(())
    }

    fn close(&mut self, close_time: Timestamp<N>, outcome: &Outcome<P>, closed_by: &ClosedBy<P>) {
        let mut cancel_request = self.cancel_request().cloned();
        let mut terminate_request_id = None;
        self.last_attempt.started_time = self.last_started_time();
        match closed_by {
            ClosedBy::Completion { identity } => {
                if let Scheduled { .. } = self.state {
                    self.last_attempt.started_time = Some(close_time);
                }
                self.last_attempt.complete_time = Some(close_time);
                self.last_attempt.worker_identity = identity.clone();
            }
            ClosedBy::Failure { identity, heartbeat_details } => {
                if let Some(details) = heartbeat_details {
                    self.last_heartbeat.record(close_time, details);
                }
                if let Outcome::Failed { failure, .. } = outcome {
                    self.last_attempt.failure = failure.clone();
                }
                self.last_attempt.complete_time = Some(close_time);
                self.last_attempt.worker_identity = identity.clone();
            }
            ClosedBy::AttemptTimeout { failure } => {
                self.last_attempt.complete_time = Some(close_time);
                self.last_attempt.failure = failure.clone();
            }
            ClosedBy::ScheduleTimeout | ClosedBy::CancelAnswer => {}
            ClosedBy::CancelRequest(request) => cancel_request = Some(request.clone()),
            ClosedBy::Termination { request_id } => terminate_request_id = Some(*request_id),
        }
        self.state =
            Closed { outcome: outcome.clone(), close_time, cancel_request, terminate_request_id };
    }
}

impl<N: Number, P: Opaque> LastHeartbeat<N, P> {
    fn record(&mut self, recorded_time: Timestamp<N>, details: &P) {
        self.details = details.clone();
        self.recorded_time = Some(recorded_time);
        self.total_count = self.total_count + N::literal(1);
    }
}
