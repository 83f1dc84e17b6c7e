//! What Describe shows of an execution that is observed: the expectation, made of what specification
//! and core both project onto.

use activity_execution::Description;
use activity_execution::vocabulary::{
    ActivityExecutionStatus, ExecutionOptions, Number, Observation, Opaque, PendingActivityState,
    Phase,
};

/// What Temporal's Describe shows of an execution that stands like this.
#[must_use]
pub fn describe<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    observation: &Observation<N, P>,
) -> Description<N, P> {
    let mut shown = Description {
        status: ActivityExecutionStatus::Running,
        run_state: None,
        attempt: observation.attempt,
        current_retry_interval: None,
        next_attempt_schedule_time: None,
        last_started_time: observation.last_started_time,
        last_heartbeat_time: observation.last_heartbeat_time,
        last_attempt_complete_time: observation.last_attempt_complete_time,
        close_time: None,
        expiration_time: terms
            .schedule_to_close_timeout
            .map(|total| observation.schedule_time + terms.start_delay + total),
        heartbeat_details: observation.heartbeat_details.clone(),
        total_heartbeat_count: observation.total_heartbeat_count,
        last_failure: observation.last_failure.clone(),
        canceled_reason: observation.cancel_request.as_ref().map(|it| it.reason.clone()),
        last_worker_identity: observation.last_worker_identity.clone(),
        outcome: None,
    };
    match &observation.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            shown.run_state = Some(PendingActivityState::Scheduled);
            if *dispatch_time > observation.now {
                shown.next_attempt_schedule_time = Some(*dispatch_time);
                shown.current_retry_interval = *retry_interval;
            }
        }
        Phase::Started { .. } => {
            shown.run_state = Some(match observation.cancel_request {
                None => PendingActivityState::Started,
                Some(_) => PendingActivityState::CancelRequested,
            });
        }
        Phase::Closed { outcome, close_time } => {
            shown.status = outcome.kind().status();
            shown.close_time = Some(*close_time);
            shown.outcome = Some(outcome.clone());
        }
    }
    shown
}
