//! Messages that others are made of, and the calls about the server as a whole.

use super::rpcs;
use prost::Message;
use std::collections::HashMap;

/// Nothing that is looked at.
#[derive(Clone, Copy, Message, PartialEq)]
pub(crate) struct Empty {}

/// A duration, or an instant since 1970.
#[derive(Clone, Copy, Message, PartialEq)]
pub(crate) struct Time {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(crate) nanos: i32,
}

/// Some bytes, and how they are to be read.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct Payload {
    #[prost(map = "string, bytes", tag = "1")]
    pub(crate) metadata: HashMap<String, Vec<u8>>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) data: Vec<u8>,
}

/// Several of them.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct Payloads {
    #[prost(message, repeated, tag = "1")]
    pub(crate) payloads: Vec<Payload>,
}

/// The type of an activity or of a workflow.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct Name {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
}

/// A task queue.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct TaskQueue {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(int32, tag = "2")]
    pub(crate) kind: i32,
}

/// A workflow, and which run of it.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct WorkflowExecution {
    #[prost(string, tag = "1")]
    pub(crate) workflow_id: String,
    #[prost(string, tag = "2")]
    pub(crate) run_id: String,
}

/// How attempts are retried.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RetryPolicy {
    #[prost(message, optional, tag = "1")]
    pub(crate) initial_interval: Option<Time>,
    #[prost(double, tag = "2")]
    pub(crate) backoff_coefficient: f64,
    #[prost(message, optional, tag = "3")]
    pub(crate) maximum_interval: Option<Time>,
    #[prost(int32, tag = "4")]
    pub(crate) maximum_attempts: i32,
    #[prost(string, repeated, tag = "5")]
    pub(crate) non_retryable_error_types: Vec<String>,
}

impl TaskQueue {
    /// The queue of this name.
    pub(crate) fn of(name: impl Into<String>) -> Option<Self> {
        const NORMAL: i32 = 1;
        Some(TaskQueue { name: name.into(), kind: NORMAL })
    }
}

impl Name {
    /// This name.
    pub(crate) fn of(name: impl Into<String>) -> Option<Self> {
        Some(Name { name: name.into() })
    }
}

impl Time {
    /// So many milliseconds.
    pub(crate) fn of(milliseconds: i64) -> Self {
        let nanos = i32::try_from(milliseconds % 1_000 * 1_000_000).unwrap_or(0);
        Time { seconds: milliseconds / 1_000, nanos }
    }

    /// How many milliseconds it is, to the nearest one.
    pub(crate) fn milliseconds(self) -> i64 {
        let nanos = i64::from(self.nanos) + 500_000;
        self.seconds * 1_000 + nanos.div_euclid(1_000_000)
    }
}

/// What the server is.
#[derive(Clone, Copy, Message, PartialEq)]
pub(crate) struct GetSystemInfo {}

/// Its version.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct GetSystemInfoResponse {
    #[prost(string, tag = "1")]
    pub(crate) server_version: String,
}

/// A new namespace.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct RegisterNamespace {
    #[prost(string, tag = "1")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "4")]
    pub(crate) workflow_execution_retention_period: Option<Time>,
}

rpcs! {
    GetSystemInfo -> GetSystemInfoResponse;
    RegisterNamespace -> Empty;
}
