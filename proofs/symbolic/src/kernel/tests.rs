//! The kernel against integer points: every rule keeps what holds, and rounds no further than to the
//! next integer; sums that say "nothing at most zero" are no refutations.

use super::*;
use proptest::prelude::*;

const SYMBOLS: usize = 3;

fn form(coefficients: &[i128], constant: i128) -> Linear {
    let terms = coefficients.iter().zip(0..).map(|(&times, index)| (Symbol(index), times));
    Linear::from_terms(terms, constant)
}

fn at_most_zero(coefficients: &[i128], constant: i128) -> Constraint {
    Constraint::AtMostZero(form(coefficients, constant))
}

fn cut(sum: &[(u32, i128)], divisor: i128) -> Cut {
    Cut { sum: sum.to_vec(), divisor }
}

#[test]
fn a_sum_that_says_one_at_most_zero_is_a_refutation() {
    // x < y and y <= x.
    let hypotheses = [at_most_zero(&[1, -1], 1), at_most_zero(&[-1, 1], 0)];
    assert!(refutes(&hypotheses, &[cut(&[(0, 1), (1, 1)], 1)]));
}

#[test]
fn a_sum_that_leaves_a_symbol_or_a_true_constant_is_none() {
    let hypotheses = [at_most_zero(&[1, -1], 0), at_most_zero(&[-1, 1], 0)];
    assert!(!refutes(&hypotheses, &[cut(&[(0, 1), (1, 1)], 1)]));
    assert!(!refutes(&hypotheses, &[cut(&[(0, 1)], 1)]));
    assert!(!refutes(&hypotheses, &[cut(&[], 1)]));
    assert!(!refutes(&hypotheses, &[]));
}

#[test]
fn an_inequality_is_not_multiplied_by_a_negative_number_but_an_equation_may_be() {
    // x + 1 <= 0 and x = 0 contradict each other; x - 1 <= 0 and x = 0 do not.
    let equation = Constraint::Zero(form(&[1], 0));
    assert!(refutes(&[at_most_zero(&[1], 1), equation.clone()], &[cut(&[(0, 1), (1, -1)], 1)]));
    assert!(!refutes(&[at_most_zero(&[1], -1), equation], &[cut(&[(0, -1), (1, 1)], 1)]));
}

#[test]
fn a_division_rounds_only_sums_whose_coefficients_it_divides() {
    // 2x = 1, in two inequalities.
    let hypotheses = [at_most_zero(&[2], -1), at_most_zero(&[-2], 1)];
    let halves = [cut(&[(0, 1)], 2), cut(&[(1, 1)], 2)];
    let proof = |last: Cut| [halves.to_vec(), vec![last]].concat();
    assert!(refutes(&hypotheses, &proof(cut(&[(2, 1), (3, 1)], 1))));
    assert!(!refutes(&hypotheses, &[cut(&[(0, 1), (1, 1)], 1)]));
    // 3x = 1 is not divided by two.
    let thirds = [at_most_zero(&[3], -1), at_most_zero(&[-3], 1)];
    assert!(!refutes(&thirds, &proof(cut(&[(2, 1), (3, 1)], 1))));
}

#[test]
fn a_proof_cites_nothing_that_does_not_exist_yet() {
    let hypotheses = [at_most_zero(&[], 1)];
    assert!(refutes(&hypotheses, &[cut(&[(0, 1)], 1)]));
    assert!(!refutes(&hypotheses, &[cut(&[(1, 1)], 1)]));
}

#[test]
fn a_divisor_below_one_and_an_overflow_are_rejected() {
    let contradiction = [at_most_zero(&[], 1)];
    assert!(!refutes(&contradiction, &[cut(&[(0, 1)], 0)]));
    assert!(!refutes(&contradiction, &[cut(&[(0, 1)], -1)]));
    assert!(refutes(&contradiction, &[cut(&[(0, i128::MAX)], 1)]));
    assert!(!refutes(&[at_most_zero(&[], 2)], &[cut(&[(0, i128::MAX)], 1)]));
}

#[test]
fn a_tight_sum_of_any_number_of_citations_is_none() {
    // x0 <= x1 <= … <= x0: all are equal.
    for length in 1..=6_u32 {
        let step = |from: u32, slack: i128| {
            let to = (from + 1) % length;
            let form = Linear::symbol(Symbol(from)).combine(1, &Linear::symbol(Symbol(to)), -1);
            let form = form.and_then(|form| form.combine(1, &Linear::literal(slack), 1));
            Constraint::AtMostZero(form.expect("small numbers"))
        };
        let whole: Vec<_> = (0..length).map(|index| (index, 1)).collect();
        let tight: Vec<_> = (0..length).map(|from| step(from, 0)).collect();
        assert!(!refutes(&tight, &[cut(&whole, 1)]), "{length}");
        // One of them strict, whichever it is: there is no such ring.
        for strict in 0..length {
            let ring: Vec<_> =
                (0..length).map(|from| step(from, (from == strict).into())).collect();
            assert!(refutes(&ring, &[cut(&whole, 1)]), "{length}, {strict}");
        }
    }
}

#[test]
fn a_tight_sum_stays_tight_whatever_it_is_divided_by() {
    for divisor in 1..=6 {
        // d·x at most c, and d·x at least c: tight where d divides c, and impossible elsewhere.
        for constant in -7..=7_i128 {
            let system = [at_most_zero(&[divisor], -constant), at_most_zero(&[-divisor], constant)];
            let proof =
                [cut(&[(0, 1)], divisor), cut(&[(1, 1)], divisor), cut(&[(2, 1), (3, 1)], 1)];
            let is_impossible = constant % divisor != 0;
            assert_eq!(refutes(&system, &proof), is_impossible, "{divisor} {constant}");
        }
    }
}

