//! The rules of histories that no search is needed for: what stands where, and what names what.
//! The table answers each of the invariants H1 to H26: by the search, by a rule here, or why not.

use super::tolerance::Tolerance;
use super::words::timeout_of_server;
use activity_execution::history::{
    How, RecordedActivity, RecordedRetryState, RecordedRun, Scheduled,
};
use activity_execution::options::Rule;
use activity_execution::vocabulary::{RetryState, TimeoutType};
use activity_execution::{Content, FailureInfo};

/// A rule that is broken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Broken {
    /// Its name.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// Under what it is tolerated, if it is.
    pub tolerance: Option<Tolerance>,
    /// Whether the search has nothing to go by then.
    pub ends_the_search: bool,
}

/// How an invariant is answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answered {
    /// By the search: nothing of the specification explains a history that breaks it.
    BySearch,
    /// By a rule of its own.
    ByRule,
    /// By both.
    ByBoth,
    /// Not at all.
    Not,
}

impl Answered {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Answered::BySearch => "by the search",
            Answered::ByRule => "by a rule of its own",
            Answered::ByBoth => "by both",
            Answered::Not => "not",
        }
    }
}

/// Each invariant, how it is answered, and in a few words what is looked at, or why it is not.
pub const TABLE: [(&str, Answered, &str); 26] = [
    ("H1", Answered::ByRule, "one scheduling; an activity id is used again only after the close"),
    ("H2", Answered::ByRule, "scheduling and requests name an earlier completed workflow task"),
    ("H3", Answered::ByRule, "one start and one close at most"),
    ("H4", Answered::ByRule, "scheduling, start, close in this order; requests before the close"),
    ("H5", Answered::ByRule, "starts and closes name events that are there"),
    ("H6", Answered::BySearch, "a worker's report and an attempt's timeout need a start"),
    ("H7", Answered::ByRule, "a start is written with the close"),
    ("H8", Answered::ByRule, "an activity without close is open, or its run closed first"),
    ("H9", Answered::ByBoth, "cancellation answers a request"),
    (
        "H10",
        Answered::BySearch,
        "what waits is canceled at once; its details are a payload, not read",
    ),
    ("H11", Answered::BySearch, "attempts are counted from 1 to the maximum"),
    ("H12", Answered::BySearch, "the first attempt follows no failure"),
    ("H13", Answered::BySearch, "a failure that closes says why it was not retried"),
    ("H14", Answered::BySearch, "the maximum is reached exactly at the maximum"),
    ("H15", Answered::BySearch, "after a request nothing is retried, and the close says so"),
    ("H16", Answered::BySearch, "type and reason of a timeout agree"),
    ("H17", Answered::ByRule, "the message of a timeout is a server's"),
    ("H18", Answered::ByBoth, "the cause of a timeout is the last failure of the attempts before"),
    ("H19", Answered::ByRule, "the options are normalised"),
    ("H20", Answered::BySearch, "nothing is earlier than its timers allow"),
    ("H21", Answered::BySearch, "an attempt starts after the backoffs before it"),
    ("H22", Answered::ByRule, "nothing is written while a workflow task is under way"),
    ("H23", Answered::Not, "whether a workflow task follows says nothing of the activity"),
    ("H24", Answered::BySearch, "completion by id needs no poll; identities are not kept"),
    ("H25", Answered::ByRule, "a failure that a reset made stands in a history that was reset"),
    ("H26", Answered::BySearch, "a worker may report a timeout as its failure"),
];

/// The rules that are broken of one activity.
pub(super) fn broken(activity: &RecordedActivity, run: &RecordedRun) -> Vec<Broken> {
    let mut found = Found { broken: Vec::new(), is_cut: !run.is_complete };
    if activity.pending.is_some() {
        return found.broken;
    }
    let Some(scheduled) = &activity.scheduled else {
        let message = format!(
            "it names event {} as its scheduling, which is not there",
            activity.scheduled_event_id
        );
        let tolerance = found.is_cut.then_some(Tolerance::Truncated);
        found.broken.push(Broken { rule: "H5", message, tolerance, ends_the_search: true });
        return found.broken;
    };
    found.counts(activity);
    found.order(activity, scheduled);
    found.gaps(activity, run, scheduled);
    found.names(activity, run, scheduled);
    found.reset_and_words(activity, run);
    found.options(scheduled);
    found.under_way(activity, run);
    found.broken
}

/// The timeout that a message is about.
fn said(message: &str) -> Option<TimeoutType> {
    let name = message.strip_prefix("activity ")?.strip_suffix(" timeout")?;
    TimeoutType::ALL.into_iter().find(|it| it.name() == name)
}

