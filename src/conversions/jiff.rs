//! Conversions from and to jiff's instants and durations.

use super::OutOfRange;
use crate::options::Nanoseconds;
use crate::vocabulary::{Span, Timestamp};
use jiff::SignedDuration;

/// Milliseconds since the Unix epoch, floored.
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        let milliseconds = time.as_nanosecond().div_euclid(1_000_000);
        Timestamp(i64::try_from(milliseconds).expect("jiff's years have four digits"))
    }
}

/// Fails outside of the years -9999 to 9999.
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = OutOfRange;

    fn try_from(Timestamp(milliseconds): Timestamp) -> Result<Self, OutOfRange> {
        // In nanoseconds, where jiff takes all of its last second.
        let nanoseconds = i128::from(milliseconds) * 1_000_000;
        jiff::Timestamp::from_nanosecond(nanoseconds).map_err(|_| OutOfRange)
    }
}

/// Fractions are cut off, but what is not zero stays so; what is too long is the longest.
impl From<SignedDuration> for Span {
    fn from(duration: SignedDuration) -> Self {
        Nanoseconds::from(duration).whole_milliseconds()
    }
}

impl From<Span> for SignedDuration {
    fn from(Span(milliseconds): Span) -> Self {
        SignedDuration::from_millis(milliseconds)
    }
}

impl From<SignedDuration> for Nanoseconds {
    fn from(duration: SignedDuration) -> Self {
        Nanoseconds(duration.as_nanos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_durations_of_jiff_are_converted_to_the_millisecond() {
        for (nanoseconds, milliseconds) in [(0, 0), (1_999_999, 1), (-1, -1), (-1_000_000, -1)] {
            let time = jiff::Timestamp::from_nanosecond(nanoseconds).expect("it is near");
            assert_eq!(Timestamp::from(time), Timestamp(milliseconds));
        }
        for time in [jiff::Timestamp::MIN, jiff::Timestamp::MAX] {
            let ours = Timestamp::from(time);
            assert_eq!(
                jiff::Timestamp::try_from(ours).map(|it| it.as_millisecond()),
                Ok(time.as_nanosecond().div_euclid(1_000_000) as i64),
            );
        }
        assert_eq!(jiff::Timestamp::try_from(Timestamp(i64::MAX)), Err(OutOfRange));
        assert_eq!(Span::from(SignedDuration::from_nanos(-1)), Span(-1));
        assert_eq!(SignedDuration::from(Span(-1_500)), SignedDuration::from_millis(-1_500));
        assert_eq!(Span::from(SignedDuration::MAX), Span(i64::MAX));
    }
}
