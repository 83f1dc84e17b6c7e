//! Every call that is worth a try in a given situation: current, stale and future tokens and by id,
//! the request ids that were used and a fresh one. Most of them are refused.

use activity_execution::Payload;
use activity_execution::vocabulary::{
    Attempt, Dialect, ExecutionOptions, IdConflictPolicy, Observation, Opaque, Phase, Request,
    RequestId, Retryability, Span, Target, TaskToken,
};

/// The calls to try on an execution with these terms that stands like this.
#[must_use]
pub fn alphabet(terms: &ExecutionOptions, observation: &Observation) -> Vec<Request> {
    let Attempt(current) = observation.attempt;
    let attempts = [current, current - 1, current + 1].map(|n| TaskToken(Attempt(n)));
    let mut calls = Vec::new();
    for request_id in [observation.start_request_id, FRESH] {
        for id_conflict_policy in [IdConflictPolicy::Fail, IdConflictPolicy::UseExisting] {
            calls.push(Request::StartActivityExecution { request_id, id_conflict_policy });
        }
    }
    let polled = match observation.phase {
        Phase::Started { request_id, .. } => request_id,
        Phase::Scheduled { .. } | Phase::Closed { .. } => RequestId(1),
    };
    for token in attempts {
        for request_id in [polled, FRESH] {
            calls.push(Request::RecordActivityTaskStarted {
                request_id,
                dispatched: token,
                identity: Payload::data("prober"),
            });
        }
    }
    for target in attempts.map(Target::Token).into_iter().chain([Target::ById]) {
        calls.extend(reports(terms.dialect, target));
    }
    let canceled = observation.cancel_request.as_ref();
    let canceled = canceled.map_or(RequestId(1), |request| request.request_id);
    for request_id in [canceled, FRESH] {
        calls.push(Request::RequestCancelActivityExecution {
            request_id,
            identity: Payload::data("prober"),
            reason: Payload::none(),
        });
    }
    for request_id in [observation.terminate_request_id.unwrap_or(RequestId(1)), FRESH] {
        calls.push(Request::TerminateActivityExecution {
            request_id,
            identity: Payload::data("prober"),
            reason: Payload::none(),
        });
    }
    calls
}

/// What a worker can say about an attempt.
fn reports(dialect: Dialect, target: Target) -> Vec<Request> {
    let identity = Payload::data("prober");
    let details = Payload::data("details");
    let mut reports = vec![
        Request::RecordActivityTaskHeartbeat { target, details: details.clone() },
        Request::RespondActivityTaskCompleted {
            target,
            result: Payload::none(),
            identity: identity.clone(),
        },
        Request::RespondActivityTaskCanceled { target, details: Payload::none() },
    ];
    let of_workflows: &[Retryability] = match dialect {
        Dialect::Standalone => &[],
        Dialect::Workflow => &[Retryability::TimedOut, Retryability::NoInterval],
    };
    for retry in
        [Retryability::After(Span(1_000)), Retryability::NonRetryable].iter().chain(of_workflows)
    {
        let last_heartbeat_details =
            (*retry == Retryability::NonRetryable).then(|| details.clone());
        reports.push(Request::RespondActivityTaskFailed {
            target,
            failure: Payload::none(),
            retry: *retry,
            last_heartbeat_details,
            identity: identity.clone(),
        });
    }
    reports
}

/// A request id that nobody else uses.
const FRESH: RequestId = RequestId(u32::MAX);
