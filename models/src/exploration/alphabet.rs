//! Everything that can happen next: every call, with current, stale and future tokens and by id,
//! new or repeated, and every timer. Most of it is refused, which is a step like any other.

use super::bounds::Configuration;
use super::name::Name;
use activity_execution::vocabulary::{
    Action, Attempt, IdConflictPolicy, Observation, Request, RequestId, Span, Target, TaskToken,
    TimeoutType,
};

/// What is tried.
pub type Tried = Action<i16, Name>;

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
    observation: &Observation<i16, Name>,
    tried: &mut Vec<Tried>,
) {
    let mut call = |request| tried.push(Action::Call(request));
    let Attempt(current) = observation.attempt;
    let token = |attempt| TaskToken(Attempt(attempt));
    let (identity, reason) = (Name::NEW, Name::NEW);

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
        let token = token(attempt);
        call(Request::RecordActivityTaskStarted { request_id, token, identity });
    }
    for request_id in REQUEST_IDS {
        call(Request::RequestCancelActivityExecution { request_id, identity, reason });
        call(Request::TerminateActivityExecution { request_id, identity, reason });
    }
    // Whether a call is by id decides whom it speaks about, and nothing of what it then does, so
    // only a few of all combinations are tried by id.
    let plain = (Name::NOTHING, None);
    let with_details = (Name::NEW, Some(Name::NEW));
    let without_details = (Name::NOTHING, Some(Name::NOTHING));
    let holder = Target::Token(token(current));
    for (target, (failure, last_heartbeat_details)) in
        [(holder, plain), (holder, with_details), (holder, without_details), (Target::ById, plain)]
    {
        for (retryable, backoff) in [
            (true, configuration.backoff),
            (true, configuration.next_retry_delay),
            (false, configuration.backoff),
        ] {
            call(Request::RespondActivityTaskFailed {
                target,
                failure,
                retryable,
                backoff,
                last_heartbeat_details,
                identity,
            });
        }
    }
    let nothing = Name::NOTHING;
    call(Request::RecordActivityTaskHeartbeat { target: holder, details: nothing });
    for target in
        [holder, Target::Token(token(current - 1)), Target::Token(token(current + 1)), Target::ById]
    {
        call(Request::RecordActivityTaskHeartbeat { target, details: Name::NEW });
        call(Request::RespondActivityTaskCompleted { target, result: Name::NEW, identity });
        call(Request::RespondActivityTaskCanceled { target, details: Name::NEW });
    }
    for attempt in [current - 1, current + 1] {
        call(Request::RespondActivityTaskFailed {
            target: Target::Token(token(attempt)),
            failure: Name::NEW,
            retryable: true,
            backoff: configuration.backoff,
            last_heartbeat_details: Some(Name::NEW),
            identity,
        });
    }
}
