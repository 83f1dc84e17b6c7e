//! The machines of worker and caller behind one interface, so that a mutant can stand in. Knows how
//! they are called; decides nothing.

use super::payload::{AbstractNumber, SystemPayload};
use super::step_record::Happened;
use super::world::{Slots, Task, World};
use crate::mutants::{CallerNext, CallerRule, SlotsNext, SlotsRule, TaskNext, TaskRule};
use activity_execution::caller::{self, CallerOptions, WorkflowActivity};
use activity_execution::vocabulary::{Span, Timestamp};
use activity_execution::worker::{self, LocalTimer, SlotsAction, TaskOptions, WorkerOptions};

/// The only instant there is.
pub(super) const NOW: Timestamp<AbstractNumber> = Timestamp(AbstractNumber(0));

/// A timeout that has not passed, whenever it began.
const AHEAD: Span<AbstractNumber> = Span(AbstractNumber(4));

/// A timeout that has passed.
const PASSED: Span<AbstractNumber> = Span(AbstractNumber(0));

/// The world before, and what the right system makes of a step.
pub type SystemRule = fn(&World, (World, Happened)) -> (World, Happened);

/// The machines that the parties run: the library's, and what becomes of their decisions; and what
/// becomes of a step of all of them.
#[derive(Clone, Copy, Debug)]
pub struct Machines {
    /// The worker's, for one task.
    pub task: TaskRule<AbstractNumber, SystemPayload>,
    /// The worker's, for its slots.
    pub slots: SlotsRule<AbstractNumber>,
    /// The caller's.
    pub caller: CallerRule<SystemPayload>,
    /// The service's and that of what lies between the parties.
    pub system: SystemRule,
}

impl Machines {
    /// The library's.
    pub const RIGHT: Machines = Machines {
        task: |_, _, _, next| next,
        slots: |_, _, _, next| next,
        caller: |_, _, _, next| next,
        system: |_, next| next,
    };

    pub(super) fn task(
        &self,
        task: &Task,
        terms: &TaskOptions<AbstractNumber>,
        action: &worker::TaskAction<SystemPayload>,
    ) -> TaskNext<AbstractNumber, SystemPayload> {
        (self.task)(task, NOW, action, task.decide(terms, NOW, action))
    }

    pub(super) fn slots(&self, slots: &Slots, action: SlotsAction) -> SlotsNext<AbstractNumber> {
        (self.slots)(slots, NOW, action, slots.decide(&SLOT_TERMS, NOW, action))
    }

    pub(super) fn caller(
        &self,
        machine: &WorkflowActivity,
        terms: &CallerOptions,
        action: &caller::CallerAction<SystemPayload>,
    ) -> CallerNext<SystemPayload> {
        (self.caller)(terms, machine, action, machine.decide(terms, action))
    }
}

/// One slot, and no grace: a grace period that passes changes nothing before it is over.
const SLOT_TERMS: WorkerOptions<AbstractNumber> = WorkerOptions {
    max_concurrent_activities: AbstractNumber(1),
    graceful_shutdown_period: PASSED,
};

/// The terms of a task of which this timer, if any, has elapsed.
pub(super) fn task_terms(elapsed: Option<LocalTimer>) -> TaskOptions<AbstractNumber> {
    let span = |timer| if elapsed == Some(timer) { PASSED } else { AHEAD };
    TaskOptions {
        start_to_close_timeout: Some(span(LocalTimer::StartToClose)),
        heartbeat_timeout: Some(span(LocalTimer::Heartbeat)),
        local_timeout_buffer: PASSED,
        heartbeat_throttle_interval: span(LocalTimer::HeartbeatThrottle),
        heartbeat_call_timeout: span(LocalTimer::HeartbeatCall),
    }
}
