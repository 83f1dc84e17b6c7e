//! `activity history`: does this real history conform, why did it end like that, and what can still
//! happen?

mod json;
mod picture;
mod still;
mod text;

use crate::command::{CheckFormat, Finished};
use crate::documents;
use crate::exit::{self, Exit};
use crate::input;
use crate::problem::Problem;
use crate::report::{Check, Evidence, Kind, Verdict as CheckVerdict, junit, suite};
use crate::style;
use activity_analysis::history::{Judgement, Strictness, Verdict, judge, options};
use activity_analysis::rules::{self, Declared, Finding, KnownOptions, Settings};
use activity_execution::history::{RecordedActivity, RecordedHistory};
use activity_execution::options::{ActivityOptions, RequestedOptions};
use activity_models::story::{Axis, Timeline, stacked};
use activity_sources::documents as source;
use clap::Args;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The arguments of `activity history`.
#[derive(Args, Clone, Debug)]
#[command(after_help = exit::help(AFTER_HELP, ENDS))]
pub struct Arguments {
    /// Workflow histories, or descriptions of what is pending; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Tolerate nothing: no delay that a worker chose, no old server, no operator
    #[arg(long)]
    strict: bool,

    /// How far the clocks of hosts may differ
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 100)]
    clock_skew: u32,

    /// Show ordinary activities too: completed on their first attempt
    #[arg(long)]
    all: bool,

    /// Draw the timelines of what is told as SVG, into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,

    /// Only letters, digits and signs that every terminal has
    #[arg(long)]
    ascii: bool,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: CheckFormat,
}

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> crate::command::Format {
        self.format.of_problems()
    }
}

