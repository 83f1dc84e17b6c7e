//! Long random scripts against the oracle: many keys, every node width, deadlines up to the last
//! instant.

use activity_execution::wheel::rules::Sound;
use activity_models::mutants::of_wheel;
use activity_models::wheel::{Kind, Move, Trial};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use quickcheck::{Arbitrary, Gen, quickcheck};

/// Mostly near, sometimes far, rarely to where time ends.
fn distance() -> impl Strategy<Value = u64> {
    prop_oneof![
        20 => 0..4u64,
        20 => 0..2_000u64,
        10 => 0..100_000_000u64,
        2 => any::<u64>(),
        1 => (0..3u64).prop_map(|before| u64::MAX - before),
    ]
}

fn moves(keys: u32, length: usize) -> impl Strategy<Value = Vec<Move>> {
    let one = (prop::sample::select(&Kind::DEALT[..]), 0..keys, distance());
    let one = one.prop_map(|(kind, key, distance)| match kind {
        // A jump by any distance would leave the rest of the script nothing but the end of time.
        Kind::Advance => Move { kind, key, distance: distance % 100_000_000 },
        _ => Move { kind, key, distance },
    });
    prop::collection::vec(one, length / 2..length)
}

proptest! {
    #![proptest_config(Config { cases: 256, ..Config::default() })]

    #[test]
    fn a_wheel_of_the_narrowest_nodes_agrees_with_its_oracle(script in moves(40, 400)) {
        let trial = Trial::<2, Sound>::default().run(script);
        prop_assert_eq!(trial, Ok(()));
    }

    #[test]
    fn a_wheel_of_narrow_nodes_agrees_with_its_oracle(script in moves(200, 600)) {
        let trial = Trial::<4, Sound>::default().run(script);
        prop_assert_eq!(trial, Ok(()));
    }

    #[test]
    fn the_wheel_agrees_with_its_oracle(script in moves(5_000, 2_000)) {
        let trial = Trial::<16, Sound>::default().run(script);
        prop_assert_eq!(trial, Ok(()));
    }

    #[test]
    fn a_wheel_that_jumps_to_the_end_agrees_with_its_oracle(
        script in moves(40, 100),
        jump in any::<u64>(),
        end in moves(40, 100),
    ) {
        let jump = Move { kind: Kind::Advance, key: 0, distance: jump };
        let trial = Trial::<4, Sound>::default().run(script.into_iter().chain([jump]).chain(end));
        prop_assert_eq!(trial, Ok(()));
    }
}

#[derive(Clone, Debug)]
struct Script(Vec<Move>);

impl Arbitrary for Script {
    fn arbitrary(g: &mut Gen) -> Self {
        let length = usize::arbitrary(g) % 1_000;
        let bits = [2, 2, 10, 10, 20, 30, 64];
        let one = |g: &mut Gen| Move {
            kind: *g.choose(&Kind::DEALT).expect("kinds are dealt"),
            key: u32::arbitrary(g) % 300,
            distance: u64::arbitrary(g) >> (64 - g.choose(&bits).expect("there are widths")),
        };
        Self((0..length).map(|_| one(g)).collect())
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let script = self.0.clone();
        let without = move |i| {
            let mut shorter = script.clone();
            shorter.remove(i);
            Self(shorter)
        };
        Box::new((0..self.0.len()).map(without))
    }
}

quickcheck! {
    fn the_wheel_agrees_with_its_oracle_on_any_script(script: Script) -> bool {
        Trial::<16, Sound>::default().run(script.0).is_ok()
    }

    fn a_narrow_wheel_agrees_with_its_oracle_on_any_script(script: Script) -> bool {
        Trial::<2, Sound>::default().run(script.0).is_ok()
    }
}

#[test]
fn random_scripts_catch_every_mutant() {
    for mutant in of_wheel() {
        let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let found = TestRunner::new_with_rng(config, rng).run(&moves(40, 400), |script| {
            prop_assert_eq!((mutant.rule.run)(script), Ok(()));
            Ok(())
        });
        assert!(found.is_err(), "{} is not caught", mutant.name);
    }
}
