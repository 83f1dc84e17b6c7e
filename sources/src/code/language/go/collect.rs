//! What a piece of Go declares and assigns.

use tree_sitter::Node;

use super::super::{children, field};
use crate::code::program::Program;
use crate::code::value::Reason;

pub(super) fn declare<'t>(
    node: Node<'t>,
    names: &[Node<'t>],
    values: Option<Node<'t>>,
    program: &mut Program<'t>,
) {
    let values = values.map(children).unwrap_or_default();
    for (index, name) in names.iter().enumerate() {
        let value = match values.get(index) {
            Some(value) if values.len() == names.len() => Ok(*value),
            Some(_) | None if values.is_empty() => Err(Reason::WithoutValue),
            Some(_) | None => Err(Reason::Call),
        };
        program.bind(*name, node, value);
    }
}

pub(super) fn assign<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let left = field(node, "left").map(children).unwrap_or_default();
    let right = field(node, "right").map(children).unwrap_or_default();
    let is_plain = program.text_of_field(node, "operator") == "=";
    for (index, target) in left.iter().enumerate() {
        let value = match right.get(index) {
            Some(value) if is_plain && right.len() == left.len() => Ok(*value),
            Some(_) | None => Err(Reason::Call),
        };
        let mut path = Vec::new();
        let mut target = *target;
        while let "selector_expression"
        | "parenthesized_expression"
        | "unary_expression"
        | "index_expression" = target.kind()
        {
            match target.kind() {
                "selector_expression" => path.insert(0, program.text_of_field(target, "field")),
                "unary_expression" => path.insert(0, "*"),
                _ => {}
            }
            let operand = field(target, "operand").or_else(|| target.named_child(0));
            let Some(operand) = operand else { return };
            target = operand;
        }
        if target.kind() != "identifier" {
            continue;
        }
        let is_pointed_to = path.last() == Some(&"*");
        path.retain(|field| *field != "*");
        let name = program.text_of(target);
        if path.is_empty() {
            let value = if is_pointed_to { Err(Reason::Alias) } else { value };
            program.rewrite(name, node, value);
        } else if is_pointed_to {
            program.change_inside(name, &path, node);
        } else {
            program.change(name, &path, node, value);
        }
    }
}
