//! An execution that is played on the specification, step by step, with instants in microseconds:
//! what is recorded at its instants, and hidden attempts at instants that zones found to be possible.
//! Searches nothing.

use crate::zones::Retried;
use activity_execution::Payload;
use activity_execution::options::ActivityOptions;
use activity_execution::vocabulary::{
    Action, Attempt, ExecutionOptions, Outcome, Phase, Request, RequestId, Retryability, Span,
    Target, TaskToken, TimeoutType, Timestamp,
};
use activity_models::specification::Specification;

/// How a hidden attempt ended; each was retried.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Way {
    /// Its worker reported a failure.
    Failed,
    /// It ran longer than start-to-close allows.
    StartToClose,
    /// It fell silent for the heartbeat timeout.
    Heartbeat,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 3] = [Way::Failed, Way::StartToClose, Way::Heartbeat];

    /// In the words of an outcome.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Way::Failed => "Failed",
            Way::StartToClose => "TimedOut (StartToClose)",
            Way::Heartbeat => "TimedOut (Heartbeat)",
        }
    }

    pub(super) fn retried(self) -> Retried {
        match self {
            Way::Failed => Retried::Failure,
            Way::StartToClose => Retried::Timeout(TimeoutType::StartToClose),
            Way::Heartbeat => Retried::Timeout(TimeoutType::Heartbeat),
        }
    }

    pub(super) fn of(timeout_type: TimeoutType) -> Option<Way> {
        match timeout_type {
            TimeoutType::StartToClose => Some(Way::StartToClose),
            TimeoutType::Heartbeat => Some(Way::Heartbeat),
            TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => None,
        }
    }
}

/// Something that happens in a story, at an instant in microseconds after the scheduling.
#[derive(Clone, Debug)]
pub struct Step {
    /// The instant.
    pub at: i64,
    /// What.
    pub action: Action<i64, Payload>,
}

/// An execution that is played, counted in microseconds since it was scheduled.
#[derive(Clone, Debug)]
pub(super) struct Play<'a> {
    pub(super) options: &'a ActivityOptions,
    terms: ExecutionOptions<i64>,
    spec: Specification<i64, Payload>,
    // What was done, where it is asked for.
    steps: Option<Vec<Step>>,
}

impl<'a> Play<'a> {
    pub(super) fn new(options: &'a ActivityOptions) -> Self {
        let terms = in_microseconds(&options.terms());
        let spec = Specification::new(&terms, Timestamp(0), RequestId(0));
        Play { options, terms, spec, steps: None }
    }

    /// The same, which keeps what is done.
    pub(super) fn told(options: &'a ActivityOptions) -> Self {
        Play::new(options).telling()
    }

    /// The same, which keeps what is done from here on.
    pub(super) fn telling(self) -> Self {
        Play { steps: Some(Vec::new()), ..self }
    }

    /// An execution of which an attempt waits since an instant, and can be dispatched from another
    /// on: whatever went before.
    pub(super) fn waiting(
        options: &'a ActivityOptions,
        attempt: i64,
        (since, dispatch): (i64, i64),
    ) -> Self {
        let mut play = Play::new(options);
        if attempt > 1 {
            let dispatch_time = Timestamp(dispatch);
            let retry_interval = Some(Span(dispatch - since));
            play.spec.now = Timestamp(since);
            play.spec.attempt = Attempt(attempt);
            play.spec.phase = Phase::Scheduled { dispatch_time, retry_interval };
            let queue = play.terms.schedule_to_start_timeout;
            play.spec.armed.schedule_to_start = queue.map(|queue| dispatch_time + queue);
        }
        play
    }

