//! Go: composite literals of the SDK's option structs, copies of them, and options of a context.

mod collect;
mod package;

use std::borrow::Cow;
use std::path::PathBuf;
use tree_sitter::Node;

use super::{Language, arguments, children, field, negated, unquoted};
use crate::code::elsewhere::{Export, Origin, View};
use crate::code::program::{Program, Use};
use crate::code::region::Kind;
use crate::code::site::{self, Site};
use crate::code::value::{Arithmetic, Object, Reason, Value, number, scaled};
use crate::place::Place;
use collect::{assign, declare};

const SDK: &str = "go.temporal.io/sdk/";
const WORKFLOW: &str = "go.temporal.io/sdk/workflow";
const CLIENT: &str = "go.temporal.io/sdk/client";
const SECOND: i128 = 1_000_000_000;

/// Go.
#[derive(Debug)]
pub(super) struct Go;

impl Language for Go {
    /// `new` of a value is younger than the grammar, which knows `new` of a type only.
    fn as_parsed<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut calls = text.match_indices("new(").filter(|(at, _)| {
            let is_whole = !text[..*at].ends_with(|it: char| it.is_alphanumeric() || it == '_');
            let argument = &text[at + 4..];
            let name =
                argument.trim_start_matches(|it: char| it.is_alphanumeric() || "_.".contains(it));
            is_whole && (argument.starts_with(['"', '`']) || name.starts_with('('))
        });
        let Some((first, _)) = calls.next() else { return Cow::Borrowed(text) };
        let mut parsed = text.to_owned();
        for at in std::iter::once(first).chain(calls.map(|(at, _)| at)) {
            parsed.replace_range(at..at + 3, "neu");
        }
        Cow::Owned(parsed)
    }

    fn region(&self, node: Node<'_>, _text: &str) -> Option<Kind> {
        Some(match node.kind() {
            "function_declaration" | "method_declaration" | "func_literal" => Kind::Function,
            // Whose parameters are names nowhere else.
            "method_elem" | "method_spec" | "function_type" => Kind::Function,
            "block" => Kind::Block,
            "for_statement" => Kind::Loop,
            "if_statement"
            | "expression_switch_statement"
            | "type_switch_statement"
            | "select_statement"
            | "expression_case"
            | "type_case"
            | "default_case"
            | "communication_case" => Kind::Condition,
            _ => return None,
        })
    }

    fn means_what_was_declared_before(&self) -> bool {
        true
    }

    fn may_have_sites(&self, text: &str) -> bool {
        text.contains("go.temporal.io/sdk/")
    }

    fn collect<'t>(&self, node: Node<'t>, program: &mut Program<'t>) {
        match node.kind() {
            "short_var_declaration" => {
                let names = field(node, "left").map(children).unwrap_or_default();
                declare(node, &names, field(node, "right"), program);
            }
            "var_spec" | "const_spec" => {
                let mut cursor = node.walk();
                let names = node.children_by_field_name("name", &mut cursor);
                let names: Vec<_> = names.filter(Node::is_named).collect();
                declare(node, &names, field(node, "value"), program);
            }
            "import_spec" => {
                let path = program.text_of_field(node, "path").trim_matches(['"', '`']);
                let last = path.rsplit('/').next().unwrap_or(path);
                let name = field(node, "name").map_or(last, |name| program.text_of(name));
                program.import(name, path);
            }
            "parameter_declaration" | "variadic_parameter_declaration" => {
                let mut cursor = node.walk();
                let names = node.children_by_field_name("name", &mut cursor);
                let names: Vec<_> = names.filter(Node::is_named).collect();
                for name in names {
                    program.bind(name, node, Err(Reason::Parameter));
                }
            }
            "range_clause" => {
                let mut cursor = node.walk();
                let declares = node.children(&mut cursor).any(|it| it.kind() == ":=");
                for name in field(node, "left").map(children).unwrap_or_default() {
                    if declares {
                        program.bind(name, node, Err(Reason::Loop));
                    } else {
                        program.write(program.text_of(name), node);
                    }
                }
            }
            "type_switch_statement" => {
                for name in field(node, "alias").map(children).unwrap_or_default() {
                    program.bind(name, node, Err(Reason::Conditional));
                }
            }
            "receive_statement" => {
                let mut cursor = node.walk();
                let declares = node.children(&mut cursor).any(|it| it.kind() == ":=");
                for name in field(node, "left").map(children).unwrap_or_default() {
                    if declares {
                        program.bind(name, node, Err(Reason::Call));
                    } else {
                        program.write(program.text_of(name), node);
                    }
                }
            }
            "assignment_statement" => assign(node, program),
            "inc_statement" | "dec_statement" => {
                if let Some(name) = node.named_child(0) {
                    program.write(program.text_of(name), node);
                }
            }
            _ => {}
        }
    }

    fn use_of<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<Use> {
        if node.kind() != "identifier" {
            return None;
        }
        let parent = node.parent()?;
        Some(match parent.kind() {
            "unary_expression" if parent.child(0).is_some_and(|it| it.kind() == "&") => {
                let is_placed = parent.parent().is_some_and(|it| it.kind() == "literal_element")
                    && of_the_sdk(parent, program);
                if is_placed { Use::AddressPlaced } else { Use::Address }
            }
            // A policy that is taken out of options is known under another name.
            "selector_expression" if takes_policy(parent, program) => Use::Address,
            "argument_list" if is_call_of_the_sdk(parent, program) => Use::Handed,
            "literal_element" => Use::Placed,
            // A pointer that is copied or handed on is shared.
            "expression_list" => {
                let is_right = parent.parent().is_some_and(|it| field(it, "right") == Some(parent));
                if is_right { Use::Shared } else { Use::Read }
            }
            "argument_list" | "return_statement" | "send_statement" => Use::Shared,
            _ => Use::Read,
        })
    }

    fn placed_under<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
        let element = around(node, "literal_element").filter(|_| of_the_sdk(node, program))?;
        let pair = element.parent().filter(|it| it.kind() == "keyed_element")?;
        Some(program.text_of(pair.named_child(0)?))
    }

    fn is_reference<'t>(&self, node: Node<'t>, program: &Program<'t>) -> bool {
        let of = program.text_of_field(node, "type");
        node.kind() == "unary_expression" || of.starts_with('[') || of.starts_with("map[")
    }

    fn is_literal(&self, node: Node<'_>) -> bool {
        node.kind() == "composite_literal"
    }

    fn sites<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Vec<Site> {
        let found = match node.kind() {
            "composite_literal" => literal(node, program),
            "short_var_declaration" => copy(node, program),
            "call_expression" => of_context(node, program),
            _ => None,
        };
        let has_error = |site: &(site::Kind, Value)| {
            if program.has_error(node) {
                Value::Unknown(Reason::SyntaxError)
            } else {
                site.1.clone()
            }
        };
        found.map(|found| Site::new(found.0, node, has_error(&found), self)).into_iter().collect()
    }

    fn evaluate<'t>(&self, node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
        let inner = |name: &str| {
            field(node, name)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth))
        };
        match node.kind() {
            "int_literal" | "float_literal" => number(program.text_of(node)),
            "interpreted_string_literal" | "raw_string_literal" => unquoted(program.text_of(node)),
            "nil" => Value::Nothing,
            "parenthesized_expression" | "literal_element" => node
                .named_child(0)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth)),
            "unary_expression" => match program.text_of_field(node, "operator") {
                "-" => negated(inner("operand"), self.arithmetic()),
                "&" | "+" => inner("operand"),
                _ => Value::Unknown(Reason::Expression),
            },
            "binary_expression" => {
                let operator = program.text_of_field(node, "operator");
                self.arithmetic().apply(operator, inner("left"), inner("right"))
            }
            "identifier" => program.name(node, depth),
            "selector_expression" => selected(node, program, depth),
            "call_expression" | "type_conversion_expression" => converted(node, program, depth),
            "composite_literal" => composite(node, program, depth),
            _ => Value::Unknown(Reason::Expression),
        }
    }

    fn definers(
        &self,
        name: &str,
        origin: Option<&Origin>,
        text: &str,
        view: &View<'_>,
    ) -> Option<Vec<PathBuf>> {
        if origin.is_some() { None } else { package::definers(name, text, view) }
    }

    fn is_shared_variable(&self, value: Node<'_>) -> bool {
        around(value, "const_spec").is_none()
    }

    fn exports<'t>(&self, root: Node<'t>, program: &Program<'t>) -> Vec<Export<'t>> {
        package::exports(root, program)
    }

    fn arithmetic(&self) -> Arithmetic {
        Arithmetic { cuts_off: true, counts_nanoseconds: true }
    }

    fn duration(&self, value: &Value) -> Result<i128, String> {
        match value {
            Value::Duration(span) => Ok(*span),
            Value::Number(number) => match scaled(1, *number) {
                Value::Duration(span) => Ok(span),
                _ => Err("this is too long for a duration".to_owned()),
            },
            _ => Err("this is not a duration".to_owned()),
        }
    }
}

