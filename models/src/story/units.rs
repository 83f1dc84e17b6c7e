//! Durations as scripts write them, `1m30s` for one: printing and parsing.

use activity_execution::vocabulary::Span;
use std::fmt::Write;

/// The units of durations, largest first, in milliseconds.
const UNITS: [(&str, i64); 6] = [
    ("y", 365 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// A duration, `1m30s` for one.
#[must_use]
pub fn span(span: Span) -> String {
    if span.0 == 0 {
        return "0s".into();
    }
    let mut text = String::from(if span.0 < 0 { "-" } else { "" });
    let mut rest = span.0.unsigned_abs();
    for (unit, length) in UNITS {
        let length = length.unsigned_abs();
        if rest >= length {
            let _ = write!(text, "{}{unit}", rest / length);
            rest %= length;
        }
    }
    text
}

/// The duration that a word says; `None` if it says none, or one that is too long.
pub(crate) fn parse_span(word: &str) -> Option<Span> {
    let mut total: i64 = 0;
    let mut rest = word;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit());
        let unit = &rest[..letters.unwrap_or(rest.len())];
        rest = &rest[unit.len()..];
        let (_, length) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.checked_mul(*length)?)?;
    }
    (!word.is_empty() && total <= LONGEST.0).then_some(Span(total))
}

/// The longest duration that a script can name.
pub const LONGEST: Span = Span(1_000 * 365 * 86_400_000);
