//! Why a document cannot be used, for people and for tools that draw the place.
//! Does not know the name of the file: the caller does.

use super::tree;
use crate::place::{Lines, Place};
use activity_execution::options::InvalidOptions;
use std::fmt;
use std::ops::Range;

/// Why a document, or a part of it, cannot be used.
///
/// Its `Display` is one line: place, key, what is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Unusable(Box<Located>);

#[derive(Clone, Debug, PartialEq)]
struct Located {
    fault: Fault,
    place: Option<Place>,
}

/// What is wrong and where, before the text is at hand to count lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) key: Option<String>,
    pub(super) span: tree::Place,
    /// The line, where the text is not at hand.
    pub(super) line: Option<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) invalid: Option<Box<InvalidOptions>>,
}

impl Unusable {
    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.fault.message
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        self.0.fault.help.as_deref()
    }

    /// The key at fault, `retry_policy.initial_interval` for one; an unknown one as written.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.0.fault.key.as_deref()
    }

    /// The line, counted from one; nothing for what is missing.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.place.as_ref().map(|place| place.line).or(self.0.fault.line)
    }

    /// The column, in characters, counted from one.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.0.place.as_ref().map(|place| place.column)
    }

    /// The place in the text, in bytes; always within it and between characters.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.0.place.as_ref().map(|place| place.bytes.range())
    }

    /// The rule that the request breaks, if the text could be read.
    #[must_use]
    pub fn invalid_options(&self) -> Option<&InvalidOptions> {
        self.0.fault.invalid.as_deref()
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.place, self.line()) {
            (Some(place), _) => write!(f, "line {}, column {}: ", place.line, place.column)?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        // A broken rule names its option itself.
        if let (Some(key), None) = (self.key(), self.invalid_options()) {
            write!(f, "{}: ", key.escape_debug())?;
        }
        f.write_str(self.message())?;
        match self.help() {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Unusable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.invalid_options().map(|invalid| invalid as _)
    }
}

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Fault {
            key: None,
            span: None,
            line: None,
            message: shortened(message.into()),
            help: None,
            invalid: None,
        }
    }

    pub(super) fn refused(invalid: &InvalidOptions) -> Self {
        Fault {
            help: Some(invalid.help().to_string()),
            invalid: Some(Box::new(invalid.clone())),
            ..Fault::new(invalid.to_string())
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shortened(help.into()));
        self
    }

    pub(super) fn at(mut self, key: impl Into<String>, span: &tree::Place) -> Self {
        self.key = Some(key.into());
        self.span = span.clone();
        self
    }

    /// The same for a part whose path in the document is known.
    pub(super) fn within(mut self, path: &str) -> Self {
        self.key = Some(match self.key {
            Some(key) => format!("{path}.{key}"),
            None => path.to_owned(),
        });
        self
    }

    /// The error for this fault in `text`.
    pub(super) fn located(self, text: &str) -> Unusable {
        let place = self.span.as_ref().map(|span| Lines::of(text).place(span));
        Unusable(Box::new(Located { fault: self, place }))
    }

    /// The error for this fault where there is no text.
    pub(super) fn unlocated(self) -> Unusable {
        Unusable(Box::new(Located { fault: self, place: None }))
    }
}

/// The same message, of which words that nobody reads to their end are cut in the middle.
fn shortened(message: String) -> String {
    if !message.split(' ').any(|word| word.chars().count() > LONGEST_WORD) {
        return message;
    }
    let words = message.split(' ').map(|word| {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() <= LONGEST_WORD {
            return word.to_owned();
        }
        let (first, last) = (&letters[..LONGEST_WORD / 2], &letters[letters.len() - 12..]);
        first.iter().chain(&['…']).chain(last).collect()
    });
    words.collect::<Vec<String>>().join(" ")
}

/// How long a word may be that is told whole.
const LONGEST_WORD: usize = 80;
