//! Instructions per operation, counted by valgrind: the same on every run and on a busy machine.
//!
//! The program runs itself under callgrind twice, the second time with twice the operations; the
//! difference is theirs alone. What the harness itself executes is counted with timers that do
//! nothing, and taken off.

use std::fmt::Write as _;
use std::process::Command;

use crate::harness::Contender;
use crate::harness::contenders::NOBODY;
use crate::harness::workloads::Workload;

/// The workloads whose operations are alike, so that a difference is meaningful.
const COUNTED: [Workload; 7] = [
    Workload::W1,
    Workload::W1x,
    Workload::W1p,
    Workload::W4,
    Workload::W2,
    Workload::W2i,
    Workload::HotPathQuiet,
];
const TIMERS: usize = 100_000;
const OPERATIONS: u64 = 196_608;

/// Counts for everyone; the table, in Markdown.
pub fn table(everyone: &[Contender]) -> std::io::Result<String> {
    let mut text = format!("# Instructions per operation, {TIMERS} timers\n\n|");
    for workload in COUNTED {
        let _ = write!(text, " | {}", workload.name());
    }
    let _ = writeln!(text, " |\n|---|{}", "--:|".repeat(COUNTED.len()));
    let own = COUNTED.map(|workload| difference(NOBODY.name, workload));
    for contender in everyone {
        let _ = write!(text, "| {} |", contender.name);
        for (workload, own) in COUNTED.into_iter().zip(&own) {
            let can = (contender.start)(workload, 2).is_some();
            let Some(own) = own.as_ref().filter(|_| can) else {
                text += " |";
                continue;
            };
            let count = difference(contender.name, workload).unwrap_or_default() - own;
            let _ = write!(text, " {:.1} |", count / OPERATIONS as f64);
            eprintln!("{} {}: {:.1}", workload.name(), contender.name, count / OPERATIONS as f64);
        }
        text.push('\n');
    }
    // On the hot path this is the core; elsewhere it is the harness.
    let _ = write!(text, "| everything else |");
    for own in own {
        let _ = write!(text, " {:.1} |", own.unwrap_or_default() / OPERATIONS as f64);
    }
    text.push('\n');
    Ok(text)
}

/// What the counting run does: `operations` of a workload.
pub fn child(everyone: &[Contender], name: &str, workload: &str, operations: u64) {
    let contender = everyone.iter().chain([&NOBODY]).find(|it| it.name == name);
    let workload = COUNTED.into_iter().find(|it| it.name() == workload);
    let (contender, workload) = contender.zip(workload).expect("the parent names what exists");
    let mut run = (contender.start)(workload, TIMERS).expect("the parent asks who can");
    run.run(TIMERS as u64);
    run.run(operations);
}

fn difference(contender: &str, workload: Workload) -> Option<f64> {
    let [once, twice] = [1, 2].map(|times| count(contender, workload, times * OPERATIONS));
    Some(twice? - once?)
}

fn count(contender: &str, workload: Workload, operations: u64) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["child", contender, workload.name(), &operations.to_string()])
        .output()
        .expect("valgrind is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.split("Collected : ").nth(1)?.split_whitespace().next()?.parse().ok()
}
