//! The executable specification of an Activity Execution: one flat state and how it steps.
//!
//! One flat state: transitions arm and disarm deadlines, time passes by `Tick` alone, anybody may
//! call anything at any moment, and a deadline may take effect late.
//! Knows no clock, no queue, no store and no core.

mod calls;
mod dialect;
mod observation;

use activity_execution::Payload;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, CancelRequest, Deadlines, ExecutionOptions, Number, Opaque, Outcome,
    Phase, Rejection, Reply, RequestId, RetryState, Retryability, Span, TimeoutReason, TimeoutType,
    Timestamp,
};

/// An Activity Execution: the whole chain of attempts to run one activity.
///
/// ```text
///                RecordActivityTaskStarted
///   Scheduled ────────────────────────────────► Started
///    │     ▲                                    │     │
///    │     └──────────── retry ─────────────────┘     │ a report or a timeout without retry,
///    │       of a failure, of a start-to-close        │ schedule-to-close, terminate
///    │       or of a heartbeat timeout                ▼
///    └─────────────────────────────────────────────► Closed
///      cancel, terminate, completion by id, schedule-to-start, schedule-to-close
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Specification<N = i64, P = Payload> {
    /// The present; only a `Tick` moves it.
    pub now: Timestamp<N>,
    /// When the execution was created.
    pub schedule_time: Timestamp<N>,
    /// The request that created it.
    pub start_request_id: RequestId,
    /// The current attempt, or the last one; its number is what a task token proves.
    pub attempt: Attempt<N>,
    /// Whether the execution waits for a worker, is held by one, or is over.
    pub phase: Phase<N, P>,
    /// The deadlines that are running; what is not armed cannot elapse.
    pub armed: Deadlines<N>,
    /// When an attempt last started.
    pub last_started_time: Option<Timestamp<N>>,
    /// When an attempt was last completed, failed or timed out.
    pub last_attempt_complete_time: Option<Timestamp<N>>,
    /// When heartbeat details were last recorded, over all attempts.
    pub last_heartbeat_time: Option<Timestamp<N>>,
    /// The newest details that any attempt recorded.
    pub heartbeat_details: P,
    /// How often details were recorded, over all attempts.
    pub total_heartbeat_count: N,
    /// The failure of the last attempt that failed or timed out.
    pub last_failure: P,
    /// The last worker that took the task, or the reporter that completed or failed the execution.
    pub last_worker_identity: P,
    /// The cancel request that was accepted; there is never a second one.
    pub cancel_request: Option<CancelRequest<P>>,
    /// The request that terminated the execution.
    pub terminate_request_id: Option<RequestId>,
}

impl<N: Number, P: Opaque> Specification<N, P> {
    /// A new execution: its first attempt waits for the start delay, then for a worker.
    #[must_use]
    pub fn new(terms: &ExecutionOptions<N>, now: Timestamp<N>, request_id: RequestId) -> Self {
        let dispatch_time = now + terms.start_delay;
        let deadline = |timeout| dispatch_time + timeout;
        Specification {
            now,
            schedule_time: now,
            start_request_id: request_id,
            attempt: Attempt::first(),
            phase: Phase::Scheduled { dispatch_time, retry_interval: None },
            armed: Deadlines {
                schedule_to_start: terms.schedule_to_start_timeout.map(deadline),
                //= models/spec.md#S4
                //# The schedule-to-close deadline bounds the whole chain and is never moved.
                schedule_to_close: terms.schedule_to_close_timeout.map(deadline),
                start_to_close: None,
                heartbeat: None,
            },
            last_started_time: None,
            last_attempt_complete_time: None,
            last_heartbeat_time: None,
            heartbeat_details: P::none(),
            total_heartbeat_count: N::literal(0),
            last_failure: P::none(),
            last_worker_identity: P::none(),
            cancel_request: None,
            terminate_request_id: None,
        }
    }

