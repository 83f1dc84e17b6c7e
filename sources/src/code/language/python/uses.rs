//! How names are used in Python: read, placed in something else, or known to something else.

use tree_sitter::Node;

use super::super::{arguments, children, field};
use super::{full_name, kind};
use crate::code::program::{Program, Use, bytes};

/// Methods that leave alone what they are called on, or are followed as changes.
const KNOWN_METHODS: [&str; 8] =
    ["update", "get", "copy", "items", "keys", "values", "total_seconds", "setdefault"];

/// What of a name's value is used: the whole, or what fields and entries lead to.
pub(super) struct Part<'t> {
    /// The whole expression.
    pub node: Node<'t>,
    /// The fields on the way.
    pub path: Vec<&'t str>,
    /// The method that is called on it.
    method: Option<&'t str>,
}

impl<'t> Part<'t> {
    pub(super) fn of(name: Node<'t>, program: &Program<'t>) -> Self {
        let (mut node, mut path) = (name, Vec::new());
        while let Some(parent) = node.parent() {
            match parent.kind() {
                "attribute" if field(parent, "object") == Some(node) => {
                    path.push(program.text_of_field(parent, "attribute"));
                }
                "subscript" if field(parent, "value") == Some(node) => {
                    path.push(program.text_of_field(parent, "subscript"));
                }
                _ => break,
            }
            node = parent;
        }
        let is_method = node.kind() == "attribute" && is_called(node);
        let method = if is_method { path.pop() } else { None };
        Part { node, path, method }
    }
}

/// How a name is used.
pub(super) fn of<'t>(name: Node<'t>, program: &Program<'t>) -> Option<Use> {
    let part = Part::of(name, program);
    if let Some(method) = part.method {
        return Some(if KNOWN_METHODS.contains(&method) { Use::Read } else { Use::Shared });
    }
    let (node, parent) = (part.node, part.node.parent()?);
    Some(match parent.kind() {
        "assignment" if field(parent, "right") == Some(node) => Use::Shared,
        "argument_list" if takes_copies(parent.parent()?, program) => Use::Read,
        "argument_list" if is_left_alone(node, parent.parent()?, program) => Use::Handed,
        "argument_list" | "list" | "tuple" | "expression_list" | "set" | "yield" => Use::Shared,
        "return_statement" | "named_expression" | "lambda" => Use::Shared,
        "keyword_argument" if field(parent, "value") == Some(node) => {
            let call = parent.parent()?.parent()?;
            if takes_copies(call, program) {
                placed(call, program)
            } else if is_left_alone(parent, call, program) {
                Use::Handed
            } else {
                Use::Shared
            }
        }
        "pair" if field(parent, "value") == Some(node) => placed(parent.parent()?, program),
        _ => Use::Read,
    })
}

/// The name under which something is placed.
pub(super) fn placed_under<'t>(name: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
    let around = Part::of(name, program).node.parent()?;
    match around.kind() {
        "keyword_argument" => Some(program.text_of_field(around, "name")),
        "pair" => {
            field(around, "key").filter(|it| it.kind() == "string").map(|it| program.text_of(it))
        }
        _ => None,
    }
}

/// The outermost dictionary, policy or the like that something is written into.
fn outermost<'t>(mut node: Node<'t>, program: &Program<'t>) -> Node<'t> {
    loop {
        let Some(parent) = node.parent() else { return node };
        let is_made = |it: Node<'t>| {
            it.kind() == "call" && takes_copies(it, program) && kind(it, program).is_none()
        };
        node = match parent.kind() {
            "pair" | "dictionary" | "parenthesized_expression" => parent,
            "keyword_argument" | "argument_list" | "dictionary_splat" => parent,
            "call" if is_made(parent) && node.kind() == "argument_list" => parent,
            _ => return node,
        };
    }
}

/// Whether what something is written into becomes known to what may change it.
fn placed<'t>(into: Node<'t>, program: &Program<'t>) -> Use {
    if kind(into, program).is_some() {
        return Use::Handed;
    }
    let is_policy = into.kind() == "call";
    let Some(parent) = outermost(into, program).parent() else { return Use::Placed };
    match parent.kind() {
        // Whoever is given a policy would have to change a list inside it, by its name.
        "return_statement" if is_policy => Use::Placed,
        "return_statement" | "list" | "tuple" | "expression_list" | "yield" => Use::Shared,
        "call" if kind(parent, program).is_some() || takes_copies(parent, program) => Use::Placed,
        "call" => Use::Shared,
        _ => Use::Placed,
    }
}