/// The first node of a kind around another, at most three steps away.
fn around<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let steps = std::iter::successors(node.parent(), Node::parent);
    steps.take(3).find(|it| it.kind() == kind)
}

/// Whether the innermost literal around is of a structure of the SDK.
fn of_the_sdk<'t>(node: Node<'t>, program: &Program<'t>) -> bool {
    let literal = std::iter::successors(node.parent(), Node::parent)
        .find(|it| it.kind() == "composite_literal");
    let name = literal.and_then(|it| full_name(field(it, "type")?, program));
    name.is_some_and(|name| name.starts_with(SDK))
}

/// Whether these are the arguments of a function of the SDK, which changes nothing of theirs.
fn is_call_of_the_sdk<'t>(arguments: Node<'t>, program: &Program<'t>) -> bool {
    let function = arguments.parent().and_then(|it| field(it, "function"));
    let name = function.and_then(|it| full_name(it, program));
    name.is_some_and(|name| name.starts_with(WORKFLOW) && !name.ends_with("SideEffect"))
}

/// Whether the policy of some options becomes known under another name.
fn takes_policy<'t>(selector: Node<'t>, program: &Program<'t>) -> bool {
    let is_policy = program.text_of_field(selector, "field") == "RetryPolicy";
    is_policy
        && selector.parent().is_some_and(|around| match around.kind() {
            "expression_list" => {
                around.parent().is_some_and(|it| field(it, "right") == Some(around))
            }
            "argument_list" | "return_statement" | "send_statement" => true,
            _ => false,
        })
}

