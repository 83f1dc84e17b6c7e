//! A small wheel explored completely: every script of calls, to any length, agrees with the oracle.

use std::hash::Hash;

use activity_execution::wheel::rules::{Rules, Sound};
use activity_models::mutants::of_wheel;
use activity_models::wheel::{AGREES, Bounds, Exploration, TALL};
use stateright::{Checker, HasDiscoveries, Model};

/// Four slots to a node: five keys make two nodes.
const WIDE: Bounds = Bounds { keys: 5, deadlines: &[1, 2], instants: &[0, 1, 2, u64::MAX] };
/// The far end of time.
const LATE: Bounds = Bounds {
    keys: 3,
    deadlines: &[0, u64::MAX - 1, u64::MAX],
    instants: &[0, u64::MAX - 1, u64::MAX],
};

/// Explores until there is nothing new, or something is wrong; returns how many states there are.
fn explore<const SLOTS: usize, R>(bounds: Bounds) -> Result<usize, String>
where
    R: Rules + Clone + std::fmt::Debug + Eq + Hash + Send + Sync + 'static,
{
    let exploration = Exploration::<SLOTS, R>::new(bounds).checker();
    let exploration = exploration.finish_when(HasDiscoveries::AnyFailures);
    let checker = exploration.spawn_bfs().join();
    if let Some(path) = checker.discovery(AGREES) {
        return Err(format!("{:?}", path.last_state()));
    }
    assert!(checker.is_done(), "the exploration was cut off");
    checker.assert_properties();
    Ok(checker.unique_state_count())
}

#[test]
fn every_script_of_a_tall_wheel_agrees_with_the_oracle() {
    assert_eq!(explore::<2, Sound>(TALL), Ok(33_920));
}

#[test]
fn every_script_of_a_wide_wheel_agrees_with_the_oracle() {
    assert_eq!(explore::<4, Sound>(WIDE), Ok(8_528));
}

#[test]
fn every_script_at_the_end_of_time_agrees_with_the_oracle() {
    assert_eq!(explore::<2, Sound>(LATE), Ok(2_058));
}

/// The explorer remembers fingerprints of 64 bits; this one remembers the states.
#[test]
fn no_two_states_share_a_fingerprint() {
    let exact = Exploration::<2, Sound>::new(LATE).exact_states();
    assert_eq!(exact, explore::<2, Sound>(LATE).ok());
}

#[test]
fn the_exploration_catches_every_mutant() {
    for mutant in of_wheel() {
        let Some((script, found)) = (mutant.rule.shortest_disagreement)(TALL) else {
            panic!("{} is not caught", mutant.name);
        };
        assert!(mutant.is_named_by(&[found.promise]), "{}: {}", mutant.name, found.what);
        let last = format!("{:?}", script.last());
        assert!(last.contains(mutant.shows_in), "{}: {script:?}", mutant.name);
    }
}
