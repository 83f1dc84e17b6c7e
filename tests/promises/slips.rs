//! Slips of a service: steps that are right but for one thing, which is forgotten, done where it is
//! not asked for, or off by one.

use activity_execution::vocabulary::{
    Answer, Attempt, CancelRequest, Deadlines, Dialect, ExecutionOptions, Observation, Opaque,
    Outcome, OutcomeKind, Phase, Rejection, Reply, RequestId, RetryState, Span, TaskToken,
    TimeoutReason, TimeoutType, Timestamp,
};
use activity_models::exploration::{ExplorerPayload, Observed};

type Terms = ExecutionOptions<i16>;

const ONE: Span<i16> = Span(1);
const OTHER: RequestId = RequestId(9);
const PAYLOADS: [ExplorerPayload; 3] =
    [ExplorerPayload::NOTHING, ExplorerPayload::KNOWN, ExplorerPayload::NEW];

macro_rules! slips_of_fields {
    ($after:ident, $tell:ident; $($field:ident: $values:expr;)+) => {
        $(for value in $values {
            if value != $after.$field {
                $tell(stringify!($field), &Observation { $field: value, ..*$after });
            }
        })+
    };
}

/// The execution after a step, with one thing in it that is wrong.
pub(crate) fn of_state(
    before: &Observed,
    after: &Observed,
    mut tell: impl FnMut(&'static str, &Observed),
) {
    let (now, count) = (after.now, after.total_heartbeat_count);
    let one_more = |Attempt(attempt)| Attempt(attempt + 1);
    let one_less = |Attempt(attempt)| Attempt(attempt - 1);
    slips_of_fields! { after, tell;
        now: [now + ONE];
        schedule_time: [after.schedule_time + ONE, after.schedule_time - ONE];
        start_request_id: [OTHER];
        attempt: [before.attempt, one_more(after.attempt), one_less(after.attempt), Attempt(0)];
        phase: phases(before, after);
        deadlines: deadlines(before, after);
        last_started_time: instants(before.last_started_time, after.last_started_time, after);
        last_attempt_complete_time:
            instants(before.last_attempt_complete_time, after.last_attempt_complete_time, after);
        last_heartbeat_time: instants(before.last_heartbeat_time, after.last_heartbeat_time, after);
        heartbeat_details: payloads(before.heartbeat_details);
        total_heartbeat_count: [before.total_heartbeat_count, count + 1, count - 1, -1];
        last_failure: payloads(before.last_failure);
        last_worker_identity: payloads(before.last_worker_identity);
        cancel_request: cancel_requests(before, after);
        terminate_request_id: [before.terminate_request_id, None, Some(OTHER)];
    }
}

fn payloads(before: ExplorerPayload) -> [ExplorerPayload; 4] {
    [before, PAYLOADS[0], PAYLOADS[1], PAYLOADS[2]]
}

fn instants(
    before: Option<Timestamp<i16>>,
    after: Option<Timestamp<i16>>,
    execution: &Observed,
) -> [Option<Timestamp<i16>>; 7] {
    let (now, first) = (execution.now, execution.schedule_time);
    let earlier = after.map(|instant| instant - ONE);
    let later = after.map(|instant| instant + ONE);
    [None, before, Some(now), Some(now + ONE), Some(first - ONE), earlier, later]
}

fn cancel_requests(
    before: &Observed,
    after: &Observed,
) -> Vec<Option<CancelRequest<ExplorerPayload>>> {
    let (identity, reason) = (ExplorerPayload::NOTHING, ExplorerPayload::NOTHING);
    let made_up = CancelRequest { request_id: OTHER, identity, reason };
    let mut all = vec![before.cancel_request, None, Some(made_up)];
    if let Some(request) = after.cancel_request {
        all.push(Some(CancelRequest { request_id: OTHER, ..request }));
        all.push(Some(CancelRequest { identity, ..request }));
        all.push(Some(CancelRequest { reason, ..request }));
    }
    all
}

fn deadlines(before: &Observed, after: &Observed) -> Vec<Deadlines<i16>> {
    let mut all = vec![before.deadlines, Deadlines::default()];
    for timeout_type in TimeoutType::ALL {
        let was = after.deadlines.of(timeout_type);
        for instant in [
            None,
            before.deadlines.of(timeout_type),
            was.map(|instant| instant + ONE),
            was.map(|instant| instant - ONE),
            Some(after.now),
            Some(after.now + ONE),
        ] {
            let mut wrong = after.deadlines;
            match timeout_type {
                TimeoutType::ScheduleToStart => wrong.schedule_to_start = instant,
                TimeoutType::ScheduleToClose => wrong.schedule_to_close = instant,
                TimeoutType::StartToClose => wrong.start_to_close = instant,
                TimeoutType::Heartbeat => wrong.heartbeat = instant,
            }
            all.push(wrong);
        }
    }
    all
}

fn phases(before: &Observed, after: &Observed) -> Vec<Phase<i16, ExplorerPayload>> {
    let now = after.now;
    let waits = |dispatch_time, retry_interval| Phase::Scheduled { dispatch_time, retry_interval };
    let starts = |request_id, dispatch_time| Phase::Started { request_id, dispatch_time };
    let closes = |outcome, close_time| Phase::Closed { outcome, close_time };
    let mut all = vec![before.phase, waits(now, None), waits(now + ONE, Some(ONE))];
    all.push(starts(OTHER, now));
    match after.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            all.extend([ONE, Span(-1)].map(|by| waits(dispatch_time + by, retry_interval)));
            let wait = retry_interval.unwrap_or(Span(0));
            all.extend(
                [None, Some(Span(wait.0 + 1)), Some(Span(wait.0 - 1))]
                    .map(|interval| waits(dispatch_time, interval)),
            );
            all.push(waits(dispatch_time - ONE, Some(Span(wait.0 - 1))));
            all.push(waits(dispatch_time + Span(20), retry_interval.map(|it| Span(it.0 + 20))));
        }
        Phase::Started { request_id, dispatch_time } => {
            all.push(starts(OTHER, dispatch_time));
            all.extend([ONE, Span(-1)].map(|by| starts(request_id, dispatch_time + by)));
            all.push(starts(request_id, now + ONE));
        }
        Phase::Closed { outcome, close_time } => {
            all.extend([ONE, Span(-1), Span(-40)].map(|by| closes(outcome, close_time + by)));
        }
    }
    all.extend(outcomes(before, after).into_iter().map(|outcome| closes(outcome, now)));
    all
}

