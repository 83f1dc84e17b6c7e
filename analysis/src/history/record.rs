//! What is recorded of an activity, with instants counted from its scheduling.

use super::words::{MOST_ATTEMPTS, timeout_of_server};
use activity_execution::Content;
use activity_execution::history::{
    Closed, How, RecordedActivity, RecordedFailure, RecordedRetryState, RecordedRun, RecordedTime,
    Scheduled, Started,
};
use activity_execution::options::ActivityOptions;
use activity_execution::vocabulary::RetryState;

/// What is recorded, with instants in microseconds after the scheduling.
#[derive(Clone, Debug)]
pub(super) struct Record<'a> {
    pub(super) options: &'a ActivityOptions,
    pub(super) started: Option<(Option<i64>, &'a Started)>,
    pub(super) cancel_requests: Vec<i64>,
    pub(super) close: Option<(i64, &'a Closed)>,
    pub(super) has_retry_policy: bool,
    /// What is known of the last hidden attempt where no start tells it: a timeout has it as cause.
    pub(super) cause: Option<Option<RecordedFailure>>,
    /// Whether nothing is recorded after a request to cancel, not even what it led to at once.
    pub(super) is_cut_at_the_request: bool,
    /// The last instant that is known of the run.
    pub(super) until: Option<i64>,
    /// How far the clocks of hosts may differ.
    pub(super) skew: i64,
}

impl<'a> Record<'a> {
    /// `None` where the instants or the options are not recorded.
    pub(super) fn of(
        activity: &'a RecordedActivity,
        scheduled: &'a Scheduled,
        run: &RecordedRun,
        skew: i64,
    ) -> Option<Self> {
        let options = scheduled.options.as_ref().ok()?;
        let began = scheduled.time?;
        let since = |time: RecordedTime| (time - began).div_euclid(1_000);
        let close = match activity.closes.first() {
            Some(close) => Some((since(close.time?), close)),
            None => None,
        };
        let started = activity.starts.first().map(|it| (it.time.map(since), it));
        let requests = activity.cancel_requests.iter();
        let mut cancel_requests: Vec<i64> = requests.filter_map(|it| it.time.map(since)).collect();
        // Where events are missing, a request may be one of them; it is no earlier than the start.
        if !run.gaps.is_empty() && cancel_requests.is_empty() && is_for_a_request(activity) {
            cancel_requests.extend(started.and_then(|(time, _)| time).or(close.map(|(at, _)| at)));
        }
        Some(Record {
            options,
            started,
            cancel_requests,
            close,
            has_retry_policy: scheduled.has_retry_policy,
            is_cut_at_the_request: activity.cancel_requests.last().is_some_and(|request| {
                run.event_ids.is_some_and(|(_, last)| last == request.event_id)
            }),
            cause: activity.closes.first().and_then(|close| cause(&close.how)),
            until: run.closed.as_ref().and_then(|it| it.time).or(run.last_time).map(since),
            skew,
        })
    }
}

impl Record<'_> {
    /// The number of the recorded attempt, if it is one that there can be and is not followed.
    pub(super) fn more_than_can_be_followed(&self) -> Option<i64> {
        let counted = self.started.and_then(|(_, started)| started.attempt)?;
        let maximum = self.options.terms().maximum_attempts.map_or(i64::MAX, |maximum| maximum.0);
        (counted > MOST_ATTEMPTS && counted <= maximum).then_some(counted)
    }
}

/// Whether the close says that cancellation was requested.
fn is_for_a_request(activity: &RecordedActivity) -> bool {
    let close = activity.closes.first().map(|close| &close.how);
    let Some(How::Failed { retry_state, .. } | How::TimedOut { retry_state, .. }) = close else {
        return false;
    };
    *retry_state == Some(RecordedRetryState::Known(RetryState::CancelRequested))
}

/// The failure of the attempt before the wait that a timeout ended.
fn cause(how: &How) -> Option<Option<RecordedFailure>> {
    let How::TimedOut { failure: Some(failure), .. } = how else {
        return None;
    };
    let Some(Content::Failure(timeout)) = failure.failure.content() else {
        return None;
    };
    if timeout.cause.is_none() {
        return Some(None);
    }
    let cause = RecordedFailure {
        failure: timeout.cause.clone(),
        next_retry_delay: None,
        is_truncated: false,
        is_of_reset: false,
    };
    // Whether its worker chose a delay is not kept with it.
    let is_truncated = timeout_of_server(&cause).is_none();
    Some(Some(RecordedFailure { is_truncated, ..cause }))
}
