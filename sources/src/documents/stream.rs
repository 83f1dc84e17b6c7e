//! Recorded activities read from a stream: memory grows with activities, not with payloads.

use super::error::{Fault, Unusable};
use super::history::{is_event, recorded};
use super::json::{self, Reader, Room, broken};
use super::read::Form;
use super::recorded::Collector;
use super::tree::{DEPTH, Entry, Node, Value};
use super::{described, frames, parsed, shape, text};
use activity_execution::history::RecordedHistory;
use std::borrow::Cow;
use std::io::{self, BufReader, Read};
use struson::reader::{JsonReader as _, ReaderError, ValueType};

/// Reads a history, or a description, from its bytes as they come.
///
/// # Errors
/// If they are neither, or cannot be read.
pub fn history(mut bytes: impl Read) -> Result<RecordedHistory, Unusable> {
    let unreadable =
        |error: io::Error| Fault::new(format!("it cannot be read: {error}")).unlocated();
    let mut begins = Vec::new();
    bytes.by_ref().take(BEGINS).read_to_end(&mut begins).map_err(unreadable)?;
    let mark = if begins.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let first = begins[mark..].iter().find(|byte| !byte.is_ascii_whitespace());
    let is_json = matches!(first, Some(b'{' | b'[')) && begins.get(1) != Some(&0);
    let all = BufReader::with_capacity(BUFFER, begins[mark..].chain(bytes));
    if frames::is_likely(&begins) {
        return decoded(all).map_err(Fault::unlocated);
    }
    if is_json {
        return streamed(all).map_err(|fault| of_a_history(fault).unlocated());
    }
    let mut whole = begins[..mark].to_vec();
    all.take(MOST + 1).read_to_end(&mut whole).map_err(unreadable)?;
    if u64::try_from(whole.len()).is_ok_and(|length| length > MOST) {
        let fault = Fault::new("this is no history: it is neither JSON in UTF-8 nor protobuf")
            .help("what is longer than 64 MiB is read in these two notations alone");
        return Err(fault.unlocated());
    }
    as_text(&whole)
}

/// Reads protobuf, event by event.
fn decoded<R: Read>(bytes: R) -> Result<RecordedHistory, Fault> {
    let mut collector = Collector::default();
    frames::events(bytes, |event| collector.event(&event))?;
    Ok(collector.finish())
}

/// Reads what is neither JSON in UTF-8 nor protobuf.
fn as_text(bytes: &[u8]) -> Result<RecordedHistory, Unusable> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::new("the file is empty").help(GIVE).unlocated());
    }
    let text = text(bytes)?;
    let read = parsed(&text).and_then(|(_, root)| collected(root));
    let read = read.map_err(|fault| match shape::form(&text) {
        // Whatever it is, it is not badly written TOML.
        Form::Toml => Fault { span: fault.span, line: fault.line, ..no_history() },
        Form::Json | Form::Yaml | Form::Recorded => of_a_history(fault),
    });
    read.map_err(|fault| shape::hint(&text, fault).located(&text))
}

/// What is wrong with a text, for somebody who did not write it.
fn of_a_history(fault: Fault) -> Fault {
    match fault.help.as_deref() {
        Some(json::WRITE_JSON) => {
            fault.help("export it once more: temporal workflow show --output json")
        }
        Some(_) | None => fault,
    }
}

fn no_history() -> Fault {
    Fault::new("this is no history and no description").help(GIVE)
}

fn collected(root: Node<'_>) -> Result<RecordedHistory, Fault> {
    let Some(events) = super::history::events(&root) else { return alone(root) };
    let mut collector = Collector::default();
    for event in events {
        collector.event(event)?;
    }
    Ok(collector.finish())
}

/// Something that holds no events: a description, or the attributes of one.
fn alone(root: Node<'_>) -> Result<RecordedHistory, Fault> {
    if let Some(history) = described::history(&root)? {
        return Ok(history);
    }
    let fault = Fault { span: root.place.clone(), ..no_history() };
    if shape::is_attributes(&root) && recorded(&root, None, "").is_ok() {
        let help = "these are the options of one event alone: `activity explain` says what they do";
        return Err(fault.help(help));
    }
    Err(fault)
}

fn streamed<R: Read>(bytes: R) -> Result<RecordedHistory, Fault> {
    let mut reader = json::lines(bytes);
    let mut collector = Collector::default();
    let mut rest = Vec::new();
    let mut found = item(&mut reader, &mut collector, DEPTH, &mut rest)?;
    // An event a line, as `--output jsonl` writes it.
    while reader.has_next().map_err(|error| broken(&error))? {
        let is_one = found && item(&mut reader, &mut collector, DEPTH, &mut rest)?;
        if !is_one {
            let fault = Fault::new("a second value begins here").help("keep each in its own file");
            let at = json::at(&reader);
            return Err(Fault { span: Some(at..at), line: json::line(&reader), ..fault });
        }
        found = true;
    }
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
                    return Err(Fault { span: Some(at..at), line: json::line(reader), ..fault }
                        .within(&path));
                }
            }
            reader.end_array().map_err(broken)?;
            Ok(true)
        }
        ValueType::Object => {
            let place = json::line(reader);
            let here = |fault: Fault| Fault { line: fault.line.or(place), ..fault };
            reader.begin_object().map_err(broken)?;
            let (entries, has_events) = members(reader, collector, depth)?;
            reader.end_object().map_err(broken)?;
            super::tree::each_once(&entries).map_err(here)?;
            let event = Node::without_place(Value::Table(entries));
            if is_event(&event) {
                collector.event(&event).map_err(here)?;
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
    let mut room = Room::of_an_event();
    while reader.has_next().map_err(broken)? {
        let key = reader.next_name_owned().map_err(broken)?;
        room.take(key.len(), reader)?;
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
                let node = json::value(reader, DEPTH, &mut room)?;
                entries.push(Entry { key: Cow::Owned(key), place: None, node });
            }
        }
    }
    Ok((entries, has_events))
}

const BUFFER: usize = 1 << 16;
/// So many bytes tell what the others are.
const BEGINS: u64 = 1 << 12;
/// So many bytes are read of what cannot be read as it comes.
const MOST: u64 = 1 << 26;
/// What can be read.
const GIVE: &str = "give what `temporal workflow show --output json`, `temporal workflow describe \
                    --output json` or `temporal activity describe --output json` write";
