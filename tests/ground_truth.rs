//! What a Temporal server did, step by step, against the core and the specification.
//!
//! The selection in `tests/ground-truth` covers every situation that the recordings hold. Where all
//! of them lie beside the repository, all of them are played.

use activity_models::trace::{Replayed, SELECTION, Trace, play};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of traces in a folder; what operators do is not modelled yet.
fn modelled_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return vec![];
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .filter(|path| !path.ends_with("operator.jsonl"))
        .collect();
    files.sort();
    files
}

fn played(files: &[PathBuf]) -> Replayed {
    let mut replayed = Replayed::default();
    for file in files {
        let name = file.to_string_lossy();
        let text = fs::read(file).expect("a file of recordings can be read");
        replayed
            .play(&name, text.as_slice())
            .unwrap_or_else(|unreadable| panic!("{name}: {unreadable}"));
    }
    replayed
}

#[track_caller]
fn assert_agreement(replayed: &Replayed) {
    let first = replayed.disagreements.first();
    assert!(first.is_none(), "{first:#?}");
    assert_eq!(replayed.total().disagreeing, 0);
    assert_eq!(replayed.skipped(), 0);
}

#[test]
fn core_and_specification_do_what_the_server_did() {
    let replayed = played(&modelled_files(&folder("tests/ground-truth")));
    assert_agreement(&replayed);
    let total = replayed.total();
    assert_eq!((total.traces, total.steps, total.changes), (826, 4_131, 1_839));
    assert_eq!(total.without_after, 0, "each of them was described");
}

/// Plays everything in a folder beside the repository; says aloud, past the harness that keeps what a
/// test prints, if it is absent.
fn played_beside(path: &str, files: &[PathBuf], traces: usize, steps: usize) {
    if !files.iter().any(|file| file.exists()) {
        let _ = writeln!(io::stderr(), "NOT RUN: {path} is absent");
        return;
    }
    let replayed = played(files);
    assert_agreement(&replayed);
    let total = replayed.total();
    assert_eq!((total.traces, total.steps), (traces, steps), "{path}");
}

#[test]
fn core_and_specification_do_what_the_server_did_in_all_recordings() {
    let path = "../shared/ground-truth";
    played_beside(path, &modelled_files(&folder(path)), 3_599, 16_784);
}

/// Derived from another executable model, not recorded.
#[test]
fn core_and_specification_do_what_another_model_does() {
    let path = "../shared/peer-model/standalone.jsonl";
    played_beside(path, &[folder(path)], 677, 4_099);
}

#[test]
fn the_models_carry_the_same_selection() {
    let mut embedded = Replayed::default();
    for (name, text) in SELECTION {
        embedded.play(name, text.as_bytes()).expect("the selection can be read");
    }
    let on_disk = played(&modelled_files(&folder("tests/ground-truth"))).total();
    assert_eq!(embedded.total(), on_disk);
}

/// Whatever is recorded of the server's behaviour is looked at: no part of it can be wrong unseen.
#[test]
fn any_one_recorded_field_that_is_wrong_is_noticed() {
    let mut mutated = 0;
    let mut unnoticed = BTreeSet::new();
    for file in modelled_files(&folder("tests/ground-truth")) {
        for line in fs::read_to_string(file).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            for_each_mutation(&line, &mut |what, line| {
                mutated += 1;
                if !is_noticed(line) {
                    unnoticed.insert(format!("{} {what}", line["name"]));
                }
            });
        }
    }
    assert!(mutated > 150_000, "only {mutated} mutations");
    assert!(
        unnoticed.is_empty(),
        "{} of {mutated} mutations go unnoticed: {unnoticed:#?}",
        unnoticed.len()
    );
    println!("{mutated} mutations, all noticed");
}

fn is_noticed(line: &Value) -> bool {
    match Trace::from_json(line.clone()) {
        Err(_) => true,
        Ok(trace) => play(&trace).disagreement.is_some(),
    }
}

