//! Cancellation is a request: what it ends at once, what it leaves to the worker, what it forbids.

use super::{DONE, NOT_FOUND, Scenario, TERMS, text, token};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Answer, Attempt, Opaque, Outcome, Rejection, RetryState, Span, Terms, TimeoutReason,
    TimeoutType,
};

const ASKED_TO_STOP: Result<Answer, Rejection> = Ok(Answer::Recorded { cancel_requested: true });

/// There is no worker to ask, not even while an attempt waits for its backoff.
#[test]
fn cancel_of_a_waiting_execution_closes_it_at_once() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.fail(token(1), &text("boom"), 5), DONE);
    //= models/spec.md#S17 type=test
    //# An execution that no worker holds is canceled at once.
    assert_eq!(it.request_cancel(1), DONE);
    it.assert_closed(&Outcome::Canceled { details: text("not needed"), identity: text("client") });
    it.wait(5);
    assert_eq!(it.poll(2, 2), Err(Rejection::ObsoleteTask));
}

/// The request reaches a worker when it asks, and as often as it asks.
#[test]
fn a_worker_learns_of_cancellation_from_the_answers_to_its_heartbeats() {
    let mut it = Scenario::new(TERMS);
    it.start();
    let cancel_requested = false;
    let wanted = Ok(Answer::Recorded { cancel_requested });
    assert_eq!(it.heartbeat(token(1), "one"), wanted);
    assert_eq!(it.request_cancel(1), DONE);
    //= models/spec.md#S17 type=test
    //# A worker learns of cancellation from the answer to its heartbeat.
    assert_eq!(it.heartbeat(token(1), "two"), ASKED_TO_STOP);
    //= models/spec.md#S27 type=test
    //# A worker may ignore cancellation, though every heartbeat repeats it.
    assert_eq!(it.heartbeat(token(1), "three"), ASKED_TO_STOP);
}

/// The outcome names the details of the worker and the identity of who asked.
#[test]
fn a_worker_that_gives_in_is_canceled_with_its_details() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.request_cancel(1), DONE);
    //= models/spec.md#S26 type=test
    //# A worker that gives in ends the execution as canceled, with its own details.
    assert_eq!(it.respond_canceled(token(1)), DONE);
    it.assert_closed(&Outcome::Canceled { details: text("cleaned up"), identity: text("client") });
    assert_eq!(it.execution.last_attempt_complete_time, None);
}

/// A worker cannot cancel itself; its attempt goes on until it reports or times out.
#[test]
fn a_worker_cannot_give_in_to_cancellation_that_nobody_requested() {
    let mut it = Scenario::new(TERMS);
    assert_eq!(it.respond_canceled(token(1)), NOT_FOUND);
    it.start();
    //= models/spec.md#S26 type=test
    //# A report of cancellation that nobody requested is refused.
    let refused = Err(Rejection::CancelNotRequested);
    assert_eq!(it.respond_canceled(token(1)), refused);
    assert_eq!(it.complete(token(1)), DONE);
}

/// It had nearly finished anyway.
#[test]
fn a_worker_may_ignore_cancellation_and_complete() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.request_cancel(1), DONE);
    //= models/spec.md#S25 type=test
    //# What a worker reports after a cancel request counts, whatever it is.
    assert_eq!(it.complete(token(1)), DONE);
    let result = text("result");
    it.assert_closed(&Outcome::Completed { result });
}

/// Cancellation is asked first, before whether the failure is retryable and attempts are left.
#[test]
fn a_failure_after_a_cancel_request_is_not_retried_for_that_reason() {
    let terms = Terms { maximum_attempts: Some(Attempt(1)), ..TERMS };
    for terms in [TERMS, terms] {
        let mut it = Scenario::new(terms);
        it.start();
        assert_eq!(it.request_cancel(1), DONE);
        //= models/spec.md#S27 type=test
        //# A failure or timeout after a cancel request is not retried.
        assert_eq!(it.fail_non_retryable(token(1)), DONE);
        it.assert_closed(&Outcome::Failed {
            failure: text("fatal"),
            retry_state: RetryState::CancelRequested,
        });
    }
}

/// The worker that was asked to stop has fallen silent.
#[test]
fn cancellation_moves_no_deadline_and_a_timeout_keeps_its_type() {
    let terms = Terms { heartbeat_timeout: Some(Span(4)), ..TERMS };
    let mut it = Scenario::new(terms);
    it.start();
    it.wait(3);
    let armed = it.execution.armed;
    assert_eq!(it.request_cancel(1), DONE);
    //= models/spec.md#S16 type=test
    //# Cancellation moves no deadline.
    assert_eq!(it.execution.armed, armed);
    it.wait(1);
    assert_eq!(it.elapse(TimeoutType::Heartbeat), DONE);
    let (reason, none) = (TimeoutReason::Elapsed, Payload::none);
    it.assert_closed(&Outcome::TimedOut {
        timeout_type: TimeoutType::Heartbeat,
        failure: Payload::timeout_failure(TimeoutType::Heartbeat, reason, none(), none()),
        retry_state: RetryState::CancelRequested,
    });
}

/// The whole chain has run out of time while a worker was asked to stop.
#[test]
fn schedule_to_close_after_a_cancel_request_says_that_cancellation_was_requested() {
    let terms = Terms {
        schedule_to_close_timeout: Some(Span(10)),
        schedule_to_start_timeout: Some(Span(10)),
        ..TERMS
    };
    let mut it = Scenario::new(terms);
    it.start();
    assert_eq!(it.request_cancel(1), DONE);
    it.wait(10);
    let timeout_type = TimeoutType::ScheduleToClose;
    assert_eq!(it.elapse(timeout_type), DONE);
    let (reason, none) = (TimeoutReason::Elapsed, Payload::none);
    it.assert_closed(&Outcome::TimedOut {
        timeout_type,
        failure: Payload::timeout_failure(timeout_type, reason, none(), none()),
        retry_state: RetryState::CancelRequested,
    });
}

/// A client that got no answer may ask again; another client may not add its own request.
#[test]
fn cancellation_can_be_requested_once() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert_eq!(it.request_cancel(1), DONE);
    let asked = it.execution.clone();
    //= models/spec.md#S30 type=test
    //# Repeating the accepted cancel request has no further effect.
    assert_eq!(it.request_cancel(1), DONE);
    assert_eq!(it.execution, asked);
    //= models/spec.md#S30 type=test
    //# A cancel request under another id is refused.
    let refused = Err(Rejection::CancelAlreadyRequested);
    assert_eq!(it.request_cancel(2), refused);

    assert_eq!(it.respond_canceled(token(1)), DONE);
    assert_eq!(it.request_cancel(1), DONE);
    assert_eq!(it.request_cancel(2), Err(Rejection::AlreadyClosed));
}
