//! The alterations of calls, answers and states that mutants of the service are made of.

use activity_execution::vocabulary::{
    Action, ExecutionOptions, Number, Observation, Opaque, Phase, Request, Retryability, Span,
    Target, TimeoutType,
};

/// Changes whom a worker's call speaks about.
pub(super) fn retargeted<N: Number, P>(
    action: &mut Action<N, P>,
    understood: impl FnOnce(Target<N>) -> Target<N>,
) {
    let Action::Call(request) = action else { return };
    if let Some(target) = request.target_mut() {
        *target = understood(*target);
    }
}

/// Changes how long the next attempt would wait.
pub(in crate::mutants) fn with_backoff<N: Number, P>(action: &mut Action<N, P>, wrong: Span<N>) {
    match action {
        Action::Elapses { backoff, .. }
        | Action::Call(Request::RespondActivityTaskFailed {
            retry: Retryability::After(backoff),
            ..
        }) => *backoff = wrong,
        Action::Tick { .. } | Action::Call(_) => {}
    }
}

/// Whether the action can end an attempt in a way that may be retried.
pub(super) fn attempt_fails<N: Number, P: Opaque>(action: &Action<N, P>) -> bool {
    match action {
        Action::Elapses { timeout_type, .. } => {
            matches!(timeout_type, TimeoutType::StartToClose | TimeoutType::Heartbeat)
        }
        Action::Call(_) => reported_failure(action).is_some(),
        Action::Tick { .. } => false,
    }
}

/// The failure that a worker reports.
pub(super) fn reported_failure<N, P>(action: &Action<N, P>) -> Option<&P> {
    match action {
        Action::Call(Request::RespondActivityTaskFailed { failure, .. }) => Some(failure),
        Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => None,
    }
}

/// Whether an attempt ended and another waits.
pub(in crate::mutants) fn is_retry<N: Number, P: Opaque>(
    before: &Observation<N, P>,
    after: &Observation<N, P>,
) -> bool {
    before.is_started() && matches!(after.phase, Phase::Scheduled { .. })
}

/// The wait for a worker began anew, for another attempt.
pub(super) fn retried_after_the_wait<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, P>,
    backoff: Span<N>,
) -> Observation<N, P> {
    let dispatch_time = before.now + backoff;
    let mut after = before.clone();
    after.attempt = before.attempt.next();
    after.phase = Phase::Scheduled { dispatch_time, retry_interval: Some(backoff) };
    after.deadlines.schedule_to_start =
        terms.schedule_to_start_timeout.map(|timeout| dispatch_time + timeout);
    after.last_attempt_complete_time = Some(before.now);
    after.last_started_time = Some(before.now);
    after
}

/// ExecutionOptions and execution with each deadline moved, in the order of [`TimeoutType::ALL`], whether the
/// machine stores deadlines or derives them from the terms.
pub(super) fn postponed<N: Number, P: Opaque>(
    mut terms: ExecutionOptions<N>,
    before: &Observation<N, P>,
    by: [Span<N>; 4],
) -> (ExecutionOptions<N>, Observation<N, P>) {
    let [wait, total, start_to_close, heartbeat] = by;
    let mut altered = before.clone();
    let deadlines = &mut altered.deadlines;
    for (timeout, deadline, by) in [
        (&mut terms.schedule_to_start_timeout, &mut deadlines.schedule_to_start, wait),
        (&mut terms.schedule_to_close_timeout, &mut deadlines.schedule_to_close, total),
        (&mut terms.heartbeat_timeout, &mut deadlines.heartbeat, heartbeat),
    ] {
        *timeout = timeout.map(|timeout| timeout + by);
        *deadline = deadline.map(|deadline| deadline + by);
    }
    terms.start_to_close_timeout = terms.start_to_close_timeout + start_to_close;
    deadlines.start_to_close = deadlines.start_to_close.map(|deadline| deadline + start_to_close);
    (terms, altered)
}

/// How far before the start of the attempt the last heartbeat lies that is not its own, as a
/// negative length of time.
pub(super) fn older_heartbeat<N: Number, P: Opaque>(
    execution: &Observation<N, P>,
) -> Option<Span<N>> {
    let (heard, started) = (execution.last_heartbeat_time?, execution.last_started_time?);
    (heard < started).then(|| heard - started)
}

/// What is left of a length of time.
pub(super) fn difference<N: Number>(of: Span<N>, less: Span<N>) -> Span<N> {
    Span(of.0 - less.0)
}

/// Whether a deadline was armed before another one that is armed too.
pub(super) fn armed_before<N: Number, P: Opaque>(
    execution: &Observation<N, P>,
    one: TimeoutType,
    other: TimeoutType,
) -> bool {
    let is_retry = matches!(execution.phase, Phase::Scheduled { retry_interval: Some(_), .. });
    match (one, other) {
        (TimeoutType::ScheduleToClose, TimeoutType::ScheduleToStart) => is_retry,
        (TimeoutType::ScheduleToStart, TimeoutType::ScheduleToClose) => !is_retry,
        (one, other) => one < other,
    }
}
