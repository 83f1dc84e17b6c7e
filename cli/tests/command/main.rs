//! The command as its users meet it: arguments and files in, text and exit code out.

mod bad_input;
mod check;
mod conform;
mod explain;
mod histories;
mod history;
mod learn;
mod lint;
mod matrix;
mod odd_input;
mod prove;
mod questions;
mod replay;
mod support;

use serde_json::{Value, json};
use std::io::Write as _;
use support::{Ran, activity, folder_with};

#[test]
fn help_says_what_there_is_with_examples() {
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help-check", &["check", "--help"]),
        ("help-conform", &["conform", "--help"]),
        ("help-diagram", &["diagram", "--help"]),
        ("help-history", &["history", "--help"]),
        ("help-lint", &["lint", "--help"]),
        ("help-learn", &["learn", "--help"]),
        ("help-replay", &["replay", "--help"]),
        ("help-explain", &["explain", "--help"]),
        ("help-prove", &["prove", "--help"]),
    ] {
        let ran = activity(arguments);
        assert_eq!(ran.code, 0);
        insta::assert_snapshot!(name, ran.stdout);
    }
}

#[test]
fn the_version_is_the_packages() {
    let version = concat!("activity ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(activity(&["--version"]).stdout, version);
}

#[test]
fn arguments_that_do_not_exist_are_refused() {
    for arguments in [&[][..], &["reply"], &["replay", "--fast"], &["options"]] {
        let ran = activity(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains("Usage:"), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn options_are_shown_with_their_changes_and_waits() {
    let folder = folder_with(&[("order.toml", ORDER_TOML)]);
    let ran = folder.run(&["explain", "order.toml"]);
    insta::assert_snapshot!("explain-human", ran.accepted());
}

/// The activities of some files, without what differs from run to run.
fn explained(folder: &support::Folder, files: &[&str]) -> Vec<Value> {
    let ran = folder.run(&[&["explain", "--format", "json"], files].concat());
    let mut value: Value = serde_json::from_str(ran.accepted()).unwrap();
    let activities = value["activities"].as_array_mut().unwrap();
    for activity in &mut *activities {
        activity["seconds"].take();
    }
    activities.clone()
}

#[test]
fn toml_and_json_mean_the_same() {
    let folder = folder_with(&[("order.toml", ORDER_TOML), ("order.json", ORDER_JSON)]);
    let mut activities = explained(&folder, &["order.toml", "order.json"]);
    let kinds = [0, 1].map(|file| activities[file]["kind"].take());
    assert_eq!(kinds, [json!("toml"), json!("json")]);
    activities.iter_mut().for_each(|activity| drop(activity["file"].take()));
    assert_eq!(activities[0], activities[1]);
}

#[test]
fn what_a_file_is_is_told_from_its_content() {
    let folder = folder_with(&[("a", ORDER_TOML), ("b", ORDER_JSON), ("c", HISTORY)]);
    let activities = explained(&folder, &["a", "b", "c"]);
    let kinds = [0, 1, 2].map(|file| activities[file]["kind"].as_str().unwrap());
    assert_eq!(kinds, ["toml", "json", "history"]);
}

#[test]
fn every_activity_of_a_history_is_shown_in_old_spellings_too() {
    let folder = folder_with(&[("history.json", HISTORY)]);
    let ran = folder.run(&["explain", "history.json"]);
    insta::assert_snapshot!("explain-history", ran.accepted());
}

#[test]
fn a_history_is_found_in_every_envelope() {
    let history: Value = serde_json::from_str(HISTORY).unwrap();
    let events = history["events"].clone();
    for envelope in [
        json!({"history": {"events": events}}),
        json!({"name": "w", "history": events}),
        json!([{"events": events}]),
        events,
    ] {
        let folder = folder_with(&[("history.json", &envelope.to_string())]);
        let activities = explained(&folder, &["history.json"]);
        let more = activities.iter().map(|it| 1 + it["more_of_this_type"].as_u64().unwrap());
        assert_eq!(more.sum::<u64>(), 3, "{envelope}");
    }
}

#[test]
fn a_history_without_activities_is_no_fault() {
    let folder = folder_with(&[("history.json", r#"{"events": []}"#)]);
    let ran = folder.run(&["explain", "history.json"]);
    assert_eq!(ran.accepted(), "history.json: no activity is scheduled\n\n");
}

#[test]
fn a_history_in_protobuf_is_read_as_one_in_json() {
    let field = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).unwrap();
        [&[tag << 3 | 2, length], content].concat()
    };
    let seconds = |seconds: u8| [0x08, seconds];
    let half_a_second = [0x10, 0x80, 0xca, 0xb5, 0xee, 0x01];
    let retry_policy = [
        field(1, &[&seconds(2)[..], &half_a_second].concat()),
        [&[0x11], &1.5_f64.to_le_bytes()[..]].concat(),
        field(3, &seconds(9)),
        vec![0x20, 7],
        field(5, b"Fatal"),
        field(5, b"Bad"),
    ];
    let scheduled = [
        field(1, b"a"),
        field(2, &field(1, b"T")),
        field(7, &seconds(40)),
        field(8, &seconds(30)),
        field(9, &seconds(20)),
        field(10, &seconds(10)),
        field(12, &retry_policy.concat()),
    ];
    let event = [vec![0x08, 7], field(15, &scheduled.concat())].concat();
    let json = r#"[{"eventId": "7", "activityTaskScheduledEventAttributes": {
        "activityId": "a", "activityType": {"name": "T"}, "scheduleToCloseTimeout": "40s",
        "scheduleToStartTimeout": "30s", "startToCloseTimeout": "20s", "heartbeatTimeout": "10s",
        "retryPolicy": {"initialInterval": "2.5s", "backoffCoefficient": 1.5,
            "maximumInterval": "9s", "maximumAttempts": 7,
            "nonRetryableErrorTypes": ["Fatal", "Bad"]}}}]"#;
    let protobuf = field(1, &event);
    let folder = folder_with(&[("history.json", json.as_bytes()), ("history.bin", &protobuf)]);
    let shown = |file: &str| folder.run(&["explain", file]).accepted().replace(file, "FILE");
    assert!(shown("history.json").contains("2s 500ms"), "{}", shown("history.json"));
    assert_eq!(shown("history.bin"), shown("history.json"));
}

#[test]
fn a_coefficient_that_is_not_finite_is_refused_in_protobuf_too() {
    let field = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).unwrap();
        [&[tag << 3 | 2, length], content].concat()
    };
    for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let retry_policy = [&[0x11], &wrong.to_le_bytes()[..]].concat();
        let scheduled = [field(1, b"a"), field(9, &[0x08, 20]), field(12, &retry_policy)];
        let event = [vec![0x08, 7], field(15, &scheduled.concat())].concat();
        let folder = folder_with(&[("history.bin", &field(1, &event))]);
        let ran = folder.run(&["explain", "history.bin"]);
        assert!(ran.refused().contains("not a finite number"), "{}", ran.stderr);
    }
}

