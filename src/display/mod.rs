//! How the words of the library are shown to people, a line each; `Debug` is for programmers.
//! Shows what is there; the names are where the words are.

mod time;

use crate::activity::Call;
use crate::execution::{ClosedBy, Event, RescheduledBy};
use crate::options::Nanoseconds;
use crate::payload::{Content, Failure, FailureInfo, Payload};
use crate::vocabulary::{
    Answer, Attempt, CancelRequest, Dialect, IdConflictPolicy, Outcome, Span, Target, TaskToken,
    TimeoutReason,
};
use core::fmt;

pub use time::ParseTimestampError;

/// As people write it: `1h 30m`, `1s 100ms`, `0s`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Nanoseconds::from(*self).fmt(f)
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for TaskToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "attempt {}", self.0)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Token(token) => token.fmt(f),
            Target::ById => f.write_str("whichever attempt is current"),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Dialect::Standalone => "Standalone",
            Dialect::Workflow => "Workflow",
        })
    }
}

impl fmt::Display for IdConflictPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            IdConflictPolicy::Fail => "Fail",
            IdConflictPolicy::UseExisting => "UseExisting",
        })
    }
}

impl fmt::Display for TimeoutReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            TimeoutReason::Elapsed => "the deadline passed",
            TimeoutReason::NotEnoughTime => "not enough time is left for another attempt",
        })
    }
}

/// Text as it is, other bytes by their number, a failure by its message; nothing is `nothing`.
impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content() {
            None => f.pad("nothing"),
            Some(Content::Data(bytes)) => match core::str::from_utf8(bytes) {
                Ok(text) => f.pad(text),
                Err(_) => write!(f, "{} bytes", bytes.len()),
            },
            Some(Content::Failure(failure)) => failure.fmt(f),
        }
    }
}

/// The message with its type, and the causes behind it: `CardError: no funds: HTTP 402`.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.info {
            FailureInfo::Application { type_name, .. } if !type_name.is_empty() => {
                write!(f, "{type_name}: {}", self.message)?;
            }
            FailureInfo::Application { .. }
            | FailureInfo::Server { .. }
            | FailureInfo::Timeout { .. }
            | FailureInfo::Canceled { .. }
            | FailureInfo::Terminated
            | FailureInfo::Unspecified => f.write_str(&self.message)?,
        }
        if self.cause.is_none() { Ok(()) } else { write!(f, ": {}", self.cause) }
    }
}

impl core::error::Error for Failure {}

impl fmt::Display for Outcome<Payload> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Completed { result } => write!(f, "Completed with {result}"),
            Outcome::Failed { failure, retry_state } => {
                write!(f, "Failed ({retry_state}): {failure}")
            }
            Outcome::Canceled { details, identity } => {
                write!(f, "Canceled, as {identity} requested: {details}")
            }
            Outcome::Terminated { reason, identity } => {
                write!(f, "Terminated by {identity}: {reason}")
            }
            Outcome::TimedOut { timeout_type, failure, retry_state } => {
                write!(f, "TimedOut ({timeout_type}, {retry_state}): {failure}")
            }
        }
    }
}

impl<R: fmt::Display> fmt::Display for Event<i64, Payload, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Scheduled { schedule_time, dispatch_time, request_id } => {
                write!(f, "{schedule_time} Scheduled by request {request_id}")?;
                if dispatch_time == schedule_time {
                    return Ok(());
                }
                write!(f, ", to be dispatched at {dispatch_time}")
            }
            Event::Started { started_time, request_id, identity } => {
                write!(f, "{started_time} Started by {identity}, poll {request_id}")
            }
            Event::HeartbeatRecorded { recorded_time, details } => {
                write!(f, "{recorded_time} HeartbeatRecorded: {details}")
            }
            Event::Rescheduled { complete_time, retry_interval, failure, rescheduled_by } => {
                let by = match rescheduled_by {
                    RescheduledBy::Failure { .. } => "failed",
                    RescheduledBy::AttemptTimeout => "timed out",
                };
                write!(f, "{complete_time} Rescheduled in {retry_interval}: {by}, {failure}")
            }
            Event::CancelRequested(CancelRequest { request_id, identity, reason }) => {
                write!(f, "CancelRequested by {identity}, request {request_id}: {reason}")
            }
            Event::Closed { close_time, outcome, closed_by } => {
                write!(f, "{close_time} Closed: {outcome}")?;
                match closed_by {
                    ClosedBy::Completion { identity } | ClosedBy::Failure { identity, .. } => {
                        write!(f, ", by {identity}")
                    }
                    ClosedBy::CancelRequest(CancelRequest { request_id, .. })
                    | ClosedBy::Termination { request_id } => write!(f, ", request {request_id}"),
                    ClosedBy::AttemptTimeout { .. }
                    | ClosedBy::ScheduleTimeout
                    | ClosedBy::CancelAnswer => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done => f.write_str("done"),
            Answer::Existing => f.write_str("this execution exists already"),
            Answer::Task { attempt, .. } => write!(f, "the task, attempt {attempt}"),
            Answer::Recorded { cancel_requested: false } => f.write_str("recorded"),
            Answer::Recorded { cancel_requested: true } => {
                f.write_str("recorded; cancellation is requested")
            }
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Call::StartActivityExecution { request_id, id_conflict_policy } => {
                write!(f, ", request {request_id}, {id_conflict_policy}")
            }
            Call::RecordActivityTaskStarted { request_id, dispatched, identity } => {
                write!(f, " of {dispatched} by {identity}, poll {request_id}")
            }
            Call::RecordActivityTaskHeartbeat { target, details }
            | Call::RespondActivityTaskCanceled { target, details } => {
                write!(f, " of {target}: {details}")
            }
            Call::RespondActivityTaskCompleted { target, result, identity } => {
                write!(f, " of {target} by {identity}: {result}")
            }
            Call::RespondActivityTaskFailed { target, failure, identity, .. } => {
                write!(f, " of {target} by {identity}: {failure}")
            }
            Call::RequestCancelActivityExecution { request_id, identity, reason }
            | Call::TerminateActivityExecution { request_id, identity, reason } => {
                write!(f, " by {identity}, request {request_id}: {reason}")
            }
        }
    }
}
