//! Activities of a workflow beside standalone ones: the same happens to both, and they differ.

use super::{BY_ID, DONE, NOT_DUE, NOT_FOUND, Scenario, TERMS, text, token};
use TimeoutType::{Heartbeat, ScheduleToClose, ScheduleToStart, StartToClose};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, IdConflictPolicy, Opaque, Outcome, Rejection, Request,
    RequestId, Retry, RetryState, Span, Terms, TimeoutReason, TimeoutType, Timestamp,
};

/// A chain of ten milliseconds, as long as each of its attempts may last.
const TIGHT: Terms = Terms {
    schedule_to_close_timeout: Some(Span(10)),
    schedule_to_start_timeout: Some(Span(10)),
    ..TERMS
};

/// The same terms, standalone and in a workflow.
fn both(terms: Terms) -> [Scenario; 2] {
    [Dialect::Standalone, Dialect::Workflow]
        .map(|dialect| Scenario::new(Terms { dialect, ..terms }))
}

fn timed_out(
    timeout_type: TimeoutType,
    reason: TimeoutReason,
    cause: Payload,
    retry_state: RetryState,
) -> Outcome<Payload> {
    let failure = Payload::timeout_failure(timeout_type, reason, Payload::none(), cause);
    Outcome::TimedOut { timeout_type, failure, retry_state }
}

fn failed(failure: Payload, retry_state: RetryState) -> Outcome<Payload> {
    Outcome::Failed { failure, retry_state }
}

/// The retry of a workflow's activity waits for an instant at which only a late timer lets it start.
#[test]
fn in_a_workflow_a_retry_may_be_dispatched_exactly_at_schedule_to_close() {
    let [mut standalone, mut workflow] = both(TIGHT);
    for it in [&mut standalone, &mut workflow] {
        it.start();
        it.wait(4);
        assert_eq!(it.fail(token(1), &text("boom"), 6), DONE);
    }
    standalone.assert_closed(&failed(text("boom"), RetryState::Timeout));
    workflow.assert_waits_until(10);

    workflow.wait(6);
    let mut late = Scenario::new(workflow.terms);
    late.execution = workflow.execution.clone();
    assert_eq!(workflow.elapse(ScheduleToClose), DONE);
    let no_time = TimeoutReason::NotEnoughTime;
    let outcome = timed_out(ScheduleToClose, no_time, text("boom"), RetryState::Timeout);
    workflow.assert_closed(&outcome);
    assert!(matches!(late.poll(2, 2), Ok(Answer::Task { .. })));

    let mut beyond = Scenario::new(workflow.terms);
    beyond.start();
    beyond.wait(4);
    assert_eq!(beyond.fail(token(1), &text("boom"), 7), DONE);
    beyond.assert_closed(&failed(text("boom"), RetryState::Timeout));
}

/// What was armed first goes first; in a workflow the attempt goes before the chain.
#[test]
fn in_a_workflow_start_to_close_is_settled_before_schedule_to_close() {
    let terms = Terms { maximum_attempts: Some(Attempt(1)), ..TIGHT };
    let [mut standalone, mut workflow] = both(terms);
    for it in [&mut standalone, &mut workflow] {
        it.start();
        it.wait(10);
    }
    let (elapsed, none) = (TimeoutReason::Elapsed, Payload::none());
    assert_eq!(standalone.elapse(StartToClose), NOT_DUE);
    assert_eq!(standalone.elapse(ScheduleToClose), DONE);
    let outcome = timed_out(ScheduleToClose, elapsed, none.clone(), RetryState::Timeout);
    standalone.assert_closed(&outcome);

    assert_eq!(workflow.elapse(ScheduleToClose), NOT_DUE);
    assert_eq!(workflow.elapse(StartToClose), DONE);
    let outcome = timed_out(StartToClose, elapsed, none, RetryState::MaximumAttemptsReached);
    workflow.assert_closed(&outcome);
}

/// A retry was armed anew, so that standalone the chain is older; in a workflow that is no matter.
#[test]
fn in_a_workflow_schedule_to_start_is_settled_before_schedule_to_close_at_a_retry_too() {
    let terms = Terms { schedule_to_start_timeout: Some(Span(4)), ..TIGHT };
    let [mut standalone, mut workflow] = both(terms);
    for it in [&mut standalone, &mut workflow] {
        it.start();
        it.wait(4);
        assert_eq!(it.fail(token(1), &text("boom"), 2), DONE);
        it.wait(6);
        assert_eq!(it.execution.armed.schedule_to_start, Some(Timestamp(10)));
        assert_eq!(it.execution.armed.schedule_to_close, Some(Timestamp(10)));
    }
    assert_eq!(standalone.elapse(ScheduleToStart), NOT_DUE);
    assert_eq!(standalone.elapse(ScheduleToClose), DONE);
    assert_eq!(workflow.elapse(ScheduleToClose), NOT_DUE);
    assert_eq!(workflow.elapse(ScheduleToStart), DONE);
    let elapsed = TimeoutReason::Elapsed;
    let outcome = timed_out(ScheduleToStart, elapsed, text("boom"), RetryState::Timeout);
    workflow.assert_closed(&outcome);
}

