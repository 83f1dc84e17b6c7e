//! Requests as an outsider spells them: with opaque tokens and names of request ids.

use super::names::Names;
use crate::alphabet::{FailureKind, Input, Setting};
use crate::seam::{Call, Named, RequestName, Token};
use activity_execution::vocabulary::{Request, RequestId, Retryability, Span, Target, TaskToken};

/// What a request is spelled with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spelling<'a> {
    pub(crate) setting: &'a Setting,
    pub(crate) names: &'a Names,
    /// The tokens that were given out.
    pub(crate) tokens: &'a [(TaskToken, Token)],
}

impl Spelling<'_> {
    pub(crate) fn request_name(&self, id: RequestId) -> RequestName {
        RequestName(self.names.request(id).into())
    }

    fn named(&self, target: Target) -> Named {
        match target {
            Target::ById => Named::ById,
            Target::Token(token) => {
                let known = self.tokens.iter().find(|(known, _)| *known == token);
                let (_, token) = known.expect("a tester names tokens that it was given");
                Named::Token(token.clone())
            }
        }
    }

    /// The call that a request is, which an input came to.
    pub(crate) fn call(&self, request: Request, input: Input) -> Call {
        match request {
            Request::StartActivityExecution { request_id, id_conflict_policy } => Call::Start {
                request_id: self.request_name(request_id),
                id_conflict_policy,
                options: *self.setting,
            },
            Request::RecordActivityTaskStarted { request_id, identity, .. } => {
                Call::Poll { request_id: self.request_name(request_id), identity }
            }
            Request::RecordActivityTaskHeartbeat { target, details } => {
                Call::Heartbeat { named: self.named(target), details }
            }
            Request::RespondActivityTaskCompleted { target, result, identity } => {
                Call::RespondCompleted { named: self.named(target), result, identity }
            }
            Request::RespondActivityTaskFailed {
                target,
                failure,
                retry,
                last_heartbeat_details,
                identity,
            } => Call::RespondFailed {
                named: self.named(target),
                next_retry_delay: next_retry_delay(input, retry),
                failure,
                heartbeat_details: last_heartbeat_details,
                identity,
            },
            Request::RespondActivityTaskCanceled { target, details } => {
                Call::RespondCanceled { named: self.named(target), details }
            }
            Request::RequestCancelActivityExecution { request_id, identity, reason } => {
                Call::RequestCancel { request_id: self.request_name(request_id), identity, reason }
            }
            Request::TerminateActivityExecution { request_id, identity, reason } => {
                Call::Terminate { request_id: self.request_name(request_id), identity, reason }
            }
        }
    }
}

/// The delay that a failure asks for; most ask for none.
fn next_retry_delay(input: Input, retry: Retryability) -> Option<Span> {
    use FailureKind::{NextRetryDelay, NoInterval, PastDelay};
    match (input, retry) {
        (Input::Fail(_, NextRetryDelay | PastDelay), Retryability::After(delay)) => Some(delay),
        (Input::Fail(_, NoInterval), _) => Some(Span(0)),
        _ => None,
    }
}
