//! A document of unknown kind, told by its content: options in TOML, JSON or YAML, a recorded
//! workflow history, one event of it or its attributes alone, or the description of an execution.
//!
//! Knows how texts begin and what keys there are; what options mean is the library's to say.

mod activity;
mod described;
mod duration;
mod error;
mod failure;
mod frames;
mod history;
mod instant;
mod json;
mod protobuf;
mod read;
mod recorded;
mod shape;
mod shortened;
mod stream;
mod suggest;
mod text;
mod toml;
mod tree;
mod yaml;

pub use activity::{Activity, Scheduled};
pub use error::Unusable;
pub use stream::history;
pub use text::text;

use crate::place::Lines;
use activity_execution::options::Nanoseconds;
use error::Fault;
use read::Form;
use tree::Node;

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// What kind of text it is.
    pub notation: Notation,
    /// The options in it, each with the activity that they belong to.
    pub activities: Vec<Activity>,
}

/// What kind of text a document is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notation {
    /// Options in TOML.
    Toml,
    /// Options in JSON.
    Json,
    /// Options in YAML.
    Yaml,
    /// A workflow history, or a part of one, in JSON, YAML or protobuf.
    History,
    /// The description of a workflow's pending activities, or of a standalone one.
    Description,
}

impl Notation {
    /// In lower case, for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Notation::Toml => "toml",
            Notation::Json => "json",
            Notation::Yaml => "yaml",
            Notation::History => "history",
            Notation::Description => "description",
        }
    }
}

impl Document {
    /// Reads the bytes of a file.
    ///
    /// ```
    /// use activity_execution::options::Field;
    /// use activity_execution::vocabulary::Span;
    /// use activity_sources::documents::Document;
    ///
    /// let document = Document::parse(
    ///     b"charge:\n  startToCloseTimeout: 1h 30m\n  retryPolicy: { maximumAttempts: 3 }\n",
    /// )?;
    /// let [charge] = &document.activities[..] else { panic!("one activity") };
    /// assert_eq!(charge.name.as_deref(), Some("charge"));
    /// assert_eq!(charge.options.start_to_close_timeout(), Span(5_400_000));
    /// assert_eq!(charge.place_of(Field::MaximumAttempts).map(|place| place.line), Some(3));
    ///
    /// let error = Document::parse(b"hearbeat_timeout = \"5s\"").unwrap_err();
    /// assert_eq!((error.line(), error.key()), (Some(1), Some("hearbeat_timeout")));
    /// assert_eq!(error.help(), Some("did you mean heartbeat_timeout?"));
    /// # Ok::<(), activity_sources::documents::Unusable>(())
    /// ```
    ///
    /// # Errors
    /// If they are nothing of what a document can be, or the options in it are refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unusable> {
        if frames::is_likely(bytes) {
            let root = frames::history(bytes).map_err(Fault::unlocated)?;
            return shape::document(&root, Form::Json, None).map_err(Fault::unlocated);
        }
        let text = text(bytes)?;
        let lines = Lines::of(&text);
        let read =
            parsed(&text).and_then(|(form, root)| shape::document(&root, form, Some(&lines)));
        read.map_err(|fault| shape::hint(&text, fault).located(&text))
    }

    /// The first of the activities that are alike, with the number of the others.
    #[must_use]
    pub fn distinct(self) -> Vec<(Activity, usize)> {
        let mut distinct: Vec<(Activity, usize)> = Vec::new();
        for activity in self.activities {
            match distinct.iter_mut().find(|(known, _)| known.is_like(&activity)) {
                Some((_, more)) => *more += 1,
                None => distinct.push((activity, 0)),
            }
        }
        distinct
    }
}

/// A duration, in any notation that a document can have it in.
///
/// # Errors
/// If it is none, or has no unit.
pub fn duration(text: &str) -> Result<Nanoseconds, Unusable> {
    duration::parse(text).map_err(Fault::unlocated)
}

/// The tree of a text, and the notation that it is in.
fn parsed(text: &str) -> Result<(Form, Node<'_>), Fault> {
    match shape::form(text) {
        Form::Toml => Ok((Form::Toml, toml::parse(text)?)),
        Form::Yaml => Ok((Form::Yaml, yaml::parse(text)?)),
        Form::Json | Form::Recorded => Ok((Form::Json, json::parse(text.as_bytes())?)),
    }
}
