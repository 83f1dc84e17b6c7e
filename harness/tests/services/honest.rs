//! The services that come with the harness, honest and with what is planted in them.

use super::{is_there, program, service};
use activity_harness::block_on;
use activity_harness::process::{Process, Program};
use activity_harness::report::timeline;
use activity_harness::run::{
    Conformed, Fault, Plan, Replay, SuiteName, Unwatched, conform, replayed,
};
use activity_harness::suite::graded;
use std::path::Path;
use std::process::Command;

/// The service in Python, with this wrong rule, if any.
pub(super) fn python(bug: &str) -> Option<Program> {
    let path = service("service.py").display().to_string();
    let bug = format!("BUG={bug}");
    is_there("python3", "--version").then(|| program(&["env", &bug, "python3", &path]))
}

/// The service in Go, compiled, with this wrong rule, if any.
pub(super) fn go(bug: &str) -> Option<Program> {
    if !is_there("go", "version") {
        return None;
    }
    let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("service-{bug}"));
    let mut compile = Command::new("go");
    compile.arg("build").arg("-o").arg(&built).arg(service("service.go"));
    assert!(compile.status().expect("go was tried before").success(), "the service compiles");
    let bug = format!("BUG={bug}");
    Some(program(&["env", &bug, &built.display().to_string()]))
}

/// What comes of a service in so many of the configurations that suit it.
fn held(program: Program, suites: &[SuiteName], most_configurations: usize) -> Conformed {
    let plan = Plan { most_configurations, suites: suites.to_vec(), ..Plan::default() };
    let mut process = Process::start(program).unwrap_or_else(|broken| panic!("{broken}"));
    block_on(conform(&mut process, &plan, &[], &Unwatched))
        .unwrap_or_else(|broken| panic!("{broken}"))
}

/// It passes in so many configurations and at least so many sequences.
fn passes(program: Program, configurations: usize, at_least: usize) {
    let suites = [
        SuiteName::Edges,
        SuiteName::Assumptions,
        SuiteName::Random,
        SuiteName::Faults(Fault::Duplicates),
        SuiteName::Faults(Fault::LostReplies),
        SuiteName::Faults(Fault::Reordered),
    ];
    let conformed = held(program, &suites, configurations);
    if let Some(found) = &conformed.found {
        panic!("{}", timeline(&found.finding));
    }
    assert!(conformed.assumption.is_none(), "{:?}", conformed.assumption);
    let sequences: usize = conformed.parts.iter().map(|part| part.played.sequences).sum();
    assert!(sequences > at_least, "{sequences} sequences");
}

/// The promise that a wrong rule breaks is named, in so many steps at most, and differs again when
/// it is read from a file.
fn is_found(program: Program, promise: &str, steps: usize) {
    let conformed = held(program.clone(), &[SuiteName::Edges], 11);
    let found = conformed.found.expect("what is planted is found");
    let broken = &found.finding.difference.broken;
    assert!(broken.iter().any(|it| it.name == promise), "{broken:?}");
    assert!(found.finding.job.sequence.len() <= steps, "{:?}", found.finding.job.sequence);
    let drawn = timeline(&found.finding).to_string();
    assert!(drawn.lines().count() <= 40, "{drawn}");
    assert!(drawn.lines().all(|line| line.chars().count() <= 100), "{drawn}");
    let written = serde_json::to_string(&Replay::of(&found, &conformed.manifest)).expect("JSON");
    let replay = Replay::read(&written).expect("what was written can be read");
    let mut process = Process::start(program).expect("it started before");
    let again = block_on(replayed(&mut process, &replay, &Unwatched)).expect("it is answered");
    let again = again.found.expect("it differs again");
    assert_eq!(again.finding.difference, found.finding.difference);
}

#[test]
fn the_service_in_python_passes() {
    python("").into_iter().for_each(|program| passes(program, 6, 20_000));
}

#[test]
fn the_service_in_go_passes() {
    go("").into_iter().for_each(|program| passes(program, 11, 3_000));
}

#[test]
fn the_service_in_python_survives_crashes_and_forgets_without_its_folder() {
    let Some(program) = python("") else { return };
    let plan = Plan {
        configurations: graded()[1..2].to_vec(),
        suites: vec![SuiteName::Faults(Fault::Crash)],
        ..Plan::default()
    };
    let mut process = Process::start(program).expect("it starts");
    let conformed = block_on(conform(&mut process, &plan, &[], &Unwatched)).expect("it answers");
    assert!(conformed.found.is_none() && conformed.assumption.is_none(), "{conformed:?}");
    assert_eq!(conformed.parts[0].played.sequences, conformed.parts[0].sequences);
    // The same service, which finds nothing in the folder that it is given after a crash.
    let path = service("service.py").display().to_string();
    let forgetful = program_without_state(&path);
    let mut process = Process::start(forgetful).expect("it starts");
    let conformed = block_on(conform(&mut process, &plan, &[], &Unwatched));
    let broken = conformed.expect_err("nobody knows the activity any more");
    assert!(broken.at.is_some(), "{broken}");
}

fn program_without_state(path: &str) -> Program {
    program(&["env", "-u", "ACTIVITY_STATE", "python3", path])
}

#[test]
fn what_is_planted_in_python_is_found() {
    let planted = [
        ("stale_token", "a_stale_token_changes_nothing", 5),
        ("forgets_details", "heartbeat_details_survive_attempts", 7),
    ];
    for (bug, promise, steps) in planted {
        python(bug).into_iter().for_each(|program| is_found(program, promise, steps));
    }
}

#[test]
fn what_is_planted_in_go_is_found() {
    let planted = [
        ("gives_twice", "a_repeated_poll_starts_nothing_new", 7),
        ("retries_at_the_deadline", "a_timeout_ends_what_it_bounds", 5),
    ];
    for (bug, promise, steps) in planted {
        go(bug).into_iter().for_each(|program| is_found(program, promise, steps));
    }
}

#[test]
fn the_queue_in_javascript_is_complete_in_all_configurations_that_suit_it() {
    if !is_there("node", "--version") {
        return;
    }
    let queue = program(&["node", &service("queue.mjs").display().to_string()]);
    let mut process = Process::start(queue).unwrap_or_else(|broken| panic!("{broken}"));
    let plan = Plan { walks: 20, ..Plan::default() };
    let conformed = block_on(conform(&mut process, &plan, &[], &Unwatched))
        .unwrap_or_else(|broken| panic!("{broken}"));
    if let Some(found) = &conformed.found {
        panic!("{}", timeline(&found.finding));
    }
    let sentence = conformed.sentence.expect("it is a theorem");
    assert_eq!(sentence.configurations.len(), 6);
}
