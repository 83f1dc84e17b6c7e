//! Faults planted into histories that the core wrote: each is a violation where nothing is tolerated,
//! and else only tolerated under the names that the documentation gives for it.

use crate::judged;
use crate::support::core::{Ending, Written, write};
use crate::support::random::Random;
use activity_analysis::history::Verdict;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A fault: its name in the documentation, the endings into which it can be planted, and how.
type Fault = (&'static str, &'static [Ending], fn(&mut Vec<Value>) -> Option<()>);

const STARTED: &[Ending] = &[
    Ending::Completed,
    Ending::NotRetryable,
    Ending::MaximumAttempts,
    Ending::StartToClose,
    Ending::Heartbeat,
    Ending::FailedAfterTheRequest,
];

const FAULTS: [Fault; 19] = [
    ("second close", STARTED, |events| {
        let mut again = events.last()?.clone();
        again["eventId"] = json!(events.len() + 1);
        events.push(again);
        Some(())
    }),
    ("attempt above the maximum", &[Ending::MaximumAttempts], |events| {
        let attempt = &mut attributes(events, "Started")?["attempt"];
        *attempt = json!(attempt.as_i64()? + 1);
        Some(())
    }),
    (
        "started before its dispatch was possible",
        &[Ending::Completed, Ending::NotRetryable],
        |events| {
            // The last backoff is recorded as that of a failure without delay: the start comes at once.
            let started = event(events, "Started")?;
            started["eventTime"] = json!(START + 1_000_000);
            Some(())
        },
    ),
    ("timeout before its deadline", &[Ending::StartToClose], |events| {
        let began = event(events, "Started")?["eventTime"].as_i64()?;
        event(events, "TimedOut")?["eventTime"] = json!(began + 300_000_000);
        Some(())
    }),
    (
        "canceled without request",
        &[Ending::CanceledByWorker, Ending::CanceledWhileItWaits],
        |events| {
            events.retain(|event| event["activityTaskCancelRequestedEventAttributes"].is_null());
            let many = events.len();
            for (index, event) in events.iter_mut().enumerate() {
                event["eventId"] = json!(index + 1);
                if index + 1 == many && !event["activityTaskCanceledEventAttributes"].is_null() {
                    let close = &mut event["activityTaskCanceledEventAttributes"];
                    close["latestCancelRequestedEventId"] = json!(0);
                    if close["startedEventId"] != json!(0) {
                        close["startedEventId"] = json!(index);
                    }
                }
            }
            Some(())
        },
    ),
    ("retry after cancel", &[Ending::FailedAfterTheRequest, Ending::CanceledByWorker], |events| {
        event(events, "CancelRequested")?["eventTime"] = json!(START + 500_000);
        Some(())
    }),
    ("a late cancellation of what waits", &[Ending::CanceledWhileItWaits], |events| {
        let close = event(events, "Canceled")?;
        close["eventTime"] = json!(close["eventTime"].as_i64()? + 30_000_000_000);
        Some(())
    }),
    ("close of an unknown event", STARTED, |events| {
        last_attributes(events)?["scheduledEventId"] = json!(3);
        Some(())
    }),
    ("backoff too short", &[Ending::Completed, Ending::NotRetryable], |events| {
        let policy = &mut attributes(events, "Scheduled")?["retryPolicy"];
        policy["initialInterval"] = json!("3600s");
        policy["maximumInterval"] = json!("7200s");
        Some(())
    }),
    ("wrong retry state", &[Ending::NotRetryable, Ending::FailedAfterTheRequest], |events| {
        let attributes = attributes(events, "Failed")?;
        attributes["retryState"] = json!("RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED");
        Some(())
    }),
    ("wrong timeout type", &[Ending::StartToClose], |events| {
        let failure = &mut attributes(events, "TimedOut")?["failure"];
        failure["message"] = json!("activity ScheduleToStart timeout");
        failure["timeoutFailureInfo"]["timeoutType"] = json!("TIMEOUT_TYPE_SCHEDULE_TO_START");
        Some(())
    }),
    ("close before start", STARTED, |events| {
        let many = events.len();
        let start = events[many - 2]["eventId"].clone();
        events[many - 2]["eventId"] = events[many - 1]["eventId"].clone();
        events[many - 1]["eventId"] = start;
        let named = events[many - 2]["eventId"].clone();
        last_attributes(events)?["startedEventId"] = named;
        Some(())
    }),
    ("a missing event", STARTED, |events| {
        events.remove(events.len() - 2);
        Some(())
    }),
    ("a missing scheduling", STARTED, |events| {
        events.remove(4);
        Some(())
    }),
    ("second start", STARTED, |events| {
        let many = events.len();
        let mut again = events[many - 2].clone();
        again["eventId"] = json!(many);
        events[many - 1]["eventId"] = json!(many + 1);
        last_attributes(events)?["startedEventId"] = json!(many);
        events.insert(many - 1, again);
        Some(())
    }),
    ("close before its instant of start", &[Ending::Completed], |events| {
        let close = event(events, "Completed")?;
        close["eventTime"] = json!(START + 1);
        Some(())
    }),
    ("retry of what is not retryable", &[Ending::Completed], |events| {
        let last = &mut attributes(events, "Started")?["lastFailure"];
        *last = json!({ "message": "no",
            "applicationFailureInfo": { "type": "Fatal", "nonRetryable": true } });
        Some(())
    }),
    ("first attempt with a failure before it", &[Ending::Completed], |events| {
        attributes(events, "Started")?["attempt"] = json!(1);
        Some(())
    }),
    ("an id that is in use", &[Ending::Completed], |events| {
        let mut other = events[4].clone();
        let many = events.len();
        other["eventId"] = json!(6);
        for event in &mut events[5..many] {
            event["eventId"] = json!(event["eventId"].as_i64()? + 1);
        }
        let start = event(events, "Started")?["eventId"].clone();
        last_attributes(events)?["startedEventId"] = start;
        events.insert(5, other);
        Some(())
    }),
];

