//! The workflow dialect: where activities of a workflow differ from standalone ones, one function
//! for each difference, both dialects side by side.
//! Knows what differs; does not know when it is asked, nor what is the same.

use activity_execution::vocabulary::{
    Dialect, Number, Opaque, Rejection, RetryState, Retryability, Span, TimeoutReason, TimeoutType,
    Timestamp,
};

/// A retry has to be dispatched before the schedule-to-close deadline; in a workflow it may be
/// dispatched exactly at it.
pub(super) fn is_in_time<N: Number>(
    dialect: Dialect,
    dispatch_time: Timestamp<N>,
    schedule_to_close: Timestamp<N>,
) -> bool {
    match dialect {
        Dialect::Standalone => dispatch_time < schedule_to_close,
        Dialect::Workflow => dispatch_time <= schedule_to_close,
    }
}

/// Deadlines at one instant are settled in the order in which they were armed; in a workflow always
/// in the same order, the attempt's own start-to-close first.
pub(super) fn order_at_one_instant(
    dialect: Dialect,
    order_of_arming: [TimeoutType; 4],
) -> [TimeoutType; 4] {
    use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
    match dialect {
        Dialect::Standalone => order_of_arming,
        Dialect::Workflow => [StartToClose, ScheduleToStart, ScheduleToClose, Heartbeat],
    }
}

/// A schedule timeout that takes effect says that it elapsed; in a workflow schedule-to-close says,
/// unless cancellation was requested, that not enough time is left.
pub(super) fn reason_of_schedule_timeout(
    dialect: Dialect,
    timeout_type: TimeoutType,
    retry_state: RetryState,
) -> TimeoutReason {
    match (dialect, timeout_type, retry_state) {
        (Dialect::Workflow, TimeoutType::ScheduleToClose, RetryState::Timeout) => {
            TimeoutReason::NotEnoughTime
        }
        (Dialect::Standalone | Dialect::Workflow, _, _) => TimeoutReason::Elapsed,
    }
}

/// A schedule timeout that a worker reports leaves no time for a retry, whatever else rules one out
/// but a cancel request; of a standalone activity it is known as a failure that is not retryable.
pub(super) fn reports_a_timeout<N>(retry: &Retryability<N>) -> bool {
    matches!(retry, Retryability::TimedOut)
}

/// What a retry has to wait; where there is no interval, no time is left for it. A standalone
/// activity always has one.
pub(super) fn interval<N: Number>(retry: Retryability<N>) -> Option<Span<N>> {
    match retry {
        Retryability::After(backoff) => Some(backoff),
        Retryability::NonRetryable | Retryability::TimedOut | Retryability::NoInterval => None,
    }
}

/// A failure report without a failure closes with one that is made up; in a workflow without one.
pub(super) fn failure_that_closes<P: Opaque>(dialect: Dialect, failure: P) -> P {
    match dialect {
        Dialect::Standalone => failure.or_missing_failure(),
        Dialect::Workflow => failure,
    }
}

/// Cancellation that no worker has to answer gives the reason of the request as details; in a
/// workflow it says instead that the activity was not started, even if earlier attempts were.
pub(super) fn details_without_a_worker<P: Opaque>(dialect: Dialect, reason: &P) -> P {
    match dialect {
        Dialect::Standalone => reason.clone(),
        Dialect::Workflow => P::activity_id_not_started(),
    }
}

/// Whoever completes a closed execution by id is told that it is closed; in a workflow it is not
/// found, as by token.
pub(super) fn completion_by_id_after_the_close(dialect: Dialect) -> Rejection {
    match dialect {
        Dialect::Standalone => Rejection::AlreadyClosed,
        Dialect::Workflow => Rejection::NotFound,
    }
}
