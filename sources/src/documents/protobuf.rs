//! An event of a workflow history in protobuf: what is read of it, as a tree.
//! Knows the numbers of fields in `temporal.api.history.v1`; nothing of what they mean.

use super::tree::{Entry, Node, Value};
use prost::Message;
use std::borrow::Cow;

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
    #[prost(message, optional, tag = "7")]
    run_completed: Option<Nothing>,
    #[prost(message, optional, tag = "11")]
    task_started: Option<Task>,
    #[prost(message, optional, tag = "12")]
    task_completed: Option<Task>,
    #[prost(message, optional, tag = "14")]
    task_failed: Option<TaskFailed>,
    #[prost(message, optional, tag = "15")]
    scheduled: Option<Scheduled>,
    #[prost(message, optional, tag = "16")]
    started: Option<Started>,
    #[prost(message, optional, tag = "17")]
    completed: Option<Completed>,
    #[prost(message, optional, tag = "18")]
    failed: Option<Failed>,
    #[prost(message, optional, tag = "19")]
    timed_out: Option<TimedOut>,
    #[prost(message, optional, tag = "22")]
    cancel_requested: Option<CancelRequested>,
    #[prost(message, optional, tag = "23")]
    canceled: Option<Canceled>,
}

/// Attributes of which nothing is read.
#[derive(Clone, Copy, Message)]
struct Nothing {}

/// `WorkflowTaskStartedEventAttributes`, `WorkflowTaskCompletedEventAttributes`.
#[derive(Clone, Copy, Message)]
struct Task {
    #[prost(int64, tag = "1")]
    scheduled_event_id: i64,
}

/// `WorkflowTaskFailedEventAttributes`.
#[derive(Clone, Copy, Message)]
struct TaskFailed {
    #[prost(int64, tag = "1")]
    scheduled_event_id: i64,
    #[prost(int32, tag = "3")]
    cause: i32,
}

/// `ActivityTaskStartedEventAttributes`.
#[derive(Message)]
struct Started {
    #[prost(int64, tag = "1")]
    scheduled_event_id: i64,
    #[prost(string, tag = "2")]
    identity: String,
    #[prost(string, tag = "3")]
    request_id: String,
    #[prost(int32, tag = "4")]
    attempt: i32,
    #[prost(message, optional, tag = "5")]
    last_failure: Option<Failure>,
}

/// `ActivityTaskCompletedEventAttributes`.
#[derive(Message)]
struct Completed {
    #[prost(int64, tag = "2")]
    scheduled_event_id: i64,
    #[prost(int64, tag = "3")]
    started_event_id: i64,
}

/// `ActivityTaskFailedEventAttributes`.
#[derive(Message)]
struct Failed {
    #[prost(message, optional, tag = "1")]
    failure: Option<Failure>,
    #[prost(int64, tag = "2")]
    scheduled_event_id: i64,
    #[prost(int64, tag = "3")]
    started_event_id: i64,
    #[prost(int32, tag = "5")]
    retry_state: i32,
}

/// `ActivityTaskTimedOutEventAttributes`.
#[derive(Message)]
struct TimedOut {
    #[prost(message, optional, tag = "1")]
    failure: Option<Failure>,
    #[prost(int64, tag = "2")]
    scheduled_event_id: i64,
    #[prost(int64, tag = "3")]
    started_event_id: i64,
    #[prost(int32, tag = "4")]
    retry_state: i32,
}

/// `ActivityTaskCancelRequestedEventAttributes`.
#[derive(Clone, Copy, Message)]
struct CancelRequested {
    #[prost(int64, tag = "1")]
    scheduled_event_id: i64,
    #[prost(int64, tag = "2")]
    workflow_task_completed_event_id: i64,
}

/// `ActivityTaskCanceledEventAttributes`.
#[derive(Clone, Copy, Message)]
struct Canceled {
    #[prost(int64, tag = "2")]
    latest_cancel_requested_event_id: i64,
    #[prost(int64, tag = "3")]
    scheduled_event_id: i64,
    #[prost(int64, tag = "4")]
    started_event_id: i64,
}

/// `temporal.api.failure.v1.Failure`.
#[derive(Message)]
struct Failure {
    #[prost(string, tag = "1")]
    message: String,
    #[prost(string, tag = "2")]
    source: String,
    #[prost(message, optional, boxed, tag = "4")]
    cause: Option<Box<Failure>>,
    #[prost(message, optional, tag = "5")]
    application: Option<ApplicationFailure>,
    #[prost(message, optional, tag = "6")]
    timeout: Option<TimeoutFailure>,
    #[prost(message, optional, tag = "7")]
    canceled: Option<Nothing>,
    #[prost(message, optional, tag = "8")]
    terminated: Option<Nothing>,
    #[prost(message, optional, tag = "9")]
    server: Option<ServerFailure>,
    #[prost(message, optional, tag = "10")]
    reset: Option<Nothing>,
}

/// `ApplicationFailureInfo`.
#[derive(Message)]
struct ApplicationFailure {
    #[prost(string, tag = "1")]
    type_name: String,
    #[prost(bool, tag = "2")]
    non_retryable: bool,
    #[prost(message, optional, tag = "4")]
    next_retry_delay: Option<Duration>,
}

