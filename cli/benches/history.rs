//! How long it takes to read and judge recorded histories, and how much memory that takes. Goals:
//! 100 MB of ordinary histories, 95 of a hundred without hidden attempts, in 10 s; 1 GB of payload
//! in 200 MiB; an activity with 50 hidden attempts in 100 ms, one with 10,000 whose backoff reaches
//! its maximum within 50 in 1 s. Not a goal: what opening files takes.
//!
//! `cargo bench -p activity --bench history`

use activity_analysis::history::{Judgement, Strictness, Verdict, judge};
use activity_sources::documents;
use serde_json::{Value, json};
use std::env;
use std::fs;
use std::io::{self, Read};
use std::time::{Duration, Instant};

fn main() {
    let is_test = env::args().any(|argument| argument == "--test");
    let (payload, ordinary) = if is_test { (1 << 20, 1 << 18) } else { (1 << 30, 100_000_000) };
    // First, for memory that was once in use is not given back.
    payloads(payload);
    key(payload);
    many(ordinary);
    for (hidden, goal) in [(50, "100 ms"), (10_000, "1 s")] {
        let text = of(&Wanted { hidden, padding: 0, seed: 0 });
        let (took, judgements) = timed(text.as_bytes());
        assert!(explains(&judgements, hidden), "its attempts are found: {judgements:?}");
        println!("{hidden} hidden attempts: {took:.2?} (goal {goal})");
    }
}

/// A history whose only activity has a large result, in results of as much as a server takes.
fn payloads(size: usize) {
    let history = of(&Wanted { hidden: 1, padding: 0, seed: 1 });
    let (head, tail) = history.split_once(PAYLOAD).expect("there is a place for one");
    let bytes = head.as_bytes().chain(Payload { left: size }).chain(tail.as_bytes());
    large("payload", size, bytes);
}

/// A history with a key that is as large, and nobody's.
fn key(size: usize) {
    let history = of(&Wanted { hidden: 1, padding: 0, seed: 1 });
    let (head, tail) = history.split_at(1);
    let (head, tail) = (format!("{head}\""), format!("\": 1, {tail}"));
    large("key", size, head.as_bytes().chain(Payload { left: size }).chain(tail.as_bytes()));
}

fn large(what: &str, size: usize, bytes: impl Read) {
    let before = peak();
    let (took, judgements) = timed(bytes);
    assert!(explains(&judgements, 1), "its attempt is found: {judgements:?}");
    let memory = match (before, peak()) {
        (Some(before), Some(after)) => {
            format!("{:.1} MiB at most, {:.1} before", mebibytes(after), mebibytes(before))
        }
        _ => "how much memory is not told here".to_owned(),
    };
    println!("{:.0} MiB of {what}: {took:.2?}; {memory} (goal 200 MiB)", mebibytes(size));
}

/// Histories of all lengths, each read and judged by itself.
fn many(size: usize) {
    let (mut bytes, mut histories, mut activities, mut with_hidden) = (0, 0_u64, 0, 0);
    let mut took = Duration::ZERO;
    while bytes < size {
        let hidden =
            if histories.is_multiple_of(20) { 1 + i64::from(histories % 7 == 0) } else { 0 };
        let padding = 100 + usize::try_from(histories * 7_919 % 4_000).unwrap_or(0);
        let text = of(&Wanted { hidden, padding, seed: histories });
        let (one, judgements) = timed(text.as_bytes());
        assert!(explains(&judgements, hidden), "its attempts are found: {judgements:?}");
        took += one;
        bytes += text.len();
        histories += 1;
        activities += judgements.len();
        with_hidden += u64::from(hidden > 0);
    }
    let without = 100.0 - 100.0 * with_hidden as f64 / histories as f64;
    println!(
        "{:.1} MB in {histories} histories of {activities} activities, {without:.1} % without \
         hidden attempts: {took:.2?} (goal 10 s for 100 MB)",
        bytes as f64 / 1e6
    );
}

