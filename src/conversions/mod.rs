//! Conversions between the library's milliseconds and the types in which others hold time.
//! Into milliseconds they cut and saturate, and never fail; out of them they may.

#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "std")]
mod std;

use crate::options::Nanoseconds;
use crate::vocabulary::Span;
use core::fmt;
use core::time::Duration;

/// A time or a length of time that the other type cannot hold.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct OutOfRange;

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the other type holds no such time")
    }
}

impl core::error::Error for OutOfRange {}

/// Fractions are cut off, but what is not zero stays so; what is too long is the longest.
impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Nanoseconds::from(duration).whole_milliseconds()
    }
}

/// Fails if it is negative.
impl TryFrom<Span> for Duration {
    type Error = OutOfRange;

    fn try_from(Span(milliseconds): Span) -> Result<Self, OutOfRange> {
        u64::try_from(milliseconds).map(Duration::from_millis).map_err(|_| OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_durations_are_converted_to_the_millisecond() {
        assert_eq!(Span::from(Duration::from_millis(1_500)), Span(1_500));
        assert_eq!(Span::from(Duration::from_nanos(1)), Span(1));
        assert_eq!(Span::from(Duration::from_micros(1_999)), Span(1));
        assert_eq!(Span::from(Duration::MAX), Span(i64::MAX));
        assert_eq!(Duration::try_from(Span(1_500)), Ok(Duration::from_millis(1_500)));
        assert_eq!(Duration::try_from(Span(-1)), Err(OutOfRange));
    }
}
