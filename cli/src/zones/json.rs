//! The JSON output of `activity check FILE`.

use super::{Examined, elapsed};
use crate::report::{Check, Evidence};
use crate::style::seconds;
use activity_analysis::zones::{Attempts, End, StaysOpen};
use activity_execution::vocabulary::Dialect;
use serde_json::{Map, Value, json};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// All activities together, and each by itself.
pub(super) fn json(all: &[Examined]) -> Value {
    let uncovered = all.iter().flat_map(|examined| {
        let which = which(examined);
        let unexplored = examined.examination.unexplored();
        let left = (unexplored > 0).then(|| json!({ "zones": unexplored }));
        let in_vain = examined.examination.timeouts_in_vain().into_iter();
        let in_vain = in_vain.map(|timeout_type| json!({ "timeout": timeout_type.name() }));
        in_vain.chain(left).map(move |what| with(&which, what))
    });
    let outcomes = all.iter().flat_map(|examined| {
        let which = which(examined);
        outcomes(examined).map(move |outcome| with(&which, outcome)).collect::<Vec<_>>()
    });
    json!({
        "complete": all.iter().all(|it| it.examination.is_complete()),
        "configurations": all.len(),
        "unique_states": all.iter().map(|it| it.examination.states()).sum::<usize>(),
        "transitions": all.iter().map(|it| it.examination.explored.transitions).sum::<usize>(),
        "seconds": seconds(elapsed(all)),
        "uncovered": uncovered.collect::<Vec<_>>(),
        "left_out": all.iter().flat_map(|it| it.examination.left_out()).collect::<BTreeSet<_>>(),
        "promises": promises(all),
        "outcomes": outcomes.collect::<Vec<_>>(),
        "activities": all.iter().map(activity).collect::<Vec<_>>(),
    })
}

/// Each promise, as it came out of the activity with the worst verdict.
fn promises(all: &[Examined]) -> Vec<Check> {
    let promises = (0..all.first().map_or(0, |first| first.promises.len())).filter_map(|index| {
        let checks = all.iter().map(|examined| &examined.promises[index]);
        let worst = checks.min_by_key(|check| Reverse(check.verdict))?;
        let configurations = Some(all.len());
        let evidence = Evidence { configurations, ..worst.evidence.clone() };
        Some(Check { evidence, ..worst.clone() })
    });
    promises.collect()
}

fn outcomes(examined: &Examined) -> impl Iterator<Item = Value> {
    let on_time = examined.examination.ends.ends.iter().map(|(how, end)| outcome(how, Some(end)));
    let late = examined.examination.ends_of_late_timers();
    on_time.chain(late.into_iter().map(|how| outcome(how, None)))
}

fn outcome(how: &str, end: Option<&End>) -> Value {
    let story = end.and_then(|end| end.story.as_ref()).map(|story| {
        let story = story.iter().map(|happening| {
            json!({ "after_milliseconds": happening.after.0, "event": happening.what.to_string() })
        });
        story.collect::<Vec<_>>()
    });
    json!({
        "outcome": how,
        "only_if_a_timer_is_late": end.is_none(),
        "earliest_milliseconds": end.map(|end| end.earliest.0),
        "latest_milliseconds": end.and_then(|end| end.latest).map(|latest| latest.0),
        "story": story,
    })
}

fn activity(examined: &Examined) -> Value {
    let explored = &examined.examination.explored;
    let attempts = match explored.attempts {
        Attempts::AtMost(most) => json!(most),
        Attempts::AsManyAsTimeAllows | Attempts::WithoutEnd => Value::Null,
    };
    let stays_open = explored.stays_open.iter().map(|how| match how {
        StaysOpen::Waiting => "waiting",
        StaysOpen::Retrying => "retrying",
    });
    let dialect = match examined.activity.options.dialect() {
        Dialect::Standalone => "standalone",
        Dialect::Workflow => "workflow",
    };
    let what = json!({
        "dialect": dialect,
        "more_of_this_type": examined.more,
        "complete": examined.examination.is_complete(),
        "attempts": attempts,
        "attempts_alike_from": explored.alike_from,
        "can_stay_open": stays_open.collect::<Vec<_>>(),
        "control_states": explored.control_states.len(),
        "unique_states": examined.examination.states(),
        "transitions": explored.transitions,
        "seconds": seconds(examined.elapsed),
        "outcomes": outcomes(examined).collect::<Vec<_>>(),
    });
    with(&which(examined), what)
}

/// Which activity it is about.
fn which(examined: &Examined) -> Map<String, Value> {
    let mut which = Map::from_iter([("file".to_owned(), json!(examined.file))]);
    if let Some(scheduled) = &examined.activity.scheduled {
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
