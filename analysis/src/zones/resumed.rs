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
use symbolic::{assume_le, fresh, literal};

/// What an execution is doing. Every length of time is counted from now, and may be over; what is not
/// known exactly has an earliest and a latest instant.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    /// When the attempt can be dispatched, where it waits; `None` where a worker holds it.
    pub dispatch: Option<Span>,
    /// Whether another attempt went before.
    pub is_retry: bool,
    /// Whether cancellation was requested.
    pub is_cancel_requested: bool,
    /// When schedule-to-start is over.
    pub schedule_to_start: Option<Span>,
    /// When schedule-to-close is over.
    pub schedule_to_close: Option<Span>,
    /// When start-to-close is over.
    pub start_to_close: Option<(Span, Span)>,
    /// When the silence of its worker has lasted for too long.
    pub heartbeat: Option<(Span, Span)>,
}

/// The outcomes that can come of it, each with its earliest and its latest instant from now, and how
/// many zones were left unexplored.
///
/// The attempt that is current counts as the first of the configuration. What cannot have happened
/// before an instant has not: ends are no earlier than that, and what was due by then is late.
#[must_use]
pub fn ends_from(
    configuration: &Configuration<'_>,
    present: &Present,
    not_before: Span,
    goes_on: &dyn Fn(usize) -> bool,
) -> (BTreeMap<String, (Span, Option<Span>)>, usize) {
    let mut exploration = Exploration::new(configuration, Clock::OnTime);
    exploration.run_from(&|terms| symbolic(terms, present), goes_on);
    let mut ends: BTreeMap<String, (bool, Span, Option<Span>)> = BTreeMap::new();
    for visit in exploration.visits() {
        let Stage::Closed(how) = &visit.control.stage else {
            continue;
        };
        let (earliest, latest) = control::age(&visit.zone);
        let (earliest, latest) = (Span(earliest), latest.map(Span));
        let is_over = latest.is_some_and(|latest| latest < not_before);
        let (earliest, latest) = (earliest.max(not_before), latest.map(|it| it.max(not_before)));
        let end = ends.entry(how.clone()).or_insert((is_over, earliest, latest));
        // What is late is told where nothing else is.
        match (end.0, is_over) {
            (true, false) => *end = (false, earliest, latest),
            (false, true) => {}
            (true, true) | (false, false) => {
                end.1 = end.1.min(earliest);
                end.2 = end.2.zip(latest).map(|(one, other)| one.max(other));
            }
        }
    }
    let ends = ends.into_iter().map(|(how, (_, earliest, latest))| (how, (earliest, latest)));
    (ends.collect(), exploration.unexplored())
}

fn symbolic(terms: &ExecutionOptions<Sym>, present: &Present) -> Observation<Sym, ()> {
    let now = Timestamp(Sym::literal(0));
    let begun = Specification::<Sym, ()>::new(terms, now, RequestId(0)).observe();
    let at = |it: Span| Timestamp(Sym::literal(it.0));
    let within = |(least, most): (Span, Span)| {
        if least == most {
            return at(least);
        }
        let instant = fresh("deadline");
        assume_le(literal(0), instant, -least.0);
        assume_le(instant, literal(0), most.0);
        Timestamp(Sym(instant))
    };
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
    Observation {
        attempt: Attempt::first(),
        phase,
        deadlines: Deadlines {
            schedule_to_start: present.schedule_to_start.map(at),
            schedule_to_close: present.schedule_to_close.map(at),
            start_to_close: present.start_to_close.map(within),
            heartbeat: present.heartbeat.map(within),
        },
        last_started_time: present.dispatch.is_none().then_some(now),
        cancel_request,
        ..begun
    }
}
