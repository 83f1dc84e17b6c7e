//! How names are used in TypeScript: read, placed in something else, or known to something else.

use tree_sitter::Node;

use super::super::field;
use super::{outside, takes_options};
use crate::code::program::{Program, Use};

/// Methods that leave alone what they are called on.
const KNOWN_METHODS: [&str; 12] = [
    "concat", "entries", "every", "filter", "includes", "indexOf", "join", "keys", "slice", "some",
    "toString", "values",
];

/// What of a name's value is used: the whole, or what fields and entries lead to.
pub(super) struct Part<'t> {
    /// The whole expression, with what is asserted of its type.
    pub node: Node<'t>,
    /// The fields on the way.
    pub path: Vec<&'t str>,
    /// The method that is called on it.
    method: Option<&'t str>,
}

impl<'t> Part<'t> {
    pub(super) fn of(name: Node<'t>, program: &Program<'t>) -> Self {
        let (mut node, mut path, mut is_member) = (name, Vec::new(), false);
        while let Some((inside, parent)) = outside(node) {
            node = inside;
            match parent.kind() {
                "member_expression" if field(parent, "object") == Some(node) => {
                    path.push(program.text_of_field(parent, "property"));
                    is_member = true;
                }
                "subscript_expression" if field(parent, "object") == Some(node) => {
                    path.push(program.text_of_field(parent, "index"));
                    is_member = false;
                }
                _ => break,
            }
            node = parent;
        }
        let is_called = node.parent().is_some_and(|it| {
            it.kind() == "call_expression" && field(it, "function") == Some(node)
        });
        let method = if is_called && is_member { path.pop() } else { None };
        Part { node, path, method }
    }
}

/// How a name is used.
pub(super) fn of<'t>(name: Node<'t>, program: &Program<'t>) -> Option<Use> {
    let part = Part::of(name, program);
    if let Some(method) = part.method {
        return Some(if KNOWN_METHODS.contains(&method) { Use::Read } else { Use::Shared });
    }
    if name.kind() == "shorthand_property_identifier" {
        return Some(placed(name.parent()?, program));
    }
    let (node, parent) = outside(part.node)?;
    Some(match parent.kind() {
        "variable_declarator" if field(parent, "value") == Some(node) => Use::Shared,
        "assignment_expression" if field(parent, "right") == Some(node) => Use::Shared,
        "public_field_definition" if field(parent, "value") == Some(node) => Use::Shared,
        "arguments" if takes_options(parent.parent()?, program).is_some() => Use::Read,
        "arguments" if is_copied(parent.parent()?, program) => Use::Read,
        "arguments" | "array" | "for_in_statement" | "yield_expression" => Use::Shared,
        "return_statement" | "arrow_function" => Use::Shared,
        "pair" if field(parent, "value") == Some(node) => placed(parent.parent()?, program),
        _ => Use::Read,
    })
}

/// The name under which something is placed.
pub(super) fn placed_under<'t>(name: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
    if name.kind() == "shorthand_property_identifier" {
        return Some(program.text_of(name));
    }
    let (_, pair) = outside(Part::of(name, program).node)?;
    let key = field(pair, "key").filter(|it| it.kind() != "computed_property_name");
    key.filter(|_| pair.kind() == "pair").map(|key| program.text_of(key))
}

/// The outermost object that something is written into.
fn outermost<'t>(mut node: Node<'t>, program: &Program<'t>) -> Node<'t> {
    while let Some((inside, parent)) = outside(node) {
        node = inside;
        let is_copied = |it: Node<'t>| {
            it.parent()
                .is_some_and(|call| call.kind() == "call_expression" && is_copied(call, program))
        };
        node = match parent.kind() {
            "pair" | "object" | "spread_element" => parent,
            "arguments" if is_copied(parent) => match parent.parent() {
                Some(call) => call,
                None => return node,
            },
            _ => return node,
        };
    }
    node
}

/// Whether what something is written into becomes known to what may change it.
fn placed<'t>(into: Node<'t>, program: &Program<'t>) -> Use {
    let Some((_, parent)) = outside(outermost(into, program)) else { return Use::Placed };
    match parent.kind() {
        "arguments" => match parent.parent() {
            Some(call) if takes_options(call, program).is_some() => Use::Placed,
            Some(_) | None => Use::Shared,
        },
        "return_statement" | "arrow_function" | "array" | "yield_expression" => Use::Shared,
        _ => Use::Placed,
    }
}

/// The name of the variable whose value something is written into.
pub(super) fn holder<'t>(node: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
    let (_, around) = outside(outermost(node, program))?;
    let name = field(around, "name").filter(|it| it.kind() == "identifier")?;
    (around.kind() == "variable_declarator").then(|| program.text_of(name))
}

/// Whether a call leaves its argument alone: `Object.freeze(x)`, a copy, a log.
fn is_copied(call: Node<'_>, program: &Program<'_>) -> bool {
    let function = field(call, "function").map_or("", |it| program.text_of(it));
    matches!(function, "Object.freeze" | "structuredClone" | "JSON.stringify")
}
