//! Workers with the defects of real ones, as wrappers around ours: each is refuted by the proof of
//! the promise that is meant for it, for whatever numbers there are.

mod parties;

use activity_execution::vocabulary::{Number, Span};
use activity_execution::worker::{
    Action, ActivityCancelReason, ActivityExecutionResult, ActivityTask, Cancel, Effect,
    HeartbeatCall, HeartbeatDetails, HeartbeatReply, LocalTimer, Rejection, Report, Running,
    Shutdown, Worker, WorkerAction, WorkerEffect,
};

use activity_proofs::parties::{
    Hypotheses, Slots, SlotsMutant, Task, TaskMutant, TaskNext, slots_induction, task_induction,
};
use activity_proofs::{Sym, Value};

/// The proof of all promises refutes the mutant as `breaks` in this case.
fn is_refuted(mutant: TaskMutant, breaks: &str, case: &str) {
    let proof = task_induction(Task { mutant }, &Hypotheses::all()).only(case);
    parties::refuted(&proof, breaks);
}

#[test]
fn a_start_to_close_timer_that_heartbeats_put_off_is_refuted() {
    let mutant: TaskMutant = |before, _, action, next| match (before, action) {
        (ActivityTask::Running(running), Action::Elapses(LocalTimer::StartToClose))
            if running.call != HeartbeatCall::NotSent =>
        {
            Err(Rejection::NotDue)
        }
        _ => next,
    };
    let case = "Running, Elapses(StartToClose)";
    is_refuted(mutant, "an_alarm_goes_off_when_it_is_due", case);
}

#[test]
fn a_heartbeat_call_that_may_hang_for_ever_is_refuted() {
    let mutant: TaskMutant = |_, _, action, next| match action {
        Action::Elapses(LocalTimer::HeartbeatCall) => Err(Rejection::NotDue),
        _ => next,
    };
    for case in ["Running, Elapses(HeartbeatCall)", "Flushing, Elapses(HeartbeatCall)"] {
        is_refuted(mutant, "an_alarm_goes_off_when_it_is_due", case);
    }
}

#[test]
fn a_canceled_report_that_overtakes_the_flush_is_refuted() {
    let mutant: TaskMutant = |before, _, action, next| match (before, action) {
        (ActivityTask::Flushing(flushing), Action::HeartbeatReply(HeartbeatReply::Failed)) => {
            match flushing.report {
                Some(report) => Ok((ActivityTask::Reporting, Some(Effect::Respond(report)))),
                None => next,
            }
        }
        _ => next,
    };
    is_refuted(mutant, "a_flush_keeps_what_it_owes", "Flushing, HeartbeatReply");
}

#[test]
fn a_failed_heartbeat_taken_for_a_sign_of_life_is_refuted() {
    let mutant: TaskMutant = |_, now, action, next| match (action, next) {
        (
            Action::HeartbeatReply(HeartbeatReply::Failed),
            Ok((ActivityTask::Running(running), effect)),
        ) => Ok((ActivityTask::Running(Running { recorded_time: now, ..running }), effect)),
        (_, next) => next,
    };
    let breaks = "only_a_recorded_heartbeat_is_a_sign_of_life";
    is_refuted(mutant, breaks, "Running, HeartbeatReply");
}

#[test]
fn a_pause_or_a_shutdown_reported_as_canceled_is_refuted() {
    let paused: TaskMutant =
        |before, _, action, next| cancels_for(ActivityCancelReason::Paused, before, action, next);
    let shut_down: TaskMutant = |before, _, action, next| {
        cancels_for(ActivityCancelReason::WorkerShutdown, before, action, next)
    };
    for mutant in [paused, shut_down] {
        is_refuted(mutant, "a_canceled_report_answers_a_cancel_request", "Running, Return");
    }
}

fn cancels_for(
    reason: ActivityCancelReason,
    before: &ActivityTask<Sym, Value>,
    action: &Action<Value>,
    next: TaskNext,
) -> TaskNext {
    match (before, action, next) {
        (
            ActivityTask::Running(running),
            Action::Return(ActivityExecutionResult::Cancelled { details }),
            Ok((ActivityTask::Reporting, _)),
        ) if running.cancel.is_some_and(|cancel| cancel.reason == reason) => {
            let report = Report::Canceled { details: *details };
            Ok((ActivityTask::Reporting, Some(Effect::Respond(report))))
        }
        (_, _, next) => next,
    }
}

#[test]
fn details_dropped_when_a_task_completes_asynchronously_are_refuted() {
    let mutant: TaskMutant = |_, _, action, next| match (action, next) {
        (
            Action::Return(ActivityExecutionResult::WillCompleteAsync),
            Ok((ActivityTask::Flushing(_), _)),
        ) => Ok((ActivityTask::Released, Some(Effect::ReleaseSlot))),
        (_, next) => next,
    };
    is_refuted(mutant, "details_are_flushed_where_nothing_carries_them", "Running, Return");
}