struct Found {
    broken: Vec<Broken>,
    is_cut: bool,
}

impl Found {
    fn add(&mut self, rule: &'static str, tolerance: Option<Tolerance>, message: String) {
        self.broken.push(Broken { rule, message, tolerance, ends_the_search: false });
    }

    fn counts(&mut self, activity: &RecordedActivity) {
        if let [first, second, ..] = &activity.closes[..] {
            let (first, second) = (first.event_id, second.event_id);
            self.add("H3", None, format!("it is closed by event {first}, and again by {second}"));
        }
        if let [first, second, ..] = &activity.starts[..] {
            let (first, second) = (first.event_id, second.event_id);
            self.add("H3", None, format!("it is started by event {first}, and again by {second}"));
        }
    }

    fn order(&mut self, activity: &RecordedActivity, scheduled: &Scheduled) {
        let scheduling = scheduled.event_id;
        let started = activity.starts.first();
        let closed = activity.closes.first();
        if let Some(started) = started
            && started.event_id <= scheduling
        {
            self.add("H4", None, "its start stands before its scheduling".to_owned());
        }
        if let Some(closed) = closed {
            if closed.event_id <= scheduling {
                self.add("H4", None, "its close stands before its scheduling".to_owned());
            } else if started.is_some_and(|started| closed.event_id < started.event_id) {
                self.add("H4", None, "its close stands before its start".to_owned());
            }
        }
        for request in &activity.cancel_requests {
            if request.event_id < scheduling {
                self.add("H4", None, "cancellation is requested before its scheduling".to_owned());
            }
            if closed.is_some_and(|closed| closed.event_id < request.event_id) {
                self.add("H4", None, "cancellation is requested after its close".to_owned());
            }
        }
        if closed.is_none() && started.is_some() && scheduled.has_retry_policy {
            let tolerance =
                if self.is_cut { Tolerance::Truncated } else { Tolerance::ServerVersion };
            let message = "its start is written and no close".to_owned();
            self.add("H7", Some(tolerance), message);
        }
    }

    /// What is missing up to the close may have been about it.
    fn gaps(&mut self, activity: &RecordedActivity, run: &RecordedRun, scheduled: &Scheduled) {
        let until = activity.closes.first().map_or(i64::MAX, |closed| closed.event_id);
        let Some((from, to)) = run.gaps.iter().find(|(from, _)| *from < until) else { return };
        let rule = if *to <= scheduled.event_id { "H2" } else { "H5" };
        let message = match to - from {
            2 => format!("event {} is missing", from + 1),
            _ => format!("events {} to {} are missing", from + 1, to - 1),
        };
        self.add(rule, Some(Tolerance::Truncated), message);
    }

    fn names(&mut self, activity: &RecordedActivity, run: &RecordedRun, scheduled: &Scheduled) {
        let tasks = scheduled.workflow_task_completed_event_id.map(|it| (it, scheduled.event_id));
        let requests = activity.cancel_requests.iter();
        let requests =
            requests.filter_map(|it| Some((it.workflow_task_completed_event_id?, it.event_id)));
        for (task, event_id) in tasks.into_iter().chain(requests) {
            let is_known = run.workflow_tasks_completed.binary_search(&task).is_ok();
            if task >= event_id {
                let message = format!("event {event_id} names the later event {task} as its task");
                self.add("H2", None, message);
            } else if !is_known && run.is_complete && task > 0 {
                let message =
                    format!("event {event_id} names event {task}, no completed workflow task");
                self.add("H2", Some(Tolerance::ServerVersion), message);
            }
        }
        let started = activity.starts.first().map(|started| started.event_id);
        let Some(closed) = activity.closes.first() else {
            let (first, last) = run.event_ids.unwrap_or_default();
            let gap = !run.is_complete && first <= 1 && last > scheduled.event_id;
            let message = "it is not closed, and events are missing".to_owned();
            if gap {
                self.add("H8", Some(Tolerance::Truncated), message);
            }
            return;
        };
        match (closed.started_event_id, started) {
            (Some(named), Some(started)) if named == started => {}
            (Some(named), None) => {
                let message =
                    format!("its close names event {named} as its start, which is not there");
                let tolerance = self.is_cut.then_some(Tolerance::Truncated);
                self.broken.push(Broken { rule: "H5", message, tolerance, ends_the_search: true });
            }
            (Some(named), Some(started)) => {
                self.add(
                    "H5",
                    None,
                    format!("its close names event {named}, its start is {started}"),
                );
            }
            (None, Some(started)) => {
                self.add("H5", None, format!("its close does not name its start, {started}"));
            }
            (None, None) => {}
        }
        if let How::Canceled { latest_cancel_requested_event_id: latest } = closed.how {
            let asked = activity.cancel_requests.iter().any(|it| Some(it.event_id) == latest);
            if activity.cancel_requests.is_empty() {
                let tolerance = self.is_cut.then_some(Tolerance::Truncated);
                let message = "it is canceled, and nobody requested it".to_owned();
                self.broken.push(Broken { rule: "H9", message, tolerance, ends_the_search: true });
            } else if latest.is_none() {
                let message = "its cancellation names no request".to_owned();
                self.add("H9", Some(Tolerance::ServerVersion), message);
            } else if !asked {
                self.add("H9", None, "its cancellation names what is no request to it".to_owned());
            }
        }
    }

