//! Options at their edges: extremes, products that wrap around, hashes.

use activity_execution::options::{
    ActivityOptions, InvalidOptions, Nanoseconds, RequestedOptions, RequestedRetryPolicy,
    RetryPolicy,
};
use activity_execution::vocabulary::{Attempt, Span};

fn minimal() -> RequestedOptions {
    ActivityOptions::builder().start_to_close_timeout(Span(1_000))
}

#[test]
fn what_does_not_fit_becomes_the_extreme_of_its_own_sign() {
    let whole = |nanoseconds: i128| Nanoseconds(nanoseconds).whole_milliseconds().0;
    assert_eq!(whole(i128::MAX), i64::MAX);
    assert_eq!(whole(i128::MIN), i64::MIN);
    let (greatest, least) = (i128::from(i64::MAX), i128::from(i64::MIN));
    for (milliseconds, expected) in
        [(greatest, i64::MAX), (greatest + 1, i64::MAX), (least, i64::MIN), (least - 1, i64::MIN)]
    {
        assert_eq!(whole(milliseconds * 1_000_000), expected);
    }
    // Nothing is checked where there is no retry; a server computes in 64 bits all the same.
    let beyond = RetryPolicy::builder().maximum_attempts(1);
    let beyond = RequestedRetryPolicy { initial_interval: Some(Nanoseconds(least - 1)), ..beyond };
    let options = minimal().retry_policy(beyond).build().expect("nothing is checked");
    assert_eq!(options.retry_policy().maximum_interval(), Span(0));
}

/// The hundredfold of this interval is nothing at all in 64 bits, and not less than nothing.
#[test]
fn a_product_that_wraps_around_to_zero_is_too_short_and_not_negative() {
    let interval = Some(Nanoseconds(1 << 62));
    let policy = RequestedRetryPolicy { initial_interval: interval, ..RetryPolicy::builder() };
    let refused = minimal().retry_policy(policy).build().expect_err("it overflows");
    assert!(matches!(refused, InvalidOptions::DefaultMaximumIntervalOverflows { .. }));
    let said = refused.temporal_message();
    assert_eq!(said, "MaximumInterval cannot be less than InitialInterval on retry policy.");
}

#[test]
fn the_maximum_of_attempts_is_handed_on_and_none_is_no_maximum() {
    for (attempts, expected) in [(0, None), (1, Some(Attempt(1))), (7, Some(Attempt(7)))] {
        let policy = RetryPolicy::builder().maximum_attempts(attempts);
        let options = minimal().retry_policy(policy).build().expect("the request is legal");
        assert_eq!(options.terms().maximum_attempts, expected);
    }
}

/// Equal options have one hash, and options that differ in anything have two.
#[test]
fn options_are_hashed_by_what_they_are() {
    use core::hash::BuildHasher as _;
    let hasher = std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default();
    let hash = |request: RequestedOptions| hasher.hash_one(request.build().expect("it is legal"));
    let with = |policy: RequestedRetryPolicy| hash(minimal().retry_policy(policy));
    let policy = RetryPolicy::builder;
    let all = [
        hash(minimal()),
        hash(minimal().heartbeat_timeout(Span(500))),
        hash(minimal().schedule_to_close_timeout(Span(9_000))),
        hash(minimal().schedule_to_start_timeout(Span(9_000))),
        hash(minimal().start_delay(Span(1))),
        with(policy().initial_interval(Span(2_000))),
        with(policy().backoff_coefficient(3.0)),
        with(policy().maximum_interval(Span(2_000))),
        with(policy().maximum_attempts(2)),
        with(policy().non_retryable_error_types(["Fatal"])),
    ];
    let different: std::collections::BTreeSet<u64> = all.into_iter().collect();
    assert_eq!(different.len(), all.len());
    assert_eq!(hash(minimal()), all[0]);
    // What is asked for otherwise and comes to the same.
    assert_eq!(with(policy()), all[0]);
}
