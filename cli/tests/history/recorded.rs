//! Histories that lie beside this repository, and the forms that they come in.

use crate::support::story::{Sample, nothing_is_hollow};
use crate::{judged, not_run};
use activity_analysis::history::{Strictness, Verdict, judge};
use activity_sources::documents;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder can be read");
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|it| it == "json" || it == "bin"))
        .collect();
    found.sort();
    found
}

/// What is said of one file: its verdicts, what had to be tolerated, and everything that is odd.
fn told(path: &Path) -> (BTreeMap<&'static str, usize>, Vec<String>) {
    let bytes = fs::read(path).expect("it can be read");
    let history = documents::history(&bytes[..]);
    let history = history.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for judgement in judge(&history, Strictness::default()) {
        *counts.entry(judgement.verdict.name()).or_default() += 1;
        let mut reason = |reason: String| *reasons.entry(reason).or_default() += 1;
        match judgement.verdict {
            Verdict::Conforms => {}
            Verdict::Undecided | Verdict::Violates => reason(judgement.why.clone()),
            Verdict::Tolerated => {
                let names: Vec<&str> = judgement.tolerances.iter().map(|it| it.name()).collect();
                let rules =
                    judgement.broken.iter().map(|it| format!("; {}: {}", it.rule, it.message));
                reason(names.join(" and ") + &rules.collect::<String>());
            }
        }
    }
    let reasons = reasons.into_iter().map(|(reason, many)| match many {
        1 => reason,
        many => format!("{many} times: {reason}"),
    });
    let odd = history.run.odd.iter().map(|it| format!("odd: event {}: {}", it.event_id, it.what));
    (counts, reasons.chain(odd).collect())
}

#[test]
fn every_shared_history_gets_a_verdict_for_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/histories");
    if !folder.exists() {
        return not_run(&folder);
    }
    let mut table = String::new();
    let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
    let all = files(&folder);
    for path in &all {
        let (counts, reasons) = told(path);
        let name = path.file_name().expect("a file").to_string_lossy();
        let verdicts: Vec<String> =
            counts.iter().map(|(verdict, many)| format!("{many} {verdict}")).collect();
        let verdicts =
            if verdicts.is_empty() { "no activity".to_owned() } else { verdicts.join(", ") };
        let _ = writeln!(table, "{name}: {verdicts}");
        for reason in reasons {
            let _ = writeln!(table, "    {reason}");
        }
        for (verdict, many) in counts {
            *sums.entry(verdict).or_default() += many;
        }
    }
    assert_eq!(all.len(), 60);
    let _ = writeln!(table, "{} files: {sums:?}", all.len());
    insta::assert_snapshot!("shared-histories", table);
    // What is called damaged by its name is called odd, or not conforming, by us.
    for damaged in ["simple-workflow-damaged", "squence-workflow-damaged"] {
        let path = all.iter().find(|path| path.to_string_lossy().contains(damaged));
        let (counts, reasons) = told(path.expect("it is there"));
        assert!(!reasons.is_empty(), "{damaged}: {counts:?}");
    }
}

/// What explains them is attained by stories that the core plays: every number of attempts, every way,
/// both ends of every range. What is recorded has to come out to the last word, but for what is
/// tolerated: numbers counted from zero are one less, and a timeout may be in other words and for
/// another reason where the server is of another version.
#[test]
fn what_explains_the_shared_histories_is_not_hollow() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/histories");
    if !folder.exists() {
        return not_run(&folder);
    }
    let mut played: BTreeMap<(&str, String), (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for path in files(&folder) {
        let history = documents::history(&fs::read(&path).expect("it can be read")[..]);
        let history = history.expect("it is a history");
        let judged = judge(&history, Strictness::default());
        for (index, judgement) in judged.iter().enumerate() {
            if !matches!(judgement.verdict, Verdict::Conforms | Verdict::Tolerated) {
                continue;
            }
            let names: Vec<&str> = judgement.tolerances.iter().map(|it| it.name()).collect();
            let sum = played.entry((judgement.verdict.name(), names.join(", "))).or_default();
            match nothing_is_hollow(&history, index, judgement, Sample::ALL) {
                Ok(stories) => *sum = (sum.0 + 1, sum.1 + stories),
                Err(why) => {
                    let _ = writeln!(wrong, "{}, {index}: {why}", path.display());
                }
            }
        }
    }
    println!("activities and stories of each verdict: {played:#?}");
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(played.values().map(|(activities, _)| activities).sum::<usize>(), 48 + 25);
    assert!(played.values().all(|(activities, stories)| stories >= activities));
}

