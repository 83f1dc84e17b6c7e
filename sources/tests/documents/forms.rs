//! The same few options in the notations that people have them in: each is read, or refused with a
//! hint.

use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::{Dialect, Span};
use activity_sources::documents::{Activity, Document, Notation};
use std::fmt::Write as _;
use std::path::Path;

/// What is made of a form.
enum Expected {
    /// So many activities, and the start-to-close timeout of the first in milliseconds.
    Read(Notation, usize, i64),
    /// An error that says this, among other things.
    Refused(&'static str),
}

use Expected::{Read, Refused};

/// Every file beside this repository, with what is made of it.
const FORMS: [(&str, Expected); 21] = [
    ("arr.json", Read(Notation::History, 1, 30_000)),
    ("bom.json", Read(Notation::History, 1, 360_000)),
    ("camel.toml", Read(Notation::Toml, 1, 30_000)),
    ("coef.toml", Refused("give 1 for waits of equal length")),
    ("empty.json", Refused("give start_to_close_timeout")),
    ("empty.toml", Refused("give start_to_close_timeout")),
    ("eq.toml", Read(Notation::Toml, 1, 3_000)),
    ("go-nanos.json", Refused("if these are nanoseconds, as Go writes them, write \"5m\"")),
    ("iso.json", Read(Notation::Json, 1, 600_000)),
    ("ms-strings.json", Read(Notation::Json, 1, 60_000)),
    ("neg.toml", Refused("0 is unlimited")),
    ("nonret.toml", Read(Notation::Toml, 1, 30_000)),
    ("saa-describe.json", Read(Notation::Description, 1, 60_000)),
    ("secs.toml", Refused("write \"30s\" for seconds")),
    ("snippet.go", Refused("source code in Go")),
    ("snippet.py", Refused("source code in Python")),
    ("two.toml", Read(Notation::Toml, 2, 30_000)),
    ("utf16.json", Read(Notation::History, 1, 360_000)),
    ("x.yaml", Read(Notation::Yaml, 1, 300_000)),
    ("../h02-describe-while-it-waits.json", Read(Notation::Description, 1, 60_000)),
    ("../h06-attributes-only.json", Read(Notation::History, 1, 30_000)),
];

#[test]
fn every_form_is_read_or_refused_with_a_hint() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cases/forms");
    if !folder.exists() {
        crate::not_run(&folder);
        return;
    }
    let mut wrong = String::new();
    for (name, expected) in &FORMS {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        let is_right = match (Document::parse(&bytes), expected) {
            (Ok(document), Read(notation, count, start_to_close)) => {
                let first = document.activities[0].options.start_to_close_timeout();
                (document.notation, document.activities.len(), first.0)
                    == (*notation, *count, *start_to_close)
            }
            (Err(error), Refused(words)) => {
                let said = error.help().is_some() && error.to_string().contains(words);
                if !said {
                    let _ = writeln!(wrong, "{name}: {error}");
                }
                said
            }
            (Ok(document), Refused(_)) => {
                let _ = writeln!(wrong, "{name}: {document:?}");
                false
            }
            (Err(error), Read(..)) => {
                let _ = writeln!(wrong, "{name}: {error}");
                false
            }
        };
        if !is_right {
            let _ = writeln!(wrong, "{name} is wrong");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    let listed = |name: &str| FORMS.iter().any(|(known, _)| *known == name);
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        assert!(listed(&name.to_string_lossy()), "{} is not listed", name.display());
    }
}

fn parsed(text: &str) -> Vec<Activity> {
    Document::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}")).activities
}

#[test]
fn several_activities_are_named_in_every_notation() {
    for text in [
        "[charge]\nstart_to_close_timeout = '30s'\n[refund]\nstart_to_close_timeout = '2m'",
        "[activities.charge]\nstart_to_close_timeout = '30s'\n\
         [activities.refund]\nstart_to_close_timeout = '2m'",
        r#"{"charge": {"startToCloseTimeout": "30s"}, "refund": {"startToCloseTimeout": "2m"}}"#,
        "charge:\n  startToCloseTimeout: 30s\nrefund:\n  startToCloseTimeout: 2m",
        "- name: charge\n  startToCloseTimeout: 30s\n- name: refund\n  startToCloseTimeout: 2m",
        "base: &base\n  startToCloseTimeout: 30s\ncharge: *base\nrefund:\n  <<: *base\n  \
         StartToCloseTimeout: 2m\n",
    ] {
        // The last one gives an option twice, in two spellings.
        let Ok(document) = Document::parse(text.as_bytes()) else {
            assert!(text.contains("<<"), "{text}");
            continue;
        };
        let read = document.activities.iter().map(|activity| {
            (
                activity.name.as_deref().unwrap_or_default(),
                activity.options.start_to_close_timeout(),
            )
        });
        let read: Vec<_> = read.collect();
        assert_eq!(read, [("charge", Span(30_000)), ("refund", Span(120_000))], "{text}");
    }
}

