//! What is concrete about an execution whose instants are not: phase, attempt, what is pending.

use super::bounds::Bounds;
use activity_execution::vocabulary::{
    Attempt, CancelRequest, Deadlines, Dialect, Number, Observation, Outcome, OutcomeKind, Phase,
    RequestId, Span, TimeoutType, Timestamp,
};
use activity_proofs::Sym;
use symbolic::{assume_le, forms, fresh, hypotheses, literal};

/// An execution without its instants.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Control {
    /// The attempt; all attempts from which on nothing changes any more are one.
    pub attempt: i64,
    /// What it is doing.
    pub stage: Stage,
}

/// A phase, as far as it does not depend on instants.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Stage {
    /// No worker holds the task.
    Scheduled {
        /// Whether the dispatch is still to come.
        is_delayed: bool,
        /// Whether another attempt went before.
        is_retry: bool,
    },
    /// A worker holds the task.
    Started {
        /// Whether cancellation was requested.
        is_cancel_requested: bool,
    },
    /// Finished; how, in words.
    Closed(String),
}

/// What is left out: nothing that a future answer depends on.
const ID: RequestId = RequestId(0);

impl Control {
    /// The control of an execution in which nothing is due; with it the instants that are pending,
    /// and last, if it is remembered, the instant at which everything began.
    pub(super) fn of<N: Number>(
        observation: &Observation<N, ()>,
        attempt: i64,
        dialect: Dialect,
        remembers: bool,
    ) -> (Control, Vec<Timestamp<N>>) {
        let mut pending: Vec<Timestamp<N>> = Vec::new();
        let stage = match &observation.phase {
            Phase::Scheduled { dispatch_time, retry_interval } => {
                let is_delayed = *dispatch_time > observation.now;
                pending.extend(is_delayed.then_some(*dispatch_time));
                Stage::Scheduled { is_delayed, is_retry: retry_interval.is_some() }
            }
            Phase::Started { .. } => {
                Stage::Started { is_cancel_requested: observation.cancel_request.is_some() }
            }
            Phase::Closed { outcome, .. } => Stage::Closed(in_words(outcome, dialect)),
        };
        pending.extend(observation.deadlines.armed().map(|(_, deadline)| deadline));
        pending.extend(remembers.then_some(observation.schedule_time));
        (Control { attempt, stage }, pending)
    }

    /// An execution of this kind at instant zero, with any pending instants that `bounds` allow.
    pub(super) fn any(
        &self,
        armed: [bool; 4],
        bounds: &Bounds,
        remembers: bool,
    ) -> Observation<Sym, ()> {
        let zero = Timestamp(Sym::literal(0));
        let mut pending = vec![zero];
        let mut instant = || {
            let instant = Timestamp(Sym(fresh("pending")));
            pending.push(instant);
            instant
        };
        let phase = match &self.stage {
            Stage::Scheduled { is_delayed, is_retry } => Phase::Scheduled {
                dispatch_time: if *is_delayed { instant() } else { zero },
                retry_interval: is_retry.then(Span::zero),
            },
            Stage::Started { .. } => Phase::Started { request_id: ID, dispatch_time: zero },
            Stage::Closed(how) => panic!("nothing follows {how}"),
        };
        let deadlines = TimeoutType::ALL.map(|it| armed[it as usize].then(&mut instant));
        let [schedule_to_start, schedule_to_close, start_to_close, heartbeat] = deadlines;
        let schedule_time = if remembers { instant() } else { zero };
        suppose(&pending, bounds);
        let cancel = matches!(self.stage, Stage::Started { is_cancel_requested: true });
        Observation {
            now: zero,
            schedule_time,
            start_request_id: ID,
            attempt: Attempt(Sym::literal(self.attempt)),
            phase,
            deadlines: Deadlines {
                schedule_to_start,
                schedule_to_close,
                start_to_close,
                heartbeat,
            },
            last_started_time: matches!(self.stage, Stage::Started { .. }).then_some(zero),
            last_attempt_complete_time: None,
            last_heartbeat_time: None,
            heartbeat_details: (),
            total_heartbeat_count: Sym::literal(0),
            last_failure: (),
            last_worker_identity: (),
            cancel_request: cancel.then_some(CancelRequest {
                request_id: ID,
                identity: (),
                reason: (),
            }),
            terminate_request_id: None,
        }
    }
}

fn suppose(pending: &[Timestamp<Sym>], bounds: &Bounds) {
    for (row, one) in pending.iter().enumerate() {
        for (column, other) in pending.iter().enumerate().filter(|(column, _)| *column != row) {
            if let Some(bound) = bounds.difference(row, column) {
                assume_le(one.0.0, other.0.0, bound);
            }
        }
    }
}

/// What the current path knows of the distances between the present and what is pending.
pub(super) fn zone(now: Timestamp<Sym>, pending: &[Timestamp<Sym>]) -> Option<Bounds> {
    let points: Vec<_> = [now].iter().chain(pending).map(|instant| instant.0.0).collect();
    Bounds::project(&hypotheses(), &forms(&points))
}

/// How long ago everything began, at least and at most, if a zone tells of nothing else.
pub(super) fn age(zone: &Bounds) -> (i64, Option<i64>) {
    since_the_beginning(zone, 0)
}

/// How long after the beginning a point is, at least and at most.
pub(super) fn since_the_beginning(zone: &Bounds, point: usize) -> (i64, Option<i64>) {
    let began = zone.points() - 1;
    let least = zone.difference(began, point).expect("nothing happens before it has begun");
    (-least, zone.difference(point, began))
}

/// The attempt, which is concrete here.
pub(super) fn attempt(observation: &Observation<Sym, ()>) -> i64 {
    let forms = forms(&[observation.attempt.0.0, literal(0)]);
    let attempt = forms[0].as_literal().expect("attempts are counted by literals");
    i64::try_from(attempt).expect("attempts are few")
}

fn in_words(outcome: &Outcome<()>, dialect: Dialect) -> String {
    match (outcome.kind(), dialect) {
        // Nobody can terminate the activity of a workflow.
        (OutcomeKind::Terminated, Dialect::Workflow) => WORKFLOW_CLOSED.to_owned(),
        (kind, Dialect::Standalone | Dialect::Workflow) => kind.to_string(),
    }
}

/// The workflow closed before its activity did.
pub const WORKFLOW_CLOSED: &str = "gone (the workflow closes)";
/// The run of the workflow ended before its activity did.
pub const RUN_ENDED: &str = "gone (the workflow run times out)";
