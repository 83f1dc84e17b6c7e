//! The events of a workflow, as far as they tell of an activity and of who asked for what.

use super::common::Payloads;
use super::failure::Failure;
use prost::Message;

/// All of them.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct History {
    #[prost(message, repeated, tag = "1")]
    pub(crate) events: Vec<HistoryEvent>,
}

/// An event; what it tells is the one field that is set, or nothing that matters here.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct HistoryEvent {
    #[prost(int64, tag = "1")]
    pub(crate) event_id: i64,
    #[prost(message, optional, tag = "12")]
    pub(crate) workflow_task_completed: Option<WorkflowTaskCompleted>,
    #[prost(message, optional, tag = "15")]
    pub(crate) scheduled: Option<ActivityScheduled>,
    #[prost(message, optional, tag = "17")]
    pub(crate) completed: Option<ActivityCompleted>,
    #[prost(message, optional, tag = "18")]
    pub(crate) failed: Option<ActivityFailed>,
    #[prost(message, optional, tag = "19")]
    pub(crate) timed_out: Option<ActivityTimedOut>,
    #[prost(message, optional, tag = "22")]
    pub(crate) cancel_requested: Option<CancelRequested>,
    #[prost(message, optional, tag = "23")]
    pub(crate) canceled: Option<ActivityCanceled>,
    #[prost(message, optional, tag = "26")]
    pub(crate) signaled: Option<Signaled>,
}

/// The workflow has decided.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct WorkflowTaskCompleted {
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
}

/// An activity is scheduled.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityScheduled {
    #[prost(string, tag = "1")]
    pub(crate) activity_id: String,
}

/// It is completed.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityCompleted {
    #[prost(message, optional, tag = "1")]
    pub(crate) result: Option<Payloads>,
}

/// It failed.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityFailed {
    #[prost(message, optional, tag = "1")]
    pub(crate) failure: Option<Failure>,
    #[prost(int32, tag = "5")]
    pub(crate) retry_state: i32,
}

/// It timed out.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityTimedOut {
    #[prost(message, optional, tag = "1")]
    pub(crate) failure: Option<Failure>,
    #[prost(int32, tag = "4")]
    pub(crate) retry_state: i32,
}

/// The workflow asked for its cancellation.
#[derive(Clone, Copy, Message, PartialEq)]
pub(crate) struct CancelRequested {
    #[prost(int64, tag = "2")]
    pub(crate) workflow_task_completed_event_id: i64,
}

/// It is canceled.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityCanceled {
    #[prost(message, optional, tag = "1")]
    pub(crate) details: Option<Payloads>,
    #[prost(int64, tag = "2")]
    pub(crate) latest_cancel_requested_event_id: i64,
}

/// The workflow was sent a signal.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct Signaled {
    #[prost(string, tag = "1")]
    pub(crate) signal_name: String,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
}
