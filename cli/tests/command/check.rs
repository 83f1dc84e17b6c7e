//! `activity check` and `activity diagram`: exit codes, formats, mutants.

use crate::support::{Ran, activity, folder_with};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

#[test]
fn a_configuration_is_checked_by_both_explorers() {
    let ran = activity(&["check", "--start-to-close", "1", "--attempts", "2", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let checked = json(&ran);
    assert_eq!(checked["complete"], true);
    assert_eq!(checked["configurations"], 1);
    assert_eq!(checked["uncovered"], Value::Null, "one configuration cannot reach everything");
    let promises = checked["promises"].as_array().unwrap();
    assert!(promises.iter().all(|promise| promise["verdict"] == "holds"), "{promises:#?}");
    for system in checked["systems"].as_array().unwrap() {
        let [ours, peers] = [0, 1].map(|explorer| &system["explorers"][explorer]);
        assert_eq!(ours["unique_states"], peers["unique_states"]);
        assert_eq!(ours["transitions"], peers["transitions"]);
        assert!(ours["unique_states"].as_u64() > Some(10));
    }
}

/// Promises of one execution, of the whole system and of one's own options, and theorems: each is
/// reported by an object of the same shape.
#[test]
fn every_check_has_the_same_shape() {
    let folder = folder_with(&[("order.toml", "start_to_close_timeout = '30s'")]);
    let mut kinds = BTreeSet::new();
    let cut_off = ["check", "--quick", "--time-limit", "0", "--format", "json"];
    for arguments in [&cut_off[..], &["explain", "order.toml", "--format", "json"], &PROVE] {
        let value = json(&folder.run(arguments));
        let lists = [&value["promises"], &value["whole_system"]["properties"], &value["theorems"]];
        for check in lists.into_iter().filter_map(Value::as_array).flatten() {
            let keys: Vec<&str> = check.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["evidence", "kind", "name", "statement", "story", "verdict"]);
            assert!(check["statement"].as_str().is_some_and(|it| it.ends_with('.')), "{check:#}");
            let verdict = check["verdict"].as_str().unwrap();
            assert!(["holds", "undecided"].contains(&verdict), "{check:#}");
            kinds.insert(check["kind"].as_str().unwrap().to_owned());
        }
    }
    let all = ["count", "liveness", "promise", "refinement", "theorem", "witness"];
    assert_eq!(kinds, BTreeSet::from(all.map(str::to_owned)));
}

const PROVE: [&str; 4] = ["prove", "settled", "--format", "json"];

#[test]
fn a_check_without_time_is_incomplete_and_decides_nothing() {
    let ran = activity(&["check", "--time-limit", "0", "--format", "json"]);
    assert_eq!(ran.code, 3);
    let checked = json(&ran);
    assert_eq!(checked["complete"], false);
    let promises = checked["promises"].as_array().unwrap();
    assert!(promises.iter().all(|promise| promise["verdict"] == "undecided"), "{promises:#?}");
    let ran = activity(&["check", "--time-limit", "0"]);
    assert_eq!(ran.code, 3);
    assert!(ran.stdout.contains("incomplete"), "{}", ran.stdout);
}

#[test]
fn every_promise_is_a_test_case_for_a_build_server() {
    let ran = activity(&["check", "--start-to-close", "1", "--format", "junit"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains(r#"<testcase name="closed_is_final""#), "{}", ran.stdout);
    assert!(ran.stdout.contains(r#"failures="0""#));
}

#[test]
fn a_mutant_is_caught_and_its_shortest_run_is_drawn() {
    let mutant = ["check", "--quick", "--mutant", "retries_after_a_cancel_request"];
    let ran = activity(&mutant);
    assert_eq!(ran.code, 1);
    let (story, verdict) = ran.stdout.trim_end().rsplit_once('\n').unwrap();
    assert!(verdict.starts_with("caught; no run over 894 configurations is shorter than these 3"));
    insta::assert_snapshot!("check-mutant", story);

    let ran = activity(&[&mutant[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 1);
    let caught = json(&ran);
    let caught = &caught["mutants"][0];
    let broken = caught["evidence"]["breaks"].as_array().unwrap();
    assert!(broken.contains(&"a_cancel_request_stops_retries".into()), "{broken:?}");
    let events: Vec<_> =
        caught["story"]["steps"].as_array().unwrap().iter().map(|step| &step["event"]).collect();
    assert_eq!(events, ["Poll", "RequestCancel", "RespondFailed"]);

    let ran = activity(&[&mutant[..], &["--format", "junit"]].concat());
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains(r#"failures="1""#), "{}", ran.stdout);
}

#[test]
fn a_mutant_of_the_whole_system_is_drawn_with_a_lane_for_each_party() {
    let ran = activity(&[
        "check",
        "--mutant",
        "takes_an_abandoned_activity_that_fails_for_nondeterminism",
    ]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("   caller             service"), "{}", ran.stdout);
    assert!(ran.stdout.contains("history_is_never_refused"), "{}", ran.stdout);
    assert!(ran.stdout.contains("caught; no run is shorter than these 6 steps"));
}

#[test]
fn a_mutant_of_the_whole_system_is_told_to_programs_as_well() {
    let mutant = ["check", "--mutant", "takes_an_abandoned_activity_that_fails_for_nondeterminism"];
    let ran = activity(&[&mutant[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 1);
    let caught = json(&ran);
    let caught = &caught["mutants"][0];
    assert_eq!(caught["verdict"], "broken");
    assert_eq!(caught["evidence"]["breaks"][0], "history_is_never_refused");
    let steps = caught["story"]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 6);
    assert_eq!(steps[0]["said"]["caller"][0], "schedules");
    let ran = activity(&[&mutant[..], &["--format", "junit"]].concat());
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains(r#"failures="1""#), "{}", ran.stdout);
}

#[test]
fn a_counterexample_is_drawn_into_a_file() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for mutant in ["fires_late", "takes_an_abandoned_activity_that_fails_for_nondeterminism"] {
        let file = folder.join(mutant).with_extension("svg");
        let path = file.to_str().unwrap();
        let ran = activity(&["check", "--quick", "--mutant", mutant, "--svg", path]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        let picture = std::fs::read_to_string(&file).unwrap();
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"));
        assert!(picture.contains(mutant), "it says what it shows");
    }
    let nowhere = folder.join("missing").join("a.svg");
    let path = nowhere.to_str().unwrap();
    let ran = activity(&["check", "--quick", "--mutant", "fires_late", "--svg", path]);
    assert!(ran.refused().contains("cannot be written"), "{}", ran.stderr);
}

#[test]
fn a_configuration_is_checked_by_the_rules_of_a_workflow_too() {
    let one = ["check", "--schedule-to-close", "2", "--attempts", "2", "--format", "json"];
    let [standalone, workflow] = [&[][..], &["--workflow"]].map(|dialect| {
        let ran = activity(&[&one[..], dialect].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let checked = json(&ran);
        assert_eq!(checked["systems"].as_array().unwrap().len(), 2);
        checked["systems"][0].clone()
    });
    assert_eq!(standalone["dialect"], "standalone");
    assert_eq!(workflow["dialect"], "workflow");
    assert!(workflow["terminal_states"].as_u64() > standalone["terminal_states"].as_u64());
}

#[test]
fn a_mutant_is_found_in_whichever_table_it_stands() {
    let ran = activity(&["check", "--mutant", "fires_the_higher_key_first"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("what_is_due_fires_in_order"), "{}", ran.stdout);
    let svg = ["check", "--mutant", "fires_the_higher_key_first", "--svg", "wheel.svg"];
    assert!(activity(&svg).refused().contains("no picture"));
    let ran = activity(&["check", "--mutant", "loses_the_newest_event_in_a_crash"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("has no driver"), "{}", ran.stdout);
}

#[test]
fn mutants_are_listed_and_a_slip_of_the_pen_is_understood() {
    let ran = activity(&["check", "--mutant", "list"]);
    let names: Vec<&str> = ran.accepted().lines().collect();
    assert!(names.len() >= 15 && names.contains(&"fires_late"), "{names:?}");
    assert!(names.contains(&"strands_a_completion_at_the_shutdown"), "{names:?}");
    let ran = activity(&["check", "--mutant", "fires_lat"]);
    assert!(ran.refused().contains("did you mean fires_late?"), "{}", ran.stderr);
    let ran = activity(&["check", "--mutant", "zzz"]);
    assert!(ran.refused().contains("`--mutant list` names them all"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_explored_is_refused() {
    for (arguments, complaint) in [
        (&["--heartbeat", "3", "--start-to-close", "2"][..], "no server would leave these"),
        (&["--heartbeat", "0"], "0 is not in 1..=60"),
        (&["--quick", "--attempts", "2"], "cannot be used with"),
        (&["--serve", "nowhere"], "is no address"),
        (&["--svg", "a.svg"], "--mutant"),
        (&["--threads", "0"], "invalid value '0'"),
    ] {
        let ran = activity(&[&["check"], arguments].concat());
        assert!(ran.refused().contains(complaint), "{}", ran.stderr);
    }
}

#[test]
fn the_diagram_is_drawn_in_two_languages() {
    let ran = activity(&["diagram"]);
    assert!(ran.accepted().starts_with("stateDiagram-v2\n"));
    let ran = activity(&["diagram", "--format", "dot"]);
    assert!(ran.accepted().contains("Started -> CancelRequested [label=\"RequestCancel\"];"));
}

#[test]
fn the_readme_shows_the_diagram_that_is_drawn() {
    let readme = include_str!("../../../README.md");
    let ran = activity(&["diagram"]);
    assert!(readme.contains(ran.accepted().trim_end()), "draw it anew: {}", ran.stdout);
}
