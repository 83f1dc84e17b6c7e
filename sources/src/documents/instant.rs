//! Instants as exporters write them: RFC 3339, counts since 1970, seconds with nanoseconds.

use super::duration;
use super::tree::Node;
use activity_execution::history::RecordedTime;
use activity_execution::options::Nanoseconds;
use jiff::Timestamp;

/// The nanoseconds since the beginning of 1970; `None` for what is none, or is no instant of the
/// calendar.
pub(super) fn instant(node: &Node<'_>) -> Option<i128> {
    let Some(text) = node.plain() else {
        let since = duration::of_message(node).map(|Nanoseconds(since)| since);
        return since.filter(is_of_the_calendar);
    };
    if let Ok(count) = text.parse::<i64>() {
        let count = i128::from(count);
        return Some(count * unit_of(count)).filter(is_of_the_calendar);
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_nanosecond)
}

/// The same as a server records it, near enough that the distance of any two can be told.
pub(super) fn recorded_time(node: &Node<'_>) -> Option<RecordedTime> {
    instant(node).and_then(bounded)
}

/// An instant that is not more than 146 years from 1970.
pub(super) fn bounded(nanoseconds: i128) -> Option<RecordedTime> {
    let time = RecordedTime::try_from(nanoseconds).ok()?;
    (time.unsigned_abs() <= FARTHEST).then_some(time)
}

fn is_of_the_calendar(nanoseconds: &i128) -> bool {
    Timestamp::from_nanosecond(*nanoseconds).is_ok()
}

/// What a count since 1970 counts, told by its size: no history is older than 1973 or younger than
/// the year 5000.
fn unit_of(count: i128) -> i128 {
    match count.unsigned_abs() {
        0..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    }
}

const FARTHEST: u64 = 1 << 62;
