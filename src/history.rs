//! What a server records of activities: the events of a workflow's history that are about one, and
//! what a description says of one that is pending. Plain values, in the order of event ids.
//! Does not know whether they make sense together.

use crate::options::ActivityOptions;
use crate::vocabulary::{RetryState, TimeoutType};
use crate::{Payload, PendingActivityState};
use alloc::string::String;
use alloc::vec::Vec;

/// An instant that a server recorded: nanoseconds since the beginning of 1970.
pub type RecordedTime = i64;

/// The activities of one run of a workflow, and what bears on all of them.
#[derive(Clone, Debug, Default)]
pub struct RecordedHistory {
    /// The run.
    pub run: RecordedRun,
    /// The activities in the order in which they were scheduled; last those whose scheduling is not
    /// recorded.
    pub activities: Vec<RecordedActivity>,
}

/// What a history says of the run of the workflow.
#[derive(Clone, Debug, Default)]
pub struct RecordedRun {
    /// Whether Cadence wrote it, whose rules are others.
    pub is_of_cadence: bool,
    /// Whether it is a description of the present instead of a history.
    pub is_description: bool,
    /// When it began.
    pub started: Option<RecordedTime>,
    /// What other events say that cannot be so, or is not known: it shows what is damaged.
    pub odd: Vec<Odd>,
    /// The least and the greatest event id.
    pub event_ids: Option<(i64, i64)>,
    /// Whether every event from the first one on is there, and names those that are.
    pub is_complete: bool,
    /// Where event ids leave something out: the last one before and the first one after.
    pub gaps: Vec<(i64, i64)>,
    /// The latest instant of any event.
    pub last_time: Option<RecordedTime>,
    /// The event that closed the run, if one did.
    pub closed: Option<RunClosed>,
    /// When the run ends at the latest: no timer of an activity exists beyond that.
    pub ends: Option<RecordedTime>,
    /// Whether the run was made by resetting another one.
    pub is_reset: bool,
    /// The ids of completed workflow tasks, rising.
    pub workflow_tasks_completed: Vec<i64>,
    /// The ids between which each workflow task was started and had not ended.
    pub workflow_tasks_under_way: Vec<(i64, i64)>,
    /// The event ids that stand more than once.
    pub repeated_event_ids: Vec<i64>,
}

/// An event that says what cannot be so, or is of no known kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Odd {
    /// The id of the event.
    pub event_id: i64,
    /// What is odd, in a sentence.
    pub what: String,
}

/// How and when a run was closed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RunClosed {
    /// The id of the event.
    pub event_id: i64,
    /// Its instant.
    pub time: Option<RecordedTime>,
    /// `Completed`, `TimedOut` and so on.
    pub how: String,
}

/// What is recorded of one activity.
#[derive(Clone, Debug, Default)]
pub struct RecordedActivity {
    /// The id that the workflow gave it.
    pub activity_id: String,
    /// The name of its type.
    pub activity_type: String,
    /// Its scheduling.
    pub scheduled: Option<Scheduled>,
    /// The requests to cancel it.
    pub cancel_requests: Vec<CancelRequested>,
    /// The starts: one at most in a history that makes sense.
    pub starts: Vec<Started>,
    /// The closes: one at most in a history that makes sense.
    pub closes: Vec<Closed>,
    /// What a description says of it while it is open.
    pub pending: Option<Pending>,
    /// The event id that its other events name, where the scheduling is not recorded.
    pub scheduled_event_id: i64,
}

/// `ActivityTaskScheduled`.
#[derive(Clone, Debug)]
pub struct Scheduled {
    /// The id of the event.
    pub event_id: i64,
    /// Its instant.
    pub time: Option<RecordedTime>,
    /// The options, or why they cannot be used.
    pub options: Result<ActivityOptions, String>,
    /// The workflow task that scheduled it.
    pub workflow_task_completed_event_id: Option<i64>,
    /// Whether a retry policy is recorded.
    pub has_retry_policy: bool,
}

