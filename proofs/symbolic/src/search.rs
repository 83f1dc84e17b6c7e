//! Finds integers that satisfy constraints, in reverse order of elimination.
//! Bounded, and honest: what it returns has been evaluated, and otherwise it returns nothing.

use crate::eliminate::{Elimination, Stage, eliminate};
use crate::linear::{Constraint, Symbol};
use std::collections::BTreeMap;

/// Values for the symbols of `constraints`, close to zero where there is a choice.
pub(crate) fn find(constraints: &[&Constraint]) -> Option<BTreeMap<Symbol, i128>> {
    let Elimination::Open(stages) = eliminate(constraints.iter().copied()) else {
        return None;
    };
    let mut search = Search { values: BTreeMap::new(), steps: STEPS_AT_MOST };
    let found = search.assign(&stages) && constraints.iter().all(|c| search.holds(c));
    found.then_some(search.values)
}

struct Search {
    values: BTreeMap<Symbol, i128>,
    steps: u32,
}

const STEPS_AT_MOST: u32 = 10_000;
const TRIES_PER_SYMBOL: i128 = 8;

impl Search {
    fn value(&self, symbol: Symbol) -> i128 {
        self.values.get(&symbol).copied().unwrap_or(0)
    }

    fn holds(&self, constraint: &Constraint) -> bool {
        constraint.holds(|symbol| self.value(symbol)) == Some(true)
    }

    /// Gives values to the symbols of `stages`, the last stage first.
    fn assign(&mut self, stages: &[Stage]) -> bool {
        let Some((stage, earlier)) = stages.split_last() else {
            return true;
        };
        self.values.remove(&stage.symbol);
        let Some((low, high)) = self.interval(stage) else {
            return false;
        };
        let start = 0.max(low).min(high);
        for distance in 0..TRIES_PER_SYMBOL {
            for value in [start.saturating_add(distance), start.saturating_sub(distance)] {
                if self.steps == 0 {
                    return false;
                }
                if value < low || high < value {
                    continue;
                }
                self.steps -= 1;
                self.values.insert(stage.symbol, value);
                if stage.bounds.iter().all(|bound| self.holds(bound)) && self.assign(earlier) {
                    return true;
                }
            }
        }
        self.values.remove(&stage.symbol);
        false
    }

    /// The integers between the bounds of `stage`; `None` on overflow or if there are none.
    fn interval(&self, stage: &Stage) -> Option<(i128, i128)> {
        let (mut low, mut high) = (i128::MIN, i128::MAX);
        for bound in &stage.bounds {
            let times = bound.form().coefficient(stage.symbol);
            let rest = bound.form().evaluate(|symbol| self.value(symbol))?;
            let limit = rest.checked_neg()?;
            let exact = matches!(bound, Constraint::Zero(_));
            if times > 0 {
                high = high.min(limit.div_euclid(times));
            }
            if times < 0 {
                low = low.max(-limit.div_euclid(times.checked_neg()?));
            }
            if exact {
                let value = limit.checked_div_euclid(times)?;
                (low, high) = (low.max(value), high.min(value));
            }
        }
        (low <= high).then_some((low, high))
    }
}
