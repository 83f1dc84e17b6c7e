//! What becomes of a request: what is changed and why, what is refused and in which order.

use activity_execution::options::{
    ActivityOptions, Field, InvalidOptions, Nanoseconds, RequestedOptions, RequestedRetryPolicy,
    RetryPolicy, Rule,
};
use activity_execution::vocabulary::{
    Attempt, Dialect, Opaque, Retryability, Span, TimeoutReason, TimeoutType,
};
use activity_execution::{Failure, FailureInfo, Payload};
use core::time::Duration;
use proptest::prelude::*;

#[test]
fn every_change_says_what_it_was_and_why_it_is_no_longer() {
    let options = ActivityOptions::builder()
        .schedule_to_close_timeout(Duration::from_millis(1_100))
        .schedule_to_start_timeout(Span(5_000))
        .heartbeat_timeout(Span(3_000))
        .start_delay(Duration::from_nanos(1_500_000))
        .retry_policy(RetryPolicy::builder().initial_interval(Span(0)).backoff_coefficient(0.0))
        .build()
        .expect("the request is legal");
    assert_eq!(
        lines(&options),
        [
            "initial_interval 0s → 1s: one second where none is given",
            "maximum_interval not given → 1m 40s: 100 times initial_interval where none is given",
            "backoff_coefficient 0 → 2: 2 where none is given",
            "schedule_to_start_timeout 5s → 1s 100ms: never longer than schedule_to_close_timeout",
            "start_to_close_timeout not given → 1s 100ms: \
             schedule_to_close_timeout where none is given",
            "heartbeat_timeout 3s → 1s 100ms: never longer than start_to_close_timeout",
            "start_delay 1ms 500us → 1ms: \
             kept in whole milliseconds; less than one millisecond counts as one",
        ]
    );
}

/// Start-to-close of ten minutes under a run of fifteen: the third of three attempts has no time.
#[test]
fn the_run_of_a_workflow_bounds_every_timeout() {
    let run = |options: RequestedOptions| {
        let options = options.workflow_run_timeout(Span(900_000)).build();
        options.expect("the request is legal")
    };
    let filled = run(ActivityOptions::builder().start_to_close_timeout(Span(600_000)));
    assert_eq!(filled.dialect(), Dialect::Workflow);
    assert_eq!(filled.workflow_run_timeout(), Some(Span(900_000)));
    assert_eq!(
        lines(&filled)[3..],
        [
            "schedule_to_close_timeout not given → 15m: workflow_run_timeout where none is given",
            "schedule_to_start_timeout not given → 15m: workflow_run_timeout where none is given",
        ]
    );
    let day = Span(86_400_000);
    let clipped = run(ActivityOptions::builder()
        .start_to_close_timeout(day)
        .schedule_to_close_timeout(day)
        .heartbeat_timeout(day));
    assert_eq!(clipped.schedule_to_close_timeout(), Some(Span(900_000)));
    assert_eq!(clipped.schedule_to_start_timeout(), Some(Span(900_000)));
    assert_eq!(clipped.start_to_close_timeout(), Span(900_000));
    assert_eq!(clipped.heartbeat_timeout(), Some(Span(900_000)));
    let heartbeat = "heartbeat_timeout 1d → 15m: never longer than workflow_run_timeout";
    assert_eq!(lines(&clipped).last().map(String::as_str), Some(heartbeat));
    let none = ActivityOptions::builder().start_to_close_timeout(day).workflow_run_timeout(Span(0));
    assert_eq!(none.build().map(|it| it.dialect()), Ok(Dialect::Standalone));
}

#[test]
fn a_duration_above_a_hundred_years_is_capped() {
    let options = ActivityOptions::builder()
        .start_to_close_timeout(Duration::MAX)
        .start_delay(Span(i64::MAX))
        .build()
        .expect("the request is legal");
    assert_eq!(options.start_to_close_timeout(), Span(3_153_600_000_000));
    assert_eq!(options.start_delay(), Span(3_153_600_000_000));
    let capped: Vec<Field> = options
        .changes()
        .iter()
        .filter(|change| change.rule == Rule::AtMostHundredYears)
        .map(|change| change.field)
        .collect();
    assert_eq!(capped, [Field::StartDelay, Field::StartToCloseTimeout]);
}