/// A small history with a retried attempt.
fn sample() -> Vec<Value> {
    vec![
        json!({ "eventId": "1", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED",
            "workflowExecutionStartedEventAttributes": { "input": { "payloads": [{ "data": "e30=" }] } } }),
        json!({ "eventId": "2", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED" }),
        json!({ "eventId": "3", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_STARTED" }),
        json!({ "eventId": "4", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_COMPLETED" }),
        json!({ "eventId": "5", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED",
            "activityTaskScheduledEventAttributes": {
                "activityId": "a", "activityType": { "name": "Work" },
                "workflowTaskCompletedEventId": "4", "startToCloseTimeout": "10s",
                "retryPolicy": { "initialInterval": "1s", "backoffCoefficient": 2,
                    "maximumInterval": "100s" } } }),
        json!({ "eventId": "6", "eventTime": "2026-01-01T00:00:03Z",
            "eventType": "EVENT_TYPE_ACTIVITY_TASK_STARTED",
            "activityTaskStartedEventAttributes": { "scheduledEventId": "5", "attempt": 2,
                "requestId": "r", "lastFailure": { "message": "boom",
                    "applicationFailureInfo": { "type": "Transient" } } } }),
        json!({ "eventId": "7", "eventTime": "2026-01-01T00:00:04.5Z",
            "eventType": "EVENT_TYPE_ACTIVITY_TASK_COMPLETED",
            "activityTaskCompletedEventAttributes": {
                "scheduledEventId": "5", "startedEventId": "6" } }),
    ]
}

fn verdict(history: &Value) -> (Verdict, i64) {
    let (_, judgements) = judged(history, true);
    let [judgement] = &judgements[..] else { panic!("one activity") };
    (judgement.verdict, judgement.explained.as_ref().map_or(-1, |it| it.at_least))
}

fn snake(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let mut snake = String::new();
                for letter in key.chars() {
                    if letter.is_ascii_uppercase() {
                        snake.push('_');
                    }
                    snake.push(letter.to_ascii_lowercase());
                }
                (snake, self::snake(value))
            });
            Value::Object(members.collect())
        }
        Value::Array(elements) => Value::Array(elements.iter().map(snake).collect()),
        other => other.clone(),
    }
}

#[test]
fn a_history_is_the_same_in_every_form() {
    let events = sample();
    let mut reversed = events.clone();
    reversed.reverse();
    let mut numbers = events.clone();
    for (index, event) in numbers.iter_mut().enumerate() {
        event["eventId"] = json!(index + 1);
    }
    let mut nanoseconds = events.clone();
    for (event, second) in nanoseconds.iter_mut().zip([0, 0, 0, 0, 0, 3_000, 4_500]) {
        event["eventTime"] = json!(1_767_225_600_000_000_000_i64 + second * 1_000_000);
    }
    let mut short = events.clone();
    short[4]["eventType"] = json!("ActivityTaskScheduled");
    short[5]["eventType"] = json!(11);
    let batches = json!([{ "events": events[..4] }, { "events": events[4..] }]);
    for history in [
        json!(events),
        json!({ "events": events }),
        json!({ "history": { "events": events } }),
        json!({ "events": reversed }),
        json!({ "events": numbers }),
        json!({ "events": nanoseconds }),
        json!({ "events": short }),
        batches,
        snake(&json!({ "events": events })),
    ] {
        assert_eq!(verdict(&history), (Verdict::Conforms, 1), "{history:#}");
    }
    for history in [json!({ "events": null }), json!({ "history": { "events": [] } }), json!([])] {
        let (_, judgements) = judged(&history, true);
        assert!(judgements.is_empty());
    }
}

#[test]
fn utf16_and_yaml_are_read_too() {
    let text = json!({ "events": sample() }).to_string();
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    let marked: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    let yaml = format!("---\n{text}");
    for bytes in [marked, yaml.into_bytes(), format!("\u{feff}{text}").into_bytes()] {
        let history = documents::history(&bytes[..]).expect("it is a history");
        assert_eq!(judge(&history, Strictness::default())[0].verdict, Verdict::Conforms);
    }
}

/// Every beginning of a history, and every history with one byte that is wrong, is read or refused.
#[test]
fn damaged_histories_are_read_or_refused() {
    let whole = json!({ "events": sample() }).to_string().into_bytes();
    let (mut read, mut refused) = (0, 0);
    let mut take = |bytes: &[u8]| match documents::history(bytes) {
        Ok(history) => {
            read += 1;
            assert_eq!(judge(&history, Strictness::default()).len(), history.activities.len());
        }
        Err(error) => {
            refused += 1;
            assert!(!error.message().is_empty());
        }
    };
    for index in 0..whole.len() {
        take(&whole[..index]);
        for wrong in [b'"', b'{', b']', b'-', b'9', b'\n', 0x00, 0x80] {
            let mut damaged = whole.clone();
            damaged[index] = wrong;
            take(&damaged);
        }
    }
    assert!(read > 1_000 && refused > 3_000, "{read} read, {refused} refused");
}

#[test]
fn the_documentation_answers_every_invariant() {
    let text = include_str!("../../../analysis/history.md");
    for (rule, answered, sentence) in activity_analysis::history::TABLE {
        let row = format!("| {rule} | {} | {sentence} |", answered.name());
        assert!(text.contains(&row), "{row}");
    }
    assert_eq!(text.matches("\n| H").count(), 26);
}
