//! Between the worker's machine and the calls that it makes: reports become calls, replies become
//! what the machine is told. Decides nothing.

use super::Call;
use crate::payload::{Failure, Payload};
use crate::vocabulary::{Answer, Rejection, Reply, Target};
use crate::worker::{HeartbeatReply, Report, ResultReply, TaskFailure};
use alloc::string::ToString;

impl Call {
    /// The call with which a worker reports what its [task](crate::worker::ActivityTask) wants
    /// reported.
    pub fn respond(
        target: impl Into<Target>,
        report: Report,
        identity: impl Into<Payload>,
    ) -> Self {
        match report {
            Report::Completed { result } => Call::respond_completed(target, result, identity),
            Report::Canceled { details } => Call::respond_canceled(target, details),
            Report::Failed { failure, last_heartbeat_details } => Call::RespondActivityTaskFailed {
                target: target.into(),
                failure: failure.into(),
                next_retry_delay: None,
                last_heartbeat_details,
                identity: identity.into(),
            },
        }
    }
}

/// The function's own failure, or the retryable one that stands for it.
impl From<TaskFailure> for Payload {
    fn from(failure: TaskFailure) -> Self {
        let type_name = failure.type_name();
        match failure {
            TaskFailure::Function { failure } => failure,
            TaskFailure::CancelNotRequested { details, .. } => {
                Failure::application(type_name.unwrap_or_default(), details.to_string()).into()
            }
        }
    }
}

/// What a worker's heartbeat is told; the service of this library neither pauses nor resets.
impl From<&Reply> for HeartbeatReply {
    fn from(reply: &Reply) -> Self {
        match reply {
            Ok(Answer::Recorded { cancel_requested }) => HeartbeatReply::Recorded {
                cancel_requested: *cancel_requested,
                activity_paused: false,
                activity_reset: false,
            },
            Err(Rejection::NotFound) => HeartbeatReply::NotFound,
            Ok(Answer::Done | Answer::Existing | Answer::Task { .. }) | Err(_) => {
                HeartbeatReply::Failed
            }
        }
    }
}

/// What became of a worker's report; one that is refused for good is not made again.
impl From<&Reply> for ResultReply {
    fn from(reply: &Reply) -> Self {
        match reply {
            Ok(_) => ResultReply::Accepted,
            Err(Rejection::NotFound) => ResultReply::NotFound,
            Err(_) => ResultReply::Lost,
        }
    }
}
