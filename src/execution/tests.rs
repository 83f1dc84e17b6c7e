//! The rules that people get wrong, one scenario each, in milliseconds.
//! After every call the state is also recovered, once from the history and once from what is seen.

use super::{ActivityExecution, ActivityExecutionStatus, Deadline, Event, PendingActivityState};
use crate::Payload;
use crate::vocabulary::{
    Answer, Attempt, IdConflictPolicy, Opaque, Outcome, Rejection, Reply, Request, RequestId,
    RetryState, Span, Target, TaskToken, Terms, TimeoutReason, TimeoutType, Timestamp,
};
use alloc::vec::Vec;

const TERMS: Terms = Terms {
    maximum_attempts: Some(Attempt(3)),
    schedule_to_close_timeout: Some(Span(10_000)),
    schedule_to_start_timeout: Some(Span(10_000)),
    start_to_close_timeout: Span(2_000),
    heartbeat_timeout: Some(Span(500)),
    start_delay: Span(0),
    retries_start_to_close: true,
    retries_heartbeat: true,
};
const BACKOFF: Span = Span(1_000);
const CREATION: RequestId = RequestId(0);
const BY_ID: Target = Target::ById;

/// An execution whose time is always settled before anything is asked of it.
struct Scenario {
    terms: Terms,
    now: Timestamp,
    execution: ActivityExecution,
    history: Vec<Event>,
}

impl Scenario {
    fn new(terms: Terms) -> Self {
        assert!(terms.are_normal());
        let now = Timestamp(0);
        Scenario {
            terms,
            now,
            execution: ActivityExecution::new(&terms, now, CREATION),
            history: [Event::scheduled(&terms, now, CREATION)].into(),
        }
    }

    /// Started at 0, by the poll numbered 1.
    fn started(terms: Terms) -> Self {
        let mut scenario = Scenario::new(terms);
        scenario
            .poll(1, 1)
            .expect("the first attempt is dispatched at once");
        scenario
    }

    fn at(&mut self, now: i64) -> &mut Self {
        self.now = Timestamp(now);
        while let Some((timeout_type, event)) =
            self.execution.expire(&self.terms, self.now, BACKOFF)
        {
            let announced = self
                .execution
                .deadline(&self.terms)
                .expect("something was due");
            assert_eq!(announced.timeout_type, timeout_type);
            assert!(announced.time <= self.now);
            self.record(event);
        }
        self
    }

    fn call(&mut self, request: &Request) -> Reply {
        self.at(self.now.0);
        if let Some(event) = self.execution.decide(&self.terms, self.now, request)? {
            self.record(event);
        }
        Ok(self.execution.answer(request))
    }

    fn record(&mut self, event: Event) {
        self.execution.apply(&event);
        self.history.push(event);
        let recovered = ActivityExecution::recover(&self.history);
        assert_eq!(recovered.as_ref(), Some(&self.execution));
        let seen = self.execution.observe(&self.terms, self.now);
        assert_eq!(ActivityExecution::from_observation(&seen), self.execution);
    }

    fn poll(&mut self, poll: u32, attempt: i64) -> Reply {
        self.call(&Request::RecordActivityTaskStarted {
            request_id: RequestId(poll),
            token: TaskToken(Attempt(attempt)),
            identity: text("worker"),
        })
    }

    fn heartbeat(&mut self, target: Target, details: &str) -> Reply {
        self.call(&Request::RecordActivityTaskHeartbeat {
            target,
            details: text(details),
        })
    }

    fn complete(&mut self, target: Target) -> Reply {
        self.call(&Request::RespondActivityTaskCompleted {
            target,
            result: text("result"),
            identity: text("reporter"),
        })
    }

    fn fail(&mut self, target: Target, failure: Payload) -> Reply {
        self.call(&Request::RespondActivityTaskFailed {
            target,
            failure,
            retryable: true,
            backoff: BACKOFF,
            last_heartbeat_details: None,
            identity: text("reporter"),
        })
    }

