//! What all notations have in common: values, and where in the text they stand.
//! Knows no option.

use super::error::Fault;
use crate::names::is_called;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// A place in the text, in bytes; nothing where there is no text.
pub(super) type Place = Option<Range<usize>>;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node<'a> {
    pub(super) value: Value<'a>,
    pub(super) place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    /// As written, in decimal.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Table(Vec<Entry<'a>>),
    Boolean(bool),
    /// Something that no option is; what it is called.
    Other(&'static str),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    pub(super) key: Cow<'a, str>,
    /// Where the key stands, or the value if that is all that is known.
    pub(super) place: Place,
    pub(super) node: Node<'a>,
}

impl Value<'_> {
    /// What it is called in a message.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Boolean(_) => "a boolean",
            Value::Other(kind) => kind,
        }
    }
}

impl<'a> Node<'a> {
    /// A value that stands in no text.
    pub(super) fn without_place(value: Value<'a>) -> Self {
        Node { value, place: None }
    }

    /// The entries of a table.
    pub(super) fn table(&self) -> Option<&[Entry<'a>]> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            Value::Null
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Boolean(_)
            | Value::Other(_) => None,
        }
    }

    /// The value of a key in any spelling, unless it is null.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'a>> {
        let found = self.table()?.iter().find(|entry| is_called(&entry.key, key));
        found.map(|entry| &entry.node).filter(|node| node.value != Value::Null)
    }

    /// A string or a number as it stands, without quotes.
    pub(super) fn plain(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Null
            | Value::List(_)
            | Value::Table(_)
            | Value::Boolean(_)
            | Value::Other(_) => None,
        }
    }

    /// Whether a key holds true.
    pub(super) fn is(&self, key: &str) -> bool {
        self.get(key).is_some_and(|node| node.value == Value::Boolean(true))
    }

    /// A whole number, with or without quotes, of a key.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        self.word(key)?.parse().ok()
    }

    /// As [`plain`](Self::plain), of a key.
    pub(super) fn word(&self, key: &str) -> Option<&str> {
        self.get(key)?.plain()
    }
}

/// # Errors
/// If a key stands twice.
pub(super) fn each_once(entries: &[Entry<'_>]) -> Result<(), Fault> {
    let twice = |entry: &Entry<'_>| {
        Fault::new("this key is given twice")
            .help("remove one of the two")
            .at(entry.key.to_string(), &entry.place)
    };
    if entries.len() > FEW {
        let mut seen = HashSet::new();
        let again = entries.iter().find(|entry| !seen.insert(&entry.key));
        return again.map_or(Ok(()), |entry| Err(twice(entry)));
    }
    for (index, entry) in entries.iter().enumerate() {
        if entries[..index].iter().any(|other| other.key == entry.key) {
            return Err(twice(entry));
        }
    }
    Ok(())
}

/// So few keys are compared with one another.
const FEW: usize = 24;

/// How deep what is read can nest: a history of batches, an event, its attributes, a failure, its
/// causes, what each of them is.
///
/// Whatever is deeper is not read, and following it could exhaust the stack.
pub(super) const DEPTH: usize = 24;
