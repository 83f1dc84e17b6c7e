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
    assert!(first["allowed"].as_str().unwrap().contains("Elapses, due at"), "{first}");
    let promises = counts["brokenPromises"].as_array().unwrap();
    assert!(promises.iter().any(|it| it["promise"] == "a_call_finds_time_settled"), "{counts}");
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

#[test]
fn what_describe_shows_may_be_left_out_and_that_is_said() {
    let mut answers_only = recorded();
    for step in answers_only["steps"].as_array_mut().unwrap() {
        let step = step.as_object_mut().unwrap();
        for key in ["after", "seen", "effective"] {
            step.remove(key);
        }
    }
    let (code, counts) = replayed(&[recorded(), answers_only.clone()]);
    assert_eq!((code, &counts["withoutAfter"]), (0, &json!(6)));
    let ran = folder_of(&[answers_only.clone()]).run(&["replay", "traces.jsonl"]);
    assert!(ran.stdout.contains("6 steps record no `after`"), "{}", ran.stdout);
    // An answer is compared all the same.
    answers_only["steps"][3]["answer"] = json!({});
    assert_eq!(replayed(&[answers_only]).0, 1);
}

/// Before the task there is none, while a worker holds it there is none, and afterwards either.
#[test]
fn a_poll_that_finds_no_task_can_be_recorded_where_none_waits() {
    let with_poll = |place: usize, at: f64| {
        let mut trace = recorded();
        let steps = trace["steps"].as_array_mut().unwrap();
        steps.insert(place, json!({"event": "Poll", "at": at, "answer": {}}));
        trace
    };
    let at = |place: usize| recorded()["steps"][place]["at"].as_f64().unwrap();
    assert_eq!(replayed(&[with_poll(2, at(2) - 1.0)]).0, 0, "the worker holds it");
    assert_eq!(replayed(&[with_poll(3, at(3) - 1.0)]).0, 0, "it waits its backoff");
    assert_eq!(replayed(&[with_poll(1, 1.0)]).0, 0, "two readings of a clock are as near as this");
    let (code, counts) = replayed(&[with_poll(1, 7.0)]);
    let first = &counts["disagreements"][0];
    assert_eq!((code, &first["recorded"]), (1, &json!("no task")));
    assert_eq!(first["allowed"], "the task of attempt 1");
    let named = &counts["brokenPromises"][0]["promise"];
    assert_eq!(named, "a_poll_from_the_dispatch_time_on_is_given_the_task");
}

#[test]
fn a_key_that_stands_twice_is_an_error_with_its_place() {
    let line = recorded().to_string();
    let twice = [
        (line.replacen("{\"name\"", "{\"name\":\"x\",\"name\"", 1), "name"),
        (line.replacen("\"attempt\":", "\"attempt\":7,\"attempt\":", 1), "steps[0].after.attempt"),
        (
            line.replacen("\"requestId\":", "\"requestId\":\"x\",\"requestId\":", 1),
            "steps[0].requestId",
        ),
    ];
    for (text, path) in twice {
        let ran = folder_with(&[("traces.jsonl", format!("{line}\n{text}"))])
            .run(&["replay", "traces.jsonl"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{path}");
        let said = format!("`{path}` stands twice");
        assert!(ran.stderr.contains(&said) && ran.stderr.contains('2'), "{}", ran.stderr);
    }
}

/// Wrong in one thing each, so that everything is said that can be said of a trace.
fn wrong_traces() -> Vec<Value> {
    let timed_out: Value = serde_json::from_str(include_str!("data/timed_out.json")).unwrap();
    let words = [
        "ScheduleToStartElapses",
        "ScheduleToCloseElapses",
        "StartToCloseElapses",
        "HeartbeatElapses",
        "BackoffElapses",
        "StartDelayElapses",
        "Poll",
        "RespondCompletedById",
    ];
    let mut traces = Vec::new();
    for trace in [recorded(), timed_out] {
        let steps = trace["steps"].as_array().unwrap().len();
        for place in 1..steps {
            let mut without = trace.clone();
            without["steps"].as_array_mut().unwrap().remove(place);
            traces.push(without);
            for word in words {
                let mut other = trace.clone();
                let step = &mut other["steps"][place];
                let at = step["at"].clone();
                *step = match word.ends_with("Elapses") {
                    true => json!({"event": word, "at": at, "due": at}),
                    false => json!({"event": word, "at": at, "answer": {}}),
                };
                traces.push(other);
            }
            for key in ["attempt", "status", "runState", "outcome", "lastFailure"] {
                let mut other = trace.clone();
                other["steps"][place]["after"][key] = json!({"wrong": [1]});
                traces.push(other);
            }
        }
        let mut refused = trace.clone();
        refused["options"] = json!({});
        traces.push(refused);
    }
    traces
}

#[test]
fn whatever_is_wrong_is_told_without_debug_text() {
    let mut disagreeing = 0;
    for traces in wrong_traces().chunks(5) {
        let ran = folder_of(traces).run(&["replay", "traces.jsonl"]);
        disagreeing += ran.stdout.matches(" disagrees in step ").count();
        for line in ran.stdout.lines() {
            let letters: Vec<char> = line.chars().collect();
            let called = letters.windows(2).any(|it| it[0].is_alphanumeric() && it[1] == '(');
            assert!(!called && !line.contains("{ ") && !line.contains("None"), "{line}");
        }
    }
    assert!(disagreeing > 80, "only {disagreeing} traces were told");
}
