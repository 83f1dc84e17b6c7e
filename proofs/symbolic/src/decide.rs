//! Decisions: a comparison or choice takes the first alternative that is possible and remembers
//! the others; `backtrack` takes the next one. Earlier decisions are replayed from `nodes`.

use crate::context::{Context, Node, Stop};
use crate::linear::Comparison;
use crate::path::{End, Place, Question, Step};
use crate::terms::Term;

/// Where a predicate began that is evaluated again for each of its own paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    position: usize,
    declared: usize,
}

impl Context {
    /// How `left` compares with `right` on this path; other paths have the other answers.
    pub(crate) fn ask(
        &mut self,
        left: Term,
        right: Term,
        question: Question,
        at: Place,
    ) -> Result<Comparison, Stop> {
        if let Some(&Step::Compared { left: l, right: r, question: q, comparison, .. }) =
            self.to_replay()
            && (l, r, q) == (left, right, question)
        {
            self.position += 1;
            return Ok(comparison);
        }
        let difference = self.terms.combine(left, right, -1);
        if let Some(literal) = self.terms.form(difference).as_literal() {
            return Ok(question.answer(literal));
        }
        if self.rendering {
            return Ok(question.answer(self.value(difference)));
        }
        self.must_be_new()?;
        let feasible = match self.following {
            Some(_) => {
                let comparison = question.answer(self.value(difference));
                let index = question.answers().iter().position(|&answer| answer == comparison);
                1 << index.expect("an answer is one of the answers")
            }
            None => self.feasible(difference, question)?,
        };
        let comparison = question.answers()[feasible.trailing_zeros() as usize];
        let implied = feasible.is_power_of_two() && self.following.is_none();
        self.push(Step::Compared { left, question, comparison, right, implied, at }, feasible);
        if !feasible.is_power_of_two() {
            self.suppose(difference, comparison);
        }
        Ok(comparison)
    }

    /// One of `options` alternatives on this path; other paths have the others.
    pub(crate) fn choose(&mut self, options: u32, at: Place) -> Result<u32, Stop> {
        assert!(options > 0, "a choice has at least one alternative");
        assert!(!self.rendering, "words about a failure do not choose");
        if let Some(&Step::Chosen { options: known, taken, .. }) = self.to_replay()
            && known == options
        {
            self.position += 1;
            return Ok(taken);
        }
        self.must_be_new()?;
        let taken = self.following.as_ref().map_or(0, |instance| {
            let chosen = self.nodes.iter().filter(|n| matches!(n.step, Step::Chosen { .. }));
            instance.choice(chosen.count(), options)
        });
        self.push(Step::Chosen { options, taken, at }, 0);
        Ok(taken)
    }

    /// Supposes that `left - right <= bound`: no fork, no query.
    pub(crate) fn assume(
        &mut self,
        left: Term,
        right: Term,
        bound: i64,
        at: Place,
    ) -> Result<(), Stop> {
        if let Some(&Step::Assumed { left: l, right: r, bound: b, .. }) = self.to_replay()
            && (l, r, b) == (left, right, bound)
        {
            self.position += 1;
            return Ok(());
        }
        let difference = self.terms.combine(left, right, -1);
        let limit = self.terms.literal(bound.into());
        let excess = self.terms.combine(difference, limit, -1);
        if let Some(literal) = self.terms.form(excess).as_literal() {
            return if literal <= 0 { Ok(()) } else { Err(Stop::Pruned) };
        }
        self.must_be_new()?;
        if self.following.is_some() {
            if self.value(excess) > 0 {
                return Err(Stop::Pruned);
            }
            self.push(Step::Assumed { left, right, bound, at }, 0);
        } else {
            self.push(Step::Assumed { left, right, bound, at }, 0);
            let hypothesis = self.compared(excess, Comparison::AtMost);
            self.hypotheses.push(hypothesis);
        }
        Ok(())
    }

