//! Deadlines: what arms them, what they end, and which is settled first.

use super::{DONE, NOT_DUE, NOT_FOUND, Scenario, TERMS, text, token};
use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Answer, Attempt, Deadlines, Opaque, Outcome, Rejection, RetryState, Span, Terms, TimeoutReason,
    TimeoutType, Timestamp,
};

/// A chain of thirty milliseconds; an attempt waits for a worker as long.
const BOUNDED: Terms = Terms {
    schedule_to_close_timeout: Some(Span(30)),
    schedule_to_start_timeout: Some(Span(30)),
    ..TERMS
};

fn timed_out(
    timeout_type: TimeoutType,
    cause: Payload,
    retry_state: RetryState,
) -> Outcome<Payload> {
    let (reason, details) = (TimeoutReason::Elapsed, Payload::none());
    Outcome::TimedOut {
        timeout_type,
        failure: Payload::timeout_failure(timeout_type, reason, details, cause),
        retry_state,
    }
}

/// The worker has crashed; the service is not told.
#[test]
fn a_lost_task_is_found_by_start_to_close() {
    let mut it = Scenario::new(TERMS);
    it.wait(4);
    it.start();
    it.wait(9);
    //= models/spec.md#S12 type=test
    //# Start-to-close runs from the start that the service recorded.
    assert_eq!(it.elapse(StartToClose), NOT_DUE);
    it.wait(1);
    //= models/spec.md#S13 type=test
    //# An attempt that ran into a timeout is retried as the policy allows.
    assert_eq!(it.elapse(StartToClose), DONE);
    it.assert_waits_until(19);
    assert_eq!(it.execution.attempt, Attempt(2));
    assert_eq!(it.complete(token(1)), NOT_FOUND);
}

/// Each phase has its own deadlines; schedule-to-close has them all.
#[test]
fn only_the_deadlines_of_the_phase_and_schedule_to_close_are_armed() {
    let terms = Terms { heartbeat_timeout: Some(Span(4)), ..BOUNDED };
    let mut it = Scenario::new(terms);
    let waiting = Deadlines {
        schedule_to_start: Some(Timestamp(30)),
        schedule_to_close: Some(Timestamp(30)),
        start_to_close: None,
        heartbeat: None,
    };
    assert_eq!(it.execution.armed, waiting);

    it.start();
    let started = Deadlines {
        schedule_to_start: None,
        schedule_to_close: Some(Timestamp(30)),
        start_to_close: Some(Timestamp(10)),
        heartbeat: Some(Timestamp(4)),
    };
    assert_eq!(it.execution.armed, started);

    assert_eq!(it.fail(token(1), &text("boom"), 5), DONE);
    let waiting_again = Deadlines { schedule_to_start: Some(Timestamp(35)), ..waiting };
    assert_eq!(it.execution.armed, waiting_again);

    assert_eq!(it.terminate(1), DONE);
    assert_eq!(it.execution.armed, Deadlines::default());
}

/// At most once: the attempt may have had its effects, and there is no other.
#[test]
fn with_maximum_attempts_of_one_a_timeout_is_not_retried() {
    let terms = Terms { maximum_attempts: Some(Attempt(1)), ..TERMS };
    let mut it = Scenario::new(terms);
    it.start();
    it.wait(10);
    //= models/spec.md#S14 type=test
    //# With maximum attempts of one, an attempt that times out is not retried.
    assert_eq!(it.elapse(StartToClose), DONE);
    let retry_state = RetryState::MaximumAttemptsReached;
    it.assert_closed(&timed_out(StartToClose, Payload::none(), retry_state));
}

/// A policy can list a timeout among what is not retried.
#[test]
fn a_timeout_that_the_policy_lists_is_not_retried() {
    let terms = Terms { retries_start_to_close: false, ..TERMS };
    let mut it = Scenario::new(terms);
    it.start();
    it.wait(10);
    assert_eq!(it.elapse(StartToClose), DONE);
    let retry_state = RetryState::NonRetryableFailure;
    it.assert_closed(&timed_out(StartToClose, Payload::none(), retry_state));
}

/// No worker came; a new attempt would wait in the same queue.
#[test]
fn a_schedule_to_start_timeout_is_never_retried() {
    let terms = Terms { schedule_to_start_timeout: Some(Span(6)), ..TERMS };
    let mut it = Scenario::new(terms);
    it.wait(6);
    //= models/spec.md#S13 type=test
    //# A schedule-to-start or schedule-to-close timeout is never retried.
    assert_eq!(it.elapse(ScheduleToStart), DONE);
    it.assert_closed(&timed_out(ScheduleToStart, Payload::none(), RetryState::Timeout));
    assert_eq!(it.poll(1, 1), Err(Rejection::ObsoleteTask));
}

/// The caller is told that time ran out; the attempt's own timeout stays the last failure.
#[test]
fn a_timeout_without_time_for_another_attempt_is_reported_as_schedule_to_close() {
    let mut it = Scenario::new(BOUNDED);
    it.wait(15);
    it.start();
    it.wait(10);
    assert_eq!(it.elapse(StartToClose), DONE);
    let complete_time = it.execution.last_attempt_complete_time;
    assert_eq!(complete_time, Some(Timestamp(25)));
    let (none, no_time) = (Payload::none, TimeoutReason::NotEnoughTime);
    it.assert_closed(&Outcome::TimedOut {
        timeout_type: ScheduleToClose,
        failure: Payload::timeout_failure(ScheduleToClose, no_time, none(), none()),
        retry_state: RetryState::Timeout,
    });
    let of_attempt = Payload::timeout_failure(StartToClose, TimeoutReason::Elapsed, none(), none());
    assert_eq!(it.execution.last_failure, of_attempt);
}

