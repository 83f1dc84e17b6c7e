//! TypeScript and JavaScript: what is handed to `proxyActivities`, and objects of its option type.

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
use collect::{assign, bind_all, declare, import, required};

use super::{Language, arguments, children, either, field, negated, unquoted};

/// TypeScript and JavaScript.
#[derive(Debug)]
pub(super) struct TypeScript;

impl Language for TypeScript {
    fn region(&self, node: Node<'_>, _text: &str) -> Option<Kind> {
        Some(match node.kind() {
            "function_declaration"
            | "generator_function_declaration"
            | "generator_function"
            | "arrow_function"
            | "function_expression"
            | "method_definition" => Kind::Function,
            // Whose parameters are names nowhere else.
            "function_signature"
            | "method_signature"
            | "abstract_method_signature"
            | "call_signature"
            | "construct_signature"
            | "constructor_type"
            | "function_type" => Kind::Function,
            "class_body" => Kind::Class,
            "statement_block" => Kind::Block,
            "for_statement" | "for_in_statement" | "while_statement" | "do_statement" => Kind::Loop,
            "if_statement" | "switch_case" | "switch_default" | "try_statement"
            | "catch_clause" | "ternary_expression" | "labeled_statement" => Kind::Condition,
            "binary_expression" if is_lazy(node) => Kind::Condition,
            _ => return None,
        })
    }

    fn scope(&self, node: Node<'_>, region: usize, regions: &Regions) -> usize {
        let declaration = node.parent().map_or("", |it| it.kind());
        if node.kind() == "variable_declarator" && declaration == "variable_declaration" {
            return regions.nearest(region, &[Kind::Function, Kind::File]);
        }
        region
    }

    fn means_what_was_declared_before(&self) -> bool {
        false
    }

    fn may_have_sites(&self, text: &str) -> bool {
        text.contains("@temporalio/")
    }

    fn collect<'t>(&self, node: Node<'t>, program: &mut Program<'t>) {
        match node.kind() {
            "variable_declarator" => declare(node, program),
            "required_parameter" | "optional_parameter" => {
                if let Some(pattern) = field(node, "pattern") {
                    bind_all(pattern, node, Reason::Parameter, program);
                }
            }
            "arrow_function" => {
                if let Some(name) = field(node, "parameter") {
                    let region = program.regions.at(node.start_byte());
                    program.bind_in(region, name, node, Err(Reason::Parameter));
                }
            }
            "for_in_statement" => {
                if let Some(name) = field(node, "left") {
                    bind_all(name, node, Reason::Loop, program);
                }
            }
            "catch_clause" => {
                if let Some(name) = field(node, "parameter") {
                    bind_all(name, node, Reason::Parameter, program);
                }
            }
            "import_statement" => import(node, program),
            // Which of two things a name means inside is not followed.
            "function_declaration" | "class_declaration" | "enum_declaration" => {
                program.function(program.text_of_field(node, "name"), node);
            }
            "public_field_definition" | "field_definition" => {
                if let Some(value) = field(node, "value") {
                    let name = field(node, "name").or_else(|| field(node, "property"));
                    program.member(name.map_or("", |it| program.text_of(it)), value);
                }
            }
            "assignment_expression" | "augmented_assignment_expression" => {
                let value = field(node, "right").ok_or(Reason::SyntaxError);
                let is_plain = node.kind() == "assignment_expression";
                let value = if is_plain { value } else { Err(Reason::Arithmetic) };
                if let Some(target) = field(node, "left") {
                    assign(target, node, value, program);
                }
            }
            "update_expression" | "unary_expression" => {
                let is_delete = program.text_of(node).starts_with("delete");
                if let Some(target) = field(node, "argument")
                    && (is_delete || node.kind() == "update_expression")
                {
                    assign(target, node, Err(Reason::Expression), program);
                }
            }
            _ => {}
        }
    }

    fn use_of<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<Use> {
        match node.kind() {
            "identifier" | "shorthand_property_identifier" => uses::of(node, program),
            _ => None,
        }
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
        let found = match node.kind() {
            "call_expression" => taken(node, program),
            "object" => typed(node, program),
            _ => None,
        };
        let site = found.map(|(kind, place, value)| {
            let has_error = program.has_error(place);
            let value = if has_error { Value::Unknown(Reason::SyntaxError) } else { value };
            Site::new(kind, place, value, self)
        });
        site.into_iter().collect()
    }

    fn evaluate<'t>(&self, node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
        let inner = |name: &str| {
            field(node, name)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth))
        };
        match node.kind() {
            "number" => number(program.text_of(node)),
            "string" => unquoted(program.text_of(node)),
            "template_string" => template(node, program, depth),
            "undefined" | "null" => Value::Nothing,
            "identifier" | "shorthand_property_identifier" => match program.text_of(node) {
                "undefined" => Value::Nothing,
                "Infinity" => Value::Number(f64::INFINITY),
                _ => program.name(node, depth),
            },
            "as_expression"
            | "satisfies_expression"
            | "parenthesized_expression"
            | "non_null_expression" => node
                .named_child(0)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth)),
            "unary_expression" => match program.text_of_field(node, "operator") {
                "-" => negated(inner("argument"), self.arithmetic()),
                _ => Value::Unknown(Reason::Expression),
            },
            "binary_expression" => {
                let operator = program.text_of_field(node, "operator");
                self.arithmetic().apply(operator, inner("left"), inner("right"))
            }
            "ternary_expression" => either(inner("consequence"), &inner("alternative")),
            "array" => {
                let values = children(node).into_iter().map(|it| program.evaluate(it, depth));
                Value::List(values.collect())
            }
            "member_expression" => selected(node, program, depth),
            "object" => object(node, program, depth),
            "call_expression" => called(node, program, depth),
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
        let spoken = match value {
            Value::Duration(span) => return Ok(*span),
            Value::Number(number) => scaled(1_000_000, *number),
            Value::Text(text) => match milliseconds(text) {
                Some(span) => span,
                None => return Err(format!("`{text}` is not a duration of the package ms")),
            },
            _ => Value::Nothing,
        };
        match spoken {
            Value::Duration(span) => Ok(span),
            _ => Err("this is not a duration".to_owned()),
        }
    }
}