    /// Fixes the outcome of the first choice; other explorations have the other outcomes.
    pub(crate) fn pin(&mut self, options: u32, taken: u32, at: Place) {
        self.push(Step::Chosen { options, taken, at }, 0);
        self.floor = self.nodes.len();
    }

    /// Whether the current execution has left the decisions of earlier ones behind.
    pub(crate) fn is_new(&self) -> bool {
        self.position == self.nodes.len()
    }

    /// Panics unless the current execution has taken all decisions that it was to repeat.
    pub(crate) fn must_repeat_decisions(&self) {
        if let Some(node) = self.nodes.get(self.position) {
            let at = node.step.at();
            panic!("the closure is not deterministic: it did not decide again at {at}");
        }
    }

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
            let node = self.nodes.pop().expect("there are more nodes than the floor");
            self.hypotheses.truncate(node.hypotheses_before);
            self.settled = self.settled.min(self.hypotheses.len());
            if let Some(recorder) = &mut self.recorder {
                recorder.rewind(self.nodes.len());
            }
            match node.step {
                Step::Chosen { options, taken, at } if taken + 1 < options => {
                    self.push(Step::Chosen { options, taken: taken + 1, at }, 0);
                    return true;
                }
                Step::Compared { left, question, right, implied, at, .. } => {
                    let feasible = node.feasible & (node.feasible - 1);
                    if feasible != 0 {
                        let comparison = question.answers()[feasible.trailing_zeros() as usize];
                        let step =
                            Step::Compared { left, question, comparison, right, implied, at };
                        self.push(step, feasible);
                        let difference = self.terms.combine(left, right, -1);
                        self.suppose(difference, comparison);
                        return true;
                    }
                }
                Step::Chosen { .. } | Step::Assumed { .. } => {}
            }
        }
        false
    }

    /// Where a predicate begins.
    pub(crate) fn mark(&self) -> Mark {
        Mark { position: self.position, declared: self.terms.declared().len() }
    }

    /// The predicate that began at `mark` is false here: back to `mark` with its next alternative.
    pub(crate) fn retry(&mut self, mark: Mark) -> Result<(), Stop> {
        if self.following.is_some() {
            return Err(Stop::Pruned);
        }
        self.leaf(End::Pruned);
        if !self.backtrack(mark.position) {
            return Err(Stop::DeadEnd);
        }
        self.another_path()?;
        self.position = mark.position;
        self.terms.undeclare(mark.declared);
        Ok(())
    }

    fn to_replay(&self) -> Option<&Step> {
        let node = if self.rendering { None } else { self.nodes.get(self.position) };
        node.map(|node| &node.step)
    }

    /// A decision that is not a replayed one: all of those must be behind us.
    fn must_be_new(&mut self) -> Result<(), Stop> {
        self.must_repeat_decisions();
        self.clock.decision(self.nodes.len()).map_err(Stop::CutOff)
    }

    /// The answers that are not refuted, one bit each.
    fn feasible(&mut self, difference: Term, question: Question) -> Result<u8, Stop> {
        if !self.settle() {
            return Err(Stop::Pruned);
        }
        let answers = question.answers();
        let mut feasible = 0_u8;
        for (index, &answer) in answers.iter().enumerate() {
            let constraint = self.compared(difference, answer);
            // The hypotheses are consistent: if all other answers are impossible, this one holds.
            let is_last_resort = feasible == 0 && index + 1 == answers.len();
            if is_last_resort || !self.solver.refutes(&self.hypotheses, constraint) {
                feasible |= 1 << index;
            } else {
                self.statistics.refutations += 1;
            }
        }
        Ok(feasible)
    }

    fn push(&mut self, step: Step, feasible: u8) {
        let hypotheses_before = self.hypotheses.len();
        self.nodes.push(Node { step, feasible, hypotheses_before });
        self.position += 1;
    }

    fn suppose(&mut self, difference: Term, comparison: Comparison) {
        let hypothesis = self.compared(difference, comparison);
        if self.settled == self.hypotheses.len() {
            self.settled += 1;
        }
        self.hypotheses.push(hypothesis);
    }
}
