//! An activity as a picture on an axis of time: what is recorded as points, what left no event as
//! ranges of possible instants. Knows what is worth a row; the painter of timelines draws it.

use super::text::{instant, title};
use super::{Histories, Judged};
use activity_analysis::history::{HiddenAttempt, Judgement, Verdict};
use activity_execution::PendingActivityState;
use activity_execution::history::{RecordedActivity, RecordedRun, RecordedTime};
use activity_models::story::{Axis, Event, EventKind, Row, Stretch, StretchKind, Timeline};
use std::iter;

/// The pictures of everything that is worth one, up to so many, and how many more there would be.
pub(super) fn pictures(judged: &[Judged], all: bool, most: usize) -> (Vec<Timeline>, usize) {
    let mut pictures = Vec::new();
    let mut more = 0;
    for Judged { name, outcome, .. } in judged {
        let Ok(histories) = outcome else { continue };
        for (activity, judgement, _) in histories.told(all) {
            let picture = picture(activity, judgement, &histories.history.run);
            let picture = picture
                .unwrap_or_else(|| Timeline { axis: Some(Axis::default()), ..Timeline::default() });
            if pictures.len() == most {
                more += 1;
                continue;
            }
            let title = format!("{}: {}", title(activity), judgement.verdict.name());
            pictures.push(Timeline {
                title: vec![title],
                about: format!("{name}: {}", judgement.why),
                ..picture
            });
        }
    }
    (pictures, more)
}

impl Histories {
    /// The activities that are told: all of them, or those of which there is something to say.
    ///
    /// Each with its judgement, and with that by the rules of Temporal where it is of Cadence.
    pub(super) fn told(
        &self,
        all: bool,
    ) -> impl Iterator<Item = (&RecordedActivity, &Judgement, Option<&Judgement>)> {
        let few = self.judgements.len() <= 1;
        let others = self.by_temporal.iter().map(Some).chain(iter::repeat(None));
        let told = self.each().zip(others).map(|((activity, it), other)| (activity, it, other));
        told.filter(move |(activity, it, _)| all || few || !is_ordinary(activity, it))
    }
}

/// Whether there is nothing to say of an activity: it was completed on its first attempt.
fn is_ordinary(activity: &RecordedActivity, judgement: &Judgement) -> bool {
    use activity_execution::history::How;
    judgement.verdict == Verdict::Conforms
        && judgement.explained.as_ref().is_some_and(|it| it.at_most == 0)
        && activity.closes.first().is_some_and(|closed| matches!(closed.how, How::Completed))
}

/// Whether a picture tells more than a sentence.
pub(super) fn is_drawn(activity: &RecordedActivity, judgement: &Judgement) -> bool {
    match &judgement.explained {
        Some(it) => !it.hidden.is_empty() || !activity.cancel_requests.is_empty(),
        None => judgement.broken.len() <= 1 && !activity.starts.is_empty(),
    }
}

/// The picture of an activity; `None` where no instants are known.
pub(super) fn picture(
    activity: &RecordedActivity,
    judgement: &Judgement,
    run: &RecordedRun,
) -> Option<Timeline> {
    let explained = judgement.explained.as_ref();
    let hidden = explained.map_or(&[][..], |it| it.hidden.as_slice());
    let recorded = activity.starts.first().and_then(|it| it.attempt).unwrap_or(1);
    let attempt = explained.map_or(recorded, |it| it.attempt);
    let began = activity.scheduled.as_ref()?.time?;
    let since = |time: RecordedTime| (time - began).div_euclid(1_000);
    let mut rows = vec![happens("scheduled", 0, "0s".to_owned())];
    rows.extend(self::hidden(hidden));
    rows.push(last_attempt(activity, (attempt, hidden.last()), &since));
    for request in activity.cancel_requests.iter().filter_map(|it| it.time) {
        let at = since(request);
        rows.push(happens("cancel", at, format!("cancellation is requested at {}", instant(at))));
    }
    if activity.closes.is_empty()
        && let Some(closed) = &run.closed
        && let Some(at) = closed.time.map(since)
    {
        let words = format!("the workflow run closed at {}: {}", instant(at), closed.how);
        rows.push(happens("run", at, words));
    }
    // What begins earlier stands higher; of one instant, in the order of a life.
    rows.sort_by_key(|row| row.stretches.iter().map(|it| it.from.0).max());
    let known = rows.iter().flat_map(|row| &row.stretches);
    let until = known.map(|it| it.to.map_or(it.from.1, |to| to.1).max(it.from.1)).max()?;
    let is_open = activity.closes.is_empty() && run.closed.is_none();
    let now = run.last_time.or(activity.pending.as_ref().and_then(|it| it.last_started_time));
    let until = until.max(now.filter(|_| is_open).map_or(0, since)).max(1_000);
    rows.extend(due(activity, until));
    let last_due = rows.iter().flat_map(|row| &row.stretches).map(|it| it.from.1).max();
    let until = until.max(last_due.unwrap_or(0));
    Some(Timeline { rows, axis: Some(Axis { until, margin: 4 }), ..Timeline::default() })
}