/// In both dialects the silence of an attempt is the last thing to be noticed.
#[test]
fn heartbeat_is_settled_last_in_both_dialects() {
    for mut it in both(Terms { heartbeat_timeout: Some(Span(4)), ..TIGHT }) {
        it.wait(6);
        it.start();
        it.wait(4);
        assert_eq!(it.elapse(Heartbeat), NOT_DUE);
        assert_eq!(it.elapse(ScheduleToClose), DONE);
    }
    for mut it in both(Terms { heartbeat_timeout: Some(Span(10)), ..TERMS }) {
        it.start();
        it.wait(10);
        assert_eq!(it.elapse(Heartbeat), NOT_DUE);
        assert_eq!(it.elapse(StartToClose), DONE);
    }
}

/// A server looks at each of the deadlines once and passes over those of an attempt that is over;
/// what is still due is found when it looks again, and a worker may come in between.
#[test]
fn a_tie_that_is_retried_leaves_schedule_to_close_due() {
    for worker_comes_first in [false, true] {
        let mut it = Scenario::new(Terms { dialect: Dialect::Workflow, ..TIGHT });
        it.start();
        it.wait(10);
        let no_backoff = Action::Elapses { timeout_type: StartToClose, backoff: Span(0) };
        assert_eq!(it.step(&no_backoff), DONE);
        it.assert_waits_until(10);
        let of_attempt = it.execution.last_failure.clone();
        if worker_comes_first {
            it.start();
        }
        assert_eq!(it.elapse(ScheduleToClose), DONE);
        let no_time = TimeoutReason::NotEnoughTime;
        it.assert_closed(&timed_out(ScheduleToClose, no_time, of_attempt, RetryState::Timeout));
    }
}

/// Earlier deadlines still go before later ones, whatever their kind.
#[test]
fn the_order_of_the_dialect_is_for_one_instant_only() {
    for mut it in both(Terms { heartbeat_timeout: Some(Span(4)), ..TIGHT }) {
        it.start();
        it.wait(10);
        assert_eq!(it.elapse(StartToClose), NOT_DUE);
        assert_eq!(it.elapse(ScheduleToClose), NOT_DUE);
        assert_eq!(it.elapse(Heartbeat), DONE);
    }
}

/// The failure is the one of a retry that there was no time for, though none was considered.
#[test]
fn in_a_workflow_schedule_to_close_says_that_not_enough_time_is_left() {
    let [mut standalone, mut workflow] = both(TIGHT);
    for it in [&mut standalone, &mut workflow] {
        it.wait(5);
        it.start();
        it.wait(5);
        assert_eq!(it.elapse(ScheduleToClose), DONE);
    }
    let (none, retry_state) = (Payload::none(), RetryState::Timeout);
    let elapsed = timed_out(ScheduleToClose, TimeoutReason::Elapsed, none.clone(), retry_state);
    standalone.assert_closed(&elapsed);
    let no_time = timed_out(ScheduleToClose, TimeoutReason::NotEnoughTime, none, retry_state);
    workflow.assert_closed(&no_time);
}

/// After a cancel request, and where no worker came, each timeout is told as what it is.
#[test]
fn after_a_cancel_request_schedule_to_close_elapses_in_both_dialects() {
    let (elapsed, none) = (TimeoutReason::Elapsed, Payload::none());
    for mut it in both(TIGHT) {
        it.wait(5);
        it.start();
        assert_eq!(it.request_cancel(1), DONE);
        it.wait(5);
        assert_eq!(it.elapse(ScheduleToClose), DONE);
        let retry_state = RetryState::CancelRequested;
        it.assert_closed(&timed_out(ScheduleToClose, elapsed, none.clone(), retry_state));
    }
    for mut it in both(TIGHT) {
        it.wait(10);
        assert_eq!(it.elapse(ScheduleToStart), DONE);
        let retry_state = RetryState::Timeout;
        it.assert_closed(&timed_out(ScheduleToStart, elapsed, none.clone(), retry_state));
    }
}

