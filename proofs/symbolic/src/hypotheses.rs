//! What is known on the current path: a stack that also tells at once what is in it.

use crate::solver::Known;
use std::ops::Deref;

/// The hypotheses of a path, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Hypotheses {
    stack: Vec<Known>,
    // INVARIANT: how often each constraint is in the stack.
    counts: Vec<u32>,
}

impl Hypotheses {
    pub(crate) fn push(&mut self, hypothesis: Known) {
        if self.counts.len() <= hypothesis.index() {
            self.counts.resize(hypothesis.index() + 1, 0);
        }
        self.counts[hypothesis.index()] += 1;
        self.stack.push(hypothesis);
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        for hypothesis in self.stack.drain(length.min(self.stack.len())..) {
            self.counts[hypothesis.index()] -= 1;
        }
    }

    /// Whether all of these are among them.
    pub(crate) fn include(&self, constraints: &[Known]) -> bool {
        let mut counts = constraints.iter().map(|known| self.counts.get(known.index()));
        counts.all(|count| count.is_some_and(|&count| count > 0))
    }
}

impl Deref for Hypotheses {
    type Target = [Known];

    fn deref(&self) -> &[Known] {
        &self.stack
    }
}
