//! Java: chains of calls on the SDK's builders of options.

use tree_sitter::Node;

use super::{Language, arguments, children, either, field, negated, unquoted};
use crate::code::program::{Program, Use};
use crate::code::region::{Kind, Regions};
use crate::code::site::{self, Site};
use crate::code::value::{Arithmetic, Object, Reason, Value, number, scaled};
use crate::place::Place;

const ACTIVITY: &str = "io.temporal.activity";
const STANDALONE: &str = "io.temporal.client.StartActivityOptions";

/// Java.
#[derive(Debug)]
pub(super) struct Java;

impl Language for Java {
    fn region(&self, node: Node<'_>, _text: &str) -> Option<Kind> {
        Some(match node.kind() {
            "method_declaration"
            | "constructor_declaration"
            | "lambda_expression"
            | "static_initializer"
            | "compact_constructor_declaration" => Kind::Function,
            "class_body" | "interface_body" | "enum_body" | "record_body" => Kind::Class,
            "block" | "constructor_body" => Kind::Block,
            "for_statement" | "enhanced_for_statement" | "while_statement" | "do_statement" => {
                Kind::Loop
            }
            "if_statement"
            | "switch_block_statement_group"
            | "switch_rule"
            | "try_statement"
            | "try_with_resources_statement"
            | "catch_clause"
            | "labeled_statement"
            | "ternary_expression" => Kind::Condition,
            "binary_expression" if is_lazy(node) => Kind::Condition,
            _ => return None,
        })
    }

    fn sees(&self, _scope: usize, _at: usize, _regions: &Regions) -> bool {
        true
    }

    fn means_what_was_declared_before(&self) -> bool {
        true
    }

    fn may_have_sites(&self, text: &str) -> bool {
        text.contains(ACTIVITY) || text.contains(STANDALONE)
    }

    fn collect<'t>(&self, node: Node<'t>, program: &mut Program<'t>) {
        match node.kind() {
            "variable_declarator" => {
                if let Some(name) = field(node, "name") {
                    let value = field(node, "value");
                    program.bind(name, node, value.ok_or(Reason::WithoutValue));
                    let around = node.parent().map_or("", |it| it.kind());
                    if let Some(value) = value
                        && matches!(around, "field_declaration" | "constant_declaration")
                    {
                        program.member(program.text_of(name), value);
                    }
                }
            }
            "formal_parameter" | "catch_formal_parameter" | "resource" => {
                if let Some(name) = field(node, "name") {
                    program.bind(name, node, Err(Reason::Parameter));
                }
            }
            "spread_parameter" | "inferred_parameters" => {
                for name in crate::code::nodes(node).filter(|it| it.kind() == "identifier") {
                    program.bind(name, node, Err(Reason::Parameter));
                }
            }
            "enhanced_for_statement" => {
                if let Some(name) = field(node, "name") {
                    program.bind(name, name, Err(Reason::Loop));
                }
            }
            "lambda_expression" => {
                let names = field(node, "parameters").filter(|it| it.kind() == "identifier");
                if let Some(name) = names {
                    program.bind(name, name, Err(Reason::Parameter));
                }
            }
            "assignment_expression" => {
                if let Some(target) = field(node, "left") {
                    assign(target, node, program);
                }
            }
            "update_expression" => {
                if let Some(target) = node.named_child(0) {
                    assign(target, node, program);
                }
            }
            "import_declaration" => import(node, program),
            "method_invocation" => build_further(node, program),
            _ => {}
        }
    }

    fn use_of<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Option<Use> {
        if node.kind() != "identifier" {
            return None;
        }
        let parent = node.parent()?;
        Some(match parent.kind() {
            "variable_declarator" if field(parent, "value") == Some(node) => Use::Shared,
            "assignment_expression" if field(parent, "right") == Some(node) => Use::Shared,
            "argument_list" => {
                let call = parent.parent()?;
                let is_copied = program.text_of_field(call, "name") == "newBuilder";
                if is_copied { Use::Read } else { Use::Shared }
            }
            "return_statement" | "array_initializer" | "lambda_expression" => Use::Shared,
            _ => Use::Read,
        })
    }

    /// Builders are shared; durations and options that are built cannot be changed.
    fn is_reference<'t>(&self, node: Node<'t>, program: &Program<'t>) -> bool {
        node.kind() != "method_invocation"
            || program.text_of_field(node, "name") != "build"
                && !program.text_of_field(node, "name").starts_with("validateAndBuild")
    }

    fn sites<'t>(&self, node: Node<'t>, program: &Program<'t>) -> Vec<Site> {
        let Some((kind, value)) = built(node, program) else { return Vec::new() };
        let has_error = program.has_error(node);
        let value = if has_error { Value::Unknown(Reason::SyntaxError) } else { value };
        vec![Site::new(kind, node, value, self)]
    }

    fn evaluate<'t>(&self, node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
        let inner = |name: &str| {
            field(node, name)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth))
        };
        match node.kind() {
            "decimal_integer_literal"
            | "hex_integer_literal"
            | "decimal_floating_point_literal" => number(program.text_of(node)),
            "string_literal" => unquoted(program.text_of(node)),
            "null_literal" => Value::Nothing,
            "parenthesized_expression" => node
                .named_child(0)
                .map_or(Value::Unknown(Reason::SyntaxError), |it| program.evaluate(it, depth)),
            "cast_expression" => match inner("value") {
                Value::Number(number) if number.fract() != 0.0 => {
                    Value::Unknown(Reason::Arithmetic)
                }
                value => value,
            },
            "unary_expression" if program.text_of(node).starts_with('-') => {
                negated(inner("operand"), self.arithmetic())
            }
            "binary_expression" => {
                let operator = program.text_of_field(node, "operator");
                self.arithmetic().apply(operator, inner("left"), inner("right"))
            }
            "ternary_expression" => either(inner("consequence"), &inner("alternative")),
            "identifier" => program.name(node, depth),
            "field_access" => accessed(node, program, depth),
            "array_creation_expression" | "array_initializer" => Value::List(Vec::new()),
            "method_invocation" => called(node, program, depth),
            _ => Value::Unknown(Reason::Expression),
        }
    }

    fn arithmetic(&self) -> Arithmetic {
        Arithmetic { cuts_off: true, counts_nanoseconds: false }
    }

    fn duration(&self, value: &Value) -> Result<i128, String> {
        match value {
            Value::Duration(span) => Ok(*span),
            _ => Err("this is not a `Duration`".to_owned()),
        }
    }
}

