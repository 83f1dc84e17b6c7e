//! An activity as plain columns, and back: any values can be handed in, and what no execution can
//! be is refused. Knows no table and no notation.

use super::door::{Ending, HELD, RequestIds};
use super::recover::{broken_promise, is_derived, is_interval, is_recorded};
use super::{Activity, RequestIdText};
use crate::execution::ActivityExecution;
use crate::options::ActivityOptions;
use crate::payload::Payload;
use crate::vocabulary::{
    ActivityExecutionStatus, Attempt, CancelRequest, Deadlines, Observation, Opaque, Outcome,
    PendingActivityState, Phase, RetryState, Span, TimeoutType, Timestamp,
};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::fmt;

/// The whole state of an activity but for its options, as columns of one row.
///
/// Names are those of Describe. `None` and an empty payload are what does not apply. Not
/// `#[non_exhaustive]`, so that a row can be written out as a struct: a further column is a new
/// major version.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Snapshot {
    /// When the execution was created.
    pub schedule_time: Timestamp,
    /// The request that created it.
    pub start_request_id: RequestIdText,
    /// The status of the whole.
    pub status: ActivityExecutionStatus,
    /// What it is doing, while it is open.
    pub run_state: Option<PendingActivityState>,
    /// The number of the current attempt, or of the last one.
    pub attempt: Attempt,
    /// From when on a worker may take the task, or from when on it could be taken; while it is open.
    pub dispatch_time: Option<Timestamp>,
    /// The backoff that led to `dispatch_time`, while a retry waits.
    pub current_retry_interval: Option<Span>,
    /// The poll that took the task, while a worker holds it.
    pub poll_request_id: Option<RequestIdText>,
    /// When the last attempt that started did so.
    pub last_started_time: Option<Timestamp>,
    /// When heartbeat details were last recorded, over all attempts.
    pub last_heartbeat_time: Option<Timestamp>,
    /// The newest details that any attempt recorded.
    pub heartbeat_details: Payload,
    /// How often details were recorded, over all attempts.
    pub total_heartbeat_count: i64,
    /// When the last attempt that was completed, failed or timed out was so.
    pub last_attempt_complete_time: Option<Timestamp>,
    /// The failure of the last attempt that failed or timed out.
    pub last_failure: Payload,
    /// Who last polled or closed.
    pub last_worker_identity: Payload,
    /// The cancel request that was accepted, also after the close.
    pub cancel_request_id: Option<RequestIdText>,
    /// Who asked for cancellation.
    pub cancel_identity: Payload,
    /// Why.
    pub cancel_reason: Payload,
    /// The request that terminated the execution.
    pub terminate_request_id: Option<RequestIdText>,
    /// When it closed.
    pub close_time: Option<Timestamp>,
    /// The result, failure, details or reason with which it closed.
    pub outcome: Payload,
    /// Who requested the cancellation or termination that closed it.
    pub outcome_identity: Payload,
    /// Why no other attempt followed, if it failed or timed out.
    pub retry_state: Option<RetryState>,
    /// Which timeout, if it timed out.
    pub timeout_type: Option<TimeoutType>,
}

/// Why a snapshot is that of no execution: the column, or the promise that it breaks.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum InvalidSnapshot {
    /// A column is empty that an execution in this state has.
    Missing {
        /// The column.
        column: &'static str,
    },
    /// A column holds what an execution in this state does not have.
    OutOfPlace {
        /// The column.
        column: &'static str,
    },
    /// A column holds an instant or a number that no execution comes to.
    OutOfRange {
        /// The column.
        column: &'static str,
    },
    /// There is no execution like this with these options.
    BreaksPromise {
        /// The name of the promise, one of [`promises::all`](crate::promises::all).
        name: &'static str,
        /// What it says.
        statement: &'static str,
    },
}

