//! The machines of worker and caller behind one seam, so that a mutant can stand in.
//! Knows how they are called; decides nothing.

use super::note::{Moment, Note};
use super::world::{Slots, Task};
use crate::mutants::{CallerNext, CallerRule, SlotsNext, SlotsRule, TaskNext, TaskRule};
use activity_execution::caller::{self, ActivityMachine, CallerTerms};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::{self, LocalTimer, TaskTerms, WorkerAction, WorkerTerms};

/// The only instant there is.
pub(super) const NOW: Timestamp<Moment> = Timestamp(Moment(0));

/// A timeout that has not passed, whenever it began.
const AHEAD: Span<Moment> = Span(Moment(4));

/// A timeout that has passed.
const PASSED: Span<Moment> = Span(Moment(0));

/// The machines that the parties run: the library's, and what becomes of their decisions.
#[derive(Clone, Copy, Debug)]
pub struct Machines {
    /// The worker's, for one task.
    pub task: TaskRule<Moment, Note>,
    /// The worker's, for its slots.
    pub slots: SlotsRule<Moment>,
    /// The caller's.
    pub caller: CallerRule<Note>,
}

impl Machines {
    /// The library's.
    pub const RIGHT: Machines = Machines {
        task: |_, _, _, next| next,
        slots: |_, _, _, next| next,
        caller: |_, _, _, next| next,
    };

    pub(super) fn task(
        &self,
        task: &Task,
        terms: &TaskTerms<Moment>,
        action: &worker::Action<Note>,
    ) -> TaskNext<Moment, Note> {
        (self.task)(task, NOW, action, task.decide(terms, NOW, action))
    }

    pub(super) fn slots(&self, slots: &Slots, action: WorkerAction) -> SlotsNext<Moment> {
        (self.slots)(slots, NOW, action, slots.decide(&SLOT_TERMS, NOW, action))
    }

    pub(super) fn caller(
        &self,
        machine: &ActivityMachine,
        terms: &CallerTerms,
        action: &caller::Action<Note>,
    ) -> CallerNext<Note> {
        (self.caller)(terms, machine, action, machine.decide(terms, action))
    }
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
