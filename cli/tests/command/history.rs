//! `activity history`: verdicts, exit codes and outputs.

use crate::support::{Ran, folder_with};
use serde_json::{Value, json};

/// A history with one activity, and what its start and its close say.
fn history(started: Option<&Value>, close: Option<(&str, Value)>) -> Value {
    let mut events = vec![
        json!({ "eventId": "1", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED" }),
        json!({ "eventId": "2", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_SCHEDULED" }),
        json!({ "eventId": "3", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_STARTED" }),
        json!({ "eventId": "4", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_COMPLETED" }),
        json!({ "eventId": "5", "eventTime": "2026-01-01T00:00:00Z",
            "activityTaskScheduledEventAttributes": {
                "activityId": "a", "activityType": { "name": "Charge" },
                "workflowTaskCompletedEventId": "4",
                "startToCloseTimeout": "10s", "heartbeatTimeout": "5s",
                "retryPolicy": { "initialInterval": "1s", "backoffCoefficient": 1,
                    "maximumInterval": "100s", "maximumAttempts": 3 } } }),
    ];
    if let Some(started) = started {
        events.push(json!({ "eventId": "6", "eventTime": started["at"],
            "activityTaskStartedEventAttributes": started }));
    }
    if let Some((kind, close)) = close {
        events.push(json!({ "eventId": "7", "eventTime": close["at"],
            format!("activityTask{kind}EventAttributes"): close }));
    }
    json!({ "events": events })
}

fn silent() -> Value {
    json!({ "message": "activity Heartbeat timeout",
        "timeoutFailureInfo": { "timeoutType": "TIMEOUT_TYPE_HEARTBEAT" } })
}

/// An attempt that was completed, after others.
fn completed(attempt: i64, seconds: i64) -> Value {
    let started = json!({ "scheduledEventId": "5", "attempt": attempt, "requestId": "r",
        "at": format!("2026-01-01T00:00:{seconds:02}Z"), "lastFailure": silent() });
    let close = json!({ "scheduledEventId": "5", "startedEventId": "6",
        "at": format!("2026-01-01T00:00:{:02}Z", seconds + 1) });
    history(Some(&started), Some(("Completed", close)))
}

/// Three attempts, each silent until its heartbeat timeout.
fn all_silent() -> Value {
    let mut failure = silent();
    failure["cause"] = silent();
    let started = json!({ "scheduledEventId": "5", "attempt": 3, "requestId": "r",
        "at": "2026-01-01T00:00:12Z", "lastFailure": silent() });
    let close = json!({ "scheduledEventId": "5", "startedEventId": "6",
        "at": "2026-01-01T00:00:17.01Z", "failure": failure,
        "retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED" });
    history(Some(&started), Some(("TimedOut", close)))
}

fn ran(arguments: &[&str], files: &[(&str, String)]) -> Ran {
    let folder = folder_with(files);
    let names = files.iter().map(|(name, _)| *name);
    folder.run(
        &["history"].into_iter().chain(arguments.iter().copied()).chain(names).collect::<Vec<_>>(),
    )
}

#[test]
fn the_exit_code_tells_the_worst() {
    let conforms = completed(2, 7).to_string();
    let violates = completed(4, 30).to_string();
    let undecided = conforms.replace("WORKFLOW_TASK", "DECISION_TASK").replace("\"a\"", "\"b\"");
    let broken = "{\"events\": [".to_owned();
    let code = |files: &[(&str, &String)], strict: bool| {
        let files: Vec<(&str, String)> =
            files.iter().map(|(name, text)| (*name, (*text).clone())).collect();
        ran(if strict { &["--strict"] } else { &[] }, &files).code
    };
    assert_eq!(code(&[("a", &conforms)], true), 0);
    assert_eq!(code(&[("a", &conforms), ("b", &violates)], true), 1);
    assert_eq!(code(&[("b", &violates)], false), 0, "tolerated: somebody may have paused it");
    assert_eq!(code(&[("a", &conforms), ("c", &undecided)], true), 3);
    assert_eq!(code(&[("b", &violates), ("c", &undecided)], true), 1);
    assert_eq!(code(&[("b", &violates), ("d", &broken)], true), 2);
}

#[test]
fn a_damaged_file_does_not_keep_others_from_being_judged() {
    let files = [("good", completed(2, 7).to_string()), ("bad", "{\"events\": [7]}".to_owned())];
    let ran = ran(&["--format", "json"], &files);
    let value: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(value["files"][0]["activities"][0]["verdict"], "conforms");
    assert_eq!(value["files"][1]["file"], "bad");
    assert!(
        value["files"][1]["error"]["message"].as_str().is_some_and(|it| it.contains("no event"))
    );
    assert_eq!(value["summary"]["unusable"], 1);
}

#[test]
fn an_activity_has_the_names_that_programs_rely_on() {
    let ran = ran(&["--format", "json"], &[("h", completed(2, 7).to_string())]);
    let value: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let activity = &value["files"][0]["activities"][0];
    assert_eq!(activity["activity_id"], "a");
    assert_eq!(activity["verdict"], "conforms");
    assert_eq!(activity["tolerances"], json!([]));
    assert_eq!(
        activity["hidden"],
        json!([{
            "attempt": 1,
            "ways": ["TimedOut (Heartbeat)"],
            "started": { "earliest_milliseconds": 0.0, "latest_milliseconds": 1_000.0 },
            "ended": { "earliest_milliseconds": 5_000.0, "latest_milliseconds": 6_000.0 },
        }])
    );
    assert!(activity["why"].as_str().is_some_and(|why| why.contains("silent")));
}

#[test]
fn people_are_told_why_and_what_left_no_event() {
    let ran = ran(&[], &[("h.json", all_silent().to_string())]);
    insta::assert_snapshot!("history-human", ran.stdout);
}

#[test]
fn a_violation_names_what_would_have_been_allowed() {
    let early = completed(2, 3).to_string();
    let ran = ran(&["--strict"], &[("h.json", early)]);
    let words = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("attempt 2 starts at 6s at the earliest"), "{words}");
    assert_eq!(ran.code, 1);
}

#[test]
fn what_can_still_happen_is_told_of_what_is_pending() {
    let described = json!({
        "workflowExecutionInfo": { "startTime": "2026-01-01T00:00:00Z" },
        "pendingActivities": [{
            "activityId": "1", "activityType": { "name": "Render" },
            "state": "PENDING_ACTIVITY_STATE_SCHEDULED", "attempt": 2,
            "scheduledTime": "2026-01-01T00:00:07Z", "lastFailure": silent(),
            "activityOptions": { "startToCloseTimeout": "60s", "heartbeatTimeout": "5s",
                "retryPolicy": { "initialInterval": "1s", "backoffCoefficient": 1,
                    "maximumInterval": "100s", "maximumAttempts": 3 } },
        }],
    });
    let ran = ran(&["--format", "json"], &[("d", described.to_string())]);
    let value: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let activity = &value["files"][0]["activities"][0];
    assert_eq!(activity["verdict"], "conforms");
    let still = &activity["can_still"];
    assert_eq!((&still["doing"], &still["attempt"]), (&json!("waits"), &json!(2)));
    let outcomes = still["outcomes"].as_array().expect("outcomes");
    let outcome = |name: &str| outcomes.iter().find(|it| it["outcome"] == name);
    // Two attempts are left: the second can fall silent after 5 s, 1 s later the third, again for 5 s.
    let silent = outcomes.iter().find(|it| {
        let name = it["outcome"].as_str().unwrap_or_default();
        name.contains("Heartbeat") && name.contains("MaximumAttemptsReached")
    });
    let earliest = silent.map(|it| it["earliest_milliseconds"].as_i64());
    assert_eq!(earliest, Some(Some(6_000)), "{outcomes:?}");
    assert!(outcome("Completed").is_some_and(|it| it["earliest_milliseconds"] == 0));
}

#[test]
fn a_build_server_is_told_of_each_activity() {
    let files = [("good", completed(2, 7).to_string()), ("bad", completed(2, 3).to_string())];
    let ran = ran(&["--strict", "--format", "junit"], &files);
    assert!(ran.stdout.contains("<testsuite name=\"good\""), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("<failure").count(), 1);
}
