//! What a piece of Python declares, imports, assigns and changes.

use tree_sitter::Node;

use super::super::{arguments, children, field};
use crate::code::program::Program;
use crate::code::value::Reason;

pub(super) fn parameter(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "identifier" => Some(node),
        _ => field(node, "name").or_else(|| node.named_child(0)),
    }
}

pub(super) fn bind_all<'t>(pattern: Node<'t>, reason: Reason, program: &mut Program<'t>) {
    for node in crate::code::nodes(pattern).filter(|it| it.kind() == "identifier") {
        program.bind(node, node, Err(reason));
    }
}

/// Whether it stands in a comprehension, which assigns names of the function around.
pub(super) fn is_in_comprehension(node: Node<'_>) -> bool {
    let around = std::iter::successors(node.parent(), Node::parent);
    let mut around = around.take_while(|it| !matches!(it.kind(), "function_definition" | "lambda"));
    around.any(|it| it.kind().ends_with("_comprehension") || it.kind() == "generator_expression")
}

/// Whether an assignment stands directly in the body of a class.
pub(super) fn is_of_class(node: Node<'_>) -> bool {
    let mut around = node.parent();
    while let Some(parent) = around {
        match parent.kind() {
            "expression_statement" | "block" => around = parent.parent(),
            kind => return kind == "class_definition",
        }
    }
    false
}

pub(super) fn assign<'t>(
    target: Node<'t>,
    at: Node<'t>,
    value: Result<Node<'t>, Reason>,
    program: &mut Program<'t>,
) {
    match target.kind() {
        "identifier" => {
            program.bind(target, at, value);
            if let (Ok(value), true) = (value, is_of_class(at)) {
                program.member(program.text_of(target), value);
            }
            // `a = b = value`: both names are told by the value.
            if let Ok(inner) = value
                && inner.kind() == "assignment"
            {
                program.write(program.text_of(target), at);
            }
        }
        "attribute" => {
            let name = program.text_of_field(target, "attribute");
            let object = program.text_of_field(target, "object");
            match value {
                Ok(value) if object == "self" => program.member(name, value),
                Ok(_) | Err(_) => program.write_member(name),
            }
            if object != "self" {
                change_root(target, at, value, program);
            }
        }
        "subscript" => change_root(target, at, value, program),
        "pattern_list" | "tuple_pattern" | "list_pattern" => {
            bind_all(target, Reason::Unpacked, program);
        }
        _ => {}
    }
}

pub(super) fn augment<'t>(target: Node<'t>, at: Node<'t>, program: &mut Program<'t>) {
    match target.kind() {
        "identifier" => program.write(program.text_of(target), at),
        "attribute" => {
            program.write_member(program.text_of_field(target, "attribute"));
            change_root(target, at, Err(Reason::Arithmetic), program);
        }
        _ => change_root(target, at, Err(Reason::Arithmetic), program),
    }
}

/// Notes the change of a field, an attribute or an entry, at the name where the way to it begins.
pub(super) fn change_root<'t>(
    target: Node<'t>,
    at: Node<'t>,
    value: Result<Node<'t>, Reason>,
    program: &mut Program<'t>,
) {
    let (mut path, mut node) = (Vec::new(), target);
    loop {
        let next = match node.kind() {
            "attribute" => {
                path.insert(0, program.text_of_field(node, "attribute"));
                field(node, "object")
            }
            "subscript" => {
                let key = field(node, "subscript").filter(|it| it.kind() == "string");
                path.insert(0, key.map_or("*", |key| program.text_of(key)));
                field(node, "value")
            }
            _ => break,
        };
        let Some(next) = next else { return };
        node = next;
    }
    let name = program.text_of(node);
    if matches!(name, "self" | "cls") {
        if let Some(member) = path.first() {
            program.write_member(member);
        }
    } else if path.contains(&"*") {
        program.change(name, &[], at, Err(Reason::Expression));
    } else {
        program.change(name, &path, at, value);
    }
}

/// `options.update(…)`.
pub(super) fn update<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let Some(function) = field(node, "function").filter(|it| it.kind() == "attribute") else {
        return;
    };
    let Some(object) = field(function, "object") else { return };
    let method = program.text_of_field(function, "attribute");
    if !matches!(method, "update" | "setdefault" | "pop" | "clear" | "popitem") {
        return;
    }
    let value = match <[Node<'t>; 1]>::try_from(arguments(node)) {
        Ok([only]) if method == "update" && only.kind() != "keyword_argument" => Ok(only),
        Ok(_) | Err(_) => Err(Reason::Call),
    };
    match object.kind() {
        "identifier" => program.change(program.text_of(object), &[], node, value),
        "attribute" => program.write_member(program.text_of_field(object, "attribute")),
        _ => {}
    }
}

pub(super) fn import<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let module = field(node, "module_name");
    let from = module.map_or(String::new(), |it| format!("{}.", program.text_of(it)));
    for part in children(node).into_iter().filter(|part| Some(*part) != module) {
        let (name, here) = match part.kind() {
            "aliased_import" => {
                (program.text_of_field(part, "name"), program.text_of_field(part, "alias"))
            }
            "dotted_name" => {
                let name = program.text_of(part);
                (name, name)
            }
            "wildcard_import" => {
                program.import_from("*", &from, "*");
                continue;
            }
            _ => continue,
        };
        if module.is_none() && part.kind() == "dotted_name" {
            // `import a.b` makes `a` known.
            let first = name.split('.').next().unwrap_or(name);
            program.import(first, first);
        } else {
            program.import(here, format!("{from}{name}"));
            if let Some(module) = module {
                program.import_from(here, program.text_of(module), name);
            }
        }
    }
}
