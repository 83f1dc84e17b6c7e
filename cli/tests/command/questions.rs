//! Questions that people asked in public, each answered by one command within its first 24 lines of
//! a hundred columns.

use super::support::activity;
use std::path::Path;

/// How many lines a terminal shows at once, and how wide it is.
const LINES: usize = 24;
const COLUMNS: usize = 100;

/// What somebody asked, the arguments that answer it, and what the answer has to say.
type Question = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const QUESTIONS: [Question; 27] = [
    (
        "a01",
        "retries are all an hour apart, I expected backoff from 200 ms: is that my policy?",
        &["a01-every-retry-an-hour.toml"],
        &["waits 200ms, 400ms, 800ms", "maximum_interval 1h is never reached"],
    ),
    (
        "a02",
        "four attempts configured: why does it time out once and fail for good?",
        &["a02-times-out-once-and-fails.toml"],
        &["hangs, or whose worker dies, is never retried", "schedule-to-close (5m) ends it"],
    ),
    (
        "a02-after",
        "the same after the fix",
        &["a02-after-the-fix.toml"],
        &["every attempt hangs              4 of 4  20m 7s"],
    ),
    (
        "a04",
        "three attempts of ten minutes under a workflow of fifteen: which attempts happen?",
        &["a04-run-timeout-cuts-retries.toml"],
        &["every attempt hangs              2 of 3  15m", "attempt 2 gets", "4m 59s of 10m"],
    ),
    (
        "a06",
        "when is a dead worker noticed, and then?",
        &["a06-hard-coded-five-minutes.toml"],
        &["A dead worker is noticed only after start-to-close (5m)", "it is not retried"],
    ),
    (
        "a07",
        "maximum_attempts = 0: does it ever end? does the cancel of a user?",
        &["a07-zero-attempts.toml"],
        &["It can stay open for ever", "It cannot reach a running attempt", "closes it at once"],
    ),
    (
        "a08",
        "a heartbeat timeout of 1 min, all others 60, no heartbeat is sent: when does it time out?",
        &["a08-heartbeat-ignored.toml"],
        &["does not heartbeat, is noticed 1m after its last sign of life"],
    ),
    (
        "a09",
        "ten attempts: ten waits, the last of 300 s?",
        &["a09-ten-attempts.toml"],
        &["10 attempts at most, so 9 retries", "4m 16s", "maximum_interval 5m is never reached"],
    ),
    (
        "a11",
        "how late does a cancel arrive?",
        &["a11-slow-pause.toml"],
        &["up to 1m later", "0.8 × 5m = 4m", "max_heartbeat_throttle_interval, 1m"],
    ),
    (
        "a13",
        "an initial interval of ten minutes: no retry is triggered?",
        &["a13-ten-minute-interval.toml"],
        &["waits 10m, 20m", "the worker dies in attempt 1       2 of 100  15m"],
    ),
    (
        "a15",
        "an activity without retry: what if it fails inside, and outside the heartbeat period?",
        &["a15-no-retry-heartbeat.toml"],
        &[
            "Whether it fails or times out, it is not retried",
            "TimedOut (heartbeat), all attempts used",
            "reports after a timeout is refused",
        ],
    ),
    (
        "a16",
        "cancelled while it waits for a retry: does the retry still run?",
        &["a16-airbyte-like-cancel-in-backoff.toml"],
        &["closes it at once while no attempt runs: in a backoff, the retry never runs"],
    ),
    (
        "h06",
        "what do these recorded options do?",
        &["h06-attributes-only.json"],
        &["5 attempts at most, so 4 retries; waits 1s, 2s, 4s, 8s", "is noticed only after"],
    ),
    (
        "h09",
        "when does it end?",
        &["h09-run-timeout-in-history.json"],
        &["It is over after", "with the workflow run"],
    ),
    (
        "h10",
        "which errors are not retried?",
        &["h10-cadence-retry-reasons.json"],
        &["never retried: java.lang.IllegalArgumentException"],
    ),
    (
        "budget",
        "all attempts have to be over within the five minutes of a subscriber: are they?",
        &["budget.toml"],
        &[
            "It is over after 5m",
            "every attempt hangs              4 of 5  5m",
            "attempt 4 gets 50s of 1m",
        ],
    ),
    (
        "gives-up",
        "it fails after half of schedule-to-close: why so early?",
        &["gives-up-half-way.toml"],
        &[
            "waits 1s, 2s, 4s, 8s, 16s (31s in all); the next would not end before schedule-to-close",
            "every attempt fails at once           6  31s      Failed, no time for a retry",
        ],
    ),
    (
        "waits",
        "no worker takes it within schedule-to-start: is that retried, and does it count once?",
        &["waits-for-a-worker.toml"],
        &["A task that no worker takes for 30s ends it (schedule-to-start), without a retry"],
    ),
    (
        "lost",
        "only start-to-close is set and the task was lost: when does it end?",
        &["only-start-to-close.toml"],
        &[
            "It can stay open for ever: while no worker takes the task",
            "a lost task is never noticed",
        ],
    ),
    (
        "named-timeout",
        "four attempts, but a timeout is never retried",
        &["timeouts-not-retried.toml"],
        &[
            "An attempt that hangs, or whose worker dies, is never retried: non_retryable_error_types \
             names TemporalTimeout:StartToClose",
            "every attempt hangs              1 of 4  2m",
        ],
    ),
    (
        "agent",
        "an agent of an hour: can a user cancel it?",
        &["agent-of-an-hour.toml"],
        &["It cannot reach a running attempt", "that runs to its end, or to start-to-close (1h)"],
    ),
    (
        "cap",
        "no maximum interval given: how long do the waits become?",
        &["default-cap.toml"],
        &["4 × 1m 40s (8m 47s in all)", "100 times initial_interval where none is given"],
    ),
    (
        "never-heartbeats",
        "a heartbeat timeout is set and the function never heartbeats, though it is well",
        &["heartbeats.toml", "--never-heartbeats", "--function-takes", "10m"],
        &[
            "the function takes 10m each time  3 of 3  1m 33s   TimedOut (heartbeat), all attempts used",
        ],
    ),
    (
        "blip",
        "the network was away for a moment and the attempt was timed out",
        &["heartbeats.toml", "--heartbeats-every", "20s"],
        &["One heartbeat that is lost, or more than 6s late, ends an attempt that is well"],
    ),
    (
        "same",
        "start-to-close and schedule-to-close are the same: why is a hang not retried?",
        &["same.toml"],
        &[
            "is never retried: schedule-to-close (30m) ends it and everything, no later than start-to-close",
        ],
    ),
    (
        "deploy",
        "workers are replaced while a function of five minutes runs: what is lost?",
        &["deploy.toml", "--worker-shutdown-grace", "10s", "--function-takes", "5m"],
        &["the worker shuts down                 2  7m 41s   Completed"],
    ),
    (
        "rate-limit",
        "each failure asks for a retry in an hour: is that what happens?",
        &["deploy.toml", "--next-retry-delay", "1h"],
        &["waits 1h each", "an attempt every 1h"],
    ),
];

#[test]
fn each_question_is_answered_at_first_sight() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command/cases");
    for (id, question, arguments, words) in QUESTIONS {
        let mut given = vec!["explain".to_owned()];
        for argument in arguments {
            let file = cases.join(argument);
            let is_file = file.exists();
            given.push(if is_file { file.display().to_string() } else { (*argument).to_owned() });
        }
        let given: Vec<&str> = given.iter().map(String::as_str).collect();
        let ran = activity(&given);
        let accepted = ran.accepted().replace(&format!("{}/", cases.display()), "");
        let wide = accepted.lines().find(|line| line.chars().count() > COLUMNS);
        assert_eq!(wide, None, "{id}");
        let first = accepted.lines().take(LINES).collect::<Vec<_>>().join("\n");
        // A sentence may be cut into lines anywhere.
        let flat = first.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat.contains(&word), "{id}, {question}: {word:?} is not in\n{first}");
        }
        insta::assert_snapshot!(format!("question-{id}"), format!("{question}\n\n{first}"));
    }
}
