//! Whatever the text: options or an error that points into it, never a panic.

use crate::options;
use activity_sources::documents::{Document, Unusable};
use proptest::prelude::*;

const TOML: &str = "start_to_close_timeout = \"1h 30m\"\nheartbeat_timeout = \"0.5s\"\n\
    start_delay = \"250µs\"\n[retry_policy]\ninitial_interval = \"1s\"\n\
    backoff_coefficient = 1.5\nmaximum_attempts = 0x10\n\
    non_retryable_error_types = [\"Fatal\", 'TemporalTimeout:Heartbeat']\n";

const YAML: &str = "one: &one\n  startToCloseTimeout: 1.5s\n  retry: {maximumAttempts: 3}\n\
    two:\n  <<: *one\n  heartbeatTimeout: 00:00:05 # every\n";

const JSON: &str = "{\"startToCloseTimeout\": \"1.500s\", \"heartbeatTimeout\": null,\n\
    \"retryPolicy\": {\"initialInterval\": \"0.000000001s\", \"backoffCoefficient\": \"NaN\",\n\
    \"maximumAttempts\": 3, \"nonRetryableErrorTypes\": [\"F\\u00e4tal\", \"\"]}}";

proptest! {
    #[test]
    fn bytes_are_options_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        judge(&String::from_utf8_lossy(&bytes));
        if let Err(error) = Document::parse(&bytes) {
            assert!(!error.message().is_empty());
        }
    }

    #[test]
    fn a_word_salad_is_options_or_an_error(words in prop::collection::vec(word(), 0..40)) {
        judge(&words.concat());
    }

    #[test]
    fn a_text_with_mistakes_is_options_or_an_error(
        original in prop_oneof![Just(TOML), Just(JSON), Just(YAML)],
        mistakes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..9, word()), 1..5),
    ) {
        let mut text: Vec<char> = original.chars().collect();
        for (at, removed, inserted) in mistakes {
            let start = at.index(text.len() + 1);
            let end = (start + removed).min(text.len());
            text.splice(start..end, inserted.chars());
        }
        judge(&text.into_iter().collect::<String>());
    }

    #[test]
    fn a_recorded_value_is_options_or_an_error(value in any_json(), inner in any_json()) {
        judge_recorded(&value);
        judge_recorded(&serde_json::json!({
            "startToCloseTimeout": value.clone(),
            "retryPolicy": inner.clone(),
        }));
        judge_recorded(&serde_json::json!({
            "startToCloseTimeout": "1s",
            "retryPolicy": { "maximumAttempts": value, "nonRetryableErrorTypes": [inner] },
        }));
    }
}

#[test]
fn a_text_of_any_depth_or_length_is_an_error() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"retryPolicy\":", "}")] {
        let deep = open.repeat(100_000) + "1" + &close.repeat(100_000);
        let prefixes = ["", "{\"startToCloseTimeout\": ", "start_to_close_timeout = "];
        for (prefix, end) in prefixes.into_iter().zip(["", "}", ""]) {
            let text = format!("{prefix}{deep}{end}");
            assert!(Document::parse(text.as_bytes()).is_err());
            assert!(Document::parse(format!("---\n{text}").as_bytes()).is_err());
        }
    }
    let long = format!("{} = 1", "k".repeat(1_000_000));
    assert!(options(&long).is_err());
    assert!(options(&format!("start_delay = \"{}s\"", "9".repeat(99))).is_err());
}

fn judge(text: &str) {
    let notations = ["", "# TOML\n", "---\n"];
    for notation in notations {
        let text = format!("{notation}{text}");
        match Document::parse(text.as_bytes()) {
            Ok(document) => {
                assert!(document.activities.iter().all(|it| it.options.terms().are_normal()));
            }
            Err(error) => points_into(&error, &text),
        }
    }
}

fn points_into(error: &Unusable, text: &str) {
    assert!(!error.message().is_empty());
    assert!(!error.to_string().contains('\n'), "{error}");
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let (Some(line), Some(span)) = (error.line(), error.span()) {
        assert!(text.get(span).is_some(), "{error}");
        assert!(line <= text.matches('\n').count() + 1, "{error}");
        assert!(error.column().is_some_and(|column| column >= 1));
    }
}

fn judge_recorded(value: &serde_json::Value) {
    let event =
        serde_json::json!([{ "eventId": 5, "activityTaskScheduledEventAttributes": value }]);
    judge(&event.to_string());
}

fn word() -> impl Strategy<Value = String> {
    let words = [
        "start_to_close_timeout",
        "schedule_to_close_timeout",
        "startToCloseTimeout",
        "retryPolicy",
        "retry_policy",
        "maximum_attempts",
        "maximumAttempts",
        "backoff_coefficient",
        " = ",
        ": ",
        "\"",
        "\"1s\"",
        "\"-1s\"",
        "1e999",
        "nan",
        "\"NaN\"",
        "-1",
        "99999999999999999999",
        "[",
        "]",
        "{",
        "}",
        "\n",
        ",",
        "\r\n",
        "\\u",
        "\\ud800",
        "µ",
        "\u{0}",
        "'''",
        "#",
        "\u{feff}",
        "null",
    ];
    prop_oneof![
        4 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word().prop_map(Value::from),
    ];
    let keys = prop_oneof![
        word(),
        prop::sample::select(vec!["initialInterval", "maximumAttempts", "nonRetryableErrorTypes"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
