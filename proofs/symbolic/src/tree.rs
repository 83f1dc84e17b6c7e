//! The paths of an exploration, with common beginnings stored once.

use crate::linear::{Linear, Symbol};
use crate::path::{Decision, End, Path};
use crate::step::Step;
use crate::terms::{ExecutionOptions, Term};
use std::sync::Arc;

/// Every path that an exploration went, pruned ones included, in the order of exploration.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    trees: Vec<Tree>,
}

/// The paths of one exploration.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    names: Arc<[String]>,
    forms: Vec<Arc<Linear>>,
    nodes: Vec<(Option<u32>, Step)>,
    leaves: Vec<(Option<u32>, End)>,
}

/// Collects a tree while its exploration runs.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    nodes: Vec<(Option<u32>, Step)>,
    leaves: Vec<(Option<u32>, End)>,
    // INVARIANT: the nodes of the first decisions of the current path.
    trail: Vec<u32>,
}

impl Paths {
    /// How many paths there are.
    pub fn len(&self) -> usize {
        self.trees.iter().map(|tree| tree.leaves.len()).sum()
    }

    /// Whether there is no path.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The paths, each put together when it is asked for.
    pub fn iter(&self) -> impl Iterator<Item = Path> {
        let leaves = |tree: &'_ Tree| tree.leaves.clone();
        self.trees
            .iter()
            .flat_map(move |tree| leaves(tree).into_iter().map(|(last, end)| tree.path(last, end)))
    }

    /// The names of all symbols, sorted, each once.
    pub fn names(&self) -> Vec<&str> {
        let names = self.trees.iter().flat_map(|tree| tree.names.iter());
        let mut names: Vec<&str> = names.map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    pub(crate) fn trees(&self) -> impl Iterator<Item = &Tree> {
        self.trees.iter()
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.trees.append(&mut other.trees);
    }
}

impl Tree {
    /// The decisions, each with the one before it, which has a smaller index.
    pub(crate) fn nodes(&self) -> &[(Option<u32>, Step)] {
        &self.nodes
    }

    /// How paths ended, each with its last decision.
    pub(crate) fn leaves(&self) -> &[(Option<u32>, End)] {
        &self.leaves
    }

    pub(crate) fn form(&self, term: Term) -> &Linear {
        &self.forms[term.index()]
    }

    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.index()]
    }

    fn path(&self, last: Option<u32>, end: End) -> Path {
        let mut decisions: Vec<Decision> = Vec::new();
        let mut next = last;
        while let Some(index) = next {
            let (parent, step) = self.nodes[index as usize];
            decisions.push(step.to_decision(&self.forms));
            next = parent;
        }
        decisions.reverse();
        Path { names: Arc::clone(&self.names), decisions, end }
    }
}

impl Recorder {
    /// Forgets the decisions of the current path after the first `keep`.
    pub(crate) fn rewind(&mut self, keep: usize) {
        self.trail.truncate(keep);
    }

    /// The path with these decisions has ended.
    pub(crate) fn leaf(&mut self, steps: impl Iterator<Item = Step>, end: End) {
        for step in steps.skip(self.trail.len()) {
            let index = u32::try_from(self.nodes.len()).expect("fewer than 2^32 decisions");
            self.nodes.push((self.trail.last().copied(), step));
            self.trail.push(index);
        }
        self.leaves.push((self.trail.last().copied(), end));
    }

    pub(crate) fn finish(self, terms: &ExecutionOptions) -> Paths {
        let (names, forms) = (terms.names().into(), terms.forms().to_vec());
        Paths { trees: vec![Tree { names, forms, nodes: self.nodes, leaves: self.leaves }] }
    }
}
