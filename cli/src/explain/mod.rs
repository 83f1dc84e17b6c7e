//! `activity explain`: what options mean, what can and can never happen with them, and what happens
//! in situations with a name.

mod arguments;
mod json;
mod outcomes;
mod text;

pub use arguments::Arguments;

use crate::command::{CheckFormat, Finished};
use crate::documents;
use crate::input;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::report::{Check, Evidence, Kind, Story, Verdict, exit, junit};
use crate::style;
use activity_analysis::scenarios::{Plan, Scenario, plan};
use activity_analysis::zones::Judged;
use activity_analysis::{Examination, Explanation};
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::Span;
use activity_models::exploration::Watch as _;
use activity_models::story::Timeline;
use activity_sources::documents::{Activity, Notation};
use quick_junit::TestSuite;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// What came of one activity.
#[derive(Debug)]
struct Explained {
    /// The name of its file, if it is from one.
    file: Option<String>,
    /// What kind of text that is.
    notation: Option<Notation>,
    /// The activity, if it is from a file.
    activity: Option<Activity>,
    /// How many more activities of the file are like it.
    more: usize,
    /// What its options mean.
    explanation: Explanation,
    /// What holds, if it was judged.
    promises: Vec<Check>,
    /// How long it took to find out.
    elapsed: Duration,
}

/// Runs the command.
///
/// # Errors
/// All files that cannot be used, each with its first fault; or what is wrong with the command line.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    let one = |problem| vec![problem];
    if arguments.files.is_empty() && !arguments.has_options() {
        let message = "there is nothing to explain";
        let help = "give a FILE, or options such as --start-to-close 30s; `-` is standard input";
        return Err(one(Problem::new("command line", message).help(help)));
    }
    let story = arguments.story.as_deref().map(story).transpose().map_err(one)?;
    let files = documents::read(&arguments.files)?;
    let progress = Progress::new(arguments.time_limit());
    let explaining = Explaining { arguments, story, progress: &progress };
    let mut empty = vec![];
    let mut all = vec![];
    if files.is_empty() {
        all.push(explaining.explain(None, None, 0).map_err(one)?);
    }
    for documents::File { name, document } in files {
        if document.activities.is_empty() {
            empty.push(name.clone());
        }
        let notation = document.notation;
        for (activity, more) in document.distinct() {
            all.push(
                explaining.explain(Some((&name, notation)), Some(activity), more).map_err(one)?,
            );
        }
    }
    progress.finish();
    let timelines = timelines(arguments, &all).map_err(one)?;
    let text = match arguments.format {
        CheckFormat::Human => text::text(arguments, &empty, &all, &timelines),
        CheckFormat::Json => format!("{:#}\n", json::json(&all)),
        CheckFormat::Junit => junit("activity explain", elapsed(&all), all.iter().map(suite)),
    };
    let text = if style::is_ascii(arguments.ascii) { style::ascii(&text) } else { text };
    let promises = all.iter().flat_map(|explained| &explained.promises);
    let complete = all.iter().all(|it| it.explanation.examination.is_complete());
    Ok(Finished { text, exit: exit(promises, complete) })
}

/// What is the same for every activity.
struct Explaining<'a> {
    arguments: &'a Arguments,
    story: Option<Plan>,
    progress: &'a Progress,
}

