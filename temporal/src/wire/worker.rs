//! Calls of workers that run activities, standalone or of a workflow.

use super::common::{Empty, Payloads, TaskQueue};
use super::failure::Failure;
use super::rpcs;
use prost::Message;

/// Asks for a task, and waits for one.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct PollActivityTaskQueue {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) task_queue: Option<TaskQueue>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
}

/// The task; without a token, none.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct PollActivityTaskQueueResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, optional, tag = "9")]
    pub(crate) heartbeat_details: Option<Payloads>,
    #[prost(int32, tag = "13")]
    pub(crate) attempt: i32,
}

/// A sign of life.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RecordActivityTaskHeartbeat {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub(crate) details: Option<Payloads>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
    #[prost(string, tag = "4")]
    pub(crate) namespace: String,
}

/// The same, by id.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RecordActivityTaskHeartbeatById {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) workflow_id: String,
    #[prost(string, tag = "4")]
    pub(crate) activity_id: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) details: Option<Payloads>,
    #[prost(string, tag = "6")]
    pub(crate) identity: String,
}

/// What a heartbeat is told.
#[derive(Clone, Copy, Message, PartialEq)]
pub(crate) struct HeartbeatResponse {
    #[prost(bool, tag = "1")]
    pub(crate) cancel_requested: bool,
}

/// A success.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondActivityTaskCompleted {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub(crate) result: Option<Payloads>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
    #[prost(string, tag = "4")]
    pub(crate) namespace: String,
}

/// The same, by id.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondActivityTaskCompletedById {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) workflow_id: String,
    #[prost(string, tag = "4")]
    pub(crate) activity_id: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) result: Option<Payloads>,
    #[prost(string, tag = "6")]
    pub(crate) identity: String,
}

/// A failure.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondActivityTaskFailed {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub(crate) failure: Option<Failure>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
    #[prost(string, tag = "4")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) last_heartbeat_details: Option<Payloads>,
}

/// The same, by id.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondActivityTaskFailedById {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) workflow_id: String,
    #[prost(string, tag = "4")]
    pub(crate) activity_id: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) failure: Option<Failure>,
    #[prost(string, tag = "6")]
    pub(crate) identity: String,
    #[prost(message, optional, tag = "7")]
    pub(crate) last_heartbeat_details: Option<Payloads>,
}

/// A worker gave in to cancellation.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondActivityTaskCanceled {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub(crate) details: Option<Payloads>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
    #[prost(string, tag = "4")]
    pub(crate) namespace: String,
}

/// The same, by id.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondActivityTaskCanceledById {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) workflow_id: String,
    #[prost(string, tag = "4")]
    pub(crate) activity_id: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) details: Option<Payloads>,
    #[prost(string, tag = "6")]
    pub(crate) identity: String,
}

rpcs! {
    PollActivityTaskQueue -> PollActivityTaskQueueResponse;
    RecordActivityTaskHeartbeat -> HeartbeatResponse;
    RecordActivityTaskHeartbeatById -> HeartbeatResponse;
    RespondActivityTaskCompleted -> Empty;
    RespondActivityTaskCompletedById -> Empty;
    RespondActivityTaskFailed -> Empty;
    RespondActivityTaskFailedById -> Empty;
    RespondActivityTaskCanceled -> Empty;
    RespondActivityTaskCanceledById -> Empty;
}
