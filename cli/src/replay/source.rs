//! Where traces come from: files, standard input, the selection that is compiled in.

use crate::input;
use crate::problem::Problem;
use activity_models::trace::{Fault, Replayed, SELECTION, Unreadable};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// Something that traces can be read from, and what it is called.
#[derive(Debug)]
pub(super) struct Source {
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
    pub(super) fn selection() -> Vec<Source> {
        SELECTION
            .map(|(name, text)| Source { name: name.to_owned(), kind: Kind::Selection(text) })
            .into()
    }

    /// A file, or standard input under the name `-`.
    pub(super) fn file(path: &Path) -> Source {
        let kind = if input::is_standard(path) { Kind::StandardInput } else { Kind::File };
        Source { name: input::name(path), kind }
    }

    /// Plays every trace, in order.
    ///
    /// # Errors
    /// At the first line that is no trace, or if the source cannot be read or has no trace.
    pub(super) fn replay(&self, replayed: &mut Replayed) -> Result<(), Problem> {
        let mut lines: Box<dyn BufRead> = match self.kind {
            Kind::Selection(text) => Box::new(text.as_bytes()),
            Kind::StandardInput => Box::new(io::stdin().lock()),
            Kind::File => match File::open(&self.name) {
                Ok(file) => Box::new(BufReader::with_capacity(1 << 16, file)),
                Err(error) => return Err(self.problem(&Unreadable::Io(error))),
            },
        };
        replayed.play(&self.name, &mut lines).map_err(|unreadable| self.problem(&unreadable))
    }

    fn problem(&self, unreadable: &Unreadable) -> Problem {
        match unreadable {
            Unreadable::Io(error) => Problem::new(&self.name, input::io_complaint(error)),
            Unreadable::Empty => Problem::new(&self.name, unreadable.to_string()),
            Unreadable::Line { number, fault } => {
                let message = match fault {
                    Fault::NotJson(error) => {
                        format!("not JSON: {}", input::json_complaint(error))
                    }
                    Fault::NotUtf8 | Fault::NotATrace(_) => fault.to_string(),
                };
                let problem = Problem::new(&self.name, message).line(*number);
                match fault {
                    Fault::NotATrace(malformed) if !malformed.path.is_empty() => {
                        problem.key(&malformed.path)
                    }
                    Fault::NotUtf8 | Fault::NotJson(_) | Fault::NotATrace(_) => problem,
                }
            }
        }
    }
}
