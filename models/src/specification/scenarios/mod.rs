//! What people get wrong about Activity Executions, one scenario each, in Temporal's verbs.
//! Every step is also checked for what holds always: the promises, and that a state and its
//! observation are the same.

mod attempts;
mod cancellation;
mod dialect;
mod timeouts;

use super::Specification;
use activity_execution::Payload;
use activity_execution::promises;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, Outcome, Phase, Rejection, Reply, Request, RequestId, Retry,
    Span, Step, Target, TaskToken, Terms, TimeoutType, Timestamp,
};

/// Attempts of ten milliseconds, any number of them; each scenario says what else it needs.
const TERMS: Terms = Terms {
    dialect: Dialect::Standalone,
    maximum_attempts: None,
    schedule_to_close_timeout: None,
    schedule_to_start_timeout: None,
    start_to_close_timeout: Span(10),
    heartbeat_timeout: None,
    start_delay: Span(0),
    retries_start_to_close: true,
    retries_heartbeat: true,
};

const DONE: Reply = Ok(Answer::Done);
const BY_ID: Target = Target::ById;

/// One execution, created at zero.
struct Scenario {
    terms: Terms,
    execution: Specification,
}

impl Scenario {
    fn new(terms: Terms) -> Self {
        assert!(terms.are_normal(), "{terms:?}");
        let execution = Specification::new(&terms, Timestamp(0), RequestId(0));
        Scenario { terms, execution }
    }

    fn step(&mut self, action: &Action) -> Reply {
        let before = self.execution.clone();
        let reply = self.execution.step(&self.terms, action);
        let observation = self.execution.observe();
        let step = Step { now: before.now, action: action.clone(), reply: reply.clone() };
        for promise in promises::all() {
            let kept = (promise.holds)(&self.terms, &before.observe(), &step, &observation);
            assert!(kept, "{} is broken by {step:?}", promise.name);
        }
        let restored = Specification::from_observation(observation.clone());
        assert_eq!(restored, self.execution);
        assert_eq!(restored.observe(), observation);
        reply
    }

    fn wait(&mut self, milliseconds: i64) {
        let elapsed = Span(milliseconds);
        assert_eq!(self.step(&Action::Tick { elapsed }), DONE);
    }

    /// The deadline takes effect; another attempt would wait five milliseconds.
    fn elapse(&mut self, timeout_type: TimeoutType) -> Reply {
        let backoff = Span(5);
        self.step(&Action::Elapses { timeout_type, backoff })
    }

    fn call(&mut self, request: Request) -> Reply {
        self.step(&Action::Call(request))
    }

    /// A worker polls for the attempt of this number.
    fn poll(&mut self, attempt: i64, request_id: u32) -> Reply {
        self.call(Request::RecordActivityTaskStarted {
            request_id: RequestId(request_id),
            token: TaskToken(Attempt(attempt)),
            identity: text("worker"),
        })
    }

    /// A worker takes the current attempt.
    fn start(&mut self) {
        let attempt = self.execution.attempt.0;
        let reply = self.poll(attempt, 1);
        assert!(matches!(reply, Ok(Answer::Task { .. })), "{reply:?}");
    }

    fn heartbeat(&mut self, target: Target, details: &str) -> Reply {
        self.call(Request::RecordActivityTaskHeartbeat { target, details: text(details) })
    }

    fn complete(&mut self, target: Target) -> Reply {
        self.call(Request::RespondActivityTaskCompleted {
            target,
            result: text("result"),
            identity: text("reporter"),
        })
    }

    /// A retryable failure; another attempt would wait `backoff` milliseconds.
    fn fail(&mut self, target: Target, failure: &Payload, backoff: i64) -> Reply {
        self.report_failure(target, failure, Retry::After(Span(backoff)))
    }

    fn fail_non_retryable(&mut self, target: Target) -> Reply {
        self.report_failure(target, &text("fatal"), Retry::NonRetryable)
    }

    fn report_failure(&mut self, target: Target, failure: &Payload, retry: Retry) -> Reply {
        self.call(Request::RespondActivityTaskFailed {
            target,
            failure: failure.clone(),
            retry,
            last_heartbeat_details: None,
            identity: text("reporter"),
        })
    }

    fn respond_canceled(&mut self, target: Target) -> Reply {
        self.call(Request::RespondActivityTaskCanceled { target, details: text("cleaned up") })
    }

    fn request_cancel(&mut self, request_id: u32) -> Reply {
        self.call(Request::RequestCancelActivityExecution {
            request_id: RequestId(request_id),
            identity: text("client"),
            reason: text("not needed"),
        })
    }

    fn terminate(&mut self, request_id: u32) -> Reply {
        self.call(Request::TerminateActivityExecution {
            request_id: RequestId(request_id),
            identity: text("operator"),
            reason: text("enough"),
        })
    }

    #[track_caller]
    fn assert_waits_until(&self, dispatch_time: i64) {
        match self.execution.phase {
            Phase::Scheduled { dispatch_time: actual, .. } => {
                assert_eq!(actual, Timestamp(dispatch_time))
            }
            Phase::Started { .. } | Phase::Closed { .. } => panic!("{:?}", self.execution.phase),
        }
    }

    #[track_caller]
    fn assert_closed(&self, expected: &Outcome<Payload>) {
        match &self.execution.phase {
            Phase::Closed { outcome, .. } => assert_eq!(outcome, expected),
            Phase::Scheduled { .. } | Phase::Started { .. } => panic!("{:?}", self.execution.phase),
        }
    }
}

fn text(text: &str) -> Payload {
    Payload::data(text)
}

fn token(attempt: i64) -> Target {
    Target::Token(TaskToken(Attempt(attempt)))
}

const NOT_FOUND: Reply = Err(Rejection::NotFound);
const NOT_DUE: Reply = Err(Rejection::NotDue);
