//! Starts, attempts, failures and reports.

use super::{BY_ID, DONE, NOT_FOUND, Scenario, TERMS, text, token};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Answer, Attempt, IdConflictPolicy, Opaque, Outcome, Rejection, Request, RequestId, Retry,
    RetryState, Span, TaskToken, Terms, Timestamp,
};

/// The worker that polls too early is not given the task.
#[test]
fn a_failed_attempt_waits_its_backoff_before_it_is_dispatched() {
    let mut it = Scenario::new(TERMS);
    it.start();
    it.wait(3);
    //= models/spec.md#S5 type=test
    //# A retried attempt is dispatched one backoff after the attempt before it ended.
    assert_eq!(it.fail(token(1), &text("boom"), 7), DONE);
    it.assert_waits_until(10);
    assert_eq!(it.execution.last_failure, text("boom"));

    it.wait(6);
    assert_eq!(it.poll(2, 2), Err(Rejection::ObsoleteTask));
    it.wait(1);
    assert!(matches!(it.poll(2, 2), Ok(Answer::Task { .. })));
}

/// The answer to the first poll may have been lost on its way.
#[test]
fn a_repeated_poll_is_given_the_same_task() {
    let mut it = Scenario::new(TERMS);
    let task = it.poll(1, 1);
    assert_eq!(
        task,
        Ok(Answer::Task {
            token: TaskToken(Attempt(1)),
            attempt: Attempt(1),
            started_time: Timestamp(0),
            current_attempt_scheduled_time: Timestamp(0),
            heartbeat_details: Payload::none(),
        })
    );
    it.wait(4);
    assert_eq!(it.poll(1, 1), task);
    assert_eq!(it.poll(1, 2), Err(Rejection::ObsoleteTask));
    assert_eq!(it.execution.armed.start_to_close, Some(Timestamp(10)));
}

/// The worker of an attempt that is over may still be running.
#[test]
fn a_stale_token_changes_nothing() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.fail(token(1), &text("boom"), 0), DONE);
    let assert_stale = |it: &mut Scenario| {
        //= models/spec.md#S19 type=test
        //# A call about an attempt that the service has given up is not found and changes nothing.
        assert_eq!(it.heartbeat(token(1), "late"), NOT_FOUND);
        assert_eq!(it.complete(token(1)), NOT_FOUND);
        assert_eq!(it.fail_non_retryable(token(1)), NOT_FOUND);
        assert_eq!(it.respond_canceled(token(1)), NOT_FOUND);
    };
    assert_stale(&mut it);
    assert_eq!(it.poll(1, 2), Err(Rejection::ObsoleteTask));
    it.start();
    assert_stale(&mut it);
    assert_eq!(it.complete(token(2)), DONE);
}

/// A call by id names whichever attempt is current.
#[test]
fn a_call_by_id_speaks_about_the_attempt_that_a_worker_holds() {
    let mut it = Scenario::new(TERMS);
    assert_eq!(it.heartbeat(BY_ID, "early"), NOT_FOUND);
    assert_eq!(it.fail(BY_ID, &text("early"), 0), NOT_FOUND);
    assert_eq!(it.respond_canceled(BY_ID), NOT_FOUND);
    it.start();
    assert_eq!(it.fail(BY_ID, &text("boom"), 0), DONE);
    assert_eq!(it.execution.attempt, Attempt(2));
}

/// Somebody did the work by hand before any worker came.
#[test]
fn an_execution_that_waits_can_be_completed_by_id() {
    let mut it = Scenario::new(TERMS);
    it.wait(2);
    assert_eq!(it.complete(token(1)), NOT_FOUND);
    assert_eq!(it.complete(BY_ID), DONE);
    let result = text("result");
    it.assert_closed(&Outcome::Completed { result });
    assert_eq!(it.execution.last_started_time, Some(Timestamp(2)));
    assert_eq!(it.execution.attempt, Attempt(1));

    assert_eq!(it.complete(BY_ID), Err(Rejection::AlreadyClosed));
    assert_eq!(it.fail(BY_ID, &text("late"), 0), NOT_FOUND);
}

/// The checkpoint is not lost with the attempt that wrote it.
#[test]
fn heartbeat_details_that_travel_with_a_failure_reach_the_next_attempt() {
    let mut it = Scenario::new(TERMS);
    it.start();
    it.wait(1);
    let failed = it.call(Request::RespondActivityTaskFailed {
        target: token(1),
        failure: text("boom"),
        retry: Retry::After(Span(0)),
        last_heartbeat_details: Some(text("halfway")),
        identity: text("worker"),
    });
    assert_eq!(failed, DONE);
    assert_eq!(it.execution.last_heartbeat_time, Some(Timestamp(1)));
    assert_eq!(it.execution.total_heartbeat_count, 1);
    assert_eq!(it.execution.armed.heartbeat, None);

    let Ok(Answer::Task { heartbeat_details, .. }) = it.poll(2, 2) else {
        panic!("the second attempt was dispatched");
    };
    assert_eq!(heartbeat_details, text("halfway"));
}

