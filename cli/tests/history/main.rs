//! Histories, from bytes to verdicts: recorded ones whose hidden attempts are known, recorded ones of
//! which little is known, and ones with planted faults.

mod at_once;
mod brute_force;
mod cut;
mod faults;
mod ground_truth;
mod planted;
mod recorded;
mod support;
mod written;

use activity_analysis::history::{Judgement, Strictness, judge};
use activity_execution::history::RecordedHistory;
use activity_sources::documents;
use serde_json::Value;

/// Reads and judges a history.
fn judged(history: &Value, is_strict: bool) -> (RecordedHistory, Vec<Judgement>) {
    let bytes = history.to_string();
    let history = documents::history(bytes.as_bytes()).unwrap_or_else(|it| panic!("{it}: {bytes}"));
    let strictness = Strictness { is_strict, ..Strictness::default() };
    let judgements = judge(&history, strictness);
    (history, judgements)
}

/// Says aloud, past the harness that keeps what a test prints, that data is absent.
fn not_run(what: &std::path::Path) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "NOT RUN: {} is absent", what.display());
}
