//! Payloads: data, failures, or nothing. The machines never look inside; a door does, to find out
//! whether a failure is retryable.

use crate::vocabulary::{Opaque, TimeoutReason, TimeoutType};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

/// Data, a failure, or nothing; cheap to clone.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub struct Payload(Option<Arc<Content>>);

/// What a payload is when it is something.
#[derive(Clone, Eq, Hash, PartialEq)]
pub enum Content {
    /// Bytes that only caller and worker understand.
    Data(Vec<u8>),
    /// What went wrong.
    Failure(Failure),
}

/// What went wrong, in Temporal's terms.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Failure {
    /// For people.
    pub message: String,
    /// For programs.
    pub info: FailureInfo,
    /// The failure behind this one; nothing where there is none.
    pub cause: Payload,
}

/// The kinds of failure that retry decisions tell apart.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum FailureInfo {
    /// Reported by an activity function.
    Application {
        /// The name that non-retryable error types are compared with.
        type_name: String,
        /// Whether the function itself ruled out a retry.
        non_retryable: bool,
    },
    /// Reported by a server.
    Server {
        /// Whether the server ruled out a retry.
        non_retryable: bool,
    },
    /// A timeout.
    Timeout {
        /// Which.
        timeout_type: TimeoutType,
        /// The newest details that any attempt recorded.
        last_heartbeat_details: Payload,
    },
    /// Cancellation, reported as a failure.
    Canceled {
        /// What the worker had to say about it.
        details: Payload,
    },
    /// Termination, reported as a failure.
    Terminated,
    /// A message without any further information.
    Unspecified,
}

impl Payload {
    /// A payload of bytes.
    pub fn data(bytes: impl Into<Vec<u8>>) -> Self {
        Payload(Some(Arc::new(Content::Data(bytes.into()))))
    }

    /// A payload that is a failure.
    #[must_use]
    pub fn failure(failure: Failure) -> Self {
        Payload(Some(Arc::new(Content::Failure(failure))))
    }

    /// What it is, if it is something.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        self.0.as_deref()
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

impl Failure {
    /// A failure of an activity function that may be retried; `type_name` is what non-retryable
    /// error types are compared with.
    #[must_use]
    pub fn application(type_name: impl Into<String>, message: impl Into<String>) -> Self {
        let (message, type_name) = (message.into(), type_name.into());
        let info = FailureInfo::Application { type_name, non_retryable: false };
        Failure { message, info, cause: Payload::none() }
    }

    /// The same failure, after which the function itself rules out a retry.
    #[must_use]
    pub fn non_retryable(mut self) -> Self {
        if let FailureInfo::Application { non_retryable, .. }
        | FailureInfo::Server { non_retryable } = &mut self.info
        {
            *non_retryable = true;
        }
        self
    }
}

impl From<&str> for Payload {
    fn from(text: &str) -> Self {
        Payload::data(text)
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Payload::data(text)
    }
}

impl From<Vec<u8>> for Payload {
    fn from(bytes: Vec<u8>) -> Self {
        Payload::data(bytes)
    }
}

impl From<Failure> for Payload {
    fn from(failure: Failure) -> Self {
        Payload::failure(failure)
    }
}

impl From<&Payload> for Payload {
    fn from(payload: &Payload) -> Self {
        payload.clone()
    }
}

impl Opaque for Payload {
    fn none() -> Self {
        Payload(None)
    }

    fn or_missing_failure(self) -> Self {
        if !self.is_none() {
            return self;
        }
        Payload::failure(Failure {
            message: "activity task failed without failure details".into(),
            info: FailureInfo::Unspecified,
            cause: Payload::none(),
        })
    }

    fn activity_id_not_started() -> Self {
        Payload::data("ACTIVITY_ID_NOT_STARTED")
    }

    fn timeout_failure(
        timeout_type: TimeoutType,
        reason: TimeoutReason,
        last_heartbeat_details: Self,
        cause: Self,
    ) -> Self {
        let message = match reason {
            TimeoutReason::Elapsed => alloc::format!("activity {} timeout", timeout_type.name()),
            TimeoutReason::NotEnoughTime => "Not enough time to schedule next retry before \
                 activity ScheduleToClose timeout, giving up retrying"
                .into(),
        };
        let info = FailureInfo::Timeout { timeout_type, last_heartbeat_details };
        Payload::failure(Failure { message, info, cause })
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content() {
            None => f.write_str("none"),
            Some(content) => content.fmt(f),
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Content::Data(bytes) => match core::str::from_utf8(bytes) {
                Ok(text) => text.fmt(f),
                Err(_) => bytes.fmt(f),
            },
            Content::Failure(failure) => failure.fmt(f),
        }
    }
}