/// The newest details are the checkpoint, also where a worker has nothing to say any more.
#[test]
fn a_heartbeat_without_details_forgets_those_before() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert!(it.heartbeat(token(1), "halfway").is_ok());
    let nothing =
        Request::RecordActivityTaskHeartbeat { target: token(1), details: Payload::none() };
    assert!(it.call(nothing).is_ok());
    assert_eq!(it.execution.heartbeat_details, Payload::none());
    assert_eq!(it.execution.total_heartbeat_count, 2);
}

/// An attempt is complete when it was completed, failed or timed out, not when it was cut short.
#[test]
fn an_attempt_that_ends_leaves_its_time_and_the_name_of_its_worker() {
    let complete_time = |end: fn(&mut Scenario)| {
        let mut it = Scenario::new(TERMS);
        it.start();
        assert_eq!(it.execution.last_worker_identity, text("worker"));
        it.wait(10);
        end(&mut it);
        let worker = it.execution.last_worker_identity;
        (it.execution.last_attempt_complete_time, worker)
    };
    let (then, worker, reporter) = (Some(Timestamp(10)), text("worker"), text("reporter"));

    let completed = complete_time(|it| assert_eq!(it.complete(token(1)), DONE));
    assert_eq!(completed, (then, reporter.clone()));
    let failed = complete_time(|it| assert_eq!(it.fail_non_retryable(token(1)), DONE));
    assert_eq!(failed, (then, reporter));
    let retried = complete_time(|it| assert_eq!(it.fail(token(1), &text("boom"), 0), DONE));
    assert_eq!(retried, (then, worker.clone()));
    let terminated = complete_time(|it| assert_eq!(it.terminate(1), DONE));
    assert_eq!(terminated, (None, worker));
}

/// A retry has nothing to show; a caller always has.
#[test]
fn a_failure_without_details_is_made_up_only_at_the_close() {
    let terms = Terms { maximum_attempts: Some(Attempt(2)), ..TERMS };
    let mut it = Scenario::new(terms);
    it.start();
    assert_eq!(it.fail(token(1), &Payload::none(), 0), DONE);
    assert_eq!(it.execution.last_failure, Payload::none());

    it.start();
    assert_eq!(it.fail(token(2), &Payload::none(), 0), DONE);
    let failure = Payload::none().or_missing_failure();
    assert_eq!(it.execution.last_failure, failure);
    it.assert_closed(&Outcome::Failed { failure, retry_state: RetryState::MaximumAttemptsReached });
}

/// Only an attempt that runs out of time is reported as timed out; one that fails has failed.
#[test]
fn a_failure_without_time_for_another_attempt_is_failed() {
    let terms = Terms {
        schedule_to_close_timeout: Some(Span(20)),
        schedule_to_start_timeout: Some(Span(20)),
        ..TERMS
    };
    for (backoff, retried) in [(16, true), (17, false)] {
        let mut it = Scenario::new(terms);
        it.start();
        it.wait(3);
        assert_eq!(it.fail(token(1), &text("boom"), backoff), DONE);
        if retried {
            it.assert_waits_until(19);
        } else {
            //= models/spec.md#S6 type=test
            //# A failure that closes is shown with the reason why no retry followed.
            it.assert_closed(&Outcome::Failed {
                failure: text("boom"),
                retry_state: RetryState::Timeout,
            });
        }
    }
}

/// What is wrong for good is not tried again, however many attempts are left.
#[test]
fn a_non_retryable_failure_closes_at_the_first_attempt() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.fail_non_retryable(token(1)), DONE);
    it.assert_closed(&Outcome::Failed {
        failure: text("fatal"),
        retry_state: RetryState::NonRetryableFailure,
    });
    assert_eq!(it.execution.last_worker_identity, text("reporter"));
}

/// Whether it is the same start or another one is told by its request id alone.
#[test]
fn a_repeated_start_names_the_same_execution() {
    let start = |request_id, id_conflict_policy| Request::StartActivityExecution {
        request_id: RequestId(request_id),
        id_conflict_policy,
    };
    let mut it = Scenario::new(TERMS);
    let (same, another) = (0, 9);
    //= models/spec.md#S2 type=test
    //# Repeating that request under its id names the same execution.
    assert_eq!(it.call(start(same, IdConflictPolicy::Fail)), Ok(Answer::Existing));
    let refused = Err(Rejection::AlreadyStarted);
    assert_eq!(it.call(start(another, IdConflictPolicy::Fail)), refused);
    let existing = Ok(Answer::Existing);
    assert_eq!(it.call(start(another, IdConflictPolicy::UseExisting)), existing);

    assert_eq!(it.terminate(1), DONE);
    assert_eq!(it.call(start(same, IdConflictPolicy::Fail)), existing);
    let closed = Err(Rejection::AlreadyClosed);
    assert_eq!(it.call(start(another, IdConflictPolicy::UseExisting)), closed);
}

/// Nobody asks the worker; it finds out at its next call.
#[test]
fn a_terminated_worker_finds_out_at_its_next_call() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.terminate(1), DONE);
    it.assert_closed(&Outcome::Terminated { reason: text("enough"), identity: text("operator") });
    //= models/spec.md#S20 type=test
    //# A call by token about an execution that is closed is not found.
    assert_eq!(it.heartbeat(token(1), "alive"), NOT_FOUND);
    assert_eq!(it.complete(token(1)), NOT_FOUND);

    assert_eq!(it.terminate(1), DONE);
    assert_eq!(it.terminate(2), Err(Rejection::AlreadyClosed));
}
