//! Durations in every notation that people and programs write them in: `1h 30m`, `PT90M`,
//! `1.500s`, `01:30:00`, `1 day, 0:00:00`, and seconds with nanoseconds. A bare number is none.

use super::error::Fault;
use super::tree::{Node, Value};
use activity_execution::options::Nanoseconds;
use jiff::{Span, SpanRelativeTo};

/// # Errors
/// If `text` is not a duration, or one without a fixed length.
pub(super) fn parse(text: &str) -> Result<Nanoseconds, Fault> {
    let text = text.trim();
    if let Some(nanoseconds) = clock(text) {
        return Ok(Nanoseconds(nanoseconds));
    }
    let Some(span) = span(text) else {
        return Err(if is_too_long(text) { too_long(text) } else { not_a_duration(text) });
    };
    match span.to_duration(SpanRelativeTo::days_are_24_hours()) {
        Ok(duration) => Ok(Nanoseconds(duration.as_nanos())),
        Err(_) => Err(Fault::new(format!("{text:?} has no fixed length: months and years vary"))
            .help("count in days, or in weeks")),
    }
}

/// So many of a unit that is named elsewhere, in nanoseconds.
///
/// # Errors
/// If it is no number.
pub(super) fn of_unit(number: &str, unit: Unit) -> Result<Nanoseconds, Fault> {
    let fault = || Fault::new(format!("{number:?} is not a number of {}", unit.plural()));
    let text = format!("{number}{}", unit.suffix());
    let plain = number.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'-' | b'.'));
    if plain { parse(&text).map_err(|_| fault()) } else { Err(fault()) }
}

/// The unit that the name of a key ends in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unit {
    Nanoseconds,
    Milliseconds,
    Seconds,
    Minutes,
}

impl Unit {
    const ENDINGS: [(&str, Unit); 9] = [
        ("inseconds", Unit::Seconds),
        ("milliseconds", Unit::Milliseconds),
        ("nanoseconds", Unit::Nanoseconds),
        ("millis", Unit::Milliseconds),
        ("nanos", Unit::Nanoseconds),
        ("minutes", Unit::Minutes),
        ("seconds", Unit::Seconds),
        ("secs", Unit::Seconds),
        ("ms", Unit::Milliseconds),
    ];

    /// The name without the unit that it ends in.
    pub(super) fn at_the_end_of(canonical: &str) -> Option<(&str, Unit)> {
        Self::ENDINGS.iter().find_map(|(ending, unit)| {
            canonical.strip_suffix(ending).filter(|stem| !stem.is_empty()).map(|stem| (stem, *unit))
        })
    }

    fn suffix(self) -> &'static str {
        match self {
            Unit::Nanoseconds => "ns",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Minutes => "m",
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Unit::Nanoseconds => "nanoseconds",
            Unit::Milliseconds => "milliseconds",
            Unit::Seconds => "seconds",
            Unit::Minutes => "minutes",
        }
    }
}

/// A message of seconds and nanoseconds, as protobuf keeps a duration.
pub(super) fn of_message(node: &Node<'_>) -> Option<Nanoseconds> {
    let entries = node.table()?;
    let known = |key: &str| matches!(key, "seconds" | "nanos");
    if entries.is_empty() || !entries.iter().all(|entry| known(&entry.key)) {
        return None;
    }
    let part = |key: &str| match node.get(key) {
        None => Some(0),
        Some(Node { value: Value::Number(text) | Value::Text(text), .. }) => {
            text.parse::<i64>().ok().map(i128::from)
        }
        Some(_) => None,
    };
    Some(Nanoseconds(part("seconds")? * SECOND + part("nanos")?))
}

/// `[-][D.]HH:MM:SS[.fffffff]` as .NET writes it, and `D days, H:MM:SS` as Python does.
fn clock(text: &str) -> Option<i128> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let (days, time) = if let Some((days, time)) = text.split_once(',') {
        (days.trim_end_matches("days").trim_end_matches("day").trim(), time.trim())
    } else {
        match text.split_once(':')?.0.split_once('.') {
            Some((days, _)) => (days, &text[days.len() + 1..]),
            None => ("0", text),
        }
    };
    let parts: Vec<&str> = time.split(':').collect();
    let [hours, minutes, seconds] = parts[..] else { return None };
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if ![days, hours, minutes, seconds].into_iter().all(digits)
        || !fraction.bytes().all(|it| it.is_ascii_digit())
        || fraction.len() > 9
        || [days, hours].iter().any(|text| text.len() > 9)
    {
        return None;
    }
    let number = |text: &str| text.parse::<i128>().ok();
    let (minutes, seconds) = (number(minutes)?, number(seconds)?);
    if minutes > 59 || seconds > 59 {
        return None;
    }
    let nanoseconds = if fraction.is_empty() { 0 } else { number(&format!("{fraction:0<9}"))? };
    let hours = number(days)? * 24 + number(hours)?;
    Some(sign * (((hours * 60 + minutes) * 60 + seconds) * SECOND + nanoseconds))
}

/// Units with their numbers, `1h 30m` or `PT90M`.
fn span(text: &str) -> Option<Span> {
    [text, &text.to_lowercase()].into_iter().find_map(|text| text.parse::<Span>().ok())
}

/// Whether a text would be a duration if its numbers were small.
fn is_too_long(text: &str) -> bool {
    let mut small = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_digit() {
            small.push(letter);
        } else if !small.ends_with('1') {
            small.push('1');
        }
    }
    span(&small).is_some() || clock(&small).is_some()
}

fn too_long(text: &str) -> Fault {
    Fault::new(format!("{text:?} is longer than any duration can be"))
        .help("write a shorter one: none is longer than 19,000 years")
}

fn not_a_duration(text: &str) -> Fault {
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        return without_unit(text);
    }
    Fault::new(format!("{text:?} is not a duration")).help(HELP)
}

/// The fault of a bare number in place of a duration.
pub(super) fn without_unit(number: &str) -> Fault {
    let help = match number.parse::<i128>() {
        // Nobody means eleven days in seconds, and Go writes nanoseconds.
        Ok(many) if many >= 1_000_000 && many % 1_000_000 == 0 => {
            let meant = Nanoseconds(many);
            format!("if these are nanoseconds, as Go writes them, write \"{meant}\"")
        }
        Ok(many) if many >= 1_000 && many % 100 == 0 => format!(
            "write \"{}\" if these are milliseconds, \"{number}s\" for seconds",
            Nanoseconds(many * SECOND / 1_000)
        ),
        _ => format!("write \"{number}s\" for seconds, \"{number}ms\" for milliseconds"),
    };
    Fault::new(format!("the duration {number} has no unit")).help(help)
}

/// What a duration looks like.
pub(super) const HELP: &str = "write a duration such as \"30s\", \"1h 30m\" or \"500ms\"";

const SECOND: i128 = 1_000_000_000;
