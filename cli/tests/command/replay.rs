//! `activity replay`: what it says of traces that agree, that do not, and that it cannot play.

use crate::support::{Folder, Ran, folder_with};
use serde_json::{Value, json};

/// A retry that a cancel request overtakes, as the server did it.
fn recorded() -> Value {
    let line = include_str!("data/canceled.json");
    serde_json::from_str(line).unwrap()
}

fn folder_of(traces: &[Value]) -> Folder {
    let lines: Vec<_> = traces.iter().map(Value::to_string).collect();
    folder_with(&[("traces.jsonl", lines.join("\n"))])
}

fn replayed(traces: &[Value]) -> (i32, Value) {
    let ran = folder_of(traces).run(&["replay", "--format", "json", "traces.jsonl"]);
    assert_eq!(ran.stderr, "");
    (ran.code, serde_json::from_str(&ran.stdout).unwrap())
}

/// The text, without how long it took.
fn timeless(ran: &Ran) -> String {
    let (text, rest) = ran.stdout.rsplit_once(" (").unwrap();
    let (_, rest) = rest.split_once(')').unwrap();
    format!("{text}{rest}")
}

#[test]
fn traces_that_agree_are_counted() {
    let (code, counts) = replayed(&[recorded(), recorded()]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("agree-json", format!("{counts:#}"));
    let ran = folder_of(&[recorded()]).run(&["replay", "traces.jsonl"]);
    insta::assert_snapshot!("agree-human", timeless(&ran));
}

#[test]
fn a_trace_that_disagrees_is_shown_up_to_where_it_does() {
    let mut trace = recorded();
    trace["steps"][3]["after"]["attempt"] = json!(7);
    trace["steps"][3]["after"].as_object_mut().unwrap().remove("status");
    let ran = folder_of(&[recorded(), trace.clone()]).run(&["replay", "traces.jsonl"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!("disagree-human", timeless(&ran));
    let (code, counts) = replayed(&[recorded(), trace]);
    assert_eq!(code, 1);
    insta::assert_snapshot!("disagree-json", format!("{counts:#}"));
}

#[test]
fn events_that_are_not_modelled_are_named_and_never_agree() {
    let mut paused = recorded();
    let pause = json!({"event": "Pause", "at": 1, "requestId": "p", "answer": {}, "any": "thing"});
    paused["steps"].as_array_mut().unwrap().insert(1, pause);
    let (code, counts) = replayed(&[recorded(), paused.clone()]);
    assert_eq!(code, 3);
    assert_eq!((&counts["traces"], &counts["skipped"]), (&json!(2), &json!(1)));
    assert_eq!(counts["skippedEvents"], json!({"Pause": 1}));
    let ran = folder_of(&[paused.clone()]).run(&["replay", "traces.jsonl"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("1 trace skipped"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("agree "), "{}", ran.stdout);
    let mut wrong = recorded();
    wrong["steps"][0]["answer"]["started"] = json!(false);
    assert_eq!(replayed(&[paused, wrong]).0, 1, "a disagreement weighs more");
}

#[test]
fn a_timer_that_the_recording_lacks_is_missed() {
    let mut trace = recorded();
    let late = json!({"event": "Poll", "at": 90_000, "answer": {"error": "NotFound"}});
    trace["steps"].as_array_mut().unwrap().truncate(2);
    trace["steps"].as_array_mut().unwrap().push(late);
    let (code, counts) = replayed(&[trace]);
    assert_eq!(code, 1);
    let first = &counts["disagreements"][0];
    assert_eq!((&first["step"], &first["field"]), (&json!(2), &json!("event")));
    assert!(first["found"].as_str().unwrap().contains("Elapses, due at"), "{first}");
}

#[test]
fn a_deadline_that_was_due_at_another_instant_is_a_disagreement() {
    let mut trace: Value = serde_json::from_str(include_str!("data/timed_out.json")).unwrap();
    assert_eq!(replayed(&[trace.clone()]).0, 0);
    let timer = trace["steps"].as_array_mut().unwrap().iter_mut().find(|s| s["due"].is_number());
    let due = &mut timer.unwrap()["due"];
    *due = json!(due.as_f64().unwrap() + 10.0);
    let (code, counts) = replayed(&[trace]);
    assert_eq!((code, &counts["disagreements"][0]["field"]), (1, &json!("due")));
}

#[test]
fn a_trace_goes_on_only_if_its_start_was_accepted() {
    let mut trace = recorded();
    trace["options"] = json!({});
    let (code, counts) = replayed(&[trace]);
    assert_eq!(code, 1);
    let fields: Vec<_> = counts["disagreements"].as_array().unwrap().iter().collect();
    assert!(fields.iter().any(|difference| difference["field"] == "effective"), "{fields:?}");
}
