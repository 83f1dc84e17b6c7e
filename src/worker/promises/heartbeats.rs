//! Promises about heartbeats: which are sent, when, and what counts as a sign of life.

use super::{effect, is_in_flight, reply_of};
use crate::vocabulary::{Number, Opaque};
use crate::worker::{
    ActivityTask, Effect, HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, TaskAction,
    TaskOptions, TaskStep,
};

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_states; of_states: true;
    /// A heartbeat was sent if there are details, and none if there are none: details that wait do
    /// so for a call in flight or for the throttle interval, and never for nothing.
    details_are_sent_or_wait_for_a_call(_terms, _before, _step, after) {
        match after {
            ActivityTask::Running(running) => {
                matches!(running.heartbeat_details, HeartbeatDetails::None)
                    == matches!(running.call, HeartbeatCall::NotSent)
            }
            ActivityTask::Absent
            | ActivityTask::Gone { .. }
            | ActivityTask::Flushing(_)
            | ActivityTask::Reporting
            | ActivityTask::Released => true,
        }
    }
}

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_steps; of_states: false;
    /// At most one heartbeat is in flight, also while flushing.
    at_most_one_heartbeat_is_in_flight(_terms, before, step, after) {
        !sends(step) || (is_in_flight(after) && (!is_in_flight(before) || ends_a_call(step)))
    }

    /// While the function runs, heartbeats start at least the throttle interval apart.
    heartbeats_keep_the_throttle_interval(terms, before, step, after) {
        match (before, after) {
            (ActivityTask::Running(before), ActivityTask::Running(_)) if sends(step) => {
                match before.call {
                    HeartbeatCall::NotSent => true,
                    HeartbeatCall::InFlight { sent_time }
                    | HeartbeatCall::Returned { sent_time } => {
                        step.now >= sent_time + terms.heartbeat_throttle_interval
                    }
                }
            }
            _ => true,
        }
    }

    /// The first heartbeat is sent at once, so is any after the throttle interval, and so are details
    /// that wait for its end; another one replaces the details that wait, and nothing else touches
    /// them.
    a_heartbeat_is_sent_or_replaces_what_waits(terms, before, step, after) {
        let ActivityTask::Running(before) = before else {
            return true;
        };
        let ActivityTask::Running(after) = after else {
            return !matches!(step.action, TaskAction::Heartbeat { .. });
        };
        let newest = match (&step.action, &before.heartbeat_details) {
            (TaskAction::Heartbeat { details }, _) => details,
            (
                TaskAction::Elapses(LocalTimer::HeartbeatThrottle),
                HeartbeatDetails::Buffered(details),
            ) if step.reply.is_ok() => details,
            (_, details) => return !sends(step) && after.heartbeat_details == *details,
        };
        let may_send = match before.call {
            HeartbeatCall::NotSent => true,
            HeartbeatCall::InFlight { .. } => false,
            HeartbeatCall::Returned { sent_time } => {
                step.now >= sent_time + terms.heartbeat_throttle_interval
            }
        };
        if may_send {
            sends(step) && after.heartbeat_details == HeartbeatDetails::Sent(newest.clone())
        } else {
            !sends(step) && after.heartbeat_details == HeartbeatDetails::Buffered(newest.clone())
        }
    }

    /// What is sent is the newest there is.
    the_newest_details_are_sent(_terms, before, step, _after) {
        let Some(Effect::RecordActivityTaskHeartbeat { details: sent }) = effect(step) else {
            return true;
        };
        match (&step.action, before) {
            (TaskAction::Heartbeat { details }, ActivityTask::Running(_)) => sent == details,
            (_, ActivityTask::Running(running)) => {
                running.heartbeat_details == HeartbeatDetails::Buffered(sent.clone())
            }
            (_, ActivityTask::Flushing(flushing)) => flushing.buffered.as_ref() == Some(sent),
            _ => false,
        }
    }

    /// Only a heartbeat that the service is known to have recorded is a sign of life, at the
    /// instant of the answer.
    only_a_recorded_heartbeat_is_a_sign_of_life(_terms, before, step, after) {
        match (before, after) {
            (ActivityTask::Running(before), ActivityTask::Running(after)) => {
                let recorded_time = match reply_of(step) {
                    Some(HeartbeatReply::Recorded { .. }) => step.now,
                    Some(HeartbeatReply::NotFound | HeartbeatReply::Failed) | None => {
                        before.recorded_time
                    }
                };
                after.recorded_time == recorded_time
                    && after.delivered_time == before.delivered_time
            }
            _ => true,
        }
    }

    /// A call is over when it is answered or given up, and not before; what hangs holds back
    /// heartbeats only until then.
    a_call_ends_when_answered_or_given_up(_terms, before, step, after) {
        match (before, after) {
            (ActivityTask::Running(before), ActivityTask::Running(after)) => {
                match (before.call, after.call) {
                    (HeartbeatCall::InFlight { sent_time }, HeartbeatCall::Returned {
                        sent_time: same,
                    }) => ends_a_call(step) && sent_time == same,
                    (HeartbeatCall::InFlight { .. }, HeartbeatCall::InFlight { .. }) => {
                        !ends_a_call(step)
                    }
                    (HeartbeatCall::InFlight { .. }, HeartbeatCall::NotSent) => false,
                    (_, HeartbeatCall::InFlight { sent_time }) => {
                        sends(step) && sent_time == step.now
                    }
                    (call, _) => call == after.call && !ends_a_call(step),
                }
            }
            (ActivityTask::Flushing(flushing), ActivityTask::Flushing(after)) => {
                if ends_a_call(step) {
                    sends(step) && after.sent_time == step.now
                } else {
                    flushing == after
                }
            }
            (ActivityTask::Running(running), ActivityTask::Flushing(flushing)) => {
                match running.call {
                    HeartbeatCall::InFlight { sent_time } => {
                        !sends(step) && flushing.sent_time == sent_time
                    }
                    HeartbeatCall::NotSent | HeartbeatCall::Returned { .. } => {
                        sends(step) && flushing.sent_time == step.now
                    }
                }
            }
            _ => true,
        }
    }
}

fn sends<N, P>(step: &TaskStep<N, P>) -> bool {
    matches!(effect(step), Some(Effect::RecordActivityTaskHeartbeat { .. }))
}

/// Whether the step ends the heartbeat call in flight.
fn ends_a_call<N, P>(step: &TaskStep<N, P>) -> bool {
    step.reply.is_ok()
        && matches!(
            step.action,
            TaskAction::HeartbeatReply(_) | TaskAction::Elapses(LocalTimer::HeartbeatCall)
        )
}
