//! The table `lint` of activity.toml: severities, thresholds, and what is declared of the code.

use super::FailOn;
use crate::input;
use crate::problem::Problem;
use activity_analysis::rules::{self, Declared, Settings, Severity};
use activity_execution::options::Nanoseconds;
use activity_sources::documents;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// What is set.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) settings: Settings,
    pub(super) declared: Declared,
    pub(super) fail_on: Option<FailOn>,
    pub(super) include_tests: bool,
    pub(super) include_generated: bool,
    pub(super) include_vendored: bool,
    pub(super) exclude: Vec<String>,
    pub(super) size_limit: Option<u64>,
    pub(super) baseline: Option<PathBuf>,
}

/// The file, of which other tables are none of this command's business.
#[derive(Debug, Deserialize)]
struct File {
    lint: Option<Lint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Lint {
    fail_on: Option<Spanned<String>>,
    include_tests: bool,
    include_generated: bool,
    include_vendored: bool,
    exclude: Vec<String>,
    size_limit: Option<u64>,
    baseline: Option<PathBuf>,
    rules: BTreeMap<String, Spanned<String>>,
    thresholds: Thresholds,
    declared: Declarations,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Thresholds {
    no_heartbeat: Option<Spanned<String>>,
    gives_up_early: Option<u8>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Declarations {
    run_timeout: Option<Spanned<String>>,
    heartbeats_every: Option<Spanned<String>>,
    waits_for_cancellation: bool,
}

/// A file with its name, to complain about.
struct Text<'a> {
    name: String,
    text: &'a str,
}

/// What is set in this file, or in the nearest one here or above; nothing if there is none.
pub(super) fn read(named: Option<&Path>) -> Result<Config, Problem> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match nearest() {
            Some(path) => path,
            None => return Ok(Config::default()),
        },
    };
    let name = path.display().to_string();
    let text = fs::read_to_string(&path)
        .map_err(|error| Problem::new(name.as_str(), input::io_complaint(&error)))?;
    let text = Text { name, text: &text };
    let file: File = toml::from_str(text.text).map_err(|error| text.problem(&error))?;
    match file.lint {
        Some(lint) => config(lint, &text, path.parent()),
        None if named.is_some() => {
            let problem = Problem::new(text.name.as_str(), "it has no table `lint`");
            Err(problem.help("begin it with [lint], [lint.rules] or [lint.thresholds]"))
        }
        None => Ok(Config::default()),
    }
}

/// The nearest activity.toml with a table `lint`; one without is a document with options.
fn nearest() -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let files = here.ancestors().map(|folder| folder.join("activity.toml"));
    let has_table = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap_or_default();
        match text.parse::<toml::Table>() {
            Ok(table) => table.contains_key("lint"),
            // What is damaged is complained about where it seems to be meant.
            Err(_) => text.lines().any(|line| line.replace(' ', "").starts_with("[lint")),
        }
    };
    files.into_iter().find(has_table)
}

fn config(lint: Lint, text: &Text<'_>, folder: Option<&Path>) -> Result<Config, Problem> {
    let mut settings = Settings::default();
    for (rule, severity) in &lint.rules {
        set(rule, severity.get_ref(), &mut settings)
            .map_err(|problem| text.at(problem, severity))?;
    }
    if let Some(threshold) = &lint.thresholds.no_heartbeat {
        settings.thresholds.no_heartbeat = text.duration(threshold)?;
    }
    if let Some(percent) = lint.thresholds.gives_up_early {
        settings.thresholds.gives_up_early = percent;
    }
    let duration = |value: &Option<Spanned<String>>| {
        value.as_ref().map(|value| text.duration(value)).transpose()
    };
    let declared = Declared {
        run_timeout: duration(&lint.declared.run_timeout)?,
        heartbeats_every: duration(&lint.declared.heartbeats_every)?,
        may_run_in_session: false,
        waits_for_cancellation: lint.declared.waits_for_cancellation,
    };
    let fail_on = lint.fail_on.as_ref().map(|value| match value.get_ref().as_str() {
        "warning" => Ok(FailOn::Warning),
        "error" => Ok(FailOn::Error),
        "never" => Ok(FailOn::Never),
        other => {
            let problem = Problem::new("", format!("`fail-on` cannot be {other:?}"));
            Err(text.at(problem.help("write \"warning\", \"error\" or \"never\""), value))
        }
    });
    Ok(Config {
        settings,
        declared,
        fail_on: fail_on.transpose()?,
        include_tests: lint.include_tests,
        include_generated: lint.include_generated,
        include_vendored: lint.include_vendored,
        exclude: lint.exclude,
        size_limit: lint.size_limit,
        baseline: lint.baseline.map(|path| folder.unwrap_or(Path::new("")).join(path)),
    })
}

