//! Decisions: a comparison or choice takes the first alternative that is possible and remembers
//! the others; `backtrack` takes the next one. Earlier decisions are replayed from `nodes`.

use crate::context::{Context, Node, Stop};
use crate::linear::Comparison;
use crate::step::{Place, Question, Step};
use crate::terms::Term;

impl Context {
    /// How `left` compares with `right` on this path; other paths have the other answers.
    pub(crate) fn ask(
        &mut self,
        left: Term,
        right: Term,
        question: Question,
        at: Place,
    ) -> Result<Comparison, Stop> {
        if let Some(Step::Compared { left: l, right: r, question: q, comparison, .. }) =
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
            Some(_) => 1 << question.index(self.value(difference)),
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
        if let Some(Step::Chosen { options: known, taken, .. }) = self.to_replay()
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
        self.push_choice(options, taken, at);
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
        if let Some(Step::Assumed { left: l, right: r, bound: b, .. }) = self.to_replay()
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
        if self.following.is_some() && self.value(excess) > 0 {
            return Err(Stop::Pruned);
        }
        self.push(Step::Assumed { left, right, bound, at }, 0);
        if self.following.is_none() {
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

    /// The decision that an earlier execution took at this point of the path.
    fn to_replay(&self) -> Option<Step> {
        let node = self.nodes.get(self.position).filter(|_| !self.rendering);
        node.map(|node| node.step)
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

    /// Takes an alternative; those after it are left.
    pub(crate) fn push_choice(&mut self, options: u32, taken: u32, at: Place) {
        let feasible = if taken + 1 < options { 0b11 } else { 0b1 };
        self.push(Step::Chosen { options, taken, at }, feasible);
    }

    /// Takes the decision `step`.
    pub(crate) fn push(&mut self, step: Step, feasible: u8) {
        let hypotheses_before = self.hypotheses.len();
        self.nodes.push(Node { step, feasible, hypotheses_before, ways: Vec::new() });
        self.position += 1;
    }

    /// From here on the two integers with this difference compare like this.
    pub(crate) fn suppose(&mut self, difference: Term, comparison: Comparison) {
        let hypothesis = self.compared(difference, comparison);
        if self.settled == self.hypotheses.len() {
            self.settled += 1;
        }
        self.hypotheses.push(hypothesis);
    }
}
