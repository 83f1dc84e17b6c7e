//! Where traces come from: files, standard input, the selection that is compiled in.
//! Reads line by line; knows a line's number and nothing of what it says.

use super::keys::Malformed;
use super::trace::Trace;
use crate::input;
use crate::problem::Problem;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// The recorded traces of the repository, so that the command needs no file.
const SELECTION: [(&str, &str); 4] = [
    ("tests/ground-truth/random.jsonl", include_str!("../../../tests/ground-truth/random.jsonl")),
    (
        "tests/ground-truth/systematic.jsonl",
        include_str!("../../../tests/ground-truth/systematic.jsonl"),
    ),
    (
        "tests/ground-truth/workflow.jsonl",
        include_str!("../../../tests/ground-truth/workflow.jsonl"),
    ),
    ("tests/ground-truth/options.jsonl", include_str!("../../../tests/ground-truth/options.jsonl")),
];

/// Something that traces can be read from, and what it is called.
#[derive(Debug)]
pub struct Source {
    name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    StandardInput,
    File,
    Selection(&'static str),
}

impl Source {
    /// The selection that is compiled in.
    #[must_use]
    pub fn selection() -> Vec<Source> {
        SELECTION
            .map(|(name, text)| Source { name: name.to_owned(), kind: Kind::Selection(text) })
            .into()
    }

    /// A file, or standard input under the name `-`.
    #[must_use]
    pub fn file(path: &Path) -> Source {
        let kind = if input::is_standard(path) { Kind::StandardInput } else { Kind::File };
        Source { name: input::name(path), kind }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands every trace to `each`, in order.
    ///
    /// # Errors
    /// At the first line that is no trace, or if the source cannot be read or has no trace.
    pub fn read(&self, each: &mut dyn FnMut(Trace)) -> Result<(), Problem> {
        let read = match self.kind {
            Kind::Selection(text) => self.read_lines(text.as_bytes(), each)?,
            Kind::StandardInput => self.read_lines(io::stdin().lock(), each)?,
            Kind::File => {
                let file = File::open(&self.name).map_err(|error| self.unreadable(&error))?;
                self.read_lines(BufReader::with_capacity(1 << 16, file), each)?
            }
        };
        if read == 0 {
            return Err(Problem::new(&self.name, "there is no trace in it"));
        }
        Ok(())
    }

    fn read_lines(
        &self,
        mut lines: impl BufRead,
        each: &mut dyn FnMut(Trace),
    ) -> Result<usize, Problem> {
        let mut traces = 0;
        let mut line = vec![];
        for number in 1.. {
            line.clear();
            let read = lines.read_until(b'\n', &mut line);
            if read.map_err(|error| self.unreadable(&error))? == 0 {
                break;
            }
            if !line.trim_ascii().is_empty() {
                each(self.parse(&line, number)?);
                traces += 1;
            }
        }
        Ok(traces)
    }

    fn parse(&self, line: &[u8], number: usize) -> Result<Trace, Problem> {
        let problem = |message: String| Problem::new(&self.name, message).line(number);
        let text =
            std::str::from_utf8(line).map_err(|_| problem("this line is not UTF-8".into()))?;
        let value = serde_json::from_str(text)
            .map_err(|error| problem(format!("not JSON: {}", input::json_complaint(&error))))?;
        Trace::from_json(value).map_err(|Malformed { path, what }| {
            if path.is_empty() {
                problem(format!("not a trace: the line {what}"))
            } else {
                problem(format!("not a trace: `{path}` {what}")).key(path)
            }
        })
    }

    fn unreadable(&self, error: &io::Error) -> Problem {
        Problem::new(&self.name, input::io_complaint(error))
    }
}
