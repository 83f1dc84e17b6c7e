//! Promises about the life of a task: its phases, refusals, its slot.

use super::{effect, is_in_flight};
use crate::vocabulary::{Number, Opaque, Timestamp};
use crate::worker::{
    ActivityTask, Effect, HeartbeatCall, HeartbeatDetails, LocalTimer, TaskAction, TaskOptions,
    TaskRejection, TaskStep,
};

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_states; of_states: true;
    /// A task is heard of by the service, and sends heartbeats, only once it is delivered.
    nothing_precedes_the_delivery(_terms, _before, _step, after) {
        let ActivityTask::Running(running) = after else {
            return true;
        };
        running.recorded_time >= running.delivered_time
            && match running.call {
                HeartbeatCall::NotSent => true,
                HeartbeatCall::InFlight { sent_time } | HeartbeatCall::Returned { sent_time } => {
                    sent_time >= running.delivered_time
                }
            }
    }
}

crate::promises! { pub [N: Number, P: Opaque](TaskOptions<N>, ActivityTask<N, P>, TaskStep<N, P>)
    pub(super) of_steps; of_states: false;
    /// A refused input changes nothing.
    a_refused_input_changes_nothing(_terms, before, step, after) {
        step.reply.is_ok() || before == after
    }

    /// No instant of a task lies in the future, if none did before.
    a_task_remembers_no_future(_terms, before, step, after) {
        !is_past(before, step.now) || is_past(after, step.now)
    }

    /// A task goes through its phases in one direction.
    phases_only_advance(_terms, before, _step, after) {
        rank(before) <= rank(after)
    }

    /// A function starts by a delivery, which happens once.
    a_task_is_delivered_once(_terms, before, step, after) {
        let is_first = matches!(before, ActivityTask::Absent);
        match step.action {
            TaskAction::Deliver { .. } if is_first => step.reply.is_ok() && after.is_outstanding(),
            TaskAction::Deliver { .. } => step.reply == Err(TaskRejection::AlreadyDelivered),
            _ => !is_first || matches!(after, ActivityTask::Absent),
        }
    }

    /// An answer is taken exactly if a call waits for it: a heartbeat, or the report of the result.
    only_a_call_in_flight_is_answered(_terms, before, step, _after) {
        let waits = match step.action {
            TaskAction::HeartbeatReply(_) => is_in_flight(before),
            TaskAction::ResultReply(_) => matches!(before, ActivityTask::Reporting),
            _ => return true,
        };
        if waits { step.reply.is_ok() } else { step.reply == Err(TaskRejection::NoCallInFlight) }
    }

    /// What a function does, or is to be told, before it starts or after it returned goes nowhere.
    whoever_does_not_run_is_unknown(_terms, before, step, after) {
        match step.action {
            TaskAction::Heartbeat { .. }
            | TaskAction::HeartbeatDetailsConversionFails
            | TaskAction::CancelActivityCommand
            | TaskAction::GracePeriodElapses
            | TaskAction::Return(_) => {
                if before.is_outstanding() {
                    step.reply.is_ok()
                } else {
                    step.reply == Err(TaskRejection::UnknownActivity) && before == after
                }
            }
            TaskAction::Deliver { .. }
            | TaskAction::HeartbeatReply(_)
            | TaskAction::Elapses(_)
            | TaskAction::ResultReply(_) => true,
        }
    }

    /// A function runs until it returns, whatever it is told.
    only_a_return_ends_a_function(_terms, before, step, after) {
        let returned = matches!(step.action, TaskAction::Return(_)) && step.reply.is_ok();
        (before.is_outstanding() && !after.is_outstanding()) == returned
    }

    /// An alarm has an effect exactly if it is set and its time has come: for details that wait,
    /// for a call in flight, and for each timeout of a function that was not told to stop.
    an_alarm_goes_off_when_it_is_due(terms, before, step, _after) {
        let TaskAction::Elapses(timer) = step.action else {
            return true;
        };
        let is_due = alarm(terms, before, timer).is_some_and(|due| step.now >= due);
        if is_due { step.reply.is_ok() } else { step.reply == Err(TaskRejection::NotDue) }
    }

    /// A slot is released in the step that ends its task, and in no other.
    a_slot_is_released_once(_terms, before, step, after) {
        let ends = !matches!(before, ActivityTask::Released)
            && matches!(after, ActivityTask::Released);
        ends == (effect(step) == Some(&Effect::ReleaseSlot))
    }
}

/// Whether every instant that the task remembers has come by `now`.
fn is_past<N: Number, P>(task: &ActivityTask<N, P>, now: Timestamp<N>) -> bool {
    match task {
        ActivityTask::Running(running) => {
            running.delivered_time <= now
                && running.recorded_time <= now
                && match running.call {
                    HeartbeatCall::NotSent => true,
                    HeartbeatCall::InFlight { sent_time }
                    | HeartbeatCall::Returned { sent_time } => sent_time <= now,
                }
        }
        ActivityTask::Flushing(flushing) => flushing.sent_time <= now,
        ActivityTask::Absent
        | ActivityTask::Gone { .. }
        | ActivityTask::Reporting
        | ActivityTask::Released => true,
    }
}

/// When an alarm is to go off; the promise's own text, beside that of the machine.
fn alarm<N: Number, P>(
    terms: &TaskOptions<N>,
    task: &ActivityTask<N, P>,
    timer: LocalTimer,
) -> Option<Timestamp<N>> {
    match task {
        ActivityTask::Running(running) => {
            let untold = running.cancel.is_none();
            let waits = matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_));
            match timer {
                LocalTimer::HeartbeatThrottle => match running.call {
                    HeartbeatCall::Returned { sent_time } if waits => {
                        Some(sent_time + terms.heartbeat_throttle_interval)
                    }
                    HeartbeatCall::Returned { .. }
                    | HeartbeatCall::InFlight { .. }
                    | HeartbeatCall::NotSent => None,
                },
                LocalTimer::HeartbeatCall => match running.call {
                    HeartbeatCall::InFlight { sent_time } => {
                        Some(sent_time + terms.heartbeat_call_timeout)
                    }
                    HeartbeatCall::Returned { .. } | HeartbeatCall::NotSent => None,
                },
                LocalTimer::Heartbeat => terms
                    .heartbeat_timeout
                    .filter(|_| untold)
                    .map(|timeout| running.recorded_time + timeout + terms.local_timeout_buffer),
                LocalTimer::StartToClose => terms
                    .start_to_close_timeout
                    .filter(|_| untold)
                    .map(|timeout| running.delivered_time + timeout + terms.local_timeout_buffer),
            }
        }
        ActivityTask::Flushing(flushing) => (timer == LocalTimer::HeartbeatCall)
            .then(|| flushing.sent_time + terms.heartbeat_call_timeout),
        ActivityTask::Absent
        | ActivityTask::Gone { .. }
        | ActivityTask::Reporting
        | ActivityTask::Released => None,
    }
}

fn rank<N, P>(task: &ActivityTask<N, P>) -> u8 {
    match task {
        ActivityTask::Absent => 0,
        ActivityTask::Running(_) => 1,
        ActivityTask::Gone { .. } => 2,
        ActivityTask::Flushing(_) => 3,
        ActivityTask::Reporting => 4,
        ActivityTask::Released => 5,
    }
}
