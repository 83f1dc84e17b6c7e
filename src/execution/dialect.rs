//! Where activities of a workflow and standalone ones differ: every difference is one function.
//! That a workflow's worker can report more is no difference: [`Retryability`](crate::vocabulary::Retryability)
//! says so. The rest of the machine does not know that there are dialects.

use super::State;
use crate::vocabulary::{
    Dialect, Number, Opaque, Rejection, RetryState, TimeoutReason, TimeoutType, Timestamp,
};

impl Dialect {
    /// Whether a retry that is dispatched at `dispatch_time` is in time for the schedule-to-close
    /// deadline; exactly at the deadline only for a workflow.
    pub(super) fn is_in_time<N: Number>(
        self,
        dispatch_time: Timestamp<N>,
        deadline: Timestamp<N>,
    ) -> bool {
        match self {
            Dialect::Standalone => dispatch_time < deadline,
            Dialect::Workflow => dispatch_time <= deadline,
        }
    }

    /// In which order deadlines at one instant are settled.
    ///
    /// Standalone the one first that was armed first: the schedule timeouts of the first attempt
    /// in one go, schedule-to-start ahead; of a later attempt schedule-to-close. For a workflow
    /// always in the same order.
    pub(super) fn order_of_deadlines<N, P>(self, state: &State<N, P>) -> &'static [TimeoutType] {
        use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
        match (self, state) {
            (
                Dialect::Standalone | Dialect::Workflow,
                State::Scheduled { retry_interval: None, .. },
            )
            | (Dialect::Workflow, State::Scheduled { retry_interval: Some(_), .. }) => {
                &[ScheduleToStart, ScheduleToClose]
            }
            (Dialect::Standalone, State::Scheduled { retry_interval: Some(_), .. }) => {
                &[ScheduleToClose, ScheduleToStart]
            }
            (Dialect::Standalone, State::Started { .. }) => {
                &[ScheduleToClose, StartToClose, Heartbeat]
            }
            (Dialect::Workflow, State::Started { .. }) => {
                &[StartToClose, ScheduleToClose, Heartbeat]
            }
            (Dialect::Standalone | Dialect::Workflow, State::Closed { .. }) => &[],
        }
    }

    /// What a schedule timeout says that closes with this retry state: for a workflow,
    /// schedule-to-close says that not enough time is left, unless cancellation was requested.
    pub(super) fn reason_of_schedule_timeout(
        self,
        timeout_type: TimeoutType,
        retry_state: RetryState,
    ) -> TimeoutReason {
        match (self, timeout_type, retry_state) {
            (Dialect::Workflow, TimeoutType::ScheduleToClose, RetryState::Timeout) => {
                TimeoutReason::NotEnoughTime
            }
            (Dialect::Standalone | Dialect::Workflow, _, _) => TimeoutReason::Elapsed,
        }
    }

    /// The failure with which a reported one closes: where none was given, a standalone activity
    /// says so, and one of a workflow closes without.
    pub(super) fn closing_failure<P: Opaque>(self, reported: P) -> P {
        match self {
            Dialect::Standalone => reported.or_missing_failure(),
            Dialect::Workflow => reported,
        }
    }

    /// What is told in place of a worker's details when cancellation finds no worker to ask: the
    /// reason of the request, or to a workflow always the same.
    pub(super) fn details_without_a_worker<P: Opaque>(self, reason: P) -> P {
        match self {
            Dialect::Standalone => reason,
            Dialect::Workflow => P::activity_id_not_started(),
        }
    }

    /// Why a closed execution cannot be completed by id: a workflow has forgotten it.
    pub(super) fn completion_of_a_closed_execution(self) -> Rejection {
        match self {
            Dialect::Standalone => Rejection::AlreadyClosed,
            Dialect::Workflow => Rejection::NotFound,
        }
    }
}
