//! The core passes the suites that are derived from the specification: here those of a few seconds,
//! all of them with `activity check --suites`.

use activity_harness::Lockstep;
use activity_harness::alphabet::{Capabilities, Configuration, Input, Power};
use activity_harness::machine::Explicit;
use activity_harness::suite::{Kind, Suite, durations, graded, of_two_extra_states};
use activity_models::exploration::CoreMachine;

/// What the core does otherwise than the specification, if anything.
fn played(configuration: &Configuration, power: Power, kind: Kind) -> (usize, Option<Vec<Input>>) {
    let inputs = configuration.alphabet(Capabilities::all());
    let explicit = Explicit::of(configuration, &inputs, power).expect("it is small enough");
    let suite = Suite::of(explicit.minimal(), kind).expect("it is small enough");
    let lockstep = Lockstep::new(&CoreMachine, configuration, &inputs, power);
    let found = lockstep.shortest_difference(&suite.trie, 2);
    (explicit.minimal().states(), found.map(|node| explicit.spelled(&suite.trie.word(node))))
}

#[test]
fn the_core_passes_every_edge_and_k_0_everywhere() {
    let mut states = Vec::new();
    for configuration in graded().iter().chain(&durations()) {
        for kind in [Kind::Edges, Kind::Complete(0)] {
            let (n, found) = played(configuration, Power::Describe, kind);
            assert_eq!(found, None, "{kind}: {}", configuration.name);
            states.push(n);
        }
    }
    let large = states.iter().step_by(2).take(40).filter(|n| **n > 150).count();
    assert!(large >= 10, "{large} configurations have more than 150 states");
}

#[test]
fn the_core_passes_k_1_in_the_smaller_half_of_the_configurations() {
    for configuration in graded() {
        for power in [Power::Answers, Power::Outcome] {
            let inputs = configuration.alphabet(Capabilities::all());
            let explicit = Explicit::of(&configuration, &inputs, power).expect("small enough");
            if explicit.minimal().states() <= 60 {
                let (_, found) = played(&configuration, power, Kind::Complete(1));
                assert_eq!(found, None, "{power}: {}", configuration.name);
            }
        }
    }
}

#[test]
fn the_core_passes_k_2_in_one_of_the_smallest_configurations() {
    let configuration = of_two_extra_states().pop().expect("there are two");
    let (_, found) = played(&configuration, Power::Describe, Kind::Complete(2));
    assert_eq!(found, None, "{}", configuration.name);
}
