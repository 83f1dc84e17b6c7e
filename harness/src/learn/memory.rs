//! What a system has answered so far: nothing is asked twice, and what is answered in two ways is
//! noticed.

use super::stopped::{Contradiction, Stopped};
use crate::Asked;
use crate::alphabet::{Input, Shown};
use crate::machine::{Symbol, Word};
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// How many sequences may be played.
    pub(super) limit: usize,
    /// How many sequences were played.
    pub(super) queries: usize,
    /// How many inputs they had together.
    pub(super) steps: usize,
}

impl<'a, S: Asked> Memory<'a, S> {
    /// A system that has not been asked, and may be asked so often; what is shown already has its
    /// numbers.
    pub(super) fn new(
        system: &'a mut S,
        inputs: &'a [Input],
        shown: &[Shown],
        limit: usize,
    ) -> Self {
        let numbers = shown.iter().zip(0..).map(|(shown, number)| (*shown, number)).collect();
        let (shown, known) = (shown.to_vec(), FxHashMap::default());
        Memory { system, inputs, shown, numbers, known, nodes: 1, limit, queries: 0, steps: 0 }
    }

    /// What is shown; the place of each is its number.
    pub(super) fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// How many words are best asked at once.
    pub(super) fn width(&self) -> usize {
        self.system.width().max(1)
    }

    /// What the system shows along a word.
    pub(super) fn ask(&mut self, word: &[Symbol]) -> Result<Vec<u32>, Stopped<S::Error>> {
        let mut outputs = self.remembered(word);
        if outputs.len() < word.len() {
            self.learn(&[word.to_vec()])?;
            outputs = self.remembered(word);
        }
        Ok(outputs)
    }

    /// What the system shows along a word that follows another one.
    pub(super) fn ask_after(
        &mut self,
        before: &[Symbol],
        word: &[Symbol],
    ) -> Result<Vec<u32>, Stopped<S::Error>> {
        let whole: Word = [before, word].concat();
        let mut outputs = self.ask(&whole)?;
        Ok(outputs.split_off(before.len()))
    }

    /// What is known of a word, from its beginning.
    fn remembered(&self, word: &[Symbol]) -> Vec<u32> {
        let (mut at, mut outputs) = (0, Vec::with_capacity(word.len()));
        for symbol in word {
            let Some((output, next)) = self.known.get(&(at, *symbol)) else { break };
            outputs.push(*output);
            at = *next;
        }
        outputs
    }

    /// Asks what is not known of these words, side by side.
    pub(super) fn learn(&mut self, words: &[Word]) -> Result<(), Stopped<S::Error>> {
        let (mut asked, mut open) = (FxHashSet::default(), Vec::new());
        for word in words {
            if self.remembered(word).len() < word.len() && asked.insert(word) {
                open.push(word);
            }
        }
        let (width, inputs) = (self.width(), self.inputs);
        let spell = |symbol: &Symbol| inputs[usize::from(*symbol)];
        for part in open.chunks(width) {
            let left = self.limit.saturating_sub(self.queries);
            let part = &part[..part.len().min(left)];
            if part.is_empty() {
                return Err(Stopped::Spent);
            }
            let spelled: Vec<Vec<Input>> =
                part.iter().map(|word| word.iter().map(spell).collect()).collect();
            let shown = self.system.ask_all(&spelled).map_err(Stopped::System)?;
            for (word, shown) in part.iter().zip(shown) {
                self.queries += 1;
                self.steps += word.len();
                self.remember(word, &shown)?;
            }
        }
        Ok(())
    }

    /// Remembers what was shown along a word; what was known of it is shown again, or the system is
    /// no machine.
    fn remember(&mut self, word: &[Symbol], shown: &[Shown]) -> Result<(), Stopped<S::Error>> {
        let mut at = 0;
        for (place, (symbol, shown)) in word.iter().zip(shown).enumerate() {
            let output = self.number(*shown);
            let fresh = self.nodes;
            let (known, next) = *self.known.entry((at, *symbol)).or_insert((output, fresh));
            if known != output {
                let spell = |symbol: &Symbol| self.inputs[usize::from(*symbol)];
                return Err(Stopped::Contradicts(Box::new(Contradiction {
                    sequence: word[..=place].iter().map(spell).collect(),
                    once: self.shown[known as usize],
                    again: *shown,
                })));
            }
            self.nodes += u32::from(next == fresh);
            at = next;
        }
        Ok(())
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
