//! The sources of cancellation, one test each, as a function on a worker meets them.
//! Scenarios to be read; what holds always is in the promises, which watch here too.

use crate::common::{
    CANCEL_REQUESTED, Driven, NO_NEWS, NOTHING, Note, PAUSED, RESET, SLOT_FREE, Said, sent,
};
use activity_execution::worker::{
    ActivityCancelReason, ActivityCancellationDetails, ActivityTask, Cancel, Effect,
    HeartbeatReply, LocalTimer, Report, ResultReply, TaskAction, TaskFailure, TaskRejection,
};

fn told(cancel: Cancel) -> Said {
    Ok(Some(Effect::Cancel(cancel)))
}

/// S17: the service has no other way to a worker than the answer to a heartbeat.
#[test]
fn a_function_must_heartbeat_to_be_told_by_the_service() {
    let mut task = Driven::delivered();
    assert_eq!(task.reply(1, CANCEL_REQUESTED), Err(TaskRejection::NoCallInFlight));
    assert_eq!(task.heartbeat(2, 1), sent(1));
    assert_eq!(task.reply(3, CANCEL_REQUESTED), told(Cancel::cancelled()));
}

/// S17, the exception: a service may push a cancel request to a worker that is fit for it.
#[test]
fn a_pushed_cancel_needs_no_heartbeat() {
    let mut task = Driven::delivered();
    assert_eq!(task.at(1, TaskAction::CancelActivityCommand), told(Cancel::cancelled()));
}

/// S18, the worker's part: a request arrives as `Cancelled`, and the function may answer it.
#[test]
fn a_requested_cancel_is_answered_by_a_canceled_report() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, CANCEL_REQUESTED), told(Cancel::cancelled()));
    let canceled = Report::Canceled { details: Note(9) };
    assert_eq!(task.gives_in(2), Ok(Some(Effect::Respond(canceled))));
    assert_eq!(task.result_reply(3, ResultReply::Accepted), SLOT_FREE);
}

/// S19: when the service's timeout fired first, it has forgotten the attempt, and says so; that it
/// was a timeout only the worker's own timer can tell (S23).
#[test]
fn an_attempt_that_the_service_timed_out_is_not_found() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(13, 1), sent(1));
    assert_eq!(task.reply(14, HeartbeatReply::NotFound), told(Cancel::not_found()));
}

/// S20: the same word when the caller has closed; whatever the function returns is discarded.
#[test]
fn an_attempt_whose_caller_closed_is_not_found_and_its_result_discarded() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, HeartbeatReply::NotFound), told(Cancel::not_found()));
    assert_eq!(task.heartbeat(20, 2), NOTHING);
    assert_eq!(task.completes(21), SLOT_FREE);
}

/// S21: after the grace period, and reported as a failure of type `WorkerShutdown` so that another
/// worker soon retries.
#[test]
fn a_shutdown_is_told_after_the_grace_period_and_reported_as_a_failure() {
    let mut task = Driven::delivered();
    assert_eq!(task.at(1, TaskAction::GracePeriodElapses), told(Cancel::worker_shutdown()));
    let Ok(Some(Effect::Respond(Report::Failed { failure, .. }))) = task.gives_in(2) else {
        panic!("a function that gives in to a shutdown has failed");
    };
    assert_eq!(failure.type_name(), Some("WorkerShutdown"));
}

/// S21: a task that arrives later starts, and is told at once.
#[test]
fn a_task_delivered_after_the_grace_period_is_told_at_once() {
    let mut task = Driven { task: ActivityTask::Absent, ..Driven::delivered() };
    let delivered = TaskAction::Deliver { grace_period_elapsed: true };
    assert_eq!(task.at(0, delivered), told(Cancel::worker_shutdown()));
    assert!(task.task.is_outstanding());
}

/// S22: the function is told, nothing is sent, and giving in is a failure that may be retried.
#[test]
fn details_that_cannot_be_converted_fail_the_attempt() {
    let mut task = Driven::delivered();
    let cancel = Cancel::heartbeat_details_conversion_failed();
    assert_eq!(task.at(1, TaskAction::HeartbeatDetailsConversionFails), told(cancel));
    let failure = TaskFailure::CancelNotRequested { cancel: Some(cancel), details: Note(9) };
    assert_eq!(failure.type_name(), Some("HeartbeatDetailsConversionFailed"));
    let failed = Report::Failed { failure, last_heartbeat_details: None };
    assert_eq!(task.gives_in(2), Ok(Some(Effect::Respond(failed))));
}

