//! `activity conform` as its users meet it; the services come with the harness.

use super::support::{Folder, activity, activity_within, folder_with, saying_of_itself};
use serde_json::Value;
use std::process::{Command, Stdio};

const SERVICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../harness/services/service.py");

/// Whether Python is there; that it is not is said aloud.
fn python_is_there() -> bool {
    let tried = Command::new("python3").arg("--version").stdout(Stdio::null()).status();
    let is_there = tried.is_ok_and(|status| status.success());
    if !is_there {
        println!("LEFT OUT: python3 is not there, and what is tested with it is not tested");
    }
    is_there
}

/// A folder with the service, as its author has it.
fn folder() -> Folder {
    let service = std::fs::read_to_string(SERVICE).unwrap();
    folder_with(&[("service.py", service)])
}

const SMALL: [&str; 5] = ["conform", "--configurations", "2", "--suite", "edges,complete"];
const HONEST: [&str; 3] = ["--", "python3", "service.py"];
const WRONG: [&str; 5] = ["--", "env", "BUG=stale_token", "python3", "service.py"];

#[test]
fn an_honest_service_is_told_what_may_be_said() {
    if !python_is_there() {
        return;
    }
    let folder = folder();
    let ran = folder.run(&[&SMALL[..], &["--extra-states", "0"], &HONEST].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let text = &ran.stdout;
    assert!(text.starts_with("service.py: a virtual clock, seen through answers and Describe"));
    assert!(text.contains("no difference found in "), "{text}");
    let sentence = text.replace('\n', " ");
    assert!(sentence.contains("its minimal machine has at least n + 1 states"), "{text}");
    assert!(text.contains("n =   50"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let ran =
        folder.run(&[&SMALL[..3], &["--suite", "edges", "--format", "json"], &HONEST].concat());
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(value["checks"][0]["verdict"], "holds");
    assert_eq!((&value["found"], &value["sentence"]), (&Value::Null, &Value::Null));
    let promises = value["promises"].as_array().unwrap();
    let told = |verdict: &str| promises.iter().filter(|it| it["verdict"] == verdict).count();
    assert!(told("kept") > 40 && told("not_seen") > 10 && told("broken") == 0, "{promises:?}");
}

#[test]
fn what_is_planted_is_shown_on_a_screen_kept_and_played_first_the_next_time() {
    if !python_is_there() {
        return;
    }
    let folder = folder();
    let ran = folder.run(&[&SMALL[..], &WRONG].concat());
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let text = &ran.stdout;
    assert!(text.contains("broken    a_stale_token_changes_nothing: A call with"), "{text}");
    assert!(text.contains("rule      S19: "), "{text}");
    assert!(text.lines().count() <= 40, "{text}");
    let again = text.lines().find_map(|line| line.trim().strip_prefix("again"));
    let again = again.expect("it says how it is played again").trim();
    let file = again.split(' ').nth(3).expect("the file is named");
    let kept: Value = serde_json::from_str(&folder.read(file)).unwrap();
    assert_eq!(kept["broken"][0], "a_stale_token_changes_nothing");
    // It comes first, before any suite; and alone, if asked.
    let ran = folder.run(&[&SMALL[..], &["--format", "json"], &WRONG].concat());
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(value["checks"][0]["name"].as_str().unwrap().starts_with("kept: "));
    assert_eq!(value["checks"].as_array().unwrap().len(), 1);
    assert!(value["found"]["test"].as_str().unwrap().starts_with("#[test]\nfn a_stale_token"));
    let replay = ["conform", "--replay", file];
    assert_eq!(folder.run(&[&replay[..], &WRONG].concat()).code, 1);
    assert_eq!(folder.run(&[&replay[..], &HONEST].concat()).code, 0);
    let ran = folder.run(&[&replay[..], &["--format", "junit"], &WRONG].concat());
    assert!(ran.stdout.contains("failures=\"1\""), "{}", ran.stdout);
}

#[test]
fn what_differed_elsewhere_is_not_asked_of_who_lacks_the_words_for_it() {
    if !python_is_there() {
        return;
    }
    let folder = folder();
    let says = r#""can": ["standalone", "tokens", "failures", "maximumAttempts"]"#;
    std::fs::write(folder.path().join("partial.py"), saying_of_itself(says)).unwrap();
    let wrong = ["--", "env", "BUG=forgets_details", "python3", "service.py"];
    let edges = ["conform", "--suite", "edges", "--configurations", "3"];
    let ran = folder.run(&[&edges[..], &wrong].concat());
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let again = ran.stdout.lines().find_map(|line| line.trim().strip_prefix("again"));
    let file = again.unwrap().trim().split(' ').nth(3).unwrap().to_owned();
    let partial = ["--", "python3", "partial.py", "service.py"];
    let ran = folder.run(&[&edges[..], &partial].concat());
    let said = "1 kept sequence not played: the service lacks heartbeat, heartbeatDetails, heart";
    assert!(ran.stdout.contains(said), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let alone = folder.run(&[&["conform", "--replay", &file][..], &partial].concat());
    assert!(alone.refused().contains("lacks what this sequence needs: heartbeat, "));
}

#[test]
fn what_cannot_be_used_is_one_clear_error() {
    let missing = activity(&["conform", "--", "no-such-service"]);
    assert!(missing.refused().contains("no-such-service cannot be started"), "{missing:?}");
    let silent = activity(&["conform", "--", "true"]);
    assert!(silent.refused().contains("it ended by itself, with exit code 0, at the handshake"));
    let unknown = activity(&["conform", "--suite", "everything", "--", "true"]);
    assert!(unknown.refused().contains("there are edges, assumptions, complete"), "{unknown:?}");
    let none = activity(&["conform"]);
    assert!(none.refused().contains("<COMMAND>"), "{none:?}");
    let folder = folder_with(&[("broken.json", "{\"version\": 1, \"inputs\": [\"dance\"]}")]);
    let broken = folder.run(&["conform", "--replay", "broken.json", "--", "true"]);
    assert!(broken.refused().contains("this is no sequence to be played"), "{broken:?}");
    let gone = folder.run(&["conform", "--replay", "gone.json", "--", "true"]);
    assert!(gone.refused().contains("there is no such file"), "{gone:?}");
}

/// A folder with the command and nothing else, and what it says there of a server.
fn asked_alone(beside: Option<&str>) -> (i32, String) {
    let folder = folder_with(&[("unused", String::new())]);
    let command = folder.path().join("activity");
    std::fs::copy(env!("CARGO_BIN_EXE_activity"), &command).unwrap();
    if let Some(script) = beside {
        let program = folder.path().join("activity-temporal");
        std::fs::write(&program, script).unwrap();
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, executable).unwrap();
    }
    let arguments = ["conform", "--temporal", "nowhere:7", "--", "--step", "1s"];
    let ran = Command::new(&command).args(arguments).env("PATH", "/bin:/usr/bin").output().unwrap();
    assert_eq!(ran.stdout, b"");
    (ran.status.code().unwrap(), String::from_utf8(ran.stderr).unwrap())
}

#[test]
fn who_asks_a_temporal_server_is_found_beside_the_command_or_said_to_be_missing() {
    let (code, told) = asked_alone(None);
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("and is neither in"), "{told}");
    assert!(told.contains("cargo build --release --package activity-temporal"), "{told}");
    let (code, told) = asked_alone(Some("#!/bin/sh\necho activity-temporal: \"$@\" >&2\nexit 2\n"));
    assert_eq!(code, 2, "{told}");
    assert!(told.contains("error: --address nowhere:7 --step 1s"), "{told}");
}

#[test]
fn one_seed_is_of_everything_and_proptest_is_heard() {
    if !python_is_there() {
        return;
    }
    let asked = ["conform", "--suite", "random,walks", "--configurations", "1", "--walks", "3"];
    let service = ["--format", "json", "--", "python3", SERVICE];
    let told = |variables: &[(&str, &str)], seed: &[&str]| {
        let ran = activity_within(variables, &[&asked, seed, &service].concat());
        let value: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
        let random = value["checks"].as_array().unwrap().iter();
        let random = random.clone().find(|it| it["name"].as_str().unwrap().starts_with("random"));
        let because = random.expect("it is played")["evidence"]["because"].to_string();
        (value["seed"].as_u64(), because)
    };
    let cases = ("PROPTEST_CASES", "5");
    let (seed, first) = told(&[cases], &[]);
    assert_eq!(seed, Some(0));
    assert!(first.contains("5 sequences"), "{first}");
    let (seed, second) = told(&[cases, ("PROPTEST_RNG_SEED", "7")], &[]);
    assert_eq!(seed, Some(7));
    assert_ne!(first, second, "another seed draws other sequences");
    let both = [cases, ("PROPTEST_RNG_SEED", "7"), ("ACTIVITY_SEED", "3")];
    assert_eq!(told(&both, &[]).0, Some(3));
    assert_eq!(told(&both, &["--seed", "0"]), (Some(0), first));
    assert_eq!(told(&[cases], &["--seed", "7"]), (Some(7), second));
}
