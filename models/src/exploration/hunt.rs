//! The shortest way to break something: no configuration is searched deeper than the best so far.
//! Finds one violation and stops; says nothing about what else there is.

use super::bounds::Grid;
use super::coverage::Coverage;
use super::explorer::{Explorer, Until, Violation};
use super::machine::Machine;
use super::name::Name;
use super::survey::Watch;
use super::system::System;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The shortest violation of all configurations; of equally short ones that of the configuration
/// that says least. `None` if nothing can be broken.
pub fn shortest_violation<M>(
    system: &System<M>,
    grid: &Grid,
    threads: usize,
    watch: &dyn Watch,
) -> Option<Violation>
where
    M: Machine<i16, Name> + Sync,
{
    let next = AtomicUsize::new(0);
    let best: Mutex<Option<(usize, Violation)>> = Mutex::new(None);
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let (mut explorer, mut coverage) = (Explorer::default(), Coverage::default());
                while !watch.is_cut_off() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(configuration) = grid.configurations().get(index) else { break };
                    let limit = match &*best.lock().expect("no explorer panics") {
                        None => u16::MAX,
                        Some((found, best)) => steps(best) + u16::from(index < *found),
                    };
                    let place = u16::try_from(index).expect("a grid is small");
                    let until = Until::Violation { shorter_than: limit };
                    let explored =
                        explorer.explore(system, configuration, place, until, &mut coverage);
                    watch.explored(1, explored.unique_states, explored.transitions);
                    let Some(violation) = explored.violation else { continue };
                    let mut best = best.lock().expect("no explorer panics");
                    let is_better = best.as_ref().is_none_or(|(found, best)| {
                        (steps(&violation), index) < (steps(best), *found)
                    });
                    if is_better {
                        *best = Some((index, violation));
                    }
                }
            });
        }
    });
    best.into_inner().expect("no explorer panics").map(|(_, violation)| violation)
}

fn steps(violation: &Violation) -> u16 {
    u16::try_from(violation.actions.len()).expect("a shortest violation is short")
}
