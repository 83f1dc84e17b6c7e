//! One configuration explored to its end: what it reaches, and whether it can stay open for ever.

use super::alphabet::Tried;
use super::bounds::Configuration;
use super::coverage::{Coverage, Reached};
use super::executions::{Execution, Executions, Violation};
use super::machine::Machine;
use super::payload::ExplorerPayload;
use super::service_model::{Observed, something_is_due};
use crate::explore::{Explorable as _, Explored, Explorer, Graph, Leads, Taken, Until, Visitor};
use activity_execution::vocabulary::{Action, Request, Retryability, Span};

/// What there is to say about one configuration.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// What was explored, with the shortest way to break something.
    pub explored: Explored<Violation>,
    /// Whether no step leads out of an open execution.
    pub open_terminal_state: bool,
    /// Whether it can stay open for ever, and why.
    pub stays_open: StaysOpen,
}

/// Why an execution can stay open for ever.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct StaysOpen {
    /// Nobody polls, and no timeout bounds the wait.
    pub waiting: bool,
    /// Attempt follows attempt.
    pub retrying: bool,
    /// Time stands still or runs on for ever while a worker holds the task.
    pub stuck: bool,
}

/// Explores configurations one by one; its memory is used again for the next.
#[derive(Debug)]
pub struct Examiner<M: Machine<i16, ExplorerPayload>> {
    explorer: Explorer<Executions<M>>,
    /// The steps that get somewhere.
    ways_on: Graph,
}

/// Takes note of what is reached from one configuration.
struct Notes<'a> {
    place: u16,
    configuration: Configuration,
    coverage: &'a mut Coverage,
    ways_on: &'a mut Graph,
    examined: Examined,
    /// Whether a timer has taken effect in the state that is being expanded.
    has_elapsed: bool,
}

impl<M: Machine<i16, ExplorerPayload>> Default for Examiner<M> {
    fn default() -> Self {
        Examiner { explorer: Explorer::default(), ways_on: Graph::default() }
    }
}

impl<M: Machine<i16, ExplorerPayload>> Examiner<M> {
    /// Explores the configuration at a place of the grid.
    ///
    /// # Panics
    /// If there is no such place.
    pub fn examine(
        &mut self,
        executions: &Executions<M>,
        place: usize,
        until: Until,
        coverage: &mut Coverage,
    ) -> Examined {
        self.ways_on.clear();
        let mut notes = Notes {
            place: u16::try_from(place).expect("a grid is small"),
            configuration: executions.chosen(place),
            coverage,
            ways_on: &mut self.ways_on,
            examined: Examined::default(),
            has_elapsed: false,
        };
        let explored = self.explorer.explore(executions, [place], until, &mut notes);
        let mut examined = Examined { explored, ..notes.examined };
        if until == Until::TheEnd {
            let states = self.explorer.states().len();
            examined.stays_open.retrying = self.ways_on.has_cycle(states);
        }
        examined
    }

    /// What the last examination met, one execution of each class.
    #[must_use]
    pub fn executions(&self) -> &[Execution] {
        self.explorer.states()
    }
}

impl<M: Machine<i16, ExplorerPayload>> Visitor<Executions<M>> for Notes<'_> {
    fn step(&mut self, taken: &Taken<'_, Executions<M>>) {
        let (before, action) = (taken.before.observed(), taken.moved);
        let reached = Reached { steps: taken.steps, configuration: self.place };
        self.coverage.note(&self.configuration, before, action, taken.step, reached);
        self.has_elapsed |= matches!(action, Action::Elapses { .. }) && taken.step.reply.is_ok();
        match taken.leads {
            Leads::To(_) if leads_on(before, action) => self.ways_on.add(taken, ()),
            Leads::Nowhere => self.note_wait(before, action),
            Leads::To(_) | Leads::Astray => {}
        }
    }

    fn expanded(&mut self, state: &Execution, is_end: bool) {
        // Something is due, and nothing of it takes effect.
        let is_stuck = something_is_due(state.observed()) && !self.has_elapsed;
        self.examined.stays_open.stuck |= is_stuck;
        self.examined.open_terminal_state |= is_end && !state.observed().is_closed();
        self.has_elapsed = false;
    }
}

impl Notes<'_> {
    /// Where time passes and changes nothing, an execution can stay for ever.
    fn note_wait(&mut self, before: &Observed, action: &Tried) {
        let is_tick = matches!(action, Action::Tick { .. });
        if is_tick && leads_on(before, action) && !before.is_closed() {
            self.examined.stays_open.stuck |= before.is_started();
            self.examined.stays_open.waiting |= !before.is_started();
        }
    }
}

/// Whether a step gets somewhere where it matters who stays open. Time is urgent there: a deadline
/// that is due takes effect before the clock goes on. Heartbeats come and go without getting
/// anywhere, and so do retries that do not wait: in no time there can be any number of them.
fn leads_on(before: &Observed, action: &Tried) -> bool {
    match action {
        Action::Tick { .. } => !something_is_due(before),
        Action::Call(request) => match request {
            Request::RecordActivityTaskHeartbeat { .. } => false,
            Request::RespondActivityTaskFailed { retry: Retryability::After(wait), .. } => {
                *wait > Span(0)
            }
            Request::StartActivityExecution { .. }
            | Request::RecordActivityTaskStarted { .. }
            | Request::RespondActivityTaskCompleted { .. }
            | Request::RespondActivityTaskFailed { .. }
            | Request::RespondActivityTaskCanceled { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => true,
        },
        Action::Elapses { .. } => true,
    }
}
