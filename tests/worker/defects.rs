//! Defects of released SDKs that this worker does not have, each re-enacted.
//! Scenarios to be read; what holds always is in the promises, which watch here too. As wrong rules
//! they are the rows of `mutants::of_task` and `mutants::of_slots` that say what they re-enact.

use crate::common::{
    CANCEL_REQUESTED, Driven, NO_NEWS, NOTHING, Note, PAUSED, RESET, SLOT_FREE, sent,
};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::{
    ActivityTask, Cancel, Effect, HeartbeatReply, HeartbeatThrottle, LocalTimer, Report,
    ResultReply, Shutdown, SlotsAction, SlotsEffect, SlotsRejection, TaskAction, TaskFailure,
    TaskRejection, WorkerOptions, WorkerSlots,
};

fn canceled() -> Option<Effect<Note>> {
    Some(Effect::Respond(Report::Canceled { details: Note(9) }))
}

/// A worker whose map of running functions was empty took itself for drained, and a completion that
/// waited for a heartbeat call was lost.
#[test]
fn shutdown_waits_for_a_completion_that_is_in_flight() {
    let terms: WorkerOptions =
        WorkerOptions { max_concurrent_activities: 1, graceful_shutdown_period: Span::zero() };
    let mut worker = WorkerSlots::new();
    let mut on = |action, expected: Result<Option<SlotsEffect>, SlotsRejection>| {
        let decision = worker.decide(&terms, Timestamp(0), action);
        assert_eq!(decision.map(|(_, effect)| effect), expected);
        worker = decision.map_or(worker, |(next, _)| next);
        worker.shutdown
    };
    on(SlotsAction::Poll, Ok(None));
    on(SlotsAction::Poll, Err(SlotsRejection::NoSlot));
    on(SlotsAction::Deliver, Ok(None));
    on(SlotsAction::InitiateShutdown, Ok(None));
    on(SlotsAction::GracePeriodElapses, Ok(Some(SlotsEffect::CancelOutstanding)));
    assert_eq!(on(SlotsAction::Return, Ok(None)), Shutdown::GracePeriodElapsed);
    on(SlotsAction::Poll, Err(SlotsRejection::ShuttingDown));
    let done = on(SlotsAction::ReleaseSlot, Ok(Some(SlotsEffect::FinishShutdown)));
    assert_eq!(done, Shutdown::ShutDown);
}

/// One timer for both timeouts, the shorter one, was put off by every heartbeat, so that
/// start-to-close was never enforced.
#[test]
fn start_to_close_elapses_locally_however_often_the_function_heartbeats() {
    let mut task = Driven::delivered();
    for beat in 0..10 {
        let now = i64::from(beat) * 10;
        assert_eq!(task.heartbeat(now, beat), sent(beat));
        assert_eq!(task.reply(now + 1, NO_NEWS), NOTHING);
    }
    assert_eq!(task.heartbeat(100, 10), sent(10));
    assert_eq!(task.reply(101, NO_NEWS), NOTHING);
    assert_eq!(task.elapses(104, LocalTimer::StartToClose), Err(TaskRejection::NotDue));
    let told = Ok(Some(Effect::Cancel(Cancel::timed_out())));
    assert_eq!(task.elapses(105, LocalTimer::StartToClose), told);
}

/// A heartbeat call that hung held back all later ones, silently.
#[test]
fn a_heartbeat_call_that_hangs_is_given_up() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.heartbeat(3, 2), NOTHING);
    assert_eq!(task.heartbeat(4, 3), NOTHING);
    assert_eq!(task.task.deadline(&task.terms), Some((Timestamp(8), LocalTimer::HeartbeatCall)));
    assert_eq!(task.elapses(8, LocalTimer::HeartbeatCall), NOTHING);
    assert_eq!(task.reply(9, CANCEL_REQUESTED), Err(TaskRejection::NoCallInFlight));
    assert_eq!(task.elapses(9, LocalTimer::HeartbeatThrottle), Err(TaskRejection::NotDue));
    assert_eq!(task.elapses(10, LocalTimer::HeartbeatThrottle), sent(3));
}

/// The flush of a cancelled activity was taken for done when the call before it returned: the
/// result overtook the details.
#[test]
fn a_canceled_report_waits_for_the_call_in_flight_and_for_the_flush() {
    let mut task = Driven::delivered();
    assert!(matches!(task.at(0, TaskAction::CancelActivityCommand), Ok(Some(Effect::Cancel(_)))));
    assert_eq!(task.heartbeat(1, 1), sent(1));
    assert_eq!(task.heartbeat(2, 2), NOTHING);
    assert_eq!(task.gives_in(3), NOTHING);
    assert_eq!(task.reply(4, NO_NEWS), sent(2));
    assert_eq!(task.reply(5, NO_NEWS), Ok(canceled()));
}