    /// What was done since it was asked for last.
    pub(super) fn take_steps(&mut self) -> Vec<Step> {
        self.steps.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(super) fn now(&self) -> i64 {
        self.spec.now.0
    }

    pub(super) fn attempt(&self) -> i64 {
        self.spec.attempt.0
    }

    pub(super) fn outcome(&self) -> Option<&Outcome<Payload>> {
        match &self.spec.phase {
            Phase::Closed { outcome, .. } => Some(outcome),
            Phase::Scheduled { .. } | Phase::Started { .. } => None,
        }
    }

    pub(super) fn is_started(&self) -> bool {
        matches!(self.spec.phase, Phase::Started { .. })
    }

    /// When the attempt that waits can start.
    pub(super) fn ready(&self) -> i64 {
        match self.spec.phase {
            Phase::Scheduled { dispatch_time, .. } => dispatch_time.0.max(self.now()),
            Phase::Started { .. } | Phase::Closed { .. } => self.now(),
        }
    }

    pub(super) fn deadline(&self, timeout_type: TimeoutType) -> Option<i64> {
        self.spec.armed.of(timeout_type).map(|deadline| deadline.0)
    }

    /// Lets time go by until an instant, if it is still to come.
    pub(super) fn until(&mut self, instant: i64) {
        let elapsed = instant - self.now();
        if elapsed > 0 {
            self.step(Action::Tick { elapsed: Span(elapsed) });
        }
    }

    /// Whether the specification does this.
    fn step(&mut self, action: Action<i64, Payload>) -> bool {
        let done = self.spec.step(&self.terms, &action).is_ok();
        if done && let Some(steps) = &mut self.steps {
            steps.push(Step { at: self.spec.now.0, action });
        }
        done
    }

    /// Lets the attempt that waits start now, even though its backoff is not over.
    pub(super) fn forget_backoff(&mut self) {
        if let Phase::Scheduled { dispatch_time, .. } = &mut self.spec.phase {
            *dispatch_time = (*dispatch_time).min(self.spec.now);
        }
    }

    pub(super) fn poll(&mut self) -> bool {
        let dispatched = TaskToken(self.spec.attempt);
        let request_id = RequestId(1);
        self.step(Action::Call(Request::RecordActivityTaskStarted {
            request_id,
            dispatched,
            identity: nobody(),
        }))
    }

    pub(super) fn complete(&mut self) -> bool {
        let (target, result, identity) = (Target::ById, nobody(), nobody());
        self.step(Action::Call(Request::RespondActivityTaskCompleted { target, result, identity }))
    }

    pub(super) fn fail(&mut self, failure: Payload, retry: Retryability<i64>) -> bool {
        self.step(Action::Call(Request::RespondActivityTaskFailed {
            target: Target::ById,
            failure,
            retry,
            last_heartbeat_details: None,
            identity: nobody(),
        }))
    }

    pub(super) fn cancel(&mut self) -> bool {
        let (request_id, identity, reason) = (RequestId(2), nobody(), nobody());
        self.step(Action::Call(Request::RequestCancelActivityExecution {
            request_id,
            identity,
            reason,
        }))
    }

    pub(super) fn respond_canceled(&mut self) -> bool {
        let (target, details) = (Target::ById, nobody());
        self.step(Action::Call(Request::RespondActivityTaskCanceled { target, details }))
    }

    pub(super) fn heartbeat(&mut self) -> bool {
        let (target, details) = (Target::ById, nobody());
        self.step(Action::Call(Request::RecordActivityTaskHeartbeat { target, details }))
    }

    /// A deadline takes effect, if it is due and no other goes before it.
    ///
    /// What a worker's heartbeats decide is chosen so that it does: the last came just before the
    /// deadline, or there was none.
    pub(super) fn elapse(&mut self, timeout_type: TimeoutType, at: i64) -> bool {
        let Some(deadline) = self.deadline(timeout_type) else {
            return false;
        };
        if timeout_type != TimeoutType::Heartbeat && self.terms.heartbeat_timeout.is_some() {
            // Heartbeats up to there, often enough, are as good as the last of them.
            self.until(deadline.min(at));
            if self.is_started() {
                self.heartbeat();
            }
        }
        self.until(at);
        let backoff = Span(self.backoff());
        self.step(Action::Elapses { timeout_type, backoff })
    }

    /// How long the attempt after this one waits by the policy.
    pub(super) fn backoff(&self) -> i64 {
        self.options.backoff(Attempt(self.attempt())).0.saturating_mul(MICROSECONDS)
    }

    /// What the machines need to know of a failure that is recorded.
    pub(super) fn retry(&self, failure: &Payload, delay: Option<i64>) -> Retryability<i64> {
        // The options count in milliseconds; what they say of the failure does not depend on it.
        let milliseconds = delay.map(|delay| {
            let cut = delay / NANOSECONDS;
            Span(if cut == 0 { delay.signum() } else { cut })
        });
        let attempt = Attempt(self.attempt());
        match self.options.retry(attempt, failure, milliseconds) {
            Retryability::After(Span(wait)) => Retryability::After(Span(match delay {
                Some(delay) if delay != 0 && delay.abs() / NANOSECONDS < wait.abs() + 2 => {
                    delay / (NANOSECONDS / MICROSECONDS)
                }
                _ => wait.saturating_mul(MICROSECONDS),
            })),
            Retryability::NonRetryable => Retryability::NonRetryable,
            Retryability::TimedOut => Retryability::TimedOut,
            Retryability::NoInterval => Retryability::NoInterval,
        }
    }

    /// Plays the attempt that waits until it has ended in this way; says whether it was retried.
    ///
    /// It starts and ends at these instants, or as soon after them as can be.
    pub(super) fn attempt_ends(&mut self, how: &Hiding) -> bool {
        let (start, end) = how.at;
        if how.is_early {
            self.forget_backoff();
        }
        self.until(self.ready().max(start));
        if !self.poll() {
            return false;
        }
        let ended = match how.way.retried() {
            Retried::Failure => {
                self.until(end);
                self.fail(how.failure.clone(), how.retry)
            }
            Retried::Timeout(timeout_type) => match self.deadline(timeout_type) {
                Some(deadline) => self.elapse(timeout_type, deadline.max(end)),
                None => false,
            },
        };
        ended && matches!(self.spec.phase, Phase::Scheduled { .. })
    }
}

/// How a hidden attempt is played.
#[derive(Clone, Debug)]
pub(super) struct Hiding {
    pub(super) way: Way,
    /// When it starts and ends.
    pub(super) at: (i64, i64),
    /// What its worker reports, if it fails.
    pub(super) failure: Payload,
    /// What that says of a retry.
    pub(super) retry: Retryability<i64>,
    /// Whether its start need not wait for its backoff.
    pub(super) is_early: bool,
}

/// Who calls, and what they give: nothing that is recorded.
fn nobody() -> Payload {
    Payload::default()
}

/// The same options, counted in microseconds.
#[must_use]
pub fn in_microseconds(terms: &ExecutionOptions<i64>) -> ExecutionOptions<i64> {
    let finer = |Span(span): Span<i64>| Span(span.saturating_mul(MICROSECONDS));
    ExecutionOptions {
        schedule_to_close_timeout: terms.schedule_to_close_timeout.map(finer),
        schedule_to_start_timeout: terms.schedule_to_start_timeout.map(finer),
        start_to_close_timeout: finer(terms.start_to_close_timeout),
        heartbeat_timeout: terms.heartbeat_timeout.map(finer),
        start_delay: finer(terms.start_delay),
        ..*terms
    }
}

/// In a millisecond.
pub(super) const MICROSECONDS: i64 = 1_000;
/// In a millisecond.
const NANOSECONDS: i64 = 1_000_000;
