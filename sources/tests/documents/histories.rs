//! Every activity in recorded workflow histories: its options are read, or it is said why not.

use activity_execution::options::{ActivityOptions, Nanoseconds};
use activity_sources::documents::Document;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// The histories lie beside this repository; without them there is nothing to do.
#[test]
fn every_scheduled_activity_of_the_histories_gets_a_verdict() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/histories");
    if !folder.exists() {
        crate::not_run(&folder);
        return;
    }
    let mut total = Verdicts::default();
    for path in files(&folder) {
        let text = std::fs::read_to_string(&path).expect("a history is text");
        if let Ok(history) = serde_json::from_str(&text) {
            total.judge(&history);
        }
    }
    // The one without any timeout is in a fixture that no server recorded.
    let expected = Verdicts { options: 85, no_timeout: 1, other: Vec::new() };
    assert_eq!(total, expected);
}

/// Recorded by a server for activities of a workflow, hence normalised by it.
#[test]
fn what_a_server_recorded_is_normalised_already() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ground-truth/workflow.jsonl");
    if !path.exists() {
        crate::not_run(&path);
        return;
    }
    let mut total = 0;
    for line in std::fs::read_to_string(path).expect("it is text").lines() {
        let trace: Value = serde_json::from_str(line).expect("a trace a line");
        each_scheduled(&trace["history"], &mut |attributes| {
            let options = read(attributes).expect("a server accepted it");
            assert_eq!(options.changes(), [], "{attributes}");
            total += 1;
        });
    }
    assert_eq!(total, 864);
}

#[derive(Debug, Default, Eq, PartialEq)]
struct Verdicts {
    options: usize,
    no_timeout: usize,
    other: Vec<String>,
}

impl Verdicts {
    fn judge(&mut self, history: &Value) {
        each_scheduled(history, &mut |attributes| match read(attributes) {
            Ok(options) => {
                let again = read(&recorded_again(&options)).expect("it is in force already");
                assert_eq!(again, options, "{attributes}");
                assert_eq!(again.changes(), [], "{attributes}");
                self.options += 1;
            }
            Err(error) if error.contains("neither start_to_close") => self.no_timeout += 1,
            Err(error) => self.other.push(error),
        });
    }
}

fn read(attributes: &Value) -> Result<ActivityOptions, String> {
    let events = json!([{ "eventId": 5, "activityTaskScheduledEventAttributes": attributes }]);
    let document = Document::parse(events.to_string().as_bytes()).map_err(|it| it.to_string())?;
    Ok(document.activities[0].options.clone())
}

fn each_scheduled(value: &Value, visit: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == "activityTaskScheduledEventAttributes" {
                    visit(member);
                }
                each_scheduled(member, visit);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| {
            each_scheduled(element, visit);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The attributes that a server would record for these options.
fn recorded_again(options: &ActivityOptions) -> Value {
    let policy = options.retry_policy();
    let timeouts = [
        ("startToCloseTimeout", Some(options.start_to_close_timeout())),
        ("scheduleToCloseTimeout", options.schedule_to_close_timeout()),
        ("scheduleToStartTimeout", options.schedule_to_start_timeout()),
        ("heartbeatTimeout", options.heartbeat_timeout()),
    ];
    let timeouts = timeouts.into_iter().map(|(name, timeout)| {
        let timeout = timeout.map_or(Nanoseconds(0), Nanoseconds::from);
        (name.to_owned(), Value::from(protocol(timeout)))
    });
    let mut attributes: Map<String, Value> = timeouts.collect();
    let policy = json!({
        "initialInterval": protocol(policy.initial_interval().into()),
        "backoffCoefficient": policy.backoff_coefficient(),
        "maximumInterval": protocol(policy.maximum_interval().into()),
        "maximumAttempts": policy.maximum_attempts(),
        "nonRetryableErrorTypes": policy.non_retryable_error_types(),
    });
    attributes.insert("retryPolicy".to_owned(), policy);
    Value::Object(attributes)
}

fn protocol(duration: Nanoseconds) -> String {
    let second = 1_000_000_000;
    format!("{}.{:09}s", duration.0 / second, duration.0 % second)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().expect("the folder exists") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
    found
}