/// Every outcome, with whatever could be said of it.
fn outcomes(before: &Observed, after: &Observed) -> Vec<Outcome<ExplorerPayload>> {
    let mut said = PAYLOADS.to_vec();
    said.push(ExplorerPayload::activity_id_not_started());
    said.push(ExplorerPayload::none().or_missing_failure());
    let mut all = Vec::new();
    for kind in OutcomeKind::ALL {
        match kind {
            OutcomeKind::Completed => {
                all.extend(said.iter().map(|&result| Outcome::Completed { result }));
            }
            OutcomeKind::Canceled => {
                let identities = PAYLOADS.into_iter();
                all.extend(identities.flat_map(|identity| {
                    said.iter().map(move |&details| Outcome::Canceled { details, identity })
                }));
            }
            OutcomeKind::Terminated => all.extend(PAYLOADS.into_iter().flat_map(|identity| {
                PAYLOADS.map(|reason| Outcome::Terminated { reason, identity })
            })),
            OutcomeKind::Failed(retry_state) => {
                all.extend(said.iter().map(|&failure| Outcome::Failed { failure, retry_state }));
            }
            OutcomeKind::TimedOut(timeout_type, retry_state) => {
                all.extend(timed_out(before, after, timeout_type, retry_state));
            }
        }
    }
    all
}

fn timed_out(
    before: &Observed,
    after: &Observed,
    timeout_type: TimeoutType,
    retry_state: RetryState,
) -> Vec<Outcome<ExplorerPayload>> {
    let failure = |reason, details, cause| {
        ExplorerPayload::timeout_failure(timeout_type, reason, details, cause)
    };
    let (details, cause) = (before.heartbeat_details, before.last_failure);
    let none = ExplorerPayload::none();
    let mut failures = vec![none, after.last_failure];
    for reason in [TimeoutReason::Elapsed, TimeoutReason::NotEnoughTime] {
        failures.extend([
            failure(reason, details, cause),
            failure(reason, none, cause),
            failure(reason, details, none),
            failure(reason, ExplorerPayload::NEW, ExplorerPayload::NEW),
        ]);
    }
    failures
        .into_iter()
        .map(|failure| Outcome::TimedOut { timeout_type, failure, retry_state })
        .collect()
}

