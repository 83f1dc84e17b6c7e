//! A scenario as a timeline: caller, service and worker as lanes, time downwards. Knows what is
//! worth a row; the painter of timelines draws it.

use super::named::Scenario;
use super::run::{AttemptEnd, AttemptRun, Ending, Instant, Run};
use crate::words::{duration, instant, outcome, timeout};
use activity_models::story::{Bar, BarKind, Cell, Event, EventKind, Lane, Row, Timeline, Tone};

/// The lanes.
const CALLER: usize = 0;
const SERVICE: usize = 1;
const WORKER: usize = 2;

impl Scenario {
    /// Draws it; `about` says with which options.
    #[must_use]
    pub fn timeline(&self, about: &str) -> Timeline {
        let lane = |name: &str, tone| Lane { name: name.into(), tone, column: None };
        Timeline {
            title: vec![self.title.clone()],
            about: format!("{about}; assumes: {}", self.assumes.join("; ")),
            lanes: vec![
                lane("caller", Tone::Party),
                lane("service", Tone::Service),
                lane("worker", Tone::Party),
            ],
            tracks: Vec::new(),
            rows: rows(&self.run),
            findings: Vec::new(),
            axis: None,
        }
    }
}

fn rows(run: &Run) -> Vec<Row> {
    let scheduled = call(CALLER, "schedules the activity".to_owned());
    let mut rows = vec![row(0, scheduled, BarKind::Waiting, 1)];
    let (first, last) = run.attempts.split_at(run.attempts.len().min(SHOWN));
    for attempt in first {
        rows.extend(of_attempt(run, attempt));
    }
    if let Some((last, between)) = last.split_last() {
        let from = first.last().map_or(1, |it| it.last() + 1);
        if !between.is_empty() {
            let label =
                format!("attempts {from} to {}, each after a longer wait", last.attempt - 1);
            let at = between[0].dispatched;
            let label = event(EventKind::Stands(SERVICE), label);
            rows.push(row(at, label, BarKind::Delayed, from));
        }
        rows.extend(of_attempt(run, last));
    }
    let label = match run.ending {
        Ending::Closed(kind) => {
            // What ended the last attempt closed the activity.
            let last = rows.last_mut().expect("there is always a first row");
            last.bars = vec![bar(BarKind::Closed, last_attempt(run))];
            if let Some(event) = &mut last.event {
                event.answer = Some(outcome(kind));
            }
            return rows;
        }
        Ending::RunEnded => "the workflow run times out".to_owned(),
        Ending::StaysOpen => "nothing happens any more".to_owned(),
        Ending::GoesOn { round } => format!("an attempt every {}, for ever", duration(round)),
        Ending::CutOff => "not played any further".to_owned(),
    };
    let (kind, attempt) = match run.ending {
        Ending::RunEnded => (BarKind::Closed, last_attempt(run)),
        _ => (BarKind::Waiting, last_attempt(run)),
    };
    rows.push(row(run.at, event(EventKind::Stands(SERVICE), label), kind, attempt));
    rows
}

fn last_attempt(run: &Run) -> i64 {
    run.attempts.last().map_or(1, AttemptRun::last)
}

/// The rows of an attempt: that it is dispatched and starts, is asked to stop, and ends.
fn of_attempt(run: &Run, it: &AttemptRun) -> Vec<Row> {
    let number = it.attempt;
    if it.count > 1 {
        let label = format!("attempts {number} to {} go like the one before", it.last());
        let label = event(EventKind::Stands(SERVICE), label);
        return vec![row(it.dispatched, label, BarKind::Delayed, number)];
    }
    let mut rows = vec![];
    if let Some(started) = it.started {
        let label = match it.waited.0 {
            0 => format!("polls, and starts attempt {number}"),
            _ => {
                format!("polls, and starts attempt {number} after {}", duration(it.waited))
            }
        };
        rows.push(row(started, call(WORKER, label), BarKind::Started, number));
    }
    let is_within = |at: Instant| it.started.is_some_and(|started| started <= at) && at <= it.ended;
    if let Some(cancel) = run.cancel.filter(|cancel| is_within(cancel.requested)) {
        let asks = call(CALLER, "requests cancellation".to_owned());
        rows.push(row(cancel.requested, asks, BarKind::CancelRequested, number));
        if let Some(noticed) = cancel.noticed {
            let label = "heartbeats, and learns of it".to_owned();
            rows.push(row(noticed, call(WORKER, label), BarKind::CancelRequested, number));
        }
    }
    let ends = match it.end {
        AttemptEnd::Completed => call(WORKER, "completes".to_owned()),
        AttemptEnd::Failed => call(WORKER, "fails".to_owned()),
        AttemptEnd::Canceled if it.started.is_none() => {
            call(CALLER, "requests cancellation".to_owned())
        }
        AttemptEnd::Canceled => call(WORKER, "gives in".to_owned()),
        AttemptEnd::TimedOut(timeout_type) => {
            let label = format!("the {} timeout takes effect", timeout(timeout_type));
            event(EventKind::Timer(SERVICE), label)
        }
        AttemptEnd::RunEnded | AttemptEnd::Open => return rows,
    };
    let mut ended = row(it.ended, ends, BarKind::Delayed, number + 1);
    if let Some(allowed) = it.cut_from {
        let ran = it.ran().map(instant).unwrap_or_default();
        let lines = vec![format!("cut short: {ran} of {}", duration(allowed))];
        ended.cells = vec![Cell { lane: SERVICE, lines }];
    }
    rows.push(ended);
    rows
}

fn row(at: Instant, event: Event, kind: BarKind, attempt: i64) -> Row {
    Row { at: instant(at), event: Some(event), bars: vec![bar(kind, attempt)], ..Row::default() }
}

fn bar(kind: BarKind, attempt: i64) -> Bar {
    Bar { lane: SERVICE, kind, label: attempt.to_string() }
}

fn call(from: usize, label: String) -> Event {
    event(EventKind::Call { from, to: SERVICE }, label)
}

fn event(kind: EventKind, label: String) -> Event {
    Event { kind, label, answer: None, refused: false }
}

/// How many attempts are drawn one by one.
const SHOWN: usize = 6;