/// A recorded history has an initial interval of one nanosecond.
#[test]
fn less_than_a_millisecond_is_kept_as_one_and_not_taken_for_none() {
    let policy = RetryPolicy::builder()
        .initial_interval(Duration::from_nanos(1))
        .maximum_interval(Duration::from_nanos(100));
    let options = minimal().retry_policy(policy).build().expect("the request is legal");
    assert_eq!(options.retry_policy().initial_interval(), Span(1));
    assert_eq!(options.backoffs().nth(40), Some(Span(1)));
    assert!(lines(&options).iter().any(|line| line.starts_with("initial_interval 1ns → 1ms")));
}

#[test]
fn nothing_is_changed_where_everything_is_given_and_fits() {
    let policy = RetryPolicy::builder()
        .initial_interval(Span(100))
        .backoff_coefficient(1.5)
        .maximum_interval(Span(1_000))
        .maximum_attempts(0);
    let options = minimal().retry_policy(policy).build().expect("the request is legal");
    assert_eq!(options.changes(), []);
}

#[test]
fn rules_are_checked_in_the_order_of_a_server() {
    let refusals = [
        "invalid StartDelay: negative duration",
        "invalid InitialInterval set on retry policy: negative duration",
        "BackoffCoefficient cannot be less than 1 on retry policy.",
        "invalid MaximumInterval set on retry policy: negative duration",
        "MaximumInterval cannot be less than InitialInterval on retry policy.",
        "MaximumAttempts cannot be negative on retry policy.",
        "Invalid timeout type value: Unspecified.",
        "invalid ScheduleToCloseTimeout: negative duration",
        "invalid ScheduleToStartTimeout: negative duration",
        "invalid StartToCloseTimeout: negative duration",
        "invalid HeartbeatTimeout: negative duration",
        "a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity.",
    ];
    for (repaired, refusal) in refusals.iter().enumerate() {
        let invalid = everything_wrong(repaired).build().expect_err("something is wrong");
        assert_eq!(invalid.temporal_message(), *refusal);
        assert_eq!(invalid.code(), "InvalidArgument");
    }
    everything_wrong(refusals.len()).build().expect("nothing is wrong any more");
}

/// A request that breaks every rule but the first `repaired` of them.
fn everything_wrong(repaired: usize) -> RequestedOptions {
    let wrong = |rule: usize| repaired <= rule;
    let negative = |rule| wrong(rule).then_some(Nanoseconds(-1));
    let maximum = if wrong(3) { Span(-1) } else { Span(999) };
    let policy = RequestedRetryPolicy {
        initial_interval: negative(1),
        backoff_coefficient: wrong(2).then_some(0.999),
        maximum_interval: wrong(4).then_some(maximum.into()),
        maximum_attempts: wrong(5).then_some(-1),
        non_retryable_error_types: Vec::new(),
    };
    let types = wrong(6).then_some("TemporalTimeout:Unspecified");
    RequestedOptions {
        start_delay: negative(0),
        schedule_to_close_timeout: negative(7),
        schedule_to_start_timeout: negative(8),
        start_to_close_timeout: negative(9).or((!wrong(11)).then_some(Nanoseconds(1))),
        heartbeat_timeout: negative(10),
        retry_policy: Some(policy.non_retryable_error_types(types)),
        workflow_run_timeout: None,
    }
}

#[test]
fn a_default_maximum_interval_that_no_server_can_compute_is_refused() {
    let longest = i128::from(i64::MAX / 100);
    let build = |interval: Nanoseconds| {
        let policy = RetryPolicy::builder().initial_interval(interval);
        minimal().retry_policy(policy).build()
    };
    assert!(build(Nanoseconds(longest)).is_ok());
    assert!(build(Nanoseconds(longest + 1)).is_err());
    for (interval, message) in [
        (92_233_720_369, "invalid MaximumInterval set on retry policy: negative duration"),
        (184_467_440_738, "MaximumInterval cannot be less than InitialInterval on retry policy."),
    ] {
        let invalid = build(Span(interval).into()).expect_err("too long");
        let initial_interval = Span(interval).into();
        assert_eq!(invalid, InvalidOptions::DefaultMaximumIntervalOverflows { initial_interval });
        assert_eq!(invalid.temporal_message(), message);
    }
    let policy = RetryPolicy::builder().initial_interval(Nanoseconds(i128::MAX));
    assert!(minimal().retry_policy(policy.clone()).build().is_err());
    assert!(minimal().retry_policy(policy.maximum_attempts(1)).build().is_ok());
}

