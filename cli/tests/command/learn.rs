//! `activity learn`: what it says and draws, and how it ends.

use crate::support::{Ran, activity, folder_with, saying_of_itself};
use serde_json::Value;
use std::process::Command;

const SMALL: [&str; 3] = ["learn", "--configuration", "12"];

fn learn(arguments: &[&str]) -> Ran {
    activity(&[&SMALL, arguments].concat())
}

#[test]
fn the_core_is_learned_to_be_the_specification() {
    let ran = learn(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("learned 19 states (the specification has 19)"), "{}", ran.stdout);
    assert!(ran.stdout.trim_end().ends_with("is the specification"), "{}", ran.stdout);
}

#[test]
fn a_wrong_rule_is_told_and_drawn_where_it_differs() {
    let wrong = ["--mutant", "loses_the_result", "--budget", "3000"];
    let ran = learn(&wrong);
    assert_eq!(ran.code, 1);
    let row = "the start  complete by id  outcome: Completed: new";
    assert!(ran.stdout.contains(row), "{}", ran.stdout);
    let json = learn(&[&wrong[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(json["differences"][0]["sequence"], serde_json::json!(["complete by id"]));
    assert_eq!(json["differences"][0]["parts"][0]["part"], "outcome");
    let states = json["machine"]["states"].as_array().map(Vec::len);
    assert_eq!(states, json["states"].as_u64().and_then(|it| usize::try_from(it).ok()));
    let dot = learn(&[&wrong[..], &["--format", "dot"]].concat());
    assert!(dot.stdout.starts_with("digraph difference {"), "{}", dot.stdout);
    assert!(dot.stdout.contains("label=\"complete by id\\n→ outcome: "), "{}", dot.stdout);
    let mermaid = learn(&[&wrong[..], &["--format", "mermaid"]].concat());
    assert!(mermaid.stdout.contains("s0_0 --> specified2 : complete by id"), "{}", mermaid.stdout);
}

#[test]
fn a_budget_that_is_spent_is_no_agreement_and_no_difference() {
    for budget in ["1", "100", "2500"] {
        let ran = learn(&["--budget", budget]);
        assert_eq!(ran.code, 3, "{}", ran.stdout);
        assert!(ran.stdout.contains("The budget of queries is spent"), "{}", ran.stdout);
        assert!(ran.stdout.trim_end().ends_with("no difference is known so far"), "{}", ran.stdout);
    }
}

#[test]
fn whoever_is_not_there_cannot_be_learned() {
    let ran = learn(&["--mutant", "sleeps"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no mutant `sleeps`"), "{}", ran.stderr);
    assert_eq!(learn(&["--configuration", "41"]).code, 2);
}

const SERVICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../harness/services/service.py");

fn python_is_there() -> bool {
    let is_there = Command::new("python3").arg("--version").output().is_ok();
    if !is_there {
        println!("LEFT OUT: python3 is not there, and what is tested with it is not tested");
    }
    is_there
}

#[test]
fn a_service_in_another_language_is_learned_as_well() {
    if !python_is_there() {
        return;
    }
    let ran = learn(&["--budget", "4000", "--", "python3", SERVICE]);
    assert_ne!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("learned 17 states (the specification has 17)"), "{}", ran.stdout);
    let ran = learn(&["--", "true"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("the handshake"), "{}", ran.stderr);
}

#[test]
fn the_configuration_in_which_a_difference_shows_is_found_and_drawn() {
    if !python_is_there() {
        return;
    }
    let bug = ["--", "env", "BUG=forgets_details", "python3", SERVICE];
    let learn = |format: &str| {
        let asked = ["learn", "--configuration", "12,20", "--budget", "6000", "--format", format];
        let ran = activity(&[&asked, &bug[..]].concat());
        assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
        ran.stdout
    };
    let json: Value = serde_json::from_str(&learn("json")).expect("it is JSON");
    assert_eq!(
        (json["number"].as_u64(), json["without_a_difference"][0].as_u64()),
        (Some(20), Some(12))
    );
    assert_eq!(json["differences"][0]["input"], "tick");
    let part = &json["differences"][0]["parts"][0];
    let told = ["part", "specified", "found"].map(|key| part[key].as_str().unwrap_or_default());
    assert_eq!(told, ["heartbeat details", "known", "nothing"]);
    let text = learn("human");
    assert!(text.contains("none in number 12\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100));
    let svg = learn("svg");
    for (class, said) in [
        ("label way", ">fail with details<"),
        ("label specified", "heartbeat details: known<"),
        ("label found", "heartbeat details: nothing<"),
        ("small specified", "only in the specification<"),
        ("small found", "only in the system<"),
        ("quiet small", "left out: "),
    ] {
        let is_it =
            |line: &str| line.contains(&format!("class=\"{class}\"")) && line.contains(said);
        assert!(svg.lines().any(is_it), "{class} {said} is not in {svg}");
    }
    assert!(svg.contains("prefers-color-scheme:dark"));
}

#[test]
fn where_nothing_differs_each_configuration_that_was_tried_is_named() {
    let ran = activity(&["learn", "--configuration", "12,14,17"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let said = "no edge and no walk shows a difference in it, nor in numbers 14 and 17";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
}

#[test]
fn it_is_seen_as_it_shows_itself_in_the_first_configurations_that_suit_it() {
    if !python_is_there() {
        return;
    }
    let says = r#""observes": "outcome", "can": ["standalone", "tokens", "maximumAttempts"]"#;
    let folder = folder_with(&[("less.py", saying_of_itself(says))]);
    let asked = ["learn", "--budget", "3000", "--format", "json", "--", "python3", "less.py"];
    let ran = folder.run(&[&asked[..], &[SERVICE]].concat());
    assert!([0, 3].contains(&ran.code), "{}{}", ran.stdout, ran.stderr);
    let json: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    assert_eq!(json["observes"], "outcome");
    let tried = json["without_a_difference"].as_array().expect("they are listed");
    let beyond = tried.iter().any(|number| number.as_u64() > Some(11));
    assert!(beyond, "one beyond the first eleven suits as well: {tried:?}");
    let unsuited = &json["unsuited"];
    assert!(unsuited.as_array().is_some_and(|all| all.contains(&3.into())), "{json}");
    let more = ["learn", "--seen", "describe", "--", "python3", "less.py", SERVICE];
    assert!(folder.run(&more).refused().contains("take --seen outcome"));
}
