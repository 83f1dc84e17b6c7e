//! One attempt, and one wait, of any execution as zones: which instants they can have if deadlines may
//! take effect late, as the specification lets them. For what is recorded: there, nothing says how
//! late a timer was, and a call may have come before a deadline that was overdue.

use super::Retried;
use super::bounds::Bounds;
use super::control;
use super::event::{Event, stepped};
use activity_execution::vocabulary::{
    Action, Attempt, Deadlines, ExecutionOptions, Number as _, Observation, Phase, RequestId, Span,
    TimeoutType, Timestamp,
};
use activity_models::specification::Specification;
use activity_proofs::{Sym, lifted};
use std::cell::RefCell;
use symbolic::{Budget, assume_le, fresh, prove};

/// The instants of an attempt that another one follows, as points of its zone.
pub(crate) mod attempt {
    /// When it ended.
    pub(crate) const END: usize = 0;
    /// From when on it could start.
    pub(crate) const READY: usize = 1;
    /// When it started.
    pub(crate) const START: usize = 2;
    /// From when on its retry can be dispatched.
    pub(crate) const NEXT: usize = 3;
    /// When the execution was scheduled.
    pub(crate) const BEGAN: usize = 4;
}

/// The instants of a wait that was ended, as points of its zone.
pub(crate) mod wait {
    /// When it ended.
    pub(crate) const END: usize = 0;
    /// Since when it lasted.
    pub(crate) const SINCE: usize = 1;
    /// From when on the attempt that waits can be dispatched.
    pub(crate) const DISPATCH: usize = 2;
    /// When the execution was scheduled.
    pub(crate) const BEGAN: usize = 3;
}

type Seen = Observation<Sym, ()>;

/// Every choice of instants with which an attempt can end like this and be retried; `None` if there is
/// none. What counts attempts is left out.
pub(crate) fn retried_attempt(terms: &ExecutionOptions<i64>, retried: Retried) -> Option<Bounds> {
    zone_of(terms, |terms, began| {
        let [ready, start, heard, end, next] =
            ["ready", "start", "last sign of life", "end", "next"].map(instant);
        in_order(&[began, ready, start, heard, end]);
        let waits = waiting(terms, began, (ready, ready), true);
        let runs = stepped(terms, &at(terms, waits, start), &poll(&waits))?;
        let runs = match terms.heartbeat_timeout {
            Some(_) => stepped(terms, &at(terms, runs, heard), &of(Event::Heartbeat, &runs))?,
            None => runs,
        };
        let backoff = next - end;
        let runs = at(terms, runs, end);
        let action = match retried {
            Retried::Failure => {
                Event::Fail { retryable: true }.action(&runs, backoff, Span::zero())
            }
            Retried::Timeout(timeout_type) => Action::Elapses { timeout_type, backoff },
        };
        let after = stepped(terms, &runs, &action)?;
        let is_retried = matches!(after.phase, Phase::Scheduled { .. });
        is_retried.then_some((end, vec![ready, start, next, began]))
    })
}

/// Every choice of instants with which a wait can be ended by a timeout, or else by a request to
/// cancel; `None` if there is none.
pub(crate) fn ended_wait(
    terms: &ExecutionOptions<i64>,
    is_retry: bool,
    timeout_type: Option<TimeoutType>,
) -> Option<Bounds> {
    zone_of(terms, |terms, began| {
        let [since, dispatch, end] = ["since", "dispatch", "end"].map(instant);
        in_order(&[began, since, end]);
        in_order(&[began, dispatch]);
        let waits = at(terms, waiting(terms, began, (since, dispatch), is_retry), end);
        let action = match timeout_type {
            Some(timeout_type) => Action::Elapses { timeout_type, backoff: Span::zero() },
            None => of(Event::RequestCancel, &waits),
        };
        let after = stepped(terms, &waits, &action)?;
        let is_closed = matches!(after.phase, Phase::Closed { .. });
        is_closed.then_some((end, vec![since, dispatch, began]))
    })
}

/// The zone of the instants that an execution comes to, over all paths of it.
fn zone_of(
    terms: &ExecutionOptions<i64>,
    path: impl Fn(
        &ExecutionOptions<Sym>,
        Timestamp<Sym>,
    ) -> Option<(Timestamp<Sym>, Vec<Timestamp<Sym>>)>,
) -> Option<Bounds> {
    let terms = ExecutionOptions { maximum_attempts: None, start_delay: Span(0), ..*terms };
    let found = RefCell::new(Vec::new());
    let report = prove("instants", Budget::default(), || {
        let reached = path(&lifted(&terms), Timestamp(Sym::literal(0)));
        let zone = reached.and_then(|(now, others)| control::zone(now, &others));
        found.borrow_mut().extend(zone);
    });
    assert!(report.failures.is_empty() && report.cut_off.is_none(), "{report}");
    united(found.into_inner())
}

/// Zones that are one together.
///
/// # Panics
/// If they are not: deadlines are compared on every path, and what comes of them here is one zone.
fn united(mut zones: Vec<Bounds>) -> Option<Bounds> {
    let mut whole = zones.pop()?;
    while !zones.is_empty() {
        let next = zones.iter().enumerate().find_map(|(index, zone)| {
            let larger = whole.union(zone)?;
            Some((index, larger))
        });
        let (index, larger) = next.expect("the instants of an attempt are one zone");
        zones.swap_remove(index);
        whole = larger;
    }
    Some(whole)
}

fn instant(name: &str) -> Timestamp<Sym> {
    Timestamp(Sym(fresh(name)))
}

fn in_order(instants: &[Timestamp<Sym>]) {
    for pair in instants.windows(2) {
        assume_le(pair[0].0.0, pair[1].0.0, 0);
    }
}

/// An execution whose attempt waits since an instant, and can be dispatched from another on.
fn waiting(
    terms: &ExecutionOptions<Sym>,
    began: Timestamp<Sym>,
    (since, dispatch): (Timestamp<Sym>, Timestamp<Sym>),
    is_retry: bool,
) -> Seen {
    let begun = Specification::<Sym, ()>::new(terms, began, RequestId(0)).observe();
    Observation {
        now: since,
        attempt: Attempt::first(),
        phase: Phase::Scheduled {
            dispatch_time: dispatch,
            retry_interval: is_retry.then(Span::zero),
        },
        deadlines: Deadlines {
            schedule_to_start: terms.schedule_to_start_timeout.map(|timeout| dispatch + timeout),
            ..begun.deadlines
        },
        ..begun
    }
}

/// The same execution at a later instant.
fn at(terms: &ExecutionOptions<Sym>, execution: Seen, now: Timestamp<Sym>) -> Seen {
    let action = Action::Tick { elapsed: now - execution.now };
    stepped(terms, &execution, &action).expect("time passes")
}

fn poll(waits: &Seen) -> Action<Sym, ()> {
    of(Event::Poll, waits)
}

fn of(event: Event, execution: &Seen) -> Action<Sym, ()> {
    event.action(execution, Span::zero(), Span::zero())
}
