//! Sequences that share their beginnings, as a tree in four flat columns.

use crate::machine::{Symbol, Word};

/// The number of a node; the root is zero.
pub type Node = u32;

/// A set of sequences; each leaf is one, and what comes before it is played once for all.
#[derive(Clone, Debug)]
pub struct Trie {
    symbols: Vec<Symbol>,
    parents: Vec<Node>,
    first: Vec<Node>,
    next: Vec<Node>,
}

const ROOT: Node = 0;

impl Default for Trie {
    fn default() -> Self {
        Trie { symbols: vec![0], parents: vec![ROOT], first: vec![ROOT], next: vec![ROOT] }
    }
}

impl Trie {
    /// The node that everything begins with.
    pub const ROOT: Node = ROOT;

    /// How many nodes it has.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.symbols.len()
    }

    /// The node that a symbol leads to, if it is there.
    #[must_use]
    pub fn child(&self, at: Node, symbol: Symbol) -> Option<Node> {
        self.children(at).find(|child| self.symbols[*child as usize] == symbol)
    }

    /// The nodes below a node.
    pub fn children(&self, at: Node) -> impl Iterator<Item = Node> {
        let present = |node: Node| (node != ROOT).then_some(node);
        let first = present(self.first[at as usize]);
        std::iter::successors(first, move |child| present(self.next[*child as usize]))
    }

    /// The symbol that leads to a node.
    #[must_use]
    pub fn symbol(&self, node: Node) -> Symbol {
        self.symbols[node as usize]
    }

    /// The node that a symbol leads to, which is there from now on.
    ///
    /// # Panics
    /// If there are more nodes than fit into 32 bits.
    pub fn grow(&mut self, at: Node, symbol: Symbol) -> Node {
        if let Some(child) = self.child(at, symbol) {
            return child;
        }
        let child = Node::try_from(self.nodes()).expect("nodes have numbers of 32 bits");
        self.symbols.push(symbol);
        self.parents.push(at);
        self.first.push(ROOT);
        self.next.push(std::mem::replace(&mut self.first[at as usize], child));
        child
    }

    /// Adds a word below a node, and gives its last node.
    pub fn add(&mut self, at: Node, word: &[Symbol]) -> Node {
        word.iter().fold(at, |at, symbol| self.grow(at, *symbol))
    }

    /// The word that leads to a node.
    #[must_use]
    pub fn word(&self, node: Node) -> Word {
        let up = |node: &Node| (*node != ROOT).then(|| self.parents[*node as usize]);
        let path = std::iter::successors(Some(node), up).take_while(|node| *node != ROOT);
        let mut word: Word = path.map(|node| self.symbol(node)).collect();
        word.reverse();
        word
    }

    /// The leaves with the lengths of their words, the shortest first.
    #[must_use]
    pub fn leaves(&self) -> Vec<(usize, Node)> {
        let (mut leaves, mut open) = (Vec::new(), vec![(0, ROOT)]);
        while let Some((depth, node)) = open.pop() {
            if node != ROOT && self.first[node as usize] == ROOT {
                leaves.push((depth, node));
            }
            open.extend(self.children(node).map(|child| (depth + 1, child)));
        }
        leaves.sort_unstable();
        leaves
    }

    /// The sequences, the shortest first, each with the number of nodes on its way, the root among them,
    /// that sequences before it went through.
    pub fn sequences_with_seen(&self) -> impl Iterator<Item = (Word, usize)> {
        let mut went = vec![false; self.nodes()];
        self.leaves().into_iter().map(move |(depth, leaf)| {
            let (mut node, mut seen) = (leaf, depth + 1);
            while !went[node as usize] {
                went[node as usize] = true;
                seen -= 1;
                if node == ROOT {
                    break;
                }
                node = self.parents[node as usize];
            }
            (self.word(leaf), seen)
        })
    }

    /// The sequences, the shortest first.
    pub fn sequences(&self) -> impl Iterator<Item = Word> {
        self.leaves().into_iter().map(|(_, leaf)| self.word(leaf))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_sequences_and_the_shortest_come_first() {
        let mut trie = Trie::default();
        assert_eq!(trie.sequences().count(), 0);
        let at = trie.add(Trie::ROOT, &[1, 2, 3]);
        trie.add(Trie::ROOT, &[1, 2]);
        trie.add(Trie::ROOT, &[1, 4]);
        trie.add(Trie::ROOT, &[5]);
        assert_eq!((trie.nodes(), trie.word(at)), (6, vec![1, 2, 3]));
        let sequences: Vec<Word> = trie.sequences().collect();
        assert_eq!(sequences, [vec![5], vec![1, 4], vec![1, 2, 3]]);
        let seen: Vec<usize> = trie.sequences_with_seen().map(|(_, seen)| seen).collect();
        assert_eq!(seen, [0, 1, 2], "the root, and the first step of the second one");
    }
}
