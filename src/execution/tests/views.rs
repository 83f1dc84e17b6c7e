//! What is shown of an execution: its description, and what a workflow shows of its activities.

use super::*;

const WORKFLOW: ExecutionOptions = ExecutionOptions { dialect: Dialect::Workflow, ..TERMS };

#[test]
fn a_retry_interval_is_shown_until_the_attempt_is_dispatched() {
    let mut s = Scenario::started(TERMS);
    s.at(100).fail(text("boom")).expect("a worker holds the task");
    let waiting = s.execution.describe(&TERMS, s.now);
    assert_eq!(waiting.attempt, Attempt(2));
    assert_eq!(waiting.run_state, Some(PendingActivityState::Scheduled));
    assert_eq!(waiting.current_retry_interval, Some(BACKOFF));
    assert_eq!(waiting.next_attempt_schedule_time, Some(Timestamp(1_100)));
    assert_eq!(waiting.expiration_time, Some(Timestamp(10_000)));
    let dispatched = s.execution.describe(&TERMS, Timestamp(1_100));
    assert_eq!(dispatched.current_retry_interval, None);
}

#[test]
fn a_start_delay_is_shown_as_a_dispatch_to_come_without_an_interval() {
    let terms = ExecutionOptions { start_delay: Span(400), ..TERMS };
    let description = Scenario::new(terms).execution.describe(&terms, Timestamp(0));
    assert_eq!(description.next_attempt_schedule_time, Some(Timestamp(400)));
    assert_eq!(description.current_retry_interval, None);
    assert_eq!(description.expiration_time, Some(Timestamp(10_400)));
}

#[test]
fn a_cancel_request_is_shown_with_its_reason_also_after_the_close() {
    let mut s = Scenario::started(TERMS);
    s.cancel(7).expect("a worker holds the task");
    assert_eq!(s.execution.run_state(), Some(PendingActivityState::CancelRequested));
    s.at(100).complete().expect("a worker holds the task");
    let closed = s.execution.describe(&TERMS, s.now);
    assert_eq!(closed.status, ActivityExecutionStatus::Completed);
    assert_eq!(closed.canceled_reason, Some(text("reason")));
    assert_eq!(closed.close_time, Some(Timestamp(100)));
    assert_eq!(closed.run_state, None);
}

#[test]
fn an_empty_history_is_no_execution() {
    assert_eq!(ActivityExecution::<i16, ()>::recover(&[]), None);
}

#[test]
fn a_workflow_shows_as_completed_only_attempts_whose_failure_was_reported() {
    let mut s = Scenario::started(WORKFLOW);
    s.at(500);
    let elapsed = timeout(TimeoutType::Heartbeat, Payload::none(), Payload::none());
    let waiting = s.view();
    assert_eq!(waiting.last_attempt_complete_time, None);
    assert_eq!(waiting.last_failure, elapsed);
    assert_eq!(waiting.next_attempt_schedule_time, Some(Timestamp(1_500)));
    assert_eq!(waiting.last_started_time, None);

    s.at(1_500).poll(2, 2).expect("the backoff is over");
    assert_eq!(s.view().next_attempt_schedule_time, None);
    s.at(1_600).heartbeat("half").expect("a worker holds the task");
    s.at(1_700).fail(text("boom")).expect("a worker holds the task");
    let waiting = s.view();
    assert_eq!(waiting.last_attempt_complete_time, Some(Timestamp(1_700)));
    assert_eq!(waiting.last_heartbeat_time, Some(Timestamp(1_600)));
    assert_eq!(waiting.heartbeat_details, text("half"));
    assert_eq!(waiting.last_failure, text("boom"));
}

#[test]
fn the_history_of_a_closed_activity_tells_of_the_attempt_that_closed_it() {
    let mut s = Scenario::started(WORKFLOW);
    s.fail(text("first")).expect("a worker holds the task");
    s.at(1_000).poll(2, 2).expect("the backoff is over");
    s.at(1_100).fail_for_good().expect("a worker holds the task");
    let closed = s.view();
    assert_eq!(closed.last_started_time, Some(Timestamp(1_000)));
    assert_eq!(closed.last_failure, text("first"));
    assert_eq!(closed.close_time, Some(Timestamp(1_100)));
    assert_eq!((closed.last_heartbeat_time, closed.last_attempt_complete_time), (None, None));
    assert_eq!(
        (&closed.heartbeat_details, &closed.last_worker_identity),
        (&Payload::none(), &Payload::none())
    );
}

#[test]
fn the_history_of_an_activity_that_closed_while_it_waited_tells_of_no_attempt() {
    let mut s = Scenario::started(WORKFLOW);
    s.fail(text("boom")).expect("a worker holds the task");
    s.at(300).cancel(1).expect("the execution is open");
    let closed = s.view();
    assert_eq!((closed.last_started_time, &closed.last_failure), (None, &Payload::none()));

    let mut s = Scenario::started(WORKFLOW);
    s.fail(text("boom")).expect("a worker holds the task");
    s.at(300).complete().expect("by id a waiting execution can be completed");
    let closed = s.view();
    assert_eq!(closed.last_started_time, Some(Timestamp(300)));
    assert_eq!(closed.last_failure, text("boom"));
}
