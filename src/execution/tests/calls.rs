//! Cancellation, termination, completion by id, further starts.

use super::*;

#[test]
fn a_cancel_request_that_finds_no_worker_closes_at_once() {
    let mut s = Scenario::new(TERMS);
    assert_eq!(s.cancel(7), Ok(Answer::Done));
    let (details, identity) = (text("reason"), text("client"));
    assert_eq!(s.outcome(), Outcome::Canceled { details, identity });
    assert_eq!(s.execution.describe(&TERMS, s.now).canceled_reason, Some(text("reason")));
    assert_eq!(s.cancel(7), Ok(Answer::Done));
    assert_eq!(s.cancel(8), Err(Rejection::AlreadyClosed));
}

#[test]
fn a_worker_learns_of_cancellation_from_its_heartbeat_and_may_give_in() {
    let mut s = Scenario::started(TERMS);
    assert_eq!(s.give_in(), Err(Rejection::CancelNotRequested));
    assert_eq!(s.cancel(7), Ok(Answer::Done));
    assert_eq!(s.cancel(7), Ok(Answer::Done));
    assert_eq!(s.cancel(8), Err(Rejection::CancelAlreadyRequested));
    assert_eq!(s.execution.run_state(), Some(PendingActivityState::CancelRequested));
    let asked = Ok(Answer::Recorded { cancel_requested: true });
    assert_eq!(s.at(100).heartbeat(token(1), "half"), asked);
    assert_eq!(s.give_in(), Ok(Answer::Done));
    let (details, identity) = (text("cleaned up"), text("client"));
    assert_eq!(s.outcome(), Outcome::Canceled { details, identity });
    let description = s.execution.describe(&TERMS, s.now);
    assert_eq!(description.last_attempt_complete_time, None);
    assert_eq!(description.last_worker_identity, text("worker"));
    assert_eq!(s.give_in(), Err(Rejection::NotFound));
}

#[test]
fn a_worker_may_ignore_cancellation_and_complete() {
    let mut s = Scenario::started(TERMS);
    s.cancel(7).expect("a worker holds the task");
    assert_eq!(s.complete(token(1)), Ok(Answer::Done));
    assert_eq!(s.execution.status(), ActivityExecutionStatus::Completed);
    assert_eq!(s.cancel(7), Ok(Answer::Done));
    assert_eq!(s.execution.describe(&TERMS, s.now).canceled_reason, Some(text("reason")));
}

#[test]
fn a_timeout_after_a_cancel_request_is_not_retried_and_keeps_its_type() {
    let mut s = Scenario::started(TERMS);
    s.cancel(7).expect("a worker holds the task");
    s.at(500);
    let timeout_type = TimeoutType::Heartbeat;
    let failure = timeout(timeout_type, Payload::none(), Payload::none());
    let retry_state = RetryState::CancelRequested;
    assert_eq!(s.outcome(), Outcome::TimedOut { timeout_type, failure, retry_state });

    let whole = Terms { start_to_close_timeout: Span(10_000), heartbeat_timeout: None, ..TERMS };
    let mut s = Scenario::started(whole);
    s.cancel(7).expect("a worker holds the task");
    s.at(10_000);
    let timeout_type = TimeoutType::ScheduleToClose;
    let failure = timeout(timeout_type, Payload::none(), Payload::none());
    assert_eq!(s.outcome(), Outcome::TimedOut { timeout_type, failure, retry_state });
}

#[test]
fn an_execution_that_no_worker_holds_can_be_completed_by_id_only() {
    let mut s = Scenario::new(TERMS);
    assert_eq!(s.complete(token(1)), Err(Rejection::NotFound));
    assert_eq!(s.fail(BY_ID, text("boom")), Err(Rejection::NotFound));
    assert_eq!(s.heartbeat(BY_ID, "half"), Err(Rejection::NotFound));
    assert_eq!(s.at(50).complete(BY_ID), Ok(Answer::Done));
    let description = s.execution.describe(&TERMS, s.now);
    assert_eq!(description.last_started_time, Some(Timestamp(50)));
    assert_eq!(description.last_attempt_complete_time, Some(Timestamp(50)));
    assert_eq!(description.last_worker_identity, text("reporter"));
    assert_eq!(description.attempt, Attempt(1));
    assert_eq!(s.complete(BY_ID), Err(Rejection::AlreadyClosed));
    assert_eq!(s.complete(token(1)), Err(Rejection::NotFound));
    assert_eq!(s.poll(1, 1), Err(Rejection::ObsoleteTask));
}

#[test]
fn termination_is_final_and_its_request_can_be_repeated() {
    let mut s = Scenario::started(TERMS);
    s.cancel(7).expect("a worker holds the task");
    assert_eq!(s.at(100).terminate(9), Ok(Answer::Done));
    assert_eq!(s.at(20_000).terminate(9), Ok(Answer::Done));
    assert_eq!(s.terminate(7), Err(Rejection::AlreadyClosed));
    let (reason, identity) = (text("reason"), text("client"));
    assert_eq!(s.outcome(), Outcome::Terminated { reason, identity });
    assert_eq!(s.heartbeat(token(1), "late"), Err(Rejection::NotFound));
    assert_eq!(s.execution.describe(&TERMS, s.now).close_time, Some(Timestamp(100)));
    assert_eq!(s.deadline(), None);
}

#[test]
fn a_further_start_is_recognised_by_its_request_id_before_anything_else() {
    let (fail, use_existing) = (IdConflictPolicy::Fail, IdConflictPolicy::UseExisting);
    let mut s = Scenario::started(TERMS);
    assert_eq!(s.start_again(CREATION, fail), Ok(Answer::Existing));
    assert_eq!(s.start_again(RequestId(1), fail), Err(Rejection::AlreadyStarted));
    assert_eq!(s.start_again(RequestId(1), use_existing), Ok(Answer::Existing));
    s.complete(token(1)).expect("the token is current");
    assert_eq!(s.start_again(CREATION, fail), Ok(Answer::Existing));
    assert_eq!(s.start_again(RequestId(1), use_existing), Err(Rejection::AlreadyClosed));
}

#[test]
fn an_empty_history_is_no_execution() {
    assert_eq!(ActivityExecution::<i16, ()>::recover(&[]), None);
}
