//! Conversions from and to the standard library's clock. Reads no clock.

use super::OutOfRange;
use crate::vocabulary::Timestamp;
use core::time::Duration;
use std::time::SystemTime;

/// Milliseconds since the Unix epoch, floored; what is too far away is the farthest.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Timestamp(i64::try_from(after.as_millis()).unwrap_or(i64::MAX)),
            Err(before) => {
                let before = before.duration().as_nanos().div_ceil(1_000_000);
                Timestamp(i64::try_from(before).map_or(i64::MIN, |milliseconds| -milliseconds))
            }
        }
    }
}

/// Fails where the system's clock does not reach.
impl TryFrom<Timestamp> for SystemTime {
    type Error = OutOfRange;

    fn try_from(Timestamp(milliseconds): Timestamp) -> Result<Self, OutOfRange> {
        let distance = Duration::from_millis(milliseconds.unsigned_abs());
        let time = match milliseconds < 0 {
            true => SystemTime::UNIX_EPOCH.checked_sub(distance),
            false => SystemTime::UNIX_EPOCH.checked_add(distance),
        };
        time.ok_or(OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_of_the_system_are_floored_on_both_sides_of_the_epoch() {
        let at = |nanoseconds: i64| {
            let distance = Duration::from_nanos(nanoseconds.unsigned_abs());
            match nanoseconds < 0 {
                true => SystemTime::UNIX_EPOCH - distance,
                false => SystemTime::UNIX_EPOCH + distance,
            }
        };
        for (nanoseconds, milliseconds) in
            [(0, 0), (999_999, 0), (1_000_000, 1), (-1, -1), (-1_000_000, -1), (-1_000_001, -2)]
        {
            assert_eq!(Timestamp::from(at(nanoseconds)), Timestamp(milliseconds));
        }
        for milliseconds in [-86_400_001, 0, 1_795_850_940_005] {
            let time = SystemTime::try_from(Timestamp(milliseconds)).expect("it is near");
            assert_eq!(Timestamp::from(time), Timestamp(milliseconds));
        }
    }
}
