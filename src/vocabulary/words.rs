//! Temporal's words for an Activity Execution: timeouts, retry states, outcomes, refusals.
//! Knows nothing of when which of them applies.

use super::number::{Attempt, Number, Span};
use core::fmt::{self, Debug};

/// What the machines carry and never look into: inputs, results, heartbeat details, failures,
/// identities, reasons.
///
/// Production uses [`Payload`](crate::Payload), models a small number, proofs a free term.
pub trait Opaque: Clone + Debug + Eq {
    /// Nothing was given.
    fn none() -> Self;

    /// This failure, or where nothing was given the one that says that details are missing.
    #[must_use]
    fn or_missing_failure(self) -> Self;

    /// What a workflow is told in place of details when it cancels an activity that no worker holds.
    fn activity_id_not_started() -> Self;

    /// The failure of a timeout, with the last heartbeat details and the failure before it.
    fn timeout_failure(
        timeout_type: TimeoutType,
        reason: TimeoutReason,
        last_heartbeat_details: Self,
        cause: Self,
    ) -> Self;
}

/// The payload of whoever is interested in the control flow alone.
impl Opaque for () {
    fn none() {}
    fn or_missing_failure(self) {}
    fn activity_id_not_started() {}
    fn timeout_failure(_: TimeoutType, _: TimeoutReason, (): (), (): ()) {}
}

/// The four timeouts, in the order in which an execution arms them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum TimeoutType {
    /// From the dispatch of an attempt to its start; never retried.
    ScheduleToStart,
    /// From the first dispatch to the close, over all attempts; never retried.
    ScheduleToClose,
    /// From the start of an attempt to its end.
    StartToClose,
    /// Between two signs of life of an attempt.
    Heartbeat,
}

impl TimeoutType {
    /// All four, in the order in which an execution arms them.
    pub const ALL: [TimeoutType; 4] = [
        TimeoutType::ScheduleToStart,
        TimeoutType::ScheduleToClose,
        TimeoutType::StartToClose,
        TimeoutType::Heartbeat,
    ];

    /// Temporal's name of the timeout, `StartToClose` for one.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            TimeoutType::ScheduleToStart => "ScheduleToStart",
            TimeoutType::ScheduleToClose => "ScheduleToClose",
            TimeoutType::StartToClose => "StartToClose",
            TimeoutType::Heartbeat => "Heartbeat",
        }
    }
}

impl TimeoutType {
    /// The word for its taking effect in Temporal's own traces, `StartToCloseElapses` for one.
    #[must_use]
    pub const fn trace_word(self) -> &'static str {
        match self {
            TimeoutType::ScheduleToStart => "ScheduleToStartElapses",
            TimeoutType::ScheduleToClose => "ScheduleToCloseElapses",
            TimeoutType::StartToClose => "StartToCloseElapses",
            TimeoutType::Heartbeat => "HeartbeatElapses",
        }
    }

    /// The timeout whose taking effect this word names in a trace.
    #[must_use]
    pub fn of_trace_word(word: &str) -> Option<Self> {
        TimeoutType::ALL.into_iter().find(|timeout_type| timeout_type.trace_word() == word)
    }
}

impl fmt::Display for TimeoutType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Why an execution or an attempt is reported as timed out.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TimeoutReason {
    /// The deadline passed.
    Elapsed,
    /// The next retry would not begin before the schedule-to-close deadline.
    NotEnoughTime,
}

/// Why no further attempt follows.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum RetryState {
    /// Cancellation was requested.
    CancelRequested,
    /// The failure is of a kind that is not retried.
    NonRetryableFailure,
    /// The policy allows no further attempt.
    MaximumAttemptsReached,
    /// No time is left before the schedule-to-close deadline, or a schedule timeout fired.
    Timeout,
}

impl RetryState {
    /// All of them, in the order in which the retry decision asks.
    pub const ALL: [RetryState; 4] = [
        RetryState::CancelRequested,
        RetryState::NonRetryableFailure,
        RetryState::MaximumAttemptsReached,
        RetryState::Timeout,
    ];

    /// Temporal's name of the state.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            RetryState::CancelRequested => "CancelRequested",
            RetryState::NonRetryableFailure => "NonRetryableFailure",
            RetryState::MaximumAttemptsReached => "MaximumAttemptsReached",
            RetryState::Timeout => "Timeout",
        }
    }
}

