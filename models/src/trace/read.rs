//! Traces read line by line, and the selection that is compiled in.
//! Knows a line's number and nothing of what it says.

use super::keys::Malformed;
use super::line::Trace;
use super::unique;
use std::fmt;
use std::io::{self, BufRead};

/// The recorded traces of the repository, each file with its name, so that nobody needs a file.
pub const SELECTION: [(&str, &str); 4] = [
    ("tests/ground-truth/random.jsonl", include_str!("../../ground-truth/random.jsonl")),
    ("tests/ground-truth/systematic.jsonl", include_str!("../../ground-truth/systematic.jsonl")),
    ("tests/ground-truth/workflow.jsonl", include_str!("../../ground-truth/workflow.jsonl")),
    ("tests/ground-truth/options.jsonl", include_str!("../../ground-truth/options.jsonl")),
];

/// Why traces cannot be read.
#[derive(Debug)]
pub enum Unreadable {
    /// The source fails.
    Io(io::Error),
    /// There is no trace in it.
    Empty,
    /// A line is no trace.
    Line {
        /// Which, counted from one.
        number: usize,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with a line.
#[derive(Debug)]
pub enum Fault {
    /// It is not UTF-8.
    NotUtf8,
    /// It is not JSON.
    NotJson(serde_json::Error),
    /// It is no trace.
    NotATrace(Malformed),
}

/// Hands every trace to `each`, in order.
///
/// # Errors
/// At the first line that is no trace, or if the source cannot be read or has no trace.
pub fn read(mut lines: impl BufRead, each: &mut dyn FnMut(Trace)) -> Result<(), Unreadable> {
    let mut is_empty = true;
    let mut line = vec![];
    for number in 1.. {
        line.clear();
        if lines.read_until(b'\n', &mut line).map_err(Unreadable::Io)? == 0 {
            break;
        }
        if !line.trim_ascii().is_empty() {
            each(parse(&line).map_err(|fault| Unreadable::Line { number, fault })?);
            is_empty = false;
        }
    }
    if is_empty { Err(Unreadable::Empty) } else { Ok(()) }
}

fn parse(line: &[u8]) -> Result<Trace, Fault> {
    let text = std::str::from_utf8(line).map_err(|_| Fault::NotUtf8)?;
    Trace::from_json(unique::parse(text)?).map_err(Fault::NotATrace)
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Io(error) => write!(f, "cannot be read: {error}"),
            Unreadable::Empty => write!(f, "there is no trace in it"),
            Unreadable::Line { number, fault } => write!(f, "line {number}: {fault}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NotUtf8 => write!(f, "this line is not UTF-8"),
            Fault::NotJson(error) => write!(f, "not JSON: {error}"),
            Fault::NotATrace(Malformed { path, what }) if path.is_empty() => {
                write!(f, "not a trace: the line {what}")
            }
            Fault::NotATrace(Malformed { path, what }) => {
                write!(f, "not a trace: `{path}` {what}")
            }
        }
    }
}

impl std::error::Error for Unreadable {}
