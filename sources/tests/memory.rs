//! How much memory it takes to read what is larger than any server writes. In a process of its own, for
//! what counts is the most that was ever in use.

use activity_sources::documents;
use std::fs;
use std::io::{self, Read, Write as _};

/// Bytes that are made while they are read.
struct Made {
    unit: &'static [u8],
    left: usize,
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let many = buffer.len().min(self.left);
        let begun = self.left % self.unit.len();
        let skipped = (self.unit.len() - begun) % self.unit.len();
        for (place, byte) in buffer[..many].iter_mut().enumerate() {
            *byte = self.unit[(skipped + place) % self.unit.len()];
        }
        self.left -= many;
        Ok(many)
    }
}

/// The text with so much of something in its middle.
fn with(before: &'static str, unit: &'static str, after: &'static str) -> impl Read {
    let left = LARGE / unit.len() * unit.len();
    before.as_bytes().chain(Made { unit: unit.as_bytes(), left }).chain(after.as_bytes())
}

/// How many bytes of memory were in use at most, where the system tells it.
fn peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<usize>().ok().map(|kibibytes| kibibytes << 10)
}

#[test]
fn what_is_longer_than_anything_that_is_written_is_not_kept() {
    let Some(before) = peak() else {
        let _ = writeln!(io::stderr(), "NOT RUN: this system does not say how much memory is used");
        return;
    };
    let all = [
        ("a key beside the events", with("{\"", "k", "\": 1, \"events\": []}"), 0),
        ("a key of escapes", with("{\"", "\\u00e4", "\": 1, \"events\": []}"), 0),
        (
            "a key among attributes",
            with(
                "{\"events\":[{\"eventId\":5,\"activityTaskScheduledEventAttributes\":{\
                 \"activityId\":\"a\",\"startToCloseTimeout\":\"5s\",\"",
                "k",
                "\":7}}]}",
            ),
            1,
        ),
        (
            "a text that nobody knows",
            with(
                "{\"events\":[{\"eventId\":5,\"activityTaskScheduledEventAttributes\":{\
                 \"activityId\":\"a\",\"startToCloseTimeout\":\"5s\",\"motto\":\"",
                "tempus fugit, ",
                "\"}}]}",
            ),
            1,
        ),
        ("digits", with("{\"number\": 1", "0", ", \"events\": []}"), 0),
        ("blanks", with("{\"number\": 1", " \n", ", \"events\": []}"), 0),
        (
            "a payload",
            with(
                "{\"events\":[{\"eventId\":5,\"activityTaskScheduledEventAttributes\":{\
                 \"activityId\":\"a\",\"startToCloseTimeout\":\"5s\",\"input\":[\"",
                "cGF5bG9hZCA=",
                "\"]}}]}",
            ),
            1,
        ),
    ];
    for (what, bytes, activities) in all {
        let history = documents::history(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(history.activities.len(), activities, "{what}");
        let used = peak().unwrap_or(0).saturating_sub(before);
        println!("{what}: {} KiB at most so far", used >> 10);
        assert!(used < MOST, "{what}: {} MiB", used >> 20);
    }
    // Last, for what was once in use counts from then on.
    is_refused_where_it_is_too_much();
}

/// Much that is small is more than one event can have, too.
fn is_refused_where_it_is_too_much() {
    let numbers = with("{\"eventId\": 1,\n\"eventType\": [", "1,", "1]}");
    let error = documents::history(numbers).expect_err("it is too large");
    assert_eq!(error.to_string(), "line 2: this is larger than any event");
}

/// So much of each, in bytes.
const LARGE: usize = 1 << 26;
/// What all of it may take: a few strings as long as any is kept.
const MOST: usize = 40 << 20;
