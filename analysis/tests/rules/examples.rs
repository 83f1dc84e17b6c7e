//! Each rule with options at which it speaks, and with options at which it just does not.

use crate::support::{read, say};
use activity_analysis::rules::{ALL, Fixed, Way};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A rule, options at which it speaks, and options at which it just does not.
const EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "options-refused",
        "start_to_close_timeout=1m initial_interval=1m maximum_interval=59999ms",
        "start_to_close_timeout=1m initial_interval=1m maximum_interval=1m",
    ),
    ("options-refused", "heartbeat_timeout=1s", "schedule_to_close_timeout=1ms"),
    (
        "options-refused",
        "start_to_close_timeout=1m backoff_coefficient=0.99 maximum_attempts=2",
        "start_to_close_timeout=1m backoff_coefficient=0.99 maximum_attempts=1",
    ),
    (
        "options-refused",
        "start_to_close_timeout=? backoff_coefficient=0.5 maximum_attempts=2",
        "start_to_close_timeout=? backoff_coefficient=0.5 maximum_attempts=?",
    ),
    (
        "backoff-exceeds-total",
        "schedule_to_close_timeout=5m initial_interval=5m maximum_attempts=100",
        "schedule_to_close_timeout=300001ms initial_interval=5m maximum_attempts=100",
    ),
    ("backoff-exceeds-total", "schedule_to_close_timeout=1s", "schedule_to_close_timeout=1001ms"),
    (
        "never-retries",
        "start_to_close_timeout=30m schedule_to_close_timeout=30m maximum_attempts=3",
        "start_to_close_timeout=30m schedule_to_close_timeout=1801001ms maximum_attempts=3",
    ),
    (
        "never-retries",
        "schedule_to_close_timeout=5m",
        "schedule_to_close_timeout=5m maximum_attempts=1",
    ),
    (
        "never-retries",
        "start_to_close_timeout=87600h schedule_to_close_timeout=87600h heartbeat_timeout=87600h",
        "start_to_close_timeout=87600h schedule_to_close_timeout=87600h heartbeat_timeout=1m",
    ),
    (
        "never-retries",
        "start_to_close_timeout=30m schedule_to_close_timeout=30m maximum_attempts=?",
        "start_to_close_timeout=30m schedule_to_close_timeout=? maximum_attempts=3",
    ),
    (
        "attempts-unreachable",
        "schedule_to_close_timeout=1m initial_interval=10s maximum_attempts=10",
        "schedule_to_close_timeout=1m initial_interval=10s maximum_attempts=3",
    ),
    (
        "attempt-truncated",
        "start_to_close_timeout=5m schedule_to_close_timeout=601s maximum_attempts=3",
        "start_to_close_timeout=5m schedule_to_close_timeout=903s maximum_attempts=3",
    ),
    (
        "attempt-truncated",
        "start_to_close_timeout=2m schedule_to_close_timeout=5m maximum_attempts=3",
        "start_to_close_timeout=2m schedule_to_close_timeout=6m3s maximum_attempts=3",
    ),
    (
        "attempt-truncated",
        "start_to_close_timeout=2h schedule_to_close_timeout=5m heartbeat_timeout=2m \
         maximum_attempts=3",
        "start_to_close_timeout=2h schedule_to_close_timeout=5m heartbeat_timeout=1m \
         maximum_attempts=3",
    ),
    (
        "run-timeout-cuts",
        "start_to_close_timeout=10m maximum_attempts=3 run=15m",
        "start_to_close_timeout=10m maximum_attempts=3 run=30m3s",
    ),
    (
        "run-timeout-cuts",
        "start_to_close_timeout=1h run=1h",
        "start_to_close_timeout=1h run=3600001ms",
    ),
    (
        "max-interval-unreachable",
        "start_to_close_timeout=1m maximum_interval=2001ms maximum_attempts=3",
        "start_to_close_timeout=1m maximum_interval=2s maximum_attempts=3",
    ),
    (
        "max-interval-unreachable",
        "start_to_close_timeout=1m maximum_interval=1m backoff_coefficient=1",
        "start_to_close_timeout=1m maximum_interval=1m backoff_coefficient=1.1",
    ),
    ("no-heartbeat", "start_to_close_timeout=600001ms", "start_to_close_timeout=10m"),
    (
        "no-heartbeat",
        "start_to_close_timeout=2h schedule_to_close_timeout=?",
        "start_to_close_timeout=2h heartbeat_timeout=?",
    ),
    (
        "heartbeat-clipped",
        "start_to_close_timeout=10m heartbeat_timeout=10m",
        "start_to_close_timeout=10m heartbeat_timeout=599999ms",
    ),
    (
        "heartbeat-too-tight",
        "start_to_close_timeout=10m heartbeat_timeout=39999ms heartbeats=20s",
        "start_to_close_timeout=10m heartbeat_timeout=40s heartbeats=20s",
    ),
    (
        "cancel-undeliverable",
        "start_to_close_timeout=10m waits_for_cancellation=true",
        "start_to_close_timeout=10m heartbeat_timeout=1m waits_for_cancellation=true",
    ),
    (
        "schedule-to-start-longer-than-total",
        "schedule_to_close_timeout=10m schedule_to_start_timeout=600001ms",
        "schedule_to_close_timeout=10m schedule_to_start_timeout=10m",
    ),
    (
        "non-retryable-unknown",
        "start_to_close_timeout=1m non_retryable_error_types=Bad,StartToClose",
        "start_to_close_timeout=1m non_retryable_error_types=Bad,TemporalTimeout:StartToClose",
    ),
    (
        "gives-up-early",
        "schedule_to_close_timeout=60s start_to_close_timeout=5s",
        "schedule_to_close_timeout=41s start_to_close_timeout=5s",
    ),
    (
        "unbounded",
        "start_to_close_timeout=1m",
        "start_to_close_timeout=1m schedule_to_close_timeout=24h",
    ),
    (
        "one-attempt",
        "start_to_close_timeout=1m maximum_attempts=1",
        "start_to_close_timeout=1m maximum_attempts=2",
    ),
    (
        "coefficient-1-forever",
        "start_to_close_timeout=1m backoff_coefficient=1",
        "start_to_close_timeout=1m backoff_coefficient=1 maximum_attempts=10",
    ),
    (
        "schedule-to-start-terminal",
        "start_to_close_timeout=1m schedule_to_start_timeout=5s",
        "schedule_to_close_timeout=5s schedule_to_start_timeout=5s",
    ),
    (
        "zero-means-default",
        "start_to_close_timeout=1m maximum_attempts=0",
        "start_to_close_timeout=1m",
    ),
    (
        "zero-means-default",
        "start_to_close_timeout=1m heartbeat_timeout=0s",
        "start_to_close_timeout=1m heartbeat_timeout=1ms",
    ),
    (
        "timeout-type-non-retryable",
        "start_to_close_timeout=1m non_retryable_error_types=TemporalTimeout:Heartbeat",
        "start_to_close_timeout=1m non_retryable_error_types=Bad",
    ),
    (
        "task-loss-stuck",
        "start_to_close_timeout=1m",
        "start_to_close_timeout=1m schedule_to_start_timeout=1h",
    ),
    (
        "max-interval-implicit",
        "start_to_close_timeout=1m",
        "start_to_close_timeout=1m maximum_attempts=7",
    ),
    (
        "attempts-vs-retries",
        "start_to_close_timeout=1m maximum_attempts=2",
        "start_to_close_timeout=1m maximum_attempts=1",
    ),
    (
        "overlap-possible",
        "start_to_close_timeout=1m",
        "start_to_close_timeout=1m maximum_attempts=1",
    ),
    (
        "detection-latency",
        "start_to_close_timeout=1m heartbeat_timeout=5s",
        "start_to_close_timeout=? heartbeat_timeout=5s",
    ),
    (
        "worst-case",
        "start_to_close_timeout=1m schedule_to_close_timeout=10m maximum_attempts=2",
        "start_to_close_timeout=? schedule_to_close_timeout=10m",
    ),
];

