//! The words of a worker: what can happen to its task, and what the task then asks for.
//! Knows the alphabet of the [`ActivityTask`](super::ActivityTask); not its grammar.

use super::Cancel;
use crate::Payload;
use crate::vocabulary::{Number, Span, Timestamp};
use core::fmt;

/// What the worker knows about a task beforehand.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct TaskOptions<N = i64> {
    /// As the service sent it; `None` has no local timer.
    pub start_to_close_timeout: Option<Span<N>>,
    /// As the service sent it; `None` has no local timer.
    pub heartbeat_timeout: Option<Span<N>>,
    /// How much later than the service's the local timers are.
    pub local_timeout_buffer: Span<N>,
    /// How far apart heartbeats are sent, from start to start; see
    /// [`HeartbeatThrottle`](super::HeartbeatThrottle).
    pub heartbeat_throttle_interval: Span<N>,
    /// After how long a heartbeat call without an answer is given up.
    pub heartbeat_call_timeout: Span<N>,
}

impl<N: Number> TaskOptions<N> {
    /// Whether a worker can have these numbers.
    #[must_use]
    pub fn are_normal(&self) -> bool {
        let zero = Span::zero();
        self.start_to_close_timeout.is_none_or(|timeout| timeout > zero)
            && self.heartbeat_timeout.is_none_or(|timeout| timeout > zero)
            && self.local_timeout_buffer >= zero
            && self.heartbeat_throttle_interval >= zero
            && self.heartbeat_call_timeout > zero
    }
}

/// What a function came to, and the service is to be told.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ActivityExecutionResult<P = Payload> {
    /// It succeeded.
    Completed {
        /// What it returned.
        result: P,
    },
    /// It failed.
    Failed {
        /// How.
        failure: P,
    },
    /// It gave in to cancellation, or says so.
    Cancelled {
        /// What it has to say about it.
        details: P,
    },
    /// Somebody else will report the result, with the task token or by id.
    WillCompleteAsync,
}

/// What the service said to a heartbeat.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HeartbeatReply {
    /// It is recorded.
    Recorded {
        /// Cancellation was requested.
        cancel_requested: bool,
        /// The activity was paused.
        activity_paused: bool,
        /// The activity was reset.
        activity_reset: bool,
    },
    /// The attempt is gone: timed out, closed, retried, or its caller closed.
    NotFound,
    /// Any other error; whether the heartbeat was recorded is not known.
    Failed,
}

/// What became of the call that reports the result, after all its retries.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ResultReply {
    /// The service took it.
    Accepted,
    /// The attempt is gone, or a lost answer had already accepted the result.
    NotFound,
    /// It was given up; the service's timeout has to find out.
    Lost,
}

/// The alarms that a task sets for itself.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum LocalTimer {
    /// The next heartbeat may be sent.
    HeartbeatThrottle,
    /// The heartbeat call in flight is given up.
    HeartbeatCall,
    /// The service heard nothing for the heartbeat timeout and the buffer.
    Heartbeat,
    /// The attempt has lasted for start-to-close and the buffer.
    StartToClose,
}

impl LocalTimer {
    /// All of them; at one instant they elapse in this order.
    pub const ALL: [LocalTimer; 4] = [
        LocalTimer::HeartbeatThrottle,
        LocalTimer::HeartbeatCall,
        LocalTimer::Heartbeat,
        LocalTimer::StartToClose,
    ];
}

/// Anything that can happen to a task on a worker.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TaskAction<P = Payload> {
    /// A poll brought the task: the function starts.
    Deliver {
        /// The worker is shutting down, and its grace period is over.
        grace_period_elapsed: bool,
    },
    /// The function records a heartbeat.
    Heartbeat {
        /// Replaces the details recorded before.
        details: P,
    },
    /// The function records a heartbeat whose details cannot be converted.
    HeartbeatDetailsConversionFails,
    /// The heartbeat call in flight is answered.
    HeartbeatReply(HeartbeatReply),
    /// An alarm goes off.
    Elapses(LocalTimer),
    /// The service pushes cancellation to the worker, without a heartbeat.
    CancelActivityCommand,
    /// The worker is shutting down, and its grace period is now over.
    GracePeriodElapses,
    /// The function returns.
    Return(ActivityExecutionResult<P>),
    /// The call that reports the result is answered, or given up.
    ResultReply(ResultReply),
}

/// What a task wants done; at most one thing for each that happens.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Effect<P = Payload> {
    /// Call the service with a heartbeat.
    RecordActivityTaskHeartbeat {
        /// The newest there are.
        details: P,
    },
    /// Tell the function.
    Cancel(Cancel),
    /// Call the service with the result, again and again until it answers or is given up.
    Respond(Report<P>),
    /// The task is over: its slot is free.
    ReleaseSlot,
}

/// What the service is told about a result.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Report<P = Payload> {
    /// `RespondActivityTaskCompleted`.
    Completed {
        /// What the function returned.
        result: P,
    },
    /// `RespondActivityTaskFailed`.
    Failed {
        /// The function's failure, or one that stands for it.
        failure: TaskFailure<P>,
        /// The newest details of this attempt, sent or not; `None` if there never were any.
        last_heartbeat_details: Option<P>,
    },
    /// `RespondActivityTaskCanceled`.
    Canceled {
        /// What the function has to say about it.
        details: P,
    },
}

/// What a failed attempt is reported with.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum TaskFailure<P = Payload> {
    /// The function's own failure.
    Function {
        /// Retryable or not as it says itself.
        failure: P,
    },
    /// The function gave in although, as far as the worker knows, nobody requested cancellation;
    /// a retryable application failure.
    CancelNotRequested {
        /// What the function had been told; `None` if it gave in on a whim.
        cancel: Option<Cancel>,
        /// What it has to say about it.
        details: P,
    },
}

impl<P> TaskFailure<P> {
    /// The type of the application failure that stands for the function's; `None` for its own.
    #[must_use]
    pub fn type_name(&self) -> Option<&'static str> {
        match self {
            TaskFailure::Function { .. } => None,
            TaskFailure::CancelNotRequested { cancel, .. } => {
                Some(cancel.map_or("CancelNotRequested", |cancel| cancel.reason.failure_type()))
            }
        }
    }
}

/// Why an input has no place in the state of the task; it changes nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TaskRejection {
    /// The task was delivered before.
    AlreadyDelivered,
    /// The function is not running: not yet, or no more.
    UnknownActivity,
    /// No call waits for this answer.
    NoCallInFlight,
    /// The alarm is not set, or not reached.
    NotDue,
}

impl TaskRejection {
    /// All of them.
    pub const ALL: [TaskRejection; 4] = [
        TaskRejection::AlreadyDelivered,
        TaskRejection::UnknownActivity,
        TaskRejection::NoCallInFlight,
        TaskRejection::NotDue,
    ];
}

impl fmt::Display for TaskRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TaskRejection::AlreadyDelivered => "the task was delivered before",
            TaskRejection::UnknownActivity => "no function runs for this task",
            TaskRejection::NoCallInFlight => "no call waits for this answer",
            TaskRejection::NotDue => "this timer is not due",
        })
    }
}

impl core::error::Error for TaskRejection {}

/// One thing that happened to a task: when, what, and what came of it, refusals included.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct TaskStep<N = i64, P = Payload> {
    /// The instant at which it happened.
    pub now: Timestamp<N>,
    /// What happened.
    pub action: TaskAction<P>,
    /// What the task wants done about it.
    pub reply: Result<Option<Effect<P>>, TaskRejection>,
}
