//! What can still happen to an activity that is open: how it can end and when, how long a dead worker
//! stays unnoticed, and when the next attempt comes. The search of zones, from what it is doing now.

use super::Judgement;
use crate::waits;
use crate::zones::{Configuration, Present, Reports, ends_from};
use activity_execution::PendingActivityState;
use activity_execution::history::{RecordedActivity, RecordedRun, RecordedTime};
use activity_execution::options::ActivityOptions;
use activity_execution::vocabulary::{Attempt, Deadlines, ExecutionOptions, Span, Timestamp};
use std::collections::BTreeMap;

/// What can still happen. Every length of time is counted from `since`.
#[derive(Clone, Debug)]
pub struct Still {
    /// From when on: the last instant that is known.
    pub since: RecordedTime,
    /// What is known of what it is doing.
    pub doing: Doing,
    /// How it can end: the earliest instant and the latest, if there is one.
    pub ends: BTreeMap<String, (Span, Option<Span>)>,
    /// Whether everything was explored.
    pub is_complete: bool,
    /// When the next attempt can be dispatched.
    pub next_attempt: Option<Span>,
    /// Until when it stays unnoticed that the worker of the attempt is dead.
    pub unnoticed: Option<Span>,
    /// When the run of the workflow ends, and everything with it.
    pub run_ends: Option<Span>,
}

/// What is known of what an open activity is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doing {
    /// A worker holds this attempt.
    Runs(i64),
    /// This attempt waits for its backoff or for a worker.
    Waits(i64),
    /// Nothing: the times are those of any execution that began when it was scheduled.
    Unknown,
}

/// What can still happen to an activity; `None` if it is closed, or its run is.
#[must_use]
pub fn still(
    activity: &RecordedActivity,
    run: &RecordedRun,
    judgement: &Judgement,
) -> Option<Still> {
    let scheduled = activity.scheduled.as_ref()?;
    let options = scheduled.options.as_ref().ok()?;
    let explained = judgement.explained.as_ref()?;
    if !activity.closes.is_empty() || run.closed.is_some() {
        return None;
    }
    let attempt = explained.attempt;
    let (since, doing) = match (&activity.pending, activity.starts.first()) {
        (Some(pending), _) => {
            let runs = pending.state.is_some_and(|state| state != PendingActivityState::Scheduled);
            let times = [pending.last_heartbeat_time, pending.last_started_time];
            let known = times.into_iter().flatten().max();
            match runs {
                true => (known?, Doing::Runs(attempt)),
                false => (pending.scheduled_time.or(pending.schedule_time)?, Doing::Waits(attempt)),
            }
        }
        (None, Some(started)) => (started.time?, Doing::Runs(attempt)),
        (None, None) => (scheduled.time?, Doing::Unknown),
    };
    let present = present(activity, options, since, doing);
    let run_ends = run.ends.map(|ends| Span((ends - since).div_euclid(NANOSECONDS)));
    let run_ends = run_ends.filter(|ends| *ends > Span(0));
    let (ends, unexplored) = ends(options, attempt, doing, &present, run_ends);
    let deadlines = present.deadlines;
    let unnoticed = [deadlines.heartbeat, deadlines.start_to_close, deadlines.schedule_to_close];
    let runs = matches!(doing, Doing::Runs(_));
    Some(Still {
        since,
        doing,
        ends,
        is_complete: unexplored == 0,
        next_attempt: present.dispatch,
        unnoticed: unnoticed.into_iter().flatten().min().filter(|_| runs).map(|it| Span(it.0)),
        run_ends,
    })
}

/// What it is doing, counted from an instant.
fn present(
    activity: &RecordedActivity,
    options: &ActivityOptions,
    since: RecordedTime,
    doing: Doing,
) -> Present {
    let from = |time: RecordedTime| (time - since).div_euclid(NANOSECONDS);
    let pending = activity.pending.clone().unwrap_or_default();
    let began = activity.scheduled.as_ref().and_then(|it| it.time).filter(|it| *it > 0);
    let total = options.schedule_to_close_timeout();
    let of_chain = match (pending.expiration_time, began, total) {
        (Some(expires), ..) => Some(Timestamp(from(expires))),
        (None, Some(began), Some(total)) => {
            Some(Timestamp(from(began) + options.start_delay().0 + total.0))
        }
        // When it began is not told: it may all be left.
        (None, None, Some(total)) => Some(Timestamp(total.0)),
        (None, _, None) => None,
    };
    let started = activity.starts.first().and_then(|it| it.time).or(pending.last_started_time);
    let started = started.map_or(0, from);
    let runs = matches!(doing, Doing::Runs(_));
    let dispatch = pending.scheduled_time.map_or(0, from).max(0);
    let queue = options.schedule_to_start_timeout().filter(|_| !runs);
    let silent = options.heartbeat_timeout().filter(|_| runs);
    let heard = pending.last_heartbeat_time.map_or(started, from).max(started);
    let asked = pending.state == Some(PendingActivityState::CancelRequested)
        || !activity.cancel_requests.is_empty();
    Present {
        dispatch: (!runs).then_some(Span(dispatch)),
        is_retry: pending.attempt.is_some_and(|attempt| attempt > 1),
        is_cancel_requested: runs && asked,
        deadlines: Deadlines {
            schedule_to_start: queue.map(|queue| Timestamp(dispatch + queue.0)),
            schedule_to_close: of_chain,
            start_to_close: runs.then_some(Timestamp(started + options.start_to_close_timeout().0)),
            heartbeat: silent.map(|silent| Timestamp(heard + silent.0)),
        },
    }
}

fn ends(
    options: &ActivityOptions,
    attempt: i64,
    doing: Doing,
    present: &Present,
    run_ends: Option<Span>,
) -> (BTreeMap<String, (Span, Option<Span>)>, usize) {
    let gone = match doing {
        Doing::Unknown => 0,
        Doing::Runs(_) | Doing::Waits(_) => attempt - 1,
    };
    let terms = options.terms();
    let terms = ExecutionOptions {
        maximum_attempts: terms.maximum_attempts.map(|it| Attempt((it.0 - gone).max(1))),
        start_delay: Span(0),
        ..terms
    };
    let backoff = |failed: Attempt| options.backoff(Attempt(failed.0 + gone));
    let alike_from = waits::alike_from(options.retry_policy());
    let configuration = Configuration {
        terms,
        backoff: &backoff,
        alike_from: alike_from.map(|alike| (alike - gone).max(1)),
        run_ends,
        reports: Reports::Plain,
    };
    ends_from(&configuration, present, &|steps| steps < STEPS)
}

const NANOSECONDS: i64 = 1_000_000;
/// Steps that are explored at most.
const STEPS: usize = 200_000;
