//! Options from TOML, JSON and recorded events: what they say, and what is said about mistakes.

use crate::options;
use activity_execution::options::{
    ActivityOptions, Field, InvalidOptions, Nanoseconds, RetryPolicy,
};
use activity_execution::vocabulary::Span;
use activity_sources::documents::{Document, Unusable};
use core::time::Duration;
use insta::assert_snapshot;
use serde_json::json;
use std::path::Path;

const TOML: &str = r#"
# Everything there is.
start_to_close_timeout = "1h 30m"
schedule_to_close_timeout = "1d"
schedule_to_start_timeout = "90 minutes"
heartbeat_timeout = "1.5s"
start_delay = "500ms"

[retry_policy]
initial_interval = "PT2S"
backoff_coefficient = 1.5
maximum_interval = "1m"
maximum_attempts = 5
non_retryable_error_types = ["CardDeclined", "TemporalTimeout:Heartbeat"]
"#;

const JSON: &str = r#"{
    "startToCloseTimeout": "5400s",
    "scheduleToCloseTimeout": "86400.000s",
    "scheduleToStartTimeout": "1h 30m",
    "heartbeatTimeout": "1.500s",
    "startDelay": "0.500000000s",
    "retryPolicy": {
        "initialInterval": "2s",
        "backoffCoefficient": "1.5",
        "maximumInterval": "60s",
        "maximumAttempts": 5,
        "nonRetryableErrorTypes": ["CardDeclined", "TemporalTimeout:\u0048eartbeat"]
    }
}"#;

const YAML: &str = "
# Everything there is.
StartToCloseTimeout: 1h30m
schedule_to_close_timeout: &day 24h
scheduleToStartTimeout: '01:30:00'
heartbeatTimeout: PT1.5S
startDelay: 500ms
retry:
  initialInterval: 2s
  backoffCoefficient: 1.5
  maximumInterval: 1 minute
  maximumAttempts: 5
  nonRetryableErrors: [CardDeclined, 'TemporalTimeout:Heartbeat']
";

#[test]
fn toml_json_yaml_and_the_builder_say_the_same() {
    let policy = RetryPolicy::builder()
        .initial_interval(Duration::from_secs(2))
        .backoff_coefficient(1.5)
        .maximum_interval(Duration::from_secs(60))
        .maximum_attempts(5)
        .non_retryable_error_types(["CardDeclined", "TemporalTimeout:Heartbeat"]);
    let built = ActivityOptions::builder()
        .start_to_close_timeout(Duration::from_secs(5_400))
        .schedule_to_close_timeout(Duration::from_secs(86_400))
        .schedule_to_start_timeout(Duration::from_secs(5_400))
        .heartbeat_timeout(Duration::from_millis(1_500))
        .start_delay(Duration::from_millis(500))
        .retry_policy(policy);
    for text in [TOML, JSON, YAML] {
        let read = options(text).expect("the request is legal");
        assert_eq!(read.requested(), &built);
    }
}

