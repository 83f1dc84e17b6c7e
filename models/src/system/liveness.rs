//! What happens in the end: claims under stated fairness, decided by a search for fair cycles.
//! Knows graphs and classes of moves; the claims are in [`claims`](super::claims).
//!
//! A run that stays where a claim says that it does not stay ends up in a strongly connected part of
//! the graph and takes every step of that part again and again, or none. It is fair to a class of
//! moves if it takes one of them there, or if none is possible: weakly, in some state of the part;
//! strongly, in every state of the part. Where a strongly fair class is possible and not taken, the
//! states in which it is possible are left out, and what remains is looked at again.

use super::claims::{Claim, Class};
use super::explorer::Watch;
use super::happened::Happened;
use super::world::World;

/// The graph of a system.
#[derive(Debug, Default)]
pub struct Graph {
    edges: Vec<Edge>,
}

/// A step; `to` may be `from`.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: u32,
    to: u32,
    class: Class,
}

/// Whether a claim holds, and what of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Decided {
    /// How many states can be reached in which what is claimed has not come about yet.
    pub states: usize,
    /// A state in which a fair run can stay for ever, if there is one.
    pub counterexample: Option<u32>,
}

impl Watch for Graph {
    fn step(&mut self, from: u32, _: &World, happened: &Happened, _: &World, to: u32) {
        self.edges.push(Edge { from, to, class: Class::of(happened.moved) });
    }

    fn progress(&mut self, _: usize) -> bool {
        true
    }
}

/// Edges by where they come from.
struct Rows<'a> {
    first: Vec<u32>,
    edges: &'a [Edge],
}

impl Rows<'_> {
    fn of(&self, state: u32) -> &[Edge] {
        let row = self.first[state as usize] as usize..self.first[state as usize + 1] as usize;
        &self.edges[row]
    }
}

impl Graph {
    /// Decides a claim; `states` are those of the exploration that was watched.
    #[must_use]
    pub fn decide(&self, claim: &Claim, states: &[&World], begins: usize) -> Decided {
        let rows = self.rows(states.len());
        let mut is_open = reached(&rows, claim, states.len(), begins);
        for (state, world) in states.iter().enumerate() {
            is_open[state] &= (claim.open)(world);
        }
        let open = (0..).zip(&is_open).filter(|(_, open)| **open).map(|(state, _)| state);
        let open: Vec<u32> = open.collect();
        let number = open.len();
        let counterexample = fair_part(&rows, claim, open, states.len());
        Decided { states: number, counterexample }
    }

    /// Explorers expand states in the order of their numbers, so edges are in order already.
    fn rows(&self, states: usize) -> Rows<'_> {
        let mut first = vec![0_u32; states + 1];
        for edge in &self.edges {
            first[edge.from as usize + 1] += 1;
        }
        for state in 0..states {
            first[state + 1] += first[state];
        }
        Rows { first, edges: &self.edges }
    }
}

/// The states that can be reached without the moves that the claim rules out.
fn reached(rows: &Rows, claim: &Claim, states: usize, begins: usize) -> Vec<bool> {
    let mut is_reached = vec![false; states];
    let mut next: Vec<u32> = (0..).take(begins).collect();
    for &begin in &next {
        is_reached[begin as usize] = true;
    }
    while let Some(state) = next.pop() {
        for edge in rows.of(state) {
            let known = &mut is_reached[edge.to as usize];
            if !claim.without.contains(&edge.class) && !*known {
                *known = true;
                next.push(edge.to);
            }
        }
    }
    is_reached
}

