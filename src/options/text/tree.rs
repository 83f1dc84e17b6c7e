//! What TOML and JSON have in common: values, and where in the text they stand.
//! Knows no option.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

/// A place in the text, in bytes; nothing where there is no text.
pub(super) type Place = Option<Range<usize>>;

#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) value: Value<'a>,
    pub(super) place: Place,
}

#[derive(Debug)]
pub(super) enum Value<'a> {
    Null,
    /// As written, in decimal.
    Number(Cow<'a, str>),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Table(Vec<Entry<'a>>),
    /// Something that no option is; what it is called.
    Other(&'static str),
}

#[derive(Debug)]
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
            Value::Other(kind) => kind,
        }
    }
}

/// How deep options can nest: the request, the retry policy, the error types, one of them.
///
/// Whatever is deeper is wrong anyway, and following it could exhaust the stack.
pub(super) const DEPTH: usize = 3;
