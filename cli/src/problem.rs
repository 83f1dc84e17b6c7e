//! What is wrong with an input, where, and how it is shown to a person or to a program.
//! Knows text and positions; does not know what the text was meant to say.

use crate::style::{COLUMNS, visible, wrapped};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::ops::Range;

/// An input that cannot be used: one sentence, and as much of the place as is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem(Box<Parts>);

#[derive(Clone, Debug, Eq, PartialEq)]
struct Parts {
    file: String,
    message: String,
    key: Option<String>,
    place: Option<Place>,
    /// What else is known, a line each.
    notes: Vec<String>,
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
        Problem(Box::new(Parts {
            file: file.into(),
            message: message.into(),
            key: None,
            place: None,
            notes: Vec::new(),
            help: None,
        }))
    }

    /// The key that is at fault.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.0.key = Some(key.into());
        self
    }

    /// The same problem of another file.
    #[must_use]
    pub fn of_file(mut self, file: impl Into<String>) -> Self {
        self.0.file = file.into();
        self
    }

    /// The line that is at fault, counted from one.
    #[must_use]
    pub fn line(mut self, line: usize) -> Self {
        self.0.place = Some(Place::Line(line));
        self
    }

    /// The part of the text that is at fault.
    #[must_use]
    pub fn span(mut self, text: &str, span: Range<usize>) -> Self {
        let start = floor_char_boundary(text, span.start);
        let end = floor_char_boundary(text, span.end.max(start));
        self.0.place = Some(Place::Span { text: text.to_owned(), span: start..end });
        self
    }

    /// Something else that is known, in a line.
    #[must_use]
    pub fn note(mut self, note: &str) -> Self {
        self.0.notes.push(visible(note));
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// The line that is at fault, counted from one, if one is known.
    #[must_use]
    pub fn line_number(&self) -> Option<usize> {
        match self.0.place.as_ref()? {
            Place::Line(line) => Some(*line),
            Place::Span { text, span } => Some(text[..span.start].matches('\n').count() + 1),
        }
    }

    /// For a person, coloured: whoever prints it strips what the terminal does not want.
    #[must_use]
    pub fn render(&self) -> String {
        let title = wrapped(&visible(&self.title()), "error: ".len(), COLUMNS);
        let title = Level::ERROR.primary_title(title);
        let origin = match self.line_number() {
            Some(line) => format!("{}:{line}", self.0.file),
            None => self.0.file.clone(),
        };
        let excerpt = match &self.0.place {
            Some(Place::Span { text, span }) => Excerpt::of(text, span.clone()),
            Some(Place::Line(_)) | None => None,
        };
        let mut group = match excerpt {
            Some(Excerpt { text, first_line, span }) => title.element(
                Snippet::source(text)
                    .line_start(first_line)
                    .path(self.0.file.as_str())
                    .annotation(AnnotationKind::Primary.span(span)),
            ),
            None => title.element(annotate_snippets::Origin::path(origin.as_str())),
        };
        let note = |note: &String| wrapped(note, "  = note: ".len(), COLUMNS);
        let notes: Vec<String> = self.0.notes.iter().map(note).collect();
        for note in &notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        let help = self.0.help.as_ref();
        let help = help.map(|help| wrapped(&visible(help), "  = help: ".len(), COLUMNS));
        if let Some(help) = &help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let report: [Group<'_>; 1] = [group];
        Renderer::styled().term_width(COLUMNS).render(&report)
    }

    /// The file as a whole.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// Everything but the file, in one line.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        let line = self.line_number().map(|line| format!("line {line}: ")).unwrap_or_default();
        let help = self.0.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{line}{}{help}", self.title())
    }

    /// The message, with the key.
    #[must_use]
    pub fn message(&self) -> String {
        self.title()
    }

    /// The message, after the key unless the message names it itself.
    fn title(&self) -> String {
        let Parts { message, key, .. } = &*self.0;
        let name = |key: &String| key.rsplit('.').next().is_some_and(|name| message.contains(name));
        match key {
            Some(key) if !name(key) => format!("`{key}`: {message}"),
            Some(_) | None => message.clone(),
        }
    }

    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let Parts { file, key, message, notes, .. } = &*self.0;
        let line = self.line_number();
        let mut error = json!({ "file": file, "line": line, "key": key, "message": message });
        if !notes.is_empty() {
            error["notes"] = json!(notes);
        }
        json!({ "error": error })
    }
}

/// The lines of a text that are shown, which is never a text of millions of letters.
struct Excerpt<'a> {
    text: &'a str,
    /// The number of the first line that is shown, from one.
    first_line: usize,
    /// The place in what is shown.
    span: Range<usize>,
}

impl<'a> Excerpt<'a> {
    /// The lines around a place; nothing if its line is too long before it to be shown.
    fn of(text: &'a str, span: Range<usize>) -> Option<Self> {
        let start = text[..span.start].rfind('\n').map_or(0, |end| end + 1);
        if span.start - start > LONGEST_LINE {
            return None;
        }
        let most = floor_char_boundary(text, span.start + LONGEST_LINE);
        let end = text[most..].find('\n').map_or(text.len(), |at| most + at);
        let end = if end - most > LONGEST_LINE { most } else { end };
        let first_line = text[..start].matches('\n').count() + 1;
        let place = span.start - start..span.end.min(end).max(span.start) - start;
        Some(Excerpt { text: &text[start..end], first_line, span: place })
    }
}

/// How many bytes of a line are looked at.
const LONGEST_LINE: usize = 4_000;

fn floor_char_boundary(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}
