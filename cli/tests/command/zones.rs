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
    insta::assert_snapshot!("explored", ran.accepted());
    let ran = folder.run(&["check", "order.toml"]);
    assert!(ran.accepted().contains("  attempts            5 at most\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("everything was explored: 72 control states"), "{}", ran.stdout);
}

#[test]
fn a_timeout_that_never_takes_effect_is_named() {
    let options = "start_to_close_timeout = '30s'\nschedule_to_start_timeout = '1m'\n\
                   schedule_to_close_timeout = '20s'\n[retry_policy]\nmaximum_attempts = 1\n";
    let folder = folder_with(&[("short.toml", options)]);
    let ran = folder.run(&["check", "--format", "json", "short.toml"]);
    let value: Value = serde_json::from_str(ran.accepted()).unwrap();
    let explored = &value["files"][0]["activities"][0];
    assert_eq!(explored["timeoutsThatNeverTakeEffect"], json!(["StartToClose"]));
    assert_eq!(explored["attempts"], json!(1));
}

#[test]
fn attempts_that_nothing_bounds_have_no_end() {
    let folder = folder_with(&[("open.toml", "start_to_close_timeout = '30s'\n")]);
    let ran = folder.run(&["check", "open.toml"]);
    assert!(ran.accepted().contains("  attempts            without end\n"), "{}", ran.stdout);
}

#[test]
fn a_file_that_cannot_be_used_is_refused() {
    let ran = activity(&["check", "no-such-file.toml"]);
    assert!(ran.refused().contains("there is no such file"), "{}", ran.stderr);
}
