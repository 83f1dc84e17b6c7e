//! A small, deterministic share of fuzzing: documents with mutations, documents grown of bytes that
//! look random, and every file that a fuzzer once found. `fuzz/` has the whole;
//! `FUZZ_SHARE=40` makes it forty times as many.

use crate::grown::{KEYS, VALUES, grown, utf16};
use crate::readers::hold;
use serde_json::json;
use std::env;
use std::fs;
use std::path::Path;

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }
}

/// A history in JSON, as text.
fn history() -> String {
    json!({ "events": [
        { "eventId": "1", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED",
            "workflowExecutionStartedEventAttributes": { "workflowRunTimeout": "60s" } },
        { "eventId": "5", "eventTime": "2026-01-01T00:00:00.25Z",
            "activityTaskScheduledEventAttributes": { "activityId": "a",
                "activityType": { "name": "Work" }, "workflowTaskCompletedEventId": "4",
                "startToCloseTimeout": "10s", "input": { "payloads": [{ "data": "e30=" }] },
                "retryPolicy": { "initialInterval": "1s", "backoffCoefficient": 2,
                    "maximumInterval": "100s", "nonRetryableErrorTypes": ["Fatal"] } } },
        { "eventId": "6", "eventTime": "2026-01-01T00:00:03Z",
            "activityTaskStartedEventAttributes": { "scheduledEventId": "5", "attempt": 2,
                "requestId": "r", "lastFailure": { "message": "boom", "cause": { "message": "µ" },
                    "applicationFailureInfo": { "type": "Transient", "nextRetryDelay": "1s" } } } },
        { "eventId": "7", "eventTime": "2026-01-01T00:00:04.5Z",
            "activityTaskTimedOutEventAttributes": { "scheduledEventId": "5", "startedEventId": "6",
                "failure": { "timeoutFailureInfo": { "timeoutType": "TIMEOUT_TYPE_HEARTBEAT" } },
                "retryState": "RETRY_STATE_TIMEOUT" } },
    ] })
    .to_string()
}

/// Documents of every kind.
fn seeds() -> Vec<Vec<u8>> {
    let described = json!({
        "executionConfig": { "workflowRunTimeout": "60s" },
        "workflowExecutionInfo": { "startTime": "2026-01-01T00:00:00Z" },
        "pendingActivities": [{ "activityId": "1", "activityType": { "name": "Render" },
            "state": "PENDING_ACTIVITY_STATE_SCHEDULED", "attempt": 2,
            "scheduledTime": "2026-01-01T00:00:07Z",
            "lastFailure": { "message": "m", "serverFailureInfo": { "nonRetryable": true } },
            "activityOptions": { "startToCloseTimeout": "60s" } }],
    });
    let standalone = json!({ "info": { "activityId": "a", "activityType": { "name": "t" },
        "status": "ACTIVITY_EXECUTION_STATUS_RUNNING", "attempt": 1,
        "runState": "PENDING_ACTIVITY_STATE_STARTED", "startToCloseTimeout": "60s" } });
    let cadence = json!([{ "eventId": 7, "timestamp": 1_598_342_558_280_289_882_i64,
        "eventType": "ActivityTaskScheduled", "activityTaskScheduledEventAttributes": {
            "activityId": "0", "scheduleToCloseTimeoutSeconds": 2,
            "startToCloseTimeoutSeconds": 1, "decisionTaskCompletedEventId": 4 } }]);
    let history = history();
    let yaml =
        "one: &one\n  startToCloseTimeout: 1.5s\ntwo:\n  <<: *one\n  retry: {maximumAttempts: 3}\n";
    let toml = "start_to_close_timeout = \"1h 30m\"\n[retry_policy]\nbackoff_coefficient = 1.5\n\
        non_retryable_error_types = [\"Fatal\"]\n";
    vec![
        utf16(&history, u16::to_le_bytes),
        utf16(&history, u16::to_be_bytes),
        format!("---\n{history}").into_bytes(),
        history.into_bytes(),
        described.to_string().into_bytes(),
        standalone.to_string().into_bytes(),
        cadence.to_string().into_bytes(),
        yaml.as_bytes().to_vec(),
        toml.as_bytes().to_vec(),
        message(),
    ]
}

