//! Questions that people asked in public, each answered by one command within its first 24 lines of
//! a hundred columns.

use super::support::activity;
use std::path::Path;

/// How many lines a terminal shows at once, and how wide it is.
const LINES: usize = 24;
const COLUMNS: usize = 100;

/// What somebody asked, the arguments that answer it, and what the answer has to say.
type Question = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const QUESTIONS: [Question; 46] = [
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
    (
        "runaway",
        "an error that does not go away: how often is it tried, and does that ever end?",
        &["--start-to-close", "2m"],
        &[
            "attempts without limit (maximum_attempts 0)",
            "It can stay open for ever",
            "every attempt fails at once no end never open for ever, an attempt every 1m 40s",
        ],
    ),
    (
        "does-it-matter",
        "three attempts: does a maximum interval of 5 s even matter?",
        &["--start-to-close", "10s", "--maximum-interval", "5s", "--maximum-attempts", "3"],
        &["waits 1s, 2s (3s in all); maximum_interval 5s is never reached"],
    ),
    (
        "checkpoint",
        "a worker dies after an hour of work: where does the next attempt go on?",
        &["--start-to-close", "2h", "--heartbeat", "10m"],
        &[
            "The next attempt is given the details of the last heartbeat that was sent",
            "up to 1m of work, is lost with a worker",
        ],
    ),
    (
        "no-heartbeat-timeout",
        "it heartbeats every second and has no heartbeat timeout: does a cancel arrive?",
        &["--start-to-close", "1h", "--heartbeats-every", "1s"],
        &["up to 30s later", "one in default_heartbeat_throttle_interval at most"],
    ),
    (
        "no-grace",
        "workers are replaced without grace while a function of ten minutes runs: when is it retried?",
        &["--start-to-close", "1h", "--function-takes", "10m", "--worker-shutdown-grace", "0s"],
        &[
            "A dead worker is noticed only after start-to-close (1h)",
            "the worker shuts down without grace 2 1h 10m 1s Completed",
        ],
    ),
    (
        "wrong-name",
        "StartToClose is not to be retried, and it is: why?",
        &["--start-to-close", "1m", "--non-retryable", "StartToClose"],
        &["StartToClose matches no timeout, which is TemporalTimeout:StartToClose or"],
    ),
    (
        "busy-workers",
        "workers are busy for two minutes and schedule-to-start is one: is that retried?",
        &[
            "--start-to-close",
            "5m",
            "--schedule-to-start",
            "1m",
            "--poll-latency",
            "2m",
            "--maximum-attempts",
            "3",
        ],
        &[
            "3 attempts at most, so 2 retries; waits 1s, 2s (3s in all)",
            "A task that no worker takes for 1m ends it (schedule-to-start), without a retry",
            "every attempt fails at once 0 of 3 1m TimedOut (schedule-to-start)",
            "success at once 0 of 3",
        ],
    ),
    (
        "in-the-queue",
        "does the time in the queue count against the timeouts?",
        &["--start-to-close", "1m", "--schedule-to-close", "1m", "--poll-latency", "50s"],
        &["every attempt hangs 1 1m TimedOut (schedule-to-close); attempt 1 gets 10s of 1m"],
    ),
    (
        "tutorial",
        "the other service is away for a minute and comes back: is it still tried then?",
        &["--start-to-close", "5s", "--maximum-attempts", "3", "--maximum-interval", "2s"],
        &["every attempt fails at once 3 of 3 3s Failed, all attempts used"],
    ),
    (
        "seldom",
        "a heartbeat timeout of 30 s, and a heartbeat every ten minutes: does a cancel arrive?",
        &["--start-to-close", "1h", "--heartbeat", "30s", "--heartbeats-every", "10m"],
        &[
            "An attempt that takes longer than 30s is timed out although it is well",
            "It cannot reach a running attempt, which is timed out before it heartbeats",
        ],
    ),
    (
        "run-bounds",
        "no limit of attempts in a workflow of an hour: does its end stop them?",
        &["--start-to-close", "5m", "--run-timeout", "1h"],
        &[
            "At most 42 attempts can start before the end of the workflow run (at 1h)",
            "It is over after 1h at the latest, with the workflow run",
        ],
    ),
    (
        "delay",
        "it starts in an hour and schedule-to-close is half an hour: does the delay count?",
        &["--start-delay", "1h", "--schedule-to-close", "30m"],
        &["It is over after 1h 30m at the latest", "attempt 1 fails, not retryable 1 1h Failed"],
    ),
    (
        "every-five-seconds",
        "a look every five seconds for an hour: how many attempts are that?",
        &[
            "--start-to-close",
            "10s",
            "--schedule-to-close",
            "1h",
            "--initial-interval",
            "5s",
            "--backoff-coefficient",
            "1",
        ],
        &["At most 720 attempts can start before schedule-to-close (1h)", "719 × 5s"],
    ),
    (
        "longer-heartbeat",
        "a heartbeat timeout that is longer than start-to-close: what does it do?",
        &["--start-to-close", "5m", "--heartbeat", "10m"],
        &[
            "heartbeat_timeout 10m → 5m (never longer than start_to_close_timeout)",
            "heartbeat never takes effect",
        ],
    ),
    (
        "too-slow",
        "the function takes seven minutes here, and start-to-close is five: what becomes of it?",
        &["--start-to-close", "5m", "--function-takes", "7m", "--maximum-attempts", "3"],
        &[
            "the function takes 7m each time 3 of 3 15m 3s TimedOut (start-to-close), all attempts",
            "Attempts can overlap",
        ],
    ),
    (
        "asks-too-late",
        "the failure asks for a retry tomorrow, and there are twelve hours: is it waited for?",
        &["--start-to-close", "5m", "--schedule-to-close", "12h", "--next-retry-delay", "24h"],
        &["A failure is never retried: the wait that it asks for (1d) does not end before"],
    ),
    (
        "two-minutes-left",
        "five attempts in five minutes: why is it timed out after three minutes and two attempts?",
        &[
            "--start-to-close",
            "60s",
            "--schedule-to-close",
            "5m",
            "--maximum-attempts",
            "5",
            "--initial-interval",
            "1m",
        ],
        &[
            "Attempts 4 to 5 can never start",
            "every attempt hangs 2 of 5 3m TimedOut (schedule-to-close), no time for a retry",
        ],
    ),
    (
        "from-elsewhere",
        "a webhook completes it by id five minutes later, and nobody heartbeats meanwhile: does that work?",
        &["heartbeats.toml", "--story", "from-elsewhere.txt"],
        &["your story 3 of 3 1m 33s TimedOut (heartbeat), all attempts used"],
    ),
    (
        "short-run",
        "an attempt may take an hour and the workflow a quarter of one: what is left of the timeouts?",
        &["--start-to-close", "1h", "--run-timeout", "15m", "--maximum-attempts", "3"],
        &[
            "start_to_close_timeout 1h → 15m (never longer than workflow_run_timeout)",
            "It is over after 15m at the latest, with the workflow run",
        ],
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