    fn fail_for_good(&mut self) -> Reply {
        self.call(&Request::RespondActivityTaskFailed {
            target: BY_ID,
            failure: text("failure"),
            retryable: false,
            backoff: BACKOFF,
            last_heartbeat_details: Some(text("last words")),
            identity: text("reporter"),
        })
    }

    fn give_in(&mut self) -> Reply {
        let details = text("cleaned up");
        self.call(&Request::RespondActivityTaskCanceled {
            target: BY_ID,
            details,
        })
    }

    fn cancel(&mut self, request_id: u32) -> Reply {
        self.call(&Request::RequestCancelActivityExecution {
            request_id: RequestId(request_id),
            identity: text("client"),
            reason: text("reason"),
        })
    }

    fn terminate(&mut self, request_id: u32) -> Reply {
        self.call(&Request::TerminateActivityExecution {
            request_id: RequestId(request_id),
            identity: text("client"),
            reason: text("reason"),
        })
    }

    fn start_again(&mut self, request_id: RequestId, policy: IdConflictPolicy) -> Reply {
        self.call(&Request::StartActivityExecution {
            request_id,
            id_conflict_policy: policy,
        })
    }

    fn outcome(&self) -> Outcome<Payload> {
        let description = self.execution.describe(&self.terms, self.now);
        description.outcome.expect("the execution is closed")
    }

    fn retry_state(&self) -> RetryState {
        match self.outcome() {
            Outcome::Failed { retry_state, .. } | Outcome::TimedOut { retry_state, .. } => {
                retry_state
            }
            outcome @ (Outcome::Completed { .. }
            | Outcome::Canceled { .. }
            | Outcome::Terminated { .. }) => panic!("{outcome:?} has no retry state"),
        }
    }

    fn deadline(&self) -> Option<(TimeoutType, i64)> {
        let Deadline { timeout_type, time } = self.execution.deadline(&self.terms)?;
        Some((timeout_type, time.0))
    }
}

fn text(text: &str) -> Payload {
    Payload::data(text)
}

fn token(attempt: i64) -> Target {
    Target::Token(TaskToken(Attempt(attempt)))
}

fn timeout(timeout_type: TimeoutType, details: Payload, cause: Payload) -> Payload {
    Payload::timeout_failure(timeout_type, TimeoutReason::Elapsed, details, cause)
}

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
    assert_eq!(
        s.execution
            .describe(&TERMS, Timestamp(1_100))
            .current_retry_interval,
        None
    );
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
    s.fail(token(1), text("boom"))
        .expect("the token is current");
    assert_eq!(s.heartbeat(token(1), "late"), Err(Rejection::NotFound));
    s.at(1_000).poll(2, 2).expect("the backoff is over");
    let before = s.execution.clone();
    assert_eq!(s.heartbeat(token(1), "late"), Err(Rejection::NotFound));
    assert_eq!(s.complete(token(1)), Err(Rejection::NotFound));
    assert_eq!(s.fail(token(1), text("late")), Err(Rejection::NotFound));
    assert_eq!(s.execution, before);
    assert_eq!(s.complete(token(2)), Ok(Answer::Done));
}

