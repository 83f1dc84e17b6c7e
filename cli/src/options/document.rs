//! A file of unknown kind, told by its content: options in TOML or JSON, or a workflow history.
//! Knows how texts begin; the library reads the options.

use super::history::{self, Activity};
use super::protobuf;
use crate::input;
use crate::problem::Problem;
use activity_execution::ActivityOptions;
use activity_execution::options::OptionsError;
use serde_json::Value;
use std::path::PathBuf;

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The name of the file.
    pub name: String,
    /// What kind of text it is.
    pub notation: Notation,
    /// The options in it, each with the activity that they belong to; a file of options has one.
    pub activities: Vec<Activity>,
}

/// What kind of text a document is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notation {
    /// Options in TOML.
    Toml,
    /// Options in JSON.
    Json,
    /// A workflow history, in JSON or protobuf.
    History,
}

impl Notation {
    /// In lower case, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Notation::Toml => "toml",
            Notation::Json => "json",
            Notation::History => "history",
        }
    }
}

impl Document {
    /// Reads files, all of them or none.
    ///
    /// # Errors
    /// All files that cannot be used, each with its first fault.
    pub fn read(files: &[PathBuf]) -> Result<Vec<Self>, Vec<Problem>> {
        let mut documents = vec![];
        let mut problems = vec![];
        for path in files {
            let name = input::name(path);
            match input::read(path).and_then(|bytes| Document::parse(&name, &bytes)) {
                Ok(document) => documents.push(document),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(documents) } else { Err(problems) }
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// If they are nothing of what a document can be, or the options in it are refused.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Problem> {
        if protobuf::is_likely(bytes) {
            let activities = activities(name, &protobuf::history(name, bytes)?)?;
            let activities = activities.unwrap_or_default();
            return Ok(Document { name: name.to_owned(), notation: Notation::History, activities });
        }
        let text = text(name, bytes)?;
        let parsed = serde_json::from_str(text);
        let (notation, activities) = match parsed {
            Ok(value) => json(name, text, &value)?,
            Err(error) if looks_like_json(text) => return Err(not_json(name, text, &error)),
            Err(_) => {
                let options = ActivityOptions::from_toml(text);
                let options = options.map_err(|error| located(name, text, &error))?;
                (Notation::Toml, vec![Activity::unnamed(options)])
            }
        };
        Ok(Document { name: name.to_owned(), notation, activities })
    }
}

fn not_json(name: &str, text: &str, error: &serde_json::Error) -> Problem {
    let message = format!("not JSON: {}", input::json_complaint(error));
    Problem::new(name, message).span(text, byte_of(text, error.line(), error.column()))
}

fn json(name: &str, text: &str, value: &Value) -> Result<(Notation, Vec<Activity>), Problem> {
    if let Some(activities) = activities(name, value)? {
        return Ok((Notation::History, activities));
    }
    let options = ActivityOptions::from_json(text).map_err(|error| located(name, text, &error))?;
    Ok((Notation::Json, vec![Activity::unnamed(options)]))
}

/// The activities of a history, if the value is one.
fn activities(name: &str, value: &Value) -> Result<Option<Vec<Activity>>, Problem> {
    history::events(value).map(|events| history::activities(name, &events)).transpose()
}

/// The text of a file, or what the bytes are instead.
fn text<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(Problem::new(name, "the file is empty")
            .help("give start_to_close_timeout or schedule_to_close_timeout"));
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return Err(Problem::new(name, "this is compressed with gzip").help("decompress it first"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let message = format!("this is not UTF-8 text, from byte {} on", error.valid_up_to());
            Err(Problem::new(name, message).line(line))
        }
    }
}

/// TOML never begins with a brace; what begins with a bracket is a table's name or JSON's list.
fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let list = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || list.is_some_and(|rest| rest.starts_with(['{', ']']))
}

fn located(name: &str, text: &str, error: &OptionsError) -> Problem {
    let mut problem = Problem::new(name, error.message());
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
fn byte_of(text: &str, line: usize, column: usize) -> std::ops::Range<usize> {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1));
    let start = before.map(str::len).sum::<usize>() + column.saturating_sub(1);
    start..start + 1
}
