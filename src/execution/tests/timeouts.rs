//! Heartbeats, deadlines, and what time alone does.

use super::*;

#[test]
fn a_heartbeat_postpones_only_its_own_deadline_and_outlives_its_attempt() {
    let mut s = Scenario::started(TERMS);
    assert_eq!(s.deadline(), Some((TimeoutType::Heartbeat, 500)));
    let alive = Ok(Answer::Recorded { cancel_requested: false });
    assert_eq!(s.at(499).heartbeat(token(1), "half"), alive);
    assert_eq!(s.deadline(), Some((TimeoutType::Heartbeat, 999)));
    s.at(999);
    assert_eq!(s.execution.run_state(), Some(PendingActivityState::Scheduled));
    // The backoff counts from when the timeout took effect.
    let task = s.at(1_999).poll(2, 2);
    assert!(matches!(task, Ok(Answer::Task { heartbeat_details, .. })
        if heartbeat_details == text("half")));
    assert_eq!(s.deadline(), Some((TimeoutType::Heartbeat, 2_499)));
}

#[test]
fn a_heartbeat_without_details_erases_those_before_it() {
    let mut s = Scenario::started(TERMS);
    s.heartbeat(BY_ID, "half").expect("a worker holds the task");
    let details = Payload::none();
    s.call(&Request::RecordActivityTaskHeartbeat { target: BY_ID, details })
        .expect("a worker holds the task");
    let description = s.execution.describe(&TERMS, s.now);
    assert!(description.heartbeat_details.is_none());
    assert_eq!(description.total_heartbeat_count, 2);
}

#[test]
fn a_retried_timeout_is_kept_bare_and_the_last_one_carries_details_and_cause() {
    let terms = Terms { heartbeat_timeout: None, maximum_attempts: Some(Attempt(2)), ..TERMS };
    let mut s = Scenario::started(terms);
    s.heartbeat(token(1), "half").expect("the token is current");
    let bare = timeout(TimeoutType::StartToClose, Payload::none(), Payload::none());
    s.at(2_000);
    assert_eq!(s.execution.describe(&terms, s.now).last_failure, bare);
    s.at(3_000).poll(2, 2).expect("the backoff is over");
    s.at(5_000);
    let failure = timeout(TimeoutType::StartToClose, text("half"), bare);
    assert_eq!(s.execution.describe(&terms, s.now).last_failure, failure);
    let (timeout_type, retry_state) =
        (TimeoutType::StartToClose, RetryState::MaximumAttemptsReached);
    assert_eq!(s.outcome(), Outcome::TimedOut { timeout_type, failure, retry_state });
}

#[test]
fn an_attempt_timeout_without_time_for_another_is_reported_as_schedule_to_close() {
    let terms = Terms { schedule_to_close_timeout: Some(Span(3_000)), ..TERMS };
    let terms = Terms { schedule_to_start_timeout: Some(Span(3_000)), ..terms };
    let mut s = Scenario::started(Terms { heartbeat_timeout: None, ..terms });
    s.at(2_000);
    let (timeout_type, retry_state) = (TimeoutType::ScheduleToClose, RetryState::Timeout);
    let reason = TimeoutReason::NotEnoughTime;
    let failure = Payload::timeout_failure(timeout_type, reason, Payload::none(), Payload::none());
    assert_eq!(s.outcome(), Outcome::TimedOut { timeout_type, failure, retry_state });
    let description = s.execution.describe(&terms, s.now);
    let of_the_attempt = timeout(TimeoutType::StartToClose, Payload::none(), Payload::none());
    assert_eq!(description.last_failure, of_the_attempt);
    assert_eq!(description.last_attempt_complete_time, Some(Timestamp(2_000)));
}

#[test]
fn of_deadlines_at_one_instant_the_one_armed_first_takes_effect() {
    let mut s = Scenario::new(TERMS);
    assert_eq!(s.deadline(), Some((TimeoutType::ScheduleToStart, 10_000)));
    s.poll(1, 1).expect("the first attempt is dispatched at once");
    s.fail(BY_ID, text("boom")).expect("a worker holds the task");
    let retried = Terms { schedule_to_start_timeout: Some(Span(9_000)), ..TERMS };
    let tie = s.execution.deadline(&retried).expect("an open execution is bounded");
    assert_eq!((tie.timeout_type, tie.time.0), (TimeoutType::ScheduleToClose, 10_000));

    let even = Terms { heartbeat_timeout: Some(Span(2_000)), ..TERMS };
    let s = Scenario::started(even);
    assert_eq!(s.deadline(), Some((TimeoutType::StartToClose, 2_000)));
    let s = Scenario::started(Terms { start_to_close_timeout: Span(10_000), ..TERMS });
    let without_heartbeat = Terms { heartbeat_timeout: None, ..s.terms };
    let tie = s.execution.deadline(&without_heartbeat).expect("an open execution is bounded");
    assert_eq!(tie.timeout_type, TimeoutType::ScheduleToClose);
}

#[test]
fn overdue_deadlines_are_settled_one_at_a_time_and_stamped_with_now() {
    let terms = Terms { schedule_to_close_timeout: None, schedule_to_start_timeout: None, ..TERMS };
    let mut s = Scenario::started(terms);
    // Both the heartbeat and the start-to-close deadline are long past: the attempt ends once.
    s.at(9_000);
    assert_eq!(s.history.len(), 3);
    let description = s.execution.describe(&terms, s.now);
    assert_eq!(description.last_attempt_complete_time, Some(Timestamp(9_000)));
    assert_eq!(description.next_attempt_schedule_time, Some(Timestamp(10_000)));
    let bare = timeout(TimeoutType::Heartbeat, Payload::none(), Payload::none());
    assert_eq!(description.last_failure, bare);
    assert_eq!(s.deadline(), None);
}

#[test]
fn waiting_for_a_worker_is_not_retried_and_does_not_count_the_backoff() {
    let terms = Terms { schedule_to_start_timeout: Some(Span(300)), ..TERMS };
    let mut s = Scenario::started(terms);
    s.fail(BY_ID, text("boom")).expect("a worker holds the task");
    assert_eq!(s.deadline(), Some((TimeoutType::ScheduleToStart, 1_300)));
    s.at(1_300);
    let timeout_type = TimeoutType::ScheduleToStart;
    let failure = timeout(timeout_type, Payload::none(), text("boom"));
    let retry_state = RetryState::Timeout;
    assert_eq!(s.outcome(), Outcome::TimedOut { timeout_type, failure, retry_state });
    let description = s.execution.describe(&terms, s.now);
    assert_eq!(description.last_failure, text("boom"));
    assert_eq!(description.last_attempt_complete_time, Some(Timestamp(0)));
}

#[test]
fn a_start_delay_postpones_the_dispatch_and_what_is_counted_from_it() {
    let terms = Terms { start_delay: Span(400), ..TERMS };
    let mut s = Scenario::new(terms);
    let description = s.execution.describe(&terms, s.now);
    assert_eq!(description.next_attempt_schedule_time, Some(Timestamp(400)));
    assert_eq!(description.current_retry_interval, None);
    assert_eq!(description.expiration_time, Some(Timestamp(10_400)));
    assert_eq!(s.deadline(), Some((TimeoutType::ScheduleToStart, 10_400)));
    assert_eq!(s.at(399).poll(1, 1), Err(Rejection::ObsoleteTask));
    assert!(s.at(400).poll(1, 1).is_ok());
}