/// Without a retry nothing is checked, and a server shows the product as it wrapped around.
#[test]
fn a_default_maximum_interval_that_nothing_uses_wraps_around() {
    let three_years = Span(94_608_000_000);
    let policy = RetryPolicy::builder().initial_interval(three_years).maximum_attempts(1);
    let options = minimal().retry_policy(policy).build().expect("nothing is checked");
    let product = (three_years.0 * 1_000_000).wrapping_mul(100) / 1_000_000;
    assert_eq!(options.retry_policy().maximum_interval(), Span(product));
    assert!(product < 0);
}

/// A server lets it pass: a chain that is not a number retries without any wait.
#[test]
fn a_coefficient_that_is_not_finite_is_refused() {
    let wrong = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for (attempts, wrong) in [0, 1, 2].into_iter().flat_map(|it| wrong.map(|wrong| (it, wrong))) {
        let policy = RetryPolicy::builder().backoff_coefficient(wrong);
        let request = minimal().retry_policy(policy.maximum_attempts(attempts));
        assert_eq!(request.build(), Err(InvalidOptions::BackoffCoefficientNotFinite));
    }
}

#[test]
fn a_coefficient_is_one_at_least_and_not_a_hair_less() {
    let build = |coefficient: f64| {
        minimal().retry_policy(RetryPolicy::builder().backoff_coefficient(coefficient)).build()
    };
    let value = 1_f64.next_down();
    assert_eq!(build(value), Err(InvalidOptions::BackoffCoefficientBelowOne { value }));
    let policy = build(1.0).expect("one is enough");
    assert_eq!(policy.retry_policy().backoff_coefficient().to_bits(), 1_f64.to_bits());
}

#[test]
fn a_timeout_is_known_by_its_short_and_its_protocol_name_but_only_the_short_one_counts() {
    let build = |name: &str| {
        let policy = RetryPolicy::builder().non_retryable_error_types([name]);
        minimal().retry_policy(policy).build()
    };
    let retries = |name: &str| {
        let terms = build(name).expect("the name is known").terms();
        (terms.retries_start_to_close, terms.retries_heartbeat)
    };
    assert_eq!(retries("TemporalTimeout:StartToClose"), (false, true));
    assert_eq!(retries("TemporalTimeout:Heartbeat"), (true, false));
    assert_eq!(retries("TemporalTimeout:ScheduleToStart"), (true, true));
    assert_eq!(retries("TemporalTimeout:TIMEOUT_TYPE_HEARTBEAT"), (true, true));
    assert_eq!(retries("Heartbeat"), (true, true));
    for unknown in ["", "Nonsense", "heartbeat", "Unspecified", "TIMEOUT_TYPE_UNSPECIFIED"] {
        assert!(build(&format!("TemporalTimeout:{unknown}")).is_err(), "{unknown:?}");
    }
}

#[test]
fn a_failure_is_retryable_unless_its_kind_or_the_policy_rules_that_out() {
    let policy =
        RetryPolicy::builder().non_retryable_error_types(["Fatal", "TemporalTimeout:StartToClose"]);
    let options = minimal().retry_policy(policy).build().expect("the request is legal");
    let application = |type_name: &str, non_retryable| FailureInfo::Application {
        type_name: type_name.into(),
        non_retryable,
    };
    let retryable = |info| {
        let cause = failure(application("Fatal", true), Payload::none());
        options.is_retryable(&failure(info, cause))
    };
    assert!(retryable(application("Transient", false)));
    assert!(retryable(application("", false)));
    assert!(retryable(application("fatal", false)));
    assert!(!retryable(application("Fatal", false)));
    assert!(!retryable(application("Transient", true)));
    assert!(retryable(FailureInfo::Server { non_retryable: false }));
    assert!(!retryable(FailureInfo::Server { non_retryable: true }));
    assert!(!retryable(FailureInfo::Canceled { details: Payload::none() }));
    assert!(!retryable(FailureInfo::Terminated));
    assert!(retryable(FailureInfo::Unspecified));
    assert!(options.is_retryable(&Payload::none()));
    let timeouts = TimeoutType::ALL.map(|timeout_type| {
        let (none, reason) = (Payload::none(), TimeoutReason::Elapsed);
        let timeout = Payload::timeout_failure(timeout_type, reason, none.clone(), none);
        options.is_retryable(&timeout)
    });
    assert_eq!(timeouts, [false, false, false, true]);
}

