//! Recorded activities read from a stream: memory grows with activities, not with payloads.

use super::error::{Fault, Unusable};
use super::history::{is_event, recorded};
use super::json::{self, Reader, broken};
use super::recorded::Collector;
use super::tree::{DEPTH, Entry, Node, Value};
use super::{described, parsed, protobuf, shape, text};
use activity_execution::history::RecordedHistory;
use std::borrow::Cow;
use std::io::{BufReader, Read};
use struson::reader::{JsonReader as _, ReaderError, ValueType};

/// Reads a history, or a description, from its bytes as they come.
///
/// # Errors
/// If they are neither, or cannot be read.
pub fn history(bytes: impl Read) -> Result<RecordedHistory, Unusable> {
    let mut bytes = BufReader::with_capacity(BUFFER, bytes);
    let begins = std::io::BufRead::fill_buf(&mut bytes)
        .map_err(|error| Fault::new(format!("it cannot be read: {error}")).unlocated())?;
    let mark = if begins.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let first = begins[mark..].iter().find(|byte| !byte.is_ascii_whitespace());
    let is_json = matches!(first, Some(b'{' | b'[')) && begins.get(1) != Some(&0);
    std::io::BufRead::consume(&mut bytes, mark);
    if is_json && !protobuf::is_likely(&begins_of(&bytes)) {
        return streamed(bytes).map_err(Fault::unlocated);
    }
    let mut all = Vec::new();
    bytes
        .read_to_end(&mut all)
        .map_err(|error| Fault::new(format!("it cannot be read: {error}")).unlocated())?;
    whole(&all)
}

/// What is buffered of a stream that was looked into.
fn begins_of<R: Read>(bytes: &BufReader<R>) -> Vec<u8> {
    bytes.buffer().iter().take(64).copied().collect()
}

/// Reads what is no JSON in UTF-8.
fn whole(bytes: &[u8]) -> Result<RecordedHistory, Unusable> {
    let mut collector = Collector::default();
    if protobuf::is_likely(bytes) {
        let root = protobuf::history(bytes).map_err(Fault::unlocated)?;
        return collected(&mut collector, root).map_err(Fault::unlocated);
    }
    let text = text(bytes)?;
    let read = parsed(&text).and_then(|(_, root)| collected(&mut collector, root));
    read.map_err(|fault| shape::hint(&text, fault).located(&text))
}

fn collected(collector: &mut Collector, root: Node<'_>) -> Result<RecordedHistory, Fault> {
    if let Some(events) = super::history::events(&root) {
        for event in events {
            collector.event(event)?;
        }
        return Ok(std::mem::take(collector).finish());
    }
    alone(root)
}

/// Something that holds no events: a description, or the attributes of one.
fn alone(root: Node<'_>) -> Result<RecordedHistory, Fault> {
    if let Some(history) = described::history(&root)? {
        return Ok(history);
    }
    let fault = Fault {
        span: root.place.clone(),
        ..Fault::new("this is no history and no description").help(
            "give what `temporal workflow show --output json`, `temporal workflow describe \
             --output json` or `temporal activity describe --output json` write",
        )
    };
    if shape::is_attributes(&root) && recorded(&root, None, "").is_ok() {
        let help = "these are the options of one event alone: `activity explain` says what they do";
        return Err(fault.help(help));
    }
    Err(fault)
}

fn streamed<R: Read>(bytes: R) -> Result<RecordedHistory, Fault> {
    let mut reader = json::reader(bytes);
    let mut collector = Collector::default();
    let mut rest = Vec::new();
    let found = item(&mut reader, &mut collector, DEPTH, &mut rest)?;
    reader.consume_trailing_whitespace().map_err(|error| broken(&error))?;
    if found || collector.events() > 0 {
        return Ok(collector.finish());
    }
    alone(Node::without_place(Value::Table(rest)))
}

/// Takes an event, a batch of them, or a history; says whether it is one of these. What stands
/// beside no events is left in `rest`.
fn item<R: Read>(
    reader: &mut Reader<R>,
    collector: &mut Collector,
    depth: usize,
    rest: &mut Vec<Entry<'static>>,
) -> Result<bool, Fault> {
    let broken = |error: ReaderError| broken(&error);
    if depth == 0 {
        return Err(Fault::new("this is nested too deeply for a history"));
    }
    match reader.peek().map_err(broken)? {
        ValueType::Array => {
            reader.begin_array().map_err(broken)?;
            while reader.has_next().map_err(broken)? {
                if !item(reader, collector, depth - 1, &mut Vec::new())? {
                    let path = format!("events[{}]", collector.events());
                    let at = json::at(reader);
                    let fault = Fault::new("this is no event, and no list of events");
                    return Err(
                        Fault { span: Some(at..at), line: line(reader), ..fault }.within(&path)
                    );
                }
            }
            reader.end_array().map_err(broken)?;
            Ok(true)
        }
        ValueType::Object => {
            reader.begin_object().map_err(broken)?;
            let (entries, has_events) = members(reader, collector, depth)?;
            reader.end_object().map_err(broken)?;
            super::tree::each_once(&entries)?;
            let event = Node::without_place(Value::Table(entries));
            if is_event(&event) {
                let place = line(reader);
                collector.event(&event).map_err(|fault| Fault { line: place, ..fault })?;
                return Ok(true);
            }
            if !has_events && let Value::Table(entries) = event.value {
                *rest = entries;
            }
            Ok(has_events)
        }
        ValueType::String | ValueType::Number | ValueType::Boolean | ValueType::Null => {
            reader.skip_value().map_err(broken)?;
            Ok(false)
        }
    }
}

/// The members of an object, but for the events in it, which are taken; and whether there are any.
fn members<R: Read>(
    reader: &mut Reader<R>,
    collector: &mut Collector,
    depth: usize,
) -> Result<(Vec<Entry<'static>>, bool), Fault> {
    let broken = |error: ReaderError| broken(&error);
    let (mut entries, mut has_events) = (Vec::new(), false);
    while reader.has_next().map_err(broken)? {
        let key = reader.next_name_owned().map_err(broken)?;
        let kind = reader.peek().map_err(broken)?;
        let holds_events = ["events", "history"].iter().any(|it| key.eq_ignore_ascii_case(it));
        match kind {
            ValueType::Null if holds_events => {
                reader.next_null().map_err(broken)?;
                has_events = true;
            }
            ValueType::Array | ValueType::Object if holds_events => {
                has_events |= item(reader, collector, depth - 1, &mut Vec::new())?;
            }
            _ if json::is_skipped(&key) => {
                reader.skip_value().map_err(broken)?;
                let node = Node::without_place(Value::Other("a payload"));
                entries.push(Entry { key: Cow::Owned(key), place: None, node });
            }
            _ => {
                let node = json::value(reader, DEPTH)?;
                entries.push(Entry { key: Cow::Owned(key), place: None, node });
            }
        }
    }
    Ok((entries, has_events))
}

/// The line at which a reader is.
fn line<R: Read>(reader: &Reader<R>) -> Option<usize> {
    let position = reader.current_position(false);
    position.line_pos.and_then(|at| usize::try_from(at.line + 1).ok())
}

const BUFFER: usize = 1 << 16;
