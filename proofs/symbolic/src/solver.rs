//! Remembers constraints and what was refuted, and calls the kernel before it says "impossible".
//! Knows sets of constraints; has never heard of paths.

use crate::eliminate::{Elimination, eliminate};
use crate::hash::Map;
use crate::kernel;
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
    memory: Map<Box<[Known]>, bool>,
    connected: Vec<Known>,
    certificates: u64,
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
        &self.constraints[known.0 as usize]
    }

    /// How many different conjunctions were refuted, each with a certificate the kernel accepted.
    pub(crate) fn certificates(&self) -> u64 {
        self.certificates
    }

    pub(crate) fn footprint(&self, known: Known) -> u128 {
        self.footprints[known.0 as usize]
    }

    /// Whether `goal` certainly contradicts `hypotheses`, which are taken to be consistent: only
    /// those connected with the goal are looked at. `false` means "not known to".
    pub(crate) fn refutes(&mut self, hypotheses: &[Known], goal: Known) -> bool {
        self.connect(hypotheses, goal);
        if let Some(&refuted) = self.memory.get(self.connected.as_slice()) {
            return refuted;
        }
        let constraints = || self.connected.iter().map(|&known| self.constraint(known));
        let refuted = match eliminate(constraints()) {
            Elimination::Refuted(proof) => {
                let hypotheses: Vec<Constraint> = constraints().cloned().collect();
                kernel::refutes(&hypotheses, &proof)
            }
            Elimination::Open(_) | Elimination::GaveUp => false,
        };
        self.certificates += u64::from(refuted);
        self.memory.insert(self.connected.as_slice().into(), refuted);
        refuted
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
