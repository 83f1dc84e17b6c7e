//! Faults planted into every recorded history that has room for them: each is a violation where nothing
//! is tolerated, and else only tolerated under the names that the documentation gives for it.

use crate::faults::{Documented, documented, tolerated, worst};
use crate::support::random::Random;
use activity_analysis::history::Verdict;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// A recorded history, with the places of the events of its one activity.
#[derive(Clone)]
struct Recorded {
    events: Vec<Value>,
}

/// Histories with one fault each.
type Planted = Vec<Recorded>;

impl Recorded {
    /// With instants as nanoseconds, which are easily moved.
    fn of(trace: &Value) -> Self {
        let mut events = trace["history"]["events"].as_array().expect("events").clone();
        for event in &mut events {
            let time: jiff::Timestamp =
                event["eventTime"].as_str().expect("an instant").parse().expect("an instant");
            event["eventTime"] = json!(i64::try_from(time.as_nanosecond()).expect("it fits"));
            let id: i64 = event["eventId"].as_str().expect("an id").parse().expect("an id");
            event["eventId"] = json!(id);
        }
        Recorded { events }
    }

    fn place(&self, kind: &str) -> Option<usize> {
        let key = key(kind);
        self.events.iter().position(|event| !event[&key].is_null())
    }

    fn close(&self) -> Option<(usize, &'static str)> {
        ["Completed", "Failed", "Canceled", "TimedOut"]
            .into_iter()
            .find_map(|kind| Some((self.place(kind)?, kind)))
    }

    fn at(&mut self, place: usize, kind: &str) -> &mut Value {
        &mut self.events[place][key(kind)]
    }

    fn time(&self, place: usize) -> i64 {
        self.events[place]["eventTime"].as_i64().expect("an instant")
    }

