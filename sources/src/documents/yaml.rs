//! YAML, as a tree with places; aliases and merge keys are followed, tags are not.

use super::error::Fault;
use super::tree::{DEPTH, Entry, Node, Value, each_once};
use crate::place::Lines;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// # Errors
/// If `text` is not YAML, or holds more than one document.
pub(super) fn parse(text: &str) -> Result<Node<'static>, Fault> {
    let mut builder = Builder {
        lines: Lines::of(text),
        open: Vec::new(),
        anchors: HashMap::new(),
        copied: 0,
        root: None,
    };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| builder.broken(&error))?;
        builder.take(&event, span)?;
    }
    builder.root.ok_or_else(|| Fault::new("there is nothing to read"))
}

/// A list or a table that is not yet closed.
#[derive(Debug)]
enum Open {
    List(Vec<Node<'static>>),
    Table { entries: Vec<Entry<'static>>, key: Option<(String, Range<usize>)> },
}

#[derive(Debug)]
struct Builder<'t> {
    lines: Lines<'t>,
    // What is not yet closed, with where it begins and its anchor.
    open: Vec<(Open, usize, usize)>,
    anchors: HashMap<usize, Node<'static>>,
    copied: usize,
    root: Option<Node<'static>>,
}

impl Builder<'_> {
    fn take(&mut self, event: &Event<'_>, span: Span) -> Result<(), Fault> {
        let place = self.byte(&span.start)..self.byte(&span.end);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => Err(Fault {
                span: Some(place),
                ..Fault::new("a second document begins here").help("keep each in its own file")
            }),
            Event::Scalar(text, style, anchor, _) => {
                let value = scalar(text, *style);
                self.put(Node { value, place: Some(place) }, *anchor)
            }
            Event::SequenceStart(anchor, _) => {
                self.begin(Open::List(Vec::new()), place.start, *anchor)
            }
            Event::MappingStart(anchor, _) => {
                let table = Open::Table { entries: Vec::new(), key: None };
                self.begin(table, place.start, *anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(place.end),
            Event::Alias(anchor) => {
                let node = self.anchors.get(anchor).cloned();
                let node = node.unwrap_or(Node { value: Value::Other("an alias"), place: None });
                self.copied += weight(&node);
                if self.copied > MOST_COPIED {
                    return Err(Fault {
                        span: Some(place),
                        ..Fault::new("the aliases of this text stand for too much")
                    });
                }
                self.put(node, 0)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn begin(&mut self, open: Open, start: usize, anchor: usize) -> Result<(), Fault> {
        if self.open.len() > DEPTH {
            let span = Some(start..start + 1);
            return Err(Fault { span, ..Fault::new("this is nested too deeply") });
        }
        self.open.push((open, start, anchor));
        Ok(())
    }

    fn end(&mut self, end: usize) -> Result<(), Fault> {
        let Some((open, start, anchor)) = self.open.pop() else {
            return Ok(());
        };
        let value = match open {
            Open::List(nodes) => Value::List(nodes),
            Open::Table { entries, .. } => {
                let entries = merged(entries);
                each_once(&entries)?;
                Value::Table(entries)
            }
        };
        self.put(Node { value, place: Some(start..end.max(start)) }, anchor)
    }

    fn put(&mut self, node: Node<'static>, anchor: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some((Open::List(nodes), ..)) => nodes.push(node),
            Some((Open::Table { entries, key }, ..)) => match key.take() {
                Some((name, place)) => {
                    entries.push(Entry { key: Cow::Owned(name), place: Some(place), node });
                }
                None => {
                    let place = node.place.clone().unwrap_or(0..0);
                    let Some(name) = node.plain() else {
                        let fault = Fault::new(format!("{} is no key", node.value.kind()));
                        return Err(Fault { span: Some(place), ..fault });
                    };
                    *key = Some((name.to_owned(), place));
                }
            },
        }
        Ok(())
    }

    /// The byte that a marker names by line and column.
    fn byte(&self, marker: &Marker) -> usize {
        self.lines.byte(marker.line(), marker.col())
    }

    fn broken(&self, error: &ScanError) -> Fault {
        let at = self.byte(error.marker());
        Fault { span: Some(at..at + 1), ..Fault::new(format!("not YAML: {}", error.info())) }
    }
}

/// What a scalar is by the core schema: only a plain one is anything but text.
fn scalar(text: &str, style: ScalarStyle) -> Value<'static> {
    if style != ScalarStyle::Plain {
        return Value::Text(Cow::Owned(text.to_owned()));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Boolean(true),
        "false" | "False" | "FALSE" => Value::Boolean(false),
        ".inf" | ".Inf" | "+.inf" => Value::Number(Cow::Borrowed("inf")),
        "-.inf" | "-.Inf" => Value::Number(Cow::Borrowed("-inf")),
        ".nan" | ".NaN" => Value::Number(Cow::Borrowed("nan")),
        text => {
            let is_number = text.starts_with(|it: char| it.is_ascii_digit() || "+-.".contains(it))
                && text.parse::<f64>().is_ok_and(|it| it.is_finite() || text.contains(['e', 'E']));
            let text = Cow::Owned(text.to_owned());
            if is_number { Value::Number(text) } else { Value::Text(text) }
        }
    }
}

/// With what `<<` brings, where nothing else is said.
fn merged(entries: Vec<Entry<'static>>) -> Vec<Entry<'static>> {
    let (merges, mut own): (Vec<_>, Vec<_>) = entries.into_iter().partition(|it| it.key == "<<");
    let tables = merges.into_iter().flat_map(|entry| match entry.node.value {
        Value::List(nodes) => nodes,
        value => vec![Node { value, place: entry.node.place }],
    });
    for table in tables {
        let Value::Table(entries) = table.value else { continue };
        for entry in entries {
            if !own.iter().any(|known| known.key == entry.key) {
                own.push(entry);
            }
        }
    }
    own
}

/// How many values a node holds.
fn weight(node: &Node<'_>) -> usize {
    1 + match &node.value {
        Value::List(nodes) => nodes.iter().map(weight).sum(),
        Value::Table(entries) => entries.iter().map(|entry| weight(&entry.node)).sum(),
        Value::Null | Value::Number(_) | Value::Text(_) | Value::Boolean(_) | Value::Other(_) => 0,
    }
}

/// How many values aliases may stand for, all together.
const MOST_COPIED: usize = 10_000;
