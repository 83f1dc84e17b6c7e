//! The JSON output of `activity history`. Judges nothing.

use super::{Findings, Histories, Judged};
use activity_analysis::history::{
    Classes, Doing, Explained, HiddenAttempt, Judgement, Still, Stories, Verdict, classes, still,
    timeline,
};
use activity_execution::history::{RecordedActivity, RecordedRun, RecordedTime};
use activity_execution::vocabulary::Span;
use serde_json::{Value, json};
use std::iter;

/// Every file with its activities, and how many there are of each verdict.
pub(super) fn json(judged: &[Judged]) -> Value {
    let mut findings = Findings::default();
    let files = judged.iter().map(|Judged { name, outcome, .. }| match outcome {
        Ok(histories) => {
            let activities = histories.each();
            let run = &histories.history.run;
            let others = histories.by_temporal.iter().map(Some).chain(iter::repeat(None));
            let activities = activities.zip(others).map(|((activity, it), other)| {
                let mut object = one(activity, it, run, &mut findings);
                if let Some(other) = other {
                    object["by_the_rules_of_temporal"] = judged_by(other);
                }
                if let Some(still) = still(activity, run, it) {
                    object["can_still"] = can_still(&still);
                }
                object
            });
            let activities = activities.collect::<Vec<_>>();
            let odd = run.odd.iter().map(|it| json!({ "event_id": it.event_id, "what": it.what }));
            let odd = odd.collect::<Vec<_>>();
            json!({ "file": name, "activities": activities, "odd": odd, "run": of_run(run) })
        }
        Err(problem) => {
            let mut file = problem.to_json();
            file["file"] = json!(name);
            file["activities"] = json!([]);
            file
        }
    });
    let files: Vec<Value> = files.collect();
    json!({ "files": files, "summary": summary(judged) })
}

/// A judgement without its explanations.
fn judged_by(judgement: &Judgement) -> Value {
    let tolerances = judgement.tolerances.iter().map(|tolerance| tolerance.name());
    json!({
        "verdict": judgement.verdict.name(),
        "tolerances": tolerances.collect::<Vec<_>>(),
        "why": judgement.why,
    })
}

/// When a run began and ended, in nanoseconds since 1970.
fn of_run(run: &RecordedRun) -> Value {
    let time = |time: Option<RecordedTime>| time.map(|time| time.to_string());
    json!({
        "started_nanoseconds": time(run.started),
        "closed": run.closed.as_ref().map(|closed| &closed.how),
        "closed_nanoseconds": time(run.closed.as_ref().and_then(|closed| closed.time)),
        "ends_nanoseconds": time(run.ends),
        "of_cadence": run.is_of_cadence,
    })
}

fn summary(judged: &[Judged]) -> Value {
    let all = || judged.iter().filter_map(|it| it.outcome.as_ref().ok());
    let count = |verdict: Verdict| {
        let of = |it: &Histories| it.judgements.iter().filter(|it| it.verdict == verdict).count();
        all().map(of).sum::<usize>()
    };
    json!({
        "files": judged.len(),
        "unusable": judged.iter().filter(|it| it.outcome.is_err()).count(),
        "conforms": count(Verdict::Conforms),
        "tolerated": count(Verdict::Tolerated),
        "undecided": count(Verdict::Undecided),
        "violates": count(Verdict::Violates),
    })
}

fn one(
    activity: &RecordedActivity,
    judgement: &Judgement,
    run: &RecordedRun,
    findings: &mut Findings,
) -> Value {
    let tolerances = judgement.tolerances.iter().map(|tolerance| tolerance.name());
    let explained = judgement.explained.as_ref();
    let hidden = explained.map_or(Vec::new(), |it| it.hidden.iter().map(self::hidden).collect());
    let mut object = json!({
        "activity_id": activity.activity_id,
        "activity_type": activity.activity_type,
        "event_id": activity.scheduled.as_ref().map(|it| it.event_id),
        "verdict": judgement.verdict.name(),
        "tolerances": tolerances.collect::<Vec<_>>(),
        "hidden": hidden,
        "hidden_at_least": explained.map(|it| it.at_least),
        "hidden_at_most": explained.map(|it| it.at_most),
        "why": judgement.why,
    });
    if let Some(explained) = explained.filter(|it| it.at_most > 0) {
        explanations(&mut object, (activity, run, judgement), explained);
    }
    if let Some(refuted) = &judgement.refuted {
        object["rule"] = json!(refuted.rule);
        object["explained"] = json!(refuted.explained);
        object["found"] = json!(refuted.found);
        object["allowed"] = json!(refuted.allowed);
    }
    let findings = findings.of(activity);
    let findings = findings.iter().map(|finding| {
        json!({
            "rule": finding.rule.id,
            "severity": finding.severity.word(),
            "message": finding.message,
        })
    });
    object["findings"] = Value::Array(findings.collect());
    object
}