#[test]
fn what_is_known_of_a_retry_depends_on_the_dialect() {
    let policy = RetryPolicy::builder().maximum_interval(Span(3_000));
    let options = minimal().retry_policy(policy).build().expect("the request is legal");
    let workflow = options.clone().in_dialect(Dialect::Workflow);
    assert_eq!(workflow.terms().dialect, Dialect::Workflow);
    assert_ne!(options, workflow);

    let application = |non_retryable| {
        let info = FailureInfo::Application { type_name: "Transient".into(), non_retryable };
        failure(info, Payload::none())
    };
    let known = |failure: &Payload, next_retry_delay: Option<i64>| {
        let next_retry_delay = next_retry_delay.map(Span);
        let retry =
            |options: &ActivityOptions| options.retry(Attempt(2), failure, next_retry_delay);
        (retry(&options), retry(&workflow))
    };
    let after = |delay| Retryability::After(Span(delay));
    let (transient, fatal) = (application(false), application(true));
    assert_eq!(known(&transient, None), (after(2_000), after(2_000)));
    assert_eq!(known(&transient, Some(9_000)), (after(9_000), after(9_000)));
    assert_eq!(known(&transient, Some(0)), (after(2_000), Retryability::NoInterval));
    assert_eq!(known(&transient, Some(-50)), (after(2_000), after(-50)));
    for delay in [None, Some(-50), Some(0), Some(9_000)] {
        assert_eq!(known(&fatal, delay), (Retryability::NonRetryable, Retryability::NonRetryable));
    }
    for (timeout_type, expected) in [
        (TimeoutType::ScheduleToStart, (Retryability::NonRetryable, Retryability::TimedOut)),
        (TimeoutType::ScheduleToClose, (Retryability::NonRetryable, Retryability::TimedOut)),
        (TimeoutType::StartToClose, (after(2_000), after(2_000))),
        (TimeoutType::Heartbeat, (after(2_000), after(2_000))),
    ] {
        let (none, reason) = (Payload::none(), TimeoutReason::Elapsed);
        let timeout = Payload::timeout_failure(timeout_type, reason, none.clone(), none);
        assert_eq!(known(&timeout, None), expected, "{timeout_type:?}");
    }
}

#[test]
fn options_are_equal_when_the_same_is_in_force() {
    let given = minimal().retry_policy(RetryPolicy::builder().initial_interval(Span(1_000)));
    let (given, default) = (given.build(), minimal().build());
    assert_ne!(
        given.as_ref().map(ActivityOptions::requested),
        default.as_ref().map(ActivityOptions::requested)
    );
    assert_eq!(given, default);
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_normal_and_stays_as_it_is(request in any_request()) {
        if let Ok(options) = request.build() {
            prop_assert!(options.terms().are_normal());
            let again = requested_again(&options).build();
            prop_assert_eq!(again.as_ref(), Ok(&options));
            prop_assert_eq!(again.map(|again| again.changes().to_vec()), Ok(Vec::new()));
            prop_assert!(options.backoff(Attempt(i64::MAX)) >= Span(0));
        }
    }

    /// The limits that the theorem about overflow supposes.
    #[test]
    fn whatever_is_accepted_is_no_longer_than_the_limits(
        request in any_request(),
        failed in 1_i64..i64::MAX,
        delay in any::<i64>(),
    ) {
        if let Ok(options) = request.build() {
            let terms = options.terms();
            let timeouts = [
                terms.schedule_to_close_timeout,
                terms.schedule_to_start_timeout,
                terms.heartbeat_timeout,
                Some(terms.start_to_close_timeout),
                Some(terms.start_delay),
            ];
            let longest = ActivityOptions::LONGEST_DURATION;
            prop_assert!(timeouts.into_iter().flatten().all(|timeout| timeout <= longest));
            let longest = RetryPolicy::LONGEST_WAIT;
            prop_assert!(options.backoff(Attempt(failed)) <= longest);
            for dialect in [Dialect::Standalone, Dialect::Workflow] {
                let options = options.clone().in_dialect(dialect);
                let retry = options.retry(Attempt(failed), &Payload::none(), Some(Span(delay)));
                let Retryability::After(wait) = retry else { continue };
                prop_assert!(wait <= longest && wait >= Span(-longest.0));
            }
        }
    }

    #[test]
    fn a_message_for_people_names_the_option_at_fault(request in any_request()) {
        if let Err(invalid) = request.build() {
            let message = invalid.to_string();
            let field = invalid.field().map_or("start_to_close_timeout", Field::name);
            prop_assert!(message.contains(field), "{}", message);
            prop_assert!(!invalid.help().is_empty());
        }
    }
}

