//! A whole grid explored: configurations shared among threads, what they found put together.
//! Whatever the number of threads and whoever is quicker, the result is the same.

use super::bounds::{Configuration, Grid};
use super::coverage::Coverage;
use super::explorer::{Explored, Explorer, Until, Violation};
use super::liveness::StaysOpen;
use super::machine::Machine;
use super::name::Name;
use super::system::{Broken, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

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
    pub total: Explored,
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
pub fn survey<M>(system: &System<M>, grid: &Grid, threads: usize, watch: &dyn Watch) -> Survey
where
    M: Machine<i16, Name> + Sync,
{
    let next = AtomicUsize::new(0);
    let whole = Mutex::new(Survey::default());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut explorer = Explorer::default();
                let mut part = Survey::default();
                while !watch.is_cut_off()
                    && let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(configuration) = grid.configurations().get(index)
                {
                    let place = u16::try_from(index).expect("a grid is small");
                    let explored = explorer.explore(
                        system,
                        configuration,
                        place,
                        Until::TheEnd,
                        &mut part.coverage,
                    );
                    watch.explored(1, explored.unique_states, explored.transitions);
                    part.note(configuration, explored);
                }
                whole.lock().expect("no explorer panics").add(part);
            });
        }
    });
    let mut survey = whole.into_inner().expect("no explorer panics");
    survey.complete = survey.configurations == grid.configurations().len();
    survey
}

impl Survey {
    /// The promises that were broken.
    #[must_use]
    pub fn broken(&self) -> Broken {
        self.total.broken
    }

    fn note(&mut self, configuration: &Configuration, explored: Explored) {
        self.configurations += 1;
        self.total.add(&explored);
        self.largest = self.largest.max(explored.unique_states);
        if explored.stays_open != may_stay_open(configuration) {
            self.wrongly_open.push(*configuration);
        }
        self.count(explored.stays_open, 1);
        self.violations.extend(explored.violation);
        self.keep_shortest();
    }

    fn add(&mut self, part: Survey) {
        self.configurations += part.configurations;
        self.total.add(&part.total);
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
        self.violations.sort_by_key(|violation| {
            (violation.actions.len(), format!("{:?}", violation.configuration))
        });
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
