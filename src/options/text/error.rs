//! Why a text gives no options, for people and for tools that draw the place.
//! Does not know the name of the file: the caller does.

use super::tree::Place;
use crate::options::InvalidOptions;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;
use core::ops::Range;

/// Why a text gives no options.
///
/// Its `Display` is one line: place, key, what is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionsError(Box<Located>);

#[derive(Clone, Debug, PartialEq)]
struct Located {
    fault: Fault,
    /// Line and column, both from one.
    position: Option<(usize, usize)>,
}

/// What is wrong and where, before the text is at hand to count lines.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub(super) key: Option<String>,
    pub(super) span: Place,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) invalid: Option<Box<InvalidOptions>>,
}

impl OptionsError {
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

    /// The line, counted from one; nothing for a recorded event and for what is missing.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.position.map(|(line, _)| line)
    }

    /// The column, in characters, counted from one.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.0.position.map(|(_, column)| column)
    }

    /// The place in the text, in bytes; always within it and between characters.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.0.fault.span.clone()
    }

    /// The rule that the request breaks, if the text could be read.
    #[must_use]
    pub fn invalid_options(&self) -> Option<&InvalidOptions> {
        self.0.fault.invalid.as_deref()
    }
}

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.0.position {
            write!(f, "line {line}, column {column}: ")?;
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

impl core::error::Error for OptionsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.invalid_options().map(|invalid| invalid as _)
    }
}

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Fault { key: None, span: None, message: message.into(), help: None, invalid: None }
    }

    pub(super) fn refused(invalid: &InvalidOptions) -> Self {
        Fault {
            help: Some(invalid.help().to_string()),
            invalid: Some(Box::new(invalid.clone())),
            ..Fault::new(invalid.to_string())
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn at(mut self, key: impl Into<String>, span: &Place) -> Self {
        self.key = Some(key.into());
        self.span = span.clone();
        self
    }

    /// The error for this fault in `text`.
    pub(super) fn located(mut self, text: &str) -> OptionsError {
        self.span = self.span.map(|span| within(text, span));
        let position = self.span.as_ref().map(|span| {
            let before = &text[..span.start];
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            let line = before.matches('\n').count() + 1;
            (line, before[line_start..].chars().count() + 1)
        });
        OptionsError(Box::new(Located { fault: self, position }))
    }
}

/// The part of `span` that lies in `text`, widened to whole characters.
fn within(text: &str, span: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    let end = text.ceil_char_boundary(span.end);
    start..end.max(start)
}