/// A state of some part of these states in which a fair run can stay.
fn fair_part(rows: &Rows, claim: &Claim, among: Vec<u32>, states: usize) -> Option<u32> {
    let mut place = vec![NOWHERE; states];
    let mut waiting = vec![among];
    while let Some(among) = waiting.pop() {
        for part in parts(rows, claim, &among, &mut place) {
            let inside = |state: u32| part.binary_search(&state).is_ok();
            let (mut weakly_fair, mut possible, mut taken) = (true, 0_u32, 0_u32);
            let mut always = u32::MAX;
            for &state in &part {
                let mut here = 0;
                for edge in allowed(rows, claim, state) {
                    here |= edge.class.bit();
                    if inside(edge.to) {
                        taken |= edge.class.bit();
                    }
                }
                possible |= here;
                always &= here;
            }
            for class in claim.weak {
                weakly_fair &= always & class.bit() == 0 || taken & class.bit() != 0;
            }
            if !weakly_fair {
                continue;
            }
            let strong: u32 = claim.strong.iter().map(|class| class.bit()).sum();
            let neglected = strong & possible & !taken;
            if neglected == 0 {
                return part.first().copied();
            }
            let is_free = |state: &u32| {
                allowed(rows, claim, *state).all(|edge| edge.class.bit() & neglected == 0)
            };
            let rest: Vec<u32> = part.iter().copied().filter(is_free).collect();
            if !rest.is_empty() {
                waiting.push(rest);
            }
        }
    }
    None
}

fn allowed<'a>(
    rows: &'a Rows,
    claim: &'a Claim,
    state: u32,
) -> impl Iterator<Item = &'a Edge> + 'a {
    rows.of(state).iter().filter(|edge| !claim.without.contains(&edge.class))
}

const NOWHERE: u32 = u32::MAX;

/// The strongly connected parts of these states, each in order: Tarjan's algorithm, without
/// recursion. `place` is nowhere for every state, before and after.
fn parts(rows: &Rows, claim: &Claim, among: &[u32], place: &mut [u32]) -> Vec<Vec<u32>> {
    for (at, &state) in (0..).zip(among) {
        place[state as usize] = at;
    }
    let mut search = Search {
        index: vec![NOWHERE; among.len()],
        low: vec![0; among.len()],
        on_stack: vec![false; among.len()],
        stack: Vec::new(),
        next_index: 0,
        parts: Vec::new(),
    };
    let successors: Vec<Vec<u32>> = among
        .iter()
        .map(|&state| {
            let to = allowed(rows, claim, state).map(|edge| place[edge.to as usize]);
            to.filter(|&to| to != NOWHERE).collect()
        })
        .collect();
    for root in 0..among.len() {
        if search.index[root] == NOWHERE {
            search.from(root as u32, &successors);
        }
    }
    for &state in among {
        place[state as usize] = NOWHERE;
    }
    let to_states = |mut part: Vec<u32>| {
        for at in &mut part {
            *at = among[*at as usize];
        }
        part.sort_unstable();
        part
    };
    search.parts.into_iter().map(to_states).collect()
}

struct Search {
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next_index: u32,
    parts: Vec<Vec<u32>>,
}

impl Search {
    fn from(&mut self, root: u32, successors: &[Vec<u32>]) {
        let mut calls: Vec<(u32, usize)> = vec![(root, 0)];
        self.enter(root);
        while let Some((at, next)) = calls.last_mut() {
            let here = *at as usize;
            if let Some(&to) = successors[here].get(*next) {
                *next += 1;
                if self.index[to as usize] == NOWHERE {
                    self.enter(to);
                    calls.push((to, 0));
                } else if self.on_stack[to as usize] {
                    self.low[here] = self.low[here].min(self.index[to as usize]);
                }
                continue;
            }
            let done = *at;
            calls.pop();
            if let Some((caller, _)) = calls.last() {
                let caller = *caller as usize;
                self.low[caller] = self.low[caller].min(self.low[here]);
            }
            if self.low[here] == self.index[here] {
                self.leave(done);
            }
        }
    }

    fn enter(&mut self, at: u32) {
        self.index[at as usize] = self.next_index;
        self.low[at as usize] = self.next_index;
        self.on_stack[at as usize] = true;
        self.next_index += 1;
        self.stack.push(at);
    }

    fn leave(&mut self, root: u32) {
        let mut part = Vec::new();
        while let Some(at) = self.stack.pop() {
            self.on_stack[at as usize] = false;
            part.push(at);
            if at == root {
                break;
            }
        }
        self.parts.push(part);
    }
}