/// The same report, as each door knows it: standalone it is a failure like any that is not retried.
#[test]
fn in_a_workflow_a_reported_schedule_timeout_goes_before_any_reason_but_a_cancel_request() {
    let reported = text("schedule-to-start, says the worker");
    let at_the_maximum = Terms { maximum_attempts: Some(Attempt(1)), ..TERMS };
    for terms in [TERMS, at_the_maximum] {
        let [mut standalone, mut workflow] = both(terms);
        standalone.start();
        assert_eq!(standalone.report_failure(BY_ID, &reported, Retry::NonRetryable), DONE);
        let retry_state = RetryState::NonRetryableFailure;
        standalone.assert_closed(&failed(reported.clone(), retry_state));

        workflow.start();
        assert_eq!(workflow.report_failure(BY_ID, &reported, Retry::TimedOut), DONE);
        workflow.assert_closed(&failed(reported.clone(), RetryState::Timeout));
    }
    let [_, mut canceled] = both(at_the_maximum);
    canceled.start();
    assert_eq!(canceled.request_cancel(1), DONE);
    assert_eq!(canceled.report_failure(BY_ID, &reported, Retry::TimedOut), DONE);
    canceled.assert_closed(&failed(reported, RetryState::CancelRequested));
}

/// A worker asked for a retry after nothing, which standalone is not heard.
#[test]
fn in_a_workflow_a_failure_without_an_interval_closes_after_every_other_reason() {
    let at_the_maximum = Terms { maximum_attempts: Some(Attempt(1)), ..TERMS };
    for (terms, cancel, retry_state) in [
        (TERMS, false, RetryState::Timeout),
        (at_the_maximum, false, RetryState::MaximumAttemptsReached),
        (at_the_maximum, true, RetryState::CancelRequested),
    ] {
        let [_, mut it] = both(terms);
        it.start();
        if cancel {
            assert_eq!(it.request_cancel(1), DONE);
        }
        assert_eq!(it.report_failure(token(1), &text("boom"), Retry::NoInterval), DONE);
        it.assert_closed(&failed(text("boom"), retry_state));
    }
}

/// A caller of the one always sees a failure; a workflow sees that there was nothing to see.
#[test]
fn in_a_workflow_a_failure_without_details_closes_without() {
    let terms = Terms { maximum_attempts: Some(Attempt(1)), ..TERMS };
    let [mut standalone, mut workflow] = both(terms);
    for (it, failure) in
        [(&mut standalone, Payload::none().or_missing_failure()), (&mut workflow, Payload::none())]
    {
        it.start();
        assert_eq!(it.fail(token(1), &Payload::none(), 0), DONE);
        assert_eq!(it.execution.last_failure, failure);
        it.assert_closed(&failed(failure, RetryState::MaximumAttemptsReached));
    }
}

/// Not started, says a workflow's server, of an attempt that waits for its retry as well.
#[test]
fn in_a_workflow_a_waiting_execution_is_canceled_as_not_started() {
    let [mut standalone, mut workflow] = both(TERMS);
    let not_started = Payload::activity_id_not_started();
    assert_ne!(not_started, text("not needed"));
    for (it, details) in [(&mut standalone, text("not needed")), (&mut workflow, not_started)] {
        it.start();
        assert_eq!(it.fail(token(1), &text("boom"), 5), DONE);
        assert_eq!(it.request_cancel(1), DONE);
        it.assert_closed(&Outcome::Canceled { details, identity: text("client") });
    }
    for mut it in both(TERMS) {
        it.start();
        assert_eq!(it.request_cancel(1), DONE);
        assert_eq!(it.respond_canceled(token(1)), DONE);
        let (details, identity) = (text("cleaned up"), text("client"));
        it.assert_closed(&Outcome::Canceled { details, identity });
    }
}

/// A workflow forgets its activities when they close; whoever asks for more is told as elsewhere.
#[test]
fn in_a_workflow_completing_a_closed_execution_by_id_is_not_found() {
    let [mut standalone, mut workflow] = both(TERMS);
    let closed = Err(Rejection::AlreadyClosed);
    for (it, refused) in [(&mut standalone, closed.clone()), (&mut workflow, NOT_FOUND)] {
        assert_eq!(it.complete(BY_ID), DONE);
        assert_eq!(it.complete(BY_ID), refused);
        assert_eq!(it.complete(token(1)), NOT_FOUND);
        assert_eq!(it.fail(BY_ID, &text("late"), 0), NOT_FOUND);
        assert_eq!(it.request_cancel(1), closed);
        let id_conflict_policy = IdConflictPolicy::UseExisting;
        let start =
            Request::StartActivityExecution { request_id: RequestId(9), id_conflict_policy };
        assert_eq!(it.call(start), closed);
    }
}