    /// Does what `action` does, and says how it is answered; a refused action changes nothing.
    ///
    /// `terms` are the same normal ones at every step, a tick is more than nothing, no backoff is
    /// negative, and what is said of a retry is known to the dialect.
    ///
    /// # Errors
    /// The reason why the action is refused.
    //= models/spec.md#S11 type=implication
    //# The service does not notice that a task is lost: nothing but a call or a deadline changes an
    //# execution.
    pub fn step(&mut self, terms: &ExecutionOptions<N>, action: &Action<N, P>) -> Reply<N, P> {
        match action {
            Action::Tick { elapsed } => {
                self.now = self.now + *elapsed;
                Ok(Answer::Done)
            }
            Action::Call(request) => self.call(terms, request),
            Action::Elapses { timeout_type, backoff } => {
                self.elapses(terms, *timeout_type, *backoff)
            }
        }
    }

    /// A deadline takes effect, at its instant or later, if no other is to be settled before it.
    fn elapses(
        &mut self,
        terms: &ExecutionOptions<N>,
        timeout_type: TimeoutType,
        backoff: Span<N>,
    ) -> Reply<N, P> {
        let deadline = self.armed.of(timeout_type);
        let is_due = deadline.is_some_and(|deadline| deadline <= self.now);
        if !is_due || self.first_timeout(terms) != Some(timeout_type) {
            return Err(Rejection::NotDue);
        }
        match timeout_type {
            TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => {
                self.execution_times_out(terms, timeout_type);
            }
            TimeoutType::StartToClose | TimeoutType::Heartbeat => {
                self.attempt_times_out(terms, timeout_type, backoff);
            }
        }
        Ok(Answer::Done)
    }

    /// The earliest armed deadline is settled first; at one instant, the one that was armed first,
    /// or whichever the dialect puts first.
    fn first_timeout(&self, terms: &ExecutionOptions<N>) -> Option<TimeoutType> {
        dialect::order_at_one_instant(terms.dialect, self.order_of_arming())
            .into_iter()
            .filter_map(|timeout_type| Some((timeout_type, self.armed.of(timeout_type)?)))
            .reduce(|first, next| if next.1 < first.1 { next } else { first })
            .map(|(timeout_type, _)| timeout_type)
    }

    /// A new execution arms schedule-to-start and then schedule-to-close; a retry arms
    /// schedule-to-start anew; a start arms start-to-close and then heartbeat.
    fn order_of_arming(&self) -> [TimeoutType; 4] {
        use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
        match self.phase {
            Phase::Scheduled { retry_interval: None, .. } => {
                [ScheduleToStart, ScheduleToClose, StartToClose, Heartbeat]
            }
            Phase::Scheduled { .. } | Phase::Started { .. } | Phase::Closed { .. } => {
                [ScheduleToClose, ScheduleToStart, StartToClose, Heartbeat]
            }
        }
    }

    /// No worker came in time, or the whole chain took too long.
    //= models/spec.md#S13
    //# A schedule-to-start or schedule-to-close timeout is never retried.
    fn execution_times_out(&mut self, terms: &ExecutionOptions<N>, timeout_type: TimeoutType) {
        let retry_state = match self.cancel_request {
            Some(_) => RetryState::CancelRequested,
            None => RetryState::Timeout,
        };
        let reason = dialect::reason_of_schedule_timeout(terms.dialect, timeout_type, retry_state);
        let failure = self.timeout_failure(timeout_type, reason);
        self.close(Outcome::TimedOut { timeout_type, failure, retry_state });
    }