fn is_lazy(node: Node<'_>) -> bool {
    field(node, "operator").is_some_and(|it| matches!(it.kind(), "&&" | "||"))
}

fn assign<'t>(target: Node<'t>, at: Node<'t>, program: &mut Program<'t>) {
    match target.kind() {
        "identifier" => {
            program.write(program.text_of(target), at);
        }
        "field_access" => program.write_member(program.text_of_field(target, "field")),
        _ => {}
    }
}

fn import<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let text = program.text_of(node);
    let Some(name) = children(node).into_iter().find(|it| it.kind() != "asterisk") else { return };
    let full = program.text_of(name);
    if text.contains('*') {
        // Everything of a package: known by the package's own name, which no class has.
        program.import(full, full);
    } else {
        program.import(full.rsplit('.').next().unwrap_or(full), full);
    }
}

/// The call in which a chain of calls begins.
fn first_call(mut node: Node<'_>) -> Node<'_> {
    while let Some(object) = field(node, "object").filter(|it| it.kind() == "method_invocation") {
        node = object;
    }
    node
}

/// `builder.setX(…).setY(…)`: the fields of a builder that a name stands for are set.
fn build_further<'t>(node: Node<'t>, program: &mut Program<'t>) {
    let Some(root) = field(node, "object").filter(|it| it.kind() == "identifier") else {
        return;
    };
    let (name, mut call) = (program.text_of(root), node);
    loop {
        let method = program.text_of_field(call, "name");
        if !method.starts_with("set") {
            return;
        }
        let value = arguments(call).first().copied().ok_or(Reason::Call);
        program.change(name, &[method], call, value);
        match call.parent().filter(|it| field(*it, "object") == Some(call)) {
            Some(further) => call = further,
            None => return,
        }
    }
}

/// The full name of a class.
fn class(node: Node<'_>, program: &Program<'_>) -> Option<String> {
    let text = program.text_of(node);
    if text.starts_with("io.temporal.") || text.starts_with("java.") {
        return Some(text.to_owned());
    }
    if let Some(full) = program.imported(text, node.start_byte()) {
        return Some(full.to_owned());
    }
    let is_from = |package: &str| program.imported(package, node.start_byte()).is_some();
    let package = match text {
        "ActivityOptions" | "LocalActivityOptions" => ACTIVITY,
        "RetryOptions" => "io.temporal.common",
        "Duration" => "java.time",
        _ => return None,
    };
    is_from(package).then(|| format!("{package}.{text}"))
}

