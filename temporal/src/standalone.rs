//! Standalone activities: each call of the protocol is one of Temporal's.

use crate::connection::{Connection, Failed};
use crate::translate::{Options, conflict_policy, description, may_have_a_task};
use crate::wire::{
    DescribeActivityExecution, DescribeActivityExecutionResponse, Name,
    RequestCancelActivityExecution, StartActivityExecution, TaskQueue, TerminateActivityExecution,
};
use crate::worker::{NOBODY, Place};
use activity_harness::protocol::{self, Description, Started};

/// The standalone activities of a server.
#[derive(Clone, Debug)]
pub(crate) struct Standalone {
    pub(crate) connection: Connection,
}

impl Standalone {
    /// Where an activity of this name is found.
    pub(crate) fn place(name: String) -> Place {
        let (activity_id, task_queue) = (name.clone(), name);
        Place { workflow_id: String::new(), activity_id, task_queue }
    }

    /// Starts an activity, or starts it again. Under an id whose execution is closed nothing new is
    /// begun, since nobody would know which of the two is meant.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn start(
        &self,
        place: &Place,
        request_id: String,
        policy: &str,
        options: &protocol::Options,
    ) -> Result<Started, Failed> {
        const REJECT_DUPLICATE: i32 = 3;
        let Options {
            schedule_to_close,
            schedule_to_start,
            start_to_close,
            heartbeat,
            start_delay,
            retry_policy,
        } = options.into();
        let start = StartActivityExecution {
            namespace: self.connection.namespace(),
            identity: NOBODY.to_owned(),
            request_id,
            activity_id: place.activity_id.clone(),
            activity_type: Name::of("activity"),
            task_queue: TaskQueue::of(&place.task_queue),
            schedule_to_close_timeout: schedule_to_close,
            schedule_to_start_timeout: schedule_to_start,
            start_to_close_timeout: start_to_close,
            heartbeat_timeout: heartbeat,
            retry_policy,
            id_reuse_policy: REJECT_DUPLICATE,
            id_conflict_policy: conflict_policy(policy),
            start_delay,
        };
        match self.connection.call(start).await {
            Ok(told) => Ok(Started { started: told.started }),
            // The server has one answer for an execution that is open and for one that is closed.
            Err(Failed::Refused("AlreadyStarted")) => {
                let shown = self.look(place).await?;
                let is_closed = shown.info.is_some_and(|info| info.close_time.is_some());
                Err(Failed::Refused(if is_closed { "AlreadyClosed" } else { "AlreadyStarted" }))
            }
            Err(failed) => Err(failed),
        }
    }

    /// Asks for cancellation.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn request_cancel(
        &self,
        place: &Place,
        request_id: String,
        identity: String,
        reason: String,
    ) -> Result<(), Failed> {
        let (namespace, activity_id) = (self.connection.namespace(), place.activity_id.clone());
        let call =
            RequestCancelActivityExecution { namespace, activity_id, identity, request_id, reason };
        self.connection.call(call).await.map(drop)
    }

    /// Ends an activity by force.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn terminate(
        &self,
        place: &Place,
        request_id: String,
        identity: String,
        reason: String,
    ) -> Result<(), Failed> {
        let (namespace, activity_id) = (self.connection.namespace(), place.activity_id.clone());
        let call =
            TerminateActivityExecution { namespace, activity_id, identity, request_id, reason };
        self.connection.call(call).await.map(drop)
    }

    async fn look(&self, place: &Place) -> Result<DescribeActivityExecutionResponse, Failed> {
        let look = DescribeActivityExecution {
            namespace: self.connection.namespace(),
            activity_id: place.activity_id.clone(),
            include_outcome: true,
            include_heartbeat_details: true,
            include_last_failure: true,
        };
        self.connection.call(look).await
    }

    /// How an activity stands.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn describe(&self, place: &Place) -> Result<Description, Failed> {
        let shown = self.look(place).await?;
        let info = shown.info.unwrap_or_default();
        Ok(description(&info, shown.outcome.as_ref()))
    }

    /// Whether a task of it should be there for whoever polls.
    ///
    /// # Errors
    /// If the server refuses, or does not answer.
    pub(crate) async fn may_have_a_task(&self, place: &Place) -> Result<bool, Failed> {
        let info = self.look(place).await?.info.unwrap_or_default();
        Ok(may_have_a_task(info.run_state, info.next_attempt_schedule_time, None))
    }
}
