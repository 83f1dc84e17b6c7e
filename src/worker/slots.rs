//! A worker's slots and its shutdown: tasks are only counted here.
//! Knows how many polls, functions and completions there are; nothing about any one of them.
//!
//! ```text
//!  slots:     free ──Poll──► polling ──Deliver──► outstanding ──Return──► completing
//!              ▲                │ PollEnds                                    │ ReleaseSlot
//!              └────────────────┴─────────────────────────────────────────────┘
//!
//!  shutdown:  Running ──InitiateShutdown──► Initiated ──GracePeriodElapses──► GracePeriodElapsed
//!                │                             │                                     │
//!                └──── no slot in use ─────────┴────────► ShutDown ◄─────────────────┘
//! ```

use crate::vocabulary::{Number, Span, Timestamp};
use core::fmt;

/// What is known of a worker beforehand.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct WorkerOptions<N = i64> {
    /// How many slots there are.
    pub max_concurrent_activities: N,
    /// How long running functions are left alone when the worker shuts down.
    ///
    /// Always bounded; where none is given it is [zero](Span::zero). Released SDKs that take
    /// "none" for "for ever" never tell a function to stop.
    pub graceful_shutdown_period: Span<N>,
}

impl<N: Number> WorkerOptions<N> {
    /// Whether a worker can have these numbers.
    #[must_use]
    pub fn are_normal(&self) -> bool {
        self.max_concurrent_activities >= N::literal(1)
            && self.graceful_shutdown_period >= Span::zero()
    }
}

/// A worker, seen from its slots.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct WorkerSlots<N = i64> {
    /// Slots whose poll has not brought anything yet.
    pub polling: N,
    /// Slots whose function runs.
    pub outstanding: N,
    /// Slots whose function has returned, while heartbeats are flushed and the result is reported.
    pub completions_in_flight: N,
    /// How far the worker is with its shutdown.
    pub shutdown: Shutdown<N>,
}

/// How far a worker is with its shutdown.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Shutdown<N = i64> {
    /// It was not asked to.
    Running,
    /// It takes no new polls and leaves functions alone.
    Initiated {
        /// Since when.
        initiated_time: Timestamp<N>,
    },
    /// Every function has been told to stop; one that ignores it is waited for.
    GracePeriodElapsed,
    /// Nothing is left.
    ShutDown,
}

/// Anything that can happen to a worker's slots.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SlotsAction {
    /// A slot is taken, then a poll goes out.
    Poll,
    /// A poll brings nothing, fails, or is dropped.
    PollEnds,
    /// A poll brings a task; while shutting down too, for the service has already started it.
    Deliver,
    /// A function returns.
    Return,
    /// A task is over.
    ReleaseSlot,
    /// Somebody asks the worker to shut down: polls may end, and the service is told.
    InitiateShutdown,
    /// The grace period of the shutdown is over.
    GracePeriodElapses,
}

impl SlotsAction {
    /// All of them, in the order in which a worker meets them.
    pub const ALL: [SlotsAction; 7] = [
        SlotsAction::Poll,
        SlotsAction::PollEnds,
        SlotsAction::Deliver,
        SlotsAction::Return,
        SlotsAction::ReleaseSlot,
        SlotsAction::InitiateShutdown,
        SlotsAction::GracePeriodElapses,
    ];
}

/// What a worker wants done.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum SlotsEffect {
    /// Tell every task that its grace period is over.
    CancelOutstanding,
    /// Shutdown is complete; nothing follows.
    FinishShutdown,
}

/// Why something cannot happen to a worker; it changes nothing.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum SlotsRejection {
    /// Every slot is in use.
    NoSlot,
    /// The worker is shutting down.
    ShuttingDown,
    /// No slot is there to which this could happen.
    NoSuchSlot,
    /// No grace period runs, or it is not over.
    NotDue,
}

impl SlotsRejection {
    /// All of them.
    pub const ALL: [SlotsRejection; 4] = [
        SlotsRejection::NoSlot,
        SlotsRejection::ShuttingDown,
        SlotsRejection::NoSuchSlot,
        SlotsRejection::NotDue,
    ];
}

impl fmt::Display for SlotsRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SlotsRejection::NoSlot => "every slot is in use",
            SlotsRejection::ShuttingDown => "the worker is shutting down",
            SlotsRejection::NoSuchSlot => "no slot is in this use",
            SlotsRejection::NotDue => "the grace period is not over",
        })
    }
}

impl core::error::Error for SlotsRejection {}

/// One thing that happened to a worker: when, what, and what came of it, refusals included.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct SlotsStep<N = i64> {
    /// The instant at which it happened.
    pub now: Timestamp<N>,
    /// What happened.
    pub action: SlotsAction,
    /// What the worker wants done about it.
    pub reply: Result<Option<SlotsEffect>, SlotsRejection>,
}