/// S22: as with any cancellation, a function may carry on and succeed.
#[test]
fn details_that_cannot_be_converted_do_not_spoil_a_success() {
    let mut task = Driven::delivered();
    assert!(task.at(1, TaskAction::HeartbeatDetailsConversionFails).is_ok());
    let completed = Report::Completed { result: Note(9) };
    assert_eq!(task.completes(2), Ok(Some(Effect::Respond(completed))));
}

/// S23: a function that heartbeats to nobody is told by the worker, some time after the service
/// must have given it up; its result is suppressed.
#[test]
fn a_local_timeout_tells_a_silent_function_and_suppresses_its_result() {
    let mut task = Driven::delivered();
    assert_eq!(task.elapses(16, LocalTimer::Heartbeat), Err(TaskRejection::NotDue));
    assert_eq!(task.elapses(17, LocalTimer::Heartbeat), told(Cancel::timed_out()));
    assert!(task.task.cancel().is_some_and(|cancel| cancel.details.is_not_found));
    assert_eq!(task.completes(18), SLOT_FREE);
}

/// S24: there is one way to receive it, and it says why: reason and flags.
#[test]
fn a_cancel_comes_with_its_reason_and_every_flag() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    let all = HeartbeatReply::Recorded {
        cancel_requested: true,
        activity_paused: true,
        activity_reset: true,
    };
    let details = ActivityCancellationDetails {
        is_cancelled: true,
        is_paused: true,
        is_reset: true,
        ..Default::default()
    };
    let reason = ActivityCancelReason::Cancelled;
    assert_eq!(task.reply(1, all), told(Cancel { reason, details }));
}

/// The first reason stays: a pause hides the cancel request that comes after it.
#[test]
fn a_pause_masks_a_later_cancel_request() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert!(matches!(task.reply(1, PAUSED), Ok(Some(Effect::Cancel(_)))));
    assert_eq!(task.heartbeat(11, 2), sent(2));
    assert_eq!(task.reply(12, CANCEL_REQUESTED), NOTHING);
    assert_eq!(task.task.cancel().map(|cancel| cancel.reason), Some(ActivityCancelReason::Paused));
}

/// A reset outranks a pause in one answer, as cancel outranks both.
#[test]
fn a_reset_is_told_as_a_reset() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert!(matches!(
        task.reply(1, RESET),
        Ok(Some(Effect::Cancel(Cancel { reason: ActivityCancelReason::Reset, .. })))
    ));
}

/// "Not found" is believed even if the function was told something else before: nothing more is
/// sent, where released SDKs would go on.
#[test]
fn not_found_is_believed_after_another_reason() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, CANCEL_REQUESTED), told(Cancel::cancelled()));
    assert_eq!(task.heartbeat(10, 2), sent(2));
    assert_eq!(task.reply(11, HeartbeatReply::NotFound), NOTHING);
    assert_eq!(task.gives_in(12), SLOT_FREE);
}

/// Cancellation is advice: a function that ignores it and succeeds has succeeded.
#[test]
fn an_ignored_cancel_leaves_a_success_a_success() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, CANCEL_REQUESTED), told(Cancel::cancelled()));
    let completed = Report::Completed { result: Note(9) };
    assert_eq!(task.completes(2), Ok(Some(Effect::Respond(completed))));
}

/// While it cleans up, a function that was told goes on to be heard of, and no local timer hurries
/// it.
#[test]
fn a_function_that_was_told_may_heartbeat_while_it_cleans_up() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, CANCEL_REQUESTED), told(Cancel::cancelled()));
    assert_eq!(task.heartbeat(10, 2), sent(2));
    assert_eq!(task.reply(11, NO_NEWS), NOTHING);
    assert_eq!(task.elapses(500, LocalTimer::StartToClose), Err(TaskRejection::NotDue));
}

/// Whatever arrives after the return is refused and changes nothing.
#[test]
fn late_inputs_are_refused() {
    let mut task = Driven::delivered();
    assert!(task.completes(1).is_ok());
    assert_eq!(task.heartbeat(2, 1), Err(TaskRejection::UnknownActivity));
    assert_eq!(task.fails(2), Err(TaskRejection::UnknownActivity));
    assert_eq!(task.at(2, TaskAction::CancelActivityCommand), Err(TaskRejection::UnknownActivity));
    assert_eq!(task.reply(2, CANCEL_REQUESTED), Err(TaskRejection::NoCallInFlight));
    assert_eq!(task.result_reply(3, ResultReply::Lost), SLOT_FREE);
    assert_eq!(task.result_reply(4, ResultReply::Accepted), Err(TaskRejection::NoCallInFlight));
}
