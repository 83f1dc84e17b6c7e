//! A document of unknown kind, told by its content: options in TOML or JSON, or a workflow history.
//! Knows how texts begin; the library reads the options.

mod history;
mod protobuf;
mod unusable;

pub use history::{Activity, Scheduled};
pub use unusable::Unusable;

use activity_execution::ActivityOptions;
use serde_json::Value;

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// What kind of text it is.
    pub notation: Notation,
    /// The options in it, each with the activity that they belong to; a text of options has one.
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
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// If they are nothing of what a document can be, or the options in it are refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unusable> {
        if protobuf::is_likely(bytes) {
            let activities = activities(&protobuf::history(bytes)?)?.unwrap_or_default();
            return Ok(Document { notation: Notation::History, activities });
        }
        let text = text(bytes)?;
        let (notation, activities) = match serde_json::from_str(text) {
            Ok(value) => json(text, &value)?,
            Err(error) if looks_like_json(text) => return Err(Unusable::NotJson(error)),
            Err(_) => {
                let options = ActivityOptions::from_toml(text).map_err(Unusable::Options)?;
                (Notation::Toml, vec![Activity::unnamed(options)])
            }
        };
        Ok(Document { notation, activities })
    }

    /// The first activity of each type with the same options, with the number of the others.
    #[must_use]
    pub fn distinct(self) -> Vec<(Activity, usize)> {
        let mut distinct: Vec<(Activity, usize)> = vec![];
        for activity in self.activities {
            let same = |(known, _): &&mut (Activity, usize)| {
                known.activity_type() == activity.activity_type()
                    && known.options == activity.options
            };
            match distinct.iter_mut().find(same) {
                Some((_, more)) => *more += 1,
                None => distinct.push((activity, 0)),
            }
        }
        distinct
    }
}

fn json(text: &str, value: &Value) -> Result<(Notation, Vec<Activity>), Unusable> {
    if let Some(activities) = activities(value)? {
        return Ok((Notation::History, activities));
    }
    let options = ActivityOptions::from_json(text).map_err(Unusable::Options)?;
    Ok((Notation::Json, vec![Activity::unnamed(options)]))
}

/// The activities of a history, if the value is one.
fn activities(value: &Value) -> Result<Option<Vec<Activity>>, Unusable> {
    history::events(value).map(|events| history::activities(&events)).transpose()
}

/// The text of a document, to which the places of errors refer, without its byte order mark.
///
/// # Errors
/// What the bytes are instead.
pub fn text(bytes: &[u8]) -> Result<&str, Unusable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(Unusable::Empty);
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return Err(Unusable::Compressed);
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Unusable::NotUtf8 { byte: error.valid_up_to(), line }
    })
}

/// TOML never begins with a brace; what begins with a bracket is a table's name or JSON's list.
fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    let list = text.strip_prefix('[').map(str::trim_start);
    text.starts_with('{') || list.is_some_and(|rest| rest.starts_with(['{', ']']))
}
