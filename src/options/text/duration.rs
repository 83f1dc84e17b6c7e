//! Durations as people write them, `1h 30m`, and as the protocol does, `1.500s`.

use super::error::Fault;
use crate::options::Nanoseconds;
use alloc::format;
use jiff::{Span, SpanRelativeTo};

/// # Errors
/// If `text` is not a duration, or one without a fixed length.
pub(super) fn parse(text: &str) -> Result<Nanoseconds, Fault> {
    let text = text.trim();
    let Ok(span) = text.parse::<Span>() else {
        return Err(not_a_duration(text));
    };
    match span.to_duration(SpanRelativeTo::days_are_24_hours()) {
        Ok(duration) => Ok(Nanoseconds(duration.as_nanos())),
        Err(_) => Err(Fault::new(format!("{text:?} has no fixed length: months and years vary"))
            .help("count in days, or in weeks")),
    }
}

fn not_a_duration(text: &str) -> Fault {
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        return without_unit(text);
    }
    Fault::new(format!("{text:?} is not a duration")).help(HELP)
}

/// The fault of a bare number in place of a duration.
pub(super) fn without_unit(number: &str) -> Fault {
    Fault::new(format!("the duration {number} has no unit"))
        .help(format!("write \"{number}s\" for seconds, \"{number}ms\" for milliseconds"))
}

/// What a duration looks like.
pub(super) const HELP: &str = "write a duration such as \"30s\", \"1h 30m\" or \"500ms\"";
