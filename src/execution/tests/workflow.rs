//! What differs for an activity of a workflow, and what its workflow shows of it.

use super::*;

const WORKFLOW: Terms = Terms { dialect: Dialect::Workflow, ..TERMS };

#[test]
fn deadlines_at_one_instant_are_settled_in_the_order_of_the_dialect() {
    let even = |dialect| Terms {
        dialect,
        schedule_to_close_timeout: Some(Span(3_000)),
        schedule_to_start_timeout: Some(Span(2_000)),
        start_to_close_timeout: Span(2_000),
        ..TERMS
    };
    for (dialect, started, retried) in [
        (Dialect::Standalone, TimeoutType::ScheduleToClose, TimeoutType::ScheduleToClose),
        (Dialect::Workflow, TimeoutType::StartToClose, TimeoutType::ScheduleToStart),
    ] {
        let terms = Terms { heartbeat_timeout: None, ..even(dialect) };
        let mut s = Scenario::new(terms);
        s.at(1_000).poll(1, 1).expect("the first attempt is dispatched at once");
        assert_eq!(s.deadline(), Some((started, 3_000)));

        let mut s = Scenario::started(terms);
        s.fail(BY_ID, text("boom")).expect("a worker holds the task");
        assert_eq!(s.deadline(), Some((retried, 3_000)));
    }
}

#[test]
fn a_retry_at_the_deadline_is_granted_to_a_workflow_and_then_finds_it_closed() {
    for (dialect, granted) in [(Dialect::Standalone, false), (Dialect::Workflow, true)] {
        let mut s = Scenario::started(Terms { dialect, heartbeat_timeout: None, ..TERMS });
        s.fail(BY_ID, text("boom")).expect("a worker holds the task");
        s.at(8_900).poll(2, 2).expect("the backoff is over");
        s.at(9_000).fail(BY_ID, text("boom")).expect("a worker holds the task");
        assert_eq!(s.execution.run_state().is_some(), granted);
        if granted {
            assert_eq!(s.at(10_000).poll(3, 3), Err(Rejection::ObsoleteTask));
            let details = Payload::none();
            let reason = TimeoutReason::NotEnoughTime;
            let failure = Payload::timeout_failure(
                TimeoutType::ScheduleToClose,
                reason,
                details,
                text("boom"),
            );
            let Outcome::TimedOut { failure: told, retry_state, .. } = s.outcome() else {
                panic!("not timed out: {:?}", s.outcome());
            };
            assert_eq!((told, retry_state), (failure, RetryState::Timeout));
        }
    }
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
    s.at(1_600).heartbeat(BY_ID, "half").expect("a worker holds the task");
    s.at(1_700).fail(BY_ID, text("boom")).expect("a worker holds the task");
    let waiting = s.view();
    assert_eq!(waiting.last_attempt_complete_time, Some(Timestamp(1_700)));
    assert_eq!(waiting.last_heartbeat_time, Some(Timestamp(1_600)));
    assert_eq!(waiting.heartbeat_details, text("half"));
    assert_eq!(waiting.last_failure, text("boom"));
}

#[test]
fn the_history_of_a_closed_activity_tells_of_the_attempt_that_closed_it() {
    let mut s = Scenario::started(WORKFLOW);
    s.fail(BY_ID, text("first")).expect("a worker holds the task");
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
    s.fail(BY_ID, text("boom")).expect("a worker holds the task");
    s.at(300).cancel(1).expect("the execution is open");
    let closed = s.view();
    assert_eq!((closed.last_started_time, &closed.last_failure), (None, &Payload::none()));
    let details = Payload::activity_id_not_started();
    assert_eq!(s.outcome(), Outcome::Canceled { details, identity: text("client") });

    let mut s = Scenario::started(WORKFLOW);
    s.fail(BY_ID, text("boom")).expect("a worker holds the task");
    s.at(300).complete(BY_ID).expect("by id a waiting execution can be completed");
    let closed = s.view();
    assert_eq!(closed.last_started_time, Some(Timestamp(300)));
    assert_eq!(closed.last_failure, text("boom"));
    assert_eq!(s.complete(BY_ID), Err(Rejection::NotFound));
}
