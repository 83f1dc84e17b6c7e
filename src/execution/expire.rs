//! Deadlines, derived from the state, and what they cause when they pass.
//! Nothing here is stored; nothing here wakes anybody.

use super::retry::AttemptFailure;
use super::{ActivityExecution, ClosedBy, Event, State};
use crate::vocabulary::{
    Deadlines, ExecutionOptions, Number, Opaque, Outcome, RetryState, Retryability, Span,
    TimeoutType, Timestamp,
};

/// An instant at which time alone changes an execution.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Deadline<N = i64> {
    /// The timeout that elapses.
    pub timeout_type: TimeoutType,
    /// When.
    pub time: Timestamp<N>,
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// What time alone has caused by `now`: the first deadline that is due takes effect.
    ///
    /// To settle time, apply and call again until it is `None`; early or repeated calls are
    /// harmless. `backoff` is how long the attempt after the current one would wait.
    #[must_use]
    pub fn expire(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        backoff: Span<N>,
    ) -> Option<(TimeoutType, Event<N, P>)> {
        let Deadline { timeout_type, time } = self.deadline(terms)?;
        if now < time {
            return None;
        }
        let event = match timeout_type {
            //= models/spec.md#S13
            //# A schedule-to-start or schedule-to-close timeout is never retried.
            TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => {
                self.schedule_timeout(terms, now, timeout_type)
            }
            TimeoutType::StartToClose | TimeoutType::Heartbeat => {
                //= models/spec.md#S13
                //# An attempt that ran into a timeout is retried as the policy allows.
                let retry = match terms.retries(timeout_type) {
                    true => Retryability::After(backoff),
                    false => Retryability::NonRetryable,
                };
                self.retry_or_close(terms, now, retry, AttemptFailure::Timeout(timeout_type))
            }
        };
        Some((timeout_type, event))
    }

    /// When [`expire`](Self::expire) will next say something, and which timeout it will be.
    pub fn deadline(&self, terms: &ExecutionOptions<N>) -> Option<Deadline<N>> {
        let deadlines = self.deadlines(terms);
        let mut first: Option<Deadline<N>> = None;
        for &timeout_type in terms.dialect.order_of_deadlines(&self.state) {
            if let Some(time) = deadlines.of(timeout_type)
                && first.is_none_or(|first| time < first.time)
            {
                first = Some(Deadline { timeout_type, time });
            }
        }
        first
    }

    pub(super) fn deadlines(&self, terms: &ExecutionOptions<N>) -> Deadlines<N> {
        match &self.state {
            State::Scheduled { dispatch_time, .. } => Deadlines {
                schedule_to_start: terms.schedule_to_start_timeout.map(|t| *dispatch_time + t),
                schedule_to_close: self.expiration_time(terms),
                start_to_close: None,
                heartbeat: None,
            },
            State::Started { started_time, last_alive_time, .. } => Deadlines {
                schedule_to_start: None,
                schedule_to_close: self.expiration_time(terms),
                //= models/spec.md#S12
                //# Start-to-close runs from the start that the service recorded.
                //= models/spec.md#S8
                //# An attempt that a worker has started is reported, or ended from outside, or
                //# times out.
                start_to_close: Some(*started_time + terms.start_to_close_timeout),
                heartbeat: terms.heartbeat_timeout.map(|t| *last_alive_time + t),
            },
            //= models/spec.md#S7 type=implication
            //# What follows from an outcome is decided by the caller: the execution itself does
            //# nothing further.
            State::Closed { .. } => Deadlines {
                schedule_to_start: None,
                schedule_to_close: None,
                start_to_close: None,
                heartbeat: None,
            },
        }
    }

    /// The schedule-to-close deadline; a close does not change what it was.
    //= models/spec.md#S4 type=implication
    //# The schedule-to-close deadline bounds the whole chain and is never moved.
    pub(super) fn expiration_time(&self, terms: &ExecutionOptions<N>) -> Option<Timestamp<N>> {
        let first_dispatch_time = self.schedule_time + terms.start_delay;
        terms.schedule_to_close_timeout.map(|timeout| first_dispatch_time + timeout)
    }

    fn schedule_timeout(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        timeout_type: TimeoutType,
    ) -> Event<N, P> {
        let retry_state = match self.cancel_request() {
            Some(_) => RetryState::CancelRequested,
            None => RetryState::Timeout,
        };
        let reason = terms.dialect.reason_of_schedule_timeout(timeout_type, retry_state);
        Event::Closed {
            close_time: now,
            outcome: Outcome::TimedOut {
                timeout_type,
                failure: self.timeout_failure(timeout_type, reason),
                retry_state,
            },
            closed_by: ClosedBy::ScheduleTimeout,
        }
    }
}
