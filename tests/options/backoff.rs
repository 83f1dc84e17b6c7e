//! The arithmetic of waits, against a server's, against `powf`, and at its edges.

use activity_execution::Payload;
use activity_execution::options::{ActivityOptions, RequestedRetryPolicy, RetryPolicy};
use activity_execution::vocabulary::{Attempt, Dialect, Opaque, Retryability, Span};
use proptest::prelude::*;

/// What Go computes, which a server is written in; `options/backoff.go` wrote it down.
#[test]
fn a_wait_is_to_the_millisecond_what_a_server_computes() {
    let lines = include_str!("backoff.txt").lines();
    let cases: Vec<Vec<&str>> = lines.map(|line| line.split(' ').collect()).collect();
    for case in &cases {
        let whole = |index: usize| case[index].parse::<i64>().expect("a whole number");
        let (initial, maximum) = (Span(whole(0)), Span(whole(2)));
        let coefficient = case[1].parse().expect("a number");
        let policy = policy(initial, coefficient, maximum);
        assert_eq!(policy.backoff(Attempt(whole(3))), Span(whole(4)), "{case:?}");
    }
    assert_eq!(cases.len(), 740);
}

#[test]
fn a_wait_doubles_until_it_meets_the_maximum() {
    let options = start(RetryPolicy::builder());
    let seconds: Vec<i64> = options.backoffs().take(9).map(|wait| wait.0 / 1_000).collect();
    assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 100, 100]);
}

#[test]
fn a_fraction_of_a_millisecond_is_cut_off_only_at_the_end() {
    let policy = policy(Span(450), 1.5, Span(100_000));
    let waits: Vec<i64> = (1..=6).map(|failed| policy.backoff(Attempt(failed)).0).collect();
    assert_eq!(waits, [450, 675, 1_012, 1_518, 2_278, 3_417]);
}

/// Multiplied one by one it would be a millisecond less: the power is taken by squaring.
#[test]
fn the_power_is_taken_as_a_server_takes_it() {
    assert_eq!(policy(Span(60_000), 1.9, CENTURY).backoff(Attempt(5)), Span(781_926));
}

#[test]
fn as_many_waits_as_retries_are_listed() {
    let count = |attempts| {
        let options = start(RetryPolicy::builder().maximum_attempts(attempts));
        options.backoffs().take(1_000).count()
    };
    assert_eq!([0, 1, 2, 7].map(count), [1_000, 0, 1, 6]);
}

#[test]
fn a_coefficient_of_one_gives_equal_waits_for_ever() {
    let policy = policy(Span(5_000), 1.0, Span(500_000));
    for failed in [1, 2, 35, 1_000_000, i64::MAX] {
        assert_eq!(policy.backoff(Attempt(failed)), Span(5_000));
    }
}

#[test]
fn a_product_beyond_all_bounds_is_the_maximum_and_not_zero() {
    for coefficient in [1.000_001, 2.0, 1e9, 1e308, f64::MAX] {
        let policy = policy(CENTURY, coefficient, CENTURY);
        for failed in [1, 2, 35, 36, 64, 65, 1_024, 1_025, 5_000_000, i64::MAX] {
            assert_eq!(policy.backoff(Attempt(failed)), CENTURY);
        }
    }
    let smallest = policy(Span(1), 2.0, CENTURY);
    assert_eq!(smallest.backoff(Attempt(35)), Span(1 << 34));
    assert_eq!(smallest.backoff(Attempt(42)), Span(1 << 41));
    for failed in [43, 44, 45, 64, 65, 1_000, 3_000_000] {
        assert_eq!(smallest.backoff(Attempt(failed)), CENTURY, "attempt {failed}");
    }
}

#[test]
fn a_number_before_the_first_attempt_counts_as_the_first() {
    let policy = policy(Span(700), 3.0, Span(90_000));
    for failed in [i64::MIN, -1, 0, 1] {
        assert_eq!(policy.backoff(Attempt(failed)), Span(700));
    }
}

/// Nothing is checked where there is no retry; the numbers must still do no harm.
#[test]
fn a_policy_without_retries_never_waits_less_than_nothing() {
    let edges = [f64::MIN, -2.0, 0.1, f64::MIN_POSITIVE, f64::MAX];
    for coefficient in edges {
        for interval in [i64::MIN, -1, 1, i64::MAX] {
            let policy = RetryPolicy::builder()
                .initial_interval(Span(interval))
                .maximum_interval(Span(interval))
                .backoff_coefficient(coefficient)
                .maximum_attempts(1);
            let options = start(policy);
            for failed in [1, 2, 3, 1_000] {
                assert!(options.backoff(Attempt(failed)) >= Span(0));
            }
        }
    }
}

