//! One activity task on a worker: from its delivery to the release of its slot.
//! Has no clock, makes no call and runs no function; it says what is to be done about either.
//!
//! ```text
//!                                  a call in flight,                no call in flight,
//!                                  or details to flush              a report is owed
//!  Absent ──Deliver──► Running ──Return──► Flushing ──last answer──► Reporting
//!                         │                    │                         │
//!         not found, or a │                    │ nothing to report,      │ answered,
//!           local timeout │                    │ or not found            │ or lost
//!                         ▼                    ▼                         ▼
//!                        Gone ──Return──► Released ◄─────────────────────┘
//! ```
//! A return passes at once through every phase in which nothing is to be waited for.

use super::Cancel;
use super::words::{
    Effect, HeartbeatReply, LocalTimer, Report, TaskAction, TaskOptions, TaskRejection,
};
use crate::Payload;
use crate::vocabulary::{Number, Opaque, Timestamp};

/// One activity task on a worker; a token stands for one attempt, so this is never a retry.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ActivityTask<N = i64, P = Payload> {
    /// Not delivered yet; a poll holds the slot.
    #[default]
    Absent,
    /// The function runs, and the service knows the attempt.
    Running(Running<N, P>),
    /// The function runs, but the attempt is lost: nothing is sent for it any more.
    Gone {
        /// What the function was told first, which need not be that it is lost.
        cancel: Cancel,
    },
    /// The function has returned, and a heartbeat call is still in flight.
    Flushing(Flushing<N, P>),
    /// The call that reports the result is in flight.
    Reporting,
    /// Over: the slot is free.
    Released,
}

/// What is known while the function runs.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Running<N = i64, P = Payload> {
    /// When the task was delivered.
    pub delivered_time: Timestamp<N>,
    /// When the service was last known to have heard of the attempt.
    pub recorded_time: Timestamp<N>,
    /// The newest heartbeat details.
    pub heartbeat_details: HeartbeatDetails<P>,
    /// The last heartbeat call.
    pub call: HeartbeatCall<N>,
    /// What the function was told.
    pub cancel: Option<Cancel>,
}

/// The newest details that the function recorded in this attempt.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HeartbeatDetails<P = Payload> {
    /// It recorded none.
    None,
    /// They were sent, successfully or not.
    Sent(P),
    /// They wait for the call in flight, or for the throttle interval.
    Buffered(P),
}

/// The last heartbeat call.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum HeartbeatCall<N = i64> {
    /// There was none.
    NotSent,
    /// It waits for an answer.
    InFlight {
        /// When it was sent.
        sent_time: Timestamp<N>,
    },
    /// It was answered, or given up.
    Returned {
        /// When it was sent.
        sent_time: Timestamp<N>,
    },
}

/// What is known while the last heartbeat calls are waited for.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Flushing<N = i64, P = Payload> {
    /// When the call in flight was sent.
    pub sent_time: Timestamp<N>,
    /// Details that are still to be sent.
    pub buffered: Option<P>,
    /// What is reported afterwards; `None` if somebody else will report.
    pub report: Option<Report<P>>,
}

pub(super) type Next<N, P> = (ActivityTask<N, P>, Option<Effect<P>>);

