//! The projection of the specification onto observations, and its inverse.

use super::Specification;
use activity_execution::vocabulary::{Number, Observation, Opaque};

impl<N: Number, P: Opaque> Specification<N, P> {
    /// The state as an outsider sees it, completely.
    #[must_use]
    pub fn observe(&self) -> Observation<N, P> {
        let Specification {
            now,
            schedule_time,
            start_request_id,
            attempt,
            phase,
            armed: deadlines,
            last_started_time,
            last_attempt_complete_time,
            last_heartbeat_time,
            heartbeat_details,
            total_heartbeat_count,
            last_failure,
            last_worker_identity,
            cancel_request,
            terminate_request_id,
        } = self.clone();
        Observation {
            now,
            schedule_time,
            start_request_id,
            attempt,
            phase,
            deadlines,
            last_started_time,
            last_attempt_complete_time,
            last_heartbeat_time,
            heartbeat_details,
            total_heartbeat_count,
            last_failure,
            last_worker_identity,
            cancel_request,
            terminate_request_id,
        }
    }

    /// The state that is observed so.
    #[must_use]
    pub fn from_observation(observation: Observation<N, P>) -> Self {
        let Observation {
            now,
            schedule_time,
            start_request_id,
            attempt,
            phase,
            deadlines: armed,
            last_started_time,
            last_attempt_complete_time,
            last_heartbeat_time,
            heartbeat_details,
            total_heartbeat_count,
            last_failure,
            last_worker_identity,
            cancel_request,
            terminate_request_id,
        } = observation;
        Specification {
            now,
            schedule_time,
            start_request_id,
            attempt,
            phase,
            armed,
            last_started_time,
            last_attempt_complete_time,
            last_heartbeat_time,
            heartbeat_details,
            total_heartbeat_count,
            last_failure,
            last_worker_identity,
            cancel_request,
            terminate_request_id,
        }
    }
}
