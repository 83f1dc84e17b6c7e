//! TOML, as a tree with places.

use super::error::Fault;
use super::tree::{DEPTH, Entry, Node, Value};
use std::borrow::Cow;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// # Errors
/// If `text` is not TOML.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Fault> {
    let table = DeTable::parse(text).map_err(|error| {
        let help = if text.trim_start().starts_with('{') {
            "this looks like JSON"
        } else if error.message() == "duplicate key" {
            "remove one of the two"
        } else {
            "write TOML: `key = \"value\"` on a line of its own"
        };
        Fault { span: error.span(), ..Fault::new(error.message()).help(help) }
    })?;
    let place = table.span();
    Ok(node(DeValue::Table(table.into_inner()), place, DEPTH))
}

fn node(value: DeValue<'_>, place: Range<usize>, depth: usize) -> Node<'_> {
    let value = match value {
        DeValue::String(text) => Value::Text(text),
        DeValue::Integer(integer) => Value::Number(decimal(integer.as_str(), integer.radix())),
        DeValue::Float(float) => Value::Number(Cow::Owned(float.as_str().to_string())),
        DeValue::Boolean(boolean) => Value::Boolean(boolean),
        DeValue::Datetime(_) => Value::Other("a date or time"),
        DeValue::Array(_) | DeValue::Table(_) if depth == 0 => Value::Other("a nested value"),
        DeValue::Array(array) => Value::List(
            array
                .into_iter()
                .map(|element| {
                    let place = element.span();
                    node(element.into_inner(), place, depth - 1)
                })
                .collect(),
        ),
        DeValue::Table(table) => {
            let entries = table.into_iter().map(|(key, element)| {
                let place = element.span();
                Entry {
                    place: Some(key.span()),
                    key: key.into_inner(),
                    node: node(element.into_inner(), place, depth - 1),
                }
            });
            let mut entries: Vec<Entry<'_>> = entries.collect();
            // In the order of the text, so that the first mistake is the first to be named.
            entries.sort_by_key(|entry| entry.place.as_ref().map(|place| place.start));
            Value::Table(entries)
        }
    };
    Node { value, place: Some(place) }
}

/// An integer of any radix in decimal; one that is too long for that as it stands.
fn decimal<'a>(digits: &str, radix: u32) -> Cow<'a, str> {
    Cow::Owned(match i128::from_str_radix(digits, radix) {
        Ok(number) => number.to_string(),
        Err(_) => digits.to_string(),
    })
}
