//! What is wrong with an input, where, and how it is shown to a person or to a program.
//! Knows text and positions; does not know what the text was meant to say.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::ops::Range;

/// An input that cannot be used: one sentence, and as much of the place as is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    file: String,
    message: String,
    key: Option<String>,
    place: Option<Place>,
    help: Option<String>,
}

/// Where in a file.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Place {
    /// A line, counted from one; the text is too long to be worth showing.
    Line(usize),
    /// A range of bytes of the text.
    Span { text: String, span: Range<usize> },
}

impl Problem {
    /// What is wrong with the file as a whole.
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Problem {
            file: file.into(),
            message: message.into(),
            key: None,
            place: None,
            help: None,
        }
    }

    /// The key that is at fault.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// The line that is at fault, counted from one.
    #[must_use]
    pub fn line(mut self, line: usize) -> Self {
        self.place = Some(Place::Line(line));
        self
    }

    /// The part of the text that is at fault.
    #[must_use]
    pub fn span(mut self, text: &str, span: Range<usize>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end.max(start));
        self.place = Some(Place::Span {
            text: text.to_owned(),
            span: start..end,
        });
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The line that is at fault, counted from one, if one is known.
    #[must_use]
    pub fn line_number(&self) -> Option<usize> {
        match self.place.as_ref()? {
            Place::Line(line) => Some(*line),
            Place::Span { text, span } => Some(text[..span.start].matches('\n').count() + 1),
        }
    }

    /// For a person, coloured: whoever prints it strips what the terminal does not want.
    #[must_use]
    pub fn render(&self) -> String {
        let title = match &self.key {
            Some(key) => format!("`{key}`: {}", self.message),
            None => self.message.clone(),
        };
        let title = Level::ERROR.primary_title(title);
        let origin = match self.line_number() {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        };
        let mut group = match &self.place {
            Some(Place::Span { text, span }) => title.element(
                Snippet::source(text.as_str())
                    .path(self.file.as_str())
                    .annotation(AnnotationKind::Primary.span(span.clone())),
            ),
            Some(Place::Line(_)) | None => {
                title.element(annotate_snippets::Origin::path(origin.as_str()))
            }
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let report: [Group<'_>; 1] = [group];
        Renderer::styled().render(&report)
    }

    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "error": {
            "file": self.file, "line": self.line_number(), "key": self.key, "message": self.message,
        }})
    }
}

fn floor_char_boundary(text: &str, index: usize) -> usize {
    (0..=index.min(text.len()))
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0)
}