impl Activity {
    /// Its state as plain columns; together with its options it is all that there is to keep.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let seen = self.observe(self.execution.last_recorded_time());
        // A request id that is kept without its request is none of this execution.
        let poll_request_id = self.ids.poll.clone().filter(|_| seen.is_started());
        let (dispatch_time, current_retry_interval, close_time, outcome) = match seen.phase {
            Phase::Scheduled { dispatch_time, retry_interval } => {
                (Some(dispatch_time), retry_interval, None, None)
            }
            Phase::Started { dispatch_time, .. } => (Some(dispatch_time), None, None, None),
            Phase::Closed { outcome, close_time } => (None, None, Some(close_time), Some(outcome)),
        };
        let outcome = outcome.map_or_else(OutcomeColumns::default, OutcomeColumns::of);
        let cancel = seen.cancel_request.as_ref();
        Snapshot {
            schedule_time: seen.schedule_time,
            start_request_id: self.ids.start.clone(),
            status: self.status(),
            run_state: self.run_state(),
            attempt: seen.attempt,
            dispatch_time,
            current_retry_interval,
            poll_request_id,
            last_started_time: seen.last_started_time,
            last_heartbeat_time: seen.last_heartbeat_time,
            heartbeat_details: seen.heartbeat_details,
            total_heartbeat_count: seen.total_heartbeat_count,
            last_attempt_complete_time: seen.last_attempt_complete_time,
            last_failure: seen.last_failure,
            last_worker_identity: seen.last_worker_identity,
            cancel_request_id: cancel.and_then(|_| self.ids.cancel().cloned()),
            cancel_identity: cancel.map_or_else(Payload::none, |it| it.identity.clone()),
            cancel_reason: cancel.map_or_else(Payload::none, |it| it.reason.clone()),
            terminate_request_id: seen
                .terminate_request_id
                .and_then(|_| self.ids.terminate().cloned()),
            close_time,
            outcome: outcome.payload,
            outcome_identity: outcome.identity,
            retry_state: outcome.retry_state,
            timeout_type: outcome.timeout_type,
        }
    }

    /// The activity that stood like this, under the options that it was started with.
    ///
    /// # Errors
    /// What is wrong with the columns. Whatever they hold, they are refused, or the activity is one
    /// that keeps every promise of states, and [`snapshot`](Self::snapshot) gives them back.
    pub fn from_snapshot(
        options: impl Into<Arc<ActivityOptions>>,
        snapshot: &Snapshot,
    ) -> Result<Self, InvalidSnapshot> {
        let options = options.into();
        snapshot.check_range()?;
        let execution = ActivityExecution::from_observation(&snapshot.observation()?);
        let ids = RequestIds {
            start: snapshot.start_request_id.clone(),
            poll: snapshot.poll_request_id.clone(),
            ending: snapshot.ending(),
        };
        let activity = Self::of(options, execution, ids);
        snapshot.check_places(&activity.snapshot())?;
        let seen = activity.observe(activity.execution.last_recorded_time());
        match broken_promise(activity.terms(), &seen) {
            Some(promise) => {
                let (name, statement) = (promise.name, promise.statement);
                Err(InvalidSnapshot::BreaksPromise { name, statement })
            }
            None => Ok(activity),
        }
    }
}

impl Snapshot {
    /// What is seen of the execution; no deadlines, which follow from the rest.
    fn observation(&self) -> Result<Observation, InvalidSnapshot> {
        let missing = |column| InvalidSnapshot::Missing { column };
        let phase = match (self.status, self.run_state) {
            (ActivityExecutionStatus::Running, None) => return Err(missing("run_state")),
            (ActivityExecutionStatus::Running, Some(PendingActivityState::Scheduled)) => {
                Phase::Scheduled {
                    dispatch_time: self.dispatch_time.ok_or(missing("dispatch_time"))?,
                    retry_interval: self.current_retry_interval,
                }
            }
            (
                ActivityExecutionStatus::Running,
                Some(PendingActivityState::Started | PendingActivityState::CancelRequested),
            ) => {
                self.last_started_time.ok_or(missing("last_started_time"))?;
                self.poll_request_id.as_ref().ok_or(missing("poll_request_id"))?;
                let dispatch_time = self.dispatch_time.ok_or(missing("dispatch_time"))?;
                Phase::Started { request_id: HELD, dispatch_time }
            }
            (
                ActivityExecutionStatus::Completed
                | ActivityExecutionStatus::Failed
                | ActivityExecutionStatus::Canceled
                | ActivityExecutionStatus::Terminated
                | ActivityExecutionStatus::TimedOut,
                _,
            ) => Phase::Closed {
                outcome: self.outcome()?,
                close_time: self.close_time.ok_or(missing("close_time"))?,
            },
        };
        Ok(Observation {
            now: self.schedule_time,
            schedule_time: self.schedule_time,
            start_request_id: HELD,
            attempt: self.attempt,
            phase,
            deadlines: Deadlines::default(),
            last_started_time: self.last_started_time,
            last_attempt_complete_time: self.last_attempt_complete_time,
            last_heartbeat_time: self.last_heartbeat_time,
            heartbeat_details: self.heartbeat_details.clone(),
            total_heartbeat_count: self.total_heartbeat_count,
            last_failure: self.last_failure.clone(),
            last_worker_identity: self.last_worker_identity.clone(),
            cancel_request: self.cancel_request_id.as_ref().map(|_| CancelRequest {
                request_id: HELD,
                identity: self.cancel_identity.clone(),
                reason: self.cancel_reason.clone(),
            }),
            terminate_request_id: self.terminate_request_id.as_ref().map(|_| HELD),
        })
    }

