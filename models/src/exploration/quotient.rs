//! The equivalence classes of executions (a quotient by bisimulation) that exploration visits once.
//!
//! Generic, so that `class(step(x)) == class(step(class(x)))` can be proved of this very text.
//! Compares, adds and subtracts instants, and little of that: symbolic instants fork.

use activity_execution::vocabulary::{
    Attempt, CancelRequest, Deadlines, Dialect, ExecutionOptions, Number, Observation, Opaque,
    Phase, RequestId, Span, TimeoutType, Timestamp,
};

/// The class of an execution, told by the observation that stands for it: the present is zero, and
/// what no answer depends on any more is erased.
///
/// Kept are, relative to the present, what is still to come, and of deadlines that are overdue
/// their order, because they take effect in it; in a workflow also whether schedule-to-close is due
/// just now, because a retry without a wait still is in time then. Erased is:
/// - what only reports carry: instants of the past, the heartbeat count, identities;
/// - the attempt, where no maximum bounds it: tokens are current or not, whatever the number;
/// - the interval of a retry, but not that there was one, which decides ties of deadlines;
/// - in a closed execution all but the outcome and the requests that may be repeated.
///
/// Promises that read what is erased lose nothing: they judge steps of executions that were really
/// reached, with everything in them, before anything is erased.
///
/// There is one step for which this is too little: a worker of a workflow's activity asks for a
/// negative wait when schedule-to-close is overdue already, and whether it is granted depends on by
/// how much. Whoever settles time before calls never takes it.
#[must_use]
pub fn class<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    observation: &Observation<N, P>,
) -> Observation<N, P> {
    let now = observation.now;
    let zero = Timestamp(N::literal(0));
    let mut class = Observation {
        now: zero,
        schedule_time: zero,
        start_request_id: observation.start_request_id,
        attempt: match terms.maximum_attempts {
            None => Attempt::first(),
            Some(_) => observation.attempt,
        },
        phase: observation.phase.clone(),
        deadlines: remaining(terms.dialect, &observation.deadlines, now),
        last_started_time: None,
        last_attempt_complete_time: None,
        last_heartbeat_time: None,
        heartbeat_details: observation.heartbeat_details.clone(),
        total_heartbeat_count: N::literal(0),
        last_failure: observation.last_failure.clone(),
        last_worker_identity: P::none(),
        cancel_request: observation.cancel_request.clone(),
        terminate_request_id: observation.terminate_request_id,
    };
    match &mut class.phase {
        Phase::Scheduled { dispatch_time, retry_interval } => {
            *dispatch_time = if now < *dispatch_time { after(now, *dispatch_time) } else { zero };
            *retry_interval = retry_interval.map(|_| Span::zero());
        }
        Phase::Started { dispatch_time, .. } => {
            *dispatch_time = zero;
            // That there is one belongs to being started; when it was only reports tell.
            class.last_started_time = observation.last_started_time.map(|_| zero);
        }
        Phase::Closed { close_time, .. } => {
            *close_time = zero;
            class.attempt = Attempt::first();
            class.deadlines = Deadlines {
                schedule_to_start: None,
                schedule_to_close: None,
                start_to_close: None,
                heartbeat: None,
            };
            class.heartbeat_details = P::none();
            class.last_failure = P::none();
            class.cancel_request = class.cancel_request.map(|request| only_id(request.request_id));
        }
    }
    class
}

fn only_id<P: Opaque>(request_id: RequestId) -> CancelRequest<P> {
    CancelRequest { request_id, identity: P::none(), reason: P::none() }
}

/// An instant of the future, told from a present that is zero.
fn after<N: Number>(now: Timestamp<N>, instant: Timestamp<N>) -> Timestamp<N> {
    Timestamp((instant - now).0)
}

/// Deadlines to come as the time that remains; of those that are due the latest as zero, the one
/// before it as minus one, and so on; equal ones stay equal.
///
/// If a workflow's schedule-to-close is the latest, and overdue, it is minus one instead.
fn remaining<N: Number>(
    dialect: Dialect,
    deadlines: &Deadlines<N>,
    now: Timestamp<N>,
) -> Deadlines<N> {
    let is_due = |instant: Timestamp<N>| instant <= now;
    let due: [Option<Timestamp<N>>; 4] =
        TimeoutType::ALL.map(|timeout_type| deadlines.of(timeout_type).filter(|it| is_due(*it)));
    let is_latest = |end: Timestamp<N>| due.iter().flatten().all(|other| *other <= end);
    let is_too_late = dialect == Dialect::Workflow
        && deadlines.schedule_to_close.is_some_and(|end| end < now && is_latest(end));
    let remains = |index: usize| {
        let instant = deadlines.of(TimeoutType::ALL[index])?;
        if due[index].is_none() {
            return Some(after(now, instant));
        }
        let mut later = i64::from(is_too_late);
        for (other, candidate) in due.iter().enumerate() {
            let Some(candidate) = *candidate else { continue };
            let counted = due[..other].contains(&Some(candidate));
            if instant < candidate && !counted {
                later += 1;
            }
        }
        Some(Timestamp(N::literal(0) - N::literal(later)))
    };
    Deadlines {
        schedule_to_start: remains(0),
        schedule_to_close: remains(1),
        start_to_close: remains(2),
        heartbeat: remains(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class_of(dialect: Dialect, instants: [i64; 3]) -> [i64; 3] {
        let [schedule_to_close, start_to_close, heartbeat] =
            instants.map(|instant| Some(Timestamp(instant)));
        let deadlines =
            Deadlines { schedule_to_start: None, schedule_to_close, start_to_close, heartbeat };
        let class = remaining(dialect, &deadlines, Timestamp(100));
        [class.schedule_to_close, class.start_to_close, class.heartbeat]
            .map(|instant| instant.expect("what was armed stays armed").0)
    }

    #[test]
    fn overdue_deadlines_keep_their_order_and_nothing_else() {
        let class_of = |instants| class_of(Dialect::Standalone, instants);
        assert_eq!(class_of([105, 98, 93]), [5, 0, -1]);
        assert_eq!(class_of([100, 98, 93]), [0, -1, -2]);
        assert_eq!(class_of([50, 10, 10]), [0, -1, -1]);
        assert_eq!(class_of([10, 10, 50]), [-1, -1, 0]);
        assert_eq!(class_of([7, 7, 7]), [0, 0, 0]);
    }

    #[test]
    fn in_a_workflow_schedule_to_close_tells_just_now_from_overdue() {
        let class_of = |instants| class_of(Dialect::Workflow, instants);
        assert_eq!(class_of([105, 98, 93]), [5, 0, -1]);
        assert_eq!(class_of([100, 98, 93]), [0, -1, -2]);
        assert_eq!(class_of([99, 98, 93]), [-1, -2, -3]);
        assert_eq!(class_of([99, 99, 105]), [-1, -1, 5]);
        assert_eq!(class_of([10, 10, 50]), [-1, -1, 0]);
    }
}
