//! Coverage of scenarios and random runs: which words of the vocabulary were reached.

use activity_execution::vocabulary::{
    Action, Dialect, Observation, OutcomeKind, Reply, ReplyKind, Request, RequestKind, RetryState,
    Retryability, Situation, Span, TimeoutType,
};
use std::collections::BTreeMap;

/// How often each situation, retry, timeout, reply and call, accepted or refused, was met.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct WordsMet {
    met: BTreeMap<String, u64>,
}

impl WordsMet {
    /// Takes note of a step.
    pub fn note(&mut self, action: &Action, reply: &Reply, after: &Observation) {
        self.count(format!("reply {}", ReplyKind::of(reply)));
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
                self.count(format!("timeout {timeout_type}"));
            }
            Action::Elapses { .. } => {}
        }
        self.count(Situation::of(after).to_string());
    }

    fn count(&mut self, what: String) {
        *self.met.entry(what).or_default() += 1;
    }

    /// Adds what another run has reached.
    pub fn add(&mut self, other: &WordsMet) {
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

fn name_of_retry(retry: Retryability) -> &'static str {
    match retry {
        Retryability::After(backoff) if backoff < Span(0) => "After, negative",
        Retryability::After(_) => "After",
        Retryability::NonRetryable => "NonRetryable",
        Retryability::TimedOut => "TimedOut",
        Retryability::NoInterval => "NoInterval",
    }
}

/// Everything that can be met.
fn everything(dialect: Dialect) -> Vec<String> {
    let mut all: Vec<String> = ReplyKind::ALL.map(|kind| format!("reply {kind}")).into();
    let situations = Situation::ALL.into_iter().filter(|situation| can_be(*situation));
    all.extend(situations.map(|situation| situation.to_string()));
    all.extend(TimeoutType::ALL.map(|timeout_type| format!("timeout {timeout_type}")));
    let retries: &[&str] = match dialect {
        Dialect::Standalone => &["After", "NonRetryable"],
        Dialect::Workflow => {
            &["After", "After, negative", "NonRetryable", "TimedOut", "NoInterval"]
        }
    };
    all.extend(retries.iter().map(|retry| format!("retry {retry}")));
    for word in RequestKind::ALL {
        all.push(format!("{word} accepted"));
        all.push(format!("{word} refused"));
    }
    all
}

/// Whether an execution can be so: a schedule timeout is no retry decision; an attempt without time
/// left is reported as schedule-to-close; nobody waits for a worker once cancellation is requested.
fn can_be(situation: Situation) -> bool {
    let Some(OutcomeKind::TimedOut(timeout_type, retry_state)) = situation.outcome() else {
        return true;
    };
    match timeout_type {
        TimeoutType::ScheduleToStart => retry_state == RetryState::Timeout,
        TimeoutType::ScheduleToClose => {
            matches!(retry_state, RetryState::CancelRequested | RetryState::Timeout)
        }
        TimeoutType::StartToClose | TimeoutType::Heartbeat => retry_state != RetryState::Timeout,
    }
}
