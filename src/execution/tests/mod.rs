//! What the text scenarios of `tests/scenarios` cannot say: descriptions, and the two ways to recover.
//! After every call the state is recovered once from the history and once from what is seen.

mod views;

use super::{Accepted, ActivityExecution, Event, WorkflowView};
use crate::Payload;
use crate::vocabulary::{
    ActivityExecutionStatus, Attempt, Dialect, ExecutionOptions, Opaque, PendingActivityState,
    Reply, Request, RequestId, Retryability, Span, Target, TaskToken, TimeoutReason, TimeoutType,
    Timestamp,
};
use alloc::vec::Vec;

const TERMS: ExecutionOptions = ExecutionOptions {
    dialect: Dialect::Standalone,
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

/// An execution whose time is always settled before anything is asked of it.
struct Scenario {
    terms: ExecutionOptions,
    now: Timestamp,
    execution: ActivityExecution,
    history: Vec<Event>,
}

impl Scenario {
    fn new(terms: ExecutionOptions) -> Self {
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
    fn started(terms: ExecutionOptions) -> Self {
        let mut scenario = Scenario::new(terms);
        scenario.poll(1, 1).expect("the first attempt is dispatched at once");
        scenario
    }

    fn at(&mut self, now: i64) -> &mut Self {
        self.now = Timestamp(now);
        let mut announced = self.execution.deadline(&self.terms);
        while let Some((timeout_type, event)) =
            self.execution.elapse_next(&self.terms, self.now, BACKOFF)
        {
            let first = announced.expect("something was due");
            assert_eq!(first.timeout_type, timeout_type);
            assert!(first.time <= self.now);
            self.record(event);
            announced = self.execution.deadline(&self.terms);
        }
        self
    }

    fn call(&mut self, request: &Request) -> Reply {
        self.at(self.now.0);
        let Accepted { event, answer } = self.execution.call(&self.terms, self.now, request)?;
        if let Some(event) = event {
            self.record(event);
        }
        Ok(answer)
    }

    fn record(&mut self, event: Event) {
        self.history.push(event);
        let recovered = ActivityExecution::recover(&self.history);
        assert_eq!(recovered.as_ref(), Some(&self.execution));
        let seen = self.execution.observe(&self.terms, self.now);
        assert_eq!(ActivityExecution::from_observation(&seen), self.execution);
        let (view, shown) = (self.view(), self.execution.describe(&self.terms, self.now));
        assert_eq!((view.status, view.run_state), (shown.status, shown.run_state));
        assert_eq!((view.attempt, view.close_time), (shown.attempt, shown.close_time));
        assert_eq!(view.outcome, shown.outcome);
    }

    /// What a workflow would show of it.
    fn view(&self) -> WorkflowView {
        WorkflowView::recover(&self.history).expect("the history is never empty")
    }

    fn poll(&mut self, poll: u32, attempt: i64) -> Reply {
        self.call(&Request::RecordActivityTaskStarted {
            request_id: RequestId(poll),
            dispatched: TaskToken(Attempt(attempt)),
            identity: text("worker"),
        })
    }

    fn heartbeat(&mut self, details: &str) -> Reply {
        let details = text(details);
        self.call(&Request::RecordActivityTaskHeartbeat { target: Target::ById, details })
    }

    fn complete(&mut self) -> Reply {
        self.call(&Request::RespondActivityTaskCompleted {
            target: Target::ById,
            result: text("result"),
            identity: text("reporter"),
        })
    }

    fn fail(&mut self, failure: Payload) -> Reply {
        self.report(failure, Retryability::After(BACKOFF), None)
    }

    fn fail_for_good(&mut self) -> Reply {
        self.report(text("failure"), Retryability::NonRetryable, Some(text("last words")))
    }

    fn report(&mut self, failure: Payload, retry: Retryability, details: Option<Payload>) -> Reply {
        self.call(&Request::RespondActivityTaskFailed {
            target: Target::ById,
            failure,
            retry,
            last_heartbeat_details: details,
            identity: text("reporter"),
        })
    }

    fn cancel(&mut self, request_id: u32) -> Reply {
        self.call(&Request::RequestCancelActivityExecution {
            request_id: RequestId(request_id),
            identity: text("client"),
            reason: text("reason"),
        })
    }
}

fn text(text: &str) -> Payload {
    Payload::data(text)
}

fn timeout(timeout_type: TimeoutType, details: Payload, cause: Payload) -> Payload {
    Payload::timeout_failure(timeout_type, TimeoutReason::Elapsed, details, cause)
}
