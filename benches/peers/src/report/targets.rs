//! The performance targets of the timer wheel.

use std::fmt::Write as _;

use super::Report;
use crate::contenders::{DELAY_QUEUE, HASH_WHEEL};
use crate::harness::contenders::{HEAP, OURS};

/// Against whom.
#[derive(Clone, Copy)]
enum Peer {
    BestCrate,
    Named(&'static str),
}

/// At least so many times as fast, with so many timers.
const RATIOS: [(&str, Peer, usize, f64); 19] = [
    ("W1 heartbeat", Peer::BestCrate, 100_000, 2.0),
    ("W1 heartbeat", Peer::BestCrate, 1_000_000, 2.0),
    ("W4 heartbeat and next", Peer::BestCrate, 100_000, 2.0),
    ("W4 heartbeat and next", Peer::BestCrate, 1_000_000, 1.8),
    ("W1 heartbeat", Peer::Named(DELAY_QUEUE), 100_000, 20.0),
    ("W1 heartbeat", Peer::Named(DELAY_QUEUE), 1_000_000, 10.0),
    ("W1 heartbeat", Peer::Named(HASH_WHEEL), 100_000, 20.0),
    ("W1 heartbeat", Peer::Named(HASH_WHEEL), 1_000_000, 10.0),
    ("W1x heartbeat, any direction", Peer::BestCrate, 100_000, 1.0),
    ("W1x heartbeat, any direction", Peer::BestCrate, 1_000_000, 1.3),
    ("W2 clear and set", Peer::BestCrate, 100_000, 1.6),
    ("W2 clear and set", Peer::BestCrate, 1_000_000, 1.8),
    ("W3 drain", Peer::BestCrate, 100_000, 1.0),
    ("W3 drain", Peer::BestCrate, 1_000_000, 1.6),
    ("W1 heartbeat", Peer::Named(HEAP), 1_000_000, 0.8),
    ("W1x heartbeat, any direction", Peer::Named(HEAP), 1_000_000, 0.8),
    ("W4 heartbeat and next", Peer::Named(HEAP), 1_000_000, 0.8),
    ("W2 clear and set", Peer::Named(HEAP), 1_000_000, 1.3),
    ("W3 drain", Peer::Named(HEAP), 1_000_000, 2.5),
];

/// At most so much, with so many timers.
const LIMITS: [(&str, usize, f64, &str); 6] = [
    ("W5 longest advance", 1_000_000, 1e6, "ns"),
    ("W5 longest that fires nothing", 1_000_000, 1e6, "ns"),
    ("memory, loaded", 100_000, 40.0, "bytes"),
    ("memory, loaded", 1_000_000, 32.0, "bytes"),
    ("memory, peak of W2", 100_000, 60.0, "bytes"),
    ("memory, peak of W2", 1_000_000, 48.0, "bytes"),
];

pub(super) fn table(report: &Report, text: &mut String) {
    text.push_str(
        "| workload | timers | against | target | measured | |\n|---|--:|---|--:|--:|---|\n",
    );
    for (workload, peer, timers, target) in RATIOS {
        let rival = match peer {
            Peer::BestCrate => report.best_crate(workload, timers),
            Peer::Named(name) => report.get(workload, timers, name),
        };
        let Some((ours, rival)) = report.get(workload, timers, OURS).zip(rival) else {
            continue;
        };
        let ratio = rival.value() / ours.value();
        let met = verdict(ratio >= target);
        let name = rival.contender;
        let _ = writeln!(
            text,
            "| {workload} | {timers} | {name} | at least {target:.1}x | {ratio:.2}x | {met} |"
        );
    }
    for (workload, timers, limit, unit) in LIMITS {
        let Some(ours) = report.get(workload, timers, OURS).map(super::Row::value) else {
            continue;
        };
        let met = verdict(ours <= limit);
        let figure = super::figure(ours);
        let _ = writeln!(
            text,
            "| {workload} | {timers} | | at most {limit} {unit} | {figure} {unit} | {met} |"
        );
    }
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "**missed**" }
}
