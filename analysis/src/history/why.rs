//! Why an activity ended like that, in a sentence, and its reconstructed timeline: hidden attempts
//! as ranges of possible instants. Says what the search found; searches nothing.

use super::classes::{Classes, classes};
use super::play::Way;
use super::record::Record;
use super::search::Explained;
use super::words::{MOST_ATTEMPTS, at, time, words};
use activity_execution::history::{
    How, RecordedActivity, RecordedFailure, RecordedRetryState, RecordedRun,
};
use activity_execution::vocabulary::{Attempt, RetryState, TimeoutType};
use activity_execution::{Content, Failure, FailureInfo};

/// A line of a timeline.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// When, in microseconds after the scheduling: the earliest and the latest instant.
    pub at: (i64, i64),
    /// What happened.
    pub what: String,
    /// Whether it is recorded.
    pub is_recorded: bool,
}

/// Why it ended like that.
pub(super) fn why(
    record: &Record<'_>,
    explained: &Explained,
    activity: &RecordedActivity,
    run: &RecordedRun,
) -> String {
    let end = match record.close {
        Some((closed, close)) => ended(record, explained, closed, &close.how),
        None => open(record, explained, activity, run),
    };
    match before(record, explained) {
        Some(before) => format!("{end}; {before}"),
        None => end,
    }
}

fn ended(record: &Record<'_>, explained: &Explained, closed: i64, how: &How) -> String {
    let attempt = explained.attempt;
    let took = record.started.and_then(|(started, _)| started).map(|it| time((closed - it).max(0)));
    let after = took.map_or(String::new(), |took| format!(" {took} after its start"));
    let asked = record.cancel_requests.first().copied();
    match how {
        How::Completed => format!("attempt {attempt} completed{after}"),
        How::Canceled { .. } => match (record.started, asked) {
            (Some(_), Some(asked)) => {
                format!(
                    "attempt {attempt} gave in{after} to the cancellation requested {}",
                    at(asked)
                )
            }
            (Some(_), None) => format!("attempt {attempt} was canceled{after}"),
            (None, _) => format!(
                "canceled {} while it waited for a worker or for its backoff",
                at(asked.unwrap_or(closed))
            ),
        },
        How::Failed { failure, retry_state } => {
            let failure = failure.as_ref().map_or("a failure without details".to_owned(), words);
            let reason = not_retried(record, explained, closed, retry_state.as_ref());
            format!("attempt {attempt} ended{after} by {failure}{reason}")
        }
        How::TimedOut { retry_state, .. } => {
            timed_out(record, explained, closed, retry_state.as_ref())
        }
    }
}

fn timed_out(
    record: &Record<'_>,
    explained: &Explained,
    closed: i64,
    retry_state: Option<&RecordedRetryState>,
) -> String {
    let attempt = explained.attempt;
    let options = record.options;
    let total = options.schedule_to_close_timeout().map_or(0, |it| it.0 * 1_000);
    let way = match explained.elapsed {
        Some(TimeoutType::ScheduleToStart) => {
            let wait = options.schedule_to_start_timeout().map_or(0, |it| it.0 * 1_000);
            return format!("no worker took attempt {attempt} for {}", time(wait));
        }
        Some(TimeoutType::ScheduleToClose) => {
            let doing = if record.started.is_some() { "ran" } else { "waited" };
            let asked = match retry_state {
                Some(RecordedRetryState::Known(RetryState::CancelRequested)) => {
                    ", and cancellation had been requested"
                }
                _ => "",
            };
            return format!(
                "the {} of schedule-to-close were over while attempt {attempt} {doing}{asked}",
                time(total)
            );
        }
        Some(TimeoutType::StartToClose) => {
            format!(
                "ran into start-to-close of {}",
                time(options.start_to_close_timeout().0 * 1_000)
            )
        }
        Some(TimeoutType::Heartbeat) => {
            let silence = options.heartbeat_timeout().map_or(0, |it| it.0 * 1_000);
            format!("was silent for its heartbeat timeout of {}", time(silence))
        }
        None => "timed out".to_owned(),
    };
    let reason = not_retried(record, explained, closed, retry_state);
    let alike = alike(record, explained, closed);
    format!("attempt {attempt} {way}{reason}{alike}")
}

/// Why there was no retry.
fn not_retried(
    record: &Record<'_>,
    explained: &Explained,
    closed: i64,
    retry_state: Option<&RecordedRetryState>,
) -> String {
    let Some(RecordedRetryState::Known(retry_state)) = retry_state else {
        return String::new();
    };
    let backoff = record.options.backoff(Attempt(explained.attempt)).0 * 1_000;
    match retry_state {
        RetryState::CancelRequested => {
            let asked =
                record.cancel_requests.first().map_or(String::new(), |it| format!(" {}", at(*it)));
            format!(": cancellation was requested{asked}, after which nothing is retried")
        }
        RetryState::NonRetryableFailure => ", which is not retried".to_owned(),
        RetryState::MaximumAttemptsReached => match explained.attempt {
            1 => ": there is one attempt only".to_owned(),
            many => format!(", the last of {many} attempts"),
        },
        RetryState::Timeout => match record.options.schedule_to_close_timeout() {
            Some(total) if closed + backoff > total.0 * 1_000 => format!(
                ": gave up {}, for the next backoff of {} would end {}, after schedule-to-close {}",
                at(closed),
                time(backoff),
                at(closed + backoff),
                at(total.0 * 1_000)
            ),
            Some(_) | None => ": no time was left for a retry".to_owned(),
        },
    }
}

