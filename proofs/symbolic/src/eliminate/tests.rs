//! The refuter against brute force over a small box, and against its own kernel.

use super::*;
use crate::{kernel, search};
use proptest::prelude::*;

const SYMBOLS: usize = 3;
const BOX: i128 = 4;

fn constraint() -> impl Strategy<Value = Constraint> {
    let coefficients = prop::collection::vec(-3_i128..=3, SYMBOLS);
    (coefficients, -6_i128..=6, prop::bool::weighted(0.2)).prop_map(|(times, constant, zero)| {
        let terms = times.into_iter().zip(0..).map(|(times, index)| (Symbol(index), times));
        let form = Linear::from_terms(terms, constant);
        if zero { Constraint::Zero(form) } else { Constraint::AtMostZero(form) }
    })
}

fn difference() -> impl Strategy<Value = Constraint> {
    let sides = (0..=4_u32, 0..=4_u32, -6_i128..=6, prop::bool::weighted(0.2));
    sides.prop_map(|(left, right, constant, zero)| {
        // Number 0 stands for the constant 0.
        let side = |number: u32| Linear::from_terms([(Symbol(number), number.min(1).into())], 0);
        let difference = side(left).combine(1, &side(right), -1).expect("small numbers");
        let form = Linear::from_terms(difference.terms().iter().copied(), constant);
        if zero { Constraint::Zero(form) } else { Constraint::AtMostZero(form) }
    })
}

fn has_a_point_in_the_box(constraints: &[Constraint]) -> bool {
    let side = || -BOX..=BOX;
    side().any(|x| {
        side().any(|y| {
            side().any(|z| {
                let value = |symbol: Symbol| [x, y, z][symbol.index()];
                constraints.iter().all(|constraint| constraint.holds(value) == Some(true))
            })
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_refuted_system_has_a_checked_proof_and_no_point(
        system in prop::collection::vec(constraint(), 1..7),
    ) {
        if let Elimination::Refuted(proof) = eliminate(&system) {
            prop_assert!(kernel::refutes(&system, &proof), "{proof:?}");
            prop_assert!(!has_a_point_in_the_box(&system));
        }
    }

    #[test]
    fn an_instance_satisfies_its_system(
        system in prop::collection::vec(constraint(), 1..7),
    ) {
        let references: Vec<&Constraint> = system.iter().collect();
        if let Some(values) = search::find(&references) {
            let value = |symbol| values.get(&symbol).copied().unwrap_or(0);
            prop_assert!(system.iter().all(|c| c.holds(value) == Some(true)));
        }
    }

    #[test]
    fn a_system_of_differences_is_refuted_or_has_an_instance(
        system in prop::collection::vec(difference(), 1..12),
    ) {
        let references: Vec<&Constraint> = system.iter().collect();
        let refuted = matches!(eliminate(&system), Elimination::Refuted(_));
        prop_assert_ne!(refuted, search::find(&references).is_some());
    }
}

#[test]
fn a_parity_contradiction_needs_rounding_and_gets_it() {
    // 2x + 2y = 4z + 1.
    let terms = [(Symbol(0), 2), (Symbol(1), 2), (Symbol(2), -4)];
    let system = [Constraint::Zero(Linear::from_terms(terms, -1))];
    let Elimination::Refuted(proof) = eliminate(&system) else { panic!("not refuted") };
    assert!(kernel::refutes(&system, &proof));
}

#[test]
fn what_does_not_fit_is_open_and_not_impossible() {
    // x = (2^126)y and y = (2^126)z + 1 and x >= 2 are satisfiable; their sum does not fit.
    let large = 1 << 126;
    let system = [
        Constraint::Zero(Linear::from_terms([(Symbol(0), large), (Symbol(1), -3)], 0)),
        Constraint::Zero(Linear::from_terms([(Symbol(1), large), (Symbol(2), -5)], 1)),
        Constraint::AtMostZero(Linear::from_terms([(Symbol(0), 7), (Symbol(2), 11)], 2)),
    ];
    assert!(matches!(eliminate(&system), Elimination::GaveUp));
}
