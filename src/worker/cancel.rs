//! Why and with what flags a function is told to stop.
//! Knows the sources of cancellation; not what a task does about them.

use super::HeartbeatReply;

/// The primary reason why a function is told to stop.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ActivityCancelReason {
    /// The service does not know the attempt any more.
    NotFound,
    /// Cancellation was requested.
    Cancelled,
    /// A timer on the worker's side fired.
    TimedOut,
    /// The worker is shutting down, and its grace period is over.
    WorkerShutdown,
    /// The activity was paused.
    Paused,
    /// The activity was reset.
    Reset,
    /// Heartbeat details could not be converted; a reason of the SDKs, not of the protocol.
    HeartbeatDetailsConversionFailed,
}

impl ActivityCancelReason {
    /// All of them, in the protocol's order.
    pub const ALL: [ActivityCancelReason; 7] = [
        ActivityCancelReason::NotFound,
        ActivityCancelReason::Cancelled,
        ActivityCancelReason::TimedOut,
        ActivityCancelReason::WorkerShutdown,
        ActivityCancelReason::Paused,
        ActivityCancelReason::Reset,
        ActivityCancelReason::HeartbeatDetailsConversionFailed,
    ];

    /// Whether the attempt is lost to this worker, so that nothing is to be sent for it any more.
    #[must_use]
    pub fn means_gone(self) -> bool {
        match self {
            ActivityCancelReason::NotFound | ActivityCancelReason::TimedOut => true,
            ActivityCancelReason::Cancelled
            | ActivityCancelReason::WorkerShutdown
            | ActivityCancelReason::Paused
            | ActivityCancelReason::Reset
            | ActivityCancelReason::HeartbeatDetailsConversionFailed => false,
        }
    }

    /// The type of the application failure that reports a function that gave in to this.
    #[must_use]
    pub fn failure_type(self) -> &'static str {
        match self {
            ActivityCancelReason::NotFound => "ActivityNotFound",
            ActivityCancelReason::Cancelled => "ActivityCancelled",
            ActivityCancelReason::TimedOut => "ActivityTimedOut",
            ActivityCancelReason::WorkerShutdown => "WorkerShutdown",
            ActivityCancelReason::Paused => "ActivityPause",
            ActivityCancelReason::Reset => "ActivityReset",
            ActivityCancelReason::HeartbeatDetailsConversionFailed => {
                "HeartbeatDetailsConversionFailed"
            }
        }
    }
}

/// All that was known when a function was told to stop.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct ActivityCancellationDetails {
    /// The attempt is gone.
    pub is_not_found: bool,
    /// Cancellation was requested.
    pub is_cancelled: bool,
    /// The activity was paused.
    pub is_paused: bool,
    /// A timer on the worker's side fired.
    pub is_timed_out: bool,
    /// The worker is shutting down.
    pub is_worker_shutdown: bool,
    /// The activity was reset.
    pub is_reset: bool,
}

/// What a function is told, at most once.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Cancel {
    /// The primary reason.
    pub reason: ActivityCancelReason,
    /// All that was known.
    pub details: ActivityCancellationDetails,
}

impl Cancel {
    /// Every reason with every combination of details, for whoever tries them all.
    pub fn all() -> impl Iterator<Item = Cancel> {
        ActivityCancelReason::ALL.into_iter().flat_map(|reason| {
            (0..64_u8).map(move |flags| {
                let details = ActivityCancellationDetails {
                    is_not_found: flags & 1 != 0,
                    is_cancelled: flags & 2 != 0,
                    is_paused: flags & 4 != 0,
                    is_timed_out: flags & 8 != 0,
                    is_worker_shutdown: flags & 16 != 0,
                    is_reset: flags & 32 != 0,
                };
                Cancel { reason, details }
            })
        })
    }
}

impl Cancel {
    /// The attempt is gone.
    #[must_use]
    pub fn not_found() -> Self {
        let details = ActivityCancellationDetails { is_not_found: true, ..Default::default() };
        Cancel { reason: ActivityCancelReason::NotFound, details }
    }

    /// Cancellation was requested.
    #[must_use]
    pub fn cancelled() -> Self {
        let details = ActivityCancellationDetails { is_cancelled: true, ..Default::default() };
        Cancel { reason: ActivityCancelReason::Cancelled, details }
    }

    /// A timer on the worker's side fired, so the service's has: the attempt is gone as well.
    #[must_use]
    pub fn timed_out() -> Self {
        let details = ActivityCancellationDetails {
            is_timed_out: true,
            is_not_found: true,
            ..Default::default()
        };
        Cancel { reason: ActivityCancelReason::TimedOut, details }
    }

    /// The worker is shutting down, and its grace period is over.
    #[must_use]
    pub fn worker_shutdown() -> Self {
        let details =
            ActivityCancellationDetails { is_worker_shutdown: true, ..Default::default() };
        Cancel { reason: ActivityCancelReason::WorkerShutdown, details }
    }

    /// Heartbeat details could not be converted; the protocol has no flag for it.
    #[must_use]
    pub fn heartbeat_details_conversion_failed() -> Self {
        let reason = ActivityCancelReason::HeartbeatDetailsConversionFailed;
        Cancel { reason, details: ActivityCancellationDetails::default() }
    }

    /// What the answer to a heartbeat tells the function, if anything: cancel outranks reset, reset
    /// outranks pause, and every flag is passed on.
    #[must_use]
    pub fn told_by(reply: HeartbeatReply) -> Option<Self> {
        let (cancel_requested, activity_paused, activity_reset) = match reply {
            HeartbeatReply::NotFound => return Some(Cancel::not_found()),
            HeartbeatReply::Failed => return None,
            HeartbeatReply::Recorded { cancel_requested, activity_paused, activity_reset } => {
                (cancel_requested, activity_paused, activity_reset)
            }
        };
        let reason = if cancel_requested {
            ActivityCancelReason::Cancelled
        } else if activity_reset {
            ActivityCancelReason::Reset
        } else if activity_paused {
            ActivityCancelReason::Paused
        } else {
            return None;
        };
        //= models/spec.md#S24
        //# A worker says it in one way: a reason, and every flag that is known.
        let details = ActivityCancellationDetails {
            is_cancelled: cancel_requested,
            is_paused: activity_paused,
            is_reset: activity_reset,
            ..Default::default()
        };
        Some(Cancel { reason, details })
    }
}
