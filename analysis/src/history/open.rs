//! What can still happen to an activity that is open: how it can end and when, how long a dead worker
//! stays unnoticed, and when the next attempt comes. The search of zones, from what it is doing now.

use super::Judgement;
use crate::waits;
use crate::zones::{Configuration, Present, Reports, ends_from};
use activity_execution::PendingActivityState;
use activity_execution::history::{RecordedActivity, RecordedRun, RecordedTime, Scheduled};
use activity_execution::options::ActivityOptions;
use activity_execution::vocabulary::{Attempt, ExecutionOptions, Span};
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
    /// Until when it stays unnoticed that the worker of the attempt is dead, at the latest.
    pub unnoticed: Option<Span>,
    /// When the run of the workflow ends, and everything with it.
    pub run_ends: Option<Span>,
}

/// What is known of what an open activity is doing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Doing {
    /// A worker holds this attempt; at least this one, where its start is not recorded.
    Runs(i64),
    /// This attempt waits for its backoff or for a worker.
    Waits(i64),
    /// Nothing: what is told is what can come of it since it was scheduled.
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
    let open = Open { activity, scheduled, options, last: run.last_time };
    let (begins, doing, present) = open.present(explained.attempt)?;
    let since = open.last.map_or(begins, |last| last.max(begins));
    let gone = Span(milliseconds(since, begins));
    let run_ends = run.ends.map(|ends| Span(milliseconds(ends, begins)));
    let run_ends = run_ends.filter(|ends| *ends > Span(0));
    let (ends, unexplored) = ends(options, doing, &present, (gone, run_ends));
    let left = |it: Span| Span((it.0 - gone.0).max(0));
    let ends =
        ends.into_iter().map(|(how, (earliest, latest))| (how, (left(earliest), latest.map(left))));
    let latest = [present.heartbeat, present.start_to_close].map(|it| it.map(|(_, most)| most));
    let unnoticed = latest.into_iter().chain([present.schedule_to_close]).flatten().min();
    Some(Still {
        since,
        doing,
        ends: ends.collect(),
        is_complete: unexplored == 0,
        next_attempt: present.dispatch.filter(|_| doing != Doing::Unknown).map(left),
        unnoticed: unnoticed.filter(|_| matches!(doing, Doing::Runs(_))).map(left),
        run_ends: run_ends.map(left),
    })
}

/// From one instant to another, in milliseconds.
fn milliseconds(to: RecordedTime, from: RecordedTime) -> i64 {
    (to - from).div_euclid(NANOSECONDS)
}

/// An activity that is open.
struct Open<'a> {
    activity: &'a RecordedActivity,
    scheduled: &'a Scheduled,
    options: &'a ActivityOptions,
    /// The last instant that is known of its run.
    last: Option<RecordedTime>,
}

