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
mod tests;
