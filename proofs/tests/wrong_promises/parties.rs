//! Wrong promises about a task on a worker, the slots of a worker and an activity at its caller.

use activity_execution::caller::{
    CallerAction, CallerOptions, CallerStep, Command, HistoryEvent, Resolution, WorkflowActivity,
};
use activity_execution::worker::{
    ActivityTask, Cancel, Effect, HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer,
    Shutdown, SlotsAction, SlotsEffect, SlotsStep, TaskAction, TaskOptions, TaskStep,
    WorkerOptions, WorkerSlots,
};
use activity_proofs::{Sym, SymbolicPayload};

activity_execution::promises! { [](TaskOptions<Sym>, ActivityTask<Sym, SymbolicPayload>, TaskStep<Sym, SymbolicPayload>)
    pub(super) of_task; of_states: false;

    /// No heartbeat is sent at the end of the throttle interval. (As soon as the interval is over,
    /// at that very instant.)
    no_heartbeat_is_sent_at_the_end_of_the_throttle_interval(terms, before, step, _after) {
        let ActivityTask::Running(running) = before else {
            return true;
        };
        let sent = matches!(step.reply, Ok(Some(Effect::RecordActivityTaskHeartbeat { .. })));
        match running.call {
            HeartbeatCall::Returned { sent_time } if sent => {
                step.now > sent_time + terms.heartbeat_throttle_interval
            }
            _ => true,
        }
    }

    /// Every heartbeat is sent at once. (The first is, the others wait for the throttle interval.)
    every_heartbeat_is_sent_at_once(_terms, _before, step, _after) {
        !matches!(step.action, TaskAction::Heartbeat { .. })
            || step.reply.is_err()
            || matches!(step.reply, Ok(Some(Effect::RecordActivityTaskHeartbeat { .. })))
    }

    /// A function that is told to stop does so. (A function may ignore it.)
    a_function_that_is_told_to_stop_does_so(_terms, _before, step, after) {
        !matches!(step.reply, Ok(Some(Effect::Cancel(_)))) || !after.is_outstanding()
    }

    /// The last reason to arrive stays. (The first.)
    the_last_reason_to_arrive_stays(_terms, before, step, after) {
        !matches!(before, ActivityTask::Running(_))
            || step.action != TaskAction::CancelActivityCommand
            || after.cancel() == Some(Cancel::cancelled())
    }

    /// A heartbeat puts off every alarm. (Its own timers are measured from the delivery as well.)
    a_heartbeat_puts_off_every_alarm(terms, before, step, after) {
        let recorded =
            matches!(step.action, TaskAction::HeartbeatReply(HeartbeatReply::Recorded { .. }));
        let due = |task: &ActivityTask<_, _>| task.due(terms, LocalTimer::StartToClose);
        match (due(before), due(after)) {
            (Some(earlier), Some(later)) => !recorded || step.now <= earlier || later > earlier,
            _ => true,
        }
    }

    /// A heartbeat that failed is sent again. (It is not, for it would be a sign of life made
    /// earlier.)
    a_heartbeat_that_failed_is_sent_again(_terms, _before, step, after) {
        match (step.action, after) {
            (TaskAction::HeartbeatReply(HeartbeatReply::Failed), ActivityTask::Running(running)) => {
                step.reply.is_err()
                    || matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_))
            }
            _ => true,
        }
    }

    /// A flush keeps the throttle interval. (Only while the function runs.)
    a_flush_keeps_the_throttle_interval(terms, before, step, _after) {
        match (before, step.reply) {
            (
                ActivityTask::Flushing(flushing),
                Ok(Some(Effect::RecordActivityTaskHeartbeat { .. })),
            ) => step.now >= flushing.sent_time + terms.heartbeat_throttle_interval,
            _ => true,
        }
    }
}

activity_execution::promises! { [](WorkerOptions<Sym>, WorkerSlots<Sym>, SlotsStep<Sym>)
    pub(super) of_slots; of_states: false;

    /// A worker that shuts down takes no task. (The service has already started it.)
    a_worker_that_shuts_down_takes_no_task(_terms, before, step, _after) {
        matches!(before.shutdown, Shutdown::Running)
            || step.action != SlotsAction::Deliver
            || step.reply.is_err()
    }

    /// Functions are told after the end of the grace period. (At its very end as well.)
    functions_are_told_after_the_end_of_the_grace_period(terms, before, step, _after) {
        step.reply != Ok(Some(SlotsEffect::CancelOutstanding))
            || before.grace_deadline(terms).is_some_and(|deadline| step.now > deadline)
    }

    /// One slot stays free. (All of them may be in use.)
    one_slot_stays_free(terms, _before, _step, after) {
        after.slots_used() < terms.max_concurrent_activities
    }
}

activity_execution::promises! { [](CallerOptions, WorkflowActivity, CallerStep<SymbolicPayload>)
    pub(super) of_caller; of_states: false;

    /// An open activity that is cancelled is requested to. (Not one that is abandoned.)
    an_open_activity_that_is_cancelled_is_requested_to(_terms, before, step, after) {
        !matches!((before, &step.action), (WorkflowActivity::Open { .. }, CallerAction::Cancel))
            || before == after
            || step.reply.is_ok_and(|it| it.command == Some(Command::RequestCancelActivityTask))
    }

    /// Whoever waits for a cancellation is told of one. (It may fail or succeed all the same.)
    whoever_waits_for_a_cancellation_is_told_of_one(_terms, before, step, _after) {
        let requested = matches!(
            before,
            WorkflowActivity::Open { cancellation, .. } if *cancellation != Default::default()
        );
        let told = step.reply.ok().and_then(|effects| effects.resolution);
        !requested || matches!(told, None | Some(Resolution::Cancelled(_)))
    }

    /// Nothing happens to an activity that is resolved. (Its history goes on.)
    nothing_happens_to_an_activity_that_is_resolved(terms, before, step, after) {
        !matches!(step.action, CallerAction::Event(HistoryEvent::Closed(_)))
            || !before.is_resolved(terms)
            || before == after
    }
}
