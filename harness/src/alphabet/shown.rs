//! What is seen of a step, without payloads and instants: a function of where an execution stands.

use super::power::Power;
use super::tester::Supply;
use activity_execution::Description;
use activity_execution::vocabulary::{
    ActivityExecutionStatus, Answer, Number, Opaque, Outcome, PendingActivityState, Rejection,
    Reply, TaskToken, Timestamp,
};
use activity_models::exploration::ExplorerPayload;
use std::fmt;

/// What is seen of a step.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Shown {
    /// How it was answered.
    pub told: Told,
    /// What else is seen.
    pub view: View,
}

/// An answer without instants: how long a task waited, nobody decides by.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Told {
    /// It is done.
    Done,
    /// This execution exists already.
    Existing,
    /// A task.
    Task {
        /// By how much its attempt is later than that of the task before.
        later: i64,
        /// The details that it brings.
        details: ExplorerPayload,
    },
    /// A heartbeat is recorded.
    Recorded {
        /// Whether cancellation was requested.
        cancel_requested: bool,
    },
    /// A refusal.
    Refused(Rejection),
}

/// What is seen besides the answer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum View {
    /// Nothing.
    Nothing,
    /// How it ended, if it has.
    Outcome(Option<Outcome<ExplorerPayload>>),
    /// What Describe shows.
    Described(Sight),
}

/// What Describe shows, told from before the step and from the present. Of an execution that was
/// closed before, the outcome alone; instants of the past and what was never shown before are left
/// to whoever compares two descriptions in full.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Sight {
    /// The status of the whole.
    pub status: ActivityExecutionStatus,
    /// What it is doing.
    pub run_state: Option<PendingActivityState>,
    /// By how much the attempt is later than before.
    pub later: i64,
    /// How long the next attempt still waits.
    pub waits: Option<i64>,
    /// How many heartbeats were recorded.
    pub heartbeats: i64,
    /// The newest details.
    pub heartbeat_details: ExplorerPayload,
    /// The failure of the last attempt.
    pub last_failure: ExplorerPayload,
    /// The reason of the cancel request.
    pub canceled_reason: Option<ExplorerPayload>,
    /// Whether this step named a worker.
    pub is_worker_new: bool,
    /// How it ended.
    pub outcome: Option<Outcome<ExplorerPayload>>,
}

impl Shown {
    /// Its parts, each with its name and in words.
    #[must_use]
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![("answer", self.told.to_string())];
        match self.view {
            View::Nothing => {}
            View::Outcome(outcome) => parts.push(("outcome", ended(outcome))),
            View::Described(sight) => {
                let later = |later: i64| match later {
                    0 => "the same".to_string(),
                    later => format!("{later:+}"),
                };
                let waits = match sight.waits {
                    None => "no more".to_string(),
                    Some(1) => "1 step".to_string(),
                    Some(steps) => format!("{steps} steps"),
                };
                let reason = sight.canceled_reason;
                parts.extend([
                    ("status", sight.status.to_string()),
                    ("run state", sight.run_state.map_or("none", |it| it.name()).to_string()),
                    ("attempt", later(sight.later)),
                    ("waits", waits),
                    ("heartbeats", later(sight.heartbeats)),
                    ("heartbeat details", format!("{:?}", sight.heartbeat_details)),
                    ("last failure", format!("{:?}", sight.last_failure)),
                    ("cancel reason", reason.map_or("none".to_string(), |it| format!("{it:?}"))),
                    ("worker", if sight.is_worker_new { "new" } else { "the same" }.to_string()),
                    ("outcome", ended(sight.outcome)),
                ]);
            }
        }
        parts
    }

    /// The parts that two of a kind do not have in common: the name, and what each has.
    #[must_use]
    pub fn parts_apart(&self, other: &Shown) -> Vec<(&'static str, String, String)> {
        let parts = self.parts().into_iter().zip(other.parts());
        let differing = parts.filter(|((_, one), (_, other))| one != other);
        differing.map(|((name, one), (_, other))| (name, one, other)).collect()
    }

    /// What is seen of the execution, in a few words; nothing where only answers are seen.
    #[must_use]
    pub fn situation(&self) -> String {
        match self.view {
            View::Nothing | View::Outcome(None) => String::new(),
            View::Outcome(Some(outcome)) => format!("{:?}", outcome.kind()),
            View::Described(sight) => {
                let doing = sight.run_state.map_or(sight.status.name(), |it| it.name());
                let waits = sight.waits.map(|it| format!(", in {it}")).unwrap_or_default();
                format!("{doing}{waits}")
            }
        }
    }
}