/// `TimeoutFailureInfo`.
#[derive(Clone, Copy, Message)]
struct TimeoutFailure {
    #[prost(int32, tag = "1")]
    timeout_type: i32,
}

/// `ServerFailureInfo`.
#[derive(Clone, Copy, Message)]
struct ServerFailure {
    #[prost(bool, tag = "1")]
    non_retryable: bool,
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

/// An event as a tree, no more of it than is read.
///
/// # Errors
/// If it cannot be decoded.
pub(super) fn event(bytes: &[u8]) -> Result<Node<'static>, prost::DecodeError> {
    HistoryEvent::decode(bytes).map(HistoryEvent::node)
}

impl HistoryEvent {
    fn node(self) -> Node<'static> {
        table([
            ("eventId", number(self.event_id)),
            ("eventTime", self.event_time.map(Duration::node)),
            ("eventType", number(self.event_type.into())),
            ("workflowExecutionStartedEventAttributes", self.run_started.map(RunStarted::node)),
            ("workflowExecutionCompletedEventAttributes", self.run_completed.map(Nothing::node)),
            ("workflowTaskStartedEventAttributes", self.task_started.map(Task::node)),
            ("workflowTaskCompletedEventAttributes", self.task_completed.map(Task::node)),
            ("workflowTaskFailedEventAttributes", self.task_failed.map(TaskFailed::node)),
            ("activityTaskScheduledEventAttributes", self.scheduled.map(Scheduled::node)),
            ("activityTaskStartedEventAttributes", self.started.map(Started::node)),
            ("activityTaskCompletedEventAttributes", self.completed.map(Completed::node)),
            ("activityTaskFailedEventAttributes", self.failed.map(Failed::node)),
            ("activityTaskTimedOutEventAttributes", self.timed_out.map(TimedOut::node)),
            (
                "activityTaskCancelRequestedEventAttributes",
                self.cancel_requested.map(CancelRequested::node),
            ),
            ("activityTaskCanceledEventAttributes", self.canceled.map(Canceled::node)),
        ])
    }
}

impl Nothing {
    fn node(self) -> Node<'static> {
        table([])
    }
}

impl Task {
    fn node(self) -> Node<'static> {
        table([("scheduledEventId", number(self.scheduled_event_id))])
    }
}

impl TaskFailed {
    fn node(self) -> Node<'static> {
        table([
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("cause", number(self.cause.into())),
        ])
    }
}

impl Started {
    fn node(self) -> Node<'static> {
        table([
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("identity", text(self.identity)),
            ("requestId", text(self.request_id)),
            ("attempt", number(self.attempt.into())),
            ("lastFailure", self.last_failure.map(Failure::node)),
        ])
    }
}

impl Completed {
    fn node(self) -> Node<'static> {
        table([
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("startedEventId", number(self.started_event_id)),
        ])
    }
}

impl Failed {
    fn node(self) -> Node<'static> {
        table([
            ("failure", self.failure.map(Failure::node)),
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("startedEventId", number(self.started_event_id)),
            ("retryState", number(self.retry_state.into())),
        ])
    }
}

impl TimedOut {
    fn node(self) -> Node<'static> {
        table([
            ("failure", self.failure.map(Failure::node)),
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("startedEventId", number(self.started_event_id)),
            ("retryState", number(self.retry_state.into())),
        ])
    }
}

impl CancelRequested {
    fn node(self) -> Node<'static> {
        let task = self.workflow_task_completed_event_id;
        table([
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("workflowTaskCompletedEventId", number(task)),
        ])
    }
}

impl Canceled {
    fn node(self) -> Node<'static> {
        let request = self.latest_cancel_requested_event_id;
        table([
            ("latestCancelRequestedEventId", number(request)),
            ("scheduledEventId", number(self.scheduled_event_id)),
            ("startedEventId", number(self.started_event_id)),
        ])
    }
}

impl Failure {
    fn node(self) -> Node<'static> {
        table([
            ("message", text(self.message)),
            ("source", text(self.source)),
            ("cause", self.cause.map(|cause| cause.node())),
            ("applicationFailureInfo", self.application.map(ApplicationFailure::node)),
            ("timeoutFailureInfo", self.timeout.map(TimeoutFailure::node)),
            ("canceledFailureInfo", self.canceled.map(Nothing::node)),
            ("terminatedFailureInfo", self.terminated.map(Nothing::node)),
            ("serverFailureInfo", self.server.map(ServerFailure::node)),
            ("resetWorkflowFailureInfo", self.reset.map(Nothing::node)),
        ])
    }
}

impl ApplicationFailure {
    fn node(self) -> Node<'static> {
        table([
            ("type", text(self.type_name)),
            ("nonRetryable", Some(Node::without_place(Value::Boolean(self.non_retryable)))),
            ("nextRetryDelay", self.next_retry_delay.map(Duration::node)),
        ])
    }
}

impl TimeoutFailure {
    fn node(self) -> Node<'static> {
        table([("timeoutType", number(self.timeout_type.into()))])
    }
}

impl ServerFailure {
    fn node(self) -> Node<'static> {
        table([("nonRetryable", Some(Node::without_place(Value::Boolean(self.non_retryable))))])
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

pub(super) fn table<const MANY: usize>(
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
