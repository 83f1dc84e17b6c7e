//! Python: calls of `temporalio.workflow` that run an activity, and their keyword arguments.

mod collect;
mod elsewhere;
mod uses;

use std::path::PathBuf;
use tree_sitter::Node;

use crate::code::elsewhere::{Export, View};
use crate::code::program::{Program, Use};
use crate::code::region::{Kind, Regions};
use crate::code::site::{self, Site};
use crate::code::value::{Arithmetic, Object, Reason, Value, number, scaled};
use crate::place::Place;
use collect::{assign, augment, bind_all, import, is_in_comprehension, parameter, update};

use super::{Language, arguments, children, either, field, negated, unquoted};

const POLICY: [&str; 5] = [
    "initial_interval",
    "backoff_coefficient",
    "maximum_interval",
    "maximum_attempts",
    "non_retryable_error_types",
];

const UNITS: [(&str, i128); 7] = [
    ("days", 86_400_000_000_000),
    ("seconds", 1_000_000_000),
    ("microseconds", 1_000),
    ("milliseconds", 1_000_000),
    ("minutes", 60_000_000_000),
    ("hours", 3_600_000_000_000),
    ("weeks", 604_800_000_000_000),
];

/// Python.
#[derive(Debug)]
pub(super) struct Python;

impl Language for Python {
    fn region(&self, node: Node<'_>, text: &str) -> Option<Kind> {
        Some(match node.kind() {
            "function_definition"
            | "lambda"
            | "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => Kind::Function,
            "class_definition" => Kind::Class,
            // Others than Temporal's may leave out the rest of what stands in them.
            "with_statement" if !is_of_the_sandbox(node, text) => Kind::Condition,
            "for_statement" | "while_statement" => Kind::Loop,
            "if_statement"
            | "elif_clause"
            | "else_clause"
            | "try_statement"
            | "except_clause"
            | "finally_clause"
            | "match_statement"
            | "case_clause"
            | "conditional_expression"
            | "boolean_operator" => Kind::Condition,
            _ => return None,
        })
    }

    fn scope(&self, _node: Node<'_>, region: usize, regions: &Regions) -> usize {
        regions.nearest(region, &[Kind::Function, Kind::Class, Kind::File])
    }

    /// The names of a class are seen in its body, and not in its methods.
    fn sees(&self, scope: usize, at: usize, regions: &Regions) -> bool {
        let nearest = regions.nearest(regions.at(at), &[Kind::Function, Kind::Class, Kind::File]);
        regions[scope].kind != Kind::Class || nearest == scope
    }

    fn means_what_was_declared_before(&self) -> bool {
        false
    }

    fn may_have_sites(&self, text: &str) -> bool {
        text.contains("temporalio")
    }

