//! `activity check FILE` as its users meet it.

use super::support::{activity, folder_with};
use serde_json::{Value, json};

const ORDER: &str = "\
start_to_close_timeout = '30s'
schedule_to_close_timeout = '1h30m'
heartbeat_timeout = '5s'
[retry_policy]
maximum_attempts = 5
";

#[test]
fn ones_own_options_are_explored_in_real_durations() {
    let folder = folder_with(&[("order.toml", ORDER)]);
    let ran = folder.run(&["check", "--format", "json", "order.toml"]);
    let mut value: Value = serde_json::from_str(ran.accepted()).unwrap();
    value["seconds"].take();
    value["activities"][0]["seconds"].take();
    value["promises"].take();
    insta::assert_snapshot!("explored", format!("{value:#}"));
    let ran = folder.run(&["check", "order.toml"]);
    insta::assert_snapshot!("explored-human", without_seconds(ran.accepted()));
}

#[test]
fn a_timeout_that_never_takes_effect_is_named() {
    let options = "start_to_close_timeout = '30s'\nschedule_to_start_timeout = '1m'\n\
                   schedule_to_close_timeout = '20s'\n[retry_policy]\nmaximum_attempts = 1\n";
    let folder = folder_with(&[("short.toml", options)]);
    let ran = folder.run(&["check", "--format", "json", "short.toml"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    assert_eq!(value["uncovered"], json!([{ "file": "short.toml", "timeout": "StartToClose" }]));
    assert_eq!(value["activities"][0]["attempts"], json!(1));
    assert_eq!(value["left_out"], json!([]), "there is no retry that could be delayed");
}

#[test]
fn an_execution_that_can_stay_open_for_ever_says_how() {
    let folder = folder_with(&[("open.toml", "start_to_close_timeout = '30s'\n")]);
    let ran = folder.run(&["check", "--format", "json", "open.toml"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    let activity = &value["activities"][0];
    assert_eq!(activity["can_stay_open"], json!(["waiting", "retrying"]));
    assert_eq!(activity["attempts"], json!(null));
    let ran = folder.run(&["check", "open.toml"]);
    assert!(ran.accepted().contains("without end"), "{}", ran.stdout);
    assert!(ran.stdout.contains("for ever, while no worker polls, or while"), "{}", ran.stdout);
}

#[test]
fn attempts_that_are_alike_are_explored_as_one_and_counted_all_the_same() {
    let options = "start_to_close_timeout = '1s'\nschedule_to_start_timeout = '1s'\n\
                   [retry_policy]\nmaximum_attempts = 1000000\n";
    let folder = folder_with(&[("many.toml", options)]);
    let ran = folder.run(&["check", "--format", "json", "many.toml"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    assert_eq!(value["activities"][0]["attempts"], json!(1_000_000));
    assert_eq!(value["activities"][0]["attempts_alike_from"], json!(8));
    let outcomes = value["outcomes"].as_array().unwrap();
    let last = "Failed (MaximumAttemptsReached)";
    let last = outcomes.iter().find(|it| it["outcome"] == json!(last)).unwrap();
    // Seven waits that double from a second on, then those of a hundred seconds.
    let waits = (1 + 2 + 4 + 8 + 16 + 32 + 64) * 1_000 + (1_000_000 - 8) * 100_000_i64;
    assert_eq!(last["earliest_milliseconds"], json!(waits));
    // Each attempt waits for a worker, and then runs, for just below a second, or times out.
    let attempts = 1_000_000 * 1_999 - 1;
    assert_eq!(last["latest_milliseconds"], json!(waits + attempts));
}

#[test]
fn activities_of_one_type_with_the_same_options_are_explored_once() {
    let event = |id| {
        json!({ "eventId": id, "activityTaskScheduledEventAttributes": {
            "activityId": id, "activityType": { "name": "charge" }, "startToCloseTimeout": "10s",
            "retryPolicy": {},
        } })
    };
    let history = json!({ "events": [event("5"), event("11")] }).to_string();
    let folder = folder_with(&[("history.json", &history)]);
    let ran = folder.run(&["check", "--format", "json", "history.json"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    assert_eq!(value["configurations"], json!(1));
    assert_eq!(value["activities"][0]["more_of_this_type"], json!(1));
    assert_eq!(value["activities"][0]["dialect"], json!("workflow"));
    assert_eq!(value["left_out"].as_array().map(Vec::len), Some(2), "{}", value["left_out"]);
}

#[test]
fn a_build_server_is_told_of_each_promise() {
    let folder = folder_with(&[("order.toml", ORDER)]);
    let ran = folder.run(&["check", "--format", "junit", "order.toml"]);
    let accepted = ran.accepted();
    assert!(accepted.contains("<testsuite name=\"order.toml\""), "{accepted}");
    assert!(accepted.contains("name=\"closed_is_final\""), "{accepted}");
    assert!(!accepted.contains("<failure"), "{accepted}");
}

/// The output without what differs from run to run.
fn without_seconds(text: &str) -> String {
    let end = text.rfind(" (").unwrap();
    text[..end].to_owned()
}

#[test]
fn a_file_that_cannot_be_used_is_refused() {
    let ran = activity(&["check", "no-such-file.toml"]);
    assert!(ran.refused().contains("there is no such file"), "{}", ran.stderr);
}
