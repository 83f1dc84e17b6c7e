//! Figures of `activity history`: writes the histories that it is measured on, and says for each how
//! long the command took and how much memory it had. Asserts verdicts, never times.
//!
//! ```text
//! cargo run --release --package activity --example histories           # all of them
//! cargo run --release --package activity --example histories payload   # one: ordinary, payload, fifty, chain
//! ```

use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What is measured: its name, what it is, and what writes it.
const MEASURED: [(&str, &str, fn(&Path) -> io::Result<Vec<PathBuf>>); 4] = [
    ("ordinary", "100 MB of histories, 95 % of the activities without hidden attempts", ordinary),
    ("payload", "one history with 1 GB of payload", payload),
    ("fifty", "an activity with 50 hidden attempts", |folder| hidden(folder, 50)),
    ("chain", "an activity with 10,000 hidden attempts", |folder| hidden(folder, 10_000)),
];

fn main() -> io::Result<()> {
    let program = program();
    let asked: Vec<String> = std::env::args().skip(1).collect();
    for (name, what, write) in MEASURED {
        if !asked.is_empty() && !asked.iter().any(|it| it == name) {
            continue;
        }
        let folder = std::env::temp_dir().join(format!("histories-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let files = write(&folder)?;
        let bytes = files.iter().map(|file| fs::metadata(file).map(|it| it.len()));
        let bytes = bytes.sum::<io::Result<u64>>()?;
        measure(&program, what, &folder, bytes / 1_000_000)?;
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

/// The command, which is built beside the examples.
fn program() -> PathBuf {
    let own = std::env::current_exe().expect("an example knows where it is");
    let folder = own.ancestors().nth(2).expect("examples lie beside the programs");
    let program = folder.join("activity");
    assert!(program.exists(), "build it first: cargo build --release --package activity");
    program
}

#[expect(clippy::disallowed_methods, reason = "it is what this program is for")]
fn measure(program: &Path, what: &str, folder: &Path, megabytes: u64) -> io::Result<()> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|it| it.map(|it| it.path())).collect::<io::Result<_>>()?;
    files.sort();
    let began = Instant::now();
    let mut child =
        Command::new(program).arg("history").args(&files).stdout(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut out = child.stdout.take().expect("it is piped");
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        io::Read::read_to_end(&mut out, &mut text).map(|_| text)
    });
    let mut most = 0;
    let ended = loop {
        let memory = fs::read_to_string(&status).unwrap_or_default();
        let peak = memory.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
        most = most.max(peak.unwrap_or(0));
        if let Some(ended) = child.try_wait()? {
            break ended;
        }
        std::thread::yield_now();
    };
    let took = began.elapsed();
    let text = reader.join().expect("it reads")?;
    let text = String::from_utf8_lossy(&text);
    assert!(ended.success(), "{what}: {text}");
    let (files, peak) = (files.len(), most / 1_024);
    println!("{what}: {files} files, {megabytes} MB: {took:.3?}, {peak} MiB at most");
    Ok(())
}

fn event(event_id: i64, milliseconds: i64, attributes: &str, value: Value) -> Value {
    let nanoseconds = 1_767_225_600_000_000_000 + milliseconds * 1_000_000;
    json!({ "eventId": event_id.to_string(), "eventTime": nanoseconds.to_string(),
        format!("{attributes}EventAttributes"): value })
}

/// A run whose activities each had so many hidden attempts, of a policy that waits a second.
fn run(hidden: &[i64], result: &str) -> Value {
    let mut events = vec![
        event(1, 0, "workflowExecutionStarted", json!({})),
        event(2, 0, "workflowTaskScheduled", json!({})),
        event(3, 0, "workflowTaskStarted", json!({ "scheduledEventId": "2" })),
        event(4, 0, "workflowTaskCompleted", json!({ "scheduledEventId": "2" })),
    ];
    for (index, _) in (5..).zip(hidden) {
        events.push(event(
            index,
            0,
            "activityTaskScheduled",
            json!({
            "activityId": index.to_string(), "activityType": { "name": "Work" },
            "workflowTaskCompletedEventId": "4", "startToCloseTimeout": "10s",
            "heartbeatTimeout": "5s", "retryPolicy": { "initialInterval": "1s",
                "backoffCoefficient": 1.1, "maximumInterval": "10s" } }),
        ));
    }
    let mut event_id = 5 + i64::try_from(hidden.len()).expect("there are few");
    for (index, hidden) in (5_i64..).zip(hidden) {
        let at = waits(*hidden) + 3_000;
        let mut started = json!({ "scheduledEventId": index.to_string(), "attempt": hidden + 1,
            "requestId": "r" });
        if *hidden > 0 {
            started["lastFailure"] =
                json!({ "message": "boom", "applicationFailureInfo": { "type": "Transient" } });
        }
        events.push(event(event_id, at, "activityTaskStarted", started));
        events.push(event(
            event_id + 1,
            at + 500,
            "activityTaskCompleted",
            json!({
            "scheduledEventId": index.to_string(), "startedEventId": event_id.to_string(),
            "result": { "payloads": [{ "data": result }] } }),
        ));
        event_id += 2;
    }
    json!({ "events": events })
}

/// How long the backoffs after the first attempts take, in milliseconds.
fn waits(attempts: i64) -> i64 {
    let (mut interval, mut all) = (1_000.0_f64, 0);
    for _ in 0..attempts {
        #[expect(clippy::cast_possible_truncation, reason = "ten seconds at most")]
        let wait = interval.ceil() as i64;
        all += wait;
        interval = (interval * 1.1).min(10_000.0);
    }
    all
}

fn ordinary(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let result = "e30=".repeat(64);
    let (mut files, mut bytes) = (Vec::new(), 0);
    while bytes < 100_000_000 {
        // Of twenty activities one was retried.
        let hidden: Vec<i64> = (0..20).map(|index| i64::from(index == 7) * 2).collect();
        let text = run(&hidden, &result).to_string();
        let file = folder.join(format!("{:06}.json", files.len()));
        bytes += text.len();
        fs::write(&file, text)?;
        files.push(file);
    }
    Ok(files)
}

fn payload(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let file = folder.join("payload.json");
    let mut out = BufWriter::new(File::create(&file)?);
    let text = run(&[0], "HERE").to_string();
    let (before, after) = text.split_once("HERE").expect("it is there");
    out.write_all(before.as_bytes())?;
    let chunk = "QUJD".repeat(250_000);
    for _ in 0..1_000 {
        out.write_all(chunk.as_bytes())?;
    }
    out.write_all(after.as_bytes())?;
    out.flush()?;
    Ok(vec![file])
}

fn hidden(folder: &Path, many: i64) -> io::Result<Vec<PathBuf>> {
    let file = folder.join(format!("{many:05}.json"));
    fs::write(&file, run(&[many], "e30=").to_string())?;
    Ok(vec![file])
}