    fn collect<'t>(&self, node: Node<'t>, program: &mut Program<'t>) {
        match node.kind() {
            "assignment" => {
                let value = field(node, "right").ok_or(Reason::WithoutValue);
                if let Some(target) = field(node, "left")
                    && (value.is_ok() || target.kind() != "identifier")
                {
                    assign(target, node, value, program);
                }
            }
            "named_expression" => {
                if let (Some(name), Some(value)) = (field(node, "name"), field(node, "value")) {
                    assign(name, node, Ok(value), program);
                    if is_in_comprehension(node) {
                        program.assign_from_inside(program.text_of(name));
                    }
                }
            }
            "function_definition" => {
                let is_decorated =
                    node.parent().is_some_and(|it| it.kind() == "decorated_definition");
                let name = program.text_of_field(node, "name");
                program.function(name, node);
                if is_decorated {
                    // What a decorator makes of it is another function.
                    program.function(name, node);
                }
            }
            // Called, it is no function that is looked into.
            "class_definition" => {
                program.function(program.text_of_field(node, "name"), node);
                program.function(program.text_of_field(node, "name"), node);
            }
            "case_pattern" => bind_all(node, Reason::Unpacked, program),
            "augmented_assignment" => {
                if let Some(target) = field(node, "left") {
                    augment(target, node, program);
                }
            }
            "import_statement" | "import_from_statement" => import(node, program),
            "parameters" | "lambda_parameters" => {
                // They are names of the function around, which begins before them.
                for name in children(node).into_iter().filter_map(parameter) {
                    program.bind(name, node, Err(Reason::Parameter));
                }
            }
            "for_statement" | "for_in_clause" => {
                if let Some(names) = field(node, "left") {
                    bind_all(names, Reason::Loop, program);
                }
            }
            "as_pattern_target" => bind_all(node, Reason::Unpacked, program),
            "global_statement" | "nonlocal_statement" => {
                for name in children(node) {
                    program.bind_in(0, name, node, Err(Reason::Closure));
                    program.write(program.text_of(name), node);
                    program.assign_from_inside(program.text_of(name));
                }
            }
            "delete_statement" => bind_all(node, Reason::Reassigned, program),
            "call" => update(node, program),
            _ => {}
        }
    }

    fn use_of<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<Use> {
        if node.kind() != "identifier" {
            return None;
        }
        uses::of(node, program)
    }

    fn part_of<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Vec<&'t str> {
        uses::Part::of(node, program).path
    }

    fn placed_under<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
        uses::placed_under(node, program)
    }

    fn holder<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<&'t str> {
        uses::holder(uses::Part::of(node, program).node, program)
    }

    fn is_reference<'t>(&self, _node: Node<'t>, _program: &Program<'t>) -> bool {
        true
    }

    fn sites<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Vec<Site> {
        let Some(kind) = (node.kind() == "call").then(|| kind(node, program)).flatten() else {
            return Vec::new();
        };
        let has_error = program.has_error(node);
        let value = if has_error {
            Value::Unknown(Reason::SyntaxError)
        } else {
            Value::Object(keywords(node, program, 0, &[]))
        };
        vec![Site::new(kind, node, value, self)]
    }

    fn evaluate<'t>(&self, node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
        let inner = |name: &str| {
            field(node, name)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth))
        };
        match node.kind() {
            "integer" | "float" => number(program.text_of(node)),
            "string" if children(node).iter().all(|it| it.kind() != "interpolation") => {
                unquoted(program.text_of(node))
            }
            "none" => Value::Nothing,
            "list" | "tuple" => {
                let values = children(node).into_iter().map(|it| program.evaluate(it, depth));
                Value::List(values.collect())
            }
            "identifier" => program.name(node, depth),
            "parenthesized_expression" => node
                .named_child(0)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth)),
            "unary_operator" if program.text_of(node).starts_with('-') => {
                negated(inner("argument"), self.arithmetic())
            }
            "binary_operator" => match program.text_of_field(node, "operator") {
                "|" => merged(inner("left"), inner("right")),
                operator => self.arithmetic().apply(operator, inner("left"), inner("right")),
            },
            "conditional_expression" => match children(node).as_slice() {
                [one, _, other] => {
                    either(program.evaluate(*one, depth), &program.evaluate(*other, depth))
                }
                _ => Value::Unknown(Reason::SyntaxError),
            },
            "boolean_operator" => Value::Unknown(Reason::Conditional),
            "attribute" => attribute(node, program, depth),
            "subscript" => {
                let key = field(node, "subscript").filter(|it| it.kind() == "string");
                key.map_or(Value::Unknown(Reason::FieldOfUnknown), |key| {
                    Program::field_of(&inner("value"), program.text_of(key))
                })
            }
            "dictionary" => dictionary(node, program, depth),
            "call" => called(node, program, depth),
            _ => Value::Unknown(Reason::Expression),
        }
    }

    fn module(&self, name: &str, view: &View<'_>) -> Option<PathBuf> {
        elsewhere::definer(name, view)
    }

    fn exports<'t>(&self, root: Node<'t>, program: &Program<'t>) -> Vec<Export<'t>> {
        elsewhere::exports(root, program)
    }

    fn arithmetic(&self) -> Arithmetic {
        Arithmetic { cuts_off: false, counts_nanoseconds: false }
    }

    fn duration(&self, value: &Value) -> Result<i128, String> {
        match value {
            Value::Duration(span) => Ok(*span),
            Value::Number(_) => Err("a number is no `timedelta`".to_owned()),
            _ => Err("this is not a `timedelta`".to_owned()),
        }
    }
}

