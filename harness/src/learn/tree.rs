//! The states that are known of a system, told apart by a tree of words, and the machine that they
//! make.

use super::memory::Memory;
use super::stopped::Stopped;
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

    /// The machine of what is known, once all is known of each state.
    pub(super) fn hypothesis<S: Asked>(
        &mut self,
        memory: &mut Memory<'_, S>,
    ) -> Result<Mealy, Stopped<S::Error>> {
        loop {
            self.explore(memory)?;
            if !self.sift(memory)? && self.steps.len() == self.access.len() {
                break;
            }
        }
        let (mut next, mut outputs) = (Vec::new(), Vec::new());
        for step in self.steps.iter().flatten() {
            next.push(self.leaf(step.to).expect("what is sifted is at a leaf"));
            outputs.push(step.output);
        }
        Ok(Mealy::new(self.inputs, next, outputs))
    }

    fn symbol(place: usize) -> Symbol {
        Symbol::try_from(place).expect("an alphabet is small")
    }

    /// The word to where a step leads.
    fn way(&self, state: usize, place: usize) -> Word {
        [self.access[state].as_slice(), &[Self::symbol(place)]].concat()
    }

    /// Takes each step of the states of which none is known yet.
    fn explore<S: Asked>(&mut self, memory: &mut Memory<'_, S>) -> Result<(), Stopped<S::Error>> {
        let fresh = self.steps.len()..self.access.len();
        let places = || 0..self.inputs;
        let ways: Vec<Word> = fresh
            .clone()
            .flat_map(|state| places().map(move |place| (state, place)))
            .map(|(state, place)| self.way(state, place))
            .collect();
        memory.learn(&ways)?;
        for state in fresh {
            let step = |place: usize| {
                let shown = memory.ask_after(&self.access[state], &[Self::symbol(place)])?;
                Ok(Step { output: shown[0], to: ROOT })
            };
            let steps = places().map(step).collect::<Result<_, Stopped<S::Error>>>()?;
            self.steps.push(steps);
        }
        Ok(())
    }

    /// The state of a leaf.
    fn leaf(&self, node: usize) -> Option<u32> {
        match &self.nodes[node] {
            Node::Leaf(state) => Some(*state),
            Node::Inner { .. } => None,
        }
    }

    /// Lets each step that is not at a leaf go one node further, which may be a new one; whether
    /// there was such a step.
    fn sift<S: Asked>(&mut self, memory: &mut Memory<'_, S>) -> Result<bool, Stopped<S::Error>> {
        let mut open = Vec::new();
        for (state, steps) in self.steps.iter().enumerate() {
            for (place, step) in steps.iter().enumerate() {
                if let Node::Inner { word, .. } = &self.nodes[step.to] {
                    open.push((state, place, word.clone()));
                }
            }
        }
        let ways = open.iter().map(|(state, place, word)| [self.way(*state, *place), word.clone()]);
        let ways: Vec<Word> = ways.map(|parts| parts.concat()).collect();
        memory.learn(&ways)?;
        for (state, place, word) in &open {
            let (at, way) = (self.steps[*state][*place].to, self.way(*state, *place));
            let shown = memory.ask_after(&way, word)?;
            let known = match &self.nodes[at] {
                Node::Inner { branches, .. } => branches.get(&shown).copied(),
                Node::Leaf(_) => unreachable!("nothing is split while steps are sifted"),
            };
            let to = known.unwrap_or_else(|| self.grow(at, shown, way));
            self.steps[*state][*place].to = to;
        }
        Ok(!open.is_empty())
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
    ) -> Result<bool, Stopped<S::Error>> {
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
    ) -> Result<(), Stopped<S::Error>> {
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
