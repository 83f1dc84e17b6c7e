//! Files of every schema that was ever written: they go on being read, and mean what they meant.
//!
//! `ACTIVITY_WRITE_STORED=1` writes the file of a schema that has none yet; one that is there is
//! never written again.

use crate::driver::{Run, runs};
use activity_execution::stored::SCHEMA;
use activity_execution::{
    Activity, ActivityEvent, ActivityOptions, Answer, Call, Description, Snapshot,
};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn path(schema: u32) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(format!("tests/activity/stored/schema-{schema}.jsonl"))
}

/// A line for each run: its options, its log, and what can be stored of how it stands.
fn line(run: &Run, calls: &[(Call, Option<Answer>)]) -> Value {
    json!({
        "options": **run.activity.options(),
        "log": run.log,
        "snapshot": run.activity.snapshot(),
        "description": run.activity.describe(run.now),
        "now": run.now,
        "calls": calls,
    })
}

#[test]
fn every_schema_is_still_read() {
    if std::env::var_os("ACTIVITY_WRITE_STORED").is_some() && !path(SCHEMA).exists() {
        let lines = chosen().map(|(run, calls)| format!("{}\n", line(&run, &calls)));
        fs::write(path(SCHEMA), lines.collect::<String>()).expect("the file can be written");
    }
    for schema in 1..=SCHEMA {
        let text = fs::read_to_string(path(schema)).expect("there is a file of each schema");
        assert!(text.lines().count() >= 20, "the file of schema {schema} has every kind of run");
        for text in text.lines() {
            let stored: Value = serde_json::from_str(text).expect("a line is JSON");
            let options: ActivityOptions = read(&stored["options"]);
            let log: Vec<ActivityEvent> = read(&stored["log"]);
            let activity = Activity::recover(options.clone(), &log).expect("the log is sound");
            let snapshot: Snapshot = read(&stored["snapshot"]);
            assert_eq!(activity.snapshot(), snapshot);
            assert_eq!(Activity::from_snapshot(options, &snapshot).as_ref(), Ok(&activity));
            let description: Description = read(&stored["description"]);
            assert_eq!(activity.describe(read(&stored["now"])), description);
            let calls: Vec<(Call, Option<Answer>)> = read(&stored["calls"]);
            assert!(!calls.is_empty());
            if schema == SCHEMA {
                // The newest is also what is written today, key for key.
                let run = Run { activity, log, now: read(&stored["now"]) };
                assert_eq!(line(&run, &calls), stored);
            }
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{error}: {value}"))
}

/// Runs of every kind, with some of their calls.
fn chosen() -> impl Iterator<Item = (Run, Vec<(Call, Option<Answer>)>)> {
    runs(24).into_iter().map(|mut run| {
        let mut calls = Vec::new();
        for dice in [[8, 2, 1, 1], [9, 8, 3, 2], [6, 11, 1, 3], [9, 13, 3, 1], [8, 0, 0, 0]] {
            let made = run.step(dice);
            calls.push((made.call, made.called.reply.ok()));
        }
        (run, calls)
    })
}
