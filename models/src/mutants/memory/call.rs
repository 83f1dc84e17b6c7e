//! Calls that come in a row: which, how often, and what is wrong with the one that follows.

use super::Happening;
use activity_execution::vocabulary::{
    Action, Attempt, IdConflictPolicy, Number, Opaque, Rejection, Request, RequestId, Target,
    TaskToken,
};

/// After the first call has come so often in a row, the second one goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InARow {
    /// What comes first.
    pub first: CallKind,
    /// How often.
    pub times: u8,
    /// What comes at once after it.
    pub then: CallKind,
    /// What is wrong then.
    pub wrong: Wrong,
}

/// A call, told by what is done, by whom and under which id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the inputs of a tester")]
pub enum CallKind {
    StartAgain,
    StartAnother,
    StartOrUse,
    PollAgain,
    Heartbeat,
    HeartbeatById,
    StaleHeartbeat,
    StaleCompletion,
    StaleFailure,
    StaleCancellation,
    RequestCancelAgain,
    RequestCancel,
    TerminateAgain,
    Terminate,
    Completion,
    CompletionById,
    Failure,
    Cancellation,
}

/// What is wrong with a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wrong {
    /// It is refused for this reason.
    Refused(Rejection),
    /// Whoever calls is taken for the holder of the current attempt.
    TakenForTheHolder,
    /// It is accepted, and has no effect.
    WithoutEffect,
}

/// What a worker reports, however it names its attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Report {
    Heartbeat,
    Completion,
    Failure,
    Cancellation,
}

/// Whom a worker names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Named {
    Holder,
    Stale,
    ById,
}

impl CallKind {
    /// Whether this is what happens.
    pub(super) fn is<N: Number, P: Opaque>(self, happening: &Happening<'_, N, P>) -> bool {
        let Action::Call(request) = happening.action else { return false };
        let before = happening.before;
        let kept = |kept: Option<RequestId>, given: &RequestId| kept == Some(*given);
        let again =
            |again: bool, this: CallKind, other: CallKind| self == if again { this } else { other };
        match request {
            Request::StartActivityExecution { request_id, id_conflict_policy } => {
                let other = match id_conflict_policy {
                    IdConflictPolicy::Fail => CallKind::StartAnother,
                    IdConflictPolicy::UseExisting => CallKind::StartOrUse,
                };
                again(*request_id == before.start_request_id, CallKind::StartAgain, other)
            }
            Request::RecordActivityTaskStarted { .. } => {
                self == CallKind::PollAgain && before.is_started()
            }
            Request::RequestCancelActivityExecution { request_id, .. } => {
                let known = before.cancel_request.as_ref().map(|it| it.request_id);
                let same = kept(known, request_id);
                again(same, CallKind::RequestCancelAgain, CallKind::RequestCancel)
            }
            Request::TerminateActivityExecution { request_id, .. } => {
                let same = kept(before.terminate_request_id, request_id);
                again(same, CallKind::TerminateAgain, CallKind::Terminate)
            }
            Request::RecordActivityTaskHeartbeat { target, .. } => {
                self.reports(Report::Heartbeat, named(*target, before.attempt))
            }
            Request::RespondActivityTaskCompleted { target, .. } => {
                self.reports(Report::Completion, named(*target, before.attempt))
            }
            Request::RespondActivityTaskFailed { target, .. } => {
                self.reports(Report::Failure, named(*target, before.attempt))
            }
            Request::RespondActivityTaskCanceled { target, .. } => {
                self.reports(Report::Cancellation, named(*target, before.attempt))
            }
        }
    }

    fn reports(self, report: Report, named: Named) -> bool {
        let expected = match self {
            CallKind::Heartbeat => (Report::Heartbeat, Named::Holder),
            CallKind::HeartbeatById => (Report::Heartbeat, Named::ById),
            CallKind::StaleHeartbeat => (Report::Heartbeat, Named::Stale),
            CallKind::Completion => (Report::Completion, Named::Holder),
            CallKind::CompletionById => (Report::Completion, Named::ById),
            CallKind::StaleCompletion => (Report::Completion, Named::Stale),
            CallKind::Failure => (Report::Failure, Named::Holder),
            CallKind::StaleFailure => (Report::Failure, Named::Stale),
            CallKind::Cancellation => (Report::Cancellation, Named::Holder),
            CallKind::StaleCancellation => (Report::Cancellation, Named::Stale),
            CallKind::StartAgain
            | CallKind::StartAnother
            | CallKind::StartOrUse
            | CallKind::PollAgain
            | CallKind::RequestCancelAgain
            | CallKind::RequestCancel
            | CallKind::TerminateAgain
            | CallKind::Terminate => return false,
        };
        expected == (report, named)
    }
}

fn named<N: Number>(target: Target<N>, current: Attempt<N>) -> Named {
    match target {
        Target::ById => Named::ById,
        Target::Token(TaskToken(attempt)) if attempt < current => Named::Stale,
        Target::Token(_) => Named::Holder,
    }
}
