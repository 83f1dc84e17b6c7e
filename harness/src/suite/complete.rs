//! Suites that cover every edge, and suites that are complete up to a number of extra states (HSI).
//!
//! To each state a shortest way; from there every word up to a length; then, wherever that leads,
//! the identifiers of that state. A system that passes does what the machine does, or has more states
//! than the machine and the extra ones.

use super::identifiers::identifiers;
use super::trie::{Node, Trie};
use crate::machine::{Minimal, Word};
use std::fmt;

/// Which suite.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// Every input in every state, once.
    Edges,
    /// Complete up to so many extra states.
    Complete(u8),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Edges => f.pad("edges"),
            Kind::Complete(extra) => f.pad(&format!("k={extra}")),
        }
    }
}

/// A suite, and how much of it there is.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Which one.
    pub kind: Kind,
    /// Its sequences.
    pub trie: Trie,
    /// How many they are.
    pub sequences: usize,
    /// How many steps they have together.
    pub steps: usize,
    /// How many steps the longest has.
    pub longest: usize,
}

/// How many nodes a suite may have: a gigabyte.
const LIMIT: usize = 80_000_000;

impl Suite {
    /// The suite of a machine; none if it is too large.
    #[must_use]
    pub fn of(minimal: &Minimal, kind: Kind) -> Option<Self> {
        match kind {
            Kind::Edges => Suite::with(minimal, kind, &vec![Vec::new(); minimal.states()]),
            Kind::Complete(_) => Suite::with(minimal, kind, &identifiers(minimal)),
        }
    }

    /// The suite with these identifiers, whatever they are worth; none if it is too large.
    #[must_use]
    pub fn with(minimal: &Minimal, kind: Kind, identifiers: &[Vec<Word>]) -> Option<Self> {
        let length = match kind {
            Kind::Edges => 1,
            Kind::Complete(extra) => usize::from(extra) + 1,
        };
        let mut growing = Growing { minimal, identifiers, trie: Trie::default() };
        for state in minimal.mealy().all() {
            let at = growing.trie.add(Trie::ROOT, minimal.access(state));
            growing.grow(at, state, length)?;
        }
        Some(Suite::counted(kind, growing.trie))
    }

    /// The suite that has these sequences.
    #[must_use]
    pub fn counted(kind: Kind, trie: Trie) -> Self {
        let leaves = trie.leaves();
        let lengths = leaves.iter().map(|(length, _)| *length);
        let (steps, longest) = (lengths.clone().sum(), lengths.max().unwrap_or(0));
        Suite { kind, sequences: leaves.len(), steps, longest, trie }
    }
}

struct Growing<'a> {
    minimal: &'a Minimal,
    identifiers: &'a [Vec<Word>],
    trie: Trie,
}

impl Growing<'_> {
    /// Every word of this length from here, with the identifiers of every state on the way.
    fn grow(&mut self, at: Node, state: u32, length: usize) -> Option<()> {
        for word in &self.identifiers[state as usize] {
            self.trie.add(at, word);
        }
        if self.trie.nodes() > LIMIT {
            return None;
        }
        let Some(length) = length.checked_sub(1) else { return Some(()) };
        for symbol in self.minimal.mealy().symbols() {
            let child = self.trie.grow(at, symbol);
            self.grow(child, self.minimal.mealy().next(state, symbol), length)?;
        }
        Some(())
    }
}
