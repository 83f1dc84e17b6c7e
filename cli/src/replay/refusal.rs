//! Refusals in the server's own words.
//! Knows wordings; does not know when a call is refused.

use super::event::Event;
use super::json::status_name;

use activity_execution::ActivityExecutionStatus;
use activity_execution::vocabulary::Rejection;
use serde_json::{Value, json};

/// The activity id of a trace: its name, a little changed, and a number that only answers tell.
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
    ///
    /// A recorder may file a trace under another first word than it called the activity.
    pub(super) fn learn(&mut self, message: Option<&str>) -> &str {
        let tail = self.name.find('-').map_or("", |dash| &self.name[dash..]);
        let is_id = |word: &&str| {
            let number = word
                .split_once('-')
                .and_then(|(_, rest)| format!("-{rest}").strip_prefix(tail).map(str::to_owned));
            number
                .and_then(|n| n.strip_prefix('-').map(str::to_owned))
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
        };
        if self.learned.is_none() {
            self.learned = message
                .into_iter()
                .flat_map(|message| message.split([' ', '=']))
                .find(is_id)
                .map(str::to_owned);
        }
        self.learned.as_deref().unwrap_or(&self.name)
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
}

/// A refusal as the server answers it.
pub(super) fn answer(rejection: Rejection, event: &Event, mentioned: &Mentioned<'_>) -> Value {
    let status = status_name(mentioned.status);
    let message = match rejection {
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
    };
    json!({"error": rejection.code(), "message": message})
}
