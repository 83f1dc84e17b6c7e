//! Files that hold options, read for any command, and in plain words what is wrong with them.
//! The analysis tells what a file is; this knows its name.

use crate::input;
use crate::problem::Problem;
use activity_analysis::document::{self, Document, Unusable};
use activity_execution::options::OptionsError;
use std::ops::Range;
use std::path::PathBuf;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub document: Document,
}

/// Reads files, all of them or none.
///
/// # Errors
/// All files that cannot be used, each with its first fault.
pub fn read(files: &[PathBuf]) -> Result<Vec<File>, Vec<Problem>> {
    let mut read = vec![];
    let mut problems = vec![];
    for path in files {
        let name = input::name(path);
        match input::read(path).and_then(|bytes| parse(&name, &bytes)) {
            Ok(document) => read.push(File { name, document }),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// Reads the bytes of a file.
///
/// # Errors
/// If they are nothing of what a document can be, or the options in it are refused.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    Document::parse(bytes).map_err(|unusable| problem(name, bytes, &unusable))
}

fn problem(name: &str, bytes: &[u8], unusable: &Unusable) -> Problem {
    let problem = Problem::new(name, unusable.to_string());
    let text = document::text(bytes).unwrap_or_default();
    match unusable {
        Unusable::Empty => problem.help("give start_to_close_timeout or schedule_to_close_timeout"),
        Unusable::Compressed => problem.help("decompress it first"),
        Unusable::NotUtf8 { line, .. } => problem.line(*line),
        Unusable::NotJson(error) => {
            let message = format!("not JSON: {}", input::json_complaint(error));
            let place = byte_of(text, error.line(), error.column());
            Problem::new(name, message).span(text, place)
        }
        Unusable::Options(error) => located(problem, text, error),
        Unusable::NotProtobuf(_) => {
            problem.help("export it once more, or as JSON: temporal workflow show --output json")
        }
        Unusable::NotAnEvent { path } => problem.key(path),
        Unusable::Recorded { path, error } => {
            problem.key(error.key().map_or(path.clone(), |key| format!("{path}.{key}")))
        }
    }
}

fn located(mut problem: Problem, text: &str, error: &OptionsError) -> Problem {
    if let Some(key) = error.key() {
        problem = problem.key(key);
    }
    if let Some(span) = error.span() {
        problem = problem.span(text, span);
    }
    if let Some(help) = error.help() {
        problem = problem.help(help);
    }
    problem
}

/// The byte at a line and column, both counted from one; the last one if there are fewer.
fn byte_of(text: &str, line: usize, column: usize) -> Range<usize> {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start = before.map(str::len).sum::<usize>() + column.saturating_sub(1);
    start..start + 1
}