fn kind(class: &str) -> Option<site::Kind> {
    if class == STANDALONE {
        return Some(site::Kind::Standalone);
    }
    match class.strip_prefix(ACTIVITY)? {
        ".ActivityOptions" => Some(site::Kind::Workflow),
        ".LocalActivityOptions" => Some(site::Kind::Local),
        _ => None,
    }
}

/// A whole chain that makes options, from a new builder or from options that are known.
fn built<'t>(node: Node<'t>, program: &Program<'t>) -> Option<(site::Kind, Value)> {
    if node.kind() != "method_invocation" {
        return None;
    }
    let around = node.parent()?;
    if around.kind() == "method_invocation" && field(around, "object") == Some(node) {
        return None;
    }
    let kind = kind_of(node, program, 0)?;
    let is_declared = around.kind() == "variable_declarator";
    let name = is_declared.then(|| program.text_of_field(around, "name"));
    let value = match name {
        Some(name) => program.value_in_the_end(name, around),
        None => program.evaluate(node, 0),
    };
    let is_built_on = field(first_call(node), "object").is_some_and(|it| {
        it.kind() == "identifier" && program.text_of_field(first_call(node), "name") != "newBuilder"
    });
    if is_built_on && program.text_of_field(first_call(node), "name") != "toBuilder" {
        // `builder.build()`: the site is where the builder was made.
        return None;
    }
    let kind = if is_of_methods(node, program) { site::Kind::Override } else { kind };
    Some((kind, value))
}

/// The kind of options that a chain makes.
fn kind_of(node: Node<'_>, program: &Program<'_>, depth: u32) -> Option<site::Kind> {
    if depth > 20 {
        return None;
    }
    match node.kind() {
        "identifier" => {
            let value = program.resolve(program.text_of(node), node.start_byte())?.value.ok()?;
            kind_of(value, program, depth + 1)
        }
        "method_invocation" => {
            let object = field(node, "object")?;
            if program.text_of_field(node, "name") == "newBuilder"
                && let Some(class) = class(object, program)
            {
                return kind(&class);
            }
            kind_of(object, program, depth + 1)
        }
        _ => None,
    }
}

/// Whether options are for single methods, over those that are in force for all.
fn is_of_methods(node: Node<'_>, program: &Program<'_>) -> bool {
    let mut around = node.parent();
    while let Some(parent) = around {
        match parent.kind() {
            "argument_list" | "method_invocation" => {}
            _ => return false,
        }
        let name = program.text_of_field(parent, "name");
        if matches!(
            name,
            "of" | "entry" | "put" | "singletonMap" | "setActivityOptions" | "ofEntries"
        ) {
            return true;
        }
        around = parent.parent();
    }
    false
}

fn accessed<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let (object, name) = (field(node, "object"), program.text_of_field(node, "field"));
    let Some(object) = object else { return Value::Unknown(Reason::SyntaxError) };
    if name == "ZERO" && class(object, program).as_deref() == Some("java.time.Duration") {
        return Value::Duration(0);
    }
    let text = program.text_of(object);
    let is_here = || {
        crate::code::nodes(root(node)).any(|it| {
            it.kind().ends_with("_declaration") && program.text_of_field(it, "name") == text
        })
    };
    if object.kind() == "this" || object.kind() == "identifier" && is_here() {
        return program.value_of_member(name, depth);
    }
    Value::Unknown(Reason::AnotherFile)
}