#[test]
fn options_can_belong_to_a_workflow_and_its_run() {
    for text in [
        "start_to_close_timeout = '10m'\nworkflow_run_timeout = '15m'",
        "startToCloseTimeout: 10m\nrunTimeout: 15m",
        r#"{"startToCloseTimeout": "600s", "workflowRunTimeout": "900s"}"#,
        "workflow_run_timeout = '15m'\n[one]\nstart_to_close_timeout = '10m'",
    ] {
        let activities = parsed(text);
        let options = &activities[0].options;
        assert_eq!(options.dialect(), Dialect::Workflow, "{text}");
        assert_eq!(options.workflow_run_timeout(), Some(Span(900_000)), "{text}");
        assert_eq!(options.schedule_to_close_timeout(), Some(Span(900_000)), "{text}");
    }
    let kind = parsed("kind = 'workflow'\nstart_to_close_timeout = '10m'");
    assert_eq!(kind[0].options.dialect(), Dialect::Workflow);
    assert_eq!(kind[0].options.schedule_to_close_timeout(), None);
}

#[test]
fn a_history_says_when_the_run_ends() {
    let history = |run: &str| {
        format!(
            r#"[{{"eventId": 1, "eventTime": "2024-05-28T02:46:26.852786129Z",
                "workflowExecutionStartedEventAttributes": {run}}},
               {{"eventId": 14, "eventTime": "2024-05-28T02:46:28.925386163Z",
                "activityTaskScheduledEventAttributes": {{"startToCloseTimeout": "30s"}}}}]"#
        )
    };
    let left = |run: &str| parsed(&history(run))[0].run_left;
    assert_eq!(left(r#"{"workflowRunTimeout": "30s"}"#), Some(Span(27_927)));
    assert_eq!(left(r#"{"workflowExecutionTimeout": "30s"}"#), Some(Span(27_927)));
    assert_eq!(
        left(r#"{"workflowExecutionExpirationTime": "2024-05-28T02:46:38.9253Z"}"#),
        Some(Span(9_999))
    );
    assert_eq!(
        left(r#"{"workflowRunTimeout": "30s", "firstWorkflowTaskBackoff": "60s"}"#),
        Some(Span(87_927))
    );
    assert_eq!(left(r#"{"workflowRunTimeout": "0s"}"#), None);
    assert_eq!(left(r#"{"executionStartToCloseTimeoutSeconds": 30}"#), Some(Span(27_927)));
}

#[test]
fn activities_that_the_run_cuts_differently_are_not_merged() {
    let event = |id: u32, time: &str| {
        format!(
            r#"{{"eventId": {id}, "eventTime": "{time}", "activityTaskScheduledEventAttributes":
                {{"activityType": {{"name": "t"}}, "startToCloseTimeout": "30s"}}}}"#
        )
    };
    let run = r#"{"eventId": 1, "eventTime": "2024-05-28T00:00:00Z",
        "workflowExecutionStartedEventAttributes": {"workflowRunTimeout": "30s"}}"#;
    let events =
        [run.to_owned(), event(5, "2024-05-28T00:00:01Z"), event(6, "2024-05-28T00:00:02Z")];
    let text = format!("[{}]", events.join(","));
    let distinct = Document::parse(text.as_bytes()).expect("a history").distinct();
    assert_eq!(distinct.len(), 2);
}

#[test]
fn what_bears_on_recorded_options_and_is_not_understood_is_named() {
    let text = r#"[{"eventId": 5, "activityTaskScheduledEventAttributes": {
        "startToCloseTimeoutSeconds": 10, "retryPolicy": {
            "initialIntervalInSeconds": 1, "nonRetriableErrorReasons": ["Fatal"],
            "expirationIntervalInSeconds": 60, "somethingNew": 0}}}]"#;
    let activity = &parsed(text)[0];
    let named = activity
        .passed_over
        .iter()
        .map(|(key, place)| (key.as_str(), place.as_ref().map(|place| place.line)));
    let expected = [("retryPolicy.expirationIntervalInSeconds", Some(4))];
    assert_eq!(named.collect::<Vec<_>>(), expected);
    assert_eq!(activity.options.retry_policy().non_retryable_error_types(), ["Fatal"]);
}

#[test]
fn every_option_knows_its_place() {
    let text = "start_to_close_timeout = '1m'\n[retry_policy]\n  maximum_attempts = 3\n";
    let activity = &parsed(text)[0];
    let place = |field| activity.place_of(field).map(|place| (place.line, place.column));
    assert_eq!(place(Field::StartToCloseTimeout), Some((1, 26)));
    assert_eq!(place(Field::MaximumAttempts), Some((3, 22)));
    assert_eq!(place(Field::HeartbeatTimeout), None);
    let place = activity.place_of(Field::MaximumAttempts).expect("it is given");
    assert_eq!(&text[place.bytes.range()], "3");
    assert_eq!(activity.options.requested().heartbeat_timeout, None::<Nanoseconds>);
}
