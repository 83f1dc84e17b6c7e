//! Explores a whole grid of configurations, shared among threads, and merges the results. Whatever
//! the number of threads and whoever is quicker, the result is the same.

use super::bounds::{Configuration, Grid};
use super::coverage::Coverage;
use super::examine::{Examined, Examiner, StaysOpen};
use super::executions::{Executions, Violation, explore_by_peer};
use super::machine::Machine;
use super::payload::ExplorerPayload;
use super::service_model::ServiceModel;
use crate::explore::{Broken, Explorable as _, Explored, StaterightCounts, Until, share};
use std::ops::ControlFlow;
use std::sync::Mutex;

/// Who watches an exploration, and may end it.
pub trait Watch: Sync {
    /// Configurations were explored, with so many classes and steps in all.
    fn explored(&self, configurations: usize, unique_states: u64, transitions: u64);

    /// Whether to stop after the configurations that are under way.
    fn is_cut_off(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl Watch for () {
    fn explored(&self, _: usize, _: u64, _: u64) {}
}

/// What the exploration of a grid has found.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// How many configurations were explored to the end.
    pub configurations: usize,
    /// Whether those are all.
    pub complete: bool,
    /// The sum over all configurations.
    pub total: Explored<Violation>,
    /// Whether no step leads out of some open execution.
    pub open_terminal_state: bool,
    /// The largest configuration.
    pub largest: u64,
    /// What was reached.
    pub coverage: Coverage,
    /// For each broken promise the shortest way to break it alone or with others.
    pub violations: Vec<Violation>,
    /// How many configurations can stay open for ever, for each way to do so.
    pub stay_open: Vec<(StaysOpen, usize)>,
    /// The configurations that can stay open for ever and should not be able to, or the reverse.
    pub wrongly_open: Vec<Configuration>,
}

/// Explores every configuration of a grid to its end.
pub fn survey<M>(system: &ServiceModel<M>, grid: &Grid, threads: usize, watch: &dyn Watch) -> Survey
where
    M: Machine<i16, ExplorerPayload> + Clone + Sync,
{
    let executions = Executions::new(system.clone(), grid.clone());
    let open = || (Examiner::default(), Survey::default());
    let shares = share(threads, executions.begins(), open, |(examiner, part), place| {
        if watch.is_cut_off() {
            return ControlFlow::Break(());
        }
        let coverage = &mut part.coverage;
        let examined = examiner.examine(&executions, place, Until::TheEnd, coverage);
        let Explored { unique_states, transitions, .. } = examined.explored;
        watch.explored(1, unique_states, transitions);
        part.note(&executions.chosen(place), examined);
        ControlFlow::Continue(())
    });
    let mut survey = Survey::default();
    for (_, part) in shares {
        survey.add(part);
    }
    survey.complete = survey.configurations == executions.begins();
    survey
}

/// Lets stateright explore a grid, part by part, so that somebody can watch and end it.
pub fn peer_survey<M>(
    system: &ServiceModel<M>,
    grid: &Grid,
    threads: usize,
    watch: &dyn Watch,
) -> StaterightCounts
where
    M: Machine<i16, ExplorerPayload> + Clone + Send + Sync + 'static,
{
    let executions = Executions::new(system.clone(), grid.clone());
    explore_by_peer(executions, threads, |part| {
        if let Some(part) = part {
            watch.explored(part.begins, part.unique_states, part.transitions);
        }
        !watch.is_cut_off()
    })
}

/// The shortest violation of all configurations; of equally short ones that of the configuration
/// that says least. `None` if nothing can be broken.
///
/// No configuration is searched deeper than the best so far. Finds one violation and stops; says
/// nothing about what else there is.
pub fn shortest_violation<M>(
    system: &ServiceModel<M>,
    grid: &Grid,
    threads: usize,
    watch: &dyn Watch,
) -> Option<Violation>
where
    M: Machine<i16, ExplorerPayload> + Clone + Sync,
{
    let executions = Executions::new(system.clone(), grid.clone());
    let best: Mutex<Option<(u16, usize, Violation)>> = Mutex::new(None);
    let open = || (Examiner::default(), Coverage::default());
    share(threads, executions.begins(), open, |(examiner, coverage), place| {
        if watch.is_cut_off() {
            return ControlFlow::Break(());
        }
        let shorter_than = match &*best.lock().expect("no explorer panics") {
            None => u16::MAX,
            Some((steps, found, _)) => steps + u16::from(place < *found),
        };
        let until = Until::Violation { shorter_than };
        let explored = examiner.examine(&executions, place, until, coverage).explored;
        watch.explored(1, explored.unique_states, explored.transitions);
        if let Some(violation) = explored.violation {
            let steps = u16::try_from(violation.moves.len()).expect("the shortest are short");
            let mut best = best.lock().expect("no explorer panics");
            if best.as_ref().is_none_or(|(few, first, _)| (steps, place) < (*few, *first)) {
                *best = Some((steps, place, violation));
            }
        }
        ControlFlow::Continue(())
    });
    best.into_inner().expect("no explorer panics").map(|(_, _, violation)| violation)
}

impl Survey {
    /// The promises that were broken.
    #[must_use]
    pub fn broken(&self) -> Broken {
        self.total.broken
    }

    fn note(&mut self, configuration: &Configuration, examined: Examined) {
        self.configurations += 1;
        self.total.add(&examined.explored);
        self.open_terminal_state |= examined.open_terminal_state;
        self.largest = self.largest.max(examined.explored.unique_states);
        if examined.stays_open != may_stay_open(configuration) {
            self.wrongly_open.push(*configuration);
        }
        self.count(examined.stays_open, 1);
        self.violations.extend(examined.explored.violation);
        self.keep_shortest();
    }

    fn add(&mut self, part: Survey) {
        self.configurations += part.configurations;
        self.total.add(&part.total);
        self.open_terminal_state |= part.open_terminal_state;
        self.largest = self.largest.max(part.largest);
        self.coverage.add(&part.coverage);
        self.wrongly_open.extend(part.wrongly_open);
        for (stays_open, count) in part.stay_open {
            self.count(stays_open, count);
        }
        self.violations.extend(part.violations);
        self.keep_shortest();
    }

    fn count(&mut self, stays_open: StaysOpen, configurations: usize) {
        match self.stay_open.iter_mut().find(|(known, _)| *known == stays_open) {
            Some((_, count)) => *count += configurations,
            None => self.stay_open.push((stays_open, configurations)),
        }
        self.stay_open.sort_by_key(|(stays_open, _)| *stays_open);
    }

    /// Of the violations that break the same, the shortest is enough.
    fn keep_shortest(&mut self) {
        self.violations
            .sort_by_key(|violation| (violation.moves.len(), format!("{:?}", violation.begin)));
        let mut told: Vec<&'static str> = Vec::new();
        self.violations.retain(|violation| {
            let before = told.len();
            for judge in &violation.broken {
                if !told.contains(&judge.name) {
                    told.push(judge.name);
                }
            }
            told.len() > before
        });
    }
}

/// The ways in which a configuration may stay open for ever: where nothing bounds the wait for a
/// worker, and where nothing bounds the retries.
#[must_use]
pub fn may_stay_open(configuration: &Configuration) -> StaysOpen {
    let terms = &configuration.terms;
    let unbounded = terms.schedule_to_close_timeout.is_none();
    StaysOpen {
        waiting: unbounded && terms.schedule_to_start_timeout.is_none(),
        retrying: unbounded && terms.maximum_attempts.is_none(),
        stuck: false,
    }
}