/// The scheduling of every history that the core writes, in nanoseconds.
const START: i64 = 1_700_000_000_000_000_000;

fn key(kind: &str) -> String {
    format!("activityTask{kind}EventAttributes")
}

fn event<'v>(events: &'v mut [Value], kind: &str) -> Option<&'v mut Value> {
    let key = key(kind);
    events.iter_mut().find(|event| !event[&key].is_null())
}

fn attributes<'v>(events: &'v mut [Value], kind: &str) -> Option<&'v mut Value> {
    event(events, kind)?.get_mut(key(kind))
}

fn last_attributes(events: &mut [Value]) -> Option<&mut Value> {
    let last = events.last_mut()?.as_object_mut()?;
    last.iter_mut().find(|(key, _)| key.ends_with("EventAttributes")).map(|(_, it)| it)
}

fn planted((_, _, plant): &Fault, written: &Written) -> Option<Value> {
    let mut events = written.history["events"].as_array()?.clone();
    plant(&mut events)?;
    Some(json!({ "events": events }))
}

pub(crate) fn worst(history: &Value, is_strict: bool) -> (Verdict, Vec<&'static str>, String) {
    let (_, judgements) = judged(history, is_strict);
    let worst = judgements.iter().max_by_key(|it| it.verdict).expect("an activity");
    let tolerances = judgements.iter().flat_map(|it| it.tolerances.iter());
    let mut names: Vec<&str> = tolerances.map(|tolerance| tolerance.name()).collect();
    names.sort_unstable();
    names.dedup();
    (worst.verdict, names, worst.why.clone())
}

/// Each fault with the names under which it may be tolerated.
pub(crate) type Documented = BTreeMap<String, Vec<String>>;

/// The rows of the documentation: each fault with the names under which it may be tolerated.
pub(crate) fn documented() -> Documented {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../analysis/history.md");
    let text = std::fs::read_to_string(path).expect("it is documented");
    let rows = text.lines().skip_while(|line| !line.starts_with("| fault |")).skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| {
        let (fault, tolerances) = row.split_once(" | ").expect("two cells");
        let names = tolerances.split('`').skip(1).step_by(2).map(str::to_owned);
        (fault.to_owned(), names.collect())
    })
    .collect()
}

#[test]
fn planted_faults_are_violations_unless_the_documentation_tolerates_them() {
    let documented = documented();
    let names: Vec<&str> = FAULTS.iter().map(|(name, ..)| *name).collect();
    let rows: Vec<&String> = documented.keys().collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(rows, sorted, "the documentation lists the faults");
    let _ = tolerated(&documented);
}

/// The names under which faults in what the core writes are tolerated: none that is not documented.
pub(crate) fn tolerated(documented: &Documented) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for fault in &FAULTS {
        let (name, endings, _) = fault;
        let mut random = Random::new(42);
        let (mut tried, mut draws) = (0, 0);
        while tried < 40 {
            draws += 1;
            assert!(draws < 20_000, "{name} can hardly be planted");
            let written = write(&mut random);
            if written.hidden.is_empty() || !endings.contains(&written.ending) {
                continue;
            }
            let Some(history) = planted(fault, &written) else { continue };
            tried += 1;
            let (verdict, _, why) = worst(&history, true);
            assert_eq!(verdict, Verdict::Violates, "{name}: {why}\n{history:#}");
            let (verdict, tolerances, why) = worst(&history, false);
            if verdict == Verdict::Violates {
                continue;
            }
            for tolerance in tolerances {
                assert!(
                    documented[*name].iter().any(|it| it == tolerance),
                    "{name} is tolerated as {tolerance}: {why}\n{history:#}"
                );
                used.entry(*name).or_default().insert(tolerance);
            }
        }
    }
    used
}
