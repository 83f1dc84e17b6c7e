//! JSON, as a tree with places where there is a text.

use super::error::Fault;
use super::tree::{DEPTH, Entry, Node, Value};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// # Errors
/// If `text` is not JSON.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Fault> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| broken(text, &error))?;
    node(text, raw, DEPTH)
}

/// The tree of a value that was parsed elsewhere.
pub(super) fn tree(value: &serde_json::Value) -> Node<'_> {
    without_place(value, DEPTH)
}

fn node<'a>(text: &'a str, raw: &'a RawValue, depth: usize) -> Result<Node<'a>, Fault> {
    let source = raw.get();
    let place = place_in(text, source);
    let failed = |error: serde_json::Error| Fault {
        span: Some(place.clone()),
        ..Fault::new(reason(&error))
    };
    let value = match source.as_bytes().first() {
        Some(b'"') => Value::Text(serde_json::from_str::<Cow<'_, str>>(source).map_err(failed)?),
        Some(b'{' | b'[') if depth == 0 => Value::Other("a nested value"),
        Some(b'{') => {
            let Members(members) = serde_json::from_str(source).map_err(failed)?;
            let entries = members.into_iter().map(|(key, raw)| {
                Ok(Entry {
                    place: Some(place_in(text, raw.get())),
                    key: Cow::Owned(key),
                    node: node(text, raw, depth - 1)?,
                })
            });
            Value::Table(entries.collect::<Result<_, Fault>>()?)
        }
        Some(b'[') => {
            let elements: Vec<&RawValue> = serde_json::from_str(source).map_err(failed)?;
            let nodes = elements.into_iter().map(|raw| node(text, raw, depth - 1));
            Value::List(nodes.collect::<Result<_, Fault>>()?)
        }
        Some(b'n') => Value::Null,
        Some(b't' | b'f') => Value::Other("a boolean"),
        Some(_) | None => Value::Number(Cow::Borrowed(source)),
    };
    Ok(Node { value, place: Some(place) })
}

fn without_place(value: &serde_json::Value, depth: usize) -> Node<'_> {
    use serde_json::Value as Json;
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(_) => Value::Other("a boolean"),
        Json::Number(number) => Value::Number(Cow::Owned(number.to_string())),
        Json::String(text) => Value::Text(Cow::Borrowed(text)),
        Json::Array(_) | Json::Object(_) if depth == 0 => Value::Other("a nested value"),
        Json::Array(elements) => {
            Value::List(elements.iter().map(|element| without_place(element, depth - 1)).collect())
        }
        Json::Object(members) => Value::Table(
            members
                .iter()
                .map(|(key, member)| Entry {
                    key: Cow::Borrowed(key),
                    place: None,
                    node: without_place(member, depth - 1),
                })
                .collect(),
        ),
    };
    Node { value, place: None }
}

/// The members of an object as they stand, repeated ones included.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

/// Where `part`, a slice of `text`, stands in it.
fn place_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
    start..start.saturating_add(part.len())
}

fn broken(text: &str, error: &serde_json::Error) -> Fault {
    let line_start: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = line_start + error.column().saturating_sub(1);
    Fault {
        span: Some(at..at + 1),
        ..Fault::new(reason(error)).help("write JSON: {\"key\": \"value\"}")
    }
}

/// What the parser says, without the place, which it adds at the end.
fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(" at line ") {
        Some((reason, _)) => reason.to_string(),
        None => message,
    }
}
