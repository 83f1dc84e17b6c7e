//! `activity learn`: what it says and draws, and how it ends.

use crate::support::{Ran, activity};
use serde_json::Value;

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
    assert!(ran.stdout.contains("\n  complete by id\n    outcome: specified"), "{}", ran.stdout);
    let json = learn(&[&wrong[..], &["--format", "json"]].concat());
    let json: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(json["differences"][0]["sequence"], serde_json::json!(["complete by id"]));
    assert_eq!(json["differences"][0]["parts"][0]["part"], "outcome");
    let states = json["machine"]["states"].as_array().map(Vec::len);
    assert_eq!(states, json["states"].as_u64().and_then(|it| usize::try_from(it).ok()));
    let dot = learn(&[&wrong[..], &["--format", "dot"]].concat());
    assert!(dot.stdout.starts_with("digraph difference {"), "{}", dot.stdout);
    assert!(dot.stdout.contains("found0 [label=\"found:\\noutcome: "), "{}", dot.stdout);
    let mermaid = learn(&[&wrong[..], &["--format", "mermaid"]].concat());
    assert!(mermaid.stdout.contains("s0 --> specified0 : complete by id"), "{}", mermaid.stdout);
}

#[test]
fn a_budget_that_is_spent_is_no_agreement() {
    let ran = learn(&["--budget", "100"]);
    assert_eq!(ran.code, 1, "a machine that is too small differs: {}", ran.stdout);
    assert!(ran.stdout.contains("The budget of queries is spent"), "{}", ran.stdout);
    let ran = learn(&["--budget", "2500"]);
    assert_eq!(ran.code, 3, "{}", ran.stdout);
    assert!(ran.stdout.trim_end().ends_with("no difference is known so far"), "{}", ran.stdout);
}

#[test]
fn whoever_is_not_there_cannot_be_learned() {
    let ran = learn(&["--mutant", "sleeps"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no mutant `sleeps`"), "{}", ran.stderr);
    assert_eq!(learn(&["--configuration", "41"]).code, 2);
}

#[test]
fn a_service_in_another_language_is_learned_as_well() {
    let service = concat!(env!("CARGO_MANIFEST_DIR"), "/../harness/services/service.py");
    let program = ["--budget", "2500", "--", "python3", service];
    let ran = learn(&program);
    assert_ne!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("learned 19 states (the specification has 19)"), "{}", ran.stdout);
    let ran = learn(&["--", "true"]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("the service"), "{}", ran.stderr);
}
