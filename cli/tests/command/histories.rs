//! Questions that people asked of real histories and descriptions, and pains that many report, each
//! answered by `activity history` within its first 24 lines of a hundred columns.

use super::support::{activity, activity_with_input, folder_with};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// How many lines a terminal shows at once, and how wide it is.
const LINES: usize = 24;
const COLUMNS: usize = 100;

/// The file, what somebody asked, the exit code, and what the answer has to say.
type Question = (&'static str, &'static str, i32, &'static [&'static str]);

const QUESTIONS: [Question; 17] = [
    (
        "h01-killed-worker",
        "a worker was killed: why is there an attempt 2, and when did it come?",
        0,
        &[
            "why attempt 2: attempt 1 was silent for its heartbeat timeout of 5s, between 5s and 7s \
             356ms; 1s had to pass; attempt 2 was started at 8s 356ms",
            "attempt 2 completed 8s 45ms after its start",
        ],
    ),
    (
        "h02-describe-while-it-waits",
        "it waits for its second attempt: what may still happen?",
        0,
        &[
            "attempt 2 starts as soon as a worker polls",
            "if no worker polls: it waits for ever",
            "if the worker of attempt 2 dies: noticed 5s after its last sign of life (heartbeat); \
             attempt 3 follows 1s later",
            "TimedOut Heartbeat (MaximumAttemptsReached) from 6s on",
        ],
    ),
    (
        "h04-cadence-canary-timeout",
        "a history of Cadence: can it end as recorded?",
        3,
        &[
            "whose rules are not known here",
            "by the rules of Temporal it would be tolerated (server-version, clock-skew",
            "attempt 1 ran into start-to-close of 1s",
        ],
    ),
    (
        "h09-run-timeout-in-history",
        "when does it end?",
        0,
        &["it ends 30s after its start at the latest", "attempt 1 completed 63ms after its start"],
    ),
    (
        "r2-sdk-python-swallowed_activity_cancellation",
        "one activity is open: what becomes of it?",
        0,
        &[
            "short_activity_async 8 (event 48): conforms",
            "if no worker polls: schedule-to-start is over at",
            "the run of the workflow ends at",
            "7 other activities conform",
        ],
    ),
    (
        "r4-sdk-python-research-workflow-history",
        "when does it end?",
        0,
        &["Completed 48s 563ms after its start", "12 activities conform"],
    ),
    (
        "p01-gives-up-early",
        "an hour was allowed, why did it give up after half of it?",
        0,
        &["gave up at 31s 400ms, for the next backoff of 32s would end at 1m 3s 400ms, after \
             schedule-to-close at 1m"],
    ),
    (
        "p02-never-retried",
        "three attempts are allowed: why is there one alone, that hung?",
        0,
        &["the 5m of schedule-to-close were over while attempt 1 ran", "is never retried"],
    ),
    (
        "p03-never-heartbeats",
        "why is healthy work killed, again and again?",
        0,
        &[
            "attempt 3 was silent for its heartbeat timeout of 1m, the last of 3 attempts",
            "3 attempts that each ended so take 1m + 1s + 1m + 2s + 1m = 3m 3s",
        ],
    ),
    (
        "p04-fatal-was-retried",
        "why is an error retried that is on the list of those that are not?",
        0,
        &["failures of type app.errors.FatalError are retried: non_retryable_error_types has \
             FatalError, and types are compared letter by letter"],
    ),
    (
        "p05-cancel-never-arrives",
        "cancelled, and it goes on: why?",
        0,
        &[
            "cancellation is requested at 4s 900ms",
            "a cancel cannot reach the running attempt unless it heartbeats",
        ],
    ),
    (
        "p06-schedule-to-start",
        "five attempts are allowed: why was it never tried?",
        0,
        &["no worker took attempt 1 for 30s"],
    ),
    (
        "p07-dead-worker-describe",
        "the worker is gone: when will somebody notice?",
        0,
        &["if its worker is dead, that is noticed at 4h; attempt 2 follows 1s later"],
    ),
    (
        "p08-attempt-forty",
        "attempt 40: does it ever end?",
        0,
        &[
            "if attempt 40 fails: attempt 41 follows 1m 40s later",
            "nothing bounds the attempts: it goes on until one completes",
        ],
    ),
    (
        "p09-error-behind-timeout",
        "it timed out: what went wrong really?",
        0,
        &["attempt 2 failed (DbError: connection refused)"],
    ),
    (
        "p10-retry-storm",
        "forty attempts in three minutes: can that be by my policy?",
        0,
        &["tolerated: worker-delay"],
    ),
    (
        "p13-paused",
        "nothing happens, why?",
        0,
        &["it is paused: no attempt starts until it is unpaused"],
    ),
];

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command/cases")
}