#[test]
fn only_a_positive_delay_replaces_the_wait_and_no_maximum_bounds_it() {
    let options = start(RetryPolicy::builder().maximum_interval(Span(3_000)));
    let delay = |next_retry_delay| options.retry_delay(Attempt(2), next_retry_delay).0;
    assert_eq!(delay(None), 2_000);
    assert_eq!(delay(Some(Span(0))), 2_000);
    assert_eq!(delay(Some(Span(-5))), 2_000);
    assert_eq!(delay(Some(Span(1))), 1);
    let century = ActivityOptions::LONGEST_DURATION;
    assert_eq!(delay(Some(century)), century.0);
}

#[test]
fn no_failure_asks_for_a_wait_that_a_server_could_not_count_in_nanoseconds() {
    let longest = RetryPolicy::LONGEST_WAIT.0;
    assert_eq!(longest, 9_223_372_036_854);
    let standalone = start(RetryPolicy::builder());
    let workflow = standalone.clone().in_dialect(Dialect::Workflow);
    let waits = |options: &ActivityOptions, delay| match options.retry(
        Attempt(2),
        &Payload::none(),
        Some(Span(delay)),
    ) {
        Retryability::After(Span(wait)) => wait,
        Retryability::NonRetryable | Retryability::TimedOut | Retryability::NoInterval => {
            panic!("it is retried")
        }
    };
    for options in [&standalone, &workflow] {
        assert_eq!(waits(options, longest), longest);
        assert_eq!(waits(options, longest + 1), longest);
        assert_eq!(waits(options, i64::MAX), longest);
    }
    assert_eq!(waits(&standalone, i64::MIN), 2_000);
    assert_eq!(waits(&workflow, -longest), -longest);
    assert_eq!(waits(&workflow, -longest - 1), -longest);
    assert_eq!(waits(&workflow, i64::MIN), -longest);
}

proptest! {
    #[test]
    fn a_wait_is_never_zero_never_above_the_maximum_and_never_shorter_than_the_last(
        policy in any_policy(),
        failed in 1_i64..4_000_000,
    ) {
        let wait = policy.backoff(Attempt(failed));
        prop_assert!(wait > Span(0));
        // Only so many nanoseconds are exact in floating point.
        let is_exact = policy.initial_interval() <= Span((1 << 53) / 1_000_000);
        prop_assert!(wait + Span(i64::from(!is_exact)) >= policy.initial_interval());
        prop_assert!(wait <= policy.maximum_interval());
        prop_assert!(wait <= policy.backoff(Attempt(failed + 1)));
    }

    /// `powf` rounds once where repeated squaring rounds at each step: equal up to that.
    #[test]
    fn a_wait_is_the_power_that_the_standard_library_computes(
        policy in any_policy(),
        failed in 1_i32..200,
    ) {
        let initial = policy.initial_interval().0 as f64;
        let exact = initial * policy.backoff_coefficient().powf(f64::from(failed - 1));
        let exact = exact.min(policy.maximum_interval().0 as f64);
        let wait = policy.backoff(Attempt(failed.into())).0 as f64;
        prop_assert!((exact - wait).abs() <= 1.0 + exact * 1e-13, "{exact} {wait}");
    }

    /// Whole coefficients give whole powers, which both compute without rounding.
    #[test]
    fn a_whole_coefficient_gives_exact_waits(
        initial in 1_i64..10_000,
        coefficient in 1_i32..6,
        failed in 1_i32..9,
    ) {
        let policy = policy(Span(initial), f64::from(coefficient), CENTURY);
        let power = i128::from(coefficient).pow((failed - 1).unsigned_abs());
        let product = i128::from(initial) * power;
        prop_assert_eq!(i128::from(policy.backoff(Attempt(failed.into())).0), product);
    }
}

fn any_policy() -> impl Strategy<Value = RetryPolicy> {
    let coefficient = prop_oneof![
        (1_000_u32..5_000).prop_map(|thousandths| f64::from(thousandths) / 1_000.0),
        1.0..3.0,
        1.0..f64::MAX,
    ];
    let initial = prop_oneof![1_i64..100_000, 1..=CENTURY.0];
    (initial, coefficient, 0.0..1.0).prop_map(|(initial, coefficient, part)| {
        let room = (CENTURY.0 - initial) as f64;
        let maximum = initial + (room * part * part * part) as i64;
        policy(Span(initial), coefficient, Span(maximum))
    })
}

fn policy(initial: Span, coefficient: f64, maximum: Span) -> RetryPolicy {
    let requested = RetryPolicy::builder()
        .initial_interval(initial)
        .backoff_coefficient(coefficient)
        .maximum_interval(maximum);
    start(requested).retry_policy().clone()
}

fn start(policy: RequestedRetryPolicy) -> ActivityOptions {
    let request = ActivityOptions::builder().start_to_close_timeout(Span(1_000));
    request.retry_policy(policy).build().expect("the policy is legal")
}

const CENTURY: Span = Span(100 * 365 * 24 * 3_600 * 1_000);
