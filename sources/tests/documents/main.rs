//! Documents: what they say of options, and what is said about mistakes.

mod forms;
mod fuzzed;
mod grown;
mod histories;
mod noise;
mod readers;
mod refused;
mod text;

use activity_execution::ActivityOptions;
use activity_sources::documents::{Document, Unusable};

/// The options of the only activity of a document.
fn options(text: &str) -> Result<ActivityOptions, Unusable> {
    let document = Document::parse(text.as_bytes())?;
    let [activity] = &document.activities[..] else { panic!("one activity: {document:?}") };
    Ok(activity.options.clone())
}

/// Says aloud, past the harness that keeps what a test prints, that data is absent.
fn not_run(what: &std::path::Path) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "NOT RUN: {} is absent", what.display());
}
