//! The one retry decision, for reported failures and attempt timeouts alike.
//! Does not know how a backoff is computed.

use super::{ActivityExecution, ClosedBy, Event, RescheduledBy};
use crate::vocabulary::{
    ExecutionOptions, Number, Opaque, Outcome, RetryState, Retryability, Span, TimeoutReason,
    TimeoutType, Timestamp,
};

/// How an attempt failed.
pub(super) enum AttemptFailure<P> {
    /// Somebody reported it.
    Reported { failure: P, heartbeat_details: Option<P>, identity: P },
    /// Its start-to-close or heartbeat timeout elapsed.
    Timeout(TimeoutType),
}

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// What becomes of the execution, whose current attempt failed at `now`.
    pub(super) fn retry_or_close(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        retry: Retryability<N>,
        attempt_failure: AttemptFailure<P>,
    ) -> Event<N, P> {
        let backoff = match self.backoff(terms, now, retry) {
            Ok(backoff) => backoff,
            Err(retry_state) => {
                let (outcome, closed_by) = self.last_failure(terms, attempt_failure, retry_state);
                return Event::Closed { close_time: now, outcome, closed_by };
            }
        };
        let (failure, rescheduled_by) = match attempt_failure {
            AttemptFailure::Reported { failure, heartbeat_details, .. } => {
                (failure, RescheduledBy::Failure { heartbeat_details })
            }
            // What is retried is kept without details and cause, so that no chain grows.
            AttemptFailure::Timeout(timeout_type) => {
                let reason = TimeoutReason::Elapsed;
                let failure = P::timeout_failure(timeout_type, reason, P::none(), P::none());
                (failure, RescheduledBy::AttemptTimeout)
            }
        };
        Event::Rescheduled { complete_time: now, retry_interval: backoff, failure, rescheduled_by }
    }

    /// How long the next attempt waits, or why none follows.
    fn backoff(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        retry: Retryability<N>,
    ) -> Result<Span<N>, RetryState> {
        //= models/spec.md#S27
        //# A failure or timeout after a cancel request is not retried.
        if self.cancel_request().is_some() {
            return Err(RetryState::CancelRequested);
        }
        let backoff = match retry {
            Retryability::After(backoff) => Some(backoff),
            Retryability::NoInterval => None,
            Retryability::NonRetryable => return Err(RetryState::NonRetryableFailure),
            Retryability::TimedOut => return Err(RetryState::Timeout),
        };
        //= models/spec.md#S14
        //# With maximum attempts of one, an attempt that times out is not retried.
        if terms.maximum_attempts.is_some_and(|maximum| self.attempt >= maximum) {
            return Err(RetryState::MaximumAttemptsReached);
        }
        let deadline = self.expiration_time(terms);
        let in_time = |backoff: &Span<N>| {
            deadline.is_none_or(|deadline| terms.dialect.is_in_time(now + *backoff, deadline))
        };
        backoff.filter(in_time).ok_or(RetryState::Timeout)
    }

    /// How an attempt that no other follows closes the execution.
    fn last_failure(
        &self,
        terms: &ExecutionOptions<N>,
        attempt_failure: AttemptFailure<P>,
        retry_state: RetryState,
    ) -> (Outcome<P>, ClosedBy<P>) {
        match attempt_failure {
            AttemptFailure::Reported { failure, heartbeat_details, identity, .. } => {
                let failure = terms.dialect.closing_failure(failure);
                let closed_by = ClosedBy::Failure { identity, heartbeat_details };
                //= models/spec.md#S6
                //# A failure that closes is shown with the reason why no retry followed.
                (Outcome::Failed { failure, retry_state }, closed_by)
            }
            AttemptFailure::Timeout(timeout_type) => {
                let failure = self.timeout_failure(timeout_type, TimeoutReason::Elapsed);
                let outcome = match retry_state {
                    RetryState::CancelRequested
                    | RetryState::NonRetryableFailure
                    | RetryState::MaximumAttemptsReached => {
                        let failure = failure.clone();
                        Outcome::TimedOut { timeout_type, failure, retry_state }
                    }
                    // The schedule-to-close timeout is brought forward.
                    RetryState::Timeout => {
                        let timeout_type = TimeoutType::ScheduleToClose;
                        let reason = TimeoutReason::NotEnoughTime;
                        let failure = self.timeout_failure(timeout_type, reason);
                        Outcome::TimedOut { timeout_type, failure, retry_state }
                    }
                };
                (outcome, ClosedBy::AttemptTimeout { failure })
            }
        }
    }

    /// The failure of a timeout that closes: with the heartbeat details and the failure before it.
    pub(super) fn timeout_failure(&self, timeout_type: TimeoutType, reason: TimeoutReason) -> P {
        let details = self.last_heartbeat.details.clone();
        P::timeout_failure(timeout_type, reason, details, self.last_attempt.failure.clone())
    }
}
