//! Any action: each call with every kind of target and request id, each timer, any length of time.

use super::{REQUEST_IDS, backoff, span};
use crate::number::Sym;
use crate::payload::SymbolicPayload;
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, IdConflictPolicy, Request, RequestId, Retryability, Span, Target,
    TaskToken, TimeoutType,
};
use symbolic::{assume_le, choose, flag, fresh, literal, pick};

/// What happens, without its arguments.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the words are those of `Action` and `Request`")]
pub enum Word {
    Tick,
    StartActivityExecution,
    RecordActivityTaskStarted,
    RecordActivityTaskHeartbeat,
    RespondActivityTaskCompleted,
    RespondActivityTaskFailed,
    RespondActivityTaskCanceled,
    RequestCancelActivityExecution,
    TerminateActivityExecution,
    Elapses(TimeoutType),
}

impl Word {
    /// All of them.
    pub const ALL: [Word; 13] = [
        Word::Tick,
        Word::StartActivityExecution,
        Word::RecordActivityTaskStarted,
        Word::RecordActivityTaskHeartbeat,
        Word::RespondActivityTaskCompleted,
        Word::RespondActivityTaskFailed,
        Word::RespondActivityTaskCanceled,
        Word::RequestCancelActivityExecution,
        Word::TerminateActivityExecution,
        Word::Elapses(TimeoutType::ScheduleToStart),
        Word::Elapses(TimeoutType::ScheduleToClose),
        Word::Elapses(TimeoutType::StartToClose),
        Word::Elapses(TimeoutType::Heartbeat),
    ];

    /// Whether it is a call, neither the clock nor a timer.
    #[must_use]
    pub fn is_call(self) -> bool {
        !matches!(self, Word::Tick | Word::Elapses(_))
    }
}

/// Any action with this word; its preconditions hold and nothing else is known of it.
#[must_use]
pub fn action(word: Word, dialect: Dialect) -> Action<Sym, SymbolicPayload> {
    let value = SymbolicPayload::named;
    Action::Call(match word {
        Word::Tick => {
            let elapsed = fresh("elapsed");
            assume_le(literal(0), elapsed, -1);
            return Action::Tick { elapsed: Span(Sym(elapsed)) };
        }
        Word::Elapses(timeout_type) => return Action::Elapses { timeout_type, backoff: backoff() },
        Word::StartActivityExecution => Request::StartActivityExecution {
            request_id: request_id(),
            id_conflict_policy: pick(&[IdConflictPolicy::Fail, IdConflictPolicy::UseExisting]),
        },
        Word::RecordActivityTaskStarted => Request::RecordActivityTaskStarted {
            request_id: request_id(),
            dispatched: token(),
            identity: value("poller"),
        },
        Word::RecordActivityTaskHeartbeat => {
            Request::RecordActivityTaskHeartbeat { target: target(), details: value("new details") }
        }
        Word::RespondActivityTaskCompleted => Request::RespondActivityTaskCompleted {
            target: target(),
            result: value("result"),
            identity: value("reporter"),
        },
        Word::RespondActivityTaskFailed => Request::RespondActivityTaskFailed {
            target: target(),
            failure: value("failure"),
            retry: retry(dialect),
            last_heartbeat_details: flag().then(|| value("new details")),
            identity: value("reporter"),
        },
        Word::RespondActivityTaskCanceled => {
            Request::RespondActivityTaskCanceled { target: target(), details: value("farewell") }
        }
        Word::RequestCancelActivityExecution => Request::RequestCancelActivityExecution {
            request_id: request_id(),
            identity: value("requester"),
            reason: value("reason"),
        },
        Word::TerminateActivityExecution => Request::TerminateActivityExecution {
            request_id: request_id(),
            identity: value("requester"),
            reason: value("reason"),
        },
    })
}

fn request_id() -> RequestId {
    pick(&REQUEST_IDS)
}

/// The token of any attempt: the current one, an earlier one, one that is yet to come.
fn token() -> TaskToken<Sym> {
    TaskToken(Attempt(Sym(fresh("token"))))
}

/// What is known of retrying a failure; most of it can be so in a workflow only.
fn retry(dialect: Dialect) -> Retryability<Sym> {
    match dialect {
        Dialect::Standalone if flag() => Retryability::After(backoff()),
        Dialect::Standalone => Retryability::NonRetryable,
        Dialect::Workflow => match choose(4) {
            0 => Retryability::After(span("backoff")),
            1 => Retryability::NonRetryable,
            2 => Retryability::TimedOut,
            _ => Retryability::NoInterval,
        },
    }
}

fn target() -> Target<Sym> {
    if flag() { Target::ById } else { Target::Token(token()) }
}
