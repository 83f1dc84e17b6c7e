//! Programs that answer slowly, hang, die, flood standard output or speak nonsense.

use super::{is_there, program};
use activity_harness::alphabet::Power;
use activity_harness::block_on;
use activity_harness::learn::{Budget, LearnError, Outside, learn};
use activity_harness::machine::Explicit;
use activity_harness::process::{Process, Program};
use activity_harness::run::{Plan, SuiteName, Unwatched, conform};
use activity_harness::seam::{ActivitySystem as _, Broken};
use activity_harness::suite::graded;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// A program in Python that shakes hands, starts a child that outlives it, and then does this with
/// each request `q`.
fn script(body: &str, pids: &Path) -> String {
    format!(
        r#"
import json, os, subprocess, sys, time
open({pids:?}, "w").write(str(subprocess.Popen(["sleep", "300"]).pid))
print("a complaint on standard error", file=sys.stderr, flush=True)
def say(text): sys.stdout.write(text + "\n"); sys.stdout.flush()
for line in sys.stdin:
    q = json.loads(line)
    if q["do"] == "Hello":
        say(json.dumps({{"id": q["id"], "ok": {{"protocol": 1, "name": "x", "clock": "virtual",
            "observes": "answers", "can": ["standalone", "tokens"], "more": [1, 2, 3]}}}}))
    elif q["do"] == "StartActivityExecution":
        say(json.dumps({{"id": q["id"], "ok": {{"started": True, "unknown": {{}}}}}}))
    else:
        {body}
"#
    )
}

fn pids(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.pid"))
}

/// What is said of a program that does this, within this time: by who holds it to the specification,
/// and by who learns it.
fn complaints(name: &str, body: &str, limit: Duration) -> Vec<Broken> {
    if !is_there("python3", "--version") {
        return Vec::new();
    }
    let pids = pids(name);
    let script = script(body, &pids);
    let program = Program { time_limit: limit, ..program(&["python3", "-c", &script]) };
    let asked: [fn(Process) -> Broken; 2] = [held, learned];
    let said = asked.map(|asked| {
        #[expect(clippy::disallowed_methods, reason = "what hangs must not hang us")]
        let begun = Instant::now();
        let process = Process::start(program.clone()).unwrap_or_else(|broken| panic!("{broken}"));
        let broken = asked(process);
        assert!(begun.elapsed() < limit + Duration::from_secs(30), "it held us up");
        let pid = fs::read_to_string(&pids).expect("it wrote down its child");
        assert!(is_gone(&pid), "its child {pid} is left behind");
        let at = broken.at.clone().unwrap_or_default();
        assert!(at.contains("step ") && at.contains(" of a"), "{broken}");
        broken
    });
    said.into()
}

fn held(mut process: Process) -> Broken {
    let plan = Plan {
        configurations: graded()[..1].to_vec(),
        suites: vec![SuiteName::Edges],
        ..Plan::default()
    };
    let conformed = block_on(conform(&mut process, &plan, &[], &Unwatched));
    let broken = conformed.expect_err("it does not do what a system has to");
    assert_eq!(broken.stderr, ["a complaint on standard error"], "{broken}");
    broken
}

fn learned(process: Process) -> Broken {
    let (configuration, power) = (&graded()[0], Power::Answers);
    let inputs = configuration.alphabet(process.manifest().can);
    let specification = Explicit::of(configuration, &inputs, power).expect("it is small");
    let mut outside = Outside::new(process, configuration, power);
    match learn(&mut outside, &specification, Budget::default()) {
        Err(LearnError::System(broken)) => broken,
        other => panic!("it does not do what a system has to: {other:?}"),
    }
}

/// Whether a process is gone, or soon is; one that only waits to be noticed has gone.
fn is_gone(pid: &str) -> bool {
    let is_gone = || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    };
    (0..100).any(|_| {
        thread::park_timeout(Duration::from_millis(20));
        is_gone()
    })
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn one_that_answers_slowly_is_given_up_in_time() {
    let body = "time.sleep(5); say(json.dumps({'id': q['id'], 'ok': {'task': None}}))";
    for broken in complaints("slow", body, SECOND) {
        assert!(broken.what.contains("no answer"), "{broken}");
        assert!(broken.what.contains("within 1 s"), "{broken}");
    }
}

