//! The JSON output of `activity history`. Judges nothing.

use super::{Findings, Histories, Judged};
use activity_analysis::history::{
    Classes, Doing, Explained, HiddenAttempt, Judgement, Still, Stories, Tolerance, Tolerances,
    Verdict, classes, still, timeline,
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
    if let Some(explained) = explained {
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

/// What explains it, of which a few are told: first what explains it as it is judged, then what
/// explains it besides if workers chose delays that left no trace.
fn explanations(
    object: &mut Value,
    (activity, run, judgement): (&RecordedActivity, &RecordedRun, &Judgement),
    explained: &Explained,
) {
    let of = || Stories::of(activity, run, judgement);
    let mut plain = of().map(|it| told(&it, judgement.tolerances)).unwrap_or_default();
    if let Some(stories) = of().and_then(Stories::delayed) {
        let mut other = told(&stories, judgement.tolerances.with(Tolerance::WorkerDelay));
        let is_new = |it: &Value| plain.explanations.iter().all(|one| !is_alike(one, it));
        other.explanations.retain(is_new);
        let room = TOLD.saturating_sub(plain.explanations.len()).max(1);
        other.keep(room);
        plain.keep(TOLD - other.explanations.len());
        object["if_workers_chose_delays"] = json!({
            "hidden_at_least": stories.explained().at_least,
            "hidden_at_most": stories.explained().at_most,
            "more_explanations": other.more,
            "more_explanations_is_lower_bound": other.is_cut_off,
        });
        plain.explanations.append(&mut other.explanations);
    }
    object["explanations"] = Value::Array(plain.explanations);
    object["more_explanations"] = json!(plain.more);
    object["more_explanations_is_lower_bound"] = json!(plain.is_cut_off);
    if explained.at_most == 0 {
        return;
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

/// Explanations that are told, and how many are not.
#[derive(Debug, Default)]
struct Told {
    explanations: Vec<Value>,
    more: u64,
    is_cut_off: bool,
}

impl Told {
    /// Tells so many of them.
    fn keep(&mut self, most: usize) {
        let others = self.explanations.len().saturating_sub(most);
        self.explanations.truncate(most);
        self.more = self.more.saturating_add(u64::try_from(others).unwrap_or(u64::MAX));
    }
}

/// The classes of an explanation, each with its attempts and what it supposes.
fn told(stories: &Stories<'_>, tolerances: Tolerances) -> Told {
    let Classes { told, more, is_cut_off } = classes(stories.explained(), TOLD);
    let tolerances = tolerances.iter().map(Tolerance::name).collect::<Vec<_>>();
    let told = told.iter().map(|class| {
        let runs = class.runs.iter().map(|(count, ways)| {
            let ways: Vec<&str> = ways.iter().map(|way| way.name()).collect();
            json!({ "attempts": count, "ways": ways })
        });
        let attempts = stories.hidden(class.many);
        json!({
            "text": class.in_words(),
            "attempts": class.many,
            "runs": runs.collect::<Vec<_>>(),
            "hidden": attempts.iter().flatten().map(hidden).collect::<Vec<_>>(),
            "tolerances": tolerances,
        })
    });
    Told { explanations: told.collect(), more, is_cut_off }
}

/// Whether two explanations differ in nothing but what they suppose.
fn is_alike(one: &Value, other: &Value) -> bool {
    ["attempts", "runs", "hidden"].iter().all(|key| one[key] == other[key])
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
