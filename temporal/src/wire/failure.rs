//! Failures. What is one of several in Temporal's text is a field each here, of which one is set.

use super::common::{Payloads, Time};
use prost::Message;

/// A failure.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct Failure {
    #[prost(string, tag = "1")]
    pub(crate) message: String,
    #[prost(message, optional, boxed, tag = "4")]
    pub(crate) cause: Option<Box<Failure>>,
    #[prost(message, optional, tag = "5")]
    pub(crate) application: Option<ApplicationFailureInfo>,
    #[prost(message, optional, tag = "6")]
    pub(crate) timeout: Option<TimeoutFailureInfo>,
    #[prost(message, optional, tag = "7")]
    pub(crate) canceled: Option<CanceledFailureInfo>,
    #[prost(message, optional, tag = "8")]
    pub(crate) terminated: Option<TerminatedFailureInfo>,
}

/// A failure that the function of an activity reports.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct ApplicationFailureInfo {
    #[prost(string, tag = "1")]
    pub(crate) kind: String,
    #[prost(bool, tag = "2")]
    pub(crate) non_retryable: bool,
    #[prost(message, optional, tag = "4")]
    pub(crate) next_retry_delay: Option<Time>,
}

/// A timeout.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct TimeoutFailureInfo {
    #[prost(int32, tag = "1")]
    pub(crate) timeout_type: i32,
    #[prost(message, optional, tag = "2")]
    pub(crate) last_heartbeat_details: Option<Payloads>,
}

/// A cancellation.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct CanceledFailureInfo {
    #[prost(message, optional, tag = "1")]
    pub(crate) details: Option<Payloads>,
    #[prost(string, tag = "2")]
    pub(crate) identity: String,
}

/// An end by force.
#[derive(Clone, Message, PartialEq)]
pub(crate) struct TerminatedFailureInfo {
    #[prost(string, tag = "1")]
    pub(crate) identity: String,
}
