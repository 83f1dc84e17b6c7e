//! The projection of the core onto observations, and its inverse. The core stores nothing that an
//! [`Observation`] does not show, and nothing less.

use super::{ActivityExecution, Intent, LastAttempt, LastHeartbeat, State};
use crate::vocabulary::{ExecutionOptions, Number, Observation, Opaque, Phase, Timestamp};

impl<N: Number, P: Opaque> ActivityExecution<N, P> {
    /// Everything that an outsider can tell about it at `now`.
    pub fn observe(&self, terms: &ExecutionOptions<N>, now: Timestamp<N>) -> Observation<N, P> {
        let (phase, terminate_request_id) = match &self.state {
            State::Scheduled { dispatch_time, retry_interval } => {
                let phase = Phase::Scheduled {
                    dispatch_time: *dispatch_time,
                    retry_interval: *retry_interval,
                };
                (phase, None)
            }
            State::Started { request_id, dispatch_time, .. } => {
                let phase =
                    Phase::Started { request_id: *request_id, dispatch_time: *dispatch_time };
                (phase, None)
            }
            State::Closed { outcome, close_time, terminate_request_id, .. } => {
                let phase = Phase::Closed { outcome: outcome.clone(), close_time: *close_time };
                (phase, *terminate_request_id)
            }
        };
        Observation {
            now,
            schedule_time: self.schedule_time,
            start_request_id: self.start_request_id,
            attempt: self.attempt,
            phase,
            deadlines: self.deadlines(terms),
            last_started_time: self.last_started_time(),
            last_attempt_complete_time: self.last_attempt.complete_time,
            last_heartbeat_time: self.last_heartbeat.recorded_time,
            heartbeat_details: self.last_heartbeat.details.clone(),
            total_heartbeat_count: self.last_heartbeat.total_count,
            last_failure: self.last_attempt.failure.clone(),
            last_worker_identity: self.last_attempt.worker_identity.clone(),
            cancel_request: self.cancel_request().cloned(),
            terminate_request_id,
        }
    }

    /// The execution that was observed: any state, without the history that led to it.
    ///
    /// # Panics
    /// If the observation is of a started attempt and says nowhere when it started.
    pub fn from_observation(observation: &Observation<N, P>) -> Self {
        let mut started_time = observation.last_started_time;
        let state = match &observation.phase {
            Phase::Scheduled { dispatch_time, retry_interval } => {
                State::Scheduled { dispatch_time: *dispatch_time, retry_interval: *retry_interval }
            }
            Phase::Started { request_id, dispatch_time } => {
                let started = started_time.take().expect("what is started has a start time");
                State::Started {
                    request_id: *request_id,
                    dispatch_time: *dispatch_time,
                    started_time: started,
                    last_alive_time: observation
                        .last_heartbeat_time
                        .map_or(started, |heartbeat| started.or_later(heartbeat)),
                    intent: match &observation.cancel_request {
                        None => Intent::None,
                        Some(request) => Intent::Cancel(request.clone()),
                    },
                }
            }
            Phase::Closed { outcome, close_time } => State::Closed {
                outcome: outcome.clone(),
                close_time: *close_time,
                cancel_request: observation.cancel_request.clone(),
                terminate_request_id: observation.terminate_request_id,
            },
        };
        ActivityExecution {
            schedule_time: observation.schedule_time,
            start_request_id: observation.start_request_id,
            attempt: observation.attempt,
            state,
            last_heartbeat: LastHeartbeat {
                details: observation.heartbeat_details.clone(),
                recorded_time: observation.last_heartbeat_time,
                total_count: observation.total_heartbeat_count,
            },
            last_attempt: LastAttempt {
                started_time,
                complete_time: observation.last_attempt_complete_time,
                failure: observation.last_failure.clone(),
                worker_identity: observation.last_worker_identity.clone(),
            },
        }
    }
}