    fn reset_and_words(&mut self, activity: &RecordedActivity, run: &RecordedRun) {
        let Some(closed) = activity.closes.first() else { return };
        match &closed.how {
            How::Failed { failure: Some(failure), .. } if failure.is_of_reset => {
                let message = "it was failed by a reset of the workflow".to_owned();
                let tolerance = run.is_reset.then_some(Tolerance::Reset);
                self.broken.push(Broken { rule: "H25", message, tolerance, ends_the_search: true });
            }
            How::TimedOut { failure, timeout_type, retry_state } => {
                let old = Some(Tolerance::ServerVersion);
                let Some(failure) = failure else {
                    self.add("H17", old, "its timeout has no failure".to_owned());
                    return;
                };
                let Some(Content::Failure(content)) = failure.failure.content() else { return };
                let given_up = content.message.starts_with("Not enough time");
                let gives_up = *timeout_type == Some(TimeoutType::ScheduleToClose)
                    && *retry_state == Some(RecordedRetryState::Known(RetryState::Timeout));
                let is_as_today =
                    given_up == gives_up && (given_up || timeout_of_server(failure).is_some());
                let is_timeout = matches!(content.info, FailureInfo::Timeout { .. });
                if !is_timeout || !is_as_today {
                    let of_close = *timeout_type == Some(TimeoutType::ScheduleToClose);
                    // For a time, servers that gave up kept the words of the attempt's own timeout.
                    let tolerance = match said(&content.message) {
                        Some(TimeoutType::ScheduleToStart) if is_timeout => None,
                        Some(_) if is_timeout => old.filter(|_| gives_up),
                        None if given_up => old.filter(|_| of_close),
                        Some(_) | None => old,
                    };
                    self.add("H17", tolerance, format!("its message is {:?}", content.message));
                }
                let last = activity.starts.first().map(|started| &started.last_failure);
                if let Some(last) = last {
                    let is_cut = last.as_ref().is_some_and(|last| last.is_truncated);
                    let last = last.as_ref().map(|last| last.failure.clone()).unwrap_or_default();
                    if !is_cut && content.cause != last {
                        let message =
                            "the cause of its timeout is not the last failure of its start";
                        self.add("H18", old, message.to_owned());
                    }
                }
            }
            How::Completed | How::Failed { .. } | How::Canceled { .. } => {}
        }
    }

    fn options(&mut self, scheduled: &Scheduled) {
        let Ok(options) = &scheduled.options else { return };
        let changes = options.changes().iter();
        let changes = changes.filter(|change| change.rule != Rule::WholeMilliseconds);
        // Without a recorded policy its values are made up here.
        let changes =
            changes.filter(|it| scheduled.has_retry_policy || !it.field.is_of_retry_policy());
        if let Some(change) = changes.map(ToString::to_string).next() {
            let message = format!("its options are not normalised: {change}");
            self.add("H19", Some(Tolerance::ServerVersion), message);
        }
    }

    fn under_way(&mut self, activity: &RecordedActivity, run: &RecordedRun) {
        let events = activity.starts.iter().map(|it| it.event_id);
        let events = events.chain(activity.closes.iter().map(|it| it.event_id));
        for event in events {
            let after = run.workflow_tasks_under_way.partition_point(|(from, _)| *from < event);
            let Some((from, to)) =
                after.checked_sub(1).map(|index| run.workflow_tasks_under_way[index])
            else {
                continue;
            };
            if event < to {
                let message = format!(
                    "event {event} stands within the workflow task from event {from} to {to}"
                );
                self.add("H22", Some(Tolerance::ServerVersion), message);
            }
        }
    }
}
