//! Learns until nothing speaks against the hypothesis any more, or until the budget is spent.

use super::memory::Memory;
use super::tree::Tree;
use crate::Asked;
use crate::alphabet::Shown;
use crate::machine::{Explicit, Mealy, Minimal, Word, difference, differing};
use crate::suite::{Kind, Suite, Walks};
use std::fmt;

/// How much may be asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Budget {
    /// How many sequences may be played on the system.
    pub queries: usize,
    /// How many walks are taken before a hypothesis is believed, and how long each is.
    pub walks: (usize, usize),
}

impl Default for Budget {
    fn default() -> Self {
        Budget { queries: 5_000_000, walks: (5_000, 60) }
    }
}

/// Why no more was asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ended {
    /// The hypothesis is the machine of the specification, and passes its suite for one extra state.
    IsTheSpecification,
    /// Nothing speaks against the hypothesis: neither walks nor the suite that is complete for it
    /// and one state more.
    NothingSpeaksAgainstIt,
    /// The budget of queries is spent.
    BudgetSpent,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ended::IsTheSpecification => {
                "The machine that was learned is that of the specification, and the suite that is \
                 complete for one extra state found nothing else."
            }
            Ended::NothingSpeaksAgainstIt => {
                "No walk contradicts the machine that was learned, nor does the suite that is \
                 complete for it and one state more; a system with more states may still be another."
            }
            Ended::BudgetSpent => {
                "The budget of queries is spent: the machine is what is known so far, and nothing \
                 is claimed of it."
            }
        })
    }
}

/// A machine that was learned.
#[derive(Clone, Debug)]
pub struct Learned {
    /// The machine, as small as it can be.
    pub machine: Minimal,
    /// What is shown; the place of each is its number in the machine. What the specification shows
    /// comes first, with its numbers.
    pub shown: Vec<Shown>,
    /// How many sequences were played.
    pub queries: usize,
    /// How many inputs they had together.
    pub steps: usize,
    /// How many hypotheses there were.
    pub hypotheses: usize,
    /// Why no more was asked.
    pub ended: Ended,
}

/// Learns the machine of a system that is driven by the inputs of the specification's and seen with
/// its power.
///
/// # Errors
/// If the system does not answer.
pub fn learn<S: Asked>(
    system: &mut S,
    specification: &Explicit,
    budget: Budget,
) -> Result<Learned, S::Error> {
    let inputs = specification.inputs();
    let mut memory = Memory::new(system, inputs, specification.shown());
    let mut tree = Tree::new(inputs.len());
    let right = specification.minimal().mealy();
    let (mut hypotheses, mut ended) = (0, None);
    loop {
        let hypothesis = tree.hypothesis(&mut memory)?;
        hypotheses += 1;
        let is_spent = memory.queries >= budget.queries;
        let mut asking = Asking { memory: &mut memory, budget, right };
        let found = if is_spent { Verdict::Spent } else { asking.about(&hypothesis)? };
        match found {
            Verdict::Against(word) => {
                let learned = tree.learn(&mut memory, &hypothesis, &word)?;
                assert!(learned, "a counterexample teaches something");
            }
            Verdict::Spent => ended = Some(Ended::BudgetSpent),
            Verdict::Nothing if difference(right, &hypothesis).is_none() => {
                ended = Some(Ended::IsTheSpecification);
            }
            Verdict::Nothing => ended = Some(Ended::NothingSpeaksAgainstIt),
        }
        if let Some(ended) = ended {
            let machine = Minimal::of(&hypothesis);
            let (queries, steps) = (memory.queries, memory.steps);
            let shown = memory.shown().to_vec();
            return Ok(Learned { machine, shown, queries, steps, hypotheses, ended });
        }
    }
}

/// What was found about a hypothesis.
enum Verdict {
    /// A word that contradicts it.
    Against(Word),
    /// Nothing speaks against it.
    Nothing,
    /// There was no time to find out.
    Spent,
}

struct Asking<'a, 'b, S> {
    memory: &'a mut Memory<'b, S>,
    budget: Budget,
    right: &'a Mealy,
}

/// How many differences to the specification are played for each hypothesis.
const PLAYED: usize = 64;

impl<S: Asked> Asking<'_, '_, S> {
    fn about(&mut self, hypothesis: &Mealy) -> Result<Verdict, S::Error> {
        let differing = differing(self.right, hypothesis, PLAYED);
        let differing = differing.into_iter().map(|it| it.word);
        let verdict = self.played(hypothesis, differing)?;
        if !matches!(verdict, Verdict::Nothing) {
            return Ok(verdict);
        }
        let (count, length) = self.budget.walks;
        let walks = Walks::new(hypothesis, length, 1).take(count);
        let verdict = self.played(hypothesis, walks)?;
        if !matches!(verdict, Verdict::Nothing) {
            return Ok(verdict);
        }
        match Suite::of(&Minimal::of(hypothesis), Kind::Complete(1)) {
            Some(suite) => self.played(hypothesis, suite.trie.sequences()),
            None => Ok(Verdict::Spent),
        }
    }

    /// Plays words until one contradicts the hypothesis.
    fn played(
        &mut self,
        hypothesis: &Mealy,
        words: impl Iterator<Item = Word>,
    ) -> Result<Verdict, S::Error> {
        for word in words {
            if self.memory.queries >= self.budget.queries {
                return Ok(Verdict::Spent);
            }
            if self.memory.ask(&word)? != hypothesis.run(0, &word) {
                return Ok(Verdict::Against(word));
            }
        }
        Ok(Verdict::Nothing)
    }
}
