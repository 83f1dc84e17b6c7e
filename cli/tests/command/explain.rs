//! `activity explain` as its users meet it.

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
    let ran = folder.run(&["explain", "--format", "json", "order.toml"]);
    let mut value: Value = serde_json::from_str(ran.accepted()).unwrap();
    value["seconds"].take();
    value["activities"][0]["seconds"].take();
    value["promises"].take();
    insta::assert_snapshot!("explored", format!("{value:#}"));
    let ran = folder.run(&["explain", "--all", "order.toml"]);
    insta::assert_snapshot!("explored-human", without_seconds(ran.accepted()));
}

#[test]
fn a_timeout_that_never_takes_effect_is_named() {
    let options = "start_to_close_timeout = '30s'\nschedule_to_start_timeout = '1m'\n\
                   schedule_to_close_timeout = '20s'\n[retry_policy]\nmaximum_attempts = 1\n";
    let folder = folder_with(&[("short.toml", options)]);
    let ran = folder.run(&["explain", "--format", "json", "short.toml"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    assert_eq!(value["uncovered"], json!([{ "file": "short.toml", "timeout": "StartToClose" }]));
    assert_eq!(value["activities"][0]["attempts"], json!(1));
    assert_eq!(value["left_out"], json!([]));
}

#[test]
fn an_execution_that_can_stay_open_for_ever_says_how() {
    let folder = folder_with(&[("open.toml", "start_to_close_timeout = '30s'\n")]);
    let ran = folder.run(&["explain", "--format", "json", "open.toml"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    let activity = &value["activities"][0];
    assert_eq!(activity["can_stay_open"], json!(["waiting", "retrying"]));
    assert_eq!(activity["attempts"], json!(null));
    let ran = folder.run(&["explain", "--all", "open.toml"]);
    assert!(ran.accepted().contains("without end"), "{}", ran.stdout);
    assert!(ran.stdout.contains("for ever, while no worker polls, or while"), "{}", ran.stdout);
}

#[test]
fn attempts_that_are_alike_are_explored_as_one_and_counted_all_the_same() {
    let options = "start_to_close_timeout = '1s'\nschedule_to_start_timeout = '1s'\n\
                   [retry_policy]\nmaximum_attempts = 1000000\n";
    let folder = folder_with(&[("many.toml", options)]);
    let ran = folder.run(&["explain", "--format", "json", "many.toml"]);
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
    let ran = folder.run(&["explain", "--format", "json", "history.json"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    assert_eq!(value["configurations"], json!(1));
    assert_eq!(value["activities"][0]["more_of_this_type"], json!(1));
    assert_eq!(value["activities"][0]["dialect"], json!("workflow"));
    assert_eq!(value["left_out"], json!([]));
    // Only a worker that asks for no interval lets a failure end an unlimited chain.
    let outcomes = value["outcomes"].as_array().unwrap();
    let timeout = outcomes.iter().find(|it| it["outcome"] == json!("Failed (Timeout)")).unwrap();
    assert_eq!(timeout["only_if_a_worker_asks_for_it"], json!(true));
}

#[test]
fn a_build_server_is_told_of_each_promise() {
    let folder = folder_with(&[("order.toml", ORDER)]);
    let ran = folder.run(&["explain", "--format", "junit", "order.toml"]);
    let accepted = ran.accepted();
    assert!(
        accepted.contains("<testsuite name=\"order.toml: a standalone activity\""),
        "{accepted}"
    );
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
    let ran = activity(&["explain", "no-such-file.toml"]);
    assert!(ran.refused().contains("there is no such file"), "{}", ran.stderr);
}

#[test]
fn a_check_of_a_file_is_refused_with_the_command_that_explains_it() {
    let folder = folder_with(&[("order.toml", ORDER)]);
    let ran = folder.run(&["check", "order.toml"]);
    assert!(ran.refused().contains("activity explain FILE"), "{}", ran.stderr);
}

#[test]
fn flags_say_what_a_file_can_say_and_stand_in_for_it() {
    let folder = folder_with(&[("order.toml", ORDER)]);
    let of = |arguments: &[&str]| {
        let ran = folder.run(&[&["explain", "--format", "json"], arguments].concat());
        let value: Value = serde_json::from_str(ran.accepted()).unwrap();
        value["activities"][0]["effective"].clone()
    };
    let flags = ["--start-to-close", "30s", "--schedule-to-close", "PT1H30M", "--heartbeat", "5s"];
    let attempts = ["--maximum-attempts", "5"];
    assert_eq!(of(&[&flags[..], &attempts].concat()), of(&["order.toml"]));
    let longer = of(&["order.toml", "--start-to-close", "40s", "--run-timeout", "1h"]);
    assert_eq!(longer["startToCloseTimeout"], json!(40_000));
    assert_eq!(longer["scheduleToCloseTimeout"], json!(3_600_000));
    assert_eq!(longer["heartbeatTimeout"], json!(5_000));
}

#[test]
fn a_command_line_that_says_nothing_or_nonsense_is_refused() {
    for (arguments, words) in [
        (&["explain"][..], "there is nothing to explain"),
        (&["explain", "--function-takes", "5s"], "there is nothing to explain"),
        (&["explain", "--heartbeat", "5s"], "neither start_to_close_timeout nor"),
        (&["explain", "--start-to-close", "30"], "has no unit"),
        (&["explain", "--start-to-close", "soon"], "not a duration"),
        (&["explain", "--start-to-close", "1s", "--maximum-attempts", "-1"], "negative"),
        (&["explain", "--start-to-close", "1s", "--backoff-coefficient", "0.5"], "0.5"),
        (&["explain", "--start-to-close", "1s", "--timeline", "nothing"], "no scenario `nothing`"),
        (&["explain", "--start-to-close", "1s", "--story", "missing.txt"], "no such file"),
        (&["explain", "--standalone", "--run-timeout", "1s"], "cannot be used with"),
    ] {
        let ran = activity(arguments);
        assert!(ran.refused().contains(words), "{arguments:?}: {}", ran.stderr);
    }
    let folder = folder_with(&[("story.txt", "fail after 2s\nexplode")]);
    let ran = folder.run(&["explain", "--start-to-close", "1s", "--story", "story.txt"]);
    assert!(ran.refused().contains("story.txt:2"), "{}", ran.stderr);
    assert!(ran.stderr.contains("`explode` becomes of no attempt"), "{}", ran.stderr);
}

/// What was not explored may happen still: nothing is said to be impossible, or the most.
#[test]
fn of_what_was_not_explored_nothing_is_said_to_be_impossible() {
    let said = ["explain", "--start-to-close", "10s", "--maximum-attempts", "3", "--all"];
    let claims = ["never retried", "never takes effect", "can start", "can never", "at most\n"];
    let cut_off = activity(&[&said[..], &["--time-limit", "0"]].concat());
    assert_eq!(cut_off.code, 3, "{}", cut_off.stderr);
    assert!(cut_off.stdout.contains("Not everything could be explored"), "{}", cut_off.stdout);
    for claim in claims {
        assert!(!cut_off.stdout.contains(claim), "{claim}: {}", cut_off.stdout);
    }
    let whole = activity(&said);
    assert!(whole.accepted().contains("3 at most can start"), "{}", whole.stdout);
}

#[test]
fn a_story_of_ones_own_is_played_told_and_drawn() {
    let folder = folder_with(&[("story.txt", "fail after 2s, fail after 2s, hang")]);
    let ran = folder.run(&[
        "explain",
        "--start-to-close",
        "10m",
        "--maximum-attempts",
        "3",
        "--story",
        "story.txt",
        "--timeline",
        "--svg",
        "story.svg",
    ]);
    let accepted = ran.accepted();
    let told = accepted.find("\nyour story: ").expect("it is told");
    let story = accepted[told..].lines().take(12).collect::<Vec<_>>().join("\n");
    let drawn = accepted.rfind("\nyour story\n").expect("it is drawn");
    insta::assert_snapshot!("story", format!("{story}\n{}", &accepted[drawn..]));
    assert!(folder.read("story.svg").starts_with("<svg "));
}

#[test]
fn a_terminal_of_ascii_gets_nothing_else() {
    let ran = activity(&["explain", "--start-to-close", "30s", "--ascii", "--timeline"]);
    assert!(ran.accepted().is_ascii(), "{}", ran.stdout);
}

/// A run of the core that would take three billion attempts is counted, and says so.
#[test]
fn millions_of_attempts_are_counted_to_the_end() {
    let ran = activity(&[
        "explain",
        "--format",
        "json",
        "--start-to-close",
        "1s",
        "--schedule-to-close",
        "36500d",
        "--schedule-to-start",
        "1s",
        "--maximum-attempts",
        "2000000000",
        "--maximum-interval",
        "1s",
    ]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    let scenarios = value["activities"][0]["scenarios"].as_array().unwrap();
    let fails = scenarios.iter().find(|it| it["id"] == json!("every_attempt_fails")).unwrap();
    assert_eq!(fails["attempts_started"], json!(2_000_000_000));
    assert_eq!(fails["over_at_milliseconds"], json!(1_999_999_999_000_i64));
    assert_eq!(fails["outcome"], json!("Failed (MaximumAttemptsReached)"));
}
