//! What a system answers, as it is read from a line. Keys that nobody knows are ignored.

use super::failure::{Failure, data};
use super::outcome::Outcome;
use crate::alphabet::{Capabilities, Capability, Power};
use crate::seam::{self, Call, Manifest, SystemClock, Token, Told};
use activity_execution::vocabulary::{
    ActivityExecutionStatus, Attempt, PendingActivityState, Span, Timestamp,
};
use activity_execution::{self as library, Payload};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// An answer: the id of the request, and one of the other three.
#[derive(Debug, Deserialize)]
pub struct Answer<'a> {
    /// The id of the request.
    pub id: u64,
    /// It is done; what there is to say depends on the request.
    #[serde(borrow)]
    pub ok: Option<&'a RawValue>,
    /// It is refused, and changed nothing.
    pub refused: Option<String>,
    /// The system cannot go on.
    pub error: Option<String>,
}

/// The answer to the handshake.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The version of the protocol that the system speaks: 1.
    pub protocol: u32,
    /// What it is called.
    pub name: String,
    /// Which version of it answers.
    #[serde(default)]
    pub version: String,
    /// How its time passes.
    pub clock: Clock,
    /// What can be seen: `answers`, `outcome` or `describe`.
    pub observes: String,
    /// What it can do: capabilities by name, and `crash`.
    #[serde(default)]
    pub can: Vec<String>,
    /// Whether it reads lists of requests, and answers each with a list.
    #[serde(default)]
    pub batches: bool,
}

/// How time passes: `"virtual"`, or `{"real": {"step": 1000}}`.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Clock {
    /// As the harness says, by `Advance`.
    Virtual,
    /// By itself.
    Real {
        /// What the harness is to take for a unit of time, in milliseconds.
        step: i64,
        /// How late timers may be beyond a quarter of that.
        #[serde(default)]
        lateness: i64,
    },
}

/// The answer to a poll.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct Polled {
    /// The task; null where there is none to give.
    pub task: Option<Task>,
}

/// A task.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    /// To be shown with every report about it.
    pub token: String,
    /// Which attempt it is, counted from one.
    pub attempt: i64,
    /// The newest details that any attempt recorded.
    #[serde(default)]
    pub heartbeat_details: Option<String>,
}

/// The answer to a start.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
pub struct Started {
    /// Whether this start created the execution.
    pub started: bool,
}

/// The answer to a heartbeat.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// Whether cancellation was requested.
    #[serde(default)]
    pub cancel_requested: bool,
}

/// How an execution stands. Of a system that shows outcomes alone, the outcome is enough. Instants
/// are milliseconds since the start; those beside `nextAttemptScheduleTime` are compared where they
/// are given.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Description {
    /// `Running`, `Completed`, `Failed`, `Canceled`, `Terminated` or `TimedOut`.
    pub status: Option<String>,
    /// Of an open execution: `Scheduled`, `Started` or `CancelRequested`.
    pub run_state: Option<String>,
    /// The current attempt, or the last one.
    pub attempt: Option<i64>,
    /// While the next attempt waits for its backoff, or the first for the start delay: until when.
    pub next_attempt_schedule_time: Option<i64>,
    /// The backoff that the next attempt waits for.
    pub current_retry_interval: Option<i64>,
    /// When the last attempt that started did so.
    pub last_started_time: Option<i64>,
    /// When heartbeat details were last recorded.
    pub last_heartbeat_time: Option<i64>,
    /// When the last attempt that was completed, failed or timed out was so.
    pub last_attempt_complete_time: Option<i64>,
    /// When it closed.
    pub close_time: Option<i64>,
    /// The schedule-to-close deadline.
    pub expiration_time: Option<i64>,
    /// The newest details that any attempt recorded.
    pub heartbeat_details: Option<String>,
    /// How often details were recorded.
    pub total_heartbeat_count: i64,
    /// The failure of the last attempt that failed or timed out.
    pub last_failure: Option<Failure>,
    /// The reason of the cancel request that was accepted.
    pub canceled_reason: Option<String>,
    /// Who last polled, or whose report closed the execution.
    pub last_worker_identity: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
}

