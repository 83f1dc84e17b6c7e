//! Learns until nothing speaks against the hypothesis any more, or until the budget is spent.

use super::memory::Memory;
use super::stopped::{LearnError, Stopped};
use super::tree::Tree;
use crate::Asked;
use crate::alphabet::Shown;
use crate::machine::{
    Comparison, Differing, Explicit, Mealy, Minimal, Word, compare, difference, differing,
};
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
    /// How it differs from the specification: steps that were played on the system, and, of a
    /// machine that nothing speaks against, those that were read off it.
    pub comparison: Comparison,
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
/// If the system does not answer, or does not answer the same question alike.
pub fn learn<S: Asked>(
    system: &mut S,
    specification: &Explicit,
    budget: Budget,
) -> Result<Learned, LearnError<S::Error>> {
    let inputs = specification.inputs();
    // Of whom each input is known, there is a hypothesis.
    let limit = budget.queries.max(inputs.len());
    let mut memory = Memory::new(system, inputs, specification.shown(), limit);
    let mut tree = Tree::new(inputs.len());
    let right = specification.minimal().mealy();
    let (mut known, mut hypotheses) = (None, 0);
    let ended = loop {
        let Some(hypothesis) = Stopped::unless_spent(tree.hypothesis(&mut memory))? else {
            break Ended::BudgetSpent;
        };
        hypotheses += 1;
        let hypothesis: &Mealy = known.insert(hypothesis);
        let mut asking = Asking { memory: &mut memory, budget, right };
        let found = Stopped::unless_spent(asking.about(hypothesis))?;
        match found.unwrap_or(Verdict::Unasked) {
            Verdict::Against(word) => {
                let learned = tree.learn(&mut memory, hypothesis, &word);
                match Stopped::unless_spent(learned)? {
                    Some(learned) => assert!(learned, "a counterexample teaches something"),
                    None => break Ended::BudgetSpent,
                }
            }
            Verdict::Unasked => break Ended::BudgetSpent,
            Verdict::Nothing if difference(right, hypothesis).is_none() => {
                break Ended::IsTheSpecification;
            }
            Verdict::Nothing => break Ended::NothingSpeaksAgainstIt,
        }
    };
    let machine = Minimal::of(&known.expect("the budget has a query for each input"));
    let comparison = compared(&mut memory, right, machine.mealy(), ended)?;
    let (queries, steps, shown) = (memory.queries, memory.steps, memory.shown().to_vec());
    Ok(Learned { machine, shown, comparison, queries, steps, hypotheses, ended })
}

/// How many steps that differ are looked for, and how many of them are played.
const COMPARED: (usize, usize) = (1_000, 64);

/// How a machine differs from the specification. The nearest steps are played on the system, whatever
/// the budget: what is only so in a machine that is not finished is no difference.
fn compared<S: Asked>(
    memory: &mut Memory<'_, S>,
    right: &Mealy,
    machine: &Mealy,
    ended: Ended,
) -> Result<Comparison, LearnError<S::Error>> {
    let (most, played) = COMPARED;
    let mut comparison = compare(right, machine, most);
    memory.limit = memory.queries + played;
    let (mut steps, is_finished) = (Vec::new(), ended != Ended::BudgetSpent);
    for (place, differing) in comparison.steps.drain(..).enumerate() {
        if place >= played {
            steps.extend(is_finished.then_some(differing));
            continue;
        }
        let asked = memory.ask(&differing.word);
        let Some(shown) = Stopped::unless_spent(asked)? else { continue };
        let specified = right.run(0, &differing.word);
        let mut pairs = specified.iter().zip(&shown);
        let Some(place) = pairs.position(|(one, other)| one != other) else { continue };
        let word = differing.word[..=place].to_vec();
        let found = Differing { word, first: specified[place], second: shown[place] };
        if !steps.contains(&found) {
            steps.push(found);
        }
    }
    Ok(Comparison { steps, ..comparison })
}

/// What was found about a hypothesis.
enum Verdict {
    /// A word that contradicts it.
    Against(Word),
    /// Nothing speaks against it.
    Nothing,
    /// Its suite is too large to be played.
    Unasked,
}

struct Asking<'a, 'b, S> {
    memory: &'a mut Memory<'b, S>,
    budget: Budget,
    right: &'a Mealy,
}

/// How many differences to the specification are played for each hypothesis.
const PLAYED: usize = 64;

impl<S: Asked> Asking<'_, '_, S> {
    fn about(&mut self, hypothesis: &Mealy) -> Result<Verdict, Stopped<S::Error>> {
        let differing = differing(self.right, hypothesis, PLAYED);
        let differing = differing.into_iter().map(|it| it.word);
        if let Some(word) = self.played(hypothesis, differing)? {
            return Ok(Verdict::Against(word));
        }
        let (count, length) = self.budget.walks;
        let walks = Walks::new(hypothesis, length, 1).take(count);
        if let Some(word) = self.played(hypothesis, walks)? {
            return Ok(Verdict::Against(word));
        }
        let Some(suite) = Suite::of(&Minimal::of(hypothesis), Kind::Complete(1)) else {
            return Ok(Verdict::Unasked);
        };
        let found = self.played(hypothesis, suite.trie.sequences())?;
        Ok(found.map_or(Verdict::Nothing, Verdict::Against))
    }

    /// Plays words until one contradicts the hypothesis.
    fn played(
        &mut self,
        hypothesis: &Mealy,
        words: impl Iterator<Item = Word>,
    ) -> Result<Option<Word>, Stopped<S::Error>> {
        let (width, mut words) = (self.memory.width(), words);
        loop {
            let part: Vec<Word> = words.by_ref().take(width).collect();
            if part.is_empty() {
                return Ok(None);
            }
            self.memory.learn(&part)?;
            for word in part {
                if self.memory.ask(&word)? != hypothesis.run(0, &word) {
                    return Ok(Some(word));
                }
            }
        }
    }
}