impl fmt::Display for RetryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Outcome<P> {
    /// A worker, or a client by id, reported success.
    Completed {
        /// What it returned.
        result: P,
    },
    /// The last attempt failed and no other followed.
    Failed {
        /// The failure of the last attempt.
        failure: P,
        /// Why no other attempt followed.
        retry_state: RetryState,
    },
    /// Cancellation was requested, and answered by the worker or, without one, at once.
    Canceled {
        /// The worker's details, or the reason of the request where no worker held the task.
        details: P,
        /// Who requested it.
        identity: P,
    },
    /// Ended by force.
    Terminated {
        /// Why.
        reason: P,
        /// By whom.
        identity: P,
    },
    /// A deadline ended it.
    TimedOut {
        /// The timeout that is reported.
        timeout_type: TimeoutType,
        /// The timeout failure, with last heartbeat details and cause.
        failure: P,
        /// Why no other attempt followed.
        retry_state: RetryState,
    },
}

/// A request id, given a number by whoever receives it: the machines only compare them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RequestId(pub u32);

/// What a second start with the same activity id and another request id means while the first
/// execution is open.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum IdConflictPolicy {
    /// It is refused.
    Fail,
    /// It names the execution that exists.
    UseExisting,
}

/// Proof of having been given one particular attempt.
///
/// An attempt's number is its generation: it never repeats within an execution.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct TaskToken<N = i64>(pub Attempt<N>);

/// What is known of retrying a reported failure before the machine decides; found out at the door.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Retryability<N = i64> {
    /// It may be retried, after this backoff; negative of the workflow dialect only.
    After(Span<N>),
    /// Its kind rules a retry out.
    NonRetryable,
    /// It is itself a schedule timeout, reported by a worker; of the workflow dialect only.
    TimedOut,
    /// There is no interval to wait, and so no retry; of the workflow dialect only.
    NoInterval,
}

/// Whose rules an execution follows where activities of a workflow and standalone ones differ.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum Dialect {
    /// The standalone activity, the reference.
    #[default]
    Standalone,
    /// The activity of a workflow, which differs in that
    ///
    /// * a retry may be dispatched exactly at the schedule-to-close deadline,
    /// * deadlines at one instant are settled in the order start-to-close, schedule-to-start,
    ///   schedule-to-close, heartbeat,
    /// * schedule-to-close that elapses without a cancel request says that not enough time is left,
    /// * a schedule timeout that a worker reports closes with retry state `Timeout`, before any
    ///   other reason but a cancel request; so does a failure without an interval to wait, after
    ///   every other reason,
    /// * a worker can ask for a negative backoff, which leads to a dispatch time before the failure:
    ///   the retry can be dispatched at once, and schedule-to-start counts from back then,
    /// * a failure report without a failure closes without one,
    /// * canceling an execution that no worker holds gives
    ///   [`activity_id_not_started`](Opaque::activity_id_not_started) in place of the reason,
    /// * completing a closed execution by id is not found.
    Workflow,
}

/// How a worker's call names the attempt it speaks about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Target<N = i64> {
    /// The attempt that this token was given for; any other is out of its reach.
    Token(TaskToken<N>),
    /// The activity id: whichever attempt is current.
    ById,
}

/// A cancel request that was accepted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct CancelRequest<P, R = RequestId> {
    /// Repeating the request under this id has no further effect.
    pub request_id: R,
    /// Who asked.
    pub identity: P,
    /// Why.
    pub reason: P,
}

impl<P, R> CancelRequest<P, R> {
    /// The same request with another kind of request id.
    #[inline]
    pub fn with_request_id<S>(self, other: impl FnOnce(R) -> S) -> CancelRequest<P, S> {
        let CancelRequest { request_id, identity, reason } = self;
        CancelRequest { request_id: other(request_id), identity, reason }
    }
}

/// Why a call is refused; a refused call changes nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize, serde::Serialize))]
pub enum Rejection {
    /// No worker holds the attempt that the call speaks about.
    NotFound,
    /// The task is not to be started: another poll has it, it is not dispatched yet, or it is over.
    ObsoleteTask,
    /// A worker reports cancellation that nobody requested.
    CancelNotRequested,
    /// Cancellation was requested before, under another request id.
    CancelAlreadyRequested,
    /// The execution is closed.
    AlreadyClosed,
    /// An open execution has this activity id, and the id conflict policy is to fail.
    AlreadyStarted,
    /// The deadline is not armed, not reached, or another one is settled first.
    NotDue,
}