/// A history in protobuf: an activity that is scheduled and started.
fn message() -> Vec<u8> {
    let framed = |tag: &[u8], inner: &[u8]| {
        [tag, &[u8::try_from(inner.len()).expect("it is short")], inner].concat()
    };
    let id = framed(&[0x0a], b"a");
    let timeout = framed(&[0x4a], &[0x08, 0x0a]);
    let scheduled = framed(&[0x7a], &[id, timeout].concat());
    let scheduled = framed(&[0x0a], &[&[0x08, 0x05][..], &scheduled].concat());
    let started = framed(&[0x82, 0x01], &[0x08, 0x05, 0x20, 0x02]);
    let started = framed(&[0x0a], &[&[0x08, 0x06][..], &started].concat());
    [scheduled, started].concat()
}

fn mutated(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(12)).min(bytes.len());
        let word = match numbers.below(8) {
            0 => vec![numbers.byte()],
            1 => KEYS[numbers.below(KEYS.len())].as_bytes().to_vec(),
            2 => VALUES[numbers.below(VALUES.len())].as_bytes().to_vec(),
            3 => b"\"{[]},:\\\n\xff\xd8"[numbers.below(10)..].to_vec(),
            4 => bytes[at..end].to_vec(),
            5 => b"{\"a\":[".repeat(numbers.below(300)),
            6 if at < bytes.len() => {
                bytes[at] ^= 1 << numbers.below(8);
                continue;
            }
            _ => Vec::new(),
        };
        let removed = if numbers.below(2) == 0 { at..end } else { at..at };
        bytes.splice(removed, word);
    }
    bytes
}

#[test]
fn documents_with_mutations_are_read_or_refused() {
    let mut numbers = Numbers(14);
    let (mut documents, mut histories, mut all) = (0, 0, 0);
    for seed in seeds() {
        assert!(hold(&seed).is_document || hold(&seed).is_history, "{}", seed.escape_ascii());
        for _ in 0..MUTATIONS * share() {
            let found = hold(&mutated(&seed, &mut numbers));
            documents += u32::from(found.is_document);
            histories += u32::from(found.is_history);
            all += 1;
        }
    }
    // Most are refused, but not all: neither side is idle.
    println!("{all} mutations: {documents} documents, {histories} histories");
    assert!(documents > all / 50 && histories > all / 50, "{documents}, {histories} of {all}");
}

#[test]
fn documents_grown_of_any_bytes_are_read_or_refused() {
    let mut numbers = Numbers(15);
    let (mut histories, mut all) = (0, 0);
    for _ in 0..GROWN * share() {
        let length = numbers.below(160);
        let bytes: Vec<u8> = (0..length).map(|_| numbers.byte()).collect();
        hold(&bytes);
        histories += u32::from(hold(&grown(&bytes)).is_history);
        all += 1;
    }
    println!("{all} grown: {histories} histories");
    assert!(histories > all / 50, "{histories} of {all}");
}

#[test]
fn what_was_found_once_is_not_found_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/regressions");
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").path());
    let mut held = 0;
    for path in names {
        hold(&fs::read(&path).expect("a file"));
        held += 1;
    }
    assert!(held > 0, "there are some");
}

#[test]
fn what_is_nested_without_end_is_refused() {
    for open in [
        "[",
        "{\"events\":",
        "{\"events\":[",
        "{\"failure\":{\"cause\":",
        "- ",
        "a: [",
        "a = [",
        "&a [*a, ",
    ] {
        hold(open.repeat(100_000).as_bytes());
        hold(
            format!("{{\"eventId\":1,\"activityTaskFailedEventAttributes\":{}", open.repeat(9_000))
                .as_bytes(),
        );
    }
    let mut cause = Vec::new();
    for _ in 0..10_000 {
        let mut outer = vec![0x22];
        let mut length = cause.len();
        while length >= 0x80 {
            outer.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
            length >>= 7;
        }
        outer.push(u8::try_from(length).unwrap());
        outer.extend(cause);
        cause = outer;
    }
    hold(&[&[0x0a, 0x7f, 0x08, 0x01][..], &cause].concat());
}

/// How many times as many are read as usual.
fn share() -> usize {
    let share = env::var("FUZZ_SHARE").ok().map(|it| it.parse().expect("FUZZ_SHARE is a number"));
    share.unwrap_or(1)
}

const MUTATIONS: usize = 500;
const GROWN: usize = 5_000;
