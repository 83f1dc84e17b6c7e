//! What a system has answered so far: nothing is asked twice.

use crate::Asked;
use crate::alphabet::{Input, Shown};
use crate::machine::{Symbol, Word};
use rustc_hash::FxHashMap;

/// A system, and what it has answered.
#[derive(Debug)]
pub(super) struct Memory<'a, S> {
    system: &'a mut S,
    inputs: &'a [Input],
    shown: Vec<Shown>,
    numbers: FxHashMap<Shown, u32>,
    /// What followed what was asked, and where that is remembered.
    known: FxHashMap<(u32, Symbol), (u32, u32)>,
    nodes: u32,
    /// How many sequences were played.
    pub(super) queries: usize,
    /// How many inputs they had together.
    pub(super) steps: usize,
}

impl<'a, S: Asked> Memory<'a, S> {
    /// A system that has not been asked; what is shown already has its numbers.
    pub(super) fn new(system: &'a mut S, inputs: &'a [Input], shown: &[Shown]) -> Self {
        let numbers = shown.iter().zip(0..).map(|(shown, number)| (*shown, number)).collect();
        let (shown, known) = (shown.to_vec(), FxHashMap::default());
        Memory { system, inputs, shown, numbers, known, nodes: 1, queries: 0, steps: 0 }
    }

    /// What is shown; the place of each is its number.
    pub(super) fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// What the system shows along a word.
    pub(super) fn ask(&mut self, word: &[Symbol]) -> Result<Vec<u32>, S::Error> {
        let (mut at, mut outputs) = (0, Vec::with_capacity(word.len()));
        for symbol in word {
            let Some((output, next)) = self.known.get(&(at, *symbol)) else { break };
            outputs.push(*output);
            at = *next;
        }
        if outputs.len() == word.len() {
            return Ok(outputs);
        }
        let spelled: Vec<Input> = word.iter().map(|it| self.inputs[usize::from(*it)]).collect();
        let shown = self.system.ask(&spelled)?;
        self.queries += 1;
        self.steps += word.len();
        for (symbol, shown) in word.iter().zip(shown).skip(outputs.len()) {
            let output = self.number(shown);
            let node = self.nodes;
            self.nodes += 1;
            self.known.insert((at, *symbol), (output, node));
            outputs.push(output);
            at = node;
        }
        Ok(outputs)
    }

    /// What the system shows along a word that follows another one.
    pub(super) fn ask_after(
        &mut self,
        before: &[Symbol],
        word: &[Symbol],
    ) -> Result<Vec<u32>, S::Error> {
        let whole: Word = [before, word].concat();
        let mut outputs = self.ask(&whole)?;
        Ok(outputs.split_off(before.len()))
    }

    fn number(&mut self, shown: Shown) -> u32 {
        let fresh = u32::try_from(self.shown.len()).expect("what is shown has a small number");
        let number = *self.numbers.entry(shown).or_insert(fresh);
        if number == fresh {
            self.shown.push(shown);
        }
        number
    }
}
