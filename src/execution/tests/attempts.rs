//! The chain of attempts: dispatch, fencing, the retry decision.

use super::*;

#[test]
fn a_failed_attempt_waits_its_backoff_before_it_is_dispatched() {
    let mut s = Scenario::started(TERMS);
    assert_eq!(s.at(100).fail(token(1), text("boom")), Ok(Answer::Done));
    let waiting = s.execution.describe(&TERMS, s.now);
    assert_eq!(waiting.attempt, Attempt(2));
    assert_eq!(waiting.current_retry_interval, Some(BACKOFF));
    assert_eq!(waiting.next_attempt_schedule_time, Some(Timestamp(1_100)));
    assert_eq!(waiting.last_attempt_complete_time, Some(Timestamp(100)));
    assert_eq!(waiting.last_failure, text("boom"));
    assert_eq!(waiting.last_worker_identity, text("worker"));

    assert_eq!(s.at(1_099).poll(2, 2), Err(Rejection::ObsoleteTask));
    assert_eq!(s.execution.describe(&TERMS, Timestamp(1_100)).current_retry_interval, None);
    let task = Answer::Task {
        token: TaskToken(Attempt(2)),
        attempt: Attempt(2),
        started_time: Timestamp(1_100),
        current_attempt_scheduled_time: Timestamp(1_100),
        heartbeat_details: Payload::none(),
    };
    assert_eq!(s.at(1_100).poll(2, 2), Ok(task));
}

#[test]
fn a_poll_that_is_repeated_gets_the_same_task_and_another_gets_none() {
    let mut s = Scenario::new(TERMS);
    let task = s.at(5).poll(1, 1);
    assert!(matches!(task, Ok(Answer::Task { .. })));
    assert_eq!(s.at(50).poll(1, 1), task);
    assert_eq!(s.poll(2, 1), Err(Rejection::ObsoleteTask));
    assert_eq!(s.history.len(), 2);
}

#[test]
fn a_stale_token_changes_nothing() {
    let mut s = Scenario::started(TERMS);
    s.fail(token(1), text("boom")).expect("the token is current");
    assert_eq!(s.heartbeat(token(1), "late"), Err(Rejection::NotFound));
    // A dispatch of the first attempt that was delivered twice does not start the second.
    assert_eq!(s.at(1_000).poll(2, 1), Err(Rejection::ObsoleteTask));
    s.poll(2, 2).expect("the backoff is over");
    let before = s.execution.clone();
    assert_eq!(s.heartbeat(token(1), "late"), Err(Rejection::NotFound));
    assert_eq!(s.complete(token(1)), Err(Rejection::NotFound));
    assert_eq!(s.fail(token(1), text("late")), Err(Rejection::NotFound));
    assert_eq!(s.execution, before);
    assert_eq!(s.complete(token(2)), Ok(Answer::Done));
}

#[test]
fn the_retry_decision_asks_for_cancellation_then_kind_then_maximum_then_time() {
    let all_at_once = Terms { maximum_attempts: Some(Attempt(1)), ..TERMS };
    let mut s = Scenario::started(Terms { heartbeat_timeout: None, ..all_at_once });
    s.cancel(7).expect("a worker holds the task");
    s.fail_for_good().expect("a worker holds the task");
    assert_eq!(s.retry_state(), RetryState::CancelRequested);

    let mut s = Scenario::started(all_at_once);
    s.fail_for_good().expect("a worker holds the task");
    assert_eq!(s.retry_state(), RetryState::NonRetryableFailure);

    let tight = Span(1_000);
    let little_time = Terms {
        schedule_to_close_timeout: Some(tight),
        schedule_to_start_timeout: Some(tight),
        start_to_close_timeout: tight,
        ..TERMS
    };
    let mut s = Scenario::started(Terms { maximum_attempts: Some(Attempt(1)), ..little_time });
    s.fail(BY_ID, text("boom")).expect("a worker holds the task");
    assert_eq!(s.retry_state(), RetryState::MaximumAttemptsReached);

    // A worker's failure stays a failure where no time is left, even exactly at the deadline.
    let mut s = Scenario::started(little_time);
    s.fail(BY_ID, text("boom")).expect("a worker holds the task");
    assert_eq!(s.execution.status(), ActivityExecutionStatus::Failed);
    assert_eq!(s.retry_state(), RetryState::Timeout);
}

#[test]
fn a_failure_that_closes_records_its_reporter_and_last_heartbeat_details() {
    let mut s = Scenario::started(TERMS);
    s.at(100).fail_for_good().expect("a worker holds the task");
    let closed = s.execution.describe(&TERMS, s.now);
    assert_eq!(closed.heartbeat_details, text("last words"));
    assert_eq!(closed.last_heartbeat_time, Some(Timestamp(100)));
    assert_eq!(closed.total_heartbeat_count, 1);
    assert_eq!(closed.last_worker_identity, text("reporter"));
    assert_eq!(closed.last_failure, text("failure"));
    assert_eq!(closed.last_started_time, Some(Timestamp(0)));
    assert_eq!(closed.expiration_time, Some(Timestamp(10_000)));
}

#[test]
fn heartbeat_details_that_come_with_a_failure_reach_the_next_attempt() {
    let mut s = Scenario::started(TERMS);
    s.heartbeat(token(1), "half").expect("the token is current");
    s.call(&Request::RespondActivityTaskFailed {
        target: token(1),
        failure: text("boom"),
        retry: Retry::After(BACKOFF),
        last_heartbeat_details: Some(text("almost")),
        identity: text("worker"),
    })
    .expect("the token is current");
    assert_eq!(s.execution.describe(&TERMS, s.now).total_heartbeat_count, 2);
    let task = s.at(1_000).poll(2, 2);
    assert!(matches!(task, Ok(Answer::Task { heartbeat_details, .. })
        if heartbeat_details == text("almost")));
}

#[test]
fn a_failure_without_details_is_retried_as_nothing_and_closes_as_something() {
    let mut s = Scenario::started(Terms { maximum_attempts: Some(Attempt(2)), ..TERMS });
    s.fail(BY_ID, Payload::none()).expect("a worker holds the task");
    assert!(s.execution.describe(&TERMS, s.now).last_failure.is_none());
    s.at(1_000).poll(2, 2).expect("the backoff is over");
    s.fail(BY_ID, Payload::none()).expect("a worker holds the task");
    let failure = Payload::none().or_missing_failure();
    assert_eq!(s.execution.describe(&TERMS, s.now).last_failure, failure);
    let retry_state = RetryState::MaximumAttemptsReached;
    assert_eq!(s.outcome(), Outcome::Failed { failure, retry_state });
}

#[test]
fn without_a_maximum_attempts_go_on_until_time_runs_out() {
    let mut s = Scenario::new(Terms { maximum_attempts: None, ..TERMS });
    for attempt in 1..=9 {
        s.at((attempt - 1) * 1_000).poll(1, attempt).expect("the backoff is over");
        s.fail(token(attempt), text("boom")).expect("the token is current");
    }
    s.at(9_000).poll(1, 10).expect("the backoff is over");
    s.fail(token(10), text("boom")).expect("the token is current");
    assert_eq!(s.retry_state(), RetryState::Timeout);
    assert_eq!(s.execution.attempt(), Attempt(10));
}