/// The hidden attempts, those in the middle of many as one row.
fn hidden(all: &[HiddenAttempt]) -> Vec<Row> {
    if all.len() <= SHOWN {
        return with_waits(all, None);
    }
    let (head, rest) = all.split_at(SHOWN / 2);
    let (middle, tail) = rest.split_at(rest.len() - SHOWN / 2);
    let mut rows = with_waits(head, None);
    if let (Some(first), Some(last)) = (middle.first(), middle.last()) {
        let stretch = Stretch {
            kind: StretchKind::Runs,
            from: (first.start.0, last.end.1),
            to: Some((first.start.0, last.end.1)),
        };
        let name = format!("{} to {}", first.attempt, last.attempt);
        let words = format!("{} attempts more, one after the other", middle.len());
        rows.push(row(&name, vec![stretch], words));
    }
    rows.extend(with_waits(tail, middle.last()));
    rows
}

/// Each attempt with the wait before it.
fn with_waits(all: &[HiddenAttempt], before: Option<&HiddenAttempt>) -> Vec<Row> {
    let mut before = before.map_or((0, 0), |it| it.end);
    let mut rows = Vec::new();
    for it in all {
        let waits = Stretch { kind: StretchKind::Waits, from: before, to: Some(it.start) };
        let runs = Stretch { kind: StretchKind::Runs, from: it.start, to: Some(it.end) };
        let ways: Vec<&str> = it.ways.iter().map(|way| way.name()).collect();
        let ways = ways.join(" or ");
        let words = match it.start == it.end {
            true => format!("{ways} {}", at(it.start)),
            false => format!("{ways}; starts {}, ends {}", range(it.start), range(it.end)),
        };
        rows.push(row(&format!("attempt {}", it.attempt), vec![waits, runs], words));
        before = it.end;
    }
    rows
}

/// The attempt of which the history tells, or that it leaves open.
fn last_attempt(
    activity: &RecordedActivity,
    (attempt, before): (i64, Option<&HiddenAttempt>),
    since: &impl Fn(RecordedTime) -> i64,
) -> Row {
    let name = format!("attempt {attempt}");
    let before = before.map_or((0, 0), |it| it.end);
    let closed = activity.closes.first();
    let how = closed.map(|it| it.how.event().trim_start_matches("ActivityTask"));
    let at = closed.and_then(|it| it.time).map(since);
    let pending = activity.pending.as_ref();
    let runs = pending.is_none_or(|it| it.state != Some(PendingActivityState::Scheduled));
    let started = activity.starts.first().and_then(|it| it.time);
    let started = started.or(pending.filter(|_| runs).and_then(|it| it.last_started_time));
    let ready = pending.and_then(|it| it.scheduled_time).map(since);
    if let Some(start) = started.map(since) {
        let waits = Stretch { kind: StretchKind::Waits, from: before, to: Some((start, start)) };
        let to = at.map(|at| (at, at));
        let runs = Stretch { kind: StretchKind::Runs, from: (start, start), to };
        let words = match (how, at) {
            (Some(how), Some(at)) => format!("{how}: {} to {}", instant(start), instant(at)),
            _ => format!("runs since {}", instant(start)),
        };
        return row(&name, vec![waits, runs], words);
    }
    let waits = Stretch { kind: StretchKind::Waits, from: before, to: at.map(|at| (at, at)) };
    let mut stretches = vec![waits];
    let words = match (how, at) {
        (Some(how), Some(at)) => {
            stretches.push(point(StretchKind::Happens, at));
            format!("{how} at {}, before any start is recorded", instant(at))
        }
        _ if pending.is_some() => {
            stretches.extend(ready.map(|at| point(StretchKind::Due, at)));
            let from = ready.map_or(String::new(), |at| format!(" from {} on", instant(at)));
            format!("waits for a worker{from}")
        }
        _ => "waits or runs: a start is written with the close".to_owned(),
    };
    row(&name, stretches, words)
}

/// The deadline of the whole, where it is near enough to be seen.
fn due(activity: &RecordedActivity, until: i64) -> Option<Row> {
    let options = activity.scheduled.as_ref()?.options.as_ref().ok()?;
    let total = options.schedule_to_close_timeout()?.0.checked_mul(1_000)?;
    let is_near = total <= until.saturating_mul(2);
    let words = format!("schedule-to-close is over at {}", instant(total));
    is_near.then(|| row("deadline", vec![point(StretchKind::Due, total)], words))
}

fn happens(name: &str, at: i64, words: String) -> Row {
    row(name, vec![point(StretchKind::Happens, at)], words)
}

fn point(kind: StretchKind, at: i64) -> Stretch {
    Stretch { kind, from: (at, at), to: Some((at, at)) }
}

fn row(name: &str, stretches: Vec<Stretch>, label: String) -> Row {
    let event = Event { kind: EventKind::Stands(0), label, answer: None, refused: false };
    Row { at: name.to_owned(), event: Some(event), stretches, ..Row::default() }
}

/// When something happens, as far as that is known.
pub(super) fn at((earliest, latest): (i64, i64)) -> String {
    match earliest == latest {
        true => format!("at {}", instant(earliest)),
        false => format!("between {} and {}", instant(earliest), instant(latest)),
    }
}

fn range((earliest, latest): (i64, i64)) -> String {
    match earliest == latest {
        true => instant(earliest),
        false => format!("{} to {}", instant(earliest), instant(latest)),
    }
}

/// How many hidden attempts are drawn one by one.
const SHOWN: usize = 6;