/// Whether a `with` only tells Temporal's sandbox what it may do.
fn is_of_the_sandbox(with: Node<'_>, text: &str) -> bool {
    let items = children(with).into_iter().find(|it| it.kind() == "with_clause");
    let items = items.map_or("", |it| &text[it.byte_range()]);
    items.contains("unsafe.imports_passed_through") || items.contains("unsafe.sandbox_unrestricted")
}

/// The full name of an expression, `temporalio.workflow.execute_activity` for one.
fn full_name(node: Node<'_>, program: &Program<'_>) -> Option<String> {
    let text = program.text_of(node);
    let (first, rest) = text.split_once('.').unwrap_or((text, ""));
    let full = program.imported(first, node.start_byte())?;
    Some(if rest.is_empty() { full.to_owned() } else { format!("{full}.{rest}") })
}

fn kind(call: Node<'_>, program: &Program<'_>) -> Option<site::Kind> {
    let function = field(call, "function")?;
    if is_of_a_client(function, program) {
        return Some(site::Kind::Standalone);
    }
    let name = full_name(function, program)?;
    let name = name.strip_prefix("temporalio.workflow.")?;
    let rest = name.strip_prefix("execute_").or_else(|| name.strip_prefix("start_"))?;
    match rest {
        "activity" | "activity_method" | "activity_class" => Some(site::Kind::Workflow),
        "local_activity" | "local_activity_method" | "local_activity_class" => {
            Some(site::Kind::Local)
        }
        _ => None,
    }
}

/// Whether a standalone activity is started: by what the file makes with `Client.connect`.
fn is_of_a_client(function: Node<'_>, program: &Program<'_>) -> bool {
    let is_start = matches!(
        program.text_of_field(function, "attribute"),
        "execute_activity" | "start_activity" | "execute_activity_method" | "start_activity_method"
    );
    let client = field(function, "object").filter(|it| is_start && it.kind() == "identifier");
    let made = client.and_then(|it| program.resolve(program.text_of(it), it.start_byte()));
    let made = made.and_then(|it| it.value.ok());
    let call = made.and_then(|it| if it.kind() == "await" { it.named_child(0) } else { Some(it) });
    let connect = call.filter(|it| it.kind() == "call").and_then(|it| field(it, "function"));
    let name = connect.and_then(|it| full_name(it, program));
    name.as_deref() == Some("temporalio.client.Client.connect")
}

fn is_config(name: &str) -> bool {
    matches!(name, "temporalio.workflow.ActivityConfig" | "temporalio.workflow.LocalActivityConfig")
}

/// The keyword arguments of a call, and those that stand without their names in this order.
fn keywords<'t>(call: Node<'t>, program: &Program<'t>, depth: u32, order: &[&str]) -> Object {
    let mut object = Object::default();
    let mut names = order.iter();
    for argument in arguments(call) {
        match (argument.kind(), field(argument, "value")) {
            ("keyword_argument", Some(value)) => {
                let known = program.evaluate(value, depth);
                object.set(program.text_of_field(argument, "name"), known, Place::of(value));
            }
            ("dictionary_splat", _) => {
                let value = argument.named_child(0);
                let value = value.map(|it| program.evaluate(it, depth));
                object.spread(value.unwrap_or(Value::Unknown(Reason::SyntaxError)));
            }
            ("list_splat", _) if !order.is_empty() => object.forget(Reason::Spread),
            _ => {
                if let Some(name) = names.next() {
                    object.set(name, program.evaluate(argument, depth), Place::of(argument));
                }
            }
        }
    }
    object
}