/// Rules that options alone do not show: the tests of the command have them.
const ELSEWHERE: [&str; 3] = ["option-invalid", "unused-suppression", "suppression-without-reason"];

#[test]
fn each_rule_speaks_at_these_options_and_just_does_not_at_those() {
    let mut text = String::new();
    for (rule, fires, does_not) in EXAMPLES {
        let (known, declared) = read(fires);
        let finding = say(rule, &known, &declared);
        let finding = finding.unwrap_or_else(|| panic!("{rule} is silent at {fires}"));
        let _ = writeln!(text, "{}[{rule}] at {fires}", finding.severity);
        let condition = finding.condition.map_or(String::new(), |condition| condition + ": ");
        let _ = writeln!(text, "    {condition}{}", finding.message);
        for (field, label) in finding.marks {
            let _ = writeln!(text, "    {field}: {label}");
        }
        if let Some(fix) = finding.fix {
            let way = if fix.way == Way::Raise { "at least" } else { "at most" };
            let _ = writeln!(text, "    fix: {} {way} {}", fix.fixed.name(), fix.value);
        }
        for help in finding.help {
            let _ = writeln!(text, "    help: {help}");
        }
        let (known, declared) = read(does_not);
        let said = say(rule, &known, &declared).map(|finding| finding.message);
        assert_eq!(said, None, "{rule} at {does_not}");
        let _ = writeln!(text, "  not at {does_not}\n");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn no_rule_is_without_example() {
    let all: BTreeSet<&str> = ALL.iter().map(|rule| rule.id).collect();
    let shown: BTreeSet<&str> = EXAMPLES.iter().map(|(rule, ..)| *rule).chain(ELSEWHERE).collect();
    assert_eq!(all, shown);
    assert_eq!(all.len(), ALL.len(), "each under a name of its own");
}

#[test]
fn a_rule_that_says_more_is_said_alone() {
    let say = |text: &str| {
        let (known, declared) = read(text);
        let dialect = activity_execution::vocabulary::Dialect::Standalone;
        let settings = activity_analysis::rules::Settings::default();
        let said = activity_analysis::rules::judge(&known, dialect, &declared, &settings);
        said.iter().map(|finding| finding.rule.id).collect::<Vec<_>>()
    };
    let hang = "start_to_close_timeout=5m schedule_to_close_timeout=5m maximum_attempts=3";
    assert_eq!(say(hang), ["never-retries"]);
    let wait = "schedule_to_close_timeout=5m initial_interval=10m maximum_attempts=3";
    assert_eq!(say(wait), ["backoff-exceeds-total"]);
    let refused = "start_to_close_timeout=5h maximum_attempts=-1";
    assert_eq!(say(refused), ["options-refused"]);
}

#[test]
fn a_fix_names_an_option_or_the_run() {
    assert_eq!(Fixed::RunTimeout.name(), "workflow_run_timeout");
    assert_eq!(Fixed::RunTimeout.field(), None);
}
