//! JSON, as a tree with places, read as a stream: what nobody asks for is skipped, not kept.

use super::error::Fault;
use super::frames::LARGEST;
use super::shortened::Shortened;
use super::tree::{DEPTH, Entry, Node, Value, each_once};
use crate::names::is_called;
use std::borrow::Cow;
use std::io::Read;
use struson::reader::{
    JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, ValueType,
};

/// What keys hold that is not looked into, however large it is.
const PAYLOADS: [&str; 13] = [
    "input",
    "result",
    "details",
    "header",
    "heartbeatDetails",
    "lastHeartbeatDetails",
    "lastFailureDetails",
    "lastCompletionResult",
    "memo",
    "searchAttributes",
    "encodedAttributes",
    "userMetadata",
    "stackTrace",
];

/// A JSON text that is read step by step.
pub(super) type Reader<R> = JsonStreamReader<R>;

/// Begins to read one value after the other, of which no string is longer than any that is read.
pub(super) fn lines<R: Read>(bytes: R) -> Reader<Shortened<R>> {
    begun(Shortened::new(bytes), true)
}

fn begun<R: Read>(bytes: R, allow_multiple_top_level: bool) -> Reader<R> {
    let settings = ReaderSettings {
        allow_multiple_top_level,
        track_path: false,
        max_nesting_depth: Some(MOST_NESTED),
        restrict_number_values: false,
        ..ReaderSettings::default()
    };
    JsonStreamReader::new_custom(bytes, settings)
}

/// # Errors
/// If `bytes` are not JSON, or a key stands twice.
pub(super) fn parse(bytes: &[u8]) -> Result<Node<'static>, Fault> {
    let mut reader = begun(bytes, false);
    let node = value(&mut reader, DEPTH, &mut Room(usize::MAX))?;
    reader.consume_trailing_whitespace().map_err(|error| broken(&error))?;
    Ok(node)
}

/// How many bytes what is kept of an event may still take.
#[derive(Debug)]
pub(super) struct Room(usize);

impl Room {
    /// For an event.
    pub(super) fn of_an_event() -> Self {
        Room(usize::try_from(LARGEST).unwrap_or(usize::MAX))
    }

    /// Takes what a value takes that is kept.
    ///
    /// # Errors
    /// If there is not so much.
    pub(super) fn take<R: Read>(&mut self, bytes: usize, reader: &Reader<R>) -> Result<(), Fault> {
        match self.0.checked_sub(size_of::<Entry<'_>>() + bytes) {
            Some(left) => self.0 = left,
            None => {
                let (at, fault) = (at(reader), Fault::new("this is larger than any event"));
                return Err(Fault { span: Some(at..at), line: line(reader), ..fault });
            }
        }
        Ok(())
    }
}

/// The next value.
///
/// # Errors
/// If it is not JSON, a key stands twice, or there is no room for it.
pub(super) fn value<R: Read>(
    reader: &mut Reader<R>,
    depth: usize,
    room: &mut Room,
) -> Result<Node<'static>, Fault> {
    room.take(0, reader)?;
    let broken = |error: ReaderError| broken(&error);
    let kind = reader.peek().map_err(broken)?;
    let start = at(reader);
    let value = match kind {
        ValueType::Array | ValueType::Object if depth == 0 => {
            reader.skip_value().map_err(broken)?;
            Value::Other("a nested value")
        }
        ValueType::Object => Value::Table(entries(reader, depth - 1, room)?),
        ValueType::Array => {
            let mut nodes = Vec::new();
            reader.begin_array().map_err(broken)?;
            while reader.has_next().map_err(broken)? {
                nodes.push(self::value(reader, depth - 1, room)?);
            }
            reader.end_array().map_err(broken)?;
            Value::List(nodes)
        }
        ValueType::String => {
            let text = reader.next_string().map_err(broken)?;
            room.take(text.len(), reader)?;
            Value::Text(Cow::Owned(text))
        }
        ValueType::Number => {
            Value::Number(Cow::Owned(reader.next_number_as_string().map_err(broken)?))
        }
        ValueType::Boolean => Value::Boolean(reader.next_bool().map_err(broken)?),
        ValueType::Null => {
            reader.next_null().map_err(broken)?;
            Value::Null
        }
    };
    Ok(Node { value, place: Some(start..at(reader)) })
}

