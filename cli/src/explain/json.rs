//! The JSON output of `activity explain`.

use super::{Explained, elapsed};
use crate::report::{Check, Evidence};
use crate::style::seconds;
use activity_analysis::explanation::{Fact, Tone};
use activity_analysis::scenarios::{AttemptEnd, AttemptRun, Ending, Scenario};
use activity_analysis::zones::{Attempts, End, Explored, Happening, StaysOpen};
use activity_execution::ActivityOptions;
use activity_execution::options::Change;
use activity_execution::vocabulary::Dialect;
use activity_models::trace;
use activity_sources::documents::Notation;
use serde_json::{Map, Value, json};
use std::cmp::Reverse;

/// All activities together, and each by itself.
pub(super) fn json(all: &[Explained]) -> Value {
    let uncovered = all.iter().flat_map(|explained| {
        let which = which(explained);
        let unexplored = explained.explanation.examination.unexplored();
        let left = (unexplored > 0).then(|| json!({ "zones": unexplored }));
        let in_vain = explained.explanation.examination.timeouts_in_vain().into_iter();
        let in_vain = in_vain.map(|timeout_type| json!({ "timeout": timeout_type.name() }));
        in_vain.chain(left).map(move |what| with(&which, what))
    });
    let outcomes = all.iter().flat_map(|explained| {
        let which = which(explained);
        outcomes(explained).into_iter().map(move |outcome| with(&which, outcome))
    });
    json!({
        "complete": all.iter().all(|it| it.explanation.examination.is_complete()),
        "configurations": all.len(),
        "unique_states": all.iter().map(|it| states(late(it))).sum::<usize>(),
        "transitions": all.iter().map(|it| late(it).transitions).sum::<usize>(),
        "seconds": seconds(elapsed(all)),
        "uncovered": uncovered.collect::<Vec<_>>(),
        "left_out": [],
        "promises": promises(all),
        "outcomes": outcomes.collect::<Vec<_>>(),
        "activities": all.iter().map(activity).collect::<Vec<_>>(),
    })
}

/// Each promise, as it came out of the activity with the worst verdict.
fn promises(all: &[Explained]) -> Vec<Check> {
    let promises = (0..all.first().map_or(0, |first| first.promises.len())).filter_map(|index| {
        let checks = all.iter().map(|explained| &explained.promises[index]);
        let worst = checks.min_by_key(|check| Reverse(check.verdict))?;
        let configurations = Some(all.len());
        let evidence = Evidence { configurations, ..worst.evidence.clone() };
        Some(Check { evidence, ..worst.clone() })
    });
    promises.collect()
}

fn outcomes(explained: &Explained) -> Vec<Value> {
    let examination = &explained.explanation.examination;
    let on_time = examination.ends.ends.iter().map(|(how, end)| outcome(how, Some(end)));
    let any = examination.thorough.iter().map(|it| &it.any_reports.ends);
    let asked = examination.ends_of_any_reports();
    let asked = any.flatten().filter(|(how, _)| asked.contains(how.as_str())).map(|(how, end)| {
        let mut asked = outcome(how, Some(end));
        asked["only_if_a_worker_asks_for_it"] = json!(true);
        asked
    });
    let late = examination.ends_of_late_timers();
    on_time.chain(asked).chain(late.into_iter().map(|how| outcome(how, None))).collect()
}

fn outcome(how: &str, end: Option<&End>) -> Value {
    let told = |story: &Vec<Happening>| {
        let story = story.iter().map(|happening| {
            json!({ "after_milliseconds": happening.after.0, "event": happening.what.to_string() })
        });
        story.collect::<Vec<_>>()
    };
    json!({
        "outcome": how,
        "only_if_a_timer_is_late": end.is_none(),
        "only_if_a_worker_asks_for_it": false,
        "earliest_milliseconds": end.map(|end| end.earliest.0),
        "latest_milliseconds": end.and_then(|end| end.latest).map(|latest| latest.0),
        "story": end.and_then(|end| end.story.as_ref()).map(told),
        "latest_story": end.and_then(|end| end.latest_story.as_ref()).map(told),
    })
}

fn activity(explained: &Explained) -> Value {
    let explored = late(explained);
    let attempts = match explored.attempts {
        Attempts::AtMost(most) => json!(most),
        Attempts::AsManyAsTimeAllows | Attempts::WithoutEnd => Value::Null,
    };
    let stays_open = explored.stays_open.iter().map(|how| match how {
        StaysOpen::Waiting => "waiting",
        StaysOpen::Retrying => "retrying",
    });
    let options = explained.explanation.options();
    let dialect = match options.dialect() {
        Dialect::Standalone => "standalone",
        Dialect::Workflow => "workflow",
    };
    let what = json!({
        "kind": explained.notation.map(Notation::name),
        "dialect": dialect,
        "effective": effective(options),
        "changes": options.changes().iter().map(change).collect::<Vec<_>>(),
        "facts": explained.explanation.facts().iter().map(fact).collect::<Vec<_>>(),
        "scenarios": explained.explanation.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        "more_of_this_type": explained.more,
        "complete": explained.explanation.examination.is_complete(),
        "attempts": attempts,
        "attempts_alike_from": explored.alike_from,
        "can_stay_open": stays_open.collect::<Vec<_>>(),
        "control_states": explored.control_states.len(),
        "unique_states": states(explored),
        "transitions": explored.transitions,
        "seconds": seconds(explained.elapsed),
        "outcomes": outcomes(explained),
    });
    with(&which(explained), what)
}

