//! The machines of worker and caller behind one seam, so that a wrong one can stand in.
//! Knows how they are called; decides nothing.

use super::note::{Moment, Note};
use super::world::{Slots, Task};
use activity_execution::caller::{self, ActivityMachine, CallerTerms, Effects};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::{
    self, Effect, LocalTimer, TaskTerms, WorkerAction, WorkerEffect, WorkerRejection, WorkerTerms,
};

/// The only instant there is.
pub(super) const NOW: Timestamp<Moment> = Timestamp(Moment(0));

/// A timeout that has not passed, whenever it began.
const AHEAD: Span<Moment> = Span(Moment(4));

/// A timeout that has passed.
const PASSED: Span<Moment> = Span(Moment(0));

/// What the task machine says to an action.
pub type TaskDecision = Result<(Task, Option<Effect<Note>>), worker::Rejection>;
/// What the slot machine says to an action.
pub type SlotsDecision = Result<(Slots, Option<WorkerEffect>), WorkerRejection>;
/// What the caller's machine says to an action.
pub type CallerDecision = Result<(ActivityMachine, Effects<Note>), caller::Rejection>;

/// The machines that the parties run.
#[derive(Clone, Copy, Debug)]
pub struct Machines {
    /// The worker's, for one task.
    pub task: fn(&Task, &TaskTerms<Moment>, &worker::Action<Note>) -> TaskDecision,
    /// The worker's, for its slots.
    pub slots: fn(&Slots, WorkerAction) -> SlotsDecision,
    /// The caller's.
    pub caller: fn(&ActivityMachine, &CallerTerms, &caller::Action<Note>) -> CallerDecision,
}

impl Machines {
    /// The library's.
    pub const RIGHT: Machines = Machines {
        task: |task, terms, action| task.decide(terms, NOW, action),
        slots: |slots, action| slots.decide(&SLOT_TERMS, NOW, action),
        caller: |machine, terms, action| machine.decide(terms, action),
    };
}

/// One slot, and no grace: a grace period that passes changes nothing before it is over.
const SLOT_TERMS: WorkerTerms<Moment> =
    WorkerTerms { max_concurrent_activities: Moment(1), graceful_shutdown_period: PASSED };

/// The terms of a task of which this timer, if any, has elapsed.
pub(super) fn task_terms(elapsed: Option<LocalTimer>) -> TaskTerms<Moment> {
    let span = |timer| if elapsed == Some(timer) { PASSED } else { AHEAD };
    TaskTerms {
        start_to_close_timeout: Some(span(LocalTimer::StartToClose)),
        heartbeat_timeout: Some(span(LocalTimer::Heartbeat)),
        local_timeout_buffer: PASSED,
        heartbeat_throttle_interval: span(LocalTimer::HeartbeatThrottle),
        heartbeat_call_timeout: span(LocalTimer::HeartbeatCall),
    }
}