fn entries<R: Read>(
    reader: &mut Reader<R>,
    depth: usize,
    room: &mut Room,
) -> Result<Vec<Entry<'static>>, Fault> {
    let broken = |error: ReaderError| broken(&error);
    let mut entries = Vec::new();
    reader.begin_object().map_err(broken)?;
    while reader.has_next().map_err(broken)? {
        let start = at(reader);
        let key = reader.next_name_owned().map_err(broken)?;
        room.take(key.len(), reader)?;
        let place = Some(start..start + key.len() + 2);
        let node = if is_skipped(&key) {
            reader.skip_value().map_err(broken)?;
            Node { value: Value::Other("a payload"), place: place.clone() }
        } else {
            value(reader, depth, room)?
        };
        entries.push(Entry { key: Cow::Owned(key), place, node });
    }
    reader.end_object().map_err(broken)?;
    each_once(&entries)?;
    Ok(entries)
}

/// Whether what a key holds is passed over: payloads, and attributes of events that tell nothing of
/// activities.
pub(super) fn is_skipped(key: &str) -> bool {
    if PAYLOADS.iter().any(|payload| is_called(key, payload)) {
        return true;
    }
    let is_attributes = key.ends_with("EventAttributes") || key.ends_with("_event_attributes");
    let of_activity = key.get(..8).is_some_and(|it| it.eq_ignore_ascii_case("activity"));
    is_attributes && !of_activity && !ENDS.iter().any(|end| is_called(key, end))
}

/// The attributes that tell how a run begins and ends, and the tasks between.
const ENDS: [&str; 10] = [
    "workflowExecutionStartedEventAttributes",
    "workflowExecutionCompletedEventAttributes",
    "workflowExecutionFailedEventAttributes",
    "workflowExecutionContinuedAsNewEventAttributes",
    "workflowExecutionCanceledEventAttributes",
    "workflowTaskStartedEventAttributes",
    "workflowTaskCompletedEventAttributes",
    "workflowTaskFailedEventAttributes",
    "workflowTaskTimedOutEventAttributes",
    "decisionTaskCompletedEventAttributes",
];

/// The byte at which a reader is.
pub(super) fn at<R: Read>(reader: &Reader<R>) -> usize {
    byte(&reader.current_position(false))
}

/// The line at which a reader is.
pub(super) fn line<R: Read>(reader: &Reader<R>) -> Option<usize> {
    let position = reader.current_position(false);
    position.line_pos.and_then(|at| usize::try_from(at.line + 1).ok())
}

fn byte(position: &JsonReaderPosition) -> usize {
    position.data_pos.map_or(0, |byte| usize::try_from(byte).unwrap_or(usize::MAX))
}

/// What is wrong with a text that is no JSON.
pub(super) fn broken(error: &ReaderError) -> Fault {
    let (what, position) = match error {
        ReaderError::SyntaxError(error) => {
            (in_words(&format!("{:?}", error.kind)), Some(&error.location))
        }
        ReaderError::UnexpectedStructure { kind, location } => {
            (in_words(&format!("{kind:?}")), Some(location))
        }
        ReaderError::MaxNestingDepthExceeded { location, .. } => {
            ("it is nested too deeply".to_owned(), Some(location))
        }
        ReaderError::UnexpectedValueType { location, .. }
        | ReaderError::UnsupportedNumberValue { location, .. } => {
            ("this value was not expected".to_owned(), Some(location))
        }
        ReaderError::IoError { error, location } => (error.to_string(), Some(location)),
        error => (error.to_string(), None),
    };
    let line = position.and_then(|it| it.line_pos).and_then(|it| usize::try_from(it.line + 1).ok());
    Fault {
        span: position.map(|position| byte(position)..byte(position) + 1),
        line,
        ..Fault::new(format!("not JSON: {what}")).help(WRITE_JSON)
    }
}

/// `MissingComma` as "missing comma".
fn in_words(name: &str) -> String {
    match name {
        "TrailingCommaNotEnabled" => return "a comma stands before the end".to_owned(),
        "CommentsNotEnabled" => return "it has no comments".to_owned(),
        _ => {}
    }
    let name = name.split([' ', '{', '(']).next().unwrap_or_default();
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// What helps somebody who writes options.
pub(super) const WRITE_JSON: &str = "write JSON: {\"key\": \"value\"}";
/// What is nested deeper is refused at once.
const MOST_NESTED: u32 = 512;
