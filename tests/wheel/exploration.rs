//! A small wheel explored completely: every script of calls, to any length, agrees with the oracle.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use activity_execution::wheel::rules::{Rules, Sound};
use activity_models::explore::{Explorer, StaterightModel, Until};
use activity_models::mutants::of_wheel;
use activity_models::wheel::{Bounds, Exploration, TALL};

/// Four slots to a node: five keys make two nodes.
const WIDE: Bounds = Bounds { keys: 5, deadlines: &[1, 2], instants: &[0, 1, 2, u64::MAX] };
/// The far end of time.
const LATE: Bounds = Bounds {
    keys: 3,
    deadlines: &[0, u64::MAX - 1, u64::MAX],
    instants: &[0, u64::MAX - 1, u64::MAX],
};

/// Explores until there is nothing new, or something is wrong; returns how many states there are.
fn explore<const SLOTS: usize, R>(bounds: Bounds) -> Result<u64, String>
where
    R: Rules + Clone + Debug + Eq + Hash,
{
    let exploration = Exploration::<SLOTS, R>::new(bounds);
    let until = Until::Violation { shorter_than: u16::MAX };
    let explored = Explorer::default().explore(&exploration, [0], until, &mut ());
    match explored.violation {
        None => Ok(explored.unique_states),
        Some(violation) => Err(format!("{:?}", violation.moves)),
    }
}

/// Both explorers find the wheel right, and count alike: the first remembers states, the second
/// fingerprints of 64 bits.
fn agrees<const SLOTS: usize>(bounds: Bounds, states: u64) {
    assert_eq!(explore::<SLOTS, Sound>(bounds), Ok(states));
    let exploration = Arc::new(Exploration::<SLOTS, Sound>::new(bounds));
    let sometimes = Exploration::<SLOTS, Sound>::sometimes();
    let mut names: Vec<&str> = sometimes.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    let counts = StaterightModel::new(exploration, 0..1).seeing(sometimes).explore(1);
    assert!(counts.complete);
    assert_eq!((counts.unique_states, counts.broken), (states, vec![]));
    assert_eq!(counts.seen, names);
}

#[test]
fn every_script_of_a_tall_wheel_agrees_with_the_oracle() {
    agrees::<2>(TALL, 18_332);
}

#[test]
fn every_script_of_a_wide_wheel_agrees_with_the_oracle() {
    agrees::<4>(WIDE, 8_528);
}

#[test]
fn every_script_at_the_end_of_time_agrees_with_the_oracle() {
    agrees::<2>(LATE, 2_058);
}

#[test]
fn the_exploration_catches_every_mutant() {
    let mut complaints = Vec::new();
    for mutant in of_wheel() {
        let found = (mutant.rule.shortest_disagreement)(TALL);
        let is_right = found.as_ref().is_some_and(|(script, found)| {
            let last = format!("{:?}", script.last());
            mutant.is_named_by(&[found.promise]) && last.contains(mutant.shows_in)
        });
        if !is_right {
            complaints.push((mutant.name, found));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}
