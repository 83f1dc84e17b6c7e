//! What teams may claim of their options: each claim holds of some options and fails of others, and
//! what fails is the explanation.

use activity_analysis::Explanation;
use activity_analysis::explanation::Otherwise;
use activity_execution::ActivityOptions;
use activity_execution::options::{RequestedOptions, RetryPolicy};
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