impl Explaining<'_> {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    fn explain(
        &self,
        file: Option<(&str, Notation)>,
        activity: Option<Activity>,
        more: usize,
    ) -> Result<Explained, Problem> {
        self.progress.phase(file.map_or("command line", |(name, _)| name), 0);
        let started = Instant::now();
        let options = self.arguments.over(activity.as_ref().map(|it| &it.options))?;
        let run_left = activity.as_ref().and_then(|it| it.run_left);
        let explanation = self.explanation(&options, run_left);
        let thorough = explanation.examination.thorough.iter();
        let promises = thorough.flat_map(|it| &it.promises).map(check).collect();
        let (file, notation) = file.map(|(name, notation)| (name.to_owned(), notation)).unzip();
        let elapsed = started.elapsed();
        Ok(Explained { file, notation, activity, more, explanation, promises, elapsed })
    }

    fn explanation(&self, options: &ActivityOptions, run_left: Option<Span>) -> Explanation {
        let Explaining { arguments, story, progress } = self;
        let circumstances = arguments.circumstances(options, run_left);
        let is_cut_off = || progress.is_cut_off();
        let examination = match arguments.format {
            CheckFormat::Human if !arguments.all => {
                Examination::of(options, &circumstances, &is_cut_off)
            }
            CheckFormat::Human | CheckFormat::Json | CheckFormat::Junit => {
                Examination::thorough(options, &circumstances, &is_cut_off)
            }
        };
        let explanation = Explanation::from_examination(examination, circumstances);
        match story {
            Some(plan) => explanation.with_story("your story", plan),
            None => explanation,
        }
    }
}

/// The plan that a file tells.
fn story(path: &Path) -> Result<Plan, Problem> {
    let name = input::name(path);
    let bytes = input::read(path)?;
    let text =
        String::from_utf8(bytes).map_err(|_| Problem::new(&name, "this is not UTF-8 text"))?;
    plan(&text).map_err(|error| {
        let before = text.split_inclusive('\n').take(error.line - 1).map(str::len).sum::<usize>();
        let line = text.lines().nth(error.line - 1).unwrap_or("");
        let byte = |column: usize| line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
        let (start, end) = (byte(error.column - 1), byte(error.column - 1 + error.width));
        let problem = Problem::new(&name, &error.problem).span(&text, before + start..before + end);
        if error.help.is_empty() { problem } else { problem.help(&error.help) }
    })
}

/// The picture of the scenario that is asked for, of each activity; drawn into a file as well, if
/// that is asked for.
fn timelines(arguments: &Arguments, all: &[Explained]) -> Result<Vec<Timeline>, Problem> {
    if arguments.timeline.is_none() && arguments.svg.is_none() {
        return Ok(vec![]);
    }
    let name = arguments.timeline.as_deref().unwrap_or("");
    let drawn = all.iter().map(|explained| {
        let scenario = scenario(&explained.explanation, name)?;
        let about = explained.explanation.effective().lines.into_iter().next();
        let about = about.unwrap_or_default().trim().replace("   ", ", ");
        Ok(scenario.timeline(&about))
    });
    let drawn: Vec<Timeline> = drawn.collect::<Result<_, Problem>>()?;
    if let Some(path) = &arguments.svg {
        let Some(first) = drawn.first() else {
            return Err(Problem::new("command line", "there is no activity to draw"));
        };
        fs::write(path, first.svg()).map_err(|error| {
            Problem::new(path.display().to_string(), format!("it cannot be written: {error}"))
        })?;
    }
    Ok(drawn)
}

fn scenario<'a>(explanation: &'a Explanation, name: &str) -> Result<&'a Scenario, Problem> {
    let first = explanation.scenarios.first().filter(|_| name.is_empty());
    first.or_else(|| explanation.scenario(name)).ok_or_else(|| {
        let names: Vec<_> = explanation.scenarios.iter().map(|it| it.id).collect();
        Problem::new("command line", format!("there is no scenario `{name}`"))
            .help(format!("there are {}", names.join(", ")))
    })
}

/// How long it took to explain all of them.
fn elapsed(all: &[Explained]) -> Duration {
    all.iter().map(|explained| explained.elapsed).sum()
}

/// For build servers: a suite for each activity.
fn suite(explained: &Explained) -> TestSuite {
    let title = text::title(explained);
    let examination = &explained.explanation.examination;
    let mut suite =
        crate::report::suite(&title, "activity.explain", explained.elapsed, &explained.promises);
    suite.add_property(("outcomes", examination.ends.ends.len().to_string().as_str()));
    suite.add_property(("transitions", examination.explored.transitions.to_string().as_str()));
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