    /// The attempt took too long or fell silent: whoever holds its task has lost it.
    //= models/spec.md#S13
    //# An attempt that ran into a timeout is retried as the policy allows.
    fn attempt_times_out(
        &mut self,
        terms: &ExecutionOptions<N>,
        timeout_type: TimeoutType,
        backoff: Span<N>,
    ) {
        let retry = match terms.retries(timeout_type) {
            true => Retryability::After(backoff),
            false => Retryability::NonRetryable,
        };
        let retry_state = match self.next_attempt(terms, retry) {
            Err(retry_state) => retry_state,
            Ok(backoff) => {
                let reason = TimeoutReason::Elapsed;
                let failure = P::timeout_failure(timeout_type, reason, P::none(), P::none());
                return self.retry(terms, backoff, failure);
            }
        };
        let of_attempt = self.timeout_failure(timeout_type, TimeoutReason::Elapsed);
        let (timeout_type, failure) = match retry_state {
            RetryState::Timeout => {
                let reason = TimeoutReason::NotEnoughTime;
                let reported = TimeoutType::ScheduleToClose;
                (reported, self.timeout_failure(reported, reason))
            }
            RetryState::CancelRequested
            | RetryState::NonRetryableFailure
            | RetryState::MaximumAttemptsReached => (timeout_type, of_attempt.clone()),
        };
        self.last_attempt_complete_time = Some(self.now);
        self.last_failure = of_attempt;
        self.close(Outcome::TimedOut { timeout_type, failure, retry_state });
    }

    /// A timeout failure that closes carries the newest details, and the last failure as its cause.
    fn timeout_failure(&self, timeout_type: TimeoutType, reason: TimeoutReason) -> P {
        let details = self.heartbeat_details.clone();
        let cause = self.last_failure.clone();
        P::timeout_failure(timeout_type, reason, details, cause)
    }

    /// The retry decision, the only one: the backoff of the attempt that follows, or why none does.
    fn next_attempt(
        &self,
        terms: &ExecutionOptions<N>,
        retry: Retryability<N>,
    ) -> Result<Span<N>, RetryState> {
        //= models/spec.md#S27
        //# A failure or timeout after a cancel request is not retried.
        //= models/spec.md#S31
        //# At most one attempt is ever asked to stop, since none follows; its heartbeats all say
        //# so.
        if self.cancel_request.is_some() {
            return Err(RetryState::CancelRequested);
        }
        if dialect::reports_a_timeout(&retry) {
            return Err(RetryState::Timeout);
        }
        if matches!(retry, Retryability::NonRetryable) {
            return Err(RetryState::NonRetryableFailure);
        }
        //= models/spec.md#S14
        //# With maximum attempts of one, an attempt that times out is not retried.
        let maximum = terms.maximum_attempts;
        if maximum.is_some_and(|maximum| self.attempt >= maximum) {
            return Err(RetryState::MaximumAttemptsReached);
        }
        let Some(backoff) = dialect::interval(retry) else {
            return Err(RetryState::Timeout);
        };
        let is_in_time = self.armed.schedule_to_close.is_none_or(|deadline| {
            dialect::is_in_time(terms.dialect, self.now + backoff, deadline)
        });
        if !is_in_time {
            return Err(RetryState::Timeout);
        }
        Ok(backoff)
    }

    /// Another attempt waits for its backoff, then for a worker.
    fn retry(&mut self, terms: &ExecutionOptions<N>, backoff: Span<N>, failure: P) {
        //= models/spec.md#S5
        //# A retried attempt is dispatched one backoff after the attempt before it ended.
        let dispatch_time = self.now + backoff;
        self.phase = Phase::Scheduled { dispatch_time, retry_interval: Some(backoff) };
        //= models/spec.md#S1
        //# Attempts are numbered from one without a gap, and only the newest is current.
        self.attempt = self.attempt.next();
        let schedule_to_start = terms.schedule_to_start_timeout;
        self.armed.schedule_to_start = schedule_to_start.map(|timeout| dispatch_time + timeout);
        self.armed.start_to_close = None;
        self.armed.heartbeat = None;
        //= models/spec.md#W12 type=implication
        //# Details that the service has survive to the next attempt.
        self.last_attempt_complete_time = Some(self.now);
        self.last_failure = failure;
    }

    /// The execution is over: nothing is armed any more, and no call will change anything.
    //= models/spec.md#S7 type=implication
    //# What follows from an outcome is decided by the caller: the execution itself does nothing
    //# further.
    fn close(&mut self, outcome: Outcome<P>) {
        self.phase = Phase::Closed { outcome, close_time: self.now };
        self.armed = Deadlines {
            schedule_to_start: None,
            schedule_to_close: None,
            start_to_close: None,
            heartbeat: None,
        };
    }
}