/// A flush that hangs does not strand the result.
#[test]
fn a_flush_that_hangs_is_given_up_and_the_result_reported() {
    let mut task = Driven::delivered();
    assert!(task.at(0, TaskAction::CancelActivityCommand).is_ok());
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.heartbeat(1, 2), NOTHING);
    assert_eq!(task.gives_in(2), NOTHING);
    assert_eq!(task.elapses(7, LocalTimer::HeartbeatCall), Err(TaskRejection::NotDue));
    assert_eq!(task.elapses(8, LocalTimer::HeartbeatCall), sent(2));
    assert_eq!(task.elapses(16, LocalTimer::HeartbeatCall), Ok(canceled()));
}

/// An error of the heartbeat call counted as a sign of life, so that a worker cut off from its
/// service never came to its heartbeat timeout.
#[test]
fn a_heartbeat_that_fails_does_not_put_off_the_local_timeout() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, NO_NEWS), NOTHING);
    assert_eq!(task.heartbeat(10, 2), sent(2));
    assert_eq!(task.reply(17, HeartbeatReply::Failed), NOTHING);
    let told = Ok(Some(Effect::Cancel(Cancel::timed_out())));
    assert_eq!(task.elapses(18, LocalTimer::Heartbeat), told);
}

/// `Canceled` in answer to a pause or a reset is refused by the service, and the attempt hung until
/// it timed out.
#[test]
fn giving_in_to_a_pause_or_a_reset_is_a_retryable_failure() {
    for (reply, type_name) in [(PAUSED, "ActivityPause"), (RESET, "ActivityReset")] {
        let mut task = Driven::delivered();
        assert_eq!(task.heartbeat(0, 1), sent(1));
        let Ok(Some(Effect::Cancel(cancel))) = task.reply(1, reply) else {
            panic!("the function is told");
        };
        let failure = TaskFailure::CancelNotRequested { cancel: Some(cancel), details: Note(9) };
        assert_eq!(failure.type_name(), Some(type_name));
        let failed = Report::Failed { failure, last_heartbeat_details: Some(Note(1)) };
        assert_eq!(task.gives_in(2), Ok(Some(Effect::Respond(failed))));
    }
}

/// So is giving in on a whim, which nobody had asked for.
#[test]
fn giving_in_to_nothing_is_a_retryable_failure() {
    let mut task = Driven::delivered();
    let failure = TaskFailure::CancelNotRequested { cancel: None, details: Note(9) };
    assert_eq!(failure.type_name(), Some("CancelNotRequested"));
    let failed = Report::Failed { failure, last_heartbeat_details: None };
    assert_eq!(task.gives_in(1), Ok(Some(Effect::Respond(failed))));
}

/// Details that waited for the throttle interval were dropped when the function left its task to
/// somebody else.
#[test]
fn details_are_sent_before_a_task_is_left_to_complete_asynchronously() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 1), sent(1));
    assert_eq!(task.reply(1, NO_NEWS), NOTHING);
    assert_eq!(task.heartbeat(2, 2), NOTHING);
    assert_eq!(task.will_complete_async(3), sent(2));
    assert_eq!(task.reply(4, NO_NEWS), SLOT_FREE);
    assert_eq!(task.task, ActivityTask::Released);
}

/// The failure itself carries the newest details, so there is nothing to flush.
#[test]
fn a_failure_carries_details_that_were_never_sent() {
    let mut task = Driven::delivered();
    assert_eq!(task.heartbeat(0, 10), sent(10));
    assert_eq!(task.reply(1, NO_NEWS), NOTHING);
    assert_eq!(task.heartbeat(2, 11), NOTHING);
    let failed = Report::Failed {
        failure: TaskFailure::Function { failure: Note(9) },
        last_heartbeat_details: Some(Note(11)),
    };
    assert_eq!(task.fails(3), Ok(Some(Effect::Respond(failed))));
    assert_eq!(task.result_reply(4, ResultReply::NotFound), SLOT_FREE);
}

#[test]
fn heartbeats_are_four_fifths_of_their_timeout_apart_and_never_more_than_the_maximum() {
    let throttle = HeartbeatThrottle::default();
    assert_eq!(throttle.interval(None), Span(30_000));
    assert_eq!(throttle.interval(Some(Span(10_000))), Span(8_000));
    assert_eq!(throttle.interval(Some(Span(9))), Span(7));
    assert_eq!(throttle.interval(Some(Span(75_000))), Span(60_000));
    assert_eq!(throttle.interval(Some(Span(i64::MAX))), Span(60_000));
    let default_heartbeat_throttle_interval = Span(90_000);
    let throttle = HeartbeatThrottle { default_heartbeat_throttle_interval, ..throttle };
    assert_eq!(throttle.interval(None), Span(60_000));
}
