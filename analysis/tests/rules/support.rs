//! Options in a line of text, and random ones.

use activity_analysis::rules::{
    Declared, Finding, Fix, Fixed, Known, KnownOptions, Setting, Settings, judge,
};
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::Dialect;
use jiff::SignedDuration;
use proptest::prelude::*;

/// Options with what was declared: `start_to_close_timeout=30m maximum_attempts=? run=15m`.
pub(crate) fn read(text: &str) -> (KnownOptions, Declared) {
    let (mut known, mut declared) = (KnownOptions::default(), Declared::default());
    for part in text.split_whitespace() {
        let (name, value) = part.split_once('=').expect("name=value");
        match name {
            "run" => declared.run_timeout = Some(duration(value)),
            "heartbeats" => declared.heartbeats_every = Some(duration(value)),
            "may_run_in_session" => declared.may_run_in_session = value == "true",
            "waits_for_cancellation" => declared.waits_for_cancellation = value == "true",
            name => {
                let field = Field::ALL.into_iter().find(|field| field.name() == name);
                let field = field.unwrap_or_else(|| panic!("no option {name}"));
                known.set(field, option(field, value));
            }
        }
    }
    (known, declared)
}

fn option(field: Field, value: &str) -> Known {
    match field {
        _ if value == "?" => Known::Unknown,
        Field::MaximumAttempts | Field::BackoffCoefficient => {
            Known::Given(Setting::Number(value.parse().expect("a number")))
        }
        Field::NonRetryableErrorTypes => {
            Known::Given(Setting::Names(value.split(',').map(ToOwned::to_owned).collect()))
        }
        _ => Known::Given(Setting::Duration(duration(value))),
    }
}

fn duration(text: &str) -> Nanoseconds {
    let duration: SignedDuration = text.parse().expect("a duration");
    Nanoseconds(duration.as_nanos())
}

/// Settings in which every rule is on, as it is or as information.
pub(crate) fn all_on() -> Settings {
    let mut settings = Settings::default();
    for rule in &activity_analysis::rules::ALL {
        if rule.severity.is_none() {
            let information = activity_analysis::rules::Severity::Information;
            settings.severities.insert(rule.id, Some(information));
        }
    }
    settings
}

/// What one rule alone says.
pub(crate) fn say(rule: &str, known: &KnownOptions, declared: &Declared) -> Option<Finding> {
    let mut settings = all_on();
    for other in activity_analysis::rules::ALL.iter().filter(|other| other.id != rule) {
        settings.severities.insert(other.id, None);
    }
    let said = judge(known, Dialect::Standalone, declared, &settings);
    said.into_iter().next()
}

/// A run of fifteen minutes, heartbeats, and a cancel that is waited for.
pub(crate) fn declared() -> Declared {
    let (_, declared) = read("run=15m heartbeats=20s waits_for_cancellation=true");
    declared
}

/// The same options with another value in one place.
pub(crate) fn with(
    known: &KnownOptions,
    declared: Declared,
    fix: Fix,
    by: i128,
) -> (KnownOptions, Declared) {
    let value = Nanoseconds(fix.value.0 + by * 1_000_000);
    match fix.fixed {
        Fixed::Option(field) => {
            let known = known.clone().with(field, Known::Given(Setting::Duration(value)));
            (known, declared)
        }
        Fixed::RunTimeout => (known.clone(), Declared { run_timeout: Some(value), ..declared }),
    }
}

/// Durations that meet each other often: few, and some far apart.
fn some_duration() -> impl Strategy<Value = Known> {
    let milliseconds = prop_oneof![
        Just(0),
        1..5_i64,
        990..1_010_i64,
        (1..40_i64).prop_map(|seconds| seconds * 1_000),
        (1..40_i64).prop_map(|minutes| minutes * 60_000),
        Just(36_000_000),
        Just(4_000_000_000_000),
    ];
    milliseconds.prop_map(|milliseconds| match milliseconds {
        0 => Known::Absent,
        some => Known::Given(Setting::Duration(Nanoseconds(i128::from(some) * 1_000_000))),
    })
}

fn some_number(numbers: &'static [f64]) -> impl Strategy<Value = Known> {
    let number = proptest::sample::select(numbers);
    let given = number.prop_map(|number| Known::Given(Setting::Number(number)));
    prop_oneof![1 => Just(Known::Absent), 3 => given]
}

fn some_names() -> impl Strategy<Value = Known> {
    let names =
        ["TemporalTimeout:StartToClose", "TemporalTimeout:Heartbeat", "Bad", "StartToClose"];
    let names = proptest::sample::subsequence(names.to_vec(), 0..3);
    names.prop_map(|names| match names.is_empty() {
        true => Known::Absent,
        false => Known::Given(Setting::Names(names.into_iter().map(ToOwned::to_owned).collect())),
    })
}

/// Options of which everything is known.
pub(crate) fn some_options() -> impl Strategy<Value = KnownOptions> {
    let durations = [
        Field::StartToCloseTimeout,
        Field::ScheduleToCloseTimeout,
        Field::ScheduleToStartTimeout,
        Field::HeartbeatTimeout,
        Field::InitialInterval,
        Field::MaximumInterval,
    ];
    let durations = durations.map(|field| some_duration().prop_map(move |it| (field, it)));
    let attempts = some_number(&[0.0, 1.0, 2.0, 3.0, 5.0, 50.0, 100_000.0]);
    let coefficient = some_number(&[1.0, 1.5, 2.0, 10.0]);
    (durations, attempts, coefficient, some_names()).prop_map(|(durations, attempts, by, names)| {
        let mut known = KnownOptions::default();
        for (field, duration) in durations {
            known.set(field, duration);
        }
        known
            .with(Field::MaximumAttempts, attempts)
            .with(Field::BackoffCoefficient, by)
            .with(Field::NonRetryableErrorTypes, names)
    })
}
