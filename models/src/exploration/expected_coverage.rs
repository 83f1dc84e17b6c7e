//! The transitions that the promises of states allow: what exploration is expected to cover.
//!
//! What this allows and no exploration reaches is uncovered. That there is nothing of the kind says
//! two things: the grid leaves no step out, and the promises of states leave no impossible one in.

use super::bounds::{Configuration, PAST_RETRY_DELAY};
use super::coverage::{Coverage, Reached};
use super::machine::Machine;
use super::payload::ExplorerPayload;
use super::service_model::{Observed, ServiceModel};
use activity_execution::vocabulary::{
    Attempt, CancelRequest, Deadlines, Dialect, ExecutionOptions, Outcome, OutcomeKind, Phase,
    RequestId, Span, Timestamp,
};
use itertools::iproduct;

/// The present of all shapes; enough has passed for what needs a past.
const NOW: i16 = 4;

/// The edges and ties that this system has in a dialect over all shapes.
#[must_use]
pub fn allowed<M: Machine<i16, ExplorerPayload>>(
    system: &ServiceModel<M>,
    dialect: Dialect,
) -> Coverage {
    let mut coverage = Coverage::default();
    let mut tried = Vec::new();
    let nowhere = Reached { steps: 0, configuration: 0 };
    for configuration in configurations(dialect) {
        for shape in shapes(&configuration.terms) {
            if system.is_possible(&configuration, &shape) {
                system.tried(&configuration, &shape, &mut tried);
                let stand = system.stand(&configuration, &shape);
                for action in &tried {
                    let step = stand.step(action).it;
                    coverage.note_coarsely(&shape, action, &step, nowhere);
                }
            }
        }
    }
    coverage
}

/// Timeouts that can be equal, longer and shorter than one another, and everything that is not a
/// number.
fn configurations(dialect: Dialect) -> Vec<Configuration> {
    let maximum_attempts = [Some(Attempt(2)), None];
    let short = [None, Some(Span(1)), Some(Span(2))];
    let long = [None, Some(Span(2))];
    let flags = [(true, true), (false, false)];
    iproduct!(maximum_attempts, long, short, [1, 2], [None, Some(Span(1))], flags)
        .map(|(maximum_attempts, total, wait, start_to_close, heartbeat, flags)| ExecutionOptions {
            dialect,
            maximum_attempts,
            schedule_to_close_timeout: total,
            schedule_to_start_timeout: wait,
            start_to_close_timeout: Span(start_to_close),
            heartbeat_timeout: heartbeat,
            start_delay: Span(0),
            retries_start_to_close: flags.0,
            retries_heartbeat: flags.1,
        })
        .filter(ExecutionOptions::are_normal)
        .map(|terms| Configuration { terms, backoff: Span(1), next_retry_delay: Span(2) })
        .collect()
}

/// Executions of every phase with every combination of what they may or may not have.
///
/// Only the deadlines are no choice: promises say when they are armed and what they are, so any
/// other value would be thrown away at once.
fn shapes(terms: &ExecutionOptions<i16>) -> impl Iterator<Item = Observed> {
    let terms = *terms;
    let cancel_request = CancelRequest {
        request_id: RequestId(0),
        identity: ExplorerPayload::KNOWN,
        reason: ExplorerPayload::KNOWN,
    };
    let past = [None, Some(NOW - 2), Some(NOW - 1), Some(NOW)].map(|it| it.map(Timestamp));
    iproduct!(
        phases(terms.dialect),
        [NOW - 3, NOW - 2, NOW - 1, NOW],
        [1, 2],
        past,
        past,
        [None, Some(Timestamp(NOW))],
        [None, Some(cancel_request)],
        [None, Some(RequestId(0))]
    )
    .map(move |(phase, schedule, attempt, started, ended, heartbeat, cancel, terminate)| {
        let mut shape = Observed {
            now: Timestamp(NOW),
            schedule_time: Timestamp(schedule),
            start_request_id: RequestId(0),
            attempt: Attempt(attempt),
            phase,
            deadlines: Deadlines::default(),
            last_started_time: started,
            last_attempt_complete_time: ended,
            last_heartbeat_time: heartbeat,
            heartbeat_details: ExplorerPayload::KNOWN,
            total_heartbeat_count: 1,
            last_failure: ExplorerPayload::NOTHING,
            last_worker_identity: ExplorerPayload::KNOWN,
            cancel_request: cancel,
            terminate_request_id: terminate,
        };
        shape.deadlines = deadlines(&terms, &shape);
        shape
    })
}

fn phases(dialect: Dialect) -> Vec<Phase<i16, ExplorerPayload>> {
    let intervals: &[Option<i16>] = match dialect {
        Dialect::Standalone => &[None, Some(1)],
        Dialect::Workflow => &[None, Some(1), Some(PAST_RETRY_DELAY)],
    };
    let mut phases = Vec::new();
    for dispatch_time in (NOW - 2..=NOW + 1).map(Timestamp) {
        for interval in intervals {
            phases.push(Phase::Scheduled { dispatch_time, retry_interval: interval.map(Span) });
        }
        phases.push(Phase::Started { request_id: RequestId(0), dispatch_time });
    }
    for outcome in OutcomeKind::ALL.map(outcome) {
        phases.push(Phase::Closed { outcome, close_time: Timestamp(NOW) });
    }
    phases
}

fn outcome(kind: OutcomeKind) -> Outcome<ExplorerPayload> {
    let known = ExplorerPayload::KNOWN;
    match kind {
        OutcomeKind::Completed => Outcome::Completed { result: known },
        OutcomeKind::Failed(retry_state) => Outcome::Failed { failure: known, retry_state },
        OutcomeKind::Canceled => Outcome::Canceled { details: known, identity: known },
        OutcomeKind::Terminated => Outcome::Terminated { reason: known, identity: known },
        OutcomeKind::TimedOut(timeout_type, retry_state) => {
            Outcome::TimedOut { timeout_type, failure: known, retry_state }
        }
    }
}

fn deadlines(terms: &ExecutionOptions<i16>, shape: &Observed) -> Deadlines<i16> {
    let total = terms.schedule_to_close_timeout;
    let schedule_to_close = total.map(|total| shape.schedule_time + terms.start_delay + total);
    let none = Deadlines::default();
    match shape.phase {
        Phase::Scheduled { dispatch_time, .. } => Deadlines {
            schedule_to_start: terms.schedule_to_start_timeout.map(|wait| dispatch_time + wait),
            schedule_to_close,
            ..none
        },
        Phase::Started { .. } => {
            let started = shape.last_started_time;
            let alive = match (started, shape.last_heartbeat_time) {
                (Some(started), Some(heartbeat)) => Some(started.or_later(heartbeat)),
                (started, _) => started,
            };
            Deadlines {
                schedule_to_close,
                start_to_close: started.map(|started| started + terms.start_to_close_timeout),
                heartbeat: alive.and_then(|alive| Some(alive + terms.heartbeat_timeout?)),
                ..none
            }
        }
        Phase::Closed { .. } => none,
    }
}