impl Open<'_> {
    /// What it is doing, and at an instant from which everything is counted.
    fn present(&self, attempt: i64) -> Option<(RecordedTime, Doing, Present)> {
        let asked = self.activity.cancel_requests.first().and_then(|it| it.time);
        match (&self.activity.pending, self.activity.starts.first()) {
            (Some(pending), _) => {
                let waits = pending.state.is_none_or(|it| it == PendingActivityState::Scheduled);
                if waits {
                    let at = pending.scheduled_time.or(pending.schedule_time)?;
                    return Some((at, Doing::Waits(attempt), self.waits(at)));
                }
                let times = [pending.last_heartbeat_time, pending.last_started_time];
                let at = times.into_iter().flatten().max()?;
                let started = pending.last_started_time.unwrap_or(at);
                let heard = pending.last_heartbeat_time.unwrap_or(started).max(started);
                let is_asked = pending.state == Some(PendingActivityState::CancelRequested);
                let present = self.runs(at, (started, started), (heard, heard));
                let is_cancel_requested = is_asked || asked.is_some();
                Some((at, Doing::Runs(attempt), Present { is_cancel_requested, ..present }))
            }
            (None, Some(started)) => {
                // Its worker may have been heard of until now.
                let started = started.time?;
                let at = self.last.map_or(started, |last| last.max(started));
                let present = self.runs(at, (started, started), (started, at));
                let is_cancel_requested = asked.is_some();
                Some((at, Doing::Runs(attempt), Present { is_cancel_requested, ..present }))
            }
            (None, None) => {
                let began = self.scheduled.time?;
                let Some(asked) = asked else {
                    return Some((began, Doing::Unknown, self.waits(began)));
                };
                // What waits is canceled at once, what runs is not: it started before.
                let present = self.runs(asked, (began, asked), (began, asked));
                let present = Present { is_cancel_requested: true, ..present };
                Some((asked, Doing::Runs(attempt), present))
            }
        }
    }

    /// It waits, counted from an instant.
    fn waits(&self, at: RecordedTime) -> Present {
        let pending = self.activity.pending.as_ref();
        let dispatch = pending.and_then(|it| it.scheduled_time).unwrap_or(at);
        let dispatch = match pending {
            Some(_) => Span(milliseconds(dispatch, at).max(0)),
            None => self.options.start_delay(),
        };
        Present {
            dispatch: Some(dispatch),
            is_retry: pending.and_then(|it| it.attempt).is_some_and(|attempt| attempt > 1),
            is_cancel_requested: false,
            schedule_to_start: self.options.schedule_to_start_timeout().map(|it| dispatch + it),
            schedule_to_close: self.chain_ends(at),
            start_to_close: None,
            heartbeat: None,
        }
    }

    /// A worker holds it, counted from an instant: when it started and was heard of last.
    fn runs(
        &self,
        at: RecordedTime,
        started: (RecordedTime, RecordedTime),
        heard: (RecordedTime, RecordedTime),
    ) -> Present {
        let after = |(least, most): (RecordedTime, RecordedTime), timeout: Span| {
            let since = |it: RecordedTime| Span(milliseconds(it, at)) + timeout;
            (since(least), since(most))
        };
        // What is over and was not noticed is late.
        let due = |(least, most): (Span, Span)| (least.max(Span(0)), most.max(Span(0)));
        Present {
            dispatch: None,
            is_retry: false,
            is_cancel_requested: false,
            schedule_to_start: None,
            schedule_to_close: self.chain_ends(at),
            start_to_close: Some(due(after(started, self.options.start_to_close_timeout()))),
            heartbeat: self.options.heartbeat_timeout().map(|silent| due(after(heard, silent))),
        }
    }

    /// When schedule-to-close is over, counted from an instant.
    fn chain_ends(&self, at: RecordedTime) -> Option<Span> {
        let total = self.options.schedule_to_close_timeout()?;
        let expires = self.activity.pending.as_ref().and_then(|it| it.expiration_time);
        let began = self.scheduled.time.filter(|it| *it > 0);
        Some(match (expires, began) {
            (Some(expires), _) => Span(milliseconds(expires, at)),
            (None, Some(began)) => {
                Span(milliseconds(began, at)) + self.options.start_delay() + total
            }
            // When it began is not told: it may all be left.
            (None, None) => total,
        })
    }
}

fn ends(
    options: &ActivityOptions,
    doing: Doing,
    present: &Present,
    (gone, run_ends): (Span, Option<Span>),
) -> (BTreeMap<String, (Span, Option<Span>)>, usize) {
    let before = match doing {
        Doing::Unknown => 0,
        Doing::Runs(attempt) | Doing::Waits(attempt) => attempt - 1,
    };
    let terms = options.terms();
    let terms = ExecutionOptions {
        maximum_attempts: terms.maximum_attempts.map(|it| Attempt((it.0 - before).max(1))),
        start_delay: Span(0),
        ..terms
    };
    let backoff = |failed: Attempt| options.backoff(Attempt(failed.0 + before));
    let alike_from = waits::alike_from(options.retry_policy());
    let configuration = Configuration {
        terms,
        backoff: &backoff,
        alike_from: alike_from.map(|alike| (alike - before).max(1)),
        run_ends,
        reports: Reports::Plain,
    };
    ends_from(&configuration, present, gone, &|steps| steps < STEPS)
}

const NANOSECONDS: i64 = 1_000_000;
/// Steps that are explored at most.
const STEPS: usize = 200_000;