/// The full name of a type or function, `go.temporal.io/sdk/workflow.ActivityOptions` for one.
fn full_name(node: Node<'_>, program: &Program<'_>) -> Option<String> {
    let text = program.text_of(node);
    let Some((package, name)) = text.split_once('.') else {
        let of_dot = program.imported(".", node.start_byte())?;
        return Some(format!("{of_dot}.{text}"));
    };
    Some(format!("{}.{name}", program.imported(package, node.start_byte())?))
}

fn kind(name: &str) -> Option<site::Kind> {
    let (package, name) = name.rsplit_once('.')?;
    match (package, name) {
        (WORKFLOW, "ActivityOptions") => Some(site::Kind::Workflow),
        (WORKFLOW, "LocalActivityOptions") => Some(site::Kind::Local),
        (CLIENT, "StartActivityOptions") => Some(site::Kind::Standalone),
        _ => None,
    }
}

/// The kind of options that an expression makes, if it makes some.
fn kind_of<'t>(node: Node<'t>, program: &Program<'t>) -> Option<site::Kind> {
    match node.kind() {
        "composite_literal" => kind(&full_name(field(node, "type")?, program)?),
        "unary_expression" => kind_of(field(node, "operand")?, program),
        "parenthesized_expression" => kind_of(node.named_child(0)?, program),
        "identifier" => {
            let binding = program.resolve(program.text_of(node), node.start_byte())?;
            let value = binding.value.ok()?;
            // A name that is declared by itself would lead nowhere.
            (value.start_byte() < node.start_byte()).then(|| kind_of(value, program))?
        }
        _ => None,
    }
}

/// A literal, with what is assigned to its fields where it is the value of a variable.
fn literal<'t>(node: Node<'t>, program: &Program<'t>) -> Option<(site::Kind, Value)> {
    let kind = kind_of(node, program)?;
    let mut around = node.parent()?;
    while let "unary_expression" | "expression_list" | "parenthesized_expression" = around.kind() {
        around = around.parent()?;
    }
    let name = match around.kind() {
        "short_var_declaration" => field(around, "left")?.named_child(0),
        "var_spec" => field(around, "name"),
        _ => None,
    };
    let assigned = assigned(node, around);
    // What is returned beside an error, or compared with, is no options but the lack of them.
    let is_empty = field(node, "body").is_some_and(|it| children(it).is_empty());
    let is_used = name.or(assigned).is_some() || around.kind() == "argument_list";
    if is_empty && node.kind() == "composite_literal" && !is_used {
        return None;
    }
    let value = match (name, assigned) {
        (Some(name), _) => program.value_in_the_end(program.text_of(name), around),
        (None, Some(name)) => program.value_of_write(program.text_of(name), around),
        (None, None) => program.evaluate(node, 0),
    };
    Some((kind, value))
}

