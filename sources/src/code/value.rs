//! What an expression is found to be: a value, or that it is unknown and why.
//! Knows arithmetic; has never seen a syntax tree.

use std::collections::BTreeMap;
use std::fmt;

use crate::names::canonical;
use crate::place::Place;

/// What an expression evaluates to within its file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A length of time, in nanoseconds.
    Duration(i128),
    /// A number without a unit.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Named fields.
    Object(Object),
    /// Explicitly nothing: `nil`, `None`, `null`, `undefined`.
    Nothing,
    /// It cannot be told from the file alone.
    Unknown(Reason),
}

/// Named fields, each with its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    /// The fields by canonical name.
    pub fields: BTreeMap<String, Field>,
    /// Why fields that are not here may be there all the same.
    pub open: Option<Reason>,
}

/// The value of a field, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// What it is.
    pub value: Value,
    /// Where the value stands.
    pub place: Place,
}

/// Why a value is unknown.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// It stands in another file.
    AnotherFile,
    /// The caller decides.
    Parameter,
    /// A condition decides.
    Conditional,
    /// It is changed in a loop, or is what a loop goes through.
    Loop,
    /// It is changed by a function that runs at another time.
    Closure,
    /// It is assigned more than once.
    Reassigned,
    /// It may be changed through another name.
    Alias,
    /// It may be changed after it was handed on.
    ChangedLater,
    /// A function decides.
    Call,
    /// Something unknown is spread over it.
    Spread,
    /// It is declared without a value.
    WithoutValue,
    /// It is one of several that are unpacked together.
    Unpacked,
    /// A field of something that is not known here.
    FieldOfUnknown,
    /// The arithmetic is not followed.
    Arithmetic,
    /// The kind of expression is not followed.
    Expression,
    /// It does not parse.
    SyntaxError,
    /// Too many names lead to one another.
    TooDeep,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::AnotherFile => "it stands in another file",
            Reason::Parameter => "it is a parameter",
            Reason::Conditional => "a condition decides",
            Reason::Loop => "a loop changes it",
            Reason::Closure => "a function changes it that runs at another time",
            Reason::Reassigned => "it is assigned more than once",
            Reason::Alias => "it may be changed through another name",
            Reason::ChangedLater => "it may be changed after it was handed on",
            Reason::Call => "a function call decides",
            Reason::Spread => "something unknown is spread over it",
            Reason::WithoutValue => "it is declared without a value",
            Reason::Unpacked => "it is one of several values that are unpacked",
            Reason::FieldOfUnknown => "it is a field of something that is not known here",
            Reason::Arithmetic => "this arithmetic is not followed",
            Reason::Expression => "this kind of expression is not followed",
            Reason::SyntaxError => "the source does not parse here",
            Reason::TooDeep => "too many names lead to one another",
        })
    }
}

impl Object {
    /// Sets a field; the later of two wins.
    pub(super) fn set(&mut self, name: &str, value: Value, place: Place) {
        self.fields.insert(canonical(name), Field { value, place });
    }

    /// The value of a field; nothing where it is absent.
    #[must_use]
    pub(super) fn get(&self, name: &str) -> Value {
        match (self.fields.get(&canonical(name)), self.open) {
            (Some(field), _) => field.value.clone(),
            (None, Some(reason)) => Value::Unknown(reason),
            (None, None) => Value::Nothing,
        }
    }

    /// Spreads another value over this one: what it has wins, and what it may have is unknown.
    pub(super) fn spread(&mut self, over: Value) {
        match over {
            Value::Object(object) => {
                if let Some(reason) = object.open {
                    self.hide(Reason::Spread);
                    self.open = Some(reason);
                }
                self.fields.extend(object.fields);
            }
            Value::Nothing => {}
            Value::Unknown(reason) => {
                self.hide(Reason::Spread);
                self.open = Some(reason);
            }
            Value::Duration(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                self.hide(Reason::Spread);
                self.open = Some(Reason::Expression);
            }
        }
    }

    /// Makes every field unknown, and every other one too.
    pub(super) fn forget(&mut self, reason: Reason) {
        self.hide(reason);
        self.open = Some(reason);
    }

    fn hide(&mut self, reason: Reason) {
        for field in self.fields.values_mut() {
            field.value = Value::Unknown(reason);
        }
    }
}

/// How a language computes with whole numbers and durations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Arithmetic {
    /// Whether a whole number divided by a whole number is cut off.
    pub cuts_off: bool,
    /// Whether a bare number beside a duration is one of nanoseconds.
    pub counts_nanoseconds: bool,
}

impl Arithmetic {
    /// What an operator makes of two values.
    #[must_use]
    pub(super) fn apply(self, operator: &str, left: Value, right: Value) -> Value {
        use Value::{Duration, Number, Unknown};
        match (operator, left, right) {
            (_, Unknown(reason), _) | (_, _, Unknown(reason)) => Unknown(reason),
            ("+" | "-" | "*" | "/" | "//" | "**", Number(left), Number(right)) => {
                self.numbers(operator, left, right)
            }
            ("*", Duration(span), Number(factor)) | ("*", Number(factor), Duration(span)) => {
                scaled(span, factor)
            }
            ("/", Duration(span), Number(divisor)) => self.divided(span, divisor),
            ("//", Duration(span), Number(divisor)) => {
                Arithmetic { cuts_off: true, ..self }.divided(span, divisor)
            }
            ("+", Duration(left), Duration(right)) => checked(left.checked_add(right)),
            ("-", Duration(left), Duration(right)) => checked(left.checked_sub(right)),
            ("*", Duration(left), Duration(right)) if self.counts_nanoseconds => {
                checked(left.checked_mul(right))
            }
            ("+" | "-", Duration(span), Number(number)) if self.counts_nanoseconds => {
                self.apply(operator, Duration(span), scaled(1, number))
            }
            _ => Unknown(Reason::Arithmetic),
        }
    }