/// What can happen, however late timers are, where that was explored.
fn late(explained: &Explained) -> &Explored {
    let examination = &explained.explanation.examination;
    examination.thorough.as_ref().map_or(&examination.explored, |it| &it.late)
}

/// How many zones and outcomes were found.
fn states(explored: &Explored) -> usize {
    explored.control_states.values().map(|zones| (*zones).max(1)).sum()
}

fn effective(options: &ActivityOptions) -> Value {
    let mut effective = trace::effective(options);
    effective["startDelay"] = json!(options.start_delay().0);
    effective["workflowRunTimeout"] = json!(options.workflow_run_timeout().map_or(0, |it| it.0));
    effective
}

fn change(change: &Change) -> Value {
    json!({
        "field": change.field.json_name(),
        "from": change.from.to_string(),
        "to": change.to.to_string(),
        "rule": change.rule.sentence(),
    })
}

fn fact(fact: &Fact) -> Value {
    json!({ "id": fact.id, "text": fact.text, "surprising": fact.tone == Tone::Surprising })
}

fn scenario(scenario: &Scenario) -> Value {
    let run = &scenario.run;
    let ending = match run.ending {
        Ending::Closed(_) => "closed",
        Ending::RunEnded => "run_ended",
        Ending::StaysOpen => "stays_open",
        Ending::GoesOn { .. } => "goes_on",
        Ending::CutOff => "cut_off",
    };
    let (first, last) = run.attempts.split_at(run.attempts.len().min(MOST_ATTEMPTS));
    let shown = first.iter().chain(last.last());
    json!({
        "id": scenario.id,
        "title": scenario.title,
        "assumes": scenario.assumes,
        "ending": ending,
        "outcome": run.outcome().map(|it| it.to_string()),
        "over_at_milliseconds": run.total().map(milliseconds),
        "attempts_started": run.started(),
        "attempts": shown.map(attempt).collect::<Vec<_>>(),
        "attempts_left_out": last.len().saturating_sub(1),
        "noticed_after_milliseconds": run.noticed_after().map(|it| it.0),
        "cancel": run.cancel.map(|cancel| json!({
            "requested_milliseconds": milliseconds(cancel.requested),
            "noticed_after_milliseconds": cancel.latency().map(milliseconds),
        })),
        "attempts_can_overlap": run.overlaps,
        "late_report_is_refused_with": run.late_report.map(|it| it.name()),
    })
}

fn attempt(attempt: &AttemptRun) -> Value {
    let end = match attempt.end {
        AttemptEnd::Completed => "Completed".to_owned(),
        AttemptEnd::Failed => "Failed".to_owned(),
        AttemptEnd::Canceled => "Canceled".to_owned(),
        AttemptEnd::TimedOut(timeout_type) => format!("TimedOut {timeout_type}"),
        AttemptEnd::RunEnded => "RunEnded".to_owned(),
        AttemptEnd::Open => "Open".to_owned(),
    };
    json!({
        "attempt": attempt.attempt,
        "count": attempt.count,
        "wait_milliseconds": attempt.waited.0,
        "dispatched_milliseconds": milliseconds(attempt.dispatched),
        "started_milliseconds": attempt.started.map(milliseconds),
        "ended_milliseconds": milliseconds(attempt.ended),
        "end": end,
        "cut_short_of_milliseconds": attempt.cut_from.map(|it| it.0),
    })
}

/// A number where it fits one, else a text.
fn milliseconds(milliseconds: i128) -> Value {
    i64::try_from(milliseconds).map_or_else(|_| json!(milliseconds.to_string()), Value::from)
}

/// Which activity it is about.
fn which(explained: &Explained) -> Map<String, Value> {
    let mut which = Map::from_iter([("file".to_owned(), json!(explained.file))]);
    let activity = explained.activity.as_ref();
    if let Some(name) = activity.and_then(|it| it.name.as_ref()) {
        which.insert("name".to_owned(), json!(name));
    }
    if let Some(scheduled) = activity.and_then(|it| it.scheduled.as_ref()) {
        which.insert("activity_id".to_owned(), json!(scheduled.activity_id));
        which.insert("activity_type".to_owned(), json!(scheduled.activity_type));
        which.insert("event_id".to_owned(), json!(scheduled.event_id));
    }
    which
}

fn with(which: &Map<String, Value>, what: Value) -> Value {
    let mut object = which.clone();
    if let Value::Object(what) = what {
        object.extend(what);
    }
    Value::Object(object)
}

/// How many attempts of a scenario are told one by one.
const MOST_ATTEMPTS: usize = 100;
