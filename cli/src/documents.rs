//! Files that hold options, read for any command, and in plain words what is wrong with them.
//! The room for input tells what a file is; this knows its name.

use crate::input;
use crate::problem::Problem;
use activity_sources::documents::{self as document, Document, Unusable};
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
    Document::parse(bytes).map_err(|unusable| {
        let text = document::text(bytes).unwrap_or_default();
        problem(name, &text, &unusable)
    })
}

/// What is wrong with a document, drawn where it stands in its text.
#[must_use]
pub fn problem(name: &str, text: &str, unusable: &Unusable) -> Problem {
    let mut problem = Problem::new(name, unusable.message());
    if let Some(key) = unusable.key() {
        problem = problem.key(key);
    }
    if let Some(help) = unusable.help() {
        problem = problem.help(help);
    }
    match (unusable.span(), unusable.line()) {
        (Some(span), _) => problem.span(text, span),
        (None, Some(line)) => problem.line(line),
        (None, None) => problem,
    }
}