fn explanations(
    object: &mut Value,
    (activity, run, judgement): (&RecordedActivity, &RecordedRun, &Judgement),
    explained: &Explained,
) {
    let of = || Stories::of(activity, run, judgement);
    told(object, of().as_ref(), explained);
    if let Some(stories) = of().and_then(Stories::delayed) {
        let delayed = stories.explained();
        let mut other = json!({
            "hidden": delayed.hidden.iter().map(hidden).collect::<Vec<_>>(),
            "hidden_at_least": delayed.at_least,
            "hidden_at_most": delayed.at_most,
        });
        told(&mut other, Some(&stories), delayed);
        object["if_workers_chose_delays"] = other;
    }
    let lines = timeline(activity, explained).into_iter().map(|line| {
        json!({
            "earliest_milliseconds": milliseconds(line.at.0),
            "latest_milliseconds": milliseconds(line.at.1),
            "what": line.what,
            "recorded": line.is_recorded,
        })
    });
    object["timeline"] = Value::Array(lines.collect());
}

/// The classes of an explanation; with the attempts, where there are not as few as can be.
fn told(object: &mut Value, stories: Option<&Stories<'_>>, explained: &Explained) {
    let Classes { told, more, is_cut_off } = classes(explained, TOLD);
    let told = told.iter().map(|class| {
        let runs = class.runs.iter().map(|(count, ways)| {
            let ways: Vec<&str> = ways.iter().map(|way| way.name()).collect();
            json!({ "attempts": count, "ways": ways })
        });
        let mut told = json!({
            "text": class.in_words(),
            "attempts": class.many,
            "runs": runs.collect::<Vec<_>>(),
        });
        if class.many != explained.at_least {
            let attempts = stories.and_then(|it| it.hidden(class.many));
            told["hidden"] = Value::Array(attempts.iter().flatten().map(hidden).collect());
        }
        told
    });
    object["explanations"] = Value::Array(told.collect());
    object["more_explanations"] = json!(more);
    object["more_explanations_is_lower_bound"] = json!(is_cut_off);
}

fn can_still(still: &Still) -> Value {
    let span = |span: Option<Span>| span.map(|span| span.0);
    let ends = still.ends.iter().map(|(how, (earliest, latest))| {
        json!({
            "outcome": how,
            "earliest_milliseconds": earliest.0,
            "latest_milliseconds": span(*latest),
        })
    });
    let (doing, attempt) = match still.doing {
        Doing::Runs(attempt) => ("runs", Some(attempt)),
        Doing::Waits(attempt) => ("waits", Some(attempt)),
        Doing::Unknown => ("unknown", None),
    };
    json!({
        "since_nanoseconds": still.since.to_string(),
        "doing": doing,
        "attempt": attempt,
        "complete": still.is_complete,
        "outcomes": ends.collect::<Vec<_>>(),
        "next_attempt_milliseconds": span(still.next_attempt),
        "dead_worker_noticed_milliseconds": span(still.unnoticed),
        "run_ends_milliseconds": span(still.run_ends),
    })
}

fn hidden(hidden: &HiddenAttempt) -> Value {
    let range = |(earliest, latest): (i64, i64)| {
        json!({
            "earliest_milliseconds": milliseconds(earliest),
            "latest_milliseconds": milliseconds(latest),
        })
    };
    let ways: Vec<&str> = hidden.ways.iter().map(|way| way.name()).collect();
    json!({
        "attempt": hidden.attempt,
        "ways": ways,
        "started": range(hidden.start),
        "ended": range(hidden.end),
    })
}

fn milliseconds(microseconds: i64) -> Value {
    json!(microseconds as f64 / 1_000.0)
}

/// How many explanations are told.
const TOLD: usize = 5;
