//! The baseline: findings that were there before, by file, rule and count, never by line.

use super::Report;
use super::found::Found;
use super::read::Source;
use crate::input;
use crate::problem::Problem;
use crate::style::counted;
use activity_analysis::rules::Severity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How many findings of a rule are known in a file.
#[derive(Debug, Deserialize, Serialize)]
struct Entry {
    file: String,
    rule: String,
    count: usize,
}

/// The file.
#[derive(Debug, Deserialize, Serialize)]
struct Contents {
    version: u32,
    findings: Vec<Entry>,
}

/// What is known.
#[derive(Debug)]
pub(super) struct Baseline(BTreeMap<(String, String), usize>);

/// The version of the format.
const VERSION: u32 = 1;

/// Reads a baseline.
pub(super) fn read(path: &Path) -> Result<Baseline, Problem> {
    let name = path.display().to_string();
    let problem = |message: String| Problem::new(name.as_str(), message);
    let bytes = fs::read(path).map_err(|error| {
        problem(input::io_complaint(&error))
            .help(format!("write it first: activity lint --write-baseline {name}"))
    })?;
    let contents: Contents = serde_json::from_slice(&bytes).map_err(|error| {
        problem(format!("not a baseline: {}", input::json_complaint(&error)))
            .line(error.line())
            .help("name a file that `activity lint --write-baseline FILE` wrote")
    })?;
    if contents.version != VERSION {
        let message = format!("a baseline of version {}, not {VERSION}", contents.version);
        let help = format!("remove it, and then: activity lint --write-baseline {name}");
        return Err(problem(message).help(help));
    }
    let entries = contents.findings.into_iter();
    Ok(Baseline(entries.map(|it| ((it.file, it.rule), it.count)).collect()))
}

/// Writes the findings that are more than information.
pub(super) fn write(path: &Path, sources: &[Source], found: &[Found]) -> Result<(), Problem> {
    let is_there = fs::metadata(path).is_ok_and(|about| about.len() > 0);
    if is_there && read(path).is_err() {
        let message = "it is no baseline, and is not written over";
        return Err(Problem::new(path.display().to_string(), message)
            .help("name another file, or remove it first"));
    }
    let entries = counts(sources, found).into_iter().map(|((file, rule), count)| Entry {
        file: file.to_owned(),
        rule: rule.to_owned(),
        count,
    });
    let contents = Contents { version: VERSION, findings: entries.collect() };
    let text = serde_json::to_string_pretty(&contents).unwrap_or_default() + "\n";
    fs::write(path, text).map_err(|error| {
        Problem::new(path.display().to_string(), format!("it cannot be written: {error}"))
    })
}

/// What was written, in a sentence.
pub(super) fn told(path: &Path, found: &[Found]) -> String {
    let count = found.iter().filter(|it| is_counted(it)).count();
    format!("{} written to {}", counted(count, "finding"), path.display())
}

fn is_counted(found: &Found) -> bool {
    found.severity >= Severity::Warning
}

fn counts<'a>(sources: &'a [Source], found: &'a [Found]) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut counts = BTreeMap::new();
    for found in found.iter().filter(|it| is_counted(it)) {
        *counts.entry((sources[found.file].name.as_str(), found.rule.id)).or_default() += 1;
    }
    counts
}

impl Baseline {
    /// Hides what is known: of a file and a rule either all or, if there are more now, none, for
    /// nobody can tell which of them are new.
    pub(super) fn hide(&self, report: &mut Report) {
        let counts = counts(&report.sources, &report.found);
        let known = |file: &str, rule: &str| {
            self.0.get(&(file.to_owned(), rule.to_owned())).copied().unwrap_or(0)
        };
        let hidden: Vec<(String, &str)> = counts
            .iter()
            .filter(|((file, rule), count)| **count <= known(file, rule))
            .map(|((file, rule), _)| ((*file).to_owned(), rules_id(rule)))
            .collect();
        // Of a file that is there and was not looked at nothing is known.
        let is_seen = |file: &String| {
            report.sources.iter().any(|source| source.name == *file) || !Path::new(file).exists()
        };
        let known = self.0.iter().filter(|((file, _), _)| is_seen(file));
        let outdated = known.map(|((file, rule), known)| {
            let now = counts.get(&(file.as_str(), rule.as_str())).copied().unwrap_or(0);
            known.saturating_sub(now)
        });
        report.outdated = outdated.sum();
        let sources = &report.sources;
        let before = report.found.len();
        report.found.retain(|found| {
            let is_hidden = |(file, rule): &(String, &str)| {
                *file == sources[found.file].name && *rule == found.rule.id
            };
            !is_counted(found) || !hidden.iter().any(is_hidden)
        });
        report.in_baseline = before - report.found.len();
    }
}

/// The name of a rule, which outlives the report.
fn rules_id(id: &str) -> &'static str {
    activity_analysis::rules::rule(id).map_or("", |rule| rule.id)
}