/// What all attempts together took, if each ended like the last.
fn alike(record: &Record<'_>, explained: &Explained, closed: i64) -> String {
    let way = explained.elapsed.and_then(Way::of);
    let all =
        explained.hidden.iter().all(|hidden| way.is_some_and(|way| hidden.ways.contains(&way)));
    if explained.hidden.is_empty() || !all || explained.hidden.len() > FEW {
        return String::new();
    }
    let takes = match way {
        Some(Way::Heartbeat) => record.options.heartbeat_timeout().map_or(0, |it| it.0 * 1_000),
        _ => record.options.start_to_close_timeout().0 * 1_000,
    };
    let mut parts = vec![time(takes)];
    let mut sum = takes;
    for hidden in &explained.hidden {
        parts.extend([time(hidden.wait), time(takes)]);
        sum += hidden.wait + takes;
    }
    if sum > closed {
        return String::new();
    }
    let many = explained.hidden.len() + 1;
    format!(
        "; {many} attempts that each ended so take {} = {} of the {} that passed",
        parts.join(" + "),
        time(sum),
        time(closed)
    )
}

fn open(
    record: &Record<'_>,
    explained: &Explained,
    activity: &RecordedActivity,
    run: &RecordedRun,
) -> String {
    if let Some(closed) = &run.closed {
        return format!("open when its workflow run closed ({})", closed.how);
    }
    let attempt = explained.attempt;
    match (&activity.pending, record.started) {
        (Some(pending), _) => {
            let state = pending.state.map_or("open".to_owned(), |state| format!("{state:?}"));
            let maximum = record.options.retry_policy().maximum_attempts();
            let of = if maximum > 0 { format!(" of {maximum}") } else { String::new() };
            format!("pending: attempt {attempt}{of}, {state}")
        }
        (None, Some(_)) => format!("open: attempt {attempt} runs"),
        (None, None) => "open: whether an attempt runs is not recorded".to_owned(),
    }
}

/// What went before the last attempt and left no event.
fn before(record: &Record<'_>, explained: &Explained) -> Option<String> {
    let Explained { at_least, at_most, .. } = explained;
    if record.close.is_none() && record.started.is_none() {
        return None;
    }
    if at_most > at_least {
        let most = if *at_most >= MOST_ATTEMPTS {
            "any number of".to_owned()
        } else {
            at_most.to_string()
        };
        return Some(match at_least {
            0 if *at_most == 1 => {
                "one attempt may have gone before, which left no event".to_owned()
            }
            0 => format!("up to {most} attempts may have gone before, which left no event"),
            least => format!("{least} to {most} attempts went before, which left no event"),
        });
    }
    if *at_least == 0 {
        return None;
    }
    let Classes { told, more, .. } = classes(explained, 1);
    let first = told.first()?.in_words();
    let last = record.started.and_then(|(_, started)| started.last_failure.as_ref());
    let last = last.map_or(String::new(), |last: &RecordedFailure| match last.failure.content() {
        Some(Content::Failure(Failure { info: FailureInfo::Timeout { .. }, .. })) => String::new(),
        Some(_) if *at_least == 1 => format!(", by {}", words(last)),
        _ => String::new(),
    });
    let more = if more > 0 { format!(" (or one of {more} other ways)") } else { String::new() };
    Some(format!("before it, and not recorded: {first}{last}{more}"))
}

/// The reconstructed timeline of an activity.
#[must_use]
pub fn timeline(activity: &RecordedActivity, explained: &Explained) -> Vec<Line> {
    let Some(began) = activity.scheduled.as_ref().and_then(|it| it.time) else {
        return Vec::new();
    };
    let since = |it: Option<i64>| it.map(|it| (it - began).div_euclid(1_000));
    let mut lines = Vec::new();
    let mut recorded = |at: Option<i64>, what: String| {
        if let Some(at) = since(at) {
            lines.push(Line { at: (at, at), what, is_recorded: true });
        }
    };
    recorded(Some(began), "scheduled".to_owned());
    if let Some(started) = activity.starts.first() {
        recorded(started.time, format!("attempt {} starts", explained.attempt));
    }
    for request in &activity.cancel_requests {
        recorded(request.time, "cancellation is requested".to_owned());
    }
    if let Some(closed) = activity.closes.first() {
        let what = closed.how.event().trim_start_matches("ActivityTask");
        recorded(closed.time, what.to_owned());
    }
    for hidden in &explained.hidden {
        let attempt = hidden.attempt;
        let ways: Vec<&str> = hidden.ways.iter().map(|way| way.name()).collect();
        let (starts, ends) = (format!("attempt {attempt} starts"), ways.join(" or "));
        let ends = format!("attempt {attempt} ends: {ends}");
        lines.push(Line { at: hidden.start, what: starts, is_recorded: false });
        lines.push(Line { at: hidden.end, what: ends, is_recorded: false });
    }
    // Of one instant, what is written later in the life of an activity comes later.
    lines.sort_by_key(|line| line.at);
    lines
}

const FEW: usize = 8;
