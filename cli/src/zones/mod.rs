//! `activity check FILE`: everything that can happen with one's own options, in real durations.

mod report;

use crate::command::{Finished, Format};
use crate::exit::Exit;
use crate::input;
use crate::options::{Activity, Document};
use crate::problem::Problem;
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::Attempt;
use activity_proofs::zones::{Configuration, Explored, explore};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What came of one activity.
#[derive(Debug)]
pub struct Examined {
    /// The activity.
    pub activity: Activity,
    /// What can happen.
    pub explored: Explored,
    /// How long it took to find out.
    pub elapsed: Duration,
}

/// Explores the options in these files.
///
/// # Errors
/// All files that cannot be used, each with its first fault.
pub fn run(files: &[PathBuf], format: Format) -> Result<Finished, Vec<Problem>> {
    let mut documents = vec![];
    let mut problems = vec![];
    for path in files {
        let name = input::name(path);
        match input::read(path).and_then(|bytes| Document::parse(&name, &bytes)) {
            Ok(document) => documents.push(document),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let examined: Vec<(String, Vec<Examined>)> = documents
        .into_iter()
        .map(|document| (document.name, document.activities.into_iter().map(examine).collect()))
        .collect();
    let mut all = examined.iter().flat_map(|(_, activities)| activities);
    let is_complete = all.all(|examined| examined.explored.is_complete);
    let text = match format {
        Format::Human => report::text(&examined),
        Format::Json => format!("{:#}\n", report::json(&examined)),
    };
    Ok(Finished { text, exit: if is_complete { Exit::Agreed } else { Exit::Inconclusive } })
}

/// Explores the options of one activity.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
pub fn examine(activity: Activity) -> Examined {
    let options = &activity.options;
    let backoff = |attempt| options.backoff(attempt);
    let configuration =
        Configuration { terms: options.terms(), backoff: &backoff, alike_from: alike(options) };
    let started = Instant::now();
    let explored = explore(&configuration, STEPS);
    Examined { activity, explored, elapsed: started.elapsed() }
}

/// The attempt from which on every backoff is the same.
fn alike(options: &ActivityOptions) -> Option<i64> {
    let policy = options.retry_policy();
    // A coefficient of one or more: once it is at the maximum, the backoff stays there.
    let is_last = |attempt: &i64| policy.backoff(Attempt(*attempt)) == policy.maximum_interval();
    if policy.backoff_coefficient() > 1.0 { (1..MOST_BACKOFFS).find(is_last) } else { Some(1) }
}

/// Steps that are explored at most.
const STEPS: usize = 1_000_000;

/// How many backoffs are looked at for one that stays the same.
const MOST_BACKOFFS: i64 = 100_000;
