//! Every scenario below `tests/scenarios` is played on its machines, and ends as written.
//! `UPDATE=1 cargo test --test scenarios` rewrites what stands below `----`.

use activity_models::scenario::{Core, Effort, Script, run_on};
use activity_models::story::{Mode, check};
use activity_models::system::{play, transcribe};
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
    let transcript = run_on::<Core>(&script, Effort::Probes);
    if !transcript.violations.is_empty() {
        return Err(transcript.report());
    }
    Ok(transcript.to_string())
}

fn said(error: impl ToString) -> String {
    error.to_string()
}

#[test]
fn a_scenario_of_the_system_that_cannot_be_says_what_can() {
    let explained = |text: &str| play(text).expect_err(text).to_string();
    let early = "# Too early.\noptions: cancellation_type TryCancel\nworker-a Heartbeat\n";
    assert_eq!(
        explained(early),
        "line 3: this cannot happen now\n  3 | worker-a Heartbeat\n    | ^^^^^^^^^^^^^^^^^^\n  \
         help: what can happen: caller Cancel, caller Close, caller Schedule, worker-a ShutDown, \
         worker-b ShutDown"
    );
    let typo = "options: detached\ncaller Shedule\n";
    assert!(explained(typo).ends_with("help: did you mean `caller Schedule`?"), "{typo}");
    let nobody = explained("options: cancellation_type Nobody\n");
    assert!(nobody.contains("`Nobody` is not a cancellation type"), "{nobody}");
    let alone = explained("options:\ncaller Schedule\n");
    assert!(alone.contains("no caller of the model has these options"), "{alone}");
    assert!(explained("caller Schedule\n").contains("options: cancellation_type TryCancel"));
}
