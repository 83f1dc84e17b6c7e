//! `activity check FILE`: everything that can happen with one's own options, in real durations.

mod json;
mod junit;
mod text;

use crate::command::{CheckFormat, Finished};
use crate::documents;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use activity_analysis::{Activity, Examination};
use activity_models::exploration::Watch as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use symbolic::Verdict;

/// What came of one activity.
#[derive(Debug)]
struct Examined {
    /// The name of its file.
    file: String,
    /// The activity.
    activity: Activity,
    /// How many more activities of the file are of this type and have these options.
    more: usize,
    /// What can happen, and what holds.
    examination: Examination,
    /// How long it took to find out.
    elapsed: Duration,
}

/// Explores the options in these files.
///
/// # Errors
/// All files that cannot be used, each with its first fault.
pub(crate) fn run(
    files: &[PathBuf],
    format: CheckFormat,
    time_limit: Option<Duration>,
) -> Result<Finished, Vec<Problem>> {
    let files = documents::read(files)?;
    let progress = Progress::new(time_limit);
    let mut empty = vec![];
    let mut all = vec![];
    for documents::File { name, document } in files {
        if document.activities.is_empty() {
            empty.push(name.clone());
        }
        for (activity, more) in document.distinct() {
            all.push(examine(name.clone(), activity, more, &progress));
        }
    }
    progress.finish();
    let text = match format {
        CheckFormat::Human => text::text(&empty, &all),
        CheckFormat::Json => format!("{:#}\n", json::json(&all)),
        CheckFormat::Junit => junit::junit(&all),
    };
    Ok(Finished { text, exit: exit(&all) })
}

/// Explores the options of one activity.
#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
fn examine(file: String, activity: Activity, more: usize, progress: &Progress) -> Examined {
    progress.phase(&file, 0);
    let started = Instant::now();
    let examination = Examination::of(&activity.options, &|| progress.is_cut_off());
    Examined { file, activity, more, examination, elapsed: started.elapsed() }
}

/// The word for a verdict on a promise.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => "holds",
        Verdict::Failed => "broken",
        Verdict::Incomplete | Verdict::Vacuous => "undecided",
    }
}

fn exit(all: &[Examined]) -> Exit {
    let mut promises = all.iter().flat_map(|examined| &examined.examination.promises);
    if promises.any(|promise| promise.verdict == Verdict::Failed) {
        Exit::Disagreed
    } else if all.iter().all(|it| it.examination.is_complete()) {
        Exit::Agreed
    } else {
        Exit::Inconclusive
    }
}