fn called<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let Some(function) = field(node, "function") else {
        return Value::Unknown(Reason::SyntaxError);
    };
    let text = program.text_of(function);
    let name = full_name(function, program).unwrap_or_default();
    if name == "datetime.timedelta" {
        return timedelta(node, program, depth);
    }
    if name.starts_with("temporalio.") && name.ends_with(".RetryPolicy") {
        return Value::Object(keywords(node, program, depth, &POLICY));
    }
    let is_builtin = program.resolve(text, function.start_byte()).is_none();
    if is_config(&name) || text == "dict" && is_builtin {
        let mut object = Object::default();
        let first = arguments(node).into_iter().next();
        let is_named = |it: &Node<'_>| matches!(it.kind(), "keyword_argument" | "dictionary_splat");
        if let Some(first) = first.filter(|it| !is_named(it)) {
            object.spread(program.evaluate(first, depth));
        }
        object.spread(Value::Object(keywords(node, program, depth, &[])));
        return Value::Object(object);
    }
    match <[Node<'t>; 1]>::try_from(arguments(node)) {
        Ok([only]) if matches!(text, "int" | "float") && is_builtin => {
            match program.evaluate(only, depth) {
                Value::Number(number) if text == "int" => Value::Number(number.trunc()),
                Value::Number(number) => Value::Number(number),
                _ => Value::Unknown(Reason::Call),
            }
        }
        Ok(_) | Err(_) => Value::Unknown(Reason::Call),
    }
}

fn timedelta<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let given = keywords(node, program, depth, &UNITS.map(|(name, _)| name));
    if let Some(reason) = given.open {
        return Value::Unknown(reason);
    }
    let mut sum = Value::Duration(0);
    for (name, field) in &given.fields {
        let unit = UNITS.iter().find(|(unit, _)| unit == name);
        let part = match (unit, &field.value) {
            (Some((_, unit)), Value::Number(number)) => scaled(*unit, *number),
            (_, Value::Unknown(reason)) => return Value::Unknown(*reason),
            _ => return Value::Unknown(Reason::Expression),
        };
        sum = Python.arithmetic().apply("+", sum, part);
    }
    sum
}

fn merged(left: Value, right: Value) -> Value {
    match left {
        Value::Object(mut object) => {
            object.spread(right);
            Value::Object(object)
        }
        Value::Unknown(reason) => Value::Unknown(reason),
        _ => Value::Unknown(Reason::Expression),
    }
}

/// `self.LIMIT`, `cls.LIMIT` or `Workflow.LIMIT`: an attribute that is assigned once in the file.
fn attribute<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let (Some(object), name) = (field(node, "object"), program.text_of_field(node, "attribute"))
    else {
        return Value::Unknown(Reason::SyntaxError);
    };
    if object.kind() != "identifier" {
        return Value::Unknown(Reason::FieldOfUnknown);
    }
    let text = program.text_of(object);
    if program.imported(text, object.start_byte()).is_some() {
        return Value::Unknown(Reason::AnotherFile);
    }
    let is_class = || {
        crate::code::nodes(root(node))
            .any(|it| it.kind() == "class_definition" && program.text_of_field(it, "name") == text)
    };
    let is_unbound = program.resolve(text, object.start_byte()).is_none();
    if matches!(text, "self" | "cls") || is_unbound && is_class() {
        return program.value_of_member(name, depth);
    }
    Program::field_of(&program.evaluate(object, depth), name)
}

fn root(mut node: Node<'_>) -> Node<'_> {
    while let Some(parent) = node.parent() {
        node = parent;
    }
    node
}

fn dictionary<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let mut object = Object::default();
    for part in children(node) {
        match (part.kind(), field(part, "key"), field(part, "value")) {
            ("pair", Some(key), Some(value)) if key.kind() == "string" => {
                object.set(program.text_of(key), program.evaluate(value, depth), Place::of(value));
            }
            ("dictionary_splat", ..) => {
                let value = part.named_child(0).map(|it| program.evaluate(it, depth));
                object.spread(value.unwrap_or(Value::Unknown(Reason::SyntaxError)));
            }
            _ => object.forget(Reason::Expression),
        }
    }
    Value::Object(object)
}