    fn outcome(&self) -> Result<Outcome<Payload>, InvalidSnapshot> {
        let missing = |column| InvalidSnapshot::Missing { column };
        let payload = self.outcome.clone();
        let identity = self.outcome_identity.clone();
        Ok(match self.status {
            ActivityExecutionStatus::Running => return Err(missing("status")),
            ActivityExecutionStatus::Completed => Outcome::Completed { result: payload },
            ActivityExecutionStatus::Canceled => Outcome::Canceled { details: payload, identity },
            ActivityExecutionStatus::Terminated => {
                Outcome::Terminated { reason: payload, identity }
            }
            ActivityExecutionStatus::Failed => {
                let retry_state = self.retry_state.ok_or(missing("retry_state"))?;
                Outcome::Failed { failure: payload, retry_state }
            }
            ActivityExecutionStatus::TimedOut => Outcome::TimedOut {
                timeout_type: self.timeout_type.ok_or(missing("timeout_type"))?,
                failure: payload,
                retry_state: self.retry_state.ok_or(missing("retry_state"))?,
            },
        })
    }

    fn ending(&self) -> Option<Box<Ending>> {
        let ending = Ending {
            cancel: self.cancel_request_id.clone(),
            terminate: self.terminate_request_id.clone(),
        };
        (ending != Ending::default()).then(|| Box::new(ending))
    }

    /// That arithmetic on the columns cannot overflow, and that counts agree with instants.
    fn check_range(&self) -> Result<(), InvalidSnapshot> {
        let recorded = [
            ("schedule_time", Some(self.schedule_time)),
            ("last_started_time", self.last_started_time),
            ("last_heartbeat_time", self.last_heartbeat_time),
            ("last_attempt_complete_time", self.last_attempt_complete_time),
            ("close_time", self.close_time),
        ];
        let recorded = recorded.map(|(column, time)| (column, time.is_none_or(is_recorded)));
        let heartbeats = match self.last_heartbeat_time {
            Some(_) => 1..=MOST,
            None => 0..=0,
        };
        let others = [
            ("dispatch_time", self.dispatch_time.is_none_or(is_derived)),
            ("current_retry_interval", self.current_retry_interval.is_none_or(is_interval)),
            ("attempt", (1..=MOST).contains(&self.attempt.0)),
            ("total_heartbeat_count", heartbeats.contains(&self.total_heartbeat_count)),
        ];
        match recorded.into_iter().chain(others).find(|(_, is_in_range)| !is_in_range) {
            Some((column, _)) => Err(InvalidSnapshot::OutOfRange { column }),
            None => Ok(()),
        }
    }

    /// That every column is what the execution that it tells of has there.
    fn check_places(&self, kept: &Snapshot) -> Result<(), InvalidSnapshot> {
        macro_rules! places {
            ($($column:ident)+) => {
                [$((stringify!($column), self.$column == kept.$column)),+]
            };
        }
        // No column of `Snapshot` is left out: the two are equal only if all of these are.
        let places = places!(
            schedule_time start_request_id status run_state attempt dispatch_time
            current_retry_interval poll_request_id last_started_time last_heartbeat_time
            heartbeat_details total_heartbeat_count last_attempt_complete_time last_failure
            last_worker_identity cancel_request_id cancel_identity cancel_reason
            terminate_request_id close_time outcome outcome_identity retry_state timeout_type
        );
        match places.into_iter().find(|(_, is_kept)| !is_kept) {
            Some((column, _)) => Err(InvalidSnapshot::OutOfPlace { column }),
            None => Ok(()),
        }
    }
}

/// How an execution ended, as columns.
#[derive(Default)]
struct OutcomeColumns {
    payload: Payload,
    identity: Payload,
    retry_state: Option<RetryState>,
    timeout_type: Option<TimeoutType>,
}

impl OutcomeColumns {
    fn of(outcome: Outcome<Payload>) -> Self {
        let nothing = OutcomeColumns::default();
        match outcome {
            Outcome::Completed { result } => OutcomeColumns { payload: result, ..nothing },
            Outcome::Failed { failure, retry_state } => {
                OutcomeColumns { payload: failure, retry_state: Some(retry_state), ..nothing }
            }
            Outcome::Canceled { details, identity } => {
                OutcomeColumns { payload: details, identity, ..nothing }
            }
            Outcome::Terminated { reason, identity } => {
                OutcomeColumns { payload: reason, identity, ..nothing }
            }
            Outcome::TimedOut { timeout_type, failure, retry_state } => OutcomeColumns {
                payload: failure,
                retry_state: Some(retry_state),
                timeout_type: Some(timeout_type),
                ..nothing
            },
        }
    }
}

impl fmt::Display for InvalidSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidSnapshot::Missing { column } => write!(f, "{column} is missing in this state"),
            InvalidSnapshot::OutOfPlace { column } => {
                write!(f, "{column} is not what an execution in this state has there")
            }
            InvalidSnapshot::OutOfRange { column } => write!(f, "{column} is out of range"),
            InvalidSnapshot::BreaksPromise { name, statement } => {
                write!(f, "no execution with these options is like that: {statement} ({name})")
            }
        }
    }
}

impl core::error::Error for InvalidSnapshot {}

/// More attempts or heartbeats than this there are not: what a number of JSON holds exactly.
const MOST: i64 = 1 << 53;
