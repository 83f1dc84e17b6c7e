//! Every scenario below `tests/scenarios` is played on its machines, and ends as written.
//! `UPDATE=1 cargo test --test scenarios` rewrites what stands below `----`.

use activity_models::mutants::{Mutant, PlayedRule, of_played};
use activity_models::scenario::{Core, Effort, Script, run_on};
use activity_models::story::{Mode, check};
use activity_models::system::transcribe;
use std::path::Path;
use std::{env, fs};

/// Plays the text of a scenario and gives its transcript.
type Player = fn(&str) -> Result<String, String>;

/// Whose verbs the scenarios of each folder are written in.
const FOLDERS: [(&str, Player); 2] =
    [("execution", of_execution), ("system", |text| transcribe(text).map_err(said))];

#[test]
fn every_scenario_ends_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mode = if env::var_os("UPDATE").is_some() { Mode::Update } else { Mode::Compare };
    for (name, player) in FOLDERS {
        let (played, complaints) = check(&root.join(name), mode, player).expect(name);
        assert!(played > 0, "{name} has no scenario");
        assert!(complaints.is_empty(), "{}", complaints.join("\n\n"));
    }
    let folders = fs::read_dir(root).expect("tests/scenarios can be read").count();
    assert_eq!(folders, FOLDERS.len(), "a folder has no player");
}

/// Played on the core and on the specification, with everything tried at every step besides.
fn of_execution(text: &str) -> Result<String, String> {
    let script: Script = text.parse().map_err(said)?;
    let transcript = run_on(&script, Effort::Probes, Core::create);
    if !transcript.violations.is_empty() {
        return Err(transcript.report());
    }
    Ok(transcript.to_string())
}

/// What the scripts themselves reach, without anything that is tried besides.
#[test]
fn every_mutant_of_an_execution_is_noticed_by_a_scenario() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/execution");
    let scripts: Vec<Script> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| fs::read_to_string(entry.expect("an entry can be read").path()))
        .map(|text| text.expect("a scenario is text").parse().expect("it was played"))
        .collect();
    let is_noticed = |mutant: &Mutant<PlayedRule>| {
        let create = |terms: &_, now, request_id| mutant.create(terms, now, request_id);
        let plays = |script| run_on(script, Effort::Steps, create);
        scripts.iter().any(|script| !plays(script).violations.is_empty())
    };
    let unnoticed: Vec<&str> =
        of_played().iter().filter(|mutant| !is_noticed(mutant)).map(|mutant| mutant.name).collect();
    assert!(unnoticed.is_empty(), "no scenario notices {unnoticed:?}");
}

fn said(error: impl ToString) -> String {
    error.to_string()
}

/// What is wrong, where, and what to do.
#[test]
fn mistakes_are_explained() {
    let of_execution = [
        "# No options.",
        "0s  Wait",
        "options: heartbeat 20s, start_to_close 10s",
        "options: hartbeat 20s",
        "options: start_to_close 10s heartbeat 2s",
        "options: dialect workflows",
        "options: start_to_close 10s\n0s  Pol worker-a",
        "options: start_to_close 10s\n0s  Wait\noptions: heartbeat 2s",
        "options: start_to_close 10s\n2s  Wait\n1s  Wait",
        "options: start_to_close 10s\n10  Wait",
        "options: start_to_close 10s\n0s  Heartbeat 1 \"no end",
        "options: start_to_close 10s\n0s  Heartbeat 1 a;b",
        "options: start_to_close 10s\n0s  RespondFailed 1 Transient detials \"x\"",
        "options: start_to_close 10s\n0s  RespondFailed 1 Timeout(Transient)",
        "options: start_to_close 10s\n0s  RespondFailed 1 Transient timed_out",
    ];
    let of_system = [
        "caller Schedule",
        "options: cancellation_type Nobody",
        "options: start_to_close 10s",
        "options: cancellation_type TryCancel, detached",
        "options: cancellation_type TryCancel\nworker-a Heartbeat",
        "options: detached\ncaller Shedule",
        "options: detached\ncaller Schedule\nworker-a Return \"nothing\"",
    ];
    let explain = |text: &str, error: String| format!("{text}\n----\n{error}\n\n");
    let mut told = String::new();
    for text in of_execution {
        told += &explain(text, text.parse::<Script>().map_err(said).expect_err(text));
    }
    for text in of_system {
        told += &explain(text, transcribe(text).map_err(said).expect_err(text));
    }
    insta::assert_snapshot!(told);
}