/// The one name that a literal is assigned to.
fn assigned<'t>(literal: Node<'t>, around: Node<'t>) -> Option<Node<'t>> {
    if around.kind() != "assignment_statement" {
        return None;
    }
    let (left, right) = (children(field(around, "left")?), children(field(around, "right")?));
    let ([name], [value]) = (left.as_slice(), right.as_slice()) else { return None };
    let is_it =
        value.start_byte() <= literal.start_byte() && literal.end_byte() <= value.end_byte();
    (is_it && name.kind() == "identifier").then_some(*name)
}

/// `long := base`, and then a field of `long` is assigned: other options than those of `base`.
fn copy<'t>(node: Node<'t>, program: &Program<'t>) -> Option<(site::Kind, Value)> {
    let (left, right) = (children(field(node, "left")?), children(field(node, "right")?));
    let ([name], [value]) = (left.as_slice(), right.as_slice()) else { return None };
    let name = program.text_of(*name);
    if value.kind() != "identifier" || !program.is_changed(name) {
        return None;
    }
    Some((kind_of(*value, program)?, program.value_in_the_end(name, node)))
}

/// `workflow.WithHeartbeatTimeout(ctx, …)` and its like: single options over those in force.
fn of_context<'t>(node: Node<'t>, program: &Program<'t>) -> Option<(site::Kind, Value)> {
    let name = full_name(field(node, "function")?, program)?;
    let option = name.strip_prefix(WORKFLOW)?.strip_prefix(".With")?;
    let is_option = option.ends_with("Timeout") && !option.starts_with("Workflow");
    if !is_option && option != "RetryPolicy" {
        return None;
    }
    let [_, value] = arguments(node).try_into().ok()?;
    let mut object = Object { open: Some(Reason::Parameter), ..Object::default() };
    object.set(option, program.evaluate(value, 0), Place::of(value));
    Some((site::Kind::Override, Value::Object(object)))
}

fn selected<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let (Some(operand), name) = (field(node, "operand"), program.text_of_field(node, "field"))
    else {
        return Value::Unknown(Reason::SyntaxError);
    };
    if operand.kind() == "identifier" {
        match program.imported(program.text_of(operand), operand.start_byte()) {
            Some("time") => {
                return unit(name).map_or(Value::Unknown(Reason::AnotherFile), Value::Duration);
            }
            Some(_) => return Value::Unknown(Reason::AnotherFile),
            None => {}
        }
    }
    Program::field_of(&program.evaluate(operand, depth), name)
}

fn unit(name: &str) -> Option<i128> {
    Some(match name {
        "Nanosecond" => 1,
        "Microsecond" => 1_000,
        "Millisecond" => 1_000_000,
        "Second" => SECOND,
        "Minute" => 60 * SECOND,
        "Hour" => 3600 * SECOND,
        _ => return None,
    })
}

/// A conversion between types of numbers, which keeps the value.
fn converted<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let function = field(node, "function").or_else(|| field(node, "type"));
    let operand = match field(node, "operand") {
        Some(operand) => Some(operand),
        None => <[Node<'t>; 1]>::try_from(arguments(node)).ok().map(|[only]| only),
    };
    let (Some(function), Some(operand)) = (function, operand) else {
        return Value::Unknown(Reason::Call);
    };
    let text = program.text_of(function);
    let is_builtin = matches!(text, "int" | "int32" | "int64" | "float64" | "float32" | "uint")
        && program.resolve(text, function.start_byte()).is_none();
    let keeps = is_builtin || full_name(function, program).as_deref() == Some("time.Duration");
    if keeps { program.evaluate(operand, depth) } else { Value::Unknown(Reason::Call) }
}

fn composite<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let elements = field(node, "body").map(children).unwrap_or_default();
    if program.text_of_field(node, "type").starts_with('[') {
        return Value::List(elements.into_iter().map(|it| program.evaluate(it, depth)).collect());
    }
    let mut object = Object::default();
    for element in elements {
        let pair = children(element);
        match (element.kind(), pair.as_slice()) {
            ("keyed_element", [name, value]) => {
                let known = program.evaluate(*value, depth);
                object.set(program.text_of(*name), known, Place::of(*value));
            }
            _ => object.forget(Reason::Expression),
        }
    }
    Value::Object(object)
}
