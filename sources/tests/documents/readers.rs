//! What every reader owes to any bytes: what is in them, or an error that points into them; never a
//! panic, and the same whether they come at once or one by one. The fuzzer and the tests share it.

use activity_execution::history::RecordedHistory;
use activity_sources::documents::{self, Document, Unusable};
use std::io::{self, Read};

/// What became of some bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Found {
    /// Whether they are a document.
    pub(crate) is_document: bool,
    /// Whether they are a history.
    pub(crate) is_history: bool,
}

/// Holds every reader to some bytes.
///
/// # Panics
/// If one does not do what it owes.
pub(crate) fn hold(bytes: &[u8]) -> Found {
    let document = Document::parse(bytes);
    match &document {
        Ok(document) => {
            let normal = document.activities.iter().all(|it| it.options.terms().are_normal());
            assert!(normal, "options are normalised: {document:?}");
        }
        Err(unusable) => points_into(unusable, bytes),
    }
    let history = documents::history(bytes);
    match &history {
        Ok(history) => is_in_order(history),
        Err(unusable) => is_one_line(unusable),
    }
    let slowly = documents::history(OneByOne(bytes));
    assert_eq!(told(&history), told(&slowly), "it does not matter how they come");
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.len() < 64
        && let Err(unusable) = documents::duration(text)
    {
        is_one_line(&unusable);
    }
    Found { is_document: document.is_ok(), is_history: history.is_ok() }
}

fn told(read: &Result<RecordedHistory, Unusable>) -> String {
    match read {
        Ok(history) => format!("{history:?}"),
        Err(unusable) => unusable.to_string(),
    }
}

fn points_into(unusable: &Unusable, bytes: &[u8]) {
    is_one_line(unusable);
    let text = documents::text(bytes).unwrap_or_default();
    if let (Some(line), Some(span)) = (unusable.line(), unusable.span()) {
        assert!(text.get(span).is_some(), "{unusable}");
        assert!(line <= text.matches('\n').count() + 1, "{unusable}");
        assert!(unusable.column().is_some_and(|column| column >= 1), "{unusable}");
    }
}

fn is_one_line(unusable: &Unusable) {
    assert!(!unusable.message().is_empty());
    assert!(!unusable.to_string().contains(['\n', '\r']), "{unusable}");
    assert!(unusable.line().is_none_or(|line| line >= 1), "{unusable}");
}

/// What whoever judges a history relies on.
fn is_in_order(history: &RecordedHistory) {
    let run = &history.run;
    assert!(run.event_ids.is_none_or(|(first, last)| 0 < first && first <= last));
    assert!(run.workflow_tasks_completed.is_sorted() && run.repeated_event_ids.is_sorted());
    let times = [run.last_time, run.ends, run.closed.as_ref().and_then(|it| it.time)];
    let mut times: Vec<i64> = times.into_iter().flatten().collect();
    for activity in &history.activities {
        assert!(activity.starts.is_sorted_by_key(|it| it.event_id));
        assert!(activity.closes.is_sorted_by_key(|it| it.event_id));
        assert!(activity.cancel_requests.is_sorted_by_key(|it| it.event_id));
        let scheduled = activity.scheduled.iter();
        for options in scheduled.clone().filter_map(|it| it.options.as_ref().ok()) {
            assert!(options.terms().are_normal());
        }
        times.extend(scheduled.filter_map(|it| it.time));
        times.extend(activity.starts.iter().filter_map(|it| it.time));
        times.extend(activity.closes.iter().filter_map(|it| it.time));
        let attempts = activity.starts.iter().filter_map(|it| it.attempt);
        assert!(attempts.max().is_none_or(|attempt| i32::try_from(attempt).is_ok()));
    }
    let ends = times.iter().min().zip(times.iter().max());
    assert!(ends.is_none_or(|(first, last)| last.checked_sub(*first).is_some()));
}

/// Bytes that come one by one.
struct OneByOne<'a>(&'a [u8]);

impl Read for OneByOne<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (Some((first, rest)), Some(place)) = (self.0.split_first(), buffer.first_mut()) else {
            return Ok(0);
        };
        *place = *first;
        self.0 = rest;
        Ok(1)
    }
}
