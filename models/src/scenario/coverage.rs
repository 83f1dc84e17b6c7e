//! Which corners of the vocabulary a run has reached.

use activity_execution::vocabulary::{
    Action, Answer, Dialect, Outcome, Phase, Rejection, Reply, Request, Retry, RetryState, Span,
    TimeoutType,
};
use activity_execution::{Payload, vocabulary::Observation};
use std::collections::BTreeMap;

/// How often each phase, outcome, retry, retry state, timeout, answer and rejection was met.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    met: BTreeMap<String, u64>,
}

impl Coverage {
    /// Takes note of a step.
    pub fn note(&mut self, action: &Action, reply: &Reply, after: &Observation) {
        match reply {
            Ok(answer) => self.count(format!("answer {}", name_of_answer(answer))),
            Err(rejection) => self.count(format!("rejection {rejection:?}")),
        }
        match action {
            Action::Tick { .. } => {}
            Action::Call(request) => {
                let accepted = if reply.is_ok() { "accepted" } else { "refused" };
                self.count(format!("{} {accepted}", request.trace_word()));
                if let (Request::RespondActivityTaskFailed { retry, .. }, Ok(_)) = (request, reply)
                {
                    self.count(format!("retry {}", name_of_retry(*retry)));
                }
            }
            Action::Elapses { timeout_type, .. } if reply.is_ok() => {
                self.count(format!("timeout {}", timeout_type.name()));
            }
            Action::Elapses { .. } => {}
        }
        self.stand(after);
    }

    /// Takes note of how an execution stands.
    fn stand(&mut self, observation: &Observation) {
        match &observation.phase {
            Phase::Scheduled { retry_interval: None, .. } => self.count("phase Scheduled".into()),
            Phase::Scheduled { .. } => self.count("phase Scheduled again".into()),
            Phase::Started { .. } if observation.cancel_request.is_some() => {
                self.count("phase Started, cancel requested".into());
            }
            Phase::Started { .. } => self.count("phase Started".into()),
            Phase::Closed { outcome, .. } => self.end(outcome),
        }
    }

    fn end(&mut self, outcome: &Outcome<Payload>) {
        match outcome {
            Outcome::Completed { .. } => self.count("outcome Completed".into()),
            Outcome::Canceled { .. } => self.count("outcome Canceled".into()),
            Outcome::Terminated { .. } => self.count("outcome Terminated".into()),
            Outcome::Failed { retry_state, .. } => {
                self.count(format!("outcome Failed, {retry_state:?}"));
            }
            Outcome::TimedOut { timeout_type, retry_state, .. } => {
                let timeout_type = timeout_type.name();
                self.count(format!("outcome TimedOut {timeout_type}, {retry_state:?}"));
            }
        }
    }

    fn count(&mut self, what: String) {
        *self.met.entry(what).or_default() += 1;
    }

    /// Adds what another run has reached.
    pub fn add(&mut self, other: &Coverage) {
        for (what, times) in &other.met {
            *self.met.entry(what.clone()).or_default() += times;
        }
    }

    /// What was met how often.
    pub fn met(&self) -> impl Iterator<Item = (&str, u64)> {
        self.met.iter().map(|(what, times)| (what.as_str(), *times))
    }

    /// What can happen in a dialect and has not been met.
    #[must_use]
    pub fn missing(&self, dialect: Dialect) -> Vec<String> {
        let mut all = everything(dialect);
        all.retain(|what| !self.met.contains_key(what));
        all
    }
}

fn name_of_answer(answer: &Answer) -> &'static str {
    match answer {
        Answer::Done => "Done",
        Answer::Existing => "Existing",
        Answer::Task { .. } => "Task",
        Answer::Recorded { cancel_requested: true } => "Recorded, cancel requested",
        Answer::Recorded { .. } => "Recorded",
    }
}

fn name_of_retry(retry: Retry) -> &'static str {
    match retry {
        Retry::After(backoff) if backoff < Span(0) => "After, negative",
        Retry::After(_) => "After",
        Retry::NonRetryable => "NonRetryable",
        Retry::TimedOut => "TimedOut",
        Retry::NoInterval => "NoInterval",
    }
}

/// Everything that can be met.
fn everything(dialect: Dialect) -> Vec<String> {
    let mut all: Vec<String> = [
        "phase Scheduled",
        "phase Scheduled again",
        "phase Started",
        "phase Started, cancel requested",
        "outcome Completed",
        "outcome Canceled",
        "outcome Terminated",
        "answer Done",
        "answer Existing",
        "answer Task",
        "answer Recorded",
        "answer Recorded, cancel requested",
    ]
    .map(String::from)
    .into();
    let retries: &[&str] = match dialect {
        Dialect::Standalone => &["After", "NonRetryable"],
        Dialect::Workflow => {
            &["After", "After, negative", "NonRetryable", "TimedOut", "NoInterval"]
        }
    };
    all.extend(retries.iter().map(|retry| format!("retry {retry}")));
    all.extend(Rejection::ALL.map(|rejection| format!("rejection {rejection:?}")));
    all.extend(RetryState::ALL.map(|retry_state| format!("outcome Failed, {retry_state:?}")));
    for timeout_type in TimeoutType::ALL {
        all.push(format!("timeout {}", timeout_type.name()));
        // A schedule timeout is no retry decision; an attempt without time left is reported as
        // schedule-to-close; nobody waits for a worker once cancellation is requested.
        let retry_states: &[RetryState] = match timeout_type {
            TimeoutType::ScheduleToStart => &[RetryState::Timeout],
            TimeoutType::ScheduleToClose => &[RetryState::CancelRequested, RetryState::Timeout],
            TimeoutType::StartToClose | TimeoutType::Heartbeat => &[
                RetryState::CancelRequested,
                RetryState::NonRetryableFailure,
                RetryState::MaximumAttemptsReached,
            ],
        };
        let name = timeout_type.name();
        all.extend(retry_states.iter().map(|state| format!("outcome TimedOut {name}, {state:?}")));
    }
    for word in [
        "StartActivityExecution",
        "Poll",
        "Heartbeat",
        "HeartbeatById",
        "RespondCompleted",
        "RespondCompletedById",
        "RespondFailed",
        "RespondFailedById",
        "RespondCanceled",
        "RespondCanceledById",
        "RequestCancel",
        "Terminate",
    ] {
        all.push(format!("{word} accepted"));
        all.push(format!("{word} refused"));
    }
    all
}
