//! `activity check FILE`: everything that can happen with one's own options, in real durations.

mod json;
mod text;

use crate::command::{CheckFormat, Finished};
use crate::documents;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::report::{Check, Evidence, Kind, Story, Verdict, exit, junit};
use activity_analysis::Examination;
use activity_analysis::zones::Judged;
use activity_models::exploration::Watch as _;
use activity_sources::documents::Activity;
use quick_junit::TestSuite;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What came of one activity.
#[derive(Debug)]
struct Examined {
    /// The name of its file.
    file: String,
    /// The activity.
    activity: Activity,
    /// How many more activities of the file are of this type and have these options.
    more: usize,
    /// What can happen.
    examination: Examination,
    /// What holds.
    promises: Vec<Check>,
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
        CheckFormat::Junit => junit("activity check", elapsed(&all), all.iter().map(suite)),
    };
    let promises = all.iter().flat_map(|examined| &examined.promises);
    Ok(Finished { text, exit: exit(promises, all.iter().all(|it| it.examination.is_complete())) })
}

/// Explores the options of one activity.
#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
fn examine(file: String, activity: Activity, more: usize, progress: &Progress) -> Examined {
    progress.phase(&file, 0);
    let started = Instant::now();
    let examination = Examination::of(&activity.options, &|| progress.is_cut_off());
    let promises = examination.promises.iter().map(check).collect();
    Examined { file, activity, more, examination, promises, elapsed: started.elapsed() }
}

/// How long it took to explore all of them.
fn elapsed(all: &[Examined]) -> Duration {
    all.iter().map(|examined| examined.elapsed).sum()
}

/// For build servers: a suite for each activity.
fn suite(examined: &Examined) -> TestSuite {
    let title = text::title(examined);
    let mut suite =
        crate::report::suite(&title, "activity.check", examined.elapsed, &examined.promises);
    suite.add_property(("outcomes", examined.examination.ends.ends.len().to_string().as_str()));
    suite.add_property((
        "transitions",
        examined.examination.explored.transitions.to_string().as_str(),
    ));
    suite
}

/// A promise as it is reported, of as many activities as share the verdict.
fn check(judged: &Judged) -> Check {
    let evidence = Evidence {
        proof: Some(judged.proof.to_owned()),
        paths: Some(judged.statistics.paths),
        certificates: Some(judged.statistics.certificates),
        complaint: judged.complaint.as_ref().map(|_| "Not so, for example:".to_owned()),
        ..Evidence::default()
    };
    let text = judged.complaint.clone();
    let story = text.map(|text| Story { text, ..Story::default() });
    let verdict = Verdict::from(judged.verdict);
    Check { evidence, story, ..Check::new(Kind::Promise, judged.name, judged.statement, verdict) }
}