    /// The same with something else about it.
    fn with(&self, change: impl FnOnce(&mut Recorded)) -> Recorded {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    fn moved(&self, place: usize, to: i64) -> Recorded {
        self.with(|it| it.events[place]["eventTime"] = json!(to))
    }

    /// An option of the activity, in nanoseconds, if it is set.
    fn option(&self, name: &str) -> Option<i64> {
        let place = self.place("Scheduled")?;
        let text = self.events[place][key("Scheduled")][name].as_str()?;
        let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
        (seconds > 0.0).then_some((seconds * 1e9) as i64)
    }

    fn maximum(&self) -> Option<i64> {
        let place = self.place("Scheduled")?;
        self.events[place][key("Scheduled")]["retryPolicy"]["maximumAttempts"].as_i64()
    }

    fn attempt(&self) -> Option<i64> {
        self.events[self.place("Started")?][key("Started")]["attempt"].as_i64()
    }

    /// Whether a worker polled for the recorded start, and the one before it chose no delay.
    fn waited_by_the_policy(&self) -> bool {
        let started = self.place("Started").map(|place| &self.events[place][key("Started")]);
        let last = started.map(|started| started["lastFailure"].to_string());
        let polled = started.is_some_and(|started| started["requestId"].as_str() != Some(""));
        let polled = polled && started.is_some_and(|started| !started["requestId"].is_null());
        polled && last.is_some_and(|last| !last.contains("nextRetryDelay"))
    }

    /// Numbers the events anew; what names them goes with them.
    fn renumbered(mut self) -> Recorded {
        let ids = self.events.iter().enumerate();
        let ids = ids.map(|(place, event)| (event["eventId"].as_i64().expect("an id"), place + 1));
        let ids: BTreeMap<i64, usize> = ids.collect();
        for (place, event) in self.events.iter_mut().enumerate() {
            event["eventId"] = json!(place + 1);
            for (_, attributes) in event.as_object_mut().expect("an event").iter_mut() {
                let Some(attributes) = attributes.as_object_mut() else { continue };
                let named = attributes.iter_mut().filter(|(name, _)| name.ends_with("EventId"));
                for (_, value) in named {
                    let named = value.as_str().and_then(|it| it.parse().ok()).or(value.as_i64());
                    if let Some(id) = named.and_then(|named: i64| ids.get(&named)) {
                        *value = json!(id);
                    }
                }
            }
        }
        self
    }

    fn json(&self) -> Value {
        json!({ "events": self.events })
    }
}

fn key(kind: &str) -> String {
    format!("activityTask{kind}EventAttributes")
}

/// Beyond what the clocks of two hosts may differ by, and within that.
const FAR: [i64; 2] = [150_000_000, 50_000_000];

/// A fault by its name in the documentation, and every way to plant it.
type Fault = (&'static str, fn(&Recorded) -> Option<Planted>);

const FAULTS: [Fault; 17] = [
    ("second close", second_close),
    ("attempt above the maximum", |it| {
        let (place, most) = (it.place("Started")?, it.maximum().filter(|most| *most > 0)?);
        let above =
            |attempt: i64| it.with(|it| it.at(place, "Started")["attempt"] = json!(attempt));
        Some(vec![above(most + 1), above(most + 7)])
    }),
    ("started before its dispatch was possible", too_early),
    ("timeout before its deadline", timeout_too_early),
    ("canceled without request", canceled_without_request),
    ("retry after cancel", retry_after_cancel),
    ("close of an unknown event", unknown_event),
    ("backoff too short", |it| {
        let scheduled = it.place("Scheduled")?;
        let is_retry = it.attempt()? > 1 && it.waited_by_the_policy();
        is_retry.then(|| {
            vec![it.with(|it| {
                let policy = &mut it.at(scheduled, "Scheduled")["retryPolicy"];
                policy["initialInterval"] = json!("3600s");
                policy["maximumInterval"] = json!("7200s");
            })]
        })
    }),
    ("wrong retry state", wrong_retry_state),
    ("wrong timeout type", wrong_timeout_type),
    ("close before start", close_before_start),
    ("a missing event", |it| {
        let started = it.place("Started").filter(|_| it.close().is_some());
        let close = it.close().map(|(place, _)| place).filter(|_| started.is_some());
        let asked = it.place("CancelRequested").filter(|_| it.close().is_some());
        let named = it.place("Scheduled").map(|place| place - 1);
        let gone = |place: usize| it.with(|it| drop(it.events.remove(place)));
        let places = [started, close, asked, named].into_iter().flatten();
        let mut planted: Planted = places.map(gone).collect();
        planted.extend([started, close].into_iter().flatten().map(|it| gone(it).renumbered()));
        Some(planted)
    }),
    ("a missing scheduling", |it| {
        let place = it.place("Scheduled").filter(|_| it.close().is_some())?;
        Some(vec![it.with(|it| drop(it.events.remove(place)))])
    }),
    ("second start", |it| {
        let place = it.place("Started")?;
        let again = it.with(|it| {
            let mut again = it.events[place].clone();
            again["eventId"] = json!(10_000);
            it.events.insert(place, again);
        });
        Some(vec![again.renumbered()])
    }),
    ("close before its instant of start", |it| {
        let (started, (close, _)) = (it.place("Started")?, it.close()?);
        Some(FAR.map(|far| it.moved(close, it.time(started) - far)).into())
    }),
    ("retry of what is not retryable", |it| {
        let place = it.place("Started").filter(|_| it.attempt() > Some(1))?;
        Some(vec![it.with(|it| {
            it.at(place, "Started")["lastFailure"] = json!({ "message": "no",
                "applicationFailureInfo": { "type": "Another", "nonRetryable": true } });
        })])
    }),
    ("first attempt with a failure before it", |it| {
        let place = it.place("Started").filter(|_| it.attempt() == Some(1))?;
        Some(vec![it.with(|it| {
            it.at(place, "Started")["lastFailure"] = json!({ "message": "boom",
                "applicationFailureInfo": { "type": "Transient" } });
        })])
    }),
];

fn second_close(it: &Recorded) -> Option<Planted> {
    let (place, kind) = it.close()?;
    let again = |at: usize, id: i64| {
        it.with(|it| {
            let mut again = it.events[place].clone();
            again["eventId"] = json!(id);
            it.events.insert(at, again);
        })
    };
    let last = it.events.len();
    let id = i64::try_from(last).expect("few") + 1;
    let other = again(place + 1, 10_000).with(|it| {
        let attributes = it.at(place + 1, kind).take();
        it.events[place + 1].as_object_mut().expect("an event").remove(&key(kind));
        it.events[place + 1].as_object_mut().expect("an event").remove("eventType");
        let other = if kind == "Completed" { "Failed" } else { "Completed" };
        *it.at(place + 1, other) = json!({ "scheduledEventId": attributes["scheduledEventId"],
            "startedEventId": attributes["startedEventId"] });
    });
    let same = again(place + 1, it.events[place]["eventId"].as_i64()?);
    Some(vec![again(last, id), again(place + 1, 10_000).renumbered(), other.renumbered(), same])
}

fn too_early(it: &Recorded) -> Option<Planted> {
    let (started, scheduled) = (it.place("Started")?, it.place("Scheduled")?);
    let began = it.time(scheduled);
    if it.attempt()? == 1 {
        return Some(FAR.map(|far| it.moved(started, began - far)).into());
    }
    let policy = &it.events[scheduled][key("Scheduled")]["retryPolicy"];
    let interval = |name: &str| {
        let text = policy[name].as_str()?.strip_suffix('s')?;
        text.parse().ok().map(|seconds: f64| seconds * 1e9)
    };
    let (initial, most) = (interval("initialInterval")?, interval("maximumInterval")?);
    let coefficient = policy["backoffCoefficient"].as_f64().unwrap_or(1.0);
    let waits =
        (0..it.attempt()? - 1).map(|index| (initial * coefficient.powi(index as i32)).min(most));
    let waits = waits.sum::<f64>() as i64;
    let close = it.close()?.0;
    let early = |far: i64| (waits > far).then(|| it.moved(started, began + waits - far));
    let all = FAR.into_iter().chain([2_000_000]).filter_map(early);
    let by_policy = it.waited_by_the_policy() && it.time(close) > began;
    by_policy.then(|| all.collect())
}

fn timeout_too_early(it: &Recorded) -> Option<Planted> {
    let (close, _) = it.close().filter(|(_, kind)| *kind == "TimedOut")?;
    let attributes = &it.events[close][key("TimedOut")];
    let word = attributes["failure"]["timeoutFailureInfo"]["timeoutType"].as_str()?;
    let began = it.time(it.place("Scheduled")?);
    let start = it.place("Started").map(|place| it.time(place));
    let of_attempt = || {
        let run = it.option("startToCloseTimeout");
        run.into_iter().chain(it.option("heartbeatTimeout")).min()
    };
    let deadline = match (word, start) {
        ("TIMEOUT_TYPE_START_TO_CLOSE", Some(start)) => start + it.option("startToCloseTimeout")?,
        ("TIMEOUT_TYPE_HEARTBEAT", Some(start)) => start + it.option("heartbeatTimeout")?,
        ("TIMEOUT_TYPE_SCHEDULE_TO_CLOSE", Some(start)) => {
            (start + of_attempt()?).min(began + it.option("scheduleToCloseTimeout")?)
        }
        ("TIMEOUT_TYPE_SCHEDULE_TO_START", None) => began + it.option("scheduleToStartTimeout")?,
        ("TIMEOUT_TYPE_SCHEDULE_TO_CLOSE", None) => began + it.option("scheduleToCloseTimeout")?,
        _ => return None,
    };
    let early = FAR.into_iter().map(|far| deadline - far);
    let early = early.filter(|early| *early > start.unwrap_or(began));
    Some(early.map(|early| it.moved(close, early)).collect())
}

fn canceled_without_request(it: &Recorded) -> Option<Planted> {
    let (close, kind) = it.close()?;
    if kind == "Canceled" {
        let asked = it.place("CancelRequested")?;
        let gone = it.with(|it| drop(it.events.remove(asked)));
        return Some(vec![gone.clone(), gone.renumbered()]);
    }
    if it.place("CancelRequested").is_some() {
        return None;
    }
    let canceled = |latest: Value| {
        it.with(|it| {
            let attributes = it.at(close, kind).take();
            let event = it.events[close].as_object_mut().expect("an event");
            event.remove(&key(kind));
            event.insert("eventType".to_owned(), json!("EVENT_TYPE_ACTIVITY_TASK_CANCELED"));
            *it.at(close, "Canceled") = json!({
                "scheduledEventId": attributes["scheduledEventId"],
                "startedEventId": attributes["startedEventId"],
                "latestCancelRequestedEventId": latest,
            });
        })
    };
    Some(vec![canceled(Value::Null), canceled(json!("4"))])
}

fn retry_after_cancel(it: &Recorded) -> Option<Planted> {
    let (scheduled, started) = (it.place("Scheduled")?, it.place("Started")?);
    let is_retry = it.attempt()? > 1 && it.close().is_some();
    let (began, start) = (it.time(scheduled), it.time(started));
    let far = FAR.into_iter().filter(|far| is_retry && start - far > began);
    let asked = it.place("CancelRequested");
    let planted = far.map(|far| match asked {
        Some(asked) => it.moved(asked, start - far),
        None => {
            let id = it.events[scheduled]["eventId"].clone();
            let asked = json!({ "eventId": 10_000, "eventTime": start - far,
                "eventType": "EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED",
                key("CancelRequested"): { "scheduledEventId": id,
                    "workflowTaskCompletedEventId": "4" } });
            it.with(|it| it.events.insert(scheduled + 1, asked)).renumbered()
        }
    });
    Some(planted.collect())
}

fn unknown_event(it: &Recorded) -> Option<Planted> {
    let (close, kind) = it.close()?;
    let names = |field: &'static str, id: Value| it.with(|it| it.at(close, kind)[field] = id);
    let mut planted = vec![
        names("scheduledEventId", json!("999")),
        names("scheduledEventId", json!("3")),
        names("scheduledEventId", Value::Null),
        names("startedEventId", json!("999")),
        names("startedEventId", json!("3")),
    ];
    if let Some(started) = it.place("Started") {
        planted.push(names("startedEventId", Value::Null));
        for id in ["999", "3"] {
            planted.push(it.with(|it| it.at(started, "Started")["scheduledEventId"] = json!(id)));
        }
    }
    Some(planted)
}

fn wrong_retry_state(it: &Recorded) -> Option<Planted> {
    let (close, kind) = it.close().filter(|(_, kind)| *kind == "Failed" || *kind == "TimedOut")?;
    let is = it.events[close][key(kind)]["retryState"].as_str()?.to_owned();
    let states = [
        "NON_RETRYABLE_FAILURE",
        "TIMEOUT",
        "MAXIMUM_ATTEMPTS_REACHED",
        "CANCEL_REQUESTED",
        "IN_PROGRESS",
        "RETRY_POLICY_NOT_SET",
        "INTERNAL_SERVER_ERROR",
    ];
    let states = states.map(|state| format!("RETRY_STATE_{state}"));
    let others = states.into_iter().filter(|state| *state != is).map(|state| json!(state));
    let all = others.chain([Value::Null]);
    Some(all.map(|state| it.with(|it| it.at(close, kind)["retryState"] = state)).collect())
}

fn wrong_timeout_type(it: &Recorded) -> Option<Planted> {
    let (close, _) = it.close().filter(|(_, kind)| *kind == "TimedOut")?;
    let info = &it.events[close][key("TimedOut")]["failure"]["timeoutFailureInfo"];
    let is = info["timeoutType"].as_str()?.to_owned();
    let silent = it.option("heartbeatTimeout");
    let run = it.option("startToCloseTimeout")?;
    let types = [
        ("START_TO_CLOSE", "StartToClose"),
        ("SCHEDULE_TO_START", "ScheduleToStart"),
        ("SCHEDULE_TO_CLOSE", "ScheduleToClose"),
        ("HEARTBEAT", "Heartbeat"),
    ];
    let mut planted = Vec::new();
    for (word, name) in types {
        let other = format!("TIMEOUT_TYPE_{word}");
        // What ran into start-to-close may as well have fallen silent before, and what waits long
        // enough for schedule-to-close may have waited too long for a worker.
        let can_be = word == "HEARTBEAT"
            && is == "TIMEOUT_TYPE_START_TO_CLOSE"
            && silent.is_some_and(|silent| silent < run)
            || word == "SCHEDULE_TO_START" && it.place("Started").is_none();
        if other == is {
            continue;
        }
        let typed = it.with(|it| {
            let failure = &mut it.at(close, "TimedOut")["failure"];
            failure["timeoutFailureInfo"]["timeoutType"] = json!(other);
        });
        let worded = typed.with(|it| {
            let failure = &mut it.at(close, "TimedOut")["failure"];
            failure["message"] = json!(format!("activity {name} timeout"));
        });
        planted.push(typed);
        planted.extend((!can_be).then_some(worded));
    }
    Some(planted)
}

fn close_before_start(it: &Recorded) -> Option<Planted> {
    let (started, (close, kind)) = (it.place("Started")?, it.close()?);
    let swapped = it.with(|it| {
        let (one, other) =
            (it.events[started]["eventId"].clone(), it.events[close]["eventId"].clone());
        it.at(close, kind)["startedEventId"] = other.clone();
        it.events[started]["eventId"] = other;
        it.events[close]["eventId"] = one;
        it.events.swap(started, close);
    });
    Some(vec![swapped])
}

#[test]
fn faults_in_recorded_histories_are_violations_unless_the_documentation_tolerates_them() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ground-truth/workflow.jsonl");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return crate::not_run(&path);
    };
    let documented = documented();
    let mut used = tolerated(&documented);
    let mut random = Random::new(99);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut escaped: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for line in text.lines() {
        let trace: Value = serde_json::from_str(line).expect("a trace a line");
        let recorded = Recorded::of(&trace);
        // Where checks are on, a third of them, and all that have many attempts.
        if cfg!(debug_assertions) && !random.one_in(3) && recorded.attempt() < Some(3) {
            continue;
        }
        for (name, plant) in FAULTS {
            let planted = plant(&recorded).unwrap_or_default();
            for (index, history) in planted.iter().enumerate() {
                let mut escapes = |how: String, why: &str| {
                    let example = format!("{}: {why}", trace["name"]);
                    escaped.entry(how).or_insert((0, example)).0 += 1;
                };
                let count = counts.entry(name).or_default();
                count.0 += 1;
                let (verdict, tolerances, why) = worst(&history.json(), true);
                if verdict != Verdict::Violates || !tolerances.is_empty() {
                    escapes(format!("{name}, {index}, strictly: {}", verdict.name()), &why);
                }
                let (verdict, tolerances, why) = worst(&history.json(), false);
                if verdict == Verdict::Violates {
                    continue;
                }
                count.1 += 1;
                let allowed = |it: &&str| documented[name].iter().any(|other| other == it);
                if tolerances.is_empty() || !tolerances.iter().all(allowed) {
                    let how = verdict.name();
                    escapes(format!("{name}, {index}: {how} as {tolerances:?}"), &why);
                }
                used.entry(name).or_default().extend(tolerances);
            }
        }
    }
    let mut report = String::new();
    for (how, (count, example)) in &escaped {
        let _ = writeln!(report, "{count} times {how}, as {example}");
    }
    println!("planted, and tolerated by name: {counts:?}");
    assert!(escaped.is_empty(), "{report}");
    for (name, _) in FAULTS {
        assert!(counts.get(name).is_some_and(|(all, _)| *all >= 10), "{name}: {counts:?}");
    }
    if !cfg!(debug_assertions) {
        nothing_is_documented_in_vain(&documented, &used);
    }
}

fn nothing_is_documented_in_vain(documented: &Documented, used: &BTreeMap<&str, BTreeSet<&str>>) {
    for (fault, tolerances) in documented {
        for tolerance in tolerances {
            let used = used.get(fault.as_str());
            let is_used = used.is_some_and(|used| used.contains(tolerance.as_str()));
            assert!(is_used, "{fault} is never tolerated as {tolerance}");
        }
    }
}