/// A text as the package `ms` reads it.
fn milliseconds(text: &str) -> Option<Value> {
    let text = text.trim();
    let end = text.find(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | '-' | '+')));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let number: f64 = number.parse().ok()?;
    let second = 1_000_000_000;
    let unit: i128 = match unit.trim_start().to_ascii_lowercase().as_str() {
        "" | "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => second,
        "m" | "min" | "mins" | "minute" | "minutes" => 60 * second,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600 * second,
        "d" | "day" | "days" => 86_400 * second,
        "w" | "week" | "weeks" => 604_800 * second,
        "mo" | "month" | "months" => 2_629_800 * second,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600 * second,
        _ => return None,
    };
    Some(scaled(unit, number))
}

fn is_lazy(node: Node<'_>) -> bool {
    field(node, "operator").is_some_and(|it| matches!(it.kind(), "&&" | "||" | "??"))
}

/// The node around assertions of type and parentheses, and its parent.
fn outside(mut node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    loop {
        let parent = node.parent()?;
        match parent.kind() {
            "as_expression"
            | "satisfies_expression"
            | "parenthesized_expression"
            | "non_null_expression" => node = parent,
            _ => return Some((node, parent)),
        }
    }
}

/// The full name of what is called, `@temporalio/workflow.proxyActivities` for one.
fn full_name(node: Node<'_>, program: &Program<'_>) -> Option<String> {
    let text = program.text_of(node);
    let (first, rest) = text.split_once('.').map_or((text, ""), |(first, rest)| (first, rest));
    let full = program.imported(first, node.start_byte()).or_else(|| {
        // A module that is required has a declaration that says the same.
        let binding = program.resolve(first, node.start_byte())?.value.ok()?;
        required(binding, program)
    })?;
    Some(if rest.is_empty() { full.to_owned() } else { format!("{full}.{rest}") })
}

/// For what kind of activities a call takes options.
fn takes_options(call: Node<'_>, program: &Program<'_>) -> Option<site::Kind> {
    if call.kind() != "call_expression" {
        return None;
    }
    match full_name(field(call, "function")?, program)?.as_str() {
        "@temporalio/workflow.proxyActivities" | "@temporalio/workflow.scheduleActivity" => {
            Some(site::Kind::Workflow)
        }
        "@temporalio/workflow.proxyLocalActivities" => Some(site::Kind::Local),
        _ => None,
    }
}

