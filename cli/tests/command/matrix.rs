//! The kill matrix that the documentation has: it is of the bugs that there are, every bug is killed,
//! and each sequence shows its bug.

use crate::support::activity;
use activity::check::{ELSEWHERE, Place};
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
    assert!(rows.len() >= 220);
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

/// What the public lists name: bugs of servers, of workers and callers, of peers, and the recorded
/// cases; commits where there is no issue.
const LISTED: &[&str] = &[
    "temporal#6545",
    "temporal#8720",
    "temporal#8723",
    "temporal#9901",
    "temporal#9354",
    "temporal#10135",
    "temporal#11225",
    "temporal#11666",
    "temporal#8509",
    "temporal#8470",
    "temporal#9015",
    "temporal#771",
    "temporal#8593",
    "temporal#11249",
    "temporal#11250",
    "temporal#11152",
    "temporal#11363",
    "temporal#11234",
    "temporal#11344",
    "temporal#3667",
    "temporal#9132",
    "temporal#11137",
    "temporal#9251",
    "temporal#7957",
    "temporal#10232",
    "temporal#1071",
    "temporal#8376",
    "temporal#11214",
    "sdk-rust#1188",
    "sdk-rust#441",
    "sdk-rust#575",
    "sdk-rust#266",
    "sdk-rust#289",
    "sdk-rust#148",
    "sdk-rust#652",
    "sdk-rust#788",
    "sdk-java#1261",
    "sdk-java#2254",
    "sdk-go#521",
    "temporal#459",
    "temporal#11402",
    "8d659fd14d",
    "76beb85a07",
    "8d4d81c830",
    "36ea8889df",
    "6f6592bac9",
    "4786a75650",
    "863c1f821b",
    "12458dca34",
    "69449f6430",
    "3266a7deb9",
    "25393526f3",
    "3c73945cf9",
    "c21ab1623d",
    "0088c80e91",
    "248fb2e3cc",
    "c67946bbcb",
    "52efaf51d1",
    "81a6759b60",
    "e82837d1b0",
    "17dc058a3b",
    "1039160f0f",
    "d7358d24f3",
    "0e8cb426ec",
    "955948007c",
    "026200f953",
    "a001b4697b",
    "f8bbf7c780",
    "05167abf67",
    "7fc5c02b1c",
    "11097",
    "10913",
    "10920",
    "11016",
    "abeeabd4a4",
    "76f806b7b8",
    "f667755b7b",
    "3491846fe3",
    "11e54a1b9a",
    "0ded458f73",
    "a5ea2aae30",
    "fc70bd97f5",
    "392f51b171",
    "079e85c479",
    "ffaf828f09",
    "81535bfb50",
    "9002e943b0",
    "7b15d6c2f5",
    "00afd19c94",
    "sdk-rust#1537",
    "sdk-rust#1249",
    "sdk-python#1813",
    "Rust core 0.10.1",
    "Rust core of May 2026",
    "cadence#1219",
    "hatchet#1377",
    "temporal#1139",
    "I06",
    "river#1288",
    "hatchet#804",
    "hatchet#724",
    "asynq#751",
    "hexpm#1825",
    "celery#5935",
    "kombu#337",
    "restate#5374",
];

#[test]
fn each_historical_bug_has_a_row_or_a_reason() {
    let matrix = matrix();
    let sources = bugs(&matrix).iter().filter_map(|bug| bug["source"].as_str());
    let all = sources.chain(ELSEWHERE.iter().map(|(source, ..)| *source)).collect::<Vec<_>>();
    for listed in LISTED {
        assert!(all.iter().any(|source| source.contains(listed)), "{listed} is nowhere");
    }
    let rows: BTreeSet<&str> = bugs(&matrix).iter().map(|bug| word(bug, "name")).collect();
    for (source, _, place) in ELSEWHERE {
        if let Place::As(row) = place {
            assert!(rows.contains(row), "{source} is said to show as {row}, which is no row");
        }
    }
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