#[expect(clippy::disallowed_methods, reason = "a bench measures")]
fn timed(bytes: impl Read) -> (Duration, Vec<Judgement>) {
    let begun = Instant::now();
    let history = documents::history(bytes).expect("it is a history");
    let judgements = judge(&history, Strictness { is_strict: true, ..Strictness::default() });
    (begun.elapsed(), judgements)
}

fn explains(judgements: &[Judgement], hidden: i64) -> bool {
    let [judgement] = judgements else { return false };
    judgement.verdict == Verdict::Conforms
        && judgement.explained.as_ref().is_some_and(|it| it.at_least == hidden)
}

/// Which history.
struct Wanted {
    hidden: i64,
    /// How long the input and the result are, all together.
    padding: usize,
    seed: u64,
}

/// A history with one activity that completes after so many hidden attempts. The backoff is doubled
/// from 1 s up to 100 s.
fn of(wanted: &Wanted) -> String {
    let Wanted { hidden, padding, seed } = *wanted;
    let waits = (0..hidden).map(|index| 1_000 << index.min(7)).map(|wait: i64| wait.min(100_000));
    let started = waits.sum::<i64>() + 1 + i64::try_from(seed % 500).unwrap_or(0);
    let data = "YWN0aXZpdHkg".repeat(padding / 24 + 1);
    let payloads = |mark: &str| {
        let encoding = json!({ "encoding": "anNvbi9wbGFpbg==" });
        json!({ "payloads": [{ "metadata": encoding, "data": format!("{mark}{data}") }] })
    };
    let mut start = json!({ "scheduledEventId": "5", "identity": "worker", "requestId": "r",
        "attempt": hidden + 1 });
    if hidden > 0 {
        start["lastFailure"] = json!({ "message": "refused", "source": "GoSDK",
            "applicationFailureInfo": { "type": "Transient" } });
    }
    let task = json!({ "taskQueue": { "name": "q" }, "startToCloseTimeout": "10s" });
    let events = [
        (
            0,
            "WorkflowExecutionStarted",
            json!({ "workflowType": { "name": "Order" },
            "input": payloads("") }),
        ),
        (0, "WorkflowTaskScheduled", task),
        (0, "WorkflowTaskStarted", json!({ "scheduledEventId": "2", "requestId": "r" })),
        (0, "WorkflowTaskCompleted", json!({ "scheduledEventId": "2", "startedEventId": "3" })),
        (
            0,
            "ActivityTaskScheduled",
            json!({ "activityId": "a", "input": payloads(""),
            "activityType": { "name": "Charge" }, "workflowTaskCompletedEventId": "4",
            "startToCloseTimeout": "600s", "retryPolicy": { "initialInterval": "1s",
                "backoffCoefficient": 2, "maximumInterval": "100s" } }),
        ),
        (started, "ActivityTaskStarted", start),
        (
            started + 5,
            "ActivityTaskCompleted",
            json!({ "result": payloads(PAYLOAD),
            "scheduledEventId": "5", "startedEventId": "6" }),
        ),
    ];
    let events = (1..).zip(events).map(|(id, (at, kind, attributes))| {
        let key = format!("{}{}EventAttributes", kind[..1].to_lowercase(), &kind[1..]);
        let time = (BEGAN + at * 1_000_000).to_string();
        json!({ "eventId": id.to_string(), "eventTime": time, "eventType": kind, key: attributes })
    });
    json!({ "events": events.collect::<Vec<Value>>() }).to_string()
}

/// A payload that is made while it is read.
struct Payload {
    left: usize,
}

impl Read for Payload {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let many = buffer.len().min(self.left);
        buffer[..many].fill(b'A');
        self.left -= many;
        Ok(many)
    }
}

/// How many bytes of memory were in use at most, where the system tells it.
fn peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<usize>().ok().map(|kibibytes| kibibytes << 10)
}

fn mebibytes(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// Where a payload is put.
const PAYLOAD: &str = "@payload@";
/// An instant of 2026, in nanoseconds.
const BEGAN: i64 = 1_767_225_600_000_000_000;