/// A timeout that is retried is kept bare; the one that closes tells the story so far.
#[test]
fn a_terminal_timeout_carries_the_newest_details_and_the_failure_before_it() {
    let terms =
        Terms { maximum_attempts: Some(Attempt(2)), heartbeat_timeout: Some(Span(4)), ..TERMS };
    let mut it = Scenario::new(terms);
    let elapsed = |details: Payload, cause: Payload| {
        Payload::timeout_failure(Heartbeat, TimeoutReason::Elapsed, details, cause)
    };
    it.start();
    assert!(it.heartbeat(token(1), "halfway").is_ok());
    it.wait(4);
    assert_eq!(it.elapse(Heartbeat), DONE);
    let first = elapsed(Payload::none(), Payload::none());
    assert_eq!(it.execution.last_failure, first);

    it.wait(5);
    it.start();
    it.wait(4);
    assert_eq!(it.elapse(Heartbeat), DONE);
    it.assert_closed(&Outcome::TimedOut {
        timeout_type: Heartbeat,
        failure: elapsed(text("halfway"), first),
        retry_state: RetryState::MaximumAttemptsReached,
    });
}

/// With schedule-to-close alone given, both deadlines are the same; the older one is reported.
#[test]
fn at_the_first_attempt_schedule_to_start_is_settled_before_schedule_to_close() {
    let mut it = Scenario::new(BOUNDED);
    it.wait(30);
    assert_eq!(it.elapse(ScheduleToClose), NOT_DUE);
    assert_eq!(it.elapse(ScheduleToStart), DONE);
    it.assert_closed(&timed_out(ScheduleToStart, Payload::none(), RetryState::Timeout));
}

/// A retry arms schedule-to-start anew, so that schedule-to-close is now the older one.
#[test]
fn at_a_retry_schedule_to_close_is_settled_before_schedule_to_start() {
    let terms = Terms { schedule_to_start_timeout: Some(Span(20)), ..BOUNDED };
    let mut it = Scenario::new(terms);
    it.start();
    it.wait(4);
    assert_eq!(it.fail(token(1), &text("boom"), 6), DONE);
    it.wait(26);
    assert_eq!(it.execution.armed.schedule_to_start, Some(Timestamp(30)));
    assert_eq!(it.elapse(ScheduleToStart), NOT_DUE);
    assert_eq!(it.elapse(ScheduleToClose), DONE);
    it.assert_closed(&timed_out(ScheduleToClose, text("boom"), RetryState::Timeout));
}

/// The chain is bounded, retries included; its deadline is older than any of an attempt.
#[test]
fn in_an_attempt_schedule_to_close_goes_before_start_to_close_and_that_before_heartbeat() {
    let terms = Terms { heartbeat_timeout: Some(Span(10)), ..BOUNDED };
    let mut it = Scenario::new(terms);
    it.wait(20);
    it.start();
    it.wait(10);
    assert_eq!(it.elapse(Heartbeat), NOT_DUE);
    assert_eq!(it.elapse(StartToClose), NOT_DUE);
    assert_eq!(it.elapse(ScheduleToClose), DONE);

    let mut it = Scenario::new(Terms { heartbeat_timeout: Some(Span(10)), ..TERMS });
    it.start();
    it.wait(10);
    assert_eq!(it.elapse(Heartbeat), NOT_DUE);
    assert_eq!(it.elapse(StartToClose), DONE);
}

/// Settled late, the earlier deadline still decides what happened.
#[test]
fn overdue_deadlines_are_settled_earliest_first() {
    let terms = Terms { heartbeat_timeout: Some(Span(4)), ..BOUNDED };
    let mut it = Scenario::new(terms);
    it.start();
    it.wait(12);
    assert_eq!(it.elapse(StartToClose), NOT_DUE);
    assert_eq!(it.elapse(Heartbeat), DONE);
    it.assert_waits_until(17);
    assert_eq!(it.elapse(StartToClose), NOT_DUE);
}

/// No call is refused for being late; only a deadline that is settled ends an attempt.
#[test]
fn a_heartbeat_before_an_overdue_deadline_is_settled_rescues_the_attempt() {
    let terms = Terms { heartbeat_timeout: Some(Span(4)), ..TERMS };
    let mut it = Scenario::new(terms);
    it.start();
    it.wait(5);
    let cancel_requested = false;
    let recorded = Ok(Answer::Recorded { cancel_requested });
    assert_eq!(it.heartbeat(token(1), "alive"), recorded);
    assert_eq!(it.elapse(Heartbeat), NOT_DUE);
    assert_eq!(it.execution.armed.heartbeat, Some(Timestamp(9)));
}

/// A heartbeat is welcome without a timeout, and arms none.
#[test]
fn a_heartbeat_timeout_that_is_not_set_never_runs() {
    let mut it = Scenario::new(TERMS);
    it.start();
    assert!(it.heartbeat(token(1), "alive").is_ok());
    assert_eq!(it.execution.armed.heartbeat, None);
    it.wait(10);
    assert_eq!(it.elapse(Heartbeat), NOT_DUE);
}

/// Time that is spent waiting on purpose counts against nothing.
#[test]
fn a_start_delay_moves_the_first_dispatch_and_what_is_counted_from_it() {
    let terms = Terms { start_delay: Span(7), ..BOUNDED };
    let mut it = Scenario::new(terms);
    it.assert_waits_until(7);
    assert_eq!(it.execution.armed.schedule_to_start, Some(Timestamp(37)));
    assert_eq!(it.execution.armed.schedule_to_close, Some(Timestamp(37)));
    assert_eq!(it.poll(1, 1), Err(Rejection::ObsoleteTask));
    it.wait(7);
    it.start();
    assert_eq!(it.execution.armed.start_to_close, Some(Timestamp(17)));
}
