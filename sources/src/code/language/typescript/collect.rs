//! What a piece of TypeScript declares, imports, assigns and changes.

use tree_sitter::Node;

use super::super::{arguments, children, field};
use crate::code::program::Program;
use crate::code::value::Reason;

pub(super) fn declare<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let (Some(name), value) = (field(node, "name"), field(node, "value")) else { return };
    if name.kind() == "identifier" {
        // `for (const x of …)` has no declarator, and a `let` without a value is assigned later.
        program.bind(name, node, value.ok_or(Reason::WithoutValue));
        if let Some(module) = value.and_then(|value| required(value, program)) {
            program.import(program.text_of(name), module);
        }
        return;
    }
    let module = value.and_then(|value| required(value, program));
    for part in children(name) {
        if let Some(module) = module {
            let (from, to) = match part.kind() {
                "shorthand_property_identifier_pattern" => (part, part),
                "pair_pattern" => match (field(part, "key"), field(part, "value")) {
                    (Some(from), Some(to)) => (from, to),
                    _ => continue,
                },
                _ => continue,
            };
            let full = format!("{module}.{}", program.text_of(from));
            program.import(program.text_of(to), full);
            program.import_from(program.text_of(to), module, program.text_of(from));
        } else {
            bind_all(part, node, Reason::Unpacked, program);
        }
    }
}

/// The module that is required.
pub(super) fn required<'t>(node: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
    if node.kind() != "call_expression" || program.text_of_field(node, "function") != "require" {
        return None;
    }
    let module = *arguments(node).first()?;
    (module.kind() == "string").then(|| program.text_of(module).trim_matches(['"', '\'', '`']))
}

/// Every name in a pattern.
pub(super) fn bind_all<'t>(
    pattern: Node<'t>,
    at: Node<'t>,
    reason: Reason,
    program: &mut Program<'t>,
) {
    for node in crate::code::nodes(pattern) {
        if matches!(node.kind(), "identifier" | "shorthand_property_identifier_pattern") {
            program.bind(node, at, Err(reason));
        }
    }
}

pub(super) fn import<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let module = program.text_of_field(node, "source").trim_matches(['"', '\'']);
    for part in crate::code::nodes(node) {
        match part.kind() {
            "import_specifier" => {
                let name = program.text_of_field(part, "name");
                let here = field(part, "alias").map_or(name, |alias| program.text_of(alias));
                program.import(here, format!("{module}.{name}"));
                program.import_from(here, module, name);
            }
            "namespace_import" => {
                if let Some(name) = part.named_child(0) {
                    program.import(program.text_of(name), module);
                }
            }
            "import_clause" => {
                if let Some(name) = part.named_child(0).filter(|it| it.kind() == "identifier") {
                    program.import(program.text_of(name), format!("{module}.default"));
                }
            }
            _ => {}
        }
    }
}

pub(super) fn assign<'t>(
    target: Node<'t>,
    at: Node<'t>,
    value: Result<Node<'t>, Reason>,
    program: &mut Program<'t>,
) {
    let (mut path, mut node) = (Vec::new(), target);
    loop {
        match node.kind() {
            "member_expression" => path.insert(0, program.text_of_field(node, "property")),
            "subscript_expression" => {
                let index = field(node, "index").filter(|it| it.kind() == "string");
                path.insert(0, index.map_or("*", |it| program.text_of(it)));
            }
            "non_null_expression" | "parenthesized_expression" | "as_expression" => {}
            _ => break,
        }
        let Some(object) = field(node, "object").or_else(|| node.named_child(0)) else { return };
        node = object;
    }
    match node.kind() {
        "this" => {
            if let Some(name) = path.first() {
                program.write_member(name);
            }
        }
        "identifier" if path.is_empty() => program.write(program.text_of(node), at),
        "identifier" => {
            let name = program.text_of(node);
            if path.contains(&"*") {
                program.change(name, &[], at, Err(Reason::Expression));
            } else {
                program.change(name, &path, at, value);
            }
        }
        _ => {
            let names: Vec<_> = crate::code::nodes(node)
                .filter(|it| it.kind().ends_with("identifier_pattern") || it.kind() == "identifier")
                .map(|it| program.text_of(it))
                .collect();
            names.into_iter().for_each(|name| program.write(name, at));
        }
    }
}