#[test]
fn each_recorded_history_beside_the_repository_has_a_verdict() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/histories");
    let Ok(folders) = std::fs::read_dir(root) else {
        // Past the harness, which keeps what a test prints.
        let _ = writeln!(std::io::stderr(), "NOT RUN: {root} is absent");
        return;
    };
    let (mut shown, mut refused) = (0, 0);
    for folder in folders.map(|folder| folder.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let ran = activity(&["explain", path.to_str().unwrap()]);
            match ran.code {
                0 => shown += 1,
                _ => {
                    refused += 1;
                    let error = ran.refused();
                    assert!(error.contains("neither start_to_close_timeout nor"), "{error}");
                }
            }
        }
    }
    assert_eq!((shown, refused), (59, 1));
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let coloured = |arguments: &[&str]| activity(arguments).stdout.contains('\u{1b}');
    assert!(!coloured(&["replay"]), "this is no terminal");
    assert!(!coloured(&["replay", "--color", "never"]));
    assert!(coloured(&["replay", "--color", "always"]));
    assert!(!coloured(&["--help"]));
    assert!(coloured(&["--help", "--color=always"]));
    assert!(coloured(&["replay", "--color", "always", "--help"]));
}

#[test]
fn whoever_closes_the_pipe_early_has_seen_enough() {
    let Ran { code, stderr, .. } = support::activity_into_a_closed_pipe(&["replay"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
}

const ORDER_TOML: &str = r#"
schedule_to_close_timeout = "10m"
start_to_close_timeout = "30s"
heartbeat_timeout = "1m 30s"
start_delay = "5s"

[retry_policy]
initial_interval = "1s 500ms"
maximum_interval = "1m"
non_retryable_error_types = ["CardDeclined"]
"#;

const ORDER_JSON: &str = r#"{
  "scheduleToCloseTimeout": "600s",
  "startToCloseTimeout": "30s",
  "heartbeatTimeout": "90s",
  "startDelay": "5s",
  "retryPolicy": {
    "initialInterval": "1.500s",
    "maximumInterval": "60s",
    "nonRetryableErrorTypes": ["CardDeclined"]
  }
}"#;

/// Of a present server twice, with one field in snake case, and of one before Temporal 1.0.
const HISTORY: &str = r#"{"events": [
  {"eventId": "1", "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"},
  {"eventId": "5", "activityTaskScheduledEventAttributes": {
    "activityId": "5", "activityType": {"name": "Charge"}, "startToCloseTimeout": "10s",
    "scheduleToCloseTimeout": "60s", "scheduleToStartTimeout": "60s", "heartbeatTimeout": "0s",
    "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2, "maximumInterval": "100s",
      "maximumAttempts": 4}}},
  {"event_id": "6", "activity_task_scheduled_event_attributes": {
    "activity_id": "6", "activity_type": {"name": "Charge"}, "start_to_close_timeout": "10s",
    "schedule_to_close_timeout": "60s", "schedule_to_start_timeout": "60s",
    "retry_policy": {"initial_interval": "1s", "backoff_coefficient": 2,
      "maximum_interval": "100s", "maximum_attempts": 4}}},
  {"eventId": 9, "activityTaskScheduledEventAttributes": {
    "activityId": "9", "activityType": {"name": "Ship"}, "scheduleToCloseTimeoutSeconds": 3600,
    "scheduleToStartTimeoutSeconds": 60, "startToCloseTimeoutSeconds": 60,
    "heartbeatTimeoutSeconds": 20}}
]}"#;
