//! Remembers constraints and what was refuted, and calls the kernel before it says "impossible".
//! Knows sets of constraints; has never heard of paths.

use crate::eliminate::{Elimination, eliminate};
use crate::hash::{Map, Set};
use crate::hypotheses::Hypotheses;
use crate::kernel::{self, Cut};
use crate::linear::Constraint;
use std::sync::Arc;

/// A constraint of this solver.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Known(u32);

#[derive(Debug, Default)]
pub(crate) struct Solver {
    constraints: Vec<Arc<Constraint>>,
    // One bit per symbol, modulo 128: a shared bit may connect too much, which costs only time.
    footprints: Vec<u128>,
    numbers: Map<Arc<Constraint>, Known>,
    // By goal: what contradicts it, as the kernel has seen.
    contradictions: Vec<Vec<Box<[Known]>>>,
    // Conjunctions that were not refuted.
    open: Set<Box<[Known]>>,
    connected: Vec<Known>,
    certificates: u64,
}

impl Known {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Solver {
    /// The number of `constraint`, the same for equal ones.
    pub(crate) fn know(&mut self, constraint: Constraint) -> Known {
        if let Some(&known) = self.numbers.get(&constraint) {
            return known;
        }
        let known = Known(u32::try_from(self.constraints.len()).expect("fewer than 2^32"));
        let bits = constraint.form().terms().iter().map(|term| 1 << (term.0.index() % 128));
        self.footprints.push(bits.fold(0, |footprint, bit: u128| footprint | bit));
        let constraint = Arc::new(constraint);
        self.constraints.push(Arc::clone(&constraint));
        self.numbers.insert(constraint, known);
        known
    }

    pub(crate) fn constraint(&self, known: Known) -> &Constraint {
        &self.constraints[known.index()]
    }

    /// How many contradictions were found, each with a certificate that the kernel accepted.
    pub(crate) fn certificates(&self) -> u64 {
        self.certificates
    }

    pub(crate) fn footprint(&self, known: Known) -> u128 {
        self.footprints[known.index()]
    }

    /// Whether `goal` certainly contradicts `hypotheses`, which are taken to be consistent: only
    /// those connected with the goal are looked at. `false` means "not known to".
    pub(crate) fn refutes(&mut self, hypotheses: &Hypotheses, goal: Known) -> bool {
        if self.is_contradicted(hypotheses, goal) {
            return true;
        }
        self.connect(hypotheses, goal);
        if self.open.contains(self.connected.as_slice()) {
            return false;
        }
        let proof = eliminate(self.connected.iter().map(|&known| self.constraint(known)));
        if let Elimination::Refuted(proof) = proof
            && self.is_refuted(proof, goal)
        {
            return true;
        }
        self.open.insert(self.connected.as_slice().into());
        false
    }

    /// Whether hypotheses contradict the goal that did so before: others do not help it.
    fn is_contradicted(&mut self, hypotheses: &Hypotheses, goal: Known) -> bool {
        let Some(contradictions) = self.contradictions.get_mut(goal.index()) else {
            return false;
        };
        let found = contradictions.iter().position(|others| hypotheses.include(others));
        // What was of use is asked first.
        found.inspect(|&index| contradictions.swap(index, index / 2)).is_some()
    }

    /// Asks the kernel about those of the connected constraints that the proof cites, and remembers
    /// them.
    fn is_refuted(&mut self, mut proof: Vec<Cut>, goal: Known) -> bool {
        let cited = cite(&mut proof, self.connected.len());
        let cited: Vec<Known> = cited.into_iter().map(|index| self.connected[index]).collect();
        let hypotheses: Vec<Constraint> =
            cited.iter().map(|&known| self.constraint(known).clone()).collect();
        if !kernel::refutes(&hypotheses, &proof) {
            return false;
        }
        self.certificates += 1;
        if self.contradictions.len() <= goal.index() {
            self.contradictions.resize_with(goal.index() + 1, Vec::new);
        }
        let others = cited.into_iter().filter(|&known| known != goal).collect();
        self.contradictions[goal.index()].push(others);
        true
    }

    /// The symbols (as a footprint) connected with the goal of the latest question.
    pub(crate) fn reach(&self) -> u128 {
        self.connected.iter().fold(0, |reach, &known| reach | self.footprint(known))
    }

    /// Gathers the hypotheses that share a symbol with the goal, directly or through others.
    fn connect(&mut self, hypotheses: &[Known], goal: Known) {
        let mut reach = self.footprint(goal);
        loop {
            let before = reach;
            self.connected.clear();
            for &known in hypotheses {
                if self.footprint(known) & reach != 0 {
                    reach |= self.footprint(known);
                    self.connected.push(known);
                }
            }
            if reach == before {
                break;
            }
        }
        self.connected.push(goal);
    }
}

/// Which of so many constraints a proof cites, in ascending order; the proof then cites them by
/// their place in that order.
fn cite(proof: &mut [Cut], constraints: usize) -> Vec<usize> {
    let is_cited = |index: usize| {
        let mut sums = proof.iter().flat_map(|cut| &cut.sum);
        sums.any(|&(cited, _)| cited as usize == index)
    };
    let cited: Vec<usize> = (0..constraints).filter(|&index| is_cited(index)).collect();
    let left_out = constraints - cited.len();
    for (index, _) in proof.iter_mut().flat_map(|cut| &mut cut.sum) {
        let place = cited.binary_search(&(*index as usize));
        let place = place.unwrap_or_else(|_| *index as usize - left_out);
        *index = u32::try_from(place).expect("fewer than before");
    }
    cited
}