#[test]
fn each_question_about_a_history_is_answered_at_first_sight() {
    let cases = cases();
    for (file, question, code, words) in QUESTIONS {
        let path = cases.join(format!("{file}.json"));
        let ran = activity(&["history", &path.display().to_string()]);
        assert_eq!((ran.code, ran.stderr.as_str()), (code, ""), "{file}");
        let told = ran.stdout.replace(&format!("{}/", cases.display()), "");
        let wide = told.lines().find(|line| line.chars().count() > COLUMNS);
        assert_eq!(wide, None, "{file}");
        let first = told.lines().take(LINES).collect::<Vec<_>>().join("\n");
        // A sentence may be cut into lines anywhere.
        let flat = first.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(&word), "{file}, {question}: {word:?} is not in\n{first}");
        }
        let id = file.split_once('-').map_or(file, |(id, _)| id);
        insta::assert_snapshot!(format!("question-history-{id}"), format!("{question}\n\n{first}"));
    }
}

/// A file of each kind, in the order in which they outweigh each other, with the exit code.
fn kinds() -> [(&'static str, String, i32); 4] {
    let read = |name: &str| fs::read_to_string(cases().join(name)).expect(name);
    let conforms = read("h01-killed-worker.json");
    // An attempt that started before its backoff was over.
    let violates = read("p12-too-early.json");
    [
        ("unusable.json", "{\"events\": [".to_owned(), 2),
        ("violates.json", violates, 1),
        ("undecided.json", read("h04-cadence-canary-timeout.json"), 3),
        ("conforms.json", conforms, 0),
    ]
}

#[test]
fn of_every_combination_of_files_the_gravest_tells_the_exit_code() {
    let kinds = kinds();
    let files: Vec<(&str, &String)> = kinds.iter().map(|(name, text, _)| (*name, text)).collect();
    let folder = folder_with(&files);
    for chosen in 1..16_u32 {
        let kinds = (0..).zip(&kinds).filter(|(bit, _)| chosen >> bit & 1 == 1);
        let kinds: Vec<_> = kinds.map(|(_, kind)| kind).collect();
        let expected = kinds[0].2;
        let mut names: Vec<&str> = kinds.iter().map(|(name, ..)| *name).collect();
        for _ in 0..2 {
            for format in ["human", "json", "junit"] {
                let mut arguments = vec!["history", "--strict", "--format", format];
                arguments.extend(&names);
                let ran = folder.run(&arguments);
                assert_eq!(ran.code, expected, "{names:?} as {format}: {}", ran.stdout);
                assert!(names.iter().all(|name| ran.stdout.contains(name)), "{}", ran.stdout);
            }
            names.reverse();
        }
    }
}

#[test]
fn a_history_may_come_from_standard_input() {
    let bytes = fs::read(cases().join("h01-killed-worker.json")).expect("a file");
    let ran = activity_with_input(&["history", "-"], &bytes);
    assert!(ran.accepted().starts_with("<stdin>\n"), "{}", ran.stdout);
    let ran = activity_with_input(&["history", "-"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.contains("error"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_read_is_one_error_and_others_are_judged() {
    let good = fs::read_to_string(cases().join("h01-killed-worker.json")).expect("a file");
    let endless = format!("{{\"events\": [{{\"eventId\": \"{}", "9".repeat(1 << 20));
    let folder = folder_with(&[("good", &good), ("endless", &endless), ("empty", &String::new())]);
    let ran = folder.run(&["history", "good", ".", "absent", "endless", "empty", "good"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout.matches("error: ").count(), 4, "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("render_page 1 (event 5): conforms").count(), 2);
    assert!(ran.stdout.contains("this is a directory, not a file"), "{}", ran.stdout);
    assert!(ran.stdout.contains("there is no such file"), "{}", ran.stdout);
    assert!(ran.stdout.len() < 8_000, "an endless line is not shown whole");
    assert!(ran.stdout.contains("6 files, 2 activities: 2 conforms, 4 files unusable"));
}

#[test]
fn a_picture_shows_what_is_recorded_as_points_and_what_is_not_as_ranges() {
    let text = fs::read_to_string(cases().join("h01-killed-worker.json")).expect("a file");
    let other =
        fs::read_to_string(cases().join("h02-describe-while-it-waits.json")).expect("a file");
    let folder = folder_with(&[("h.json", text), ("d.json", other)]);
    folder.run(&["history", "--svg", "one.svg", "h.json"]).accepted();
    let svg = folder.read("one.svg");
    insta::assert_snapshot!("history-svg", svg);
    assert!(svg.contains("prefers-color-scheme:dark"));
    // Scheduled, and start and end of the second attempt; one range for the first.
    assert_eq!(svg.matches("<circle class=\"point\"").count(), 4, "three, and the key");
    assert_eq!(svg.matches("class=\"bar maybe\"").count(), 3, "two attempts, and the key");
    // What has no instants is named, not drawn.
    let ran = folder.run(&["history", "--svg", "two.svg", "d.json", "h.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let svg = folder.read("two.svg");
    assert!(svg.contains("render_page 1: conforms") && svg.contains("(event 5): conforms"));
    let ran = folder.run(&["history", "--svg", "absent/one.svg", "h.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be written"), "{}", ran.stderr);
}

#[test]
fn a_terminal_of_ascii_gets_a_timeline_too() {
    let path = cases().join("h01-killed-worker.json").display().to_string();
    let ran = activity(&["history", "--ascii", &path]);
    let told = ran.accepted();
    assert!(told.is_ascii(), "{told}");
    let timeline = told.lines().skip_while(|line| !line.contains("5s          10s"));
    insta::assert_snapshot!("history-ascii", timeline.collect::<Vec<_>>().join("\n"));
}

#[test]
fn programs_get_the_run_what_is_odd_and_what_temporal_would_say() {
    let damaged = json!({ "events": [
        { "eventId": "1", "eventTime": "2026-01-01T00:00:00Z",
            "eventType": "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED",
            "workflowExecutionStartedEventAttributes": { "workflowRunTimeout": "60s" } },
        { "eventId": "2", "eventTime": "2026-01-01T00:00:01Z",
            "eventType": "EVENT_TYPE_WORKFLOW_TASK_COMPLETED",
            "workflowTaskCompletedEventAttributes": { "scheduledEventId": "7" } },
    ] });
    let cadence =
        fs::read_to_string(cases().join("h04-cadence-canary-timeout.json")).expect("a file");
    let folder = folder_with(&[("odd", damaged.to_string()), ("cadence", cadence)]);
    let ran = folder.run(&["history", "--format", "json", "odd", "cadence"]);
    let value: Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let odd = &value["files"][0];
    assert_eq!(
        (&odd["odd"][0]["event_id"], odd["activities"].as_array()),
        (&json!(2), Some(&vec![]))
    );
    assert_eq!(odd["run"]["started_nanoseconds"], "1767225600000000000");
    assert_eq!(odd["run"]["ends_nanoseconds"], "1767225660000000000");
    let cadence = &value["files"][1];
    assert_eq!(cadence["run"]["of_cadence"], true);
    let activity = &cadence["activities"][0];
    assert_eq!(activity["verdict"], "undecided");
    assert_eq!(activity["by_the_rules_of_temporal"]["verdict"], "tolerated");
    let ran = folder.run(&["history", "--format", "junit", "odd"]);
    assert!(ran.stdout.contains("<property name=\"odd\""), "{}", ran.stdout);
}
