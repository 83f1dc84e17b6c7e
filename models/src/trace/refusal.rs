//! Refusals in the server's own words.
//! Knows wordings; does not know when a call is refused.

use super::event::{Event, TokenOrId};
use activity_execution::ActivityExecutionStatus;
use activity_execution::vocabulary::{Dialect, Rejection};
use serde_json::{Value, json};

/// The activity id of a trace: its name, and a number that only answers tell.
#[derive(Debug)]
pub(super) struct ActivityId {
    name: String,
    learned: Option<String>,
}

impl ActivityId {
    pub(super) fn of(trace_name: &str) -> Self {
        ActivityId { name: trace_name.to_owned(), learned: None }
    }

    /// The id, after a look at what a refusal calls it, if none has told it before.
    pub(super) fn learn(&mut self, message: Option<&str>) -> &str {
        if self.learned.is_none() {
            let words = message.into_iter().flat_map(|message| message.split([' ', '=']));
            self.learned = words.into_iter().find(|word| self.may_be(word)).map(str::to_owned);
        }
        self.learned.as_deref().unwrap_or(&self.name)
    }

    /// Whether the word is the name of the trace and a number.
    ///
    /// The recorder filed some of its `random` traces under `cancel`.
    fn may_be(&self, word: &str) -> bool {
        let Some((name, number)) = word.rsplit_once('-') else {
            return false;
        };
        let renamed = || name.strip_prefix("random") == self.name.strip_prefix("cancel");
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number && (name == self.name || (name.starts_with("random") && renamed()))
    }
}

/// What else a refusal mentions.
#[derive(Debug)]
pub(super) struct Mentioned<'a> {
    /// The activity id.
    pub(super) activity_id: &'a str,
    /// The status of the execution.
    pub(super) status: ActivityExecutionStatus,
    /// The cancel request that was accepted.
    pub(super) cancel_request_id: &'a str,
    /// The request that terminated.
    pub(super) terminate_request_id: &'a str,
    /// Whether the workflow has ended whose activity it is.
    pub(super) workflow_is_finished: bool,
}

/// A refusal as the server answers it.
pub(super) fn answer(
    dialect: Dialect,
    rejection: Rejection,
    event: &Event,
    mentioned: &Mentioned<'_>,
) -> Value {
    let message = match (dialect, rejection) {
        (Dialect::Workflow, Rejection::NotFound) => not_found_in_workflow(event, mentioned),
        (Dialect::Standalone | Dialect::Workflow, _) => message(rejection, event, mentioned),
    };
    json!({"error": rejection.code(), "message": message})
}

/// What is not found, in the words of a workflow.
fn not_found_in_workflow(event: &Event, mentioned: &Mentioned<'_>) -> String {
    let is_pending = mentioned.status == ActivityExecutionStatus::Running;
    if mentioned.workflow_is_finished {
        "workflow execution already completed".to_owned()
    } else if event.target() == Some(TokenOrId::ById) && !is_pending {
        format!(
            "cannot find pending activity with ActivityID {ID_IN_WORKFLOW}, check workflow \
             execution history for more details"
        )
    } else {
        "invalid activityID or activity already timed out or invoking workflow is completed"
            .to_owned()
    }
}

fn message(rejection: Rejection, event: &Event, mentioned: &Mentioned<'_>) -> String {
    let status = mentioned.status.name();
    match rejection {
        Rejection::NotFound => format!("activity not found for ID: {}", mentioned.activity_id),
        Rejection::CancelNotRequested => "unable to mark activity as canceled without activity \
             being request canceled first"
            .to_owned(),
        Rejection::CancelAlreadyRequested => format!(
            "cancellation already requested with request ID {}",
            mentioned.cancel_request_id
        ),
        Rejection::AlreadyStarted => "activity execution already started".to_owned(),
        Rejection::AlreadyClosed => match event {
            Event::RequestCancel { .. } => format!("activity is in terminal state {status}"),
            Event::Terminate { .. } if mentioned.status == ActivityExecutionStatus::Terminated => {
                format!("already terminated with request ID {}", mentioned.terminate_request_id)
            }
            _ => format!("invalid transition from {status}"),
        },
        // No recording has these, so that the server's words are not known.
        Rejection::ObsoleteTask | Rejection::NotDue => rejection.to_string(),
    }
}

/// The recorded workflows have one activity each, under this id.
const ID_IN_WORKFLOW: &str = "a";