/// Every kind of reply, a task made of what the execution after the step has.
pub(crate) fn replies(after: &Observed) -> Vec<Reply<i16, ExplorerPayload>> {
    let mut all = vec![Ok(Answer::Done), Ok(Answer::Existing), Ok(task(after))];
    all.extend([false, true].map(|cancel_requested| Ok(Answer::Recorded { cancel_requested })));
    all.extend(Rejection::ALL.map(Err));
    all
}

fn task(after: &Observed) -> Answer<i16, ExplorerPayload> {
    let dispatch_time = match after.phase {
        Phase::Started { dispatch_time, .. } | Phase::Scheduled { dispatch_time, .. } => {
            dispatch_time
        }
        Phase::Closed { close_time, .. } => close_time,
    };
    Answer::Task {
        token: TaskToken(after.attempt),
        attempt: after.attempt,
        started_time: after.last_started_time.unwrap_or(after.now),
        current_attempt_scheduled_time: dispatch_time,
        heartbeat_details: after.heartbeat_details,
    }
}

/// The same task, with one thing in it that is wrong.
pub(crate) fn tasks(reply: &Reply<i16, ExplorerPayload>) -> Vec<Reply<i16, ExplorerPayload>> {
    let Ok(Answer::Task {
        token,
        attempt: Attempt(attempt),
        started_time,
        current_attempt_scheduled_time,
        heartbeat_details,
    }) = *reply
    else {
        return Vec::new();
    };
    let told = |token, attempt, started_time, scheduled_time, heartbeat_details| {
        Ok(Answer::Task {
            token,
            attempt,
            started_time,
            current_attempt_scheduled_time: scheduled_time,
            heartbeat_details,
        })
    };
    let scheduled_time = current_attempt_scheduled_time;
    let mut all = Vec::new();
    for other in [Attempt(attempt + 1), Attempt(attempt - 1)] {
        all.push(told(
            TaskToken(other),
            Attempt(attempt),
            started_time,
            scheduled_time,
            heartbeat_details,
        ));
        all.push(told(token, other, started_time, scheduled_time, heartbeat_details));
        all.push(told(TaskToken(other), other, started_time, scheduled_time, heartbeat_details));
    }
    for by in [ONE, Span(-1)] {
        all.push(told(
            token,
            Attempt(attempt),
            started_time + by,
            scheduled_time,
            heartbeat_details,
        ));
        all.push(told(
            token,
            Attempt(attempt),
            started_time,
            scheduled_time + by,
            heartbeat_details,
        ));
    }
    let details = PAYLOADS.into_iter().filter(|details| *details != heartbeat_details);
    all.extend(
        details.map(|details| told(token, Attempt(attempt), started_time, scheduled_time, details)),
    );
    all
}

/// The same step under other options: one of them is misread.
pub(crate) fn options(terms: &Terms) -> Vec<Terms> {
    let optional = |span: Option<Span<i16>>| match span {
        None => vec![Some(ONE), Some(Span(3))],
        Some(Span(span)) => vec![None, Some(Span(span + 1)), Some(Span(span - 1))],
    };
    let mut all = Vec::new();
    for schedule_to_close_timeout in optional(terms.schedule_to_close_timeout) {
        all.push(Terms { schedule_to_close_timeout, ..*terms });
    }
    for schedule_to_start_timeout in optional(terms.schedule_to_start_timeout) {
        all.push(Terms { schedule_to_start_timeout, ..*terms });
    }
    for heartbeat_timeout in optional(terms.heartbeat_timeout) {
        all.push(Terms { heartbeat_timeout, ..*terms });
    }
    for start_to_close in optional(Some(terms.start_to_close_timeout)).into_iter().flatten() {
        all.push(Terms { start_to_close_timeout: start_to_close, ..*terms });
    }
    for start_delay in optional(Some(terms.start_delay)).into_iter().flatten() {
        all.push(Terms { start_delay, ..*terms });
    }
    let attempts = terms.maximum_attempts.map(|it| Span(it.0));
    for maximum_attempts in optional(attempts) {
        let maximum_attempts = maximum_attempts.map(|it| Attempt(it.0));
        all.push(Terms { maximum_attempts, ..*terms });
    }
    all.push(Terms { retries_start_to_close: !terms.retries_start_to_close, ..*terms });
    all.push(Terms { retries_heartbeat: !terms.retries_heartbeat, ..*terms });
    let dialect = match terms.dialect {
        Dialect::Standalone => Dialect::Workflow,
        Dialect::Workflow => Dialect::Standalone,
    };
    all.push(Terms { dialect, ..*terms });
    all
}