impl Hello {
    /// What the system says of itself, and whether it reads lists.
    ///
    /// # Errors
    /// If it speaks another version, or a word that nobody knows.
    pub fn read(&self) -> Result<Manifest, String> {
        if self.protocol != super::VERSION {
            return Err(format!(
                "it speaks version {} of the protocol, and this harness version {}",
                self.protocol,
                super::VERSION
            ));
        }
        let observes = Power::of_name(&self.observes).ok_or_else(|| {
            format!("`observes` should be answers, outcome or describe, not {}", self.observes)
        })?;
        let clock = match self.clock {
            Clock::Virtual => SystemClock::Virtual,
            Clock::Real { step, lateness } if step > 0 && lateness >= 0 => {
                SystemClock::Real { step: Span(step), lateness: Span(lateness) }
            }
            Clock::Real { .. } => return Err("the `step` of the clock should be positive".into()),
        };
        let known = |name: &&String| Capability::of_name(name).is_some();
        let (known, rest): (Vec<_>, Vec<_>) = self.can.iter().partition(known);
        Ok(Manifest {
            name: self.name.clone(),
            version: self.version.clone(),
            clock,
            observes,
            can: known
                .iter()
                .filter_map(|name| Capability::of_name(name))
                .collect::<Capabilities>(),
            crashes: rest.iter().any(|name| *name == CRASH),
            unknown: rest.into_iter().filter(|name| *name != CRASH).cloned().collect(),
        })
    }
}

/// The word for being able to be crashed.
const CRASH: &str = "crash";

impl Answer<'_> {
    /// What it says to a call.
    ///
    /// # Errors
    /// If it says nothing that belongs there.
    pub fn read(&self, call: &Call) -> Result<Told, String> {
        if let Some(refused) = &self.refused {
            return Ok(Told::Refused(refused.clone()));
        }
        let ok = self.ok.ok_or("it has neither `ok` nor `refused`")?;
        Ok(match call {
            Call::Start { .. } => Told::Started(parse::<Started>(ok)?.started),
            Call::Poll { .. } => Told::Task(parse::<Polled>(ok)?.task.map(|task| seam::Task {
                token: Token(task.token.into()),
                attempt: task.attempt,
                heartbeat_details: data(task.heartbeat_details.as_deref()),
            })),
            Call::Heartbeat { .. } => {
                let Recorded { cancel_requested } = parse(ok)?;
                Told::Recorded { cancel_requested }
            }
            Call::Describe => Told::Described(Box::new(parse::<Description>(ok)?.read()?)),
            Call::RespondCompleted { .. }
            | Call::RespondFailed { .. }
            | Call::RespondCanceled { .. }
            | Call::RequestCancel { .. }
            | Call::Terminate { .. } => Told::Done,
        })
    }
}

/// What stands under `ok`.
///
/// # Errors
/// If it is something else.
pub(crate) fn parse<'a, T: Deserialize<'a>>(ok: &'a RawValue) -> Result<T, String> {
    serde_json::from_str(ok.get()).map_err(|error| {
        let what = error.to_string();
        what.split(" at line ").next().unwrap_or_default().to_owned()
    })
}

impl Description {
    fn read(&self) -> Result<library::Description, String> {
        let time = |instant: Option<i64>| instant.map(Timestamp);
        let outcome = self.outcome.as_ref();
        let status = match (&self.status, outcome) {
            (Some(name), _) => read_status(name)?,
            (None, Some(outcome)) => outcome.status(),
            (None, None) => ActivityExecutionStatus::Running,
        };
        let run_state = match self.run_state.as_deref() {
            None | Some("Unspecified") => None,
            Some(name) => Some(read_run_state(name)?),
        };
        Ok(library::Description {
            status,
            run_state,
            attempt: Attempt(self.attempt.unwrap_or(0)),
            current_retry_interval: self.current_retry_interval.map(Span),
            next_attempt_schedule_time: time(self.next_attempt_schedule_time),
            last_started_time: time(self.last_started_time),
            last_heartbeat_time: time(self.last_heartbeat_time),
            last_attempt_complete_time: time(self.last_attempt_complete_time),
            close_time: time(self.close_time),
            expiration_time: time(self.expiration_time),
            heartbeat_details: data(self.heartbeat_details.as_deref()),
            total_heartbeat_count: self.total_heartbeat_count,
            last_failure: match &self.last_failure {
                None => Payload::default(),
                Some(failure) => failure.read()?,
            },
            canceled_reason: self.canceled_reason.as_deref().map(|reason| data(Some(reason))),
            last_worker_identity: data(self.last_worker_identity.as_deref()),
            outcome: outcome.map(Outcome::read).transpose()?,
        })
    }
}

fn read_status(name: &str) -> Result<ActivityExecutionStatus, String> {
    let all = [
        ActivityExecutionStatus::Running,
        ActivityExecutionStatus::Completed,
        ActivityExecutionStatus::Failed,
        ActivityExecutionStatus::Canceled,
        ActivityExecutionStatus::Terminated,
        ActivityExecutionStatus::TimedOut,
    ];
    let known = all.into_iter().find(|status| status.name() == name);
    known.ok_or_else(|| format!("`status` is unknown: {name}"))
}

fn read_run_state(name: &str) -> Result<PendingActivityState, String> {
    let all = [
        PendingActivityState::Scheduled,
        PendingActivityState::Started,
        PendingActivityState::CancelRequested,
    ];
    let known = all.into_iter().find(|state| state.name() == name);
    known.ok_or_else(|| format!("`runState` is unknown: {name}"))
}