/// How an execution ended, in words.
fn ended(outcome: Option<Outcome<ExplorerPayload>>) -> String {
    match outcome {
        None => "none".to_string(),
        Some(Outcome::Completed { result }) => format!("Completed: {result:?}"),
        Some(Outcome::Failed { failure, retry_state }) => {
            format!("Failed, {retry_state:?}: {failure:?}")
        }
        Some(Outcome::TimedOut { timeout_type, failure, retry_state }) => {
            format!("TimedOut {timeout_type:?}, {retry_state:?}: {failure:?}")
        }
        Some(Outcome::Canceled { details, identity }) => {
            format!("Canceled: {details:?}, by {identity:?}")
        }
        Some(Outcome::Terminated { reason, identity }) => {
            format!("Terminated: {reason:?}, by {identity:?}")
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Done => f.write_str("done"),
            Told::Existing => f.write_str("exists"),
            Told::Task { later: 0, details } => {
                write!(f, "the same task, details {details:?}")
            }
            Told::Task { later, details } => {
                write!(f, "a task, attempt {later:+}, details {details:?}")
            }
            Told::Recorded { cancel_requested: true } => f.write_str("recorded, cancel requested"),
            Told::Recorded { cancel_requested: false } => f.write_str("recorded"),
            Told::Refused(rejection) => write!(f, "refused: {}", rejection.name()),
        }
    }
}

/// A number that the abstraction can tell as it is.
pub trait Difference: Number {
    /// The number itself.
    fn plain(self) -> i64;
}

impl Difference for i64 {
    fn plain(self) -> i64 {
        self
    }
}

impl Difference for i16 {
    fn plain(self) -> i64 {
        i64::from(self)
    }
}

/// Who tells what is seen without payloads: what it stood like before the step, and the names.
#[derive(Debug)]
pub struct Abstraction<'a, N, P, S> {
    /// The token that was given out last before the step.
    pub newest: Option<TaskToken<N>>,
    /// What Describe showed before the step.
    pub before: &'a Description<N, P>,
    /// The names of payloads.
    pub supply: &'a S,
}

impl<N: Difference, P: Opaque, S: Supply<P>> Abstraction<'_, N, P, S> {
    /// What this power sees of a step that is answered so, and leads there at this instant.
    pub fn shown(
        &self,
        power: Power,
        reply: &Reply<N, P>,
        now: Timestamp<N>,
        after: &Description<N, P>,
    ) -> Shown {
        let view = match power {
            Power::Answers => View::Nothing,
            Power::Outcome => View::Outcome(self.outcome(after)),
            Power::Describe => View::Described(self.sight(now, after)),
        };
        Shown { told: self.told(reply), view }
    }

    /// An answer.
    pub fn told(&self, reply: &Reply<N, P>) -> Told {
        match reply {
            Ok(Answer::Done) => Told::Done,
            Ok(Answer::Existing) => Told::Existing,
            Ok(Answer::Task { attempt, heartbeat_details, .. }) => Told::Task {
                later: attempt.0.plain() - self.newest.map_or(0, |token| token.0.0.plain()),
                details: self.supply.name(heartbeat_details),
            },
            Ok(Answer::Recorded { cancel_requested }) => {
                Told::Recorded { cancel_requested: *cancel_requested }
            }
            Err(rejection) => Told::Refused(*rejection),
        }
    }

    fn outcome(&self, after: &Description<N, P>) -> Option<Outcome<ExplorerPayload>> {
        let name = |payload: &P| self.supply.name(payload);
        Some(match after.outcome.as_ref()? {
            Outcome::Completed { result } => Outcome::Completed { result: name(result) },
            Outcome::Failed { failure, retry_state } => {
                Outcome::Failed { failure: name(failure), retry_state: *retry_state }
            }
            Outcome::Canceled { details, identity } => {
                Outcome::Canceled { details: name(details), identity: name(identity) }
            }
            Outcome::Terminated { reason, identity } => {
                Outcome::Terminated { reason: name(reason), identity: name(identity) }
            }
            Outcome::TimedOut { timeout_type, failure, retry_state } => Outcome::TimedOut {
                timeout_type: *timeout_type,
                failure: name(failure),
                retry_state: *retry_state,
            },
        })
    }

    fn sight(&self, now: Timestamp<N>, after: &Description<N, P>) -> Sight {
        let (before, nothing) = (self.before, ExplorerPayload::NOTHING);
        let was_open = before.outcome.is_none();
        let name = |payload: &P| if was_open { self.supply.name(payload) } else { nothing };
        let waits = after.next_attempt_schedule_time.map(|instant| (instant - now).0.plain());
        let heartbeats = after.total_heartbeat_count - before.total_heartbeat_count;
        let worker = self.supply.name(&after.last_worker_identity);
        Sight {
            status: after.status,
            run_state: after.run_state,
            later: (after.attempt.0 - before.attempt.0).plain(),
            waits,
            heartbeats: heartbeats.plain(),
            heartbeat_details: name(&after.heartbeat_details),
            last_failure: name(&after.last_failure),
            canceled_reason: after.canceled_reason.as_ref().filter(|_| was_open).map(name),
            is_worker_new: worker == ExplorerPayload::NEW,
            outcome: self.outcome(after),
        }
    }
}
