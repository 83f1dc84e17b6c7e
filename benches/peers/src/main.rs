//! The whole comparison: every contender, every workload, interleaved; Markdown, SVG and JSON.
//!
//! Goal: ratios between contenders that are measured side by side. Not a goal: absolute times,
//! which are this machine's.

mod contenders;
#[path = "../../harness/mod.rs"]
mod harness;
mod instructions;
mod report;

use std::time::Duration;

use harness::workloads::{Run, Workload};
use harness::{Contender, allocator};
use report::{Report, Row};

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

fn main() -> std::io::Result<()> {
    let everyone = harness::contenders::CONTENDERS.into_iter().chain(contenders::PEERS);
    let everyone: Vec<Contender> =
        everyone.filter(|it| asked("WHEEL_BENCH_CONTENDERS", it.name)).collect();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["child", contender, workload, operations] => {
            let operations = operations.parse().expect("the parent passes a number");
            instructions::child(&everyone, contender, workload, operations);
            Ok(())
        }
        ["instructions"] => {
            let text = instructions::table(&everyone)?;
            println!("{text}");
            std::fs::write(format!("{RESULTS}/instructions.md"), text)
        }
        _ => compare(&everyone),
    }
}

fn compare(everyone: &[Contender]) -> std::io::Result<()> {
    let mut report = Report::new(everyone);
    for n in sizes() {
        for workload in Workload::ALL {
            if asked("WHEEL_BENCH_WORKLOADS", workload.name()) {
                measure(everyone, workload, n, &mut report);
            }
        }
        if asked("WHEEL_BENCH_WORKLOADS", "W5 storm") {
            storm(everyone, n, &mut report);
        }
        if asked("WHEEL_BENCH_WORKLOADS", "memory") {
            memory(everyone, n, &mut report);
        }
        if asked("WHEEL_BENCH_WORKLOADS", Workload::HotPath.name()) {
            hot_path(everyone, n, &mut report);
        }
    }
    report.write(RESULTS)
}

/// How many timers: the powers of ten in `WHEEL_BENCH_SIZES`, or those of the published tables.
fn sizes() -> Vec<usize> {
    let given = std::env::var("WHEEL_BENCH_SIZES").unwrap_or_else(|_| "3,5,6".into());
    given.split(',').map(|power| 10usize.pow(power.parse().expect("a power of ten"))).collect()
}

/// Whether `name` starts with one of the words, parted by commas, that the environment gives; it
/// need not give any.
fn asked(variable: &str, name: &str) -> bool {
    std::env::var(variable).is_ok_and(|words| words.split(',').any(|word| name.starts_with(word)))
        || std::env::var(variable).is_err()
}

/// Every contender in turn, [`REPETITIONS`] times; the medians.
fn measure(everyone: &[Contender], workload: Workload, n: usize, report: &mut Report) {
    eprintln!("{} with {n} timers", workload.name());
    let mut field: Vec<_> = everyone
        .iter()
        .filter_map(|contender| Some(Entry::new(contender, (contender.start)(workload, n)?)))
        .collect();
    let warm_up = if fresh(workload) { 0 } else { n.min(1_000_000) };
    for entry in &mut field {
        entry.run.run(warm_up as u64);
    }
    let (repetitions, operations) = match workload {
        _ if fresh(workload) => (REPETITIONS, 1),
        // Memory takes most of its time, and with it the neighbours: more and shorter ones.
        Workload::HotPath => (3 * REPETITIONS, 300_000),
        _ => (REPETITIONS, n.clamp(200_000, 1_000_000)),
    };
    for _ in 0..repetitions {
        for entry in &mut field {
            entry.repeat(operations as u64);
        }
    }
    for entry in field {
        entry.run.finish();
        let nanoseconds = median(entry.nanoseconds);
        eprintln!("  {:32} {nanoseconds:10.1} ns", entry.contender.name);
        let row = Row::new(workload.name(), n).with(Some(nanoseconds), None);
        report.push(entry.contender, row);
    }
}

/// Whether the workload starts afresh each time, so that there is nothing to warm up.
fn fresh(workload: Workload) -> bool {
    matches!(workload, Workload::W3Load | Workload::W3Drain | Workload::W3Jump)
}

fn storm(everyone: &[Contender], n: usize, report: &mut Report) {
    for contender in everyone {
        eprintln!("W5 with {n} timers: {}", contender.name);
        let slow = contender.name == contenders::DELAY_QUEUE;
        let repetitions = if slow { 1 } else { REPETITIONS };
        let [longest, quiet] = (contender.storm)(n, repetitions).map(|it| it.as_nanos() as f64);
        let row = Row::new("W5 longest advance", n).with(Some(longest), None);
        report.push(*contender, row);
        let row = Row::new("W5 longest that fires nothing", n).with(Some(quiet), None);
        report.push(*contender, row);
    }
}

fn memory(everyone: &[Contender], n: usize, report: &mut Report) {
    for contender in everyone {
        eprintln!("memory with {n} timers: {}", contender.name);
        let sweeps = if n > 100_000 { 4 } else { 400 };
        let [loaded, peak] = (contender.memory)(n, sweeps);
        report.push(*contender, Row::new("memory, loaded", n).with(None, Some(loaded)));
        report.push(*contender, Row::new("memory, peak of W2", n).with(None, Some(peak)));
    }
}

/// What the timers of the hot path add, in time and in memory.
fn hot_path(everyone: &[Contender], n: usize, report: &mut Report) {
    for contender in everyone {
        let share = harness::hot_path::share(contender, n);
        eprintln!("hot path with {n} timers: {:.0} % for {}", 100.0 * share, contender.name);
        let [executions, timers] = (contender.weigh)(n);
        if let Some(whole) = report.get(Workload::HotPath.name(), n, contender.name) {
            let part = Some(share * whole.value());
            report.push(*contender, Row::new("hot path, timers alone", n).with(part, None));
        }
        let row = Row::new("hot path, executions", n).with(None, Some(executions));
        report.push(*contender, row);
        let row = Row::new("hot path, timers", n).with(None, Some(timers));
        report.push(*contender, row);
    }
}

struct Entry {
    contender: Contender,
    run: Box<dyn Run>,
    nanoseconds: Vec<f64>,
    given_up: bool,
}

impl Entry {
    fn new(contender: &Contender, run: Box<dyn Run>) -> Self {
        Self { contender: *contender, run, nanoseconds: Vec::new(), given_up: false }
    }

    /// One more repetition, unless the first has shown that there is no time for another.
    fn repeat(&mut self, operations: u64) {
        if self.given_up {
            return;
        }
        let (done, spent) = self.run.run(operations);
        self.nanoseconds.push(spent.as_nanos() as f64 / done as f64);
        self.given_up = spent > PATIENCE;
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Where the comparison is written.
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../results");
/// How often everything is measured, at least.
const REPETITIONS: usize = 5;
/// A contender that takes longer for one repetition is not asked for a second.
const PATIENCE: Duration = Duration::from_secs(3);