    fn numbers(self, operator: &str, left: f64, right: f64) -> Value {
        let result = match operator {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "**" => left.powf(right),
            _ if right == 0.0 => return Value::Unknown(Reason::Arithmetic),
            "//" => (left / right).floor(),
            _ => left / right,
        };
        // Whether whole numbers or fractions are meant is not known here, where it matters.
        let is_whole = |number: f64| number.fract() == 0.0;
        let may_be_cut = self.cuts_off && is_whole(left) && is_whole(right) && !is_whole(result);
        if !result.is_finite() || may_be_cut {
            return Value::Unknown(Reason::Arithmetic);
        }
        Value::Number(result)
    }

    fn divided(self, span: i128, divisor: f64) -> Value {
        if divisor == 0.0 {
            return Value::Unknown(Reason::Arithmetic);
        }
        match whole(divisor) {
            Some(divisor) if self.cuts_off || span % divisor == 0 => {
                Value::Duration(span / divisor)
            }
            Some(_) | None => scaled(span, 1.0 / divisor),
        }
    }
}

/// A duration times a number, exactly where the number is whole.
#[must_use]
pub(super) fn scaled(span: i128, factor: f64) -> Value {
    if let Some(factor) = whole(factor) {
        return checked(span.checked_mul(factor));
    }
    #[expect(clippy::cast_precision_loss, reason = "a fraction of a duration is rounded anyway")]
    let product = (span as f64 * factor).round();
    #[expect(clippy::cast_possible_truncation, reason = "it is within the bounds")]
    if product.abs() < 1e30 {
        Value::Duration(product as i128)
    } else {
        Value::Unknown(Reason::Arithmetic)
    }
}

fn whole(number: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and within the bounds")]
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i128)
}

fn checked(span: Option<i128>) -> Value {
    span.map_or(Value::Unknown(Reason::Arithmetic), Value::Duration)
}

/// A number as it stands in a program, with separators and suffixes.
#[must_use]
pub(super) fn number(text: &str) -> Value {
    let text: String = text.chars().filter(|letter| *letter != '_').collect();
    let lower = text.to_ascii_lowercase();
    let radix = [("0x", 16), ("0b", 2), ("0o", 8)];
    for (prefix, radix) in radix {
        if let Some(digits) = lower.strip_prefix(prefix) {
            let digits = digits.trim_end_matches(['l', 'n']);
            #[expect(clippy::cast_precision_loss, reason = "options are small numbers")]
            let parsed = i64::from_str_radix(digits, radix).map(|number| number as f64);
            return parsed.map_or(Value::Unknown(Reason::Expression), Value::Number);
        }
    }
    let digits = lower.trim_end_matches(['l', 'n', 'd', 'f']);
    // An octal number in the old notation.
    let is_octal = digits.len() > 1 && digits.starts_with('0') && !digits.contains(['.', 'e']);
    match digits.parse() {
        Ok(number) if !is_octal => Value::Number(number),
        Ok(_) | Err(_) => Value::Unknown(Reason::Expression),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GO: Arithmetic = Arithmetic { cuts_off: true, counts_nanoseconds: true };
    const PYTHON: Arithmetic = Arithmetic { cuts_off: false, counts_nanoseconds: false };

    #[test]
    fn whole_numbers_are_exact_and_a_division_that_may_be_cut_off_is_unknown() {
        let third =
            |arithmetic: Arithmetic| arithmetic.apply("/", Value::Number(7.0), Value::Number(2.0));
        assert_eq!(third(GO), Value::Unknown(Reason::Arithmetic));
        assert_eq!(third(PYTHON), Value::Number(3.5));
        let seven_hours = GO.apply("*", Value::Duration(3_600_000_000_000), Value::Number(7.0));
        assert_eq!(seven_hours, Value::Duration(25_200_000_000_000));
    }

    #[test]
    fn a_bare_number_beside_a_duration_counts_nanoseconds_only_in_go() {
        let sum = |it: Arithmetic| it.apply("+", Value::Duration(5), Value::Number(3.0));
        assert_eq!(sum(GO), Value::Duration(8));
        assert_eq!(sum(PYTHON), Value::Unknown(Reason::Arithmetic));
    }

    #[test]
    fn an_unknown_spread_hides_what_stood_before_and_not_what_comes_after() {
        let mut object = Object::default();
        object.set("a", Value::Number(1.0), Place::default());
        object.spread(Value::Unknown(Reason::Parameter));
        object.set("b", Value::Number(2.0), Place::default());
        assert_eq!(object.get("a"), Value::Unknown(Reason::Spread));
        assert_eq!(object.get("b"), Value::Number(2.0));
        assert_eq!(object.get("c"), Value::Unknown(Reason::Parameter));
    }

    #[test]
    fn numbers_are_read_in_the_notations_of_four_languages() {
        for (text, read) in [("1_000", 1000.0), ("500L", 500.0), ("0x10", 16.0), ("2.5d", 2.5)] {
            assert_eq!(number(text), Value::Number(read), "{text}");
        }
        assert_eq!(number("010"), Value::Unknown(Reason::Expression));
    }
}