#[test]
fn the_retry_decision_asks_for_cancellation_then_kind_then_maximum_then_time() {
    let all_at_once = Terms {
        maximum_attempts: Some(Attempt(1)),
        ..TERMS
    };
    let mut s = Scenario::started(Terms {
        heartbeat_timeout: None,
        ..all_at_once
    });
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
    let mut s = Scenario::started(Terms {
        maximum_attempts: Some(Attempt(1)),
        ..little_time
    });
    s.fail(BY_ID, text("boom"))
        .expect("a worker holds the task");
    assert_eq!(s.retry_state(), RetryState::MaximumAttemptsReached);

    // A worker's failure stays a failure where no time is left, even exactly at the deadline.
    let mut s = Scenario::started(little_time);
    s.fail(BY_ID, text("boom"))
        .expect("a worker holds the task");
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
fn a_failure_without_details_is_retried_as_nothing_and_closes_as_something() {
    let mut s = Scenario::started(Terms {
        maximum_attempts: Some(Attempt(2)),
        ..TERMS
    });
    s.fail(BY_ID, Payload::none())
        .expect("a worker holds the task");
    assert!(s.execution.describe(&TERMS, s.now).last_failure.is_none());
    s.at(1_000).poll(2, 2).expect("the backoff is over");
    s.fail(BY_ID, Payload::none())
        .expect("a worker holds the task");
    let failure = Payload::none().or_missing_failure();
    assert_eq!(s.execution.describe(&TERMS, s.now).last_failure, failure);
    let retry_state = RetryState::MaximumAttemptsReached;
    assert_eq!(
        s.outcome(),
        Outcome::Failed {
            failure,
            retry_state
        }
    );
}

#[test]
fn a_heartbeat_postpones_only_its_own_deadline_and_outlives_its_attempt() {
    let mut s = Scenario::started(TERMS);
    assert_eq!(s.deadline(), Some((TimeoutType::Heartbeat, 500)));
    let alive = Ok(Answer::Recorded {
        cancel_requested: false,
    });
    assert_eq!(s.at(499).heartbeat(token(1), "half"), alive);
    assert_eq!(s.deadline(), Some((TimeoutType::Heartbeat, 999)));
    s.at(999);
    assert_eq!(
        s.execution.run_state(),
        Some(PendingActivityState::Scheduled)
    );
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
    s.call(&Request::RecordActivityTaskHeartbeat {
        target: BY_ID,
        details,
    })
    .expect("a worker holds the task");
    let description = s.execution.describe(&TERMS, s.now);
    assert!(description.heartbeat_details.is_none());
    assert_eq!(description.total_heartbeat_count, 2);
}

#[test]
fn a_retried_timeout_is_kept_bare_and_the_last_one_carries_details_and_cause() {
    let terms = Terms {
        heartbeat_timeout: None,
        maximum_attempts: Some(Attempt(2)),
        ..TERMS
    };
    let mut s = Scenario::started(terms);
    s.heartbeat(token(1), "half").expect("the token is current");
    let bare = timeout(TimeoutType::StartToClose, Payload::none(), Payload::none());
    s.at(2_000);
    assert_eq!(s.execution.describe(&terms, s.now).last_failure, bare);
    s.at(3_000).poll(2, 2).expect("the backoff is over");
    s.at(5_000);
    let failure = timeout(TimeoutType::StartToClose, text("half"), bare);
    assert_eq!(s.execution.describe(&terms, s.now).last_failure, failure);
    let (timeout_type, retry_state) = (
        TimeoutType::StartToClose,
        RetryState::MaximumAttemptsReached,
    );
    assert_eq!(
        s.outcome(),
        Outcome::TimedOut {
            timeout_type,
            failure,
            retry_state
        }
    );
}

#[test]
fn an_attempt_timeout_without_time_for_another_is_reported_as_schedule_to_close() {
    let terms = Terms {
        schedule_to_close_timeout: Some(Span(3_000)),
        ..TERMS
    };
    let terms = Terms {
        schedule_to_start_timeout: Some(Span(3_000)),
        ..terms
    };
    let mut s = Scenario::started(Terms {
        heartbeat_timeout: None,
        ..terms
    });
    s.at(2_000);
    let (timeout_type, retry_state) = (TimeoutType::ScheduleToClose, RetryState::Timeout);
    let reason = TimeoutReason::NotEnoughTime;
    let failure = Payload::timeout_failure(timeout_type, reason, Payload::none(), Payload::none());
    assert_eq!(
        s.outcome(),
        Outcome::TimedOut {
            timeout_type,
            failure,
            retry_state
        }
    );
    let description = s.execution.describe(&terms, s.now);
    let of_the_attempt = timeout(TimeoutType::StartToClose, Payload::none(), Payload::none());
    assert_eq!(description.last_failure, of_the_attempt);
    assert_eq!(
        description.last_attempt_complete_time,
        Some(Timestamp(2_000))
    );
}

#[test]
fn of_deadlines_at_one_instant_the_one_armed_first_takes_effect() {
    let mut s = Scenario::new(TERMS);
    assert_eq!(s.deadline(), Some((TimeoutType::ScheduleToStart, 10_000)));
    s.poll(1, 1)
        .expect("the first attempt is dispatched at once");
    s.fail(BY_ID, text("boom"))
        .expect("a worker holds the task");
    let retried = Terms {
        schedule_to_start_timeout: Some(Span(9_000)),
        ..TERMS
    };
    let tie = s
        .execution
        .deadline(&retried)
        .expect("an open execution is bounded");
    assert_eq!(
        (tie.timeout_type, tie.time.0),
        (TimeoutType::ScheduleToClose, 10_000)
    );

    let even = Terms {
        heartbeat_timeout: Some(Span(2_000)),
        ..TERMS
    };
    let s = Scenario::started(even);
    assert_eq!(s.deadline(), Some((TimeoutType::StartToClose, 2_000)));
    let s = Scenario::started(Terms {
        start_to_close_timeout: Span(10_000),
        ..TERMS
    });
    let without_heartbeat = Terms {
        heartbeat_timeout: None,
        ..s.terms
    };
    let tie = s
        .execution
        .deadline(&without_heartbeat)
        .expect("an open execution is bounded");
    assert_eq!(tie.timeout_type, TimeoutType::ScheduleToClose);
}

#[test]
fn overdue_deadlines_are_settled_one_at_a_time_and_stamped_with_now() {
    let terms = Terms {
        schedule_to_close_timeout: None,
        schedule_to_start_timeout: None,
        ..TERMS
    };
    let mut s = Scenario::started(terms);
    // Both the heartbeat and the start-to-close deadline are long past: the attempt ends once.
    s.at(9_000);
    assert_eq!(s.history.len(), 3);
    let description = s.execution.describe(&terms, s.now);
    assert_eq!(
        description.last_attempt_complete_time,
        Some(Timestamp(9_000))
    );
    assert_eq!(
        description.next_attempt_schedule_time,
        Some(Timestamp(10_000))
    );
    let bare = timeout(TimeoutType::Heartbeat, Payload::none(), Payload::none());
    assert_eq!(description.last_failure, bare);
    assert_eq!(s.deadline(), None);
}

#[test]
fn waiting_for_a_worker_is_not_retried_and_does_not_count_the_backoff() {
    let terms = Terms {
        schedule_to_start_timeout: Some(Span(300)),
        ..TERMS
    };
    let mut s = Scenario::started(terms);
    s.fail(BY_ID, text("boom"))
        .expect("a worker holds the task");
    assert_eq!(s.deadline(), Some((TimeoutType::ScheduleToStart, 1_300)));
    s.at(1_300);
    let timeout_type = TimeoutType::ScheduleToStart;
    let failure = timeout(timeout_type, Payload::none(), text("boom"));
    let retry_state = RetryState::Timeout;
    assert_eq!(
        s.outcome(),
        Outcome::TimedOut {
            timeout_type,
            failure,
            retry_state
        }
    );
    let description = s.execution.describe(&terms, s.now);
    assert_eq!(description.last_failure, text("boom"));
    assert_eq!(description.last_attempt_complete_time, Some(Timestamp(0)));
}

#[test]
fn a_start_delay_postpones_the_dispatch_and_what_is_counted_from_it() {
    let terms = Terms {
        start_delay: Span(400),
        ..TERMS
    };
    let mut s = Scenario::new(terms);
    let description = s.execution.describe(&terms, s.now);
    assert_eq!(description.next_attempt_schedule_time, Some(Timestamp(400)));
    assert_eq!(description.current_retry_interval, None);
    assert_eq!(description.expiration_time, Some(Timestamp(10_400)));
    assert_eq!(s.deadline(), Some((TimeoutType::ScheduleToStart, 10_400)));
    assert_eq!(s.at(399).poll(1, 1), Err(Rejection::ObsoleteTask));
    assert!(s.at(400).poll(1, 1).is_ok());
}

#[test]
fn a_cancel_request_that_finds_no_worker_closes_at_once() {
    let mut s = Scenario::new(TERMS);
    assert_eq!(s.cancel(7), Ok(Answer::Done));
    let (details, identity) = (text("reason"), text("client"));
    assert_eq!(s.outcome(), Outcome::Canceled { details, identity });
    assert_eq!(
        s.execution.describe(&TERMS, s.now).canceled_reason,
        Some(text("reason"))
    );
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
    assert_eq!(
        s.execution.run_state(),
        Some(PendingActivityState::CancelRequested)
    );
    let asked = Ok(Answer::Recorded {
        cancel_requested: true,
    });
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
    assert_eq!(
        s.execution.describe(&TERMS, s.now).canceled_reason,
        Some(text("reason"))
    );
}

#[test]
fn a_timeout_after_a_cancel_request_is_not_retried_and_keeps_its_type() {
    let mut s = Scenario::started(TERMS);
    s.cancel(7).expect("a worker holds the task");
    s.at(500);
    let timeout_type = TimeoutType::Heartbeat;
    let failure = timeout(timeout_type, Payload::none(), Payload::none());
    let retry_state = RetryState::CancelRequested;
    assert_eq!(
        s.outcome(),
        Outcome::TimedOut {
            timeout_type,
            failure,
            retry_state
        }
    );

    let whole = Terms {
        start_to_close_timeout: Span(10_000),
        heartbeat_timeout: None,
        ..TERMS
    };
    let mut s = Scenario::started(whole);
    s.cancel(7).expect("a worker holds the task");
    s.at(10_000);
    let timeout_type = TimeoutType::ScheduleToClose;
    let failure = timeout(timeout_type, Payload::none(), Payload::none());
    assert_eq!(
        s.outcome(),
        Outcome::TimedOut {
            timeout_type,
            failure,
            retry_state
        }
    );
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
    assert_eq!(
        s.execution.describe(&TERMS, s.now).close_time,
        Some(Timestamp(100))
    );
    assert_eq!(s.deadline(), None);
}

#[test]
fn a_further_start_is_recognised_by_its_request_id_before_anything_else() {
    let (fail, use_existing) = (IdConflictPolicy::Fail, IdConflictPolicy::UseExisting);
    let mut s = Scenario::started(TERMS);
    assert_eq!(s.start_again(CREATION, fail), Ok(Answer::Existing));
    assert_eq!(
        s.start_again(RequestId(1), fail),
        Err(Rejection::AlreadyStarted)
    );
    assert_eq!(
        s.start_again(RequestId(1), use_existing),
        Ok(Answer::Existing)
    );
    s.complete(token(1)).expect("the token is current");
    assert_eq!(s.start_again(CREATION, fail), Ok(Answer::Existing));
    assert_eq!(
        s.start_again(RequestId(1), use_existing),
        Err(Rejection::AlreadyClosed)
    );
}

#[test]
fn without_a_maximum_attempts_go_on_until_time_runs_out() {
    let mut s = Scenario::new(Terms {
        maximum_attempts: None,
        ..TERMS
    });
    for attempt in 1..=9 {
        s.at((attempt - 1) * 1_000)
            .poll(1, attempt)
            .expect("the backoff is over");
        s.fail(token(attempt), text("boom"))
            .expect("the token is current");
    }
    s.at(9_000).poll(1, 10).expect("the backoff is over");
    s.fail(token(10), text("boom"))
        .expect("the token is current");
    assert_eq!(s.retry_state(), RetryState::Timeout);
    assert_eq!(s.execution.attempt(), Attempt(10));
}

#[test]
fn an_empty_history_is_no_execution() {
    assert_eq!(ActivityExecution::<i64, Payload>::recover(&[]), None);
}
