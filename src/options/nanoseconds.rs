//! A duration in nanoseconds, as a request may contain it before it is normalised.

use crate::vocabulary::Span;
use core::fmt;
use core::time::Duration;

/// A duration before normalisation, in nanoseconds; may be negative.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Nanoseconds(pub i128);

impl Nanoseconds {
    /// The same in whole milliseconds.
    ///
    /// Fractions are cut off, but what is not zero stays so: less than a millisecond counts as one.
    #[must_use]
    pub fn whole_milliseconds(self) -> Span<i64> {
        let whole = match self.0 / MILLISECOND {
            0 => self.0.signum(),
            whole => whole,
        };
        Span(i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX }))
    }

    /// The same in 64 bits, as a server computes: what does not fit becomes the extreme.
    pub(super) fn saturated(self) -> i64 {
        i64::try_from(self.0).unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX })
    }
}

impl From<Span<i64>> for Nanoseconds {
    fn from(span: Span<i64>) -> Self {
        Nanoseconds(i128::from(span.0) * MILLISECOND)
    }
}

impl From<Duration> for Nanoseconds {
    fn from(duration: Duration) -> Self {
        Nanoseconds(
            i128::from(duration.as_secs()) * 1_000 * MILLISECOND
                + i128::from(duration.subsec_nanos()),
        )
    }
}

/// As people write it: `1h 30m`, `1s 100ms`, `0s`.
impl fmt::Display for Nanoseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let mut rest = self.0.unsigned_abs();
        let mut separator = "";
        for (unit, name) in UNITS {
            if rest >= unit {
                write!(f, "{separator}{}{name}", rest / unit)?;
                rest %= unit;
                separator = " ";
            }
        }
        Ok(())
    }
}

const MILLISECOND: i128 = 1_000_000;

const UNITS: [(u128, &str); 7] = [
    (86_400_000_000_000, "d"),
    (3_600_000_000_000, "h"),
    (60_000_000_000, "m"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "us"),
    (1, "ns"),
];