/// `ActivityTaskCancelRequested`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CancelRequested {
    /// The id of the event.
    pub event_id: i64,
    /// Its instant.
    pub time: Option<RecordedTime>,
    /// The workflow task that asked for it.
    pub workflow_task_completed_event_id: Option<i64>,
}

/// `ActivityTaskStarted`.
#[derive(Clone, Debug)]
pub struct Started {
    /// The id of the event.
    pub event_id: i64,
    /// Its instant.
    pub time: Option<RecordedTime>,
    /// The number of the attempt; `None` where it is left out, as zero is.
    pub attempt: Option<i64>,
    /// The failure of the attempt before.
    pub last_failure: Option<RecordedFailure>,
    /// Whether no worker polled: somebody completed the activity by its id.
    pub is_made_up: bool,
}

/// A failure as it is recorded, without its details.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RecordedFailure {
    /// What went wrong, with its causes.
    pub failure: Payload,
    /// The delay that the worker asked for, in nanoseconds.
    pub next_retry_delay: Option<i64>,
    /// Whether a server cut it down, so that not everything is recorded.
    pub is_truncated: bool,
    /// Whether a reset of the workflow made it.
    pub is_of_reset: bool,
}

/// One of the four events that close an activity.
#[derive(Clone, Debug)]
pub struct Closed {
    /// The id of the event.
    pub event_id: i64,
    /// Its instant.
    pub time: Option<RecordedTime>,
    /// The start that it names; `None` if there is none, or zero.
    pub started_event_id: Option<i64>,
    /// How.
    pub how: How,
}

/// How an activity was closed.
#[derive(Clone, Debug)]
pub enum How {
    /// `ActivityTaskCompleted`.
    Completed,
    /// `ActivityTaskFailed`.
    Failed {
        /// Why; absent where the worker gave none.
        failure: Option<RecordedFailure>,
        /// Why there was no retry, where it is recorded.
        retry_state: Option<RecordedRetryState>,
    },
    /// `ActivityTaskTimedOut`.
    TimedOut {
        /// Which timeout, where it is recorded.
        timeout_type: Option<TimeoutType>,
        /// The failure, whose cause is the failure of the attempt before.
        failure: Option<RecordedFailure>,
        /// Why there was no retry, where it is recorded.
        retry_state: Option<RecordedRetryState>,
    },
    /// `ActivityTaskCanceled`.
    Canceled {
        /// The request that it answers.
        latest_cancel_requested_event_id: Option<i64>,
    },
}

/// Why there was no retry, as it is recorded.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RecordedRetryState {
    /// One that servers give today.
    Known(RetryState),
    /// `RETRY_POLICY_NOT_SET`, of old servers.
    RetryPolicyNotSet,
    /// Any other, as it stands.
    Other(String),
}

/// What a description says of an open activity.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// What it is doing; a pause lies over it.
    pub state: Option<PendingActivityState>,
    /// Whether it is paused: no attempt starts until it is unpaused.
    pub is_paused: bool,
    /// The attempt.
    pub attempt: Option<i64>,
    /// When the attempt can be dispatched, or was.
    pub scheduled_time: Option<RecordedTime>,
    /// When the attempt started.
    pub last_started_time: Option<RecordedTime>,
    /// When the last heartbeat came.
    pub last_heartbeat_time: Option<RecordedTime>,
    /// The failure of the attempt before.
    pub last_failure: Option<RecordedFailure>,
    /// When schedule-to-close ends it.
    pub expiration_time: Option<RecordedTime>,
    /// When the first attempt was scheduled, where it is told.
    pub schedule_time: Option<RecordedTime>,
}

impl How {
    /// The name of the event.
    #[must_use]
    pub fn event(&self) -> &'static str {
        match self {
            How::Completed => "ActivityTaskCompleted",
            How::Failed { .. } => "ActivityTaskFailed",
            How::TimedOut { .. } => "ActivityTaskTimedOut",
            How::Canceled { .. } => "ActivityTaskCanceled",
        }
    }
}
