//! What teams may claim of their options: each claim holds of some options and fails of others, and
//! what fails is the explanation.

mod heartbeats;

use activity_analysis::Explanation;
use activity_analysis::explanation::Otherwise;
use activity_analysis::scenarios::Circumstances;
use activity_execution::ActivityOptions;
use activity_execution::options::{RequestedOptions, RetryPolicy};
use activity_execution::vocabulary::Span;
use activity_execution::worker::HeartbeatThrottle;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

fn explained(options: RequestedOptions) -> Explanation {
    Explanation::of(&options.build().expect("the options are legal"))
}

/// Ten minutes for each of four attempts, with heartbeats, an hour in all.
fn good() -> Explanation {
    explained(
        ActivityOptions::builder()
            .start_to_close_timeout(10 * MINUTE)
            .schedule_to_close_timeout(HOUR)
            .heartbeat_timeout(10 * SECOND)
            .retry_policy(RetryPolicy::builder().maximum_attempts(4)),
    )
}

/// One timeout for everything: four attempts were meant.
fn bad() -> Explanation {
    explained(
        ActivityOptions::builder()
            .schedule_to_close_timeout(5 * MINUTE)
            .retry_policy(RetryPolicy::builder().maximum_attempts(4)),
    )
}

#[track_caller]
fn fails(claim: Result<(), Otherwise>, why: &str) {
    let otherwise = claim.expect_err("it does not hold");
    let said = format!("{otherwise:?}");
    assert!(said.starts_with(why), "{said}");
    assert!(said.contains("whatever happens"), "the explanation is missing: {said}");
}

#[test]
fn each_claim_holds_of_options_of_which_it_is_so() -> Result<(), Otherwise> {
    let good = good();
    good.a_failure_is_retried()?;
    good.a_crash_is_retried()?;
    good.a_timeout_is_retried()?;
    good.every_attempt_can_start()?;
    good.no_attempt_is_cut_short()?;
    good.is_over_within(HOUR)?;
    good.is_over_within_while_workers_poll(41 * MINUTE)?;
    good.a_cancel_is_noticed_within(8 * SECOND)?;
    good.a_dead_worker_is_noticed_within(10 * SECOND)
}

#[test]
fn each_claim_fails_of_options_of_which_it_is_not_so_and_explains_them() {
    let bad = bad();
    fails(bad.a_crash_is_retried(), "no attempt follows one whose worker died");
    fails(bad.a_timeout_is_retried(), "no attempt can follow one that ran into start-to-close");
    fails(bad.is_over_within(5 * MINUTE - SECOND), "it can take 5m, not 4m 59s at most");
    fails(bad.a_cancel_is_noticed_within(HOUR), "a cancel cannot reach the running attempt");
    fails(
        bad.a_dead_worker_is_noticed_within(MINUTE),
        "a dead worker is noticed only after 5m, not after 1m at most",
    );
    fails(
        bad.is_over_within_while_workers_poll(MINUTE),
        "if every attempt hangs, it takes 5m, not 1m at most",
    );
    let late = good().a_cancel_is_noticed_within(7 * SECOND);
    fails(late, "a cancel can take 8s to be noticed, not 7s at most");
}

#[test]
fn attempts_that_have_no_time_are_missed() {
    let policy = RetryPolicy::builder().maximum_attempts(3).initial_interval(10 * MINUTE);
    let short = explained(
        ActivityOptions::builder()
            .start_to_close_timeout(4 * MINUTE)
            .schedule_to_close_timeout(5 * MINUTE)
            .retry_policy(policy),
    );
    fails(short.a_failure_is_retried(), "no attempt can follow one that failed");
    fails(short.every_attempt_can_start(), "only 1 of 3 attempts can start");
    let cut = explained(
        ActivityOptions::builder()
            .start_to_close_timeout(4 * MINUTE)
            .schedule_to_close_timeout(6 * MINUTE),
    );
    fails(cut.no_attempt_is_cut_short(), "attempt 2 gets only 1m 59s");
    let open = explained(ActivityOptions::builder().start_to_close_timeout(MINUTE));
    fails(open.is_over_within(HOUR), "it can stay open for ever");
}

/// The text of the fact with this id.
fn fact(explained: &Explanation, id: &str) -> String {
    let facts = explained.facts();
    facts.into_iter().find(|it| it.id == id).map(|it| it.text).expect("it is said")
}

/// A worker sends a heartbeat every thirty seconds at most, and an attempt takes ten.
#[test]
fn no_more_work_is_lost_and_no_cancel_later_noticed_than_an_attempt_lasts() {
    let options = ActivityOptions::builder().start_to_close_timeout(10 * SECOND);
    let options = options.build().expect("the options are legal");
    let mut circumstances = Circumstances::of(&options);
    circumstances.heartbeats_every = Some(Span(1_000));
    let explained = Explanation::in_circumstances(&options, circumstances);
    let lost = fact(&explained, "heartbeat_details");
    assert!(lost.contains("up to 10s of work"), "{lost}");
    let noticed = fact(&explained, "cancel_latency");
    assert!(noticed.contains("if it still runs then: start-to-close is 10s"), "{noticed}");
    assert!(!fact(&good(), "cancel_latency").contains("if it still runs then"));
}

/// A failure asks for an hour of ten minutes: timeouts are retried, it is not, and for its own wait.
#[test]
fn a_failure_that_asks_for_too_long_a_wait_is_told_by_that_wait() {
    let options = ActivityOptions::builder()
        .start_to_close_timeout(10 * SECOND)
        .schedule_to_close_timeout(10 * MINUTE)
        .build()
        .expect("the options are legal");
    let mut circumstances = Circumstances::of(&options);
    circumstances.next_retry_delay = Some(Span(3_600_000));
    let explained = Explanation::in_circumstances(&options, circumstances);
    assert_eq!(
        fact(&explained, "failure_never_retried"),
        "A failure is never retried: the wait that it asks for (1h) does not end before \
         schedule-to-close (10m)."
    );
    let effective = explained.effective().to_string();
    assert!(effective.contains("(a failure asks for 1h; a timeout"), "{effective}");
}

#[test]
fn a_lost_heartbeat_is_called_fatal_where_the_core_times_the_attempt_out() {
    let every = Span(7_000);
    for (timeout, is_fatal) in [(13_999, true), (14_000, true), (14_001, false), (20_000, false)] {
        let options = ActivityOptions::builder()
            .start_to_close_timeout(HOUR)
            .heartbeat_timeout(Span(timeout))
            .build()
            .expect("the options are legal");
        let throttle = HeartbeatThrottle {
            default_heartbeat_throttle_interval: every,
            max_heartbeat_throttle_interval: every,
        };
        let heartbeats_every = Some(every);
        let circumstances =
            Circumstances { heartbeats_every, throttle, ..Circumstances::default() };
        let explained = Explanation::in_circumstances(&options, circumstances);
        let is_said = explained.facts().iter().any(|fact| fact.id == "late_heartbeat");
        assert_eq!(is_said, is_fatal, "{timeout}");
        // The second one is lost, the third one comes.
        let outlives_it = heartbeats::are_taken(&options, [every.0, 3 * every.0]);
        assert_eq!(outlives_it, !is_fatal, "{timeout}");
    }
}