/// The name of the variable whose value something is written into.
pub(super) fn holder<'t>(node: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
    let assignment = outermost(node, program).parent().filter(|it| it.kind() == "assignment")?;
    let target = field(assignment, "left").filter(|it| it.kind() == "identifier")?;
    Some(program.text_of(target))
}

/// Whether a call keeps nothing of its arguments that others could change.
fn takes_copies(call: Node<'_>, program: &Program<'_>) -> bool {
    if call.kind() != "call" {
        return false;
    }
    let Some(function) = field(call, "function") else { return false };
    let text = program.text_of(function);
    let is_builtin = matches!(text, "dict" | "int" | "float" | "print" | "len" | "str");
    if is_builtin && program.resolve(text, function.start_byte()).is_none() {
        return true;
    }
    match full_name(function, program) {
        Some(name) => name.starts_with("temporalio.") || name == "datetime.timedelta",
        None => text.ends_with(".update"),
    }
}

/// Whether a function of this file takes an argument and only hands it to Temporal.
fn is_left_alone<'t>(argument: Node<'t>, call: Node<'t>, program: &Program<'t>) -> bool {
    let found = called_here(call, program).and_then(|(function, is_method)| {
        let name = parameter_of(argument, call, function, is_method, program)?;
        Some((function, name))
    });
    let Some((function, name)) = found else { return false };
    let Some(body) = field(function, "body") else { return false };
    let is_handed_on = |node: Node<'t>| {
        node.parent().is_some_and(|it| match it.kind() {
            "keyword_argument" => it
                .parent()
                .and_then(|it| it.parent())
                .is_some_and(|call| kind(call, program).is_some()),
            "comparison_operator" => true,
            _ => false,
        })
    };
    let mut uses = crate::code::nodes(body)
        .filter(|it| it.kind() == "identifier" && program.text_of(*it) == name);
    !program.changes_in(name, bytes(function))
        && uses.all(|it| is_handed_on(it) || is_name_of_argument(it))
}

fn is_name_of_argument(node: Node<'_>) -> bool {
    node.parent()
        .is_some_and(|it| it.kind() == "keyword_argument" && field(it, "name") == Some(node))
}

/// The function of this file that is called, and whether it is a method.
fn called_here<'t>(call: Node<'t>, program: &Program<'t>) -> Option<(Node<'t>, bool)> {
    let function = field(call, "function")?;
    let is_method = function.kind() == "attribute"
        && field(function, "object").is_some_and(|it| program.text_of(it) == "self");
    let name = match function.kind() {
        "identifier" => program.text_of(function),
        _ if is_method => program.text_of_field(function, "attribute"),
        _ => return None,
    };
    Some((program.function_of(name)?, is_method))
}

/// The parameter that an argument becomes.
fn parameter_of<'t>(
    argument: Node<'t>,
    call: Node<'t>,
    function: Node<'t>,
    is_method: bool,
    program: &Program<'t>,
) -> Option<&'t str> {
    let parameters = children(field(function, "parameters")?);
    let parameters: Vec<Node<'t>> = parameters.into_iter().skip(usize::from(is_method)).collect();
    let is_plain = |it: &Node<'t>| {
        matches!(
            it.kind(),
            "identifier" | "typed_parameter" | "default_parameter" | "typed_default_parameter"
        )
    };
    if argument.kind() == "keyword_argument" {
        let name = program.text_of_field(argument, "name");
        let mut names = parameters.iter().filter(|it| is_plain(it));
        let is_it =
            |it: &&Node<'t>| super::parameter(**it).is_some_and(|it| program.text_of(it) == name);
        return names.find(is_it).map(|_| name);
    }
    let given = arguments(call);
    let place = given.iter().position(|it| *it == argument)?;
    let before = &given[..place];
    let parameters = parameters.get(..=place)?;
    let is_in_order = before.iter().all(|it| !it.kind().ends_with("splat"));
    let name = super::parameter(*parameters.last()?)?;
    (is_in_order && parameters.iter().all(is_plain)).then(|| program.text_of(name))
}

fn is_called(node: Node<'_>) -> bool {
    node.parent().is_some_and(|it| it.kind() == "call" && field(it, "function") == Some(node))
}