const AFTER_HELP: &str = "\
Examples:
  temporal workflow show --workflow-id w --output json | activity history -
  temporal workflow describe --workflow-id w --output json | activity history -
  activity history --strict recorded/*.json
  activity history --svg timeline.svg history.json

A history does not record attempts that were retried, nor heartbeats. They are reconstructed: each
with how it can have ended and the instants between which it can have started and ended.

What may be tolerated, each by its name, and not with --strict:
  worker-delay         the worker of a hidden attempt chose the delay before the next one itself
  early-start          a retry was dispatched before its backoff was over
  zero-based-attempts  an old server counted attempts from zero
  server-version       an older server, or one for tests, writes it differently
  clock-skew           the clocks of two hosts differ, up to --clock-skew
  reset                the workflow was reset
  truncated-history    the history is not complete
  operator-commands    somebody paused or reset the activity, or changed its options

In JSON, `files` has for each file its `file` and its `activities`, each with activity_id,
verdict (conforms, tolerated, undecided or violates), tolerances (what the verdict needs), hidden
(the attempts that left no event, as few as there can be), why, and more: `explanations` has up to
five, each with its hidden attempts and with what it supposes. A file that cannot be used has an
`error` instead. `odd` has what the file
says of other events that cannot be so: what is damaged shows there.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "every activity conforms, or is tolerated by name"),
    (Exit::Disagreed, "an activity violates the rules"),
    (Exit::Unusable, "a file, or the command line, cannot be used; other files are judged"),
    (Exit::Inconclusive, "nothing violates, and something cannot be decided"),
];

/// A file that was judged, or why it could not be.
#[derive(Debug)]
struct Judged {
    name: String,
    elapsed: Duration,
    outcome: Result<Histories, Problem>,
}

#[derive(Debug)]
struct Histories {
    history: RecordedHistory,
    judgements: Vec<Judgement>,
    /// What the rules of Temporal would say of what Cadence recorded; else nothing.
    by_temporal: Vec<Judgement>,
}

impl Histories {
    /// Each activity with its judgement.
    fn each(&self) -> impl Iterator<Item = (&RecordedActivity, &Judgement)> {
        self.history.activities.iter().zip(&self.judgements)
    }
}

/// Runs the command.
///
/// # Errors
/// If the picture cannot be written; a file that cannot be used is told among the others.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    let strictness = Strictness {
        is_strict: arguments.strict,
        clock_skew: i64::from(arguments.clock_skew) * 1_000,
    };
    let judged: Vec<Judged> = arguments.files.iter().map(|path| judged(path, strictness)).collect();
    if let Some(path) = &arguments.svg {
        drawn(path, &judged, arguments.all).map_err(|problem| vec![problem])?;
    }
    let text = match arguments.format {
        CheckFormat::Human => text::text(&judged, arguments.all),
        CheckFormat::Json => format!("{:#}\n", json::json(&judged)),
        CheckFormat::Junit => {
            let elapsed = judged.iter().map(|it| it.elapsed).sum();
            junit("activity history", elapsed, judged.iter().map(as_suite))
        }
    };
    let is_ascii = arguments.format == CheckFormat::Human && style::is_ascii(arguments.ascii);
    let text = if is_ascii { style::ascii(&text) } else { text };
    Ok(Finished { text, exit: exit_of(&judged) })
}

/// Draws the timelines into a file, those of one activity below those of another.
fn drawn(path: &Path, judged: &[Judged], all: bool) -> Result<(), Problem> {
    let (mut pictures, more) = picture::pictures(judged, all, DRAWN);
    if more > 0 {
        let title = vec![format!("{more} more activities are not drawn")];
        pictures.push(Timeline { title, axis: Some(Axis::default()), ..Timeline::default() });
    }
    if pictures.is_empty() {
        let title = vec!["nothing to draw: --all draws ordinary activities, too".to_owned()];
        pictures.push(Timeline { title, axis: Some(Axis::default()), ..Timeline::default() });
    }
    fs::write(path, stacked(&pictures)).map_err(|error| {
        Problem::new(path.display().to_string(), format!("it cannot be written: {error}"))
    })
}

#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
fn judged(path: &Path, strictness: Strictness) -> Judged {
    let began = Instant::now();
    let name = input::name(path);
    let outcome = read(path, &name).map(|history| {
        let judgements = judge(&history, strictness);
        let by_temporal = match history.run.is_of_cadence {
            true => judge(&as_of_temporal(&history), strictness),
            false => Vec::new(),
        };
        Histories { history, judgements, by_temporal }
    });
    Judged { name, elapsed: began.elapsed(), outcome }
}

/// The same history, as if Temporal had recorded it, which counts attempts from one.
fn as_of_temporal(history: &RecordedHistory) -> RecordedHistory {
    let mut other = history.clone();
    other.run.is_of_cadence = false;
    for started in other.activities.iter_mut().flat_map(|it| &mut it.starts) {
        started.attempt = Some(started.attempt.unwrap_or(0).saturating_add(1));
    }
    other
}

/// Reads a history as it comes.
fn read(path: &Path, name: &str) -> Result<RecordedHistory, Problem> {
    let complaint = |error: &io::Error| Problem::new(name, input::io_complaint(error));
    let bytes: Box<dyn Read> = if input::is_standard(path) {
        Box::new(io::stdin().lock())
    } else {
        if path.is_dir() {
            return Err(complaint(&io::ErrorKind::IsADirectory.into()));
        }
        Box::new(File::open(path).map_err(|error| complaint(&error))?)
    };
    source::history(bytes).map_err(|unusable| {
        // A text that is not too long is shown.
        let is_short = fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() < SHOWN);
        let bytes = if is_short { fs::read(path).unwrap_or_default() } else { Vec::new() };
        let text = source::text(&bytes).unwrap_or_default();
        documents::problem(name, &text, &unusable)
    })
}

fn exit_of(judged: &[Judged]) -> Exit {
    let all = || judged.iter().filter_map(|it| it.outcome.as_ref().ok());
    let has = |verdict| {
        all().any(|it| it.judgements.iter().any(|judgement| judgement.verdict == verdict))
    };
    if judged.iter().any(|it| it.outcome.is_err()) {
        Exit::Unusable
    } else if has(Verdict::Violates) {
        Exit::Disagreed
    } else if has(Verdict::Undecided) {
        Exit::Inconclusive
    } else {
        Exit::Agreed
    }
}

fn as_suite(judged: &Judged) -> quick_junit::TestSuite {
    let checks: Vec<Check> = match &judged.outcome {
        Ok(histories) => histories.each().map(|(activity, it)| as_check(activity, it)).collect(),
        Err(problem) => {
            let mut check =
                Check::new(Kind::History, "file", "The file can be used.", CheckVerdict::Broken);
            check.evidence.complaint = Some(problem.message());
            vec![check]
        }
    };
    let mut suite = suite(&judged.name, "activity.history", judged.elapsed, &checks);
    for odd in judged.outcome.iter().flat_map(|it| &it.history.run.odd) {
        suite.add_property(("odd", format!("event {}: {}", odd.event_id, odd.what).as_str()));
    }
    suite
}

fn as_check(activity: &RecordedActivity, judgement: &Judgement) -> Check {
    let verdict = match judgement.verdict {
        Verdict::Conforms | Verdict::Tolerated => CheckVerdict::Holds,
        Verdict::Undecided => CheckVerdict::Undecided,
        Verdict::Violates => CheckVerdict::Broken,
    };
    let statement = "Something that the specification allows explains what is recorded.";
    let name = text::title(activity);
    let evidence = Evidence { complaint: Some(judgement.why.clone()), ..Evidence::default() };
    Check { evidence, ..Check::new(Kind::History, &name, statement, verdict) }
}

/// What the rules have to say about options, asked once of equal ones.
#[derive(Debug, Default)]
struct Findings(HashMap<ActivityOptions, Rc<Vec<Finding>>>);

impl Findings {
    fn of(&mut self, activity: &RecordedActivity) -> Rc<Vec<Finding>> {
        let Some(options) = activity.scheduled.as_ref().and_then(options) else {
            return Rc::default();
        };
        if let Some(known) = self.0.get(options) {
            return Rc::clone(known);
        }
        let known = KnownOptions::from(&chosen(options.requested()));
        let (declared, settings) = (Declared::default(), Settings::default());
        let found = rules::judge(&known, options.dialect(), &declared, &settings);
        let found = Rc::new(found);
        self.0.insert(options.clone(), Rc::clone(&found));
        found
    }
}

/// The options that somebody chose: a server records the maximum interval that it fills in, too.
fn chosen(recorded: &RequestedOptions) -> RequestedOptions {
    let mut chosen = recorded.clone();
    if let Some(policy) = &mut chosen.retry_policy
        && let (Some(initial), Some(maximum)) = (policy.initial_interval, policy.maximum_interval)
        && initial.0.checked_mul(FILLED_IN) == Some(maximum.0)
    {
        policy.maximum_interval = None;
    }
    chosen
}

/// How many times the initial interval a server fills in as the maximum.
const FILLED_IN: i128 = 100;
/// How many activities are drawn.
const DRAWN: usize = 40;
/// Texts up to so many bytes are shown where they are wrong.
const SHOWN: u64 = 1 << 20;
