//! The stored forms of numbers and names: instants and spans as people read them, request ids as
//! they were sent.

use crate::RequestIdText;
use crate::vocabulary::{Attempt, Span, Target, TaskToken, Timestamp};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::fmt::Display;
use core::str::FromStr;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes milliseconds: as text where people read it.
fn write<S: Serializer>(
    serializer: S,
    milliseconds: i64,
    readable: impl Display,
) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.collect_str(&readable)
    } else {
        serializer.serialize_i64(milliseconds)
    }
}

/// Reads what [`write`] writes.
fn read<'de, D, T>(deserializer: D, of: impl Fn(i64) -> T) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    if deserializer.is_human_readable() {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    } else {
        i64::deserialize(deserializer).map(of)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(serializer, self.0, self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, Timestamp)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(serializer, self.0, Seconds(*self))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |milliseconds| Seconds(Span(milliseconds))).map(|Seconds(span)| span)
    }
}

impl Serialize for Attempt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Attempt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Attempt)
    }
}

impl Serialize for TaskToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TaskToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Attempt::deserialize(deserializer).map(TaskToken)
    }
}

impl Serialize for RequestIdText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RequestIdText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer).map(|text| RequestIdText::from(text.as_ref()))
    }
}

#[derive(Deserialize, Serialize)]
enum TargetForm {
    Token(TaskToken),
    ById,
}

impl From<&Target> for TargetForm {
    fn from(target: &Target) -> Self {
        match target {
            Target::Token(token) => TargetForm::Token(*token),
            Target::ById => TargetForm::ById,
        }
    }
}

impl From<TargetForm> for Target {
    fn from(form: TargetForm) -> Self {
        match form {
            TargetForm::Token(token) => Target::Token(token),
            TargetForm::ById => Target::ById,
        }
    }
}

super::stored!(Target as TargetForm);

/// A span in seconds, with three places behind the point where it is not whole.
struct Seconds(Span);

impl Display for Seconds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let milliseconds = self.0.0.unsigned_abs();
        let sign = if self.0.0 < 0 { "-" } else { "" };
        match milliseconds % 1_000 {
            0 => write!(f, "{sign}{}s", milliseconds / 1_000),
            rest => write!(f, "{sign}{}.{rest:03}s", milliseconds / 1_000),
        }
    }
}

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let milliseconds = || {
            let seconds = text.strip_suffix('s')?;
            let (whole, places) = seconds.split_once('.').unwrap_or((seconds, "000"));
            let digits = [whole, places].concat();
            (places.len() == 3).then_some(digits.parse::<i64>().ok()?)
        };
        // One spelling for each span, so that what is stored is what would be stored again.
        match milliseconds().map(|milliseconds| Seconds(Span(milliseconds))) {
            Some(seconds) if seconds.to_string() == text => Ok(seconds),
            Some(_) | None => Err(alloc::format!(
                "{text:?} is no length of time: write seconds, as 90s or 0.250s"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_one_spelling_and_is_read_from_it_alone() {
        for (milliseconds, text) in [
            (0, "0s"),
            (1, "0.001s"),
            (-1, "-0.001s"),
            (90_000, "90s"),
            (90_250, "90.250s"),
            (i64::MAX, "9223372036854775.807s"),
            (i64::MIN, "-9223372036854775.808s"),
        ] {
            assert_eq!(Seconds(Span(milliseconds)).to_string(), text);
            assert_eq!(text.parse::<Seconds>().map(|it| it.0), Ok(Span(milliseconds)));
        }
        for text in
            ["", "s", "90", "90S", "+90s", "090s", "90.0s", "90.000s", "-0s", ".250s", "1.2.3s"]
        {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
    }
}