fn root(mut node: Node<'_>) -> Node<'_> {
    while let Some(parent) = node.parent() {
        node = parent;
    }
    node
}

fn called<'t>(node: Node<'t>, program: &Program<'t>, depth: u32) -> Value {
    let (name, values) = (program.text_of_field(node, "name"), arguments(node));
    let Some(object) = field(node, "object") else { return Value::Unknown(Reason::Call) };
    let first =
        || values.first().map_or(Value::Unknown(Reason::Call), |it| program.evaluate(*it, depth));
    match class(object, program).as_deref() {
        Some("java.time.Duration") => return duration(name, &values, program, depth),
        Some("java.util.List" | "java.util.Arrays" | "java.util.Set") => {
            return Value::List(values.iter().map(|it| program.evaluate(*it, depth)).collect());
        }
        Some(_) if name == "newBuilder" => {
            let mut builder = Object::default();
            if !values.is_empty() {
                builder.spread(first());
            }
            return Value::Object(builder);
        }
        Some(_) | None => {}
    }
    let arithmetic = Java.arithmetic();
    match (name, program.evaluate(object, depth)) {
        (_, Value::Unknown(reason)) => Value::Unknown(reason),
        ("build" | "toBuilder" | "newBuilder" | "validateAndBuildWithDefaults", value) => value,
        ("plus", span @ Value::Duration(_)) => arithmetic.apply("+", span, first()),
        ("minus", span @ Value::Duration(_)) => arithmetic.apply("-", span, first()),
        ("multipliedBy", span @ Value::Duration(_)) => arithmetic.apply("*", span, first()),
        ("dividedBy", span @ Value::Duration(_)) => arithmetic.apply("/", span, first()),
        (name, span @ Value::Duration(_)) => {
            let part = |prefix| name.strip_prefix(prefix).and_then(unit);
            let (operator, unit) = match (part("plus"), part("minus")) {
                (Some(unit), _) => ("+", unit),
                (None, Some(unit)) => ("-", unit),
                (None, None) => return Value::Unknown(Reason::Call),
            };
            let part = arithmetic.apply("*", Value::Duration(unit), first());
            arithmetic.apply(operator, span, part)
        }
        (name, Value::Object(mut builder)) => {
            match (name, values.first()) {
                ("setDoNotRetry", Some(first)) => {
                    let names = values.iter().map(|it| program.evaluate(*it, depth)).collect();
                    builder.set(name, Value::List(names), Place::of(*first));
                }
                (name, Some(value)) if name.starts_with("set") => {
                    builder.set(name, program.evaluate(*value, depth), Place::of(*value));
                }
                (name, None) if name.starts_with("set") => {}
                _ => builder.forget(Reason::Call),
            }
            Value::Object(builder)
        }
        _ => Value::Unknown(Reason::Call),
    }
}

fn unit(name: &str) -> Option<i128> {
    let second = 1_000_000_000;
    Some(match name {
        "Nanos" | "NANOS" | "NANOSECONDS" => 1,
        "MICROS" | "MICROSECONDS" => 1_000,
        "Millis" | "MILLIS" | "MILLISECONDS" => 1_000_000,
        "Seconds" | "SECONDS" => second,
        "Minutes" | "MINUTES" => 60 * second,
        "Hours" | "HOURS" => 3600 * second,
        "Days" | "DAYS" => 86_400 * second,
        _ => return None,
    })
}

/// `Duration.ofMinutes(5)`, `Duration.of(5, ChronoUnit.MINUTES)`, `Duration.parse("PT5M")`.
fn duration<'t>(name: &str, values: &[Node<'t>], program: &Program<'t>, depth: u32) -> Value {
    let value = values.first().map(|it| program.evaluate(*it, depth));
    match (name, value, values.get(1)) {
        (_, Some(Value::Unknown(reason)), _) => Value::Unknown(reason),
        ("parse", Some(Value::Text(text)), None) => {
            iso_8601(&text).map_or(Value::Unknown(Reason::Expression), Value::Duration)
        }
        ("of", Some(Value::Number(number)), Some(of)) => {
            let last = program.text_of(*of).rsplit('.').next().and_then(unit);
            last.map_or(Value::Unknown(Reason::Expression), |unit| scaled(unit, number))
        }
        (name, Some(Value::Number(number)), None) => {
            let unit = name.strip_prefix("of").and_then(unit);
            unit.map_or(Value::Unknown(Reason::Call), |unit| scaled(unit, number))
        }
        _ => Value::Unknown(Reason::Call),
    }
}

/// A duration in the notation of ISO 8601, without months and years.
fn iso_8601(text: &str) -> Option<i128> {
    let upper = text.to_ascii_uppercase();
    let (negative, rest) = match upper.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, upper.as_str()),
    };
    let (days, time) = match rest.strip_prefix('P')?.split_once('T') {
        Some((days, time)) if !time.is_empty() => (days, time),
        Some(_) => return None,
        None => (rest.strip_prefix('P')?, ""),
    };
    let (days, hours) = (part(days, &["Days"])?, part(time, &["Hours", "Minutes", "Seconds"])?);
    let sum = days.checked_add(hours)?;
    (!rest[1..].is_empty()).then_some(if negative { -sum } else { sum })
}

fn part(mut text: &str, units: &[&str]) -> Option<i128> {
    let mut sum: i128 = 0;
    let mut units = units.iter();
    while !text.is_empty() {
        let end = text.find(|it: char| it.is_ascii_alphabetic())?;
        let number: f64 = text[..end].parse().ok()?;
        let letter = &text[end..=end];
        let unit = units.by_ref().find(|unit| unit.starts_with(letter)).and_then(|it| unit(it))?;
        match scaled(unit, number) {
            Value::Duration(span) => sum = sum.checked_add(span)?,
            _ => return None,
        }
        text = &text[end + 1..];
    }
    Some(sum)
}
