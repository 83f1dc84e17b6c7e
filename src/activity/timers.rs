//! The timer wheel in the unit of the core: one timer for each key, at a [`Timestamp`].
//! Knows that instants can lie before the origin; the wheel does not.

use crate::vocabulary::Timestamp;
use crate::wheel::Wheel;
use alloc::vec::Vec;

/// Timers by dense key, one for each: a [`Wheel`] whose instants are timestamps.
///
/// ```
/// use activity_execution::{Activity, ActivityOptions, Timers};
/// use activity_execution::vocabulary::Timestamp;
/// use core::time::Duration;
///
/// let options = ActivityOptions::builder()
///     .schedule_to_close_timeout(Duration::from_secs(60))
///     .build()?;
/// let (mut activity, _durable) = Activity::start(options, Timestamp(0), "start");
///
/// let mut timers = Timers::default();
/// timers.set(7, activity.next_wakeup());
/// assert_eq!(timers.next_wakeup(), Some(Timestamp(60_000)));
/// let mut due = Vec::new();
/// timers.advance(Timestamp(60_000), &mut due);
/// assert_eq!(due, [7]);
/// assert_eq!(activity.advance(Timestamp(60_000)).len(), 1); // it is closed
/// timers.set(7, activity.next_wakeup()); // no further deadline: cleared
/// assert_eq!(timers.next_wakeup(), None);
/// # Ok::<(), activity_execution::options::InvalidOptions>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Timers(Wheel);

impl Timers {
    /// Timers that need no more memory for the keys below `keys`.
    #[must_use]
    pub fn with_capacity(keys: usize) -> Self {
        Timers(Wheel::with_capacity(keys))
    }

    /// Sets the timer of `key`, replacing any earlier setting; `None` clears it.
    #[inline]
    pub fn set(&mut self, key: u32, at: Option<Timestamp>) {
        match at {
            Some(at) => self.0.set(key, instant(at)),
            None => self.0.clear(key),
        }
    }

    /// When [`advance`](Self::advance) is next to be called: nothing fires before it.
    #[inline]
    #[must_use]
    pub fn next_wakeup(&self) -> Option<Timestamp> {
        self.0.next_expiration().map(timestamp)
    }

    /// Moves the key of every timer due by `now` to the end of `due`: by deadline, then by key.
    #[inline]
    pub fn advance(&mut self, now: Timestamp, due: &mut Vec<u32>) {
        self.0.advance(instant(now), due);
    }
}

/// The order of timestamps is that of their instants.
fn instant(Timestamp(time): Timestamp) -> u64 {
    time.cast_unsigned() ^ BEFORE_THE_ORIGIN
}

fn timestamp(instant: u64) -> Timestamp {
    Timestamp((instant ^ BEFORE_THE_ORIGIN).cast_signed())
}

/// The bit that tells instants from the origin on from those before it.
const BEFORE_THE_ORIGIN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_fire_in_the_order_of_timestamps_on_both_sides_of_the_origin() {
        let times = [i64::MIN, -2, -1, 0, 1, i64::MAX - 1];
        let mut timers = Timers::with_capacity(times.len());
        for (key, time) in (0..).zip(times) {
            timers.set(key, Some(Timestamp(time)));
        }
        for (key, time) in (0..).zip(times) {
            assert_eq!(timers.next_wakeup(), Some(Timestamp(time)));
            let mut due = Vec::new();
            timers.advance(Timestamp(time), &mut due);
            assert_eq!(due, [key]);
        }
        assert_eq!(timers.next_wakeup(), None);
    }
}
