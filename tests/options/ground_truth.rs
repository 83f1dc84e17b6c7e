//! What a Temporal server made of requested options, recorded; ours must make the same of them.

use activity_execution::options::InvalidOptions;
use activity_models::trace::{effective, requested};
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn a_recorded_selection_is_normalised_as_the_server_did() {
    let verdicts = play(include_str!("ground-truth.jsonl"));
    assert_eq!(verdicts, Verdicts { accepted: 120, refused: 20 });
}

/// The whole of the recordings, where they lie beside this repository.
#[test]
fn every_recorded_start_is_normalised_as_the_server_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/ground-truth");
    if !folder.exists() {
        crate::not_run(&folder);
        return;
    }
    let mut total = Verdicts::default();
    for entry in folder.read_dir().expect("the folder exists") {
        let path = entry.expect("the folder can be listed").path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            let verdicts = play(&std::fs::read_to_string(&path).expect("it is text"));
            total.accepted += verdicts.accepted;
            total.refused += verdicts.refused;
        }
    }
    assert_eq!(total, Verdicts { accepted: 4_369, refused: 62 });
}

#[derive(Debug, Default, Eq, PartialEq)]
struct Verdicts {
    accepted: usize,
    refused: usize,
}

fn play(traces: &str) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for line in traces.lines() {
        let trace: Value = serde_json::from_str(line).expect("a trace a line");
        // A trace has its first step among others, the selection has nothing else.
        let start = trace.get("steps").map_or(&trace, |steps| &steps[0]);
        let requested = requested(trace["options"].clone()).expect("recorded options");
        match requested.build() {
            Ok(options) => {
                assert_eq!(normal(&effective(&options)), normal(&start["effective"]), "{line}");
                assert!(options.terms().are_normal(), "{line}");
                verdicts.accepted += 1;
            }
            Err(invalid) => {
                assert_eq!(start["answer"]["error"], invalid.code(), "{line}");
                let message = start["answer"]["message"].as_str().expect("a message");
                assert_eq!(without_tail(message, &invalid), invalid.temporal_message());
                verdicts.refused += 1;
            }
        }
    }
    verdicts
}

/// The recorded view with every number of the same kind, and no list as an empty one.
fn normal(recorded: &Value) -> Value {
    let mut recorded = recorded.clone();
    let policy = &mut recorded["retryPolicy"];
    policy["backoffCoefficient"] = json!(policy["backoffCoefficient"].as_f64());
    if policy["nonRetryableErrorTypes"].is_null() {
        policy["nonRetryableErrorTypes"] = json!([]);
    }
    recorded
}

/// The server names the activity at the end of one message.
fn without_tail<'a>(message: &'a str, invalid: &InvalidOptions) -> &'a str {
    match message.split_once(" ActivityId=") {
        Some((message, tail)) => {
            assert_eq!(*invalid, InvalidOptions::NoCloseTimeout);
            assert!(tail.contains(" ActivityType="), "{tail}");
            message
        }
        None => message,
    }
}
