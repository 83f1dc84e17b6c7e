//! The states that are known of a system, told apart by a tree of words, and the machine that they
//! make.

use super::memory::Memory;
use crate::Asked;
use crate::machine::{Mealy, Symbol, Word};
use rustc_hash::FxHashMap;

/// A node of the tree.
#[derive(Clone, Debug)]
enum Node {
    /// A state.
    Leaf(u32),
    /// Where a word leads on by what is shown along it.
    Inner { word: Word, branches: FxHashMap<Vec<u32>, usize> },
}

/// A step of a known state.
#[derive(Clone, Copy, Debug)]
struct Step {
    output: u32,
    /// The node of the tree that is known of where it leads.
    to: usize,
}

/// What is known of a system.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    inputs: usize,
    nodes: Vec<Node>,
    /// A word to each state.
    access: Vec<Word>,
    /// The steps of each state, input by input; those of the newest are not known yet.
    steps: Vec<Vec<Step>>,
}

const ROOT: usize = 0;

impl Tree {
    /// One state.
    pub(super) fn new(inputs: usize) -> Self {
        let nodes = vec![Node::Leaf(0)];
        Tree { inputs, nodes, access: vec![Word::new()], steps: Vec::new() }
    }

    /// The machine of what is known.
    pub(super) fn hypothesis<S: Asked>(
        &mut self,
        memory: &mut Memory<'_, S>,
    ) -> Result<Mealy, S::Error> {
        let (mut next, mut outputs) = (Vec::new(), Vec::new());
        let mut state = 0;
        while state < self.access.len() {
            if state == self.steps.len() {
                let steps = self.explored(memory, state)?;
                self.steps.push(steps);
            }
            for place in 0..self.inputs {
                let leaf = self.leaf(memory, state, place)?;
                outputs.push(self.steps[state][place].output);
                next.push(leaf);
            }
            state += 1;
        }
        Ok(Mealy::new(self.inputs, next, outputs))
    }

    fn symbol(place: usize) -> Symbol {
        Symbol::try_from(place).expect("an alphabet is small")
    }

    fn explored<S: Asked>(
        &self,
        memory: &mut Memory<'_, S>,
        state: usize,
    ) -> Result<Vec<Step>, S::Error> {
        let step = |place: usize| {
            let shown = memory.ask_after(&self.access[state], &[Self::symbol(place)])?;
            Ok(Step { output: shown[0], to: ROOT })
        };
        (0..self.inputs).map(step).collect()
    }

    /// The state that a step leads to, which may be a new one.
    fn leaf<S: Asked>(
        &mut self,
        memory: &mut Memory<'_, S>,
        state: usize,
        place: usize,
    ) -> Result<u32, S::Error> {
        let mut at = self.steps[state][place].to;
        while let Node::Inner { word, branches } = &self.nodes[at] {
            let way: Word = [self.access[state].as_slice(), &[Self::symbol(place)]].concat();
            let shown = memory.ask_after(&way, word)?;
            at = match branches.get(&shown) {
                Some(node) => *node,
                None => self.grow(at, shown, way),
            };
        }
        self.steps[state][place].to = at;
        match &self.nodes[at] {
            Node::Leaf(state) => Ok(*state),
            Node::Inner { .. } => unreachable!("the loop ends at a leaf"),
        }
    }

    /// A state that nobody has seen.
    fn grow(&mut self, at: usize, shown: Vec<u32>, access: Word) -> usize {
        let state = u32::try_from(self.access.len()).expect("states have numbers of 32 bits");
        self.access.push(access);
        let leaf = self.nodes.len();
        self.nodes.push(Node::Leaf(state));
        if let Node::Inner { branches, .. } = &mut self.nodes[at] {
            branches.insert(shown, leaf);
        }
        leaf
    }

    /// Learns from a word along which the system does not show what the hypothesis does; whether
    /// there was anything to learn.
    pub(super) fn learn<S: Asked>(
        &mut self,
        memory: &mut Memory<'_, S>,
        hypothesis: &Mealy,
        word: &[Symbol],
    ) -> Result<bool, S::Error> {
        let (truth, guess) = (memory.ask(word)?, hypothesis.run(0, word));
        let Some(wrong) = truth.iter().zip(&guess).position(|(one, other)| one != other) else {
            return Ok(false);
        };
        let word = &word[..=wrong];
        // After some of it in the hypothesis, the rest goes as the hypothesis has it: after nothing
        // it does not, after everything it does.
        let (mut low, mut high) = (0, word.len());
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            let state = hypothesis.reaches(0, &word[..middle]);
            let rest = &word[middle..];
            let shown = memory.ask_after(&self.access[state as usize], rest)?;
            if shown == hypothesis.run(state, rest) { high = middle } else { low = middle }
        }
        let from = hypothesis.reaches(0, &word[..low]);
        let old = hypothesis.next(from, word[low]);
        let access: Word = [self.access[from as usize].as_slice(), &[word[low]]].concat();
        self.split(memory, old, access, word[high..].to_vec())?;
        Ok(true)
    }

    /// A state was two, which this word tells apart.
    fn split<S: Asked>(
        &mut self,
        memory: &mut Memory<'_, S>,
        old: u32,
        access: Word,
        word: Word,
    ) -> Result<(), S::Error> {
        let of_old = memory.ask_after(&self.access[old as usize], &word)?;
        let of_new = memory.ask_after(&access, &word)?;
        assert_ne!(of_old, of_new, "the word tells them apart");
        let is_it = |node: &Node| matches!(node, Node::Leaf(state) if *state == old);
        let leaf = self.nodes.iter().position(is_it).expect("each state has a leaf");
        let kept = self.nodes.len();
        self.nodes.push(Node::Leaf(old));
        let branches = FxHashMap::from_iter([(of_old, kept)]);
        self.nodes[leaf] = Node::Inner { word, branches };
        self.grow(leaf, of_new, access);
        Ok(())
    }
}
