//! The kernel: the only code that is trusted when a branch is called impossible.
//! Knows addition, multiplication and one rounding; has never heard of a path or of a solver.

use crate::linear::{Constraint, Linear, Symbol};
use std::collections::BTreeMap;

/// One step of a proof: a sum of multiples of known constraints, divided and rounded.
///
/// With divisor 1 it is a line of Farkas; another divisor is a cut of Chvátal and Gomory, which
/// holds because symbols are integers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cut {
    /// Which known constraint, how many times: hypotheses first, then the results of earlier cuts.
    pub sum: Vec<(u32, i128)>,
    /// What every coefficient of the sum is divided by.
    pub divisor: i128,
}

/// Whether `proof` leads from `hypotheses` to a contradiction: a positive number at most zero.
pub fn refutes(hypotheses: &[Constraint], proof: &[Cut]) -> bool {
    let mut known = hypotheses.to_vec();
    for cut in proof {
        let Some(consequence) = follow(&known, cut) else {
            return false;
        };
        known.push(consequence);
    }
    let last = known.last().and_then(|last| last.form().as_literal());
    !proof.is_empty() && last.is_some_and(|constant| constant > 0)
}

fn follow(known: &[Constraint], cut: &Cut) -> Option<Constraint> {
    let (mut sum, mut constant) = (BTreeMap::<Symbol, i128>::new(), 0_i128);
    for &(index, times) in &cut.sum {
        let constraint = known.get(index as usize)?;
        if times < 0 && matches!(constraint, Constraint::AtMostZero(_)) {
            return None;
        }
        for &(symbol, coefficient) in constraint.form().terms() {
            let total = sum.entry(symbol).or_default();
            *total = total.checked_add(coefficient.checked_mul(times)?)?;
        }
        constant = constant.checked_add(constraint.form().constant().checked_mul(times)?)?;
    }
    if cut.divisor < 1 || sum.values().any(|total| total % cut.divisor != 0) {
        return None;
    }
    // A multiple of the divisor that is at most `-constant` is at most that, rounded down.
    let rounded_up =
        constant.div_euclid(cut.divisor) + i128::from(constant.rem_euclid(cut.divisor) != 0);
    let terms = sum.into_iter().map(|(symbol, total)| (symbol, total / cut.divisor));
    Some(Constraint::AtMostZero(Linear::from_terms(terms, rounded_up)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
