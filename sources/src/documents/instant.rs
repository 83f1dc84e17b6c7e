//! Instants as exporters write them: RFC 3339, counts since 1970, seconds with nanoseconds.

use super::duration;
use super::tree::Node;
use activity_execution::options::Nanoseconds;
use jiff::Timestamp;

/// The nanoseconds since the beginning of 1970.
pub(super) fn instant(node: &Node<'_>) -> Option<i128> {
    let Some(text) = node.plain() else {
        return duration::of_message(node).map(|Nanoseconds(since)| since);
    };
    if let Ok(count) = text.parse::<i128>() {
        return Some(count * unit_of(count));
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_nanosecond)
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