impl Text<'_> {
    fn problem(&self, error: &toml::de::Error) -> Problem {
        let problem = Problem::new(self.name.as_str(), error.message().to_owned());
        match error.span() {
            Some(span) => problem.span(self.text, span),
            None => problem,
        }
    }

    /// The same problem, of this file, at this value.
    fn at(&self, problem: Problem, value: &Spanned<String>) -> Problem {
        problem.of_file(self.name.as_str()).span(self.text, value.span())
    }

    fn duration(&self, value: &Spanned<String>) -> Result<Nanoseconds, Problem> {
        let at = |message: &str, help: &str| self.at(Problem::new("", message).help(help), value);
        match documents::duration(value.get_ref()) {
            Ok(duration) if duration > Nanoseconds(0) => Ok(duration),
            Ok(_) => Err(at("this has to be longer than no time", "write \"45s\" for one")),
            Err(unusable) => Err(at(unusable.message(), unusable.help().unwrap_or_default())),
        }
    }
}

/// Applies severities from the command line, `RULE=SEVERITY`.
pub(super) fn apply(rules: &[String], settings: &mut Settings) -> Result<(), Problem> {
    for text in rules {
        let Some((rule, severity)) = text.split_once('=') else {
            let problem = Problem::new("--rule", format!("{text:?} has no severity"));
            return Err(problem.help("write RULE=error, warning, information or off"));
        };
        set(rule, severity, settings).map_err(|problem| problem.of_file("--rule"))?;
    }
    Ok(())
}

fn set(rule: &str, severity: &str, settings: &mut Settings) -> Result<(), Problem> {
    let rule = known_rule(rule)?;
    let severity = match severity {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "information" | "info" => Some(Severity::Information),
        "off" => None,
        other => {
            let problem = Problem::new("", format!("a severity cannot be {other:?}"));
            return Err(problem.help("write error, warning, information or off"));
        }
    };
    settings.severities.insert(rule.id, severity);
    Ok(())
}

/// The rule of this name, or a complaint with those that may be meant.
pub(super) fn known_rule(id: &str) -> Result<&'static rules::Rule, Problem> {
    rules::rule(id).ok_or_else(|| {
        let meant = meant(id);
        let help = match &meant[..] {
            [] => "activity lint --explain lists all rules".to_owned(),
            [one] => format!("is it {one}? activity lint --explain lists all rules"),
            [all @ .., last] => format!("is it {} or {last}?", all.join(", ")),
        };
        Problem::new("", format!("there is no rule {id:?}")).help(help)
    })
}

/// The rules that may be meant by a name: those that have all of its words, or the one that is
/// spelled nearly so.
fn meant(id: &str) -> Vec<&'static str> {
    let id = id.to_lowercase().replace(['_', ' '], "-");
    let ids = rules::ALL.iter().map(|rule| rule.id);
    let likeness = |it: &&str| strsim::normalized_damerau_levenshtein(it, &id);
    let nearest = ids.clone().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let has = |it: &str| id.split('-').all(|word| it.split('-').any(|of| of == word));
    let with_its_words: Vec<_> = ids.filter(|it| has(it)).collect();
    if !with_its_words.is_empty() {
        return with_its_words;
    }
    nearest.filter(|it| likeness(it) >= 0.65).into_iter().collect()
}