impl<N: Number> WorkerSlots<N> {
    /// A worker with every slot free.
    #[must_use]
    pub fn new() -> Self {
        let zero = N::literal(0);
        WorkerSlots {
            polling: zero,
            outstanding: zero,
            completions_in_flight: zero,
            shutdown: Shutdown::Running,
        }
    }

    /// How many slots are in use.
    #[track_caller]
    #[must_use]
    pub fn slots_used(&self) -> N {
        self.polling + self.outstanding + self.completions_in_flight
    }

    /// When the functions are told to stop, if that is to come.
    #[must_use]
    pub fn grace_deadline(&self, terms: &WorkerOptions<N>) -> Option<Timestamp<N>> {
        match self.shutdown {
            Shutdown::Initiated { initiated_time } => {
                Some(initiated_time + terms.graceful_shutdown_period)
            }
            Shutdown::Running | Shutdown::GracePeriodElapsed | Shutdown::ShutDown => None,
        }
    }

    /// Whether a task that is delivered now is told to stop at once.
    #[must_use]
    pub fn grace_period_elapsed(&self) -> bool {
        matches!(self.shutdown, Shutdown::GracePeriodElapsed)
    }

    /// What the worker is after `action` at `now`, and what it wants done.
    ///
    /// # Errors
    /// Why `action` cannot happen; the worker stays as it is.
    pub fn decide(
        &self,
        terms: &WorkerOptions<N>,
        now: Timestamp<N>,
        action: SlotsAction,
    ) -> Result<(Self, Option<SlotsEffect>), SlotsRejection> {
        let mut next = *self;
        let one = N::literal(1);
        match action {
            SlotsAction::Poll => {
                self.must_run()?;
                //= models/spec.md#W13
                //# A slot is in use from the poll until the last call about its task is over; it is
                //# released once, and never are more in use than there are.
                if self.slots_used() >= terms.max_concurrent_activities {
                    return Err(SlotsRejection::NoSlot);
                }
                next.polling = next.polling + one;
            }
            SlotsAction::PollEnds => next.polling = one_less(next.polling)?,
            SlotsAction::Deliver => {
                next.polling = one_less(next.polling)?;
                next.outstanding = next.outstanding + one;
            }
            SlotsAction::Return => {
                next.outstanding = one_less(next.outstanding)?;
                next.completions_in_flight = next.completions_in_flight + one;
            }
            SlotsAction::ReleaseSlot => {
                next.completions_in_flight = one_less(next.completions_in_flight)?;
            }
            SlotsAction::InitiateShutdown => {
                self.must_run()?;
                next.shutdown = Shutdown::Initiated { initiated_time: now };
            }
            SlotsAction::GracePeriodElapses => {
                //= models/spec.md#S21
                //# A worker that shuts down leaves its functions alone for a grace period, then
                //# tells each of them.
                if self.grace_deadline(terms).is_none_or(|deadline| now < deadline) {
                    return Err(SlotsRejection::NotDue);
                }
                next.shutdown = Shutdown::GracePeriodElapsed;
                return Ok((next, Some(SlotsEffect::CancelOutstanding)));
            }
        }
        Ok(next.finish())
    }

    fn must_run(&self) -> Result<(), SlotsRejection> {
        match self.shutdown {
            Shutdown::Running => Ok(()),
            Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed | Shutdown::ShutDown => {
                Err(SlotsRejection::ShuttingDown)
            }
        }
    }

    /// Shutdown is complete once no slot is in use.
    //= models/spec.md#W14
    //# A shutdown is over when no function runs and no completion is in flight, and not before.
    fn finish(self) -> (Self, Option<SlotsEffect>) {
        match self.shutdown {
            // A task that has left the functions but is still being reported counts too: a worker
            // that looked at running functions alone would strand results on the way out.
            Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed
                if self.slots_used() <= N::literal(0) =>
            {
                let shutdown = Shutdown::ShutDown;
                (WorkerSlots { shutdown, ..self }, Some(SlotsEffect::FinishShutdown))
            }
            Shutdown::Running
            | Shutdown::Initiated { .. }
            | Shutdown::GracePeriodElapsed
            | Shutdown::ShutDown => (self, None),
        }
    }
}

impl<N: Number> Default for WorkerSlots<N> {
    fn default() -> Self {
        WorkerSlots::new()
    }
}

fn one_less<N: Number>(count: N) -> Result<N, SlotsRejection> {
    if count > N::literal(0) { Ok(count - N::literal(1)) } else { Err(SlotsRejection::NoSuchSlot) }
}
