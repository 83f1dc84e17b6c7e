//! Wrong promises about workers and callers, each nearly right: the prover has to refute them, with
//! a case that a person can follow and that happens when it is played again.

mod parties;

use activity_execution::caller::{
    Action as CallerAction, ActivityMachine, Command, HistoryEvent, Resolution,
};
use activity_execution::worker::{
    Action, ActivityTask, Cancel, Effect, HeartbeatCall, HeartbeatDetails, HeartbeatReply,
    LocalTimer, Shutdown, WorkerAction, WorkerEffect,
};
use activity_proofs::parties::{Caller, Slots, Task};
use parties::{WRONG, refuted, wrong};

/// (As soon as the interval is over, at that very instant.)
#[test]
fn no_heartbeat_is_sent_at_the_end_of_the_throttle_interval_is_wrong() {
    let proof = wrong::<Task>("Running, Heartbeat", |terms, before, step, _| {
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
    });
    let words = "\
terms:  TaskTerms { start_to_close_timeout: None, heartbeat_timeout: None, \
local_timeout_buffer: 0, heartbeat_throttle_interval: 0, heartbeat_call_timeout: 0 }
before: Running(Running { delivered_time: 0, recorded_time: 0, \
heartbeat_details: Sent(details), call: Returned { sent_time: 0 }, cancel: None })
step:   Step { now: 0, action: Heartbeat { details: details }, \
reply: Ok(Some(RecordActivityTaskHeartbeat { details: details })) }
after:  Running(Running { delivered_time: 0, recorded_time: 0, \
heartbeat_details: Sent(details), call: InFlight { sent_time: 0 }, cancel: None })
";
    assert_eq!(refuted(&proof, WRONG), words);
}

/// (The first is, the others wait for the throttle interval.)
#[test]
fn every_heartbeat_is_sent_at_once_is_wrong() {
    let proof = wrong::<Task>("Running, Heartbeat", |_, _, step, _| {
        matches!(step.reply, Ok(Some(Effect::RecordActivityTaskHeartbeat { .. })))
    });
    refuted(&proof, WRONG);
}

/// (A function may ignore it.)
#[test]
fn a_function_that_is_told_to_stop_does_so_is_wrong() {
    let proof = wrong::<Task>("Running, CancelActivityCommand", |_, _, step, after| {
        !matches!(step.reply, Ok(Some(Effect::Cancel(_)))) || !after.is_outstanding()
    });
    refuted(&proof, WRONG);
}

/// (The first.)
#[test]
fn the_last_reason_to_arrive_stays_is_wrong() {
    let proof = wrong::<Task>("Running, CancelActivityCommand", |_, _, _, after| {
        after.cancel() == Some(Cancel::cancelled())
    });
    refuted(&proof, WRONG);
}

/// (Its own timers are measured from the delivery as well.)
#[test]
fn a_heartbeat_puts_off_every_alarm_is_wrong() {
    let proof = wrong::<Task>("Running, HeartbeatReply", |terms, before, step, after| {
        let recorded =
            matches!(step.action, Action::HeartbeatReply(HeartbeatReply::Recorded { .. }));
        let due = |task: &ActivityTask<_, _>| task.due(terms, LocalTimer::StartToClose);
        match (due(before), due(after)) {
            (Some(earlier), Some(later)) => !recorded || step.now <= earlier || later > earlier,
            _ => true,
        }
    });
    refuted(&proof, WRONG);
}

/// (It is not, for it would be a sign of life made earlier.)
#[test]
fn a_heartbeat_that_failed_is_sent_again_is_wrong() {
    let proof =
        wrong::<Task>("Running, HeartbeatReply", |_, _, step, after| match (step.action, after) {
            (Action::HeartbeatReply(HeartbeatReply::Failed), ActivityTask::Running(running)) => {
                step.reply.is_err()
                    || matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_))
            }
            _ => true,
        });
    refuted(&proof, WRONG);
}

/// (Only while the function runs.)
#[test]
fn a_flush_keeps_the_throttle_interval_is_wrong() {
    let proof = wrong::<Task>("Flushing, HeartbeatReply", |terms, before, step, _| {
        match (before, step.reply) {
            (
                ActivityTask::Flushing(flushing),
                Ok(Some(Effect::RecordActivityTaskHeartbeat { .. })),
            ) => step.now >= flushing.sent_time + terms.heartbeat_throttle_interval,
            _ => true,
        }
    });
    refuted(&proof, WRONG);
}

/// (The service has already started it.)
#[test]
fn a_worker_that_shuts_down_takes_no_task_is_wrong() {
    let proof = wrong::<Slots>("Initiated, Deliver", |_, before, step, _| {
        matches!(before.shutdown, Shutdown::Running)
            || step.action != WorkerAction::Deliver
            || step.reply.is_err()
    });
    refuted(&proof, WRONG);
}

/// (At its very end as well.)
#[test]
fn functions_are_told_after_the_end_of_the_grace_period_is_wrong() {
    let proof = wrong::<Slots>("Initiated, GracePeriodElapses", |terms, before, step, _| {
        step.reply != Ok(Some(WorkerEffect::CancelOutstanding))
            || before.grace_deadline(terms).is_some_and(|deadline| step.now > deadline)
    });
    refuted(&proof, WRONG);
}

/// (All of them may be in use.)
#[test]
fn one_slot_stays_free_is_wrong() {
    let proof = wrong::<Slots>("Running, Poll", |terms, _, _, after| {
        after.slots_used() < terms.max_concurrent_activities
    });
    refuted(&proof, WRONG);
}

/// (Not one that is abandoned.)
#[test]
fn an_open_activity_that_is_cancelled_is_requested_to_is_wrong() {
    let proof = wrong::<Caller>("Open, Cancel", |_, before, step, after| {
        before == after
            || step.reply.is_ok_and(|it| it.command == Some(Command::RequestCancelActivityTask))
    });
    refuted(&proof, WRONG);
}

/// (It may fail or succeed all the same.)
#[test]
fn whoever_waits_for_a_cancellation_is_told_of_one_is_wrong() {
    let proof = wrong::<Caller>("Open, Closed", |_, before, step, _| {
        let requested = matches!(
            before,
            ActivityMachine::Open { cancellation, .. } if *cancellation != Default::default()
        );
        let told = step.reply.ok().and_then(|effects| effects.resolution);
        !requested || matches!(told, None | Some(Resolution::Cancelled(_)))
    });
    refuted(&proof, WRONG);
}

/// (Its history goes on.)
#[test]
fn nothing_happens_to_an_activity_that_is_resolved_is_wrong() {
    let proof = wrong::<Caller>("Open, Closed", |terms, before, step, after| {
        !matches!(step.action, CallerAction::Event(HistoryEvent::Closed(_)))
            || !before.is_resolved(terms)
            || before == after
    });
    refuted(&proof, WRONG);
}