#[test]
fn an_equation_is_cited_with_either_sign_and_an_inequality_not_below_zero() {
    let zero = Constraint::Zero(form(&[], -1));
    assert!(refutes(std::slice::from_ref(&zero), &[cut(&[(0, -1)], 1)]));
    assert!(!refutes(&[zero], &[cut(&[(0, 1)], 1)]));
    assert!(!refutes(&[at_most_zero(&[], -1)], &[cut(&[(0, -1)], 1)]));
    // No more than nothing is no refutation.
    assert!(!refutes(&[at_most_zero(&[], 1)], &[cut(&[(0, 0)], 1)]));
}

#[test]
fn a_citation_that_overflows_before_it_is_summed_is_rejected() {
    let half = i128::MAX / 2 + 1;
    let system = [at_most_zero(&[half], 0), at_most_zero(&[half], 0), at_most_zero(&[], half)];
    assert_eq!(follow(&system, &cut(&[(0, 2)], 1)), None);
    assert_eq!(follow(&system, &cut(&[(0, 1), (1, 1)], 1)), None);
    assert_eq!(follow(&system, &cut(&[(2, 2)], 1)), None);
    assert_eq!(follow(&system, &cut(&[(2, 1), (2, 1)], 1)), None);
}

/// A form that is no more than zero at this point, or zero: by this much.
fn constraint_at(point: [i128; SYMBOLS]) -> impl Strategy<Value = Constraint> {
    let coefficients = prop::array::uniform3(-4_i128..=4);
    // Mostly tight: there a rule that adds one too many shows.
    let slack = prop_oneof![3 => Just(0_i128), 1 => 0..5_i128];
    (coefficients, slack, prop::bool::weighted(0.3)).prop_map(move |(times, slack, zero)| {
        let value: i128 = times.iter().zip(point).map(|(times, value)| times * value).sum();
        if zero {
            Constraint::Zero(form(&times, -value))
        } else {
            Constraint::AtMostZero(form(&times, -value - slack))
        }
    })
}

/// A point, and constraints that hold there.
fn system() -> impl Strategy<Value = ([i128; SYMBOLS], Vec<Constraint>)> {
    prop::array::uniform3(-5_i128..=5)
        .prop_flat_map(|point| (Just(point), prop::collection::vec(constraint_at(point), 1..5)))
}

fn any_cut() -> impl Strategy<Value = Cut> {
    let sum = prop::collection::vec((0..8_u32, -3_i128..=3), 0..5);
    (sum, 1..4_i128).prop_map(|(sum, divisor)| Cut { sum, divisor })
}

/// What the sum of a cut says, before it is divided: coefficients, and the constant.
fn sum_of(known: &[Constraint], cut: &Cut) -> Linear {
    cut.sum.iter().fold(Linear::literal(0), |sum, &(index, times)| {
        sum.combine(1, known[index as usize].form(), times).expect("small numbers")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_follows_holds_wherever_the_hypotheses_do(
        (point, hypotheses) in system(),
        cuts in prop::collection::vec(any_cut(), 1..5),
    ) {
        let value = |symbol: Symbol| point[symbol.index()];
        let mut known = hypotheses.clone();
        for cut in &cuts {
            if let Some(consequence) = follow(&known, cut) {
                prop_assert_eq!(consequence.holds(value), Some(true), "{:?}", consequence);
                known.push(consequence);
            }
        }
        prop_assert!(!refutes(&hypotheses, &cuts), "there is a point");
    }

    #[test]
    fn a_cut_says_its_sum_divided_and_rounded_up_and_no_less(
        (_, known) in system(),
        cut in any_cut(),
        spread in 1..4_i128,
    ) {
        // Multiples of the divisor, so that most of the sums can be divided.
        let sum = cut.sum.iter().map(|&(index, times)| (index, times * spread)).collect();
        let cut = Cut { sum, divisor: spread };
        let cited = |&(index, times): &(u32, i128)| {
            let known = known.get(index as usize);
            known.is_some_and(|it| times >= 0 || matches!(it, Constraint::Zero(_)))
        };
        let is_allowed = cut.sum.iter().all(cited);
        let followed = follow(&known, &cut);
        prop_assert_eq!(followed.is_some(), is_allowed);
        if let Some(consequence) = followed {
            let sum = sum_of(&known, &cut);
            let divided = consequence.form().combine(spread, &sum, -1).expect("small numbers");
            // The difference is what was rounded: nothing but less than one divisor.
            let rounded = divided.as_literal().expect("coefficients are divided exactly");
            prop_assert!((0..spread).contains(&rounded), "{rounded}");
            prop_assert!(matches!(consequence, Constraint::AtMostZero(_)));
        }
    }

    #[test]
    fn coefficients_that_the_divisor_does_not_divide_are_refused(
        (_, known) in system(),
        cut in any_cut(),
    ) {
        if let Some(consequence) = follow(&known, &cut) {
            let sum = sum_of(&known, &cut);
            for &(symbol, times) in sum.terms() {
                let kept = consequence.form().coefficient(symbol);
                prop_assert_eq!(kept * cut.divisor, times);
            }
        }
    }
}