impl<N: Number, P: Opaque> ActivityTask<N, P> {
    /// What the task is after `action` at `now`, and what it wants done.
    ///
    /// Effects are to be carried out in the order of the steps. Where a heartbeat call is given up,
    /// or the attempt is lost while one is in flight, its answer is not waited for any more.
    ///
    /// # Errors
    /// Why `action` has no place here; the task stays as it is.
    pub fn decide(
        &self,
        terms: &TaskOptions<N>,
        now: Timestamp<N>,
        action: &TaskAction<P>,
    ) -> Result<Next<N, P>, TaskRejection> {
        match (self, action) {
            //= models/spec.md#S10
            //# A worker runs the function of a task once; a retry is another task.
            (ActivityTask::Absent, TaskAction::Deliver { grace_period_elapsed }) => {
                Ok(Running::delivered(now, *grace_period_elapsed))
            }
            (ActivityTask::Running(running), _) => running.decide(terms, now, action),
            //= models/spec.md#S20
            //# Whatever the function of such an attempt returns is discarded.
            //= models/spec.md#S9
            //# A worker that gives up reporting a result forgets the task, and its timeout has to
            //# find out.
            // An attempt that is lost is finished in silence, and so is a success.
            //= models/spec.md#W1
            //# For each task at most one result is reported, and none once its attempt is known to
            //# be gone.
            (ActivityTask::Gone { .. }, TaskAction::Return(_))
            | (ActivityTask::Reporting, TaskAction::ResultReply(_)) => {
                Ok((ActivityTask::Released, Some(Effect::ReleaseSlot)))
            }
            (
                ActivityTask::Gone { .. },
                TaskAction::Heartbeat { .. }
                | TaskAction::HeartbeatDetailsConversionFails
                | TaskAction::CancelActivityCommand
                | TaskAction::GracePeriodElapses,
            ) => Ok((self.clone(), None)),
            (ActivityTask::Flushing(flushing), TaskAction::HeartbeatReply(reply)) => {
                Ok(flushing.returned(now, *reply))
            }
            //= models/spec.md#W17
            //# A task that was delivered is over at some time, if its function returns and its
            //# calls are answered or given up.
            (ActivityTask::Flushing(flushing), TaskAction::Elapses(timer)) => {
                is_due(self.due(terms, *timer), now)?;
                Ok(flushing.returned(now, HeartbeatReply::Failed))
            }
            (
                ActivityTask::Absent
                | ActivityTask::Gone { .. }
                | ActivityTask::Flushing(_)
                | ActivityTask::Reporting
                | ActivityTask::Released,
                _,
            ) => Err(out_of_place(action)),
        }
    }

    /// When this alarm goes off, if it is set. A function of the state; nothing stores it.
    #[must_use]
    pub fn due(&self, terms: &TaskOptions<N>, timer: LocalTimer) -> Option<Timestamp<N>> {
        match (self, timer) {
            (ActivityTask::Running(running), _) => running.due(terms, timer),
            (ActivityTask::Flushing(flushing), LocalTimer::HeartbeatCall) => {
                Some(flushing.sent_time + terms.heartbeat_call_timeout)
            }
            (
                ActivityTask::Absent
                | ActivityTask::Gone { .. }
                | ActivityTask::Flushing(_)
                | ActivityTask::Reporting
                | ActivityTask::Released,
                _,
            ) => None,
        }
    }

    /// The alarm that goes off next.
    #[must_use]
    pub fn deadline(&self, terms: &TaskOptions<N>) -> Option<(Timestamp<N>, LocalTimer)> {
        let mut first: Option<(Timestamp<N>, LocalTimer)> = None;
        for timer in LocalTimer::ALL {
            if let Some(due) = self.due(terms, timer)
                && first.is_none_or(|(earliest, _)| due < earliest)
            {
                first = Some((due, timer));
            }
        }
        first
    }

    /// Whether the function runs.
    #[must_use]
    pub fn is_outstanding(&self) -> bool {
        matches!(self, ActivityTask::Running(_) | ActivityTask::Gone { .. })
    }

    /// What the function was told; known for as long as it runs.
    #[must_use]
    pub fn cancel(&self) -> Option<Cancel> {
        match self {
            ActivityTask::Running(running) => running.cancel,
            ActivityTask::Gone { cancel } => Some(*cancel),
            ActivityTask::Absent
            | ActivityTask::Flushing(_)
            | ActivityTask::Reporting
            | ActivityTask::Released => None,
        }
    }
}

pub(super) fn is_due<N: Number>(
    due: Option<Timestamp<N>>,
    now: Timestamp<N>,
) -> Result<(), TaskRejection> {
    match due {
        Some(due) if now >= due => Ok(()),
        Some(_) | None => Err(TaskRejection::NotDue),
    }
}

/// Why an action that has no place in a state is refused.
//= models/spec.md#W15
//# A heartbeat or a result of a function that does not run is refused, makes no call and changes
//# nothing.
pub(super) fn out_of_place<P>(action: &TaskAction<P>) -> TaskRejection {
    match action {
        TaskAction::Deliver { .. } => TaskRejection::AlreadyDelivered,
        TaskAction::Heartbeat { .. }
        | TaskAction::HeartbeatDetailsConversionFails
        | TaskAction::CancelActivityCommand
        | TaskAction::GracePeriodElapses
        | TaskAction::Return(_) => TaskRejection::UnknownActivity,
        TaskAction::HeartbeatReply(_) | TaskAction::ResultReply(_) => TaskRejection::NoCallInFlight,
        TaskAction::Elapses(_) => TaskRejection::NotDue,
    }
}