#[test]
fn one_that_hangs_is_given_up_in_time() {
    let body = "time.sleep(1000)";
    for broken in complaints("hangs", body, SECOND) {
        assert!(broken.help.is_some_and(|help| help.contains("--call-limit")), "a way out");
    }
}

#[test]
fn one_that_dies_is_told_with_its_exit_code() {
    for broken in complaints("dies", "os._exit(7)", 20 * SECOND) {
        assert_eq!(broken.what, "it ended by itself, with exit code 7");
    }
}

#[test]
fn one_that_floods_its_output_with_lines_is_stopped() {
    let body = "[say('{\"id\": 0, \"ok\": {}}') for _ in range(10 ** 9)]";
    for broken in complaints("lines", body, 20 * SECOND) {
        assert!(broken.what.contains("which was not asked"), "{broken}");
    }
}

#[test]
fn one_that_floods_its_output_without_an_end_is_stopped() {
    let body = "[sys.stdout.write('x' * 65536) for _ in range(10 ** 9)]";
    for broken in complaints("flood", body, 60 * SECOND) {
        assert!(broken.what.contains("more than 16 MB"), "{broken}");
    }
}

#[test]
fn one_that_speaks_nonsense_is_quoted() {
    for (name, body, what) in [
        ("words", "say('Polling now \\x1b[31m')", "is no answer"),
        ("shape", "say(json.dumps({'id': q['id'], 'ok': {'task': 7}}))", "cannot be read"),
        ("neither", "say(json.dumps({'id': q['id']}))", "neither `ok` nor `refused`"),
        (
            "error",
            "say(json.dumps({'id': q['id'], 'error': 'no disk'}))",
            "it cannot go on: no disk",
        ),
        ("twice", "say(json.dumps({'id': 2, 'ok': {}}))", "which was not asked"),
        ("bytes", "sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()", "not UTF-8"),
    ] {
        for broken in complaints(name, body, 20 * SECOND) {
            assert!(broken.what.contains(what), "{name}: {broken}");
            assert!(!broken.what.contains('\u{1b}'), "{name}: nobody may drive the terminal");
        }
    }
}

#[test]
fn a_handshake_that_cannot_be_used_says_why() {
    if !is_there("python3", "--version") {
        return;
    }
    let hello = |answer: &str| {
        let script = format!("import sys; sys.stdin.readline(); print('{answer}', flush=True)");
        let script = format!("{script}; sys.stdin.read()");
        Process::start(program(&["python3", "-c", &script])).expect_err("nobody can use it")
    };
    let full = |clock: &str, observes: &str, protocol: u32| {
        format!(
            "{{\"id\": 1, \"ok\": {{\"protocol\": {protocol}, \"name\": \"x\", \
             \"clock\": {clock}, \"observes\": \"{observes}\"}}}}"
        )
    };
    let virtual_clock = "\"virtual\"";
    for (answer, what) in [
        (full(virtual_clock, "everything", 1), "`observes` should be answers, outcome or describe"),
        (
            full(virtual_clock, "answers", 9),
            "version 9 of the protocol, and this harness version 1",
        ),
        (full("{\"real\": {\"step\": 0}}", "answers", 1), "`step` of the clock should be positive"),
        (full("\"sundial\"", "answers", 1), "unknown variant `sundial`"),
        ("{\"id\": 1, \"refused\": \"no\"}".to_owned(), "it has no `ok`"),
    ] {
        let broken = hello(&answer);
        assert!(broken.to_string().contains(what), "{broken}");
        assert_eq!(broken.at.as_deref(), Some("the handshake"));
    }
    let missing = Process::start(program(&["no-such-program"])).expect_err("there is none");
    assert!(missing.what.starts_with("no-such-program cannot be started"), "{missing}");
}