#[test]
fn a_second_cancel_for_another_reason_is_refuted() {
    let mutant: TaskMutant = |before, _, action, next| match (before, action) {
        (ActivityTask::Running(running), Action::CancelActivityCommand) => {
            let cancel = Cancel::cancelled();
            let running = Running { cancel: Some(cancel), ..*running };
            Ok((ActivityTask::Running(running), Some(Effect::Cancel(cancel))))
        }
        _ => next,
    };
    is_refuted(mutant, "cancel_is_delivered_at_most_once", "Running, CancelActivityCommand");
}

#[test]
fn not_found_forgotten_because_another_reason_came_first_is_refuted() {
    let mutant: TaskMutant = |before, _, action, next| match (before, action) {
        (ActivityTask::Running(running), Action::HeartbeatReply(HeartbeatReply::NotFound))
            if running.cancel.is_some() =>
        {
            match running.call {
                HeartbeatCall::InFlight { sent_time } => {
                    let call = HeartbeatCall::Returned { sent_time };
                    Ok((ActivityTask::Running(Running { call, ..*running }), None))
                }
                HeartbeatCall::NotSent | HeartbeatCall::Returned { .. } => next,
            }
        }
        _ => next,
    };
    is_refuted(mutant, "not_found_and_local_timeouts_mean_gone", "Running, HeartbeatReply");
}

#[test]
fn a_success_sent_for_an_attempt_that_is_gone_is_refuted() {
    let mutant: TaskMutant = |before, _, action, next| match (before, action) {
        (
            ActivityTask::Gone { .. },
            Action::Return(ActivityExecutionResult::Completed { result }),
        ) => {
            let report = Report::Completed { result: *result };
            Ok((ActivityTask::Reporting, Some(Effect::Respond(report))))
        }
        _ => next,
    };
    is_refuted(mutant, "an_attempt_that_is_gone_is_not_spoken_of", "Gone, Return");
    is_refuted(mutant, "whoever_was_told_that_it_is_gone_is_not_spoken_of", "Gone, Return");
}

#[test]
fn a_failure_without_the_details_that_were_not_sent_is_refuted() {
    let mutant: TaskMutant = |before, _, _, next: TaskNext| match (before, next) {
        (
            ActivityTask::Running(Running {
                heartbeat_details: HeartbeatDetails::Buffered(_), ..
            }),
            Ok((after, Some(Effect::Respond(Report::Failed { failure, .. })))),
        ) => {
            let report = Report::Failed { failure, last_heartbeat_details: None };
            Ok((after, Some(Effect::Respond(report))))
        }
        (_, next) => next,
    };
    is_refuted(mutant, "a_failure_carries_the_newest_details", "Running, Return");
}

#[test]
fn older_details_that_are_kept_instead_of_newer_ones_are_refuted() {
    let mutant: TaskMutant = |before, _, action, next| match (before, action, &next) {
        (
            ActivityTask::Running(Running {
                heartbeat_details: HeartbeatDetails::Buffered(_), ..
            }),
            Action::Heartbeat { .. },
            Ok((ActivityTask::Running(_), None)),
        ) => Ok((*before, None)),
        _ => next,
    };
    is_refuted(mutant, "a_heartbeat_is_sent_or_replaces_what_waits", "Running, Heartbeat");
}

#[test]
fn a_slot_that_is_not_released_is_refuted() {
    let mutant: TaskMutant = |_, _, action, next| match (action, next) {
        (Action::ResultReply(_), Ok((after, _))) => Ok((after, None)),
        (_, next) => next,
    };
    is_refuted(mutant, "a_slot_is_released_once", "Reporting, ResultReply");
}

/// Nothing but large numbers shows it: no exploration of small ones would.
#[test]
fn a_task_that_forgets_its_alarms_after_a_year_is_refuted() {
    let mutant: TaskMutant = |before, now, action, next| match (before, action) {
        (ActivityTask::Running(running), Action::Elapses(LocalTimer::StartToClose))
            if now >= running.delivered_time + Span(Sym::literal(YEAR)) =>
        {
            Err(Rejection::NotDue)
        }
        _ => next,
    };
    let case = "Running, Elapses(StartToClose)";
    is_refuted(mutant, "an_alarm_goes_off_when_it_is_due", case);
}

/// "No function runs" taken for "nothing is left to do".
#[test]
fn a_shutdown_that_strands_a_completion_is_refuted() {
    let mutant: SlotsMutant = |_, _, action, next| match (action, next) {
        (WorkerAction::Return, Ok((after, None))) => match after.shutdown {
            Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed
                if after.polling + after.outstanding <= after.polling - after.polling =>
            {
                let after = Worker { shutdown: Shutdown::ShutDown, ..after };
                Ok((after, Some(WorkerEffect::FinishShutdown)))
            }
            Shutdown::Running
            | Shutdown::Initiated { .. }
            | Shutdown::GracePeriodElapsed
            | Shutdown::ShutDown => Ok((after, None)),
        },
        (_, next) => next,
    };
    let proof = slots_induction(Slots { mutant }, &Hypotheses::all());
    let proof = proof.only("GracePeriodElapsed, Return");
    parties::refuted(&proof, "shutdown_is_complete_when_no_slot_is_in_use");
}

/// Of 365 days.
const YEAR: i64 = 365 * 24 * 3_600 * 1_000;
