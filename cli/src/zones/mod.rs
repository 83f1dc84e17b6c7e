//! `activity check FILE`: everything that can happen with one's own options, in real durations.

mod json;
mod text;

use crate::command::{CheckFormat, Finished};
use crate::options::{Activity, Document};
use crate::problem::Problem;
use crate::progress::Progress;
use crate::report::{Check, Evidence, Kind, Story, Verdict, exit, junit};
use activity_analysis::zones::{
    Configuration, Ends, Explored, Judged, Stage, ends, explore, promised,
};
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::{Attempt, Dialect, TimeoutType};
use activity_models::exploration::Watch as _;
use quick_junit::TestSuite;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// What came of one activity.
#[derive(Debug)]
pub struct Examined {
    /// The name of its file.
    pub file: String,
    /// The activity.
    pub activity: Activity,
    /// How many more activities of the file are of this type and have these options.
    pub more: usize,
    /// What can happen.
    pub explored: Explored,
    /// How it can end, and when.
    pub ends: Ends,
    /// What holds.
    pub promises: Vec<Check>,
    /// How long it took to find out.
    pub elapsed: Duration,
}

/// Explores the options in these files.
///
/// # Errors
/// All files that cannot be used, each with its first fault.
pub fn run(
    files: &[PathBuf],
    format: CheckFormat,
    time_limit: Option<Duration>,
) -> Result<Finished, Vec<Problem>> {
    let documents = Document::read(files)?;
    let progress = Progress::new(time_limit);
    let mut empty = vec![];
    let mut all = vec![];
    for Document { name, activities, .. } in documents {
        if activities.is_empty() {
            empty.push(name.clone());
        }
        for (activity, more) in distinct(activities) {
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
    Ok(Finished { text, exit: exit(promises, all.iter().all(Examined::is_complete)) })
}

/// Explores the options of one activity.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
pub fn examine(file: String, mut activity: Activity, more: usize, progress: &Progress) -> Examined {
    progress.phase(&file, 0);
    if activity.scheduled.is_some() {
        activity.options = activity.options.in_dialect(Dialect::Workflow);
    }
    let options = &activity.options;
    let backoff = |attempt| options.backoff(attempt);
    let configuration =
        Configuration { terms: options.terms(), backoff: &backoff, alike_from: alike(options) };
    let started = Instant::now();
    let goes_on = |steps| steps < STEPS && !progress.is_cut_off();
    let (explored, ends, promises) = thread::scope(|scope| {
        let explored = scope.spawn(|| explore(&configuration, &goes_on));
        let (ends, promises) = (ends(&configuration, &goes_on), promised(&configuration));
        let promises = promises.iter().map(check).collect();
        (explored.join().unwrap_or_else(|panic| resume_unwind(panic)), ends, promises)
    });
    Examined { file, activity, more, explored, ends, promises, elapsed: started.elapsed() }
}

impl Examined {
    /// Whether everything was explored.
    fn is_complete(&self) -> bool {
        self.unexplored() == 0 && self.promises.iter().all(|it| it.verdict != Verdict::Undecided)
    }

    /// What a worker can do that is not explored.
    fn left_out(&self) -> Vec<&'static str> {
        let options = &self.activity.options;
        let delay = "next_retry_delay: every retry waits its backoff";
        let timeout = "a schedule timeout that a worker reports as its failure";
        let can_retry = options.retry_policy().maximum_attempts() != 1;
        let of_workflow = options.dialect() == Dialect::Workflow;
        [can_retry.then_some(delay), of_workflow.then_some(timeout)].into_iter().flatten().collect()
    }

    fn unexplored(&self) -> usize {
        self.explored.unexplored + self.ends.unexplored
    }

    /// How many zones and outcomes were found.
    fn states(&self) -> usize {
        self.explored.control_states.values().map(|zones| (*zones).max(1)).sum()
    }

    /// How it can end only if a timer is late.
    fn ends_of_late_timers(&self) -> BTreeSet<&str> {
        let outcomes = self.explored.control_states.keys().filter_map(|it| match &it.stage {
            Stage::Closed(how) => Some(how.as_str()),
            Stage::Scheduled { .. } | Stage::Started { .. } => None,
        });
        outcomes.filter(|how| !self.ends.ends.contains_key(*how)).collect()
    }

    /// Timeouts that are set and that no execution runs into.
    fn timeouts_in_vain(&self) -> Vec<TimeoutType> {
        let terms = self.activity.options.terms();
        let is_set = |timeout_type| match timeout_type {
            TimeoutType::ScheduleToStart => terms.schedule_to_start_timeout.is_some(),
            TimeoutType::ScheduleToClose => terms.schedule_to_close_timeout.is_some(),
            TimeoutType::StartToClose => true,
            TimeoutType::Heartbeat => terms.heartbeat_timeout.is_some(),
        };
        let happens = |timeout_type| self.explored.timeouts.contains(&timeout_type);
        TimeoutType::ALL.into_iter().filter(|it| is_set(*it) && !happens(*it)).collect()
    }
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
    suite.add_property(("outcomes", examined.ends.ends.len().to_string().as_str()));
    suite.add_property(("transitions", examined.explored.transitions.to_string().as_str()));
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

/// The first activity of each type with the same options, with the number of the others.
fn distinct(activities: Vec<Activity>) -> Vec<(Activity, usize)> {
    let mut distinct: Vec<(String, Activity, usize)> = vec![];
    for activity in activities {
        let options = &activity.options;
        let name = activity.scheduled.as_ref().map(|scheduled| &scheduled.activity_type);
        let key = format!("{name:?} {:?} {:?}", options.terms(), options.retry_policy());
        match distinct.iter_mut().find(|(known, ..)| *known == key) {
            Some((_, _, more)) => *more += 1,
            None => distinct.push((key, activity, 0)),
        }
    }
    distinct.into_iter().map(|(_, activity, more)| (activity, more)).collect()
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
