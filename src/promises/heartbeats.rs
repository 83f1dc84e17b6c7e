//! Promises about heartbeats: what they change, and how long their details live.

use super::accepted;
use crate::vocabulary::{Deadlines, ExecutionOptions, Number, Observation, Opaque, Request, Step};

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_steps, judge_steps; of_states: false;
    /// A heartbeat changes only heartbeat data and the heartbeat deadline.
    a_heartbeat_changes_only_heartbeat_data(_terms, before, step, after) {
        match accepted(step) {
            Some(Request::RecordActivityTaskHeartbeat { .. }) => {
                let expected = Observation {
                    last_heartbeat_time: Some(before.now),
                    heartbeat_details: after.heartbeat_details.clone(),
                    total_heartbeat_count: after.total_heartbeat_count,
                    deadlines: Deadlines {
                        heartbeat: after.deadlines.heartbeat,
                        ..before.deadlines
                    },
                    ..before.clone()
                };
                *after == expected
            }
            Some(_) | None => true,
        }
    }

    /// Heartbeat details survive attempts: they change only with a heartbeat, or with a failure
    /// that carries some, and each is counted.
    heartbeat_details_survive_attempts(_terms, before, step, after) {
        match accepted(step) {
            Some(
                Request::RecordActivityTaskHeartbeat { details, .. }
                | Request::RespondActivityTaskFailed {
                    last_heartbeat_details: Some(details), ..
                },
            ) => {
                after.heartbeat_details == *details
                    && after.last_heartbeat_time == Some(before.now)
                    && after.total_heartbeat_count
                        == before.total_heartbeat_count + N::literal(1)
            }
            Some(_) | None => {
                after.heartbeat_details == before.heartbeat_details
                    && after.last_heartbeat_time == before.last_heartbeat_time
                    && after.total_heartbeat_count == before.total_heartbeat_count
            }
        }
    }
}
