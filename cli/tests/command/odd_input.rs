//! Input that nobody means and somebody has: what explain and lint say of it, each time one clear
//! error or the right reading, and never a panic.

use crate::support::{Ran, activity, activity_with_input, folder_with};
use std::fs;

/// Name and content of a file that neither command can use, and words that say why.
type Odd = (&'static str, &'static [u8], &'static str);

const ODD: [Odd; 43] = [
    ("empty.json", b"", "the file is empty"),
    ("blank.toml", b"\n \n\t\n", "the file is empty"),
    ("mark.yaml", b"\xef\xbb\xbf", "the file is empty"),
    ("null.json", b"null", "found null"),
    ("number.json", b"5", "a number"),
    ("text.json", b"\"30s\"", "found a string"),
    ("brackets.json", b"[[[[[[[[[[[[", "not JSON"),
    ("closed.json", b"[[[[1]]]]", "this is no history"),
    ("open.json", b"{", "not JSON"),
    ("comma.json", b"{\"startToCloseTimeout\": \"1m\",}", "not JSON"),
    ("comment.json", b"{ // why\n}", "not JSON"),
    ("twice.json", b"{\"startToCloseTimeout\":\"1m\",\"startToCloseTimeout\":\"2m\"}", "twice"),
    (
        "spellings.json",
        b"{\"startToCloseTimeout\":\"1m\",\"start_to_close_timeout\":\"2m\"}",
        "this option is given twice",
    ),
    (
        "policies.yaml",
        b"startToCloseTimeout: 1m\nretry: {maximumAttempts: 3}\nretryPolicy: {maximumAttempts: 4}",
        "this option is given twice",
    ),
    ("twice.toml", b"start_to_close_timeout='1m'\nstart_to_close_timeout='2m'", "duplicate key"),
    ("twice.yaml", b"startToCloseTimeout: 1m\nstartToCloseTimeout: 2m\n", "twice"),
    ("unknown.toml", b"start_to_close_timeout='1m'\nstart_to_close='2m'", "no such option"),
    ("anchor.yaml", b"startToCloseTimeout: *nope\n", "unknown anchor"),
    (
        "bomb.yaml",
        b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
          c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n\
          e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n\
          startToCloseTimeout: 1m\n",
        "stand for too much",
    ),
    ("itself.yaml", b"a: &a\n  b: *a\nstartToCloseTimeout: 1m\n", "no such option"),
    ("documents.yaml", b"startToCloseTimeout: 1m\n---\nstartToCloseTimeout: 2m\n", "second"),
    ("tab.yaml", b"startToCloseTimeout: 1m\nretryPolicy:\n\tmaximumAttempts: 3\n", "not YAML"),
    ("sexagesimal.yaml", b"startToCloseTimeout: 1:30\n", "not a duration"),
    (
        "octal.yaml",
        b"startToCloseTimeout: 1m\nretryPolicy: {maximumAttempts: 0o17}",
        "not a number",
    ),
    ("yes.yaml", b"startToCloseTimeout: yes\n", "not a duration"),
    ("list.yaml", b"startToCloseTimeout: [1m]\n", "startToCloseTimeout"),
    ("object.json", b"{\"startToCloseTimeout\": {\"hours\": 1}}", "startToCloseTimeout"),
    ("true.toml", b"start_to_close_timeout = true", "start_to_close_timeout"),
    ("date.toml", b"start_to_close_timeout = 2026-01-01", "a date or time"),
    (
        "many.json",
        b"{\"startToCloseTimeout\":\"1m\",\"retryPolicy\":{\"maximumAttempts\":1e999}}",
        "1e999",
    ),
    (
        "half.json",
        b"{\"startToCloseTimeout\":\"1m\",\"retryPolicy\":{\"maximumAttempts\":2.5}}",
        "2.5",
    ),
    ("unit.json", b"{\"startToCloseTimeout\": 1800000}", "has no unit"),
    ("month.toml", b"start_to_close_timeout = '1 month'", "no fixed length"),
    ("long.toml", b"start_to_close_timeout = '99999999999999h'", "longer than any duration"),
    ("iso.toml", b"start_to_close_timeout = 'PT99999999999999H'", "longer than any duration"),
    ("years.toml", b"start_to_close_timeout = '30000 years'", "longer than any duration"),
    ("words.toml", b"start_to_close_timeout = 'five minutes'", "not a duration"),
    ("zero.json", b"\0\0\0\0", "this is no text"),
    ("wide.json", b"\xff\xfe\0\0{\0\0\0}\0\0\0", "this is no text"),
    ("odd.toml", b"\xff\xfes", "damaged"),
    ("program", b"\x7fELF\x02\x01\x01\xff\xfe\xfd", "UTF-8"),
    ("packed.json", b"\x1f\x8b\x08\x00", "gzip"),
    ("page.html", b"<html><body>start_to_close_timeout</body></html>", "error"),
];

#[test]
fn neither_command_takes_what_is_no_document() {
    for (name, content, words) in ODD {
        let folder = folder_with(&[(name, content)]);
        for command in ["explain", "lint"] {
            let ran = folder.run(&[command, name]);
            let error = ran.refused().split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(error.contains(words), "{command} {name}: {words:?} is not in {error}");
            assert!(error.contains(name), "{command} {name}: {error}");
            assert_eq!(error.matches("error").count(), 1, "{command} {name}: {error}");
            is_narrow(&format!("{command} {name}"), &ran.stderr);
        }
    }
}

/// Whether no line is wider than a hundred columns.
#[track_caller]
fn is_narrow(what: &str, text: &str) {
    let wide = text.lines().find(|line| line.chars().count() > 100);
    assert_eq!(wide, None, "{what}");
}

#[test]
fn numbers_that_nobody_reads_to_their_end_are_cut() {
    let digits = "9".repeat(5_000);
    for text in [
        format!("{{\"startToCloseTimeout\":\"{digits}s\"}}"),
        format!("{{\"startToCloseTimeout\":{digits}}}"),
        format!(
            "{{\"startToCloseTimeout\":\"1m\",\"retryPolicy\":{{\"maximumAttempts\":{digits}}}}}"
        ),
    ] {
        let folder = folder_with(&[("a.json", text.as_bytes())]);
        let error = folder.run(&["explain", "a.json"]);
        assert!(error.refused().len() < 1_500, "{}", error.stderr);
        is_narrow("digits", &error.stderr);
    }
    let deep = folder_with(&[
        ("a.json", "[".repeat(100_000)),
        ("b.toml", format!("a={}", "[".repeat(20_000))),
        ("c.yaml", "{a: ".repeat(20_000)),
        ("d.yaml", format!("startToCloseTimeout: 1m\n#{}\n", "c".repeat(1_000_000))),
        ("e.toml", format!("a{} = 1\n", ".a".repeat(20_000))),
    ]);
    for name in ["a.json", "b.toml", "c.yaml", "e.toml"] {
        deep.run(&["explain", name]).refused();
        deep.run(&["lint", name]).refused();
    }
    deep.run(&["explain", "d.yaml"]).accepted();
}

#[test]
fn source_code_is_called_source_code() {
    let go = "package a\nimport \"go.temporal.io/sdk/workflow\"\n";
    let ruby = "Temporalio::Workflow.execute_activity(A, start_to_close_timeout: 300)\n";
    let python = "await workflow.execute_activity('a', start_to_close_timeout=timedelta(1))\n";
    let folder = folder_with(&[("a.go", go), ("b.rb", ruby), ("c.txt", python)]);
    for (name, message, help) in [
        ("a.go", "this is source code in Go, not a document", "activity lint a.go finds"),
        ("b.rb", "source code in Ruby is not read", "--start-to-close 30s"),
        ("c.txt", "this looks like source code in Python", "`activity lint` reads options"),
    ] {
        let ran = folder.run(&["explain", name]);
        let error = ran.refused();
        assert!(error.starts_with(&format!("error: {message}")), "{error}");
        assert!(error.contains(help), "{error}");
        assert!(!error.contains("expected"), "{error}");
    }
    assert!(folder.run(&["lint", "b.rb"]).refused().contains("Ruby is not read"));
    assert!(activity_with_input(&["explain", "-"], python.as_bytes()).refused().contains("Python"));
}

#[test]
fn flags_are_refused_in_the_words_of_the_house() {
    for (flags, words) in [
        (&["--start-to-close", "-5s"][..], "a duration cannot be negative"),
        (&["--start-to-close=-5s"], "a duration cannot be negative"),
        (&["--start-to-close", "--heartbeat", "5s"], "a duration before it"),
        (&["--start-to-close", "1m", "--function-takes", "-1h"], "cannot be negative"),
        (
            &["--start-to-close", "1m", "--worker-shutdown-grace", "99999999999999h"],
            "is longer than",
        ),
        (&["--start-to-close", "1m", "--heartbeats-every", "0s"], "nothing happens so often"),
        (&["--start-to-close", "1m", "--heartbeats-every", "-1s"], "cannot be negative"),
        (&["--start-to-close", "1m", "--maximum-attempts", "2.5"], "no number of attempts"),
        (&["--start-to-close", "1m", "--maximum-attempts", "99999999999"], "up to 2147483647"),
        (&["--start-to-close", "1m", "--maximum-attempts", "-1"], "maximum_attempts is negative"),
        (&["--start-to-close", "1m", "--backoff-coefficient", "-1"], "less than 1: -1"),
        (&["--start-to-close", "1m", "--backoff-coefficient", "NaN"], "not a finite number"),
        (&["--start-to-close", "1m", "--time-limit", "-1"], "invalid value '-1'"),
        (&["--start-to-close", "30"], "has no unit"),
        (&["--start-to-close", ""], "is not a duration"),
        (&["--maximum-attempts", "3"], "neither start_to_close_timeout"),
        (&[], "there is nothing to explain"),
    ] {
        let ran = activity(&[&["explain"], flags].concat());
        let error = ran.refused();
        assert!(error.contains(words), "{flags:?}: {words:?} is not in {error}");
        assert_eq!(error.matches("error:").count(), 1, "{error}");
        is_narrow(&format!("{flags:?}"), error);
    }
}

#[test]
fn options_may_be_spelled_as_the_command_temporal_spells_them() {
    let ours = ["--start-to-close", "5m", "--heartbeat", "30s", "--maximum-attempts", "3"];
    let theirs = [
        "--start-to-close-timeout",
        "5m",
        "--heartbeat-timeout",
        "30s",
        "--retry-maximum-attempts",
        "3",
    ];
    let explain = |flags: &[&str]| activity(&[&["explain"], flags].concat()).accepted().to_owned();
    assert_eq!(explain(&ours), explain(&theirs));
}

#[test]
fn every_notation_of_a_duration_is_the_same_ninety_seconds() {
    let said = |document: &str| -> String {
        let ran = activity_with_input(&["explain", "-"], document.as_bytes());
        ran.accepted().lines().nth(1).unwrap().to_owned()
    };
    let expected = said("start_to_close_timeout = '90s'");
    assert!(expected.contains("start_to_close 1m 30s"), "{expected}");
    for notation in [
        "1m30s",
        "1m 30s",
        "1.5m",
        "1.5 minutes",
        "90 seconds",
        "90sec",
        "90000ms",
        "90000 ms",
        "PT1M30S",
        "PT90S",
        "pt90s",
        "00:01:30",
        "0:01:30",
        "0.00:01:30",
        "0 days, 0:01:30",
        "90.0s",
        "90000000000ns",
        "1 minute, 30 seconds",
        "1m 29s 1000ms",
    ] {
        assert_eq!(said(&format!("startToCloseTimeout: '{notation}'")), expected, "{notation}");
        assert_eq!(
            said(&format!("{{\"StartToCloseTimeout\": \"{notation}\"}}")),
            expected,
            "{notation}"
        );
    }
    for message in [
        "{\"startToCloseTimeout\": {\"seconds\": 90}}",
        "{\"startToCloseTimeout\": {\"seconds\": \"89\", \"nanos\": 1000000000}}",
        "{\"startToCloseTimeoutSeconds\": 90}",
        "start_to_close_timeout_ms = 90000",
        "base: &base\n  startToCloseTimeout: 90s\ncharge:\n  <<: *base\n",
    ] {
        assert_eq!(said(message), expected, "{message}");
    }
}

#[cfg(unix)]
#[test]
fn names_that_cannot_be_followed_are_one_error_or_passed_by() {
    let folder = folder_with(&[("good.go", "package a\n")]);
    let path = folder.path();
    std::os::unix::fs::symlink(".", path.join("loop")).unwrap();
    std::os::unix::fs::symlink("b.go", path.join("a.go")).unwrap();
    std::os::unix::fs::symlink("a.go", path.join("b.go")).unwrap();
    let ran = folder.run(&["lint", "."]);
    assert_eq!((ran.code, ran.stdout.lines().next()), (0, Some("0 sites in 1 file")));
    for command in ["lint", "explain"] {
        let ran = folder.run(&[command, "a.go"]);
        assert!(ran.refused().contains("symbolic links"), "{}", ran.stderr);
        let ran = folder.run(&[command, "no/such/file"]);
        assert!(ran.refused().contains("there is no such file"), "{}", ran.stderr);
    }
    fs::remove_file(path.join("good.go")).unwrap();
    let ran = folder.run(&["lint"]);
    assert!(told(&ran).contains("nothing was judged: there is no file with Go"), "{}", ran.stdout);
    is_narrow("nothing judged", &ran.stdout);
}

fn told(ran: &Ran) -> String {
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}
