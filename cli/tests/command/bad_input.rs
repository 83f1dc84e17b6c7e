//! What cannot be used: one clear error at its place, exit code 2, and nothing half-done.

use crate::support::{activity, folder_with};
use activity::documents;
use serde_json::Value;

/// Name and content of a file, and what its error has to say: a line, if one is known, and words.
type Bad = (&'static str, &'static [u8], Option<usize>, &'static [&'static str]);

const BAD_OPTIONS: [Bad; 18] = [
    (
        "unknown.toml",
        b"start_to_close_timeout = '1s'\nhearbeat_timeout = '5s'",
        Some(2),
        &["hearbeat_timeout"],
    ),
    (
        "misplaced.toml",
        b"start_to_close_timeout = '1s'\nmaximum_attempts = 3",
        Some(2),
        &["maximum_attempts", "retry_policy"],
    ),
    (
        "twice.json",
        br#"{"startToCloseTimeout": "1s", "startToCloseTimeout": "2s"}"#,
        Some(1),
        &["startToCloseTimeout", "twice"],
    ),
    (
        "negative.toml",
        b"\nstart_to_close_timeout = '-10s'",
        Some(2),
        &["start_to_close_timeout", "negative"],
    ),
    (
        "no-duration.toml",
        b"start_to_close_timeout = 'soon'",
        Some(1),
        &["start_to_close_timeout", "soon"],
    ),
    ("no-unit.toml", b"start_to_close_timeout = 10", Some(1), &["start_to_close_timeout", "10"]),
    (
        "neither.toml",
        b"heartbeat_timeout = '5s'",
        None,
        &["start_to_close_timeout", "schedule_to_close_timeout"],
    ),
    ("neither.json", b"{}", None, &["start_to_close_timeout", "schedule_to_close_timeout"]),
    (
        "coefficient.toml",
        b"start_to_close_timeout = '1s'\n[retry_policy]\nbackoff_coefficient = 0.5",
        Some(3),
        &["backoff_coefficient", "0.5"],
    ),
    (
        "nan.toml",
        b"start_to_close_timeout = '1s'\n[retry_policy]\nbackoff_coefficient = nan",
        Some(3),
        &["backoff_coefficient", "not a finite number"],
    ),
    (
        "attempts.toml",
        b"start_to_close_timeout = '1s'\n[retry_policy]\nmaximum_attempts = -1",
        Some(3),
        &["maximum_attempts", "negative"],
    ),
    ("empty.toml", b"", None, &["empty"]),
    ("blank.json", b" \n\n", None, &["empty"]),
    (
        "broken.json",
        b"{\"startToCloseTimeout\": \"5s\",\n \"heartbeatTimeout\" \"3s\"}",
        Some(2),
        &["not JSON"],
    ),
    ("null.json", b"null", Some(1), &["null"]),
    ("latin.toml", b"start_to_close_timeout = '1s'\n# caf\xe9", Some(2), &["UTF-8"]),
    ("noise", b"\x9f\x00\xff\xfe\x01", Some(1), &["UTF-8"]),
    ("history.bin", b"\x0a\xbc\x02\x08\x01", None, &["protobuf"]),
];

#[test]
fn options_that_cannot_be_used_are_refused_at_their_place() {
    for (name, content, line, words) in BAD_OPTIONS {
        let folder = folder_with(&[(name, content)]);
        let ran = folder.run(&["explain", name]);
        let error = ran.refused();
        for word in words.iter().chain([&name]) {
            assert!(error.contains(word), "{name}: {word} is missing in {error}");
        }
        if let Some(line) = line {
            assert!(error.contains(&format!("{name}:{line}")), "{name}: no line {line} in {error}");
        }
        assert_eq!(error.matches("error").count(), 1, "{name}: more than one error in {error}");
    }
}

