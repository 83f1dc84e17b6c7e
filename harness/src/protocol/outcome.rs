//! How an execution ended, on the wire.

use super::failure::{Failure, data};
use activity_execution::vocabulary::{self, ActivityExecutionStatus, RetryState, TimeoutType};
use activity_execution::{Content, FailureInfo, Payload};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an execution ended. Retry states are `CancelRequested`, `NonRetryableFailure`,
/// `MaximumAttemptsReached` and `Timeout`.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the fields are those of the outcomes of the vocabulary")]
pub enum Outcome {
    /// A success.
    Completed {
        #[serde(default)]
        result: Option<String>,
    },
    /// The last attempt failed and no other followed.
    Failed { failure: Option<Failure>, retry_state: String },
    /// Cancellation was requested, and happened: with the worker's details, or, where none held the
    /// task, the reason of the request; and who requested it.
    Canceled {
        #[serde(default)]
        details: Option<String>,
        #[serde(default)]
        identity: Option<String>,
    },
    /// Ended by force.
    Terminated {
        #[serde(default)]
        reason: Option<String>,
        #[serde(default)]
        identity: Option<String>,
    },
    /// A deadline ended it: the failure is that timeout.
    TimedOut { failure: Failure, retry_state: String },
}

impl Outcome {
    /// What it stands for.
    ///
    /// # Errors
    /// If it has a word that nobody knows.
    pub fn read(&self) -> Result<vocabulary::Outcome<Payload>, String> {
        Ok(match self {
            Outcome::Completed { result } => {
                vocabulary::Outcome::Completed { result: data(result.as_deref()) }
            }
            Outcome::Failed { failure, retry_state } => vocabulary::Outcome::Failed {
                failure: failure.as_ref().map_or_else(|| Ok(Payload::default()), Failure::read)?,
                retry_state: read_retry_state(retry_state)?,
            },
            Outcome::Canceled { details, identity } => vocabulary::Outcome::Canceled {
                details: data(details.as_deref()),
                identity: data(identity.as_deref()),
            },
            Outcome::Terminated { reason, identity } => vocabulary::Outcome::Terminated {
                reason: data(reason.as_deref()),
                identity: data(identity.as_deref()),
            },
            Outcome::TimedOut { failure, retry_state } => {
                let failure = failure.read()?;
                let timeout_type = timeout_type(&failure)
                    .ok_or("the failure of `TimedOut` has no `timeoutType`")?;
                let retry_state = read_retry_state(retry_state)?;
                vocabulary::Outcome::TimedOut { timeout_type, failure, retry_state }
            }
        })
    }

    /// The status of an execution that ended so.
    pub(super) fn status(&self) -> ActivityExecutionStatus {
        match self {
            Outcome::Completed { .. } => ActivityExecutionStatus::Completed,
            Outcome::Failed { .. } => ActivityExecutionStatus::Failed,
            Outcome::Canceled { .. } => ActivityExecutionStatus::Canceled,
            Outcome::Terminated { .. } => ActivityExecutionStatus::Terminated,
            Outcome::TimedOut { .. } => ActivityExecutionStatus::TimedOut,
        }
    }
}

fn timeout_type(failure: &Payload) -> Option<TimeoutType> {
    match failure.content()? {
        Content::Failure(activity_execution::Failure {
            info: FailureInfo::Timeout { timeout_type, .. },
            ..
        }) => Some(*timeout_type),
        Content::Failure(_) | Content::Data(_) => None,
    }
}

fn read_retry_state(name: &str) -> Result<RetryState, String> {
    let known = RetryState::ALL.into_iter().find(|state| state.name() == name);
    known.ok_or_else(|| format!("`retryState` is unknown: {name}"))
}