#[test]
fn a_duration_is_read_to_the_nanosecond_as_people_and_protocol_write_it() {
    let cases = [
        ("30s", 30_000_000_000),
        ("1h30m", 5_400_000_000_000),
        ("4 minutes, 20 seconds", 260_000_000_000),
        ("2w", 1_209_600_000_000_000),
        ("250µs", 250_000),
        ("250us", 250_000),
        (" 1s ", 1_000_000_000),
        ("0s", 0),
        ("-5s", -5_000_000_000),
        ("1.5s", 1_500_000_000),
        ("0.000000001s", 1),
        ("-0.000000001s", -1),
        ("315576000000s", 315_576_000_000_000_000_000),
        ("315576000000.999999999s", 315_576_000_000_999_999_999),
        ("PT1H30M", 5_400_000_000_000),
        ("P1DT2H", 93_600_000_000_000),
        ("1h30m0s", 5_400_000_000_000),
        ("24h0m0s", 86_400_000_000_000),
        ("00:05:00", 300_000_000_000),
        ("1.02:03:04.5", 93_784_500_000_000),
        ("0:05:00", 300_000_000_000),
        ("1 day, 0:00:30", 86_430_000_000_000),
        ("5 minutes", 300_000_000_000),
        ("30 Seconds", 30_000_000_000),
        ("2d", 172_800_000_000_000),
        ("1 hr", 3_600_000_000_000),
    ];
    for (text, nanoseconds) in cases {
        let toml = format!("start_to_close_timeout = \"1h\"\nstart_delay = \"{text}\"");
        let json = json!({ "startToCloseTimeout": "1h", "startDelay": text }).to_string();
        let yaml = format!("startToCloseTimeout: 1h\nstartDelay: '{text}'");
        for text in [toml, json, yaml] {
            match options(&text) {
                Ok(options) => {
                    let requested = options.requested().start_delay;
                    assert_eq!(requested, Some(Nanoseconds(nanoseconds)), "{text}");
                }
                Err(error) => {
                    let value = Nanoseconds(nanoseconds);
                    let field = Field::StartDelay;
                    let invalid = InvalidOptions::NegativeDuration { field, value };
                    assert_eq!(error.invalid_options(), Some(&invalid), "{text}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_duration_is_shown_as_it_can_be_written() {
    for nanoseconds in [0, 1, -1, 999, 1_500_000, 5_400_000_000_000, 90_061_001_001_001] {
        let toml = format!(
            "start_to_close_timeout = \"1h\"\nstart_delay = \"{}\"",
            Nanoseconds(nanoseconds)
        );
        match options(&toml) {
            Ok(options) => {
                assert_eq!(options.requested().start_delay, Some(Nanoseconds(nanoseconds)));
            }
            Err(error) => assert!(nanoseconds < 0, "{toml}: {error}"),
        }
    }
    assert_eq!(Nanoseconds(90_061_001_001_001).to_string(), "1d 1h 1m 1s 1ms 1us 1ns");
    assert_eq!(Nanoseconds::from(Span(-5_400_000)).to_string(), "-1h 30m");
}

#[test]
fn a_mistake_is_named_with_its_place_and_a_way_out() {
    assert_snapshot!("mistakes_in_toml", mistakes("mistakes.toml.txt", 32));
    assert_snapshot!("mistakes_in_json", mistakes("mistakes.json.txt", 14));
    assert_snapshot!("mistakes_in_yaml", mistakes("mistakes.yaml.txt", 9));
}

/// Each text of a file, with what is said to it.
fn mistakes(file: &str, count: usize) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents").join(file);
    let written = std::fs::read_to_string(&path).expect("the mistakes are there");
    let texts: Vec<&str> = written.trim_end().split("\n\n").collect();
    assert_eq!(texts.len(), count, "{file}");
    let say = |text: &&str| format!("{text}\n----\n{}\n\n", options(text).expect_err(text));
    texts.iter().map(say).collect()
}

#[test]
fn a_text_without_content_is_told_what_is_needed_at_least() {
    for text in ["", " \n\t"] {
        let error = options(text).expect_err("nothing is given");
        assert_eq!(error.message(), "the file is empty");
        assert!(error.help().is_some_and(|help| help.contains("start_to_close_timeout")));
        assert_eq!(error.line(), None);
    }
}

#[test]
fn a_coefficient_that_is_not_finite_is_refused_however_it_is_written() {
    let mut texts = Vec::new();
    for written in ["nan", "inf", "+inf", "-inf"] {
        texts.push(format!(
            "start_to_close_timeout = '1s'\nretry_policy.backoff_coefficient = {written}"
        ));
    }
    for written in ["NaN", "Infinity", "-Infinity"] {
        let policy = format!(r#"{{"backoffCoefficient": "{written}"}}"#);
        let json = format!(r#"{{"startToCloseTimeout": "1s", "retryPolicy": {policy}}}"#);
        let event = format!(r#"{{"activityTaskScheduledEventAttributes": {json}}}"#);
        texts.push(format!(r#"{{"events": [{event}]}}"#));
        texts.push(json);
    }
    for text in texts {
        let error = options(&text).expect_err(&text);
        let invalid = error.invalid_options();
        assert_eq!(invalid, Some(&InvalidOptions::BackoffCoefficientNotFinite), "{text}");
        assert!(error.to_string().contains("not a finite number"), "{error}");
    }
}

#[test]
fn a_broken_rule_is_shown_where_the_option_stands() {
    let text = "start_to_close_timeout = \"1s\"\n[retry_policy]\nbackoff_coefficient = ";
    for (value, invalid) in [
        ("0.5", InvalidOptions::BackoffCoefficientBelowOne { value: 0.5 }),
        ("nan", InvalidOptions::BackoffCoefficientNotFinite),
    ] {
        let text = format!("{text}{value}");
        let error = options(&text).expect_err("the coefficient is wrong");
        assert_eq!(error.invalid_options(), Some(&invalid));
        assert_eq!(error.key(), Some("retry_policy.backoff_coefficient"));
        assert_eq!((error.line(), error.column()), (Some(3), Some(23)));
        assert_eq!(error.span().map(|span| &text[span]), Some(value));
        assert_eq!(error.help(), Some(invalid.help()));
    }
    let text = "{\"retryPolicy\": {\"nonRetryableErrorTypes\": [\"Fatal\",\n\
                \"TemporalTimeout:Nonsense\"]}, \"startToCloseTimeout\": \"1s\"}";
    let error = options(text).expect_err("there is no such timeout");
    assert_eq!(error.line(), Some(2));
    assert_eq!(error.span().map(|span| &text[span]), Some("\"TemporalTimeout:Nonsense\""));
}

#[test]
fn a_recorded_event_is_read_past_what_is_no_option() {
    let attributes = json!({
        "activityId": "5",
        "activityType": { "name": "charge" },
        "taskQueue": { "name": "payments", "kind": "TASK_QUEUE_KIND_NORMAL" },
        "header": { "fields": { "trace": { "data": [[[[[]]]]] } } },
        "input": { "payloads": [{ "metadata": { "encoding": "anNvbi9wbGFpbg==" } }] },
        "scheduleToCloseTimeout": "0s",
        "scheduleToStartTimeout": null,
        "startToCloseTimeout": "10.500s",
        "heartbeatTimeout": "",
        "workflowTaskCompletedEventId": "4",
        "retryPolicy": {
            "initialInterval": "0.000000001s",
            "backoffCoefficient": 2,
            "maximumInterval": "0.000000100s",
            "maximumAttempts": "5",
            "somethingNew": true,
        },
        "useWorkflowBuildId": true,
    });
    let options = recorded(&attributes).expect("the attributes are well-formed");
    assert_eq!(options.start_to_close_timeout(), Span(10_500));
    assert_eq!(options.schedule_to_close_timeout(), None);
    assert_eq!(options.schedule_to_start_timeout(), None);
    assert_eq!(options.heartbeat_timeout(), None);
    assert_eq!(options.retry_policy().maximum_attempts(), 5);
    assert_eq!(options.retry_policy().initial_interval(), Span(1));
    assert_eq!(options.changes().len(), 2);
}

#[test]
fn what_a_recorded_event_says_of_options_must_be_well_formed() {
    let cases = [
        (
            json!({ "startToCloseTimeout": 10 }),
            "startToCloseTimeout: the duration 10 has no \
              unit; write \"10s\" for seconds, \"10ms\" for milliseconds",
        ),
        (
            json!({ "startToCloseTimeout": "10s", "retryPolicy": [] }),
            "retryPolicy: \
              expected a table, found a list; write {\"maximumAttempts\": 3} for one",
        ),
        (
            json!("noise"),
            "expected the options, found a string; \
              give start_to_close_timeout to bound each attempt, \
              or schedule_to_close_timeout to bound all of them together",
        ),
        (
            json!({}),
            "neither start_to_close_timeout nor schedule_to_close_timeout is given; \
              give start_to_close_timeout to bound each attempt, \
              or schedule_to_close_timeout to bound all of them together",
        ),
    ];
    for (attributes, message) in cases {
        let error = recorded(&attributes).expect_err(message).to_string();
        let (_, said) =
            error.split_once("activityTaskScheduledEventAttributes").unwrap_or(("", &error));
        assert_eq!(said.trim_start_matches(['.', ':', ' ']), message);
    }
}

/// An old server recorded no retry policy and did not retry; a tool must be able to tell.
#[test]
fn a_recorded_event_without_retry_policy_says_so() {
    let without = recorded(&json!({ "startToCloseTimeout": "10s" }));
    let with = recorded(&json!({ "startToCloseTimeout": "10s", "retryPolicy": {} }));
    let attempts = |options: Result<ActivityOptions, Unusable>| {
        options.expect("the attributes are well-formed").retry_policy().maximum_attempts()
    };
    assert_eq!((attempts(without), attempts(with)), (1, 0));
}

/// Before Temporal 1.0, and in Cadence, timeouts were recorded as numbers of seconds.
#[test]
fn an_old_event_is_read_by_the_units_in_its_keys() {
    let options = recorded(&json!({
        "startToCloseTimeoutSeconds": 10,
        "scheduleToCloseTimeoutSeconds": 60,
        "scheduleToStartTimeoutSeconds": 0,
        "retryPolicy": {
            "initialIntervalInSeconds": 2,
            "maximumIntervalInSeconds": 0,
            "nonRetriableErrorReasons": ["Fatal"],
        },
    }));
    let options = options.expect("the attributes are well-formed");
    assert_eq!(options.start_to_close_timeout(), Span(10_000));
    assert_eq!(options.schedule_to_start_timeout(), Some(Span(60_000)));
    assert_eq!(options.retry_policy().initial_interval(), Span(2_000));
    assert_eq!(options.retry_policy().non_retryable_error_types(), ["Fatal"]);
}

/// The options of a history with one event.
fn recorded(attributes: &serde_json::Value) -> Result<ActivityOptions, Unusable> {
    let events = json!([{ "eventId": "5", "activityTaskScheduledEventAttributes": attributes }]);
    let document = Document::parse(events.to_string().as_bytes())?;
    Ok(document.activities[0].options.clone())
}