/// Hands the line to `each`, once for every way in which one recorded field can be wrong.
fn for_each_mutation(line: &Value, each: &mut dyn FnMut(&str, &Value)) {
    for (index, step) in line["steps"].as_array().unwrap().iter().enumerate() {
        for part in ["answer", "effective", "after", "due"] {
            if let Some(recorded) = step.get(part) {
                let mut mutant = line.clone();
                let path = format!("/steps/{index}/{part}");
                for (what, wrong) in wrong_values(part, recorded) {
                    *mutant.pointer_mut(&path).unwrap() = wrong;
                    each(&format!("step {index}: {what}"), &mutant);
                }
            }
        }
    }
}

/// A value, each time with one thing wrong in it, and what that is.
fn wrong_values(path: &str, value: &Value) -> Vec<(String, Value)> {
    let mut wrong = vec![(format!("{path} is of another kind"), other_kind(value))];
    match value {
        Value::Object(object) => {
            let mut surprised = object.clone();
            surprised.insert("surprise".into(), json!(1));
            wrong.push((format!("{path} with a surprise"), surprised.into()));
            for (key, inner) in object {
                let mut without = object.clone();
                without.remove(key);
                wrong.push((format!("{path} without {key}"), without.into()));
                for (what, inner) in wrong_values(&format!("{path}.{key}"), inner) {
                    let mut changed = object.clone();
                    changed[key] = inner;
                    wrong.push((what, changed.into()));
                }
            }
            wrong.extend(wrong_additions(path, object));
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let mut without = elements.clone();
                without.remove(index);
                wrong.push((format!("{path} without [{index}]"), without.into()));
                for (what, inner) in wrong_values(&format!("{path}[{index}]"), element) {
                    let mut changed = elements.clone();
                    changed[index] = inner;
                    wrong.push((what, changed.into()));
                }
            }
            let more = elements.iter().cloned().chain([json!("surprise")]);
            wrong.push((format!("{path} with one more"), more.collect()));
        }
        Value::String(text) => wrong.push((format!("{path} + x"), json!(format!("{text}x")))),
        Value::Bool(truth) => wrong.push((format!("not {path}"), json!(!truth))),
        Value::Number(number) => {
            let beyond = beyond_tolerance(path);
            let number = number.as_f64().unwrap();
            wrong.push((format!("{path} + {beyond}"), json!(number + beyond)));
            wrong.push((format!("{path} - {beyond}"), json!(number - beyond)));
        }
        Value::Null => wrong.push((format!("{path} is not null"), json!("x"))),
    }
    wrong
}

fn other_kind(value: &Value) -> Value {
    match value {
        Value::Null => json!([]),
        _ => Value::Null,
    }
}

/// Keys that Describe shows of other executions, where this one does not have them.
fn wrong_additions(path: &str, object: &Map<String, Value>) -> Vec<(String, Value)> {
    let known: &[&str] = match path {
        "after" => &[
            "canceledReason",
            "closeTime",
            "currentRetryInterval",
            "expirationTime",
            "heartbeatDetails",
            "lastAttemptCompleteTime",
            "lastFailure",
            "lastHeartbeatTime",
            "lastStartedTime",
            "lastWorkerIdentity",
            "nextAttemptScheduleTime",
            "outcome",
        ],
        "answer" => &["cancelRequested", "error", "heartbeatDetails", "started", "token"],
        _ => &["cause", "details", "result"],
    };
    let absent = known.iter().filter(|key| !object.contains_key(**key));
    let added = absent.map(|key| {
        let mut more = object.clone();
        more.insert((*key).to_owned(), Value::Null);
        (format!("{path} with {key}"), more.into())
    });
    added.collect()
}

/// How far a number has to be from the recorded one to be wrong whatever was true.
fn beyond_tolerance(path: &str) -> f64 {
    let key = path.rsplit('.').next().unwrap();
    match key {
        "lastStartedTime" | "lastAttemptCompleteTime" => 310.0,
        "currentRetryInterval" | "due" => 7.0,
        _ if key.ends_with("Time") => 7.0,
        _ => 1.0,
    }
}
