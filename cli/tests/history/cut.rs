//! Recorded histories, cut after every event: what really happened then is among what can still happen,
//! at an instant within what is told of it.

use crate::support::random::Random;
use crate::{judged, not_run};
use activity_analysis::history::{Verdict, still};
use activity_execution::Content;
use activity_execution::history::{Closed, How, RecordedActivity, RecordedHistory};
use activity_execution::vocabulary::RetryState;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// What really happened, in the words of an outcome, and when.
fn truth(whole: &RecordedHistory) -> Option<(String, i64)> {
    let activity = &whole.activities[0];
    if let Some(Closed { time, how, .. }) = activity.closes.first() {
        return Some((outcome(how), (*time)?));
    }
    let closed = whole.run.closed.as_ref()?;
    Some(("gone (the workflow closes)".to_owned(), closed.time?))
}

fn outcome(how: &How) -> String {
    use activity_execution::history::RecordedRetryState::Known;
    let name = |state: &Option<_>| match state {
        Some(Known(state)) => RetryState::name(*state),
        other => panic!("{other:?}"),
    };
    match how {
        How::Completed => "Completed".to_owned(),
        How::Canceled { .. } => "Canceled".to_owned(),
        How::Failed { retry_state, .. } => format!("Failed ({})", name(retry_state)),
        How::TimedOut { timeout_type, retry_state, .. } => {
            let timeout = timeout_type.expect("a type").name();
            format!("TimedOut {timeout} ({})", name(retry_state))
        }
    }
}

/// Whether the server gave up before schedule-to-close was over.
fn gave_up(whole: &RecordedHistory) -> bool {
    let close = whole.activities[0].closes.first();
    close.is_some_and(|closed| match &closed.how {
        How::TimedOut { failure: Some(failure), .. } => {
            let content = failure.failure.content();
            matches!(content, Some(Content::Failure(it)) if it.message.starts_with("Not enough time"))
        }
        _ => false,
    })
}

/// Whether a worker of the trace said more of a retry than the policy does.
fn reports_more(trace: &Value) -> bool {
    let steps = trace["steps"].as_array().expect("steps");
    steps.iter().any(|step| {
        let failure = step["failure"].as_str().unwrap_or_default();
        !step["nextRetryDelay"].is_null() || failure.starts_with("scheduleTo")
    })
}

/// What is told of a history that is cut, and whether anything is.
fn complaint(cut: &Value, whole: &RecordedHistory, reports_more: bool) -> Result<bool, String> {
    let (history, judgements) = judged(cut, false);
    let [activity] = &history.activities[..] else { return Ok(false) };
    let RecordedActivity { closes, cancel_requests, .. } = activity;
    if !closes.is_empty() || history.run.closed.is_some() {
        return Ok(false);
    }
    // A start is written with the close: what is cut between them is of no server.
    if activity.starts.is_empty() && judgements[0].verdict != Verdict::Conforms {
        return Err(format!("{}: {}", judgements[0].verdict.name(), judgements[0].why));
    }
    let still = still(activity, &history.run, &judgements[0]).ok_or("nothing is told")?;
    let Some((how, time)) = truth(whole) else { return Ok(true) };
    let after = (time - still.since).div_euclid(1_000_000);
    let told = format!("{how} after {after} ms, told is {:?} ({:?})", still.ends, still.doing);
    if !still.is_complete {
        return Err(format!("not everything was explored: {told}"));
    }
    let Some((earliest, latest)) = still.ends.get(&how) else {
        return if reports_more { Ok(true) } else { Err(told) };
    };
    // An attempt's timer that is late can leave no time for the retry that it would have had: the
    // activity gives up at once, and schedule-to-close is still to come.
    let sooner = if gave_up(whole) { LATE } else { NEAR };
    // Events keep the instant at which they happened, and may be written after others.
    let is_late_enough = after + sooner >= earliest.0 || after < 0;
    let is_early_enough = latest.is_none_or(|latest| after <= latest.0 + LATE);
    let asked = cancel_requests.first().and_then(|it| it.time);
    match is_late_enough && is_early_enough || reports_more {
        true => Ok(true),
        false => Err(format!("{told}, asked at {asked:?}")),
    }
}

#[test]
fn what_happened_next_was_told_of_every_history_that_is_cut() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ground-truth/workflow.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return not_run(&path);
    };
    let mut random = Random::new(11);
    let mut wrong = String::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut traces, mut told) = (0, 0);
    for line in text.lines() {
        // Where checks are on, a few of them.
        if cfg!(debug_assertions) && !random.one_in(8) {
            continue;
        }
        traces += 1;
        let trace: Value = serde_json::from_str(line).expect("a trace a line");
        let events = trace["history"]["events"].as_array().expect("events");
        let (whole, _) = judged(&trace["history"], false);
        for cut in 1..events.len() {
            match complaint(&json!({ "events": events[..cut] }), &whole, reports_more(&trace)) {
                Ok(true) => {
                    told += 1;
                    let how = truth(&whole).map_or("still open".to_owned(), |(how, _)| how);
                    *counts.entry(how).or_default() += 1;
                }
                Ok(false) => {}
                Err(why) => {
                    let _ = writeln!(wrong, "{}, {cut} events: {why}", trace["name"]);
                }
            }
        }
    }
    println!("{traces} histories, {told} times cut while the activity was open: {counts:?}");
    assert!(wrong.is_empty(), "{wrong}");
    assert!(told > 100, "{told}");
}

/// The clock is read more than once in a transaction: instants agree within so many milliseconds.
const NEAR: i64 = 5;
/// Timers of the recordings are late by so many milliseconds at most.
const LATE: i64 = 300;
