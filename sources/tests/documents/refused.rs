//! What is no history, as somebody may give it by mistake: each is refused in one line that says where,
//! what, and what to do.

use activity_sources::documents;
use serde_json::{Value, json};

/// A history whose third event is another.
fn with(event: &Value) -> Vec<u8> {
    let task = |id: i64, kind: &str| json!({ "eventId": id, "eventType": kind });
    let events = [task(1, "WorkflowExecutionStarted"), task(2, "WorkflowTaskScheduled")];
    let events: Vec<&Value> = events.iter().chain([event]).collect();
    let lines: Vec<String> = events.iter().map(ToString::to_string).collect();
    format!("{{\"events\": [\n{}\n]}}", lines.join(",\n")).into_bytes()
}

fn started(attributes: &Value) -> Vec<u8> {
    with(&json!({ "eventId": 3, "eventTime": "2026-01-01T00:00:00Z",
        "activityTaskStartedEventAttributes": attributes }))
}

#[test]
fn what_is_no_history_is_refused_with_its_place_and_what_to_do() {
    let give = "this is no history and no description; give what `temporal workflow show";
    let again = "export it once more: temporal workflow show --output json";
    let cases: [(&str, Vec<u8>, [&str; 2]); 24] = [
        ("nothing", b"".into(), ["the file is empty; give what", "show --output json"]),
        ("blanks", b" \n\t\r\n".into(), ["the file is empty; give what", ""]),
        ("zeros", vec![0; 100], ["this is no text: letter 0 is zero; give a text file", ""]),
        ("zip", b"PK\x03\x04\x00\x00abc".into(), ["this is no text: letter 4 is zero", ""]),
        ("gzip", b"\x1f\x8b\x08\x00abc".into(), ["this is compressed with gzip", "decompress"]),
        ("other bytes", b"\x28\xb5\x2f\xfd".into(), ["line 1: this is not UTF-8 text", ""]),
        ("half of UTF-16", b"\xff\xfe{\0\"".into(), ["this begins as UTF-16", "damaged"]),
        ("a page", b"<!DOCTYPE html>\n<p>502</p>".into(), [give, "line 1"]),
        ("a comment", b"// a history\n{\"events\": []}".into(), [give, "line 1"]),
        ("a number", b"42".into(), [give, "line 1"]),
        ("a text", b"\"events\"".into(), [give, "line 1"]),
        ("null", b"null".into(), [give, "line 1"]),
        ("an error", b"{\"code\": 5, \"message\": \"not found\"}".into(), [give, ""]),
        ("options", b"start_to_close_timeout = \"5s\"".into(), [give, "line 1"]),
        ("a list of nulls", b"[\nnull]".into(), ["line 2: events[0]: this is no event", ""]),
        ("what was cut off", b"{\"events\": [\n{\"eventId\"".into(), ["line 2: not JSON", again]),
        ("a comma too many", b"{\"events\": [],\n}".into(), ["line 1: not JSON: a comma", again]),
        ("a number among events", with(&json!(7)), ["line 4: events[2]: this is no event", ""]),
        (
            "a time that is none",
            with(&json!({ "eventId": 3, "eventTime": "noon", "eventType": "TimerFired" })),
            ["line 4: events[2].eventTime: this is no instant; 2026-01-31T12:00:00Z is one", ""],
        ),
        (
            "an id that is none",
            with(&json!({ "eventId": "three", "eventType": "TimerFired" })),
            ["line 4: events[2]: the eventId is no number from 1 on", ""],
        ),
        (
            "an attempt that is none",
            started(&json!({ "scheduledEventId": 5, "attempt": "two" })),
            ["line 4: events[2].attempt: this is no number of an attempt", ""],
        ),
        (
            "an attempt below zero",
            started(&json!({ "scheduledEventId": 5, "attempt": -1 })),
            ["line 4: events[2].attempt: this is no number of an attempt", ""],
        ),
        (
            "no attributes",
            started(&json!(null)),
            ["line 4: events[2]: an event of an activity, without attributes", "once more"],
        ),
        (
            "a second run",
            with(&json!({ "eventId": 1, "eventType": "WorkflowExecutionStarted" })),
            ["line 4: events[2]: a second run of a workflow begins here", "file of its own"],
        ),
    ];
    for (what, bytes, words) in cases {
        let error = documents::history(&bytes[..]).expect_err(what).to_string();
        assert!(words.iter().all(|words| error.contains(words)), "{what}: {error}");
        assert!(!error.contains("TOML"), "{what}: {error}");
    }
}

#[test]
fn a_key_that_stands_twice_is_refused_at_its_event() {
    let text = "{\"events\": [\n{\"eventId\": 1, \"eventId\": 2, \"eventType\": \"TimerFired\"}]}";
    let error = documents::history(text.as_bytes()).expect_err("it stands twice").to_string();
    assert!(error.starts_with("line 2: eventId: this key is given twice"), "{error}");
}
