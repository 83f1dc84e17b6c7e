//! How an execution that is under way can end: the search of zones, begun at what it is doing now.

use super::control::{self, Stage};
use super::exploration::Exploration;
use super::{Clock, Configuration};
use activity_execution::vocabulary::{
    Attempt, CancelRequest, Deadlines, ExecutionOptions, Number as _, Observation, Phase,
    RequestId, Span, Timestamp,
};
use activity_models::specification::Specification;
use activity_proofs::Sym;
use std::collections::BTreeMap;

/// What an execution is doing. Every length of time is counted from now, and may be over.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    /// When the attempt can be dispatched, where it waits; `None` where a worker holds it.
    pub dispatch: Option<Span>,
    /// Whether another attempt went before.
    pub is_retry: bool,
    /// Whether cancellation was requested.
    pub is_cancel_requested: bool,
    /// The deadlines that are armed, in the order of their types.
    pub deadlines: Deadlines<i64>,
}

/// The outcomes that can come of it, each with its earliest and its latest instant from now, and how
/// many zones were left unexplored.
///
/// The attempt that is current counts as the first of the configuration.
#[must_use]
pub fn ends_from(
    configuration: &Configuration<'_>,
    present: &Present,
    goes_on: &dyn Fn(usize) -> bool,
) -> (BTreeMap<String, (Span, Option<Span>)>, usize) {
    let mut exploration = Exploration::new(configuration, Clock::OnTime);
    exploration.run_from(&|terms| symbolic(terms, present), goes_on);
    let mut ends: BTreeMap<String, (Span, Option<Span>)> = BTreeMap::new();
    for visit in exploration.visits() {
        let Stage::Closed(how) = &visit.control.stage else {
            continue;
        };
        let (earliest, latest) = control::age(&visit.zone);
        let (earliest, latest) = (Span(earliest), latest.map(Span));
        let end = ends.entry(how.clone()).or_insert((earliest, latest));
        end.0 = end.0.min(earliest);
        end.1 = end.1.zip(latest).map(|(one, other)| one.max(other));
    }
    (ends, exploration.unexplored())
}

fn symbolic(terms: &ExecutionOptions<Sym>, present: &Present) -> Observation<Sym, ()> {
    let now = Timestamp(Sym::literal(0));
    let begun = Specification::<Sym, ()>::new(terms, now, RequestId(0)).observe();
    let later = |it: Timestamp<i64>| Timestamp(Sym::literal(it.0));
    let phase = match present.dispatch {
        Some(dispatch) => Phase::Scheduled {
            dispatch_time: Timestamp(Sym::literal(dispatch.0)),
            retry_interval: present.is_retry.then(Span::zero),
        },
        None => Phase::Started { request_id: RequestId(0), dispatch_time: now },
    };
    let cancel_request = present.is_cancel_requested.then_some(CancelRequest {
        request_id: RequestId(0),
        identity: (),
        reason: (),
    });
    let Deadlines { schedule_to_start, schedule_to_close, start_to_close, heartbeat } =
        present.deadlines;
    Observation {
        attempt: Attempt::first(),
        phase,
        deadlines: Deadlines {
            schedule_to_start: schedule_to_start.map(later),
            schedule_to_close: schedule_to_close.map(later),
            start_to_close: start_to_close.map(later),
            heartbeat: heartbeat.map(later),
        },
        last_started_time: present.dispatch.is_none().then_some(now),
        cancel_request,
        ..begun
    }
}
