//! Instants as people write them: RFC 3339 in UTC, from the proleptic Gregorian calendar.
//! Takes the Unix epoch for the origin; has no clock and no time zone.

use crate::vocabulary::Timestamp;
use core::fmt;
use core::str::FromStr;

/// As RFC 3339 in UTC, with milliseconds where there are any: `2026-11-28T07:29:00.005Z`.
///
/// Years before 0 and after 9999, which RFC 3339 does not have, are written with their sign.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, in_day) = (self.0.div_euclid(DAY), self.0.rem_euclid(DAY));
        let (year, month, day) = date(days);
        if (0..=9_999).contains(&year) {
            write!(f, "{year:04}")?;
        } else {
            write!(f, "{year:+07}")?;
        }
        let (seconds, milliseconds) = (in_day / 1_000, in_day % 1_000);
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
        write!(f, "-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}", seconds % 60)?;
        if milliseconds != 0 {
            write!(f, ".{milliseconds:03}")?;
        }
        f.write_str("Z")
    }
}

/// A text that is no instant as [`Timestamp`]s are written.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct ParseTimestampError;

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "no instant: write it in UTC, as 2026-11-28T07:29:00Z or 2026-11-28T07:29:00.005Z",
        )
    }
}

impl core::error::Error for ParseTimestampError {}

/// Reads what is written for the years 0 to 9999, and no other spelling.
impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, ParseTimestampError> {
        parse(text.as_bytes()).ok_or(ParseTimestampError)
    }
}

fn parse(text: &[u8]) -> Option<Timestamp> {
    let (to_seconds, rest) = text.split_first_chunk::<19>()?;
    let milliseconds = match rest {
        [b'Z'] => 0,
        // Where there are none, they are not written.
        [b'.', digits @ .., b'Z'] if digits.len() == 3 => number(digits).filter(|it| *it != 0)?,
        _ => return None,
    };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if separators.iter().any(|&(place, separator)| to_seconds[place] != separator) {
        return None;
    }
    let (year, month) = (number(&to_seconds[..4])?, number(&to_seconds[5..7])?);
    let (day, hours) = (number(&to_seconds[8..10])?, number(&to_seconds[11..13])?);
    let (minutes, seconds) = (number(&to_seconds[14..16])?, number(&to_seconds[17..19])?);
    let days = days(year, month, day);
    // A day that the month does not have is another one.
    if date(days) != (year, month, day) || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let in_day = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds;
    Some(Timestamp(days * DAY + in_day))
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit - b'0'))
    })
}

/// The year, month and day of a day that is counted from the epoch.
///
/// The calendar repeats itself every 400 years; its years are taken to begin in March, so that the
/// day that some lack is the last one.
fn date(days: i64) -> (i64, i64, i64) {
    let from_march_of_0 = days + DAYS_TO_EPOCH;
    let (era, day_of_era) = (from_march_of_0.div_euclid(ERA), from_march_of_0.rem_euclid(ERA));
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / (ERA - 1);
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_from_march + 2) / 5 + 1;
    let month = if months_from_march < 10 { months_from_march + 3 } else { months_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

/// The day, counted from the epoch, of a date; the inverse of [`date`].
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let months_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * months_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * ERA + day_of_era - DAYS_TO_EPOCH
}

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;
/// Days in 400 years.
const ERA: i64 = 146_097;
/// Days from the first of March of the year 0 to the first of January of 1970.
const DAYS_TO_EPOCH: i64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn instants_are_shown_as_people_write_them() {
        for (milliseconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_850_940_005, "2026-11-28T07:29:00.005Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "+010000-01-01T00:00:00Z"),
            (i64::MAX, "+292278994-08-17T07:12:55.807Z"),
            (i64::MIN, "-292275055-05-16T16:47:04.192Z"),
        ] {
            assert_eq!(Timestamp(milliseconds).to_string(), text);
        }
    }

    #[test]
    fn every_day_of_eight_centuries_is_read_as_it_is_shown_and_follows_the_one_before() {
        let mut last = Timestamp(-11_676_096_000_000 - DAY).to_string();
        for day in 0..2 * ERA {
            let time = Timestamp(-11_676_096_000_000 + day * DAY + day % 1_000);
            let text = time.to_string();
            assert_eq!(text.parse(), Ok(time), "{text}");
            assert!(last < text, "{text} comes after {last}");
            last = text;
        }
        assert!(last.starts_with("2399-12-31"), "{last}");
    }

    #[test]
    fn another_spelling_is_no_instant() {
        for text in [
            "",
            "2026-11-28",
            "2026-11-28T07:29:00",
            "2026-11-28T07:29:00+00:00",
            "2026-11-28t07:29:00Z",
            "2026-11-28T07:29:00.000Z",
            "2026-11-28T07:29:00.5Z",
            "2026-11-28T07:29:60Z",
            "2026-11-28T24:00:00Z",
            "2026-02-29T07:29:00Z",
            "2026-00-10T07:29:00Z",
            "2026-13-10T07:29:00Z",
            "2026-11-00T07:29:00Z",
            "+2026-1-28T07:29:00Z",
            "2026-11-28T07:29:00ZZ",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(ParseTimestampError), "{text}");
        }
    }
}
