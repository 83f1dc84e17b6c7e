//! The kill matrix that the documentation has: it is of the bugs that there are, every bug is killed,
//! and each sequence shows its bug.

use crate::support::activity;
use activity_harness::alphabet::{Capabilities, Input, Power};
use activity_harness::matrix::Checker;
use activity_harness::suite::graded;
use activity_harness::{Lockstep, Mark};
use activity_models::exploration::{CoreMachine, Machine};
use activity_models::mutants::{self, of_memory, of_service};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../harness").join(name)
}

fn document(name: &str) -> String {
    let path = path(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn matrix() -> Value {
    serde_json::from_str(&document("kill-matrix.json")).expect("the matrix is JSON")
}

fn bugs(matrix: &Value) -> &[Value] {
    matrix["bugs"].as_array().expect("it has bugs")
}

fn word<'a>(bug: &'a Value, key: &str) -> &'a str {
    bug[key].as_str().unwrap_or_else(|| panic!("{key} of {bug:#}"))
}

fn is_killed(bug: &Value, checkers: impl IntoIterator<Item = Checker>) -> bool {
    let killed = |checker: Checker| bug["killed_by"][checker.name()] == Value::Bool(true);
    checkers.into_iter().any(killed)
}

#[test]
fn the_matrix_has_a_row_for_every_wrong_rule_and_every_bug_is_killed() {
    let matrix = matrix();
    let rows: BTreeSet<&str> = bugs(&matrix).iter().map(|bug| word(bug, "name")).collect();
    let all = mutants::all();
    let known: BTreeSet<&str> = all.iter().map(|mutant| mutant.name).collect();
    let apart: Vec<_> = rows.symmetric_difference(&known).collect();
    assert!(apart.is_empty(), "{WRITE}: {apart:?}");
    assert_eq!(rows.len(), bugs(&matrix).len());
    assert!(rows.len() >= 70);
    for bug in bugs(&matrix) {
        assert!(is_killed(bug, Checker::ALL), "nothing kills {bug:#}");
        for checker in Checker::ALL {
            let cell = &bug["killed_by"][checker.name()];
            let reason = bug["not_applicable"].get(checker.name());
            assert_eq!(cell.is_null(), reason.is_some(), "{checker} of {bug:#}");
        }
        let mutant = all.iter().find(|it| it.name == word(bug, "name")).expect("it is there");
        assert_eq!(bug["source"].as_str(), mutant.reenacts, "{WRITE}");
    }
}

const WRITE: &str = "written with `activity check --matrix`, .ci/run says how";

#[test]
fn no_two_bugs_are_alike_and_ten_are_killed_only_by_what_is_long() {
    let matrix = matrix();
    let shown = |bug: &Value| {
        let of = ["killed_by", "configuration", "sequence", "shows"];
        of.map(|key| bug[key].to_string())
    };
    let distinct: BTreeSet<_> = bugs(&matrix).iter().map(shown).collect();
    assert_eq!(distinct.len(), bugs(&matrix).len());
    let long = [Checker::Complete1, Checker::Walks];
    let others = Checker::ALL.into_iter().filter(|checker| !long.contains(checker));
    let only_long = |bug: &&Value| is_killed(bug, long) && !is_killed(bug, others.clone());
    let count = bugs(&matrix).iter().filter(only_long).count();
    assert!(count >= 10, "{count}");
}

#[test]
fn the_document_is_written_from_the_matrix() {
    let written = activity::check::markdown(&matrix());
    if env::var_os("UPDATE").is_some() {
        fs::write(path("kill-matrix.md"), &written).expect("the document can be written");
    }
    assert_eq!(document("kill-matrix.md"), written, "UPDATE=1 writes it");
}

/// After how many inputs of the sequence of a row its machine differs.
fn differs_after<M: Machine<i64, Mark>>(machine: &M, bug: &Value) -> Option<usize> {
    let name = word(bug, "configuration");
    let configuration = graded().into_iter().find(|it| it.name == name).expect("it is in the list");
    let spelled = bug["sequence"].as_array().expect("it has a sequence").iter();
    let sequence = spelled.map(|it| it.as_str().and_then(Input::of_name).expect("it is an input"));
    let inputs = configuration.alphabet(Capabilities::all());
    let lockstep = Lockstep::new(machine, &configuration, &inputs, Power::Describe);
    let crashes = bug["crashes"] == Value::Bool(true);
    let lockstep = if crashes { lockstep.with_crashes() } else { lockstep };
    lockstep.differs_after(sequence)
}

#[test]
fn each_sequence_shows_its_bug_with_its_last_input() {
    let matrix = matrix();
    let mut played = 0;
    for bug in bugs(&matrix).iter().filter(|bug| bug["configuration"].is_string()) {
        let (name, length) = (word(bug, "name"), bug["sequence"].as_array().map(Vec::len));
        let service = of_service().into_iter().find(|mutant| mutant.name == name);
        let memory = of_memory().into_iter().find(|mutant| mutant.name == name);
        let found = match (service, memory) {
            (Some(mutant), _) => differs_after(&mutant.of(CoreMachine), bug),
            (None, Some(mutant)) => differs_after(&mutant.of(CoreMachine), bug),
            (None, None) => continue,
        };
        assert_eq!(found, length, "{name}");
        played += 1;
    }
    assert!(played >= 90, "{played}");
}

#[test]
fn one_bug_is_tried_alone() {
    let ran = activity(&["check", "--matrix", "hears_the_second_stale_completion_in_a_row"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let row =
        "| hears_the_second_stale_completion_in_a_row |  | - | - | . | . | . | x | x | . | . |";
    assert!(ran.stdout.contains(row), "{}", ran.stdout);
    assert!(ran.stdout.contains("\ncomplete the attempt before\n  expected: "), "{}", ran.stdout);
}

#[test]
fn a_bug_that_there_is_not_is_one_clear_error() {
    let ran = activity(&["check", "--matrix", "sleeps"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no mutant `sleeps`"), "{}", ran.stderr);
}
