//! A failure on the wire: what a worker reports, or what a timeout leaves.

use super::requests::text;
use activity_execution::vocabulary::{Opaque as _, TimeoutReason, TimeoutType};
use activity_execution::{Content, FailureInfo, Payload};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A failure. One that a worker reported has a message, by which it is known again; one that is a
/// timeout has its type, the newest heartbeat details, and the failure before it as its cause.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Failure {
    /// What a worker said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Whether it rules out a retry.
    pub non_retryable: bool,
    /// Of a timeout: `ScheduleToStart`, `ScheduleToClose`, `StartToClose` or `Heartbeat`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_type: Option<String>,
    /// Of a timeout that closed the execution: the newest details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_heartbeat_details: Option<String>,
    /// Of a timeout that closed the execution: the failure of the attempt before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<Box<Failure>>,
    /// Of a timeout that closed the execution: whether it did because no time was left for a retry.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub not_enough_time: bool,
}

impl Failure {
    /// A failure; none where nothing is given.
    #[must_use]
    pub fn of(payload: &Payload) -> Option<Self> {
        let mut wired = Failure { message: text(payload), ..Failure::default() };
        match payload.content()? {
            Content::Data(_) => {}
            Content::Failure(failure) => match &failure.info {
                FailureInfo::Application { non_retryable, .. }
                | FailureInfo::Server { non_retryable } => wired.non_retryable = *non_retryable,
                FailureInfo::Timeout { timeout_type, last_heartbeat_details } => {
                    wired.timeout_type = Some(timeout_type.name().to_owned());
                    wired.last_heartbeat_details = text(last_heartbeat_details);
                    wired.cause = Failure::of(&failure.cause).map(Box::new);
                }
                FailureInfo::Canceled { .. }
                | FailureInfo::Terminated
                | FailureInfo::Unspecified => {}
            },
        }
        Some(wired)
    }

    /// What it stands for.
    ///
    /// # Errors
    /// If it names a timeout that does not exist.
    pub fn read(&self) -> Result<Payload, String> {
        let Some(name) = &self.timeout_type else {
            let info = FailureInfo::Application {
                type_name: "Failure".to_owned(),
                non_retryable: self.non_retryable,
            };
            let message = self.message.clone().unwrap_or_default();
            let cause = Payload::none();
            return Ok(Payload::failure(activity_execution::Failure { message, info, cause }));
        };
        let known = TimeoutType::ALL.into_iter().find(|it| it.name() == name);
        let timeout_type = known.ok_or_else(|| format!("`timeoutType` is unknown: {name}"))?;
        let reason = match self.not_enough_time {
            true => TimeoutReason::NotEnoughTime,
            false => TimeoutReason::Elapsed,
        };
        let cause = self.cause.as_ref().map_or_else(|| Ok(Payload::none()), |it| it.read())?;
        let details = data(self.last_heartbeat_details.as_deref());
        let timeout = Payload::timeout_failure(timeout_type, reason, details, cause);
        match (&self.message, timeout.content()) {
            // One that a worker reported is known by its message.
            (Some(message), Some(Content::Failure(failure))) if !self.not_enough_time => {
                let message = message.clone();
                Ok(Payload::failure(activity_execution::Failure { message, ..failure.clone() }))
            }
            _ => Ok(timeout),
        }
    }
}

/// The payload that a text stands for.
pub(super) fn data(text: Option<&str>) -> Payload {
    text.map_or_else(Payload::none, Payload::data)
}
