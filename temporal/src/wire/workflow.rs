//! Calls about workflows, and of the worker that decides for them.

use super::common::{Empty, Name, Payloads, RetryPolicy, TaskQueue, Time, WorkflowExecution};
use super::failure::Failure;
use super::history::History;
use super::rpcs;
use prost::Message;

/// Starts one.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct StartWorkflowExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) workflow_id: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) workflow_type: Option<Name>,
    #[prost(message, optional, tag = "4")]
    pub(crate) task_queue: Option<TaskQueue>,
    #[prost(string, tag = "9")]
    pub(crate) identity: String,
    #[prost(string, tag = "10")]
    pub(crate) request_id: String,
}

/// Sends it a signal.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct SignalWorkflowExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) workflow_execution: Option<WorkflowExecution>,
    #[prost(string, tag = "3")]
    pub(crate) signal_name: String,
    #[prost(string, tag = "5")]
    pub(crate) identity: String,
    #[prost(string, tag = "6")]
    pub(crate) request_id: String,
}

/// Ends it by force.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct TerminateWorkflowExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) workflow_execution: Option<WorkflowExecution>,
    #[prost(string, tag = "3")]
    pub(crate) reason: String,
    #[prost(string, tag = "5")]
    pub(crate) identity: String,
}

/// Looks at it.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct DescribeWorkflowExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) execution: Option<WorkflowExecution>,
}

/// Its activities that are open.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct DescribeWorkflowExecutionResponse {
    #[prost(message, repeated, tag = "3")]
    pub(crate) pending_activities: Vec<PendingActivityInfo>,
}

/// How an open activity stands.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct PendingActivityInfo {
    #[prost(int32, tag = "3")]
    pub(crate) state: i32,
    #[prost(message, optional, tag = "4")]
    pub(crate) heartbeat_details: Option<Payloads>,
    #[prost(int32, tag = "7")]
    pub(crate) attempt: i32,
    #[prost(message, optional, tag = "11")]
    pub(crate) last_failure: Option<Failure>,
    #[prost(string, tag = "12")]
    pub(crate) last_worker_identity: String,
    #[prost(message, optional, tag = "18")]
    pub(crate) next_attempt_schedule_time: Option<Time>,
}

/// Reads what happened.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct GetWorkflowExecutionHistory {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) execution: Option<WorkflowExecution>,
    #[prost(bytes = "vec", tag = "4")]
    pub(crate) next_page_token: Vec<u8>,
}

/// What happened, or the first of it.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct GetWorkflowExecutionHistoryResponse {
    #[prost(message, optional, tag = "1")]
    pub(crate) history: Option<History>,
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) next_page_token: Vec<u8>,
}

/// Asks for a workflow that has something to decide, and waits for one.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct PollWorkflowTaskQueue {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) task_queue: Option<TaskQueue>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
}

/// The workflow, with what happened so far; without a token, none.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct PollWorkflowTaskQueueResponse {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, optional, tag = "2")]
    pub(crate) workflow_execution: Option<WorkflowExecution>,
    #[prost(message, optional, tag = "8")]
    pub(crate) history: Option<History>,
    #[prost(bytes = "vec", tag = "9")]
    pub(crate) next_page_token: Vec<u8>,
}

/// What it decided.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RespondWorkflowTaskCompleted {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) task_token: Vec<u8>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) commands: Vec<Command>,
    #[prost(string, tag = "3")]
    pub(crate) identity: String,
    #[prost(string, tag = "9")]
    pub(crate) namespace: String,
}

/// A command: its type, and the one field that belongs to it.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct Command {
    #[prost(int32, tag = "1")]
    pub(crate) command_type: i32,
    #[prost(message, optional, tag = "2")]
    pub(crate) schedule: Option<ScheduleActivityTask>,
    #[prost(message, optional, tag = "6")]
    pub(crate) request_cancel: Option<RequestCancelActivityTask>,
}

/// Schedules an activity.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ScheduleActivityTask {
    #[prost(string, tag = "1")]
    pub(crate) activity_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) activity_type: Option<Name>,
    #[prost(message, optional, tag = "4")]
    pub(crate) task_queue: Option<TaskQueue>,
    #[prost(message, optional, tag = "7")]
    pub(crate) schedule_to_close_timeout: Option<Time>,
    #[prost(message, optional, tag = "8")]
    pub(crate) schedule_to_start_timeout: Option<Time>,
    #[prost(message, optional, tag = "9")]
    pub(crate) start_to_close_timeout: Option<Time>,
    #[prost(message, optional, tag = "10")]
    pub(crate) heartbeat_timeout: Option<Time>,
    #[prost(message, optional, tag = "11")]
    pub(crate) retry_policy: Option<RetryPolicy>,
}

/// Asks for the cancellation of one.
#[derive(Clone, Copy, Message, PartialEq)]
pub(crate) struct RequestCancelActivityTask {
    #[prost(int64, tag = "1")]
    pub(crate) scheduled_event_id: i64,
}

rpcs! {
    StartWorkflowExecution -> Empty;
    SignalWorkflowExecution -> Empty;
    TerminateWorkflowExecution -> Empty;
    DescribeWorkflowExecution -> DescribeWorkflowExecutionResponse;
    GetWorkflowExecutionHistory -> GetWorkflowExecutionHistoryResponse;
    PollWorkflowTaskQueue -> PollWorkflowTaskQueueResponse;
    RespondWorkflowTaskCompleted -> Empty;
}
