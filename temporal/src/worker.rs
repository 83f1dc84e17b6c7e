//! What a worker does with an activity, standalone or of a workflow: polls, heartbeats, reports.

use crate::connection::{Connection, Failed};
use crate::translate::{payloads, reported, text};
use crate::wire::{
    PollActivityTaskQueue, RecordActivityTaskHeartbeat, RecordActivityTaskHeartbeatById,
    RespondActivityTaskCanceled, RespondActivityTaskCanceledById, RespondActivityTaskCompleted,
    RespondActivityTaskCompletedById, RespondActivityTaskFailed, RespondActivityTaskFailedById,
    TaskQueue,
};
use activity_harness::protocol::{Failure, Polled, Recorded, Task};
use std::time::Duration;
use tokio::time::sleep;

/// Where an activity is found.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The workflow that it is of; empty if it is of none.
    pub(crate) workflow_id: String,
    /// Its id.
    pub(crate) activity_id: String,
    /// The task queue that is its own.
    pub(crate) task_queue: String,
}

/// A failure that is reported, and what comes with it.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) failure: Option<Failure>,
    pub(crate) next_retry_delay: Option<i64>,
    pub(crate) heartbeat_details: Option<Option<String>>,
    pub(crate) identity: String,
}

/// How long a poll waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a task that is there, as far as is shown.
    pub(crate) there: Duration,
    /// For one that is not.
    pub(crate) not_there: Duration,
}

/// Whoever speaks for a worker.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) connection: Connection,
    pub(crate) patience: Patience,
}

/// A worker's call, by the token of its task or by the activity's id.
macro_rules! by {
    ($self:ident, $token:ident, $place:ident, $call:ident, $by_id:ident { $($field:ident),* }) => {
        match $token {
            Some(token) => {
                let (task_token, namespace) = (bytes(token)?, $self.connection.namespace());
                let call = $call { task_token, namespace, $($field),* };
                $self.connection.call(call).await
            }
            None => {
                let Place { workflow_id, activity_id, .. } = $place.clone();
                let namespace = $self.connection.namespace();
                let call = $by_id { namespace, workflow_id, activity_id, $($field),* };
                $self.connection.call(call).await
            }
        }
    };
}

impl Worker {
    /// Polls for the task of an activity. A poll of the protocol never waits, one of Temporal does:
    /// where a task should be there it waits for it; where none should be, a glance is enough to
    /// see one that is there all the same. The harness calls well away from every instant at which
    /// one could come, so that none comes while a glance is taken back, and is lost.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn poll(
        &self,
        place: &Place,
        identity: String,
        is_there: bool,
    ) -> Result<Polled, Failed> {
        let poll = PollActivityTaskQueue {
            namespace: self.connection.namespace(),
            task_queue: TaskQueue::of(&place.task_queue),
            identity,
        };
        let Patience { there, not_there } = self.patience;
        let polled = self.connection.wait(poll, if is_there { there } else { not_there }).await?;
        let Some(task) = polled.filter(|task| !task.task_token.is_empty()) else {
            // Whoever was taken back is still there for a moment.
            sleep(GONE).await;
            return Ok(Polled { task: None });
        };
        Ok(Polled {
            task: Some(Task {
                token: format!("{}.{}", task.attempt, hex::encode(&task.task_token)),
                attempt: i64::from(task.attempt),
                heartbeat_details: text(task.heartbeat_details.as_ref()),
            }),
        })
    }

    /// Shows that it is alive.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn heartbeat(
        &self,
        place: &Place,
        token: Option<&str>,
        details: Option<&str>,
    ) -> Result<Recorded, Failed> {
        let (details, identity) = (payloads(details), NOBODY.to_owned());
        let told = by!(
            self,
            token,
            place,
            RecordActivityTaskHeartbeat,
            RecordActivityTaskHeartbeatById { details, identity }
        );
        told.map(|told| Recorded { cancel_requested: told.cancel_requested })
    }

    /// Reports success.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn completed(
        &self,
        place: &Place,
        token: Option<&str>,
        result: Option<&str>,
        identity: String,
    ) -> Result<(), Failed> {
        let result = payloads(result);
        let told = by!(
            self,
            token,
            place,
            RespondActivityTaskCompleted,
            RespondActivityTaskCompletedById { result, identity }
        );
        told.map(drop)
    }

    /// Reports a failure.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn failed(
        &self,
        place: &Place,
        token: Option<&str>,
        report: &Report,
    ) -> Result<(), Failed> {
        let Report { failure, next_retry_delay, heartbeat_details, identity } = report;
        let failure = match (failure, next_retry_delay) {
            (None, None) => None,
            (None, delay) => Some(reported(&Failure::default(), *delay)),
            (Some(failure), delay) => Some(reported(failure, *delay)),
        };
        let last_heartbeat_details =
            heartbeat_details.as_ref().and_then(|it| payloads(it.as_deref()));
        let identity = identity.clone();
        let told = by!(
            self,
            token,
            place,
            RespondActivityTaskFailed,
            RespondActivityTaskFailedById { failure, identity, last_heartbeat_details }
        );
        told.map(drop)
    }

    /// Reports that it gave in to cancellation.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn canceled(
        &self,
        place: &Place,
        token: Option<&str>,
        details: Option<&str>,
    ) -> Result<(), Failed> {
        let (details, identity) = (payloads(details), NOBODY.to_owned());
        let told = by!(
            self,
            token,
            place,
            RespondActivityTaskCanceled,
            RespondActivityTaskCanceledById { details, identity }
        );
        told.map(drop)
    }
}

/// Who speaks where the protocol does not say.
pub(crate) const NOBODY: &str = "activity-temporal";

/// How long a poll that was taken back is left alone.
const GONE: Duration = Duration::from_millis(5);

/// The attempt that a token is of.
pub(crate) fn attempt_of(token: &str) -> Option<i64> {
    token.split_once('.')?.0.parse().ok()
}

/// The token as the server gave it out.
fn bytes(token: &str) -> Result<Vec<u8>, Failed> {
    let hex = token.split_once('.').map(|(_, hex)| hex);
    let bytes = hex.and_then(|hex| hex::decode(hex).ok());
    bytes.ok_or_else(|| Failed::Broken(format!("{token} is no token of ours")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_tells_its_attempt_and_is_given_back_as_it_was() {
        let token = format!("12.{}", hex::encode([1, 255, 0]));
        assert_eq!(attempt_of(&token), Some(12));
        assert_eq!(bytes(&token), Ok(vec![1, 255, 0]));
        for strange in ["", "12", "12.zz", "twelve"] {
            assert!(bytes(strange).is_err());
        }
        assert_eq!(attempt_of("twelve.00"), None);
    }
}