impl Rejection {
    /// All of them.
    pub const ALL: [Rejection; 7] = [
        Rejection::NotFound,
        Rejection::ObsoleteTask,
        Rejection::CancelNotRequested,
        Rejection::CancelAlreadyRequested,
        Rejection::AlreadyClosed,
        Rejection::AlreadyStarted,
        Rejection::NotDue,
    ];

    /// Its name, as traces and reports have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Rejection::NotFound => "NotFound",
            Rejection::ObsoleteTask => "ObsoleteTask",
            Rejection::CancelNotRequested => "CancelNotRequested",
            Rejection::CancelAlreadyRequested => "CancelAlreadyRequested",
            Rejection::AlreadyClosed => "AlreadyClosed",
            Rejection::AlreadyStarted => "AlreadyStarted",
            Rejection::NotDue => "NotDue",
        }
    }

    /// The name of the gRPC status code that a server answers with.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Rejection::NotFound => "NotFound",
            Rejection::CancelNotRequested => "InvalidArgument",
            Rejection::AlreadyStarted => "AlreadyExists",
            Rejection::ObsoleteTask
            | Rejection::CancelAlreadyRequested
            | Rejection::AlreadyClosed
            | Rejection::NotDue => "FailedPrecondition",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rejection::NotFound => "no worker holds this attempt",
            Rejection::ObsoleteTask => "this task is not to be started",
            Rejection::CancelNotRequested => "cancellation was not requested",
            Rejection::CancelAlreadyRequested => "cancellation was already requested",
            Rejection::AlreadyClosed => "the execution is closed",
            Rejection::AlreadyStarted => "an execution with this id is already open",
            Rejection::NotDue => "this deadline is not due",
        })
    }
}

impl core::error::Error for Rejection {}

/// The numbers of the effective options: all that the machines need to know of them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ExecutionOptions<N = i64> {
    /// Whose rules it follows.
    pub dialect: Dialect,
    /// How many attempts there may be; `None` is unlimited.
    pub maximum_attempts: Option<Attempt<N>>,
    /// Bounds the whole chain, counted from the first dispatch; `None` is unbounded.
    pub schedule_to_close_timeout: Option<Span<N>>,
    /// Bounds the wait for a worker, counted from each dispatch; `None` is unbounded.
    pub schedule_to_start_timeout: Option<Span<N>>,
    /// Bounds each attempt, counted from its start.
    pub start_to_close_timeout: Span<N>,
    /// Bounds the silence of an attempt; `None` is disabled.
    pub heartbeat_timeout: Option<Span<N>>,
    /// How long after scheduling the first attempt is dispatched.
    pub start_delay: Span<N>,
    /// Whether an attempt that ran into start-to-close may be retried.
    pub retries_start_to_close: bool,
    /// Whether an attempt that ran into its heartbeat timeout may be retried.
    pub retries_heartbeat: bool,
}

impl<N: Number> ExecutionOptions<N> {
    /// Whether normalised options can have these numbers.
    #[must_use]
    pub fn are_normal(&self) -> bool {
        let zero = Span::zero();
        self.maximum_attempts.is_none_or(|maximum| maximum >= Attempt::first())
            && self.start_to_close_timeout > zero
            && self.start_delay >= zero
            && self.schedule_to_start_timeout.is_none_or(|timeout| timeout > zero)
            && self
                .heartbeat_timeout
                .is_none_or(|timeout| timeout > zero && timeout <= self.start_to_close_timeout)
            && self.schedule_to_close_timeout.is_none_or(|total| {
                total > zero
                    && self.start_to_close_timeout <= total
                    && self.schedule_to_start_timeout.is_some_and(|timeout| timeout <= total)
            })
    }

    /// Whether an attempt that ended by this timeout may be retried.
    #[must_use]
    pub fn retries(&self, timeout_type: TimeoutType) -> bool {
        match timeout_type {
            TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => false,
            TimeoutType::StartToClose => self.retries_start_to_close,
            TimeoutType::Heartbeat => self.retries_heartbeat,
        }
    }
}