fn any_request() -> impl Strategy<Value = RequestedOptions> {
    let timeouts = (duration(), duration(), duration(), duration(), duration());
    let run = prop_oneof![3 => Just(None), 1 => duration()];
    let policy = (duration(), duration(), coefficient(), attempts());
    (timeouts, policy, run).prop_map(|(timeouts, policy, run)| RequestedOptions {
        start_to_close_timeout: timeouts.0,
        schedule_to_close_timeout: timeouts.1,
        schedule_to_start_timeout: timeouts.2,
        heartbeat_timeout: timeouts.3,
        start_delay: timeouts.4,
        retry_policy: Some(RequestedRetryPolicy {
            initial_interval: policy.0,
            maximum_interval: policy.1,
            backoff_coefficient: policy.2,
            maximum_attempts: policy.3,
            non_retryable_error_types: Vec::new(),
        }),
        workflow_run_timeout: run,
    })
}

fn duration() -> impl Strategy<Value = Option<Nanoseconds>> {
    prop_oneof![
        2 => Just(None),
        2 => (0..10_000_i64).prop_map(|span| Some(Span(span).into())),
        2 => (0..5_000_000_i128).prop_map(|value| Some(Nanoseconds(value))),
        1 => (0..i128::MAX).prop_map(|value| Some(Nanoseconds(value))),
        1 => any::<i64>().prop_map(|value| Some(Nanoseconds(value.into()))),
    ]
}

fn coefficient() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![Just(None), (1.0..4.0).prop_map(Some), any::<f64>().prop_map(Some)]
}

fn attempts() -> impl Strategy<Value = Option<i32>> {
    prop_oneof![Just(None), (-1..4).prop_map(Some), any::<i32>().prop_map(Some)]
}

/// What is in force, as a request.
fn requested_again(options: &ActivityOptions) -> RequestedOptions {
    let policy = options.retry_policy();
    RequestedOptions {
        start_to_close_timeout: Some(options.start_to_close_timeout().into()),
        schedule_to_close_timeout: options.schedule_to_close_timeout().map(Into::into),
        schedule_to_start_timeout: options.schedule_to_start_timeout().map(Into::into),
        heartbeat_timeout: options.heartbeat_timeout().map(Into::into),
        start_delay: Some(options.start_delay().into()),
        retry_policy: Some(RequestedRetryPolicy {
            initial_interval: Some(policy.initial_interval().into()),
            backoff_coefficient: Some(policy.backoff_coefficient()),
            maximum_interval: Some(policy.maximum_interval().into()),
            maximum_attempts: Some(policy.maximum_attempts()),
            non_retryable_error_types: policy.non_retryable_error_types().to_vec(),
        }),
        workflow_run_timeout: options.workflow_run_timeout().map(Into::into),
    }
}

fn failure(info: FailureInfo, cause: Payload) -> Payload {
    let message = String::new();
    Payload::failure(Failure { message, info, cause })
}

fn minimal() -> RequestedOptions {
    ActivityOptions::builder().start_to_close_timeout(Span(1_000))
}

fn lines(options: &ActivityOptions) -> Vec<String> {
    options.changes().iter().map(ToString::to_string).collect()
}
