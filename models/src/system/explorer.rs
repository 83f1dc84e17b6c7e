//! Our own explorer: breadth first, every state compared in full, so that what it finds first is
//! shortest. Knows no threads and prints nothing.

use super::bounds::CALLERS;
use super::happened::Happened;
use super::moves::Move;
use super::promise::{Broken, Promise, all, broken};
use super::step::System;
use super::world::World;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// What was explored.
#[derive(Debug)]
pub struct Explored {
    nodes: Vec<Node>,
    known: HashTable<(u64, u32)>,
    /// How many steps lead from one state to another.
    pub transitions: u64,
    /// How many steps leave a state as it is.
    pub without_effect: u64,
    /// How many states there is no way on from.
    pub ends: u64,
    /// Every promise that was broken.
    pub broken: Broken,
    /// The shortest way to break one.
    pub violation: Option<Violation>,
    /// Whether the watch did not let it go on to the end.
    pub cut_off: bool,
}

/// A state that was reached, and how.
#[derive(Clone, Copy, Debug)]
struct Node {
    world: World,
    parent: u32,
    moved: Move,
}

/// A way to break promises.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Whose activity it is.
    pub terms: u8,
    /// What the last move breaks.
    pub broken: Vec<&'static str>,
    /// What happens from the beginning; each move is of the state that stands for the one before.
    pub moves: Vec<Move>,
}

/// What is watched while exploring.
pub trait Watch {
    /// A step was taken from a state; it leads to the state with the other number, or nowhere new.
    fn step(&mut self, from: u32, before: &World, happened: &Happened, after: &World, to: u32);
    /// How many states are known; whether to go on.
    fn progress(&mut self, states: usize) -> bool;
}

/// Watches nothing.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Watch for Nobody {
    fn step(&mut self, _: u32, _: &World, _: &Happened, _: &World, _: u32) {}
    fn progress(&mut self, _: usize) -> bool {
        true
    }
}

/// Explores a system for some callers, each by its place in [`CALLERS`], until its end or the
/// first violation.
pub fn explore(system: &System, callers: &[u8], watch: &mut impl Watch) -> Explored {
    let promises = all();
    let mut explored = Explored::new();
    for &terms in callers {
        assert!(usize::from(terms) < CALLERS.len(), "there are only so many callers");
        let (world, _) = World::initial(terms).class(&system.bounds);
        explored.known(Node { world, parent: u32::MAX, moved: Move::Schedule });
    }
    let (mut next, mut moves) = (0, Vec::with_capacity(64));
    while next < explored.nodes.len() && explored.violation.is_none() {
        if next.is_multiple_of(1 << 14) && !watch.progress(explored.nodes.len()) {
            explored.cut_off = true;
            break;
        }
        explored.expand(system, &promises, next, &mut moves, watch);
        next += 1;
    }
    explored
}

impl Explored {
    fn new() -> Self {
        Explored {
            nodes: Vec::new(),
            known: HashTable::new(),
            transitions: 0,
            without_effect: 0,
            ends: 0,
            broken: 0,
            violation: None,
            cut_off: false,
        }
    }

    fn expand(
        &mut self,
        system: &System,
        promises: &[Promise],
        at: usize,
        moves: &mut Vec<Move>,
        watch: &mut impl Watch,
    ) {
        let parent = u32::try_from(at).expect("fewer states than four thousand million");
        let before = self.nodes[at].world;
        before.moves(&system.bounds, moves);
        let transitions = self.transitions;
        for &moved in &*moves {
            let (after, happened) = system.step(&before, moved);
            let broken = broken(&before, &happened, &after);
            if broken != 0 {
                self.transitions += 1;
                self.broken |= broken;
                if self.violation.is_none() {
                    self.violation = Some(self.violation(promises, broken, parent, moved));
                }
                continue;
            }
            let (world, _) = after.class(&system.bounds);
            if world == before {
                self.without_effect += 1;
                watch.step(parent, &before, &happened, &after, parent);
                continue;
            }
            self.transitions += 1;
            let to = self.known(Node { world, parent, moved });
            watch.step(parent, &before, &happened, &after, to);
        }
        if self.transitions == transitions {
            self.ends += 1;
        }
    }

    /// The number of a state, which is new or not.
    fn known(&mut self, node: Node) -> u32 {
        let hash = hash(&node.world);
        let nodes = &self.nodes;
        let is_it =
            |known: &(u64, u32)| known.0 == hash && nodes[known.1 as usize].world == node.world;
        if let Some((_, known)) = self.known.find(hash, is_it) {
            return *known;
        }
        let number = u32::try_from(self.nodes.len()).expect("fewer than four thousand million");
        self.nodes.push(node);
        self.known.insert_unique(hash, (hash, number), |known| known.0);
        number
    }

    fn violation(&self, promises: &[Promise], broken: Broken, at: u32, moved: Move) -> Violation {
        let (mut moves, terms) = self.way_to(at);
        moves.push(moved);
        let broken = promises
            .iter()
            .enumerate()
            .filter(|(bit, _)| broken & (1 << bit) != 0)
            .map(|(_, promise)| promise.name)
            .collect();
        Violation { terms, broken, moves }
    }

    /// The shortest way to a state, and whose activity it is.
    #[must_use]
    pub fn way_to(&self, state: u32) -> (Vec<Move>, u8) {
        let mut moves = Vec::new();
        let mut node = &self.nodes[state as usize];
        while let Some(parent) = self.nodes.get(node.parent as usize) {
            moves.push(node.moved);
            node = parent;
        }
        moves.reverse();
        (moves, node.world.terms)
    }

    /// How many states were reached.
    #[must_use]
    pub fn unique_states(&self) -> u64 {
        self.nodes.len() as u64
    }

    /// The states that were reached, in the order of their numbers.
    pub fn states(&self) -> impl Iterator<Item = &World> {
        self.nodes.iter().map(|node| &node.world)
    }
}

fn hash(world: &World) -> u64 {
    let mut hasher = FxHasher::default();
    world.hash(&mut hasher);
    hasher.finish()
}