fn taken<'t>(node: Node<'t>, program: &Program<'t>) -> Option<(site::Kind, Node<'t>, Value)> {
    let kind = takes_options(node, program)?;
    let options = *arguments(node).first()?;
    Some((kind, node, program.evaluate(options, 0)))
}

/// An object whose type says that it is options, and that no call in this file takes.
fn typed<'t>(node: Node<'t>, program: &Program<'t>) -> Option<(site::Kind, Node<'t>, Value)> {
    let (value, parent) = (node, node.parent()?);
    let asserted = matches!(parent.kind(), "as_expression" | "satisfies_expression")
        .then(|| parent.named_child(1))
        .flatten();
    let (outer, around) = outside(value)?;
    let is_value = around.kind() == "variable_declarator" && field(around, "value") == Some(outer);
    let annotated = is_value.then(|| field(around, "type")?.named_child(0)).flatten();
    let name = full_name(annotated.or(asserted)?, program)?;
    let kind = match name.strip_prefix("@temporalio/")?.split_once('.')?.1 {
        "ActivityOptions" => site::Kind::Workflow,
        "LocalActivityOptions" => site::Kind::Local,
        _ => return None,
    };
    let name = is_value.then(|| field(around, "name")).flatten();
    if name.is_some_and(|name| is_taken(name, node, program)) {
        return None;
    }
    let value = match name {
        Some(name) => program.value_in_the_end(program.text_of(name), around),
        None => program.evaluate(node, 0),
    };
    Some((kind, node, value))
}

/// Whether a call in this file takes options by this name, or spreads them.
fn is_taken<'t>(name: Node<'t>, object: Node<'t>, program: &Program<'t>) -> bool {
    let mut root = object;
    while let Some(parent) = root.parent() {
        root = parent;
    }
    let name = program.text_of(name);
    crate::code::nodes(root).any(|node| {
        takes_options(node, program).is_some()
            && crate::code::nodes(node)
                .any(|it| it.kind() == "identifier" && program.text_of(it) == name)
    })
}

fn selected<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let (Some(object), name) = (field(node, "object"), program.text_of_field(node, "property"))
    else {
        return Value::Unknown(Reason::SyntaxError);
    };
    if object.kind() == "this" {
        return program.value_of_member(name, depth);
    }
    if program.text_of(node) == "Number.POSITIVE_INFINITY" {
        return Value::Number(f64::INFINITY);
    }
    Program::field_of(&program.evaluate(object, depth), name)
}

fn object<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let mut object = Object::default();
    for part in children(node) {
        match (part.kind(), field(part, "key"), field(part, "value")) {
            ("pair", Some(key), Some(value)) if key.kind() != "computed_property_name" => {
                object.set(program.text_of(key), program.evaluate(value, depth), Place::of(value));
            }
            ("shorthand_property_identifier", ..) => {
                object.set(program.text_of(part), program.evaluate(part, depth), Place::of(part));
            }
            ("spread_element", ..) => {
                let spread = part
                    .named_child(0)
                    .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth));
                object.spread(spread);
            }
            ("method_definition", ..) => {}
            _ => object.forget(Reason::Expression),
        }
    }
    Value::Object(object)
}

fn called<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let (Some(function), Ok([only])) =
        (field(node, "function"), <[Node<'t>; 1]>::try_from(arguments(node)))
    else {
        return Value::Unknown(Reason::Call);
    };
    if program.text_of(function) == "Object.freeze" {
        return program.evaluate(only, depth);
    }
    match full_name(function, program).as_deref() {
        Some("ms.default" | "ms" | "@temporalio/common/lib/time.msToNumber") => {
            match program.evaluate(only, depth) {
                Value::Text(text) => milliseconds(&text).unwrap_or(Value::Unknown(Reason::Call)),
                _ => Value::Unknown(Reason::Call),
            }
        }
        _ => Value::Unknown(Reason::Call),
    }
}

fn template<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let mut text = String::new();
    for part in children(node) {
        if part.kind() == "string_fragment" {
            text += program.text_of(part);
            continue;
        }
        match part.named_child(0).map(|it| program.evaluate(it, depth)) {
            Some(Value::Number(number)) => text += &number.to_string(),
            Some(Value::Text(inner)) => text += &inner,
            Some(Value::Unknown(reason)) => return Value::Unknown(reason),
            Some(_) | None => return Value::Unknown(Reason::Expression),
        }
    }
    Value::Text(text)
}
