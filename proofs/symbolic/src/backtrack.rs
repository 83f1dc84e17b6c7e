//! Where paths end and the next one begins: counting, recording, and taking alternatives.

use crate::context::{Context, Stop};
use crate::path::End;
use crate::step::Step;

impl Context {
    /// Whether the hypotheses are not refuted; looks only at those not looked at before.
    pub(crate) fn settle(&mut self) -> bool {
        let mut reach = 0;
        for index in (self.settled..self.hypotheses.len()).rev() {
            let hypothesis = self.hypotheses[index];
            if self.solver.footprint(hypothesis) & reach == 0 {
                if self.solver.refutes(&self.hypotheses, hypothesis) {
                    return false;
                }
                reach |= self.solver.reach();
            }
        }
        self.settled = self.hypotheses.len();
        true
    }

    /// Counts and records the path that ends here.
    pub(crate) fn leaf(&mut self, end: End) {
        match end {
            End::Finished => self.statistics.paths += 1,
            End::Pruned => self.statistics.pruned += 1,
            End::Midway => {}
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.leaf(self.nodes.iter().map(|node| node.step), end);
        }
    }

    /// Whether the budget allows another path.
    pub(crate) fn another_path(&mut self) -> Result<(), Stop> {
        let paths = self.statistics.paths + self.statistics.pruned;
        self.clock.path(paths).map_err(Stop::CutOff)
    }

    /// Takes the latest alternative after the first `floor` decisions; `false` if none is left.
    pub(crate) fn backtrack(&mut self, floor: usize) -> bool {
        while self.nodes.len() > floor {
            let mut node = self.nodes.pop().expect("there are more nodes than the floor");
            self.hypotheses.truncate(node.hypotheses_before);
            self.settled = self.settled.min(self.hypotheses.len());
            if let Some(recorder) = &mut self.recorder {
                recorder.rewind(self.nodes.len());
            }
            if let Some(way) = node.ways.pop() {
                self.take(way, node.ways);
                return true;
            }
            match node.step {
                _ if !node.has_alternatives() => {}
                Step::Chosen { options, taken, at } => {
                    self.push_choice(options, taken + 1, at);
                    return true;
                }
                Step::Compared { left, question, right, implied, at, .. } => {
                    // The lowest bit has been explored.
                    let feasible = node.feasible & (node.feasible - 1);
                    let comparison = question.answers()[feasible.trailing_zeros() as usize];
                    let step = Step::Compared { left, question, comparison, right, implied, at };
                    self.push(step, feasible);
                    let difference = self.terms.combine(left, right, -1);
                    self.suppose(difference, comparison);
                    return true;
                }
                Step::Assumed { .. } => {}
            }
        }
        false
    }
}
