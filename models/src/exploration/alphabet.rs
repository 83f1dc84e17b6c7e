//! The actions tried in every state: calls with current, stale and future tokens, and timers. Most
//! of it is refused, which is a step like any other.

use super::bounds::{Configuration, PAST_RETRY_DELAY};
use super::payload::ExplorerPayload;
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, IdConflictPolicy, Observation, Request, RequestId, Retryability,
    Span, Target, TaskToken, TimeoutType,
};

/// What is tried.
pub type Tried = Action<i16, ExplorerPayload>;

/// The request ids of a step: the one that everything kept has, and another.
const REQUEST_IDS: [RequestId; 2] = [RequestId(0), RequestId(1)];

/// Time, and every timer.
pub(super) fn time(configuration: &Configuration, tried: &mut Vec<Tried>) {
    tried.push(Action::Tick { elapsed: Span(1) });
    let backoff = configuration.backoff;
    tried.extend(TimeoutType::ALL.map(|timeout_type| Action::Elapses { timeout_type, backoff }));
}

/// Every call on an execution that stands like this.
pub(super) fn calls(
    configuration: &Configuration,
    observation: &Observation<i16, ExplorerPayload>,
    tried: &mut Vec<Tried>,
) {
    let mut call = |request| tried.push(Action::Call(request));
    let Attempt(current) = observation.attempt;
    let (identity, reason) = (ExplorerPayload::NEW, ExplorerPayload::NEW);

    let policies = [IdConflictPolicy::Fail, IdConflictPolicy::UseExisting];
    for (request_id, id_conflict_policy) in [
        (REQUEST_IDS[0], policies[0]),
        (REQUEST_IDS[1], policies[0]),
        (REQUEST_IDS[1], policies[1]),
    ] {
        call(Request::StartActivityExecution { request_id, id_conflict_policy });
    }
    for (request_id, attempt) in [
        (REQUEST_IDS[0], current),
        (REQUEST_IDS[1], current),
        (REQUEST_IDS[1], current - 1),
        (REQUEST_IDS[1], current + 1),
    ] {
        let token = TaskToken(Attempt(attempt));
        call(Request::RecordActivityTaskStarted { request_id, dispatched: token, identity });
    }
    for request_id in REQUEST_IDS {
        call(Request::RequestCancelActivityExecution { request_id, identity, reason });
        call(Request::TerminateActivityExecution { request_id, identity, reason });
    }
    failures(configuration, observation, tried);
    reports(current, tried);
}

/// Failures. Whether a call is by id decides whom it speaks about, and nothing of what it then
/// does, so only a few of all combinations are tried by id and with tokens of other attempts.
fn failures(
    configuration: &Configuration,
    observation: &Observation<i16, ExplorerPayload>,
    tried: &mut Vec<Tried>,
) {
    let plain = (ExplorerPayload::NOTHING, None);
    let with_details = (ExplorerPayload::NEW, Some(ExplorerPayload::NEW));
    let without_details = (ExplorerPayload::NOTHING, Some(ExplorerPayload::NOTHING));
    let Attempt(current) = observation.attempt;
    let (kinds, count) = retries(configuration, observation);
    let kinds = &kinds[..count];
    let holder = token(current);
    for (target, (failure, last_heartbeat_details), kinds) in [
        (holder, plain, kinds),
        (holder, with_details, kinds),
        (holder, without_details, kinds),
        (Target::ById, plain, kinds),
        (token(current - 1), with_details, &kinds[..1]),
        (token(current + 1), with_details, &kinds[..1]),
    ] {
        tried.extend(kinds.iter().map(|&retry| {
            Action::Call(Request::RespondActivityTaskFailed {
                target,
                failure,
                retry,
                last_heartbeat_details,
                identity: ExplorerPayload::NEW,
            })
        }));
    }
}

/// What may be known of a retry, and how much of it is tried; the dialects differ.
fn retries(
    configuration: &Configuration,
    observation: &Observation<i16, ExplorerPayload>,
) -> ([Retryability<i16>; 6], usize) {
    let all = [
        Retryability::After(configuration.backoff),
        Retryability::After(configuration.next_retry_delay),
        Retryability::NonRetryable,
        Retryability::TimedOut,
        Retryability::NoInterval,
        Retryability::After(Span(PAST_RETRY_DELAY)),
    ];
    let end = observation.deadlines.schedule_to_close;
    let count = match configuration.terms.dialect {
        Dialect::Standalone => 3,
        Dialect::Workflow if end.is_some_and(|end| end < observation.now) => 5,
        Dialect::Workflow => 6,
    };
    (all, count)
}

/// Everything else that a worker reports.
fn reports(current: i16, tried: &mut Vec<Tried>) {
    let mut call = |request| tried.push(Action::Call(request));
    let (holder, details, identity) = (token(current), ExplorerPayload::NEW, ExplorerPayload::NEW);
    call(Request::RecordActivityTaskHeartbeat {
        target: holder,
        details: ExplorerPayload::NOTHING,
    });
    for target in [holder, token(current - 1), token(current + 1), Target::ById] {
        call(Request::RecordActivityTaskHeartbeat { target, details });
        call(Request::RespondActivityTaskCompleted {
            target,
            result: ExplorerPayload::NEW,
            identity,
        });
        call(Request::RespondActivityTaskCanceled { target, details });
    }
}

fn token(attempt: i16) -> Target<i16> {
    Target::Token(TaskToken(Attempt(attempt)))
}
