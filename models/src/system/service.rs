//! The service in abstract time: the core, asked at one and the same instant, with timeouts that
//! are over or not as the step says. Knows the core's calls; decides nothing.
//!
//! Every comparison of instants that the core makes can come out either way here, so that whatever
//! it does in real time it also does in this model.

use super::bounds::{BOUNDS, Bounds};
use super::machines::NOW;
use super::payload::{AbstractNumber, SystemPayload};
use super::step_record::Answered;
use super::world::{Call, Execution, Said};
use activity_execution::vocabulary::{
    Attempt, CancelRequest, Deadlines, Dialect, ExecutionOptions, IdConflictPolicy, Observation,
    Phase, Rejection, Request, RequestId, Retryability, Span, Target, TaskToken, TimeoutType,
    Timestamp,
};

/// How long a retry waits: not yet over at any instant of this model.
const BACKOFF: Span<AbstractNumber> = Span(AbstractNumber(2));

/// The request id of the start.
const START: RequestId = RequestId(0);

/// The terms under which this timer, if any, has elapsed.
fn terms(
    bounds: &Bounds,
    elapsed: Option<TimeoutType>,
    time_left: bool,
) -> ExecutionOptions<AbstractNumber> {
    let span = |timeout_type, otherwise| {
        Span(AbstractNumber(if elapsed == Some(timeout_type) { 0 } else { otherwise }))
    };
    // Short of time means: not over, but shorter than the backoff.
    let total = if time_left { 4 } else { 1 };
    ExecutionOptions {
        dialect: Dialect::Workflow,
        maximum_attempts: Some(Attempt(AbstractNumber(bounds.maximum_attempts.cast_signed()))),
        schedule_to_close_timeout: Some(span(TimeoutType::ScheduleToClose, total)),
        schedule_to_start_timeout: Some(span(TimeoutType::ScheduleToStart, 4)),
        start_to_close_timeout: span(TimeoutType::StartToClose, 4),
        heartbeat_timeout: Some(span(TimeoutType::Heartbeat, 4)),
        start_delay: Span(AbstractNumber(0)),
        retries_start_to_close: true,
        retries_heartbeat: true,
    }
}

/// A new execution, whose first task is dispatched.
pub(super) fn start(bounds: &Bounds) -> Execution {
    Execution::new(&terms(bounds, None, true), NOW, START)
}

/// Asks the service for something, and makes it so.
pub(super) fn ask(
    bounds: &Bounds,
    time_left: bool,
    execution: &mut Execution,
    request: &Request<AbstractNumber, SystemPayload>,
) -> Answered {
    let terms = terms(bounds, None, time_left);
    let accepted = execution.call(&terms, NOW, request)?;
    forget_time(execution);
    Ok(accepted.answer)
}

/// Whether the service would do anything about this request.
///
/// # Errors
/// Why it is refused.
pub(super) fn matters(
    execution: &Execution,
    request: &Request<AbstractNumber, SystemPayload>,
) -> Result<bool, Rejection> {
    let event = execution.decide(&terms(&BOUNDS, None, true), NOW, request)?;
    Ok(event.is_some())
}

/// Lets a timer elapse; whether it was set.
pub(super) fn elapse(
    bounds: &Bounds,
    execution: &mut Execution,
    timeout_type: TimeoutType,
    time_left: bool,
) -> bool {
    let terms = terms(bounds, Some(timeout_type), time_left);
    let elapsed = execution.elapse(&terms, NOW, timeout_type, BACKOFF).is_ok();
    if elapsed {
        forget_time(execution);
    }
    elapsed
}

/// Lets a backoff pass.
pub(super) fn dispatch(execution: &mut Execution) {
    let mut observation = observe(execution);
    if let Phase::Scheduled { dispatch_time, .. } = &mut observation.phase {
        *dispatch_time = NOW;
    }
    *execution = Execution::from_observation(&observation);
}

/// Everything that can be seen of an execution of this model.
#[must_use]
pub fn observe(execution: &Execution) -> Observation<AbstractNumber, SystemPayload> {
    execution.observe(&terms(&BOUNDS, None, true), NOW)
}

/// Forgets when anything happened, how often, and who did it: none of it decides what happens next
/// in abstract time. That an attempt was started at all is kept for the close.
fn forget_time(execution: &mut Execution) {
    let mut observation = observe(execution);
    observation.last_started_time = match &mut observation.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            *dispatch_time = if *dispatch_time > NOW { Timestamp(BACKOFF.0) } else { NOW };
            *retry_interval = None;
            None
        }
        Phase::Started { request_id, .. } => {
            *request_id = ANSWERED_POLL;
            Some(NOW)
        }
        Phase::Closed { .. } => observation.last_started_time,
    };
    let forgotten = Observation {
        deadlines: Deadlines::default(),
        last_attempt_complete_time: None,
        last_heartbeat_time: None,
        total_heartbeat_count: AbstractNumber(0),
        last_failure: SystemPayload::Nothing,
        last_worker_identity: SystemPayload::Nothing,
        cancel_request: observation.cancel_request.map(|request| CancelRequest {
            identity: SystemPayload::Nothing,
            reason: SystemPayload::Nothing,
            ..request
        }),
        ..observation
    };
    *execution = Execution::from_observation(&forgotten);
}

/// The poll that was answered with the current attempt.
pub(super) const ANSWERED_POLL: RequestId = RequestId(0);
/// A poll that was not answered before.
pub(super) const NEW_POLL: RequestId = RequestId(1);

/// A poll that was matched with the task of the current attempt.
pub(super) fn poll(
    execution: &Execution,
    request_id: RequestId,
) -> Request<AbstractNumber, SystemPayload> {
    Request::RecordActivityTaskStarted {
        request_id,
        dispatched: TaskToken(execution.attempt()),
        identity: SystemPayload::Nothing,
    }
}

/// A worker's call as the service sees it.
pub(super) fn request(call: Call) -> Request<AbstractNumber, SystemPayload> {
    let target = Target::Token(TaskToken(Attempt(AbstractNumber(call.attempt.cast_signed()))));
    let identity = SystemPayload::Nothing;
    match call.said {
        Said::Heartbeat { details } => Request::RecordActivityTaskHeartbeat { target, details },
        Said::Completed { result } => {
            Request::RespondActivityTaskCompleted { target, result, identity }
        }
        Said::Failed { retryable, details } => Request::RespondActivityTaskFailed {
            target,
            failure: SystemPayload::Failure,
            retry: if retryable {
                Retryability::After(BACKOFF)
            } else {
                Retryability::NonRetryable
            },
            last_heartbeat_details: details,
            identity,
        },
        Said::Canceled => {
            Request::RespondActivityTaskCanceled { target, details: SystemPayload::GaveIn }
        }
    }
}

/// The start, repeated.
pub(super) fn repeated_start() -> Request<AbstractNumber, SystemPayload> {
    let id_conflict_policy = IdConflictPolicy::Fail;
    Request::StartActivityExecution { request_id: START, id_conflict_policy }
}

/// The caller's cancel request with this number.
pub(super) fn cancel(number: u8) -> Request<AbstractNumber, SystemPayload> {
    Request::RequestCancelActivityExecution {
        request_id: RequestId(u32::from(number)),
        identity: SystemPayload::Nothing,
        reason: SystemPayload::Nothing,
    }
}

/// What happens to an open execution when its caller closes.
pub(super) fn terminate() -> Request<AbstractNumber, SystemPayload> {
    Request::TerminateActivityExecution {
        request_id: RequestId(0),
        identity: SystemPayload::Nothing,
        reason: SystemPayload::Nothing,
    }
}
