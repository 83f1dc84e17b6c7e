//! Calls about standalone activities.

use super::common::{Empty, Name, Payloads, RetryPolicy, TaskQueue, Time};
use super::failure::Failure;
use super::rpcs;
use prost::Message;

/// Starts one.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct StartActivityExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) identity: String,
    #[prost(string, tag = "3")]
    pub(crate) request_id: String,
    #[prost(string, tag = "4")]
    pub(crate) activity_id: String,
    #[prost(message, optional, tag = "5")]
    pub(crate) activity_type: Option<Name>,
    #[prost(message, optional, tag = "6")]
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
    #[prost(int32, tag = "13")]
    pub(crate) id_reuse_policy: i32,
    #[prost(int32, tag = "14")]
    pub(crate) id_conflict_policy: i32,
    #[prost(message, optional, tag = "22")]
    pub(crate) start_delay: Option<Time>,
}

/// Whether it created the execution.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct StartActivityExecutionResponse {
    #[prost(bool, tag = "2")]
    pub(crate) started: bool,
}

/// Looks at one.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct DescribeActivityExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) activity_id: String,
    #[prost(bool, tag = "5")]
    pub(crate) include_outcome: bool,
    #[prost(bool, tag = "7")]
    pub(crate) include_heartbeat_details: bool,
    #[prost(bool, tag = "8")]
    pub(crate) include_last_failure: bool,
}

/// How it stands, and how it ended.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct DescribeActivityExecutionResponse {
    #[prost(message, optional, tag = "2")]
    pub(crate) info: Option<ActivityExecutionInfo>,
    #[prost(message, optional, tag = "4")]
    pub(crate) outcome: Option<ActivityExecutionOutcome>,
}

/// How an activity stands.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityExecutionInfo {
    #[prost(int32, tag = "4")]
    pub(crate) status: i32,
    #[prost(int32, tag = "5")]
    pub(crate) run_state: i32,
    #[prost(message, optional, tag = "12")]
    pub(crate) heartbeat_details: Option<Payloads>,
    #[prost(message, optional, tag = "13")]
    pub(crate) last_heartbeat_time: Option<Time>,
    #[prost(message, optional, tag = "14")]
    pub(crate) last_started_time: Option<Time>,
    #[prost(int32, tag = "15")]
    pub(crate) attempt: i32,
    #[prost(message, optional, tag = "17")]
    pub(crate) schedule_time: Option<Time>,
    #[prost(message, optional, tag = "18")]
    pub(crate) expiration_time: Option<Time>,
    #[prost(message, optional, tag = "19")]
    pub(crate) close_time: Option<Time>,
    #[prost(message, optional, tag = "20")]
    pub(crate) last_failure: Option<Failure>,
    #[prost(string, tag = "21")]
    pub(crate) last_worker_identity: String,
    #[prost(message, optional, tag = "22")]
    pub(crate) current_retry_interval: Option<Time>,
    #[prost(message, optional, tag = "23")]
    pub(crate) last_attempt_complete_time: Option<Time>,
    #[prost(message, optional, tag = "24")]
    pub(crate) next_attempt_schedule_time: Option<Time>,
    #[prost(string, tag = "32")]
    pub(crate) canceled_reason: String,
    #[prost(int64, tag = "34")]
    pub(crate) total_heartbeat_count: i64,
}

/// How it ended: a result or a failure, and why no retry followed.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ActivityExecutionOutcome {
    #[prost(message, optional, tag = "1")]
    pub(crate) result: Option<Payloads>,
    #[prost(message, optional, tag = "2")]
    pub(crate) failure: Option<Failure>,
    #[prost(int32, tag = "3")]
    pub(crate) retry_state: i32,
}

/// Asks for cancellation.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RequestCancelActivityExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) activity_id: String,
    #[prost(string, tag = "4")]
    pub(crate) identity: String,
    #[prost(string, tag = "5")]
    pub(crate) request_id: String,
    #[prost(string, tag = "6")]
    pub(crate) reason: String,
}

/// Ends one by force.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct TerminateActivityExecution {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(string, tag = "2")]
    pub(crate) activity_id: String,
    #[prost(string, tag = "4")]
    pub(crate) identity: String,
    #[prost(string, tag = "5")]
    pub(crate) request_id: String,
    #[prost(string, tag = "6")]
    pub(crate) reason: String,
}

rpcs! {
    StartActivityExecution -> StartActivityExecutionResponse;
    DescribeActivityExecution -> DescribeActivityExecutionResponse;
    RequestCancelActivityExecution -> Empty;
    TerminateActivityExecution -> Empty;
}
