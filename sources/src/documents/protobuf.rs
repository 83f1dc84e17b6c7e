//! A workflow history in protobuf, as SDKs keep them for replay: what is read of it, as a tree.
//! Knows the numbers of fields in `temporal.api.history.v1`; nothing of what they mean.

use super::error::Fault;
use super::tree::{Entry, Node, Value};
use prost::Message;
use std::borrow::Cow;

/// `History`.
#[derive(Message)]
struct History {
    #[prost(message, repeated, tag = "1")]
    events: Vec<HistoryEvent>,
}

/// `HistoryEvent`, of which other attributes are skipped.
#[derive(Message)]
struct HistoryEvent {
    #[prost(int64, tag = "1")]
    event_id: i64,
    #[prost(message, optional, tag = "2")]
    event_time: Option<Duration>,
    #[prost(int32, tag = "3")]
    event_type: i32,
    #[prost(message, optional, tag = "6")]
    run_started: Option<RunStarted>,
    #[prost(message, optional, tag = "15")]
    scheduled: Option<Scheduled>,
}

/// `WorkflowExecutionStartedEventAttributes`.
#[derive(Message)]
struct RunStarted {
    #[prost(message, optional, tag = "7")]
    workflow_execution_timeout: Option<Duration>,
    #[prost(message, optional, tag = "8")]
    workflow_run_timeout: Option<Duration>,
    #[prost(message, optional, tag = "19")]
    workflow_execution_expiration_time: Option<Duration>,
    #[prost(message, optional, tag = "21")]
    first_workflow_task_backoff: Option<Duration>,
}

/// `ActivityTaskScheduledEventAttributes`.
#[derive(Message)]
struct Scheduled {
    #[prost(string, tag = "1")]
    activity_id: String,
    #[prost(message, optional, tag = "2")]
    activity_type: Option<ActivityType>,
    #[prost(message, optional, tag = "7")]
    schedule_to_close_timeout: Option<Duration>,
    #[prost(message, optional, tag = "8")]
    schedule_to_start_timeout: Option<Duration>,
    #[prost(message, optional, tag = "9")]
    start_to_close_timeout: Option<Duration>,
    #[prost(message, optional, tag = "10")]
    heartbeat_timeout: Option<Duration>,
    #[prost(int64, tag = "11")]
    workflow_task_completed_event_id: i64,
    #[prost(message, optional, tag = "12")]
    retry_policy: Option<RetryPolicy>,
}

/// `temporal.api.common.v1.ActivityType`.
#[derive(Message)]
struct ActivityType {
    #[prost(string, tag = "1")]
    name: String,
}

/// `temporal.api.common.v1.RetryPolicy`.
#[derive(Message)]
struct RetryPolicy {
    #[prost(message, optional, tag = "1")]
    initial_interval: Option<Duration>,
    #[prost(double, tag = "2")]
    backoff_coefficient: f64,
    #[prost(message, optional, tag = "3")]
    maximum_interval: Option<Duration>,
    #[prost(int32, tag = "4")]
    maximum_attempts: i32,
    #[prost(string, repeated, tag = "5")]
    non_retryable_error_types: Vec<String>,
}

/// `google.protobuf.Duration`, and `Timestamp`, which is written alike.
#[derive(Clone, Copy, Message)]
struct Duration {
    #[prost(int64, tag = "1")]
    seconds: i64,
    #[prost(int32, tag = "2")]
    nanos: i32,
}

/// Whether these bytes may be a message: no text has the tag with which every event begins.
pub(super) fn is_likely(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x0a") && bytes.contains(&0x08)
}

/// The history as a tree, of every event no more than is read.
pub(super) fn history(bytes: &[u8]) -> Result<Node<'static>, Fault> {
    let history = History::decode(bytes).map_err(|error| {
        Fault::new(format!(
            "this seems to be a history in protobuf, and cannot be decoded: {error}"
        ))
        .help("export it once more, or as JSON: temporal workflow show --output json")
    })?;
    let events = history.events.into_iter().map(HistoryEvent::node).collect();
    Ok(table([("events", Some(Node::without_place(Value::List(events))))]))
}

impl HistoryEvent {
    fn node(self) -> Node<'static> {
        table([
            ("eventId", number(self.event_id)),
            ("eventTime", self.event_time.map(Duration::node)),
            ("eventType", number(self.event_type.into())),
            ("workflowExecutionStartedEventAttributes", self.run_started.map(RunStarted::node)),
            ("activityTaskScheduledEventAttributes", self.scheduled.map(Scheduled::node)),
        ])
    }
}

impl RunStarted {
    fn node(self) -> Node<'static> {
        table([
            ("workflowExecutionTimeout", self.workflow_execution_timeout.map(Duration::node)),
            ("workflowRunTimeout", self.workflow_run_timeout.map(Duration::node)),
            (
                "workflowExecutionExpirationTime",
                self.workflow_execution_expiration_time.map(Duration::node),
            ),
            ("firstWorkflowTaskBackoff", self.first_workflow_task_backoff.map(Duration::node)),
        ])
    }
}

impl Scheduled {
    fn node(self) -> Node<'static> {
        let name = self.activity_type.map(|it| table([("name", text(it.name))]));
        table([
            ("activityId", text(self.activity_id)),
            ("activityType", name),
            ("scheduleToCloseTimeout", self.schedule_to_close_timeout.map(Duration::node)),
            ("scheduleToStartTimeout", self.schedule_to_start_timeout.map(Duration::node)),
            ("startToCloseTimeout", self.start_to_close_timeout.map(Duration::node)),
            ("heartbeatTimeout", self.heartbeat_timeout.map(Duration::node)),
            ("workflowTaskCompletedEventId", number(self.workflow_task_completed_event_id)),
            ("retryPolicy", self.retry_policy.map(RetryPolicy::node)),
        ])
    }
}

impl RetryPolicy {
    fn node(self) -> Node<'static> {
        let types = self.non_retryable_error_types.into_iter().filter_map(text).collect();
        let coefficient = (self.backoff_coefficient != 0.0).then(|| {
            Node::without_place(Value::Number(self.backoff_coefficient.to_string().into()))
        });
        table([
            ("initialInterval", self.initial_interval.map(Duration::node)),
            ("backoffCoefficient", coefficient),
            ("maximumInterval", self.maximum_interval.map(Duration::node)),
            ("maximumAttempts", number(self.maximum_attempts.into())),
            ("nonRetryableErrorTypes", Some(Node::without_place(Value::List(types)))),
        ])
    }
}

impl Duration {
    fn node(self) -> Node<'static> {
        table([("seconds", number(self.seconds)), ("nanos", number(self.nanos.into()))])
    }
}

fn table<const MANY: usize>(
    entries: [(&'static str, Option<Node<'static>>); MANY],
) -> Node<'static> {
    let entries = entries.into_iter().filter_map(|(key, node)| {
        Some(Entry { key: Cow::Borrowed(key), place: None, node: node? })
    });
    Node::without_place(Value::Table(entries.collect()))
}

fn number(number: i64) -> Option<Node<'static>> {
    Some(Node::without_place(Value::Number(number.to_string().into())))
}

fn text(text: String) -> Option<Node<'static>> {
    Some(Node::without_place(Value::Text(text.into())))
}