#[test]
fn a_program_is_told_file_line_and_key() {
    for (name, content, line, _) in BAD_OPTIONS {
        let folder = folder_with(&[(name, content)]);
        let ran = folder.run(&["explain", "--format", "json", name]);
        let error: Value = serde_json::from_str(ran.refused()).unwrap();
        let error = &error["error"];
        assert_eq!(error["file"], name);
        assert_eq!(error["line"].as_u64(), line.map(|line| line as u64), "{name}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = folder_with::<&str>(&[]);
    for command in ["explain", "replay"] {
        let missing = folder.run(&[command, "missing"]);
        assert!(missing.refused().contains("there is no such file"), "{}", missing.stderr);
        let directory = folder.run(&[command, "."]);
        assert!(directory.refused().contains("this is a directory"), "{}", directory.stderr);
    }
}

#[test]
fn one_file_that_cannot_be_used_spoils_the_others() {
    let good = "start_to_close_timeout = '1s'";
    let folder = folder_with(&[("good.toml", good), ("bad.toml", "x = 1"), ("worse.toml", "")]);
    let ran = folder.run(&["explain", "good.toml", "bad.toml", "worse.toml"]);
    assert_eq!(ran.refused().matches("error").count(), 2);
}

#[test]
fn an_error_is_drawn_where_it_is() {
    let text = "start_to_close_timeout = \"10s\"\nhearbeat_timeout = \"5s\"\n";
    let folder = folder_with(&[("activity.toml", text)]);
    insta::assert_snapshot!(folder.run(&["explain", "activity.toml"]).refused(), @r#"
    error: `hearbeat_timeout`: there is no such option here
     --> activity.toml:2:1
      |
    2 | hearbeat_timeout = "5s"
      | ^^^^^^^^^^^^^^^^
      |
      = help: did you mean heartbeat_timeout?
    "#);
}

/// Every beginning of a good document, and every good document with one byte that is wrong, is read
/// or refused; what is checked is that nothing else happens.
#[test]
fn damaged_documents_are_read_or_refused() {
    let toml = "start_to_close_timeout = '1s'\n[retry_policy]\nmaximum_attempts = 3 # é\n";
    let json = r#"{"startToCloseTimeout": "1.5s", "retryPolicy": {"backoffCoefficient": 2e0}}"#;
    let history = r#"[{"eventId":"5","activityTaskScheduledEventAttributes":
        {"activityId":"é","startToCloseTimeoutSeconds":3,"retryPolicy":{"maximumAttempts":1}}}]"#;
    let (mut read, mut refused) = (0, 0);
    let mut parse = |bytes: &[u8]| match documents::parse("damaged", bytes) {
        Ok(_) => read += 1,
        Err(problem) => {
            refused += 1;
            assert!(problem.render().contains("damaged"));
        }
    };
    for document in [toml, json, history] {
        let bytes = document.as_bytes();
        for index in 0..bytes.len() {
            parse(&bytes[..index]);
            for wrong in [b'"', b'{', b']', b'-', b'9', b'\n', 0x00, 0x1b, 0x80, 0xff] {
                let mut damaged = bytes.to_vec();
                damaged[index] = wrong;
                parse(&damaged);
            }
        }
    }
    assert!(read > 100 && refused > 1_000, "{read} read, {refused} refused");
}

const BAD_TRACES: [(&str, &str); 18] = [
    ("", "there is no trace in it"),
    ("{", "not JSON"),
    ("[]", "should be an object"),
    (r#"{"name": "t"}"#, "`options` is missing"),
    (r#"{"name": 5}"#, "`name` should be a string, not 5"),
    (r#"{"name": "t", "options": {}, "steps": []}"#, "`steps` is empty"),
    (r#"{"name": "t", "options": {"color": 1}, "steps": [START]}"#, "`options.color`"),
    (r#"{"name": "t", "options": {}, "steps": [START], "stepz": []}"#, "`stepz`"),
    (
        r#"{"name": "t", "options": {}, "steps": [{"event": "Poll", "at": 0, "answer": {}}]}"#,
        "the first step",
    ),
    (r#"{"name": "t", "options": {}, "steps": [START, {"event": "Snooze", "at": 0}]}"#, "Snooze"),
    (
        r#"{"name": "t", "options": {}, "steps": [START, {"event": "PollById", "at": 0}]}"#,
        "PollById",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [START, {"event": "Poll", "at": 0, "answer": {}, "tokn": 1}]}"#,
        "`steps[1].tokn`",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [START, {"event": "Heartbeat", "at": 0, "answer": {}}]}"#,
        "`steps[1].token` is missing",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [START, {"event": "Poll", "at": 1e300, "answer": {}}]}"#,
        "`steps[1].at`",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [COMMAND, {"event": "RespondFailedById", "at": 0, "answer": {}, "failure": "none", "nextRetryDelay": -9223372036854775808}]}"#,
        "`steps[1].nextRetryDelay`",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [START, {"event": "WorkflowFinish", "at": 0, "answer": {}}]}"#,
        "`steps[1].event` does not happen after StartActivityExecution",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [COMMAND, {"event": "Terminate", "requestId": "t", "at": 0, "answer": {}}]}"#,
        "`steps[1].event` does not happen after ScheduleActivityTask",
    ),
    (
        r#"{"name": "t", "options": {}, "steps": [COMMAND, COMMAND]}"#,
        "`steps[1].event` is only the first step",
    ),
];

#[test]
fn traces_that_cannot_be_used_are_refused_with_their_line() {
    let start = r#"{"event": "StartActivityExecution", "requestId": "s", "at": 0, "answer": {}}"#;
    let command = r#"{"event": "ScheduleActivityTask", "at": 0, "answer": {}}"#;
    for (trace, words) in BAD_TRACES {
        let trace = trace.replace("START", start).replace("COMMAND", command);
        let trace = format!("\n{trace}\n");
        let folder = folder_with(&[("bad.jsonl", trace.as_str())]);
        let ran = folder.run(&["replay", "bad.jsonl"]);
        // A sentence may be cut into lines anywhere.
        let error = ran.refused().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(error.contains(words), "{words} is missing in {error}");
        let place = if trace.trim().is_empty() { "bad.jsonl" } else { "bad.jsonl:2" };
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let ran = crate::support::activity_with_input(&["replay", "-"], b"\xff\n");
    assert!(ran.refused().contains("<stdin>:1"), "{}", ran.stderr);
    let ran =
        crate::support::activity_with_input(&["explain", "-"], b"start_to_close_timeout = '1s'");
    assert!(ran.accepted().starts_with("<stdin>: a standalone activity\n"), "{}", ran.stdout);
    assert_eq!(activity(&["replay"]).code, 0);
}
