//! A workflow history in protobuf, as SDKs keep them for replay: what is read of it, as JSON.
//! Knows the numbers of fields in `temporal.api.history.v1`; nothing of what they mean.

use super::unusable::Unusable;
use prost::Message;
use serde_json::{Map, Value, json};

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
    #[prost(message, optional, tag = "15")]
    activity_task_scheduled_event_attributes: Option<Scheduled>,
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

/// `google.protobuf.Duration`.
#[derive(Message)]
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

/// The history as JSON, of every event no more than is read.
pub(super) fn history(bytes: &[u8]) -> Result<Value, Unusable> {
    let history = History::decode(bytes).map_err(Unusable::NotProtobuf)?;
    let events = history.events.into_iter().map(|event| {
        let mut object = Map::from_iter([("eventId".to_owned(), json!(event.event_id))]);
        let scheduled = event.activity_task_scheduled_event_attributes.map(Scheduled::json);
        set(&mut object, "activityTaskScheduledEventAttributes", scheduled);
        Value::Object(object)
    });
    Ok(json!({ "events": events.collect::<Vec<_>>() }))
}

impl Scheduled {
    fn json(self) -> Value {
        let mut object = Map::new();
        set(&mut object, "activityId", Some(self.activity_id.into()));
        set(&mut object, "activityType", self.activity_type.map(|it| json!({ "name": it.name })));
        for (key, timeout) in [
            ("scheduleToCloseTimeout", self.schedule_to_close_timeout),
            ("scheduleToStartTimeout", self.schedule_to_start_timeout),
            ("startToCloseTimeout", self.start_to_close_timeout),
            ("heartbeatTimeout", self.heartbeat_timeout),
        ] {
            set(&mut object, key, timeout.map(Duration::json));
        }
        set(&mut object, "retryPolicy", self.retry_policy.map(RetryPolicy::json));
        Value::Object(object)
    }
}

impl RetryPolicy {
    fn json(self) -> Value {
        let mut object = Map::new();
        let coefficient = self.backoff_coefficient;
        set(&mut object, "initialInterval", self.initial_interval.map(Duration::json));
        // As protobuf writes it in JSON, which has no number for what is not finite.
        let written = match coefficient.is_finite() {
            true => coefficient.into(),
            false => coefficient.to_string().into(),
        };
        set(&mut object, "backoffCoefficient", (coefficient != 0.0).then_some(written));
        set(&mut object, "maximumInterval", self.maximum_interval.map(Duration::json));
        set(&mut object, "maximumAttempts", Some(self.maximum_attempts.into()));
        set(&mut object, "nonRetryableErrorTypes", Some(self.non_retryable_error_types.into()));
        Value::Object(object)
    }
}

impl Duration {
    /// As protobuf writes it in JSON; the nanoseconds have the sign of the seconds.
    fn json(self) -> Value {
        let sign = if self.seconds < 0 || self.nanos < 0 { "-" } else { "" };
        format!("{sign}{}.{:09}s", self.seconds.unsigned_abs(), self.nanos.unsigned_abs()).into()
    }
}

fn set(object: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    object.extend(value.map(|value| (key.to_owned(), value)));
}
