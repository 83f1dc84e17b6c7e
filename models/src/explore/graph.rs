//! Strongly connected components of the graph that was explored: Tarjan's algorithm, without
//! recursion. Knows states by their numbers, and steps by a label.

use super::{Explorable, Leads, Taken};

/// The steps of an exploration, or some of them.
#[derive(Clone, Debug)]
pub struct Graph<L = ()> {
    edges: Vec<Edge<L>>,
}

/// A step; `to` may be `from`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge<L> {
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) label: L,
}

/// Edges by where they come from.
pub(super) struct Rows<'a, L> {
    first: Vec<u32>,
    edges: &'a [Edge<L>],
}

pub(super) const NOWHERE: u32 = u32::MAX;

impl<L> Default for Graph<L> {
    fn default() -> Self {
        Graph { edges: Vec::new() }
    }
}

impl<L: Copy> Graph<L> {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.edges.clear();
    }

    /// Adds a step of an exploration, in its order; one that breaks a promise leads nowhere.
    pub fn add<M: Explorable>(&mut self, taken: &Taken<'_, M>, label: L) {
        let to = match taken.leads {
            Leads::To(to) => to,
            Leads::Nowhere => taken.number.from(),
            Leads::Astray => return,
        };
        self.edges.push(Edge { from: taken.number.from(), to, label });
    }

    /// Whether some way through these steps goes on for ever among so many states.
    #[must_use]
    pub fn has_cycle(&self, states: usize) -> bool {
        let rows = self.rows(states);
        let all: Vec<u32> = (0..).take(states).collect();
        let mut place = vec![NOWHERE; states];
        let mut cycles = self.edges.iter().any(|edge| edge.from == edge.to);
        rows.parts(&all, &mut place, |_| true, |part| cycles |= part.len() > 1);
        cycles
    }

    /// Explorers expand states in the order of their numbers, so edges are in order already.
    pub(super) fn rows(&self, states: usize) -> Rows<'_, L> {
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

impl<L: Copy> Rows<'_, L> {
    pub(super) fn of(&self, state: u32) -> &[Edge<L>] {
        let row = self.first[state as usize] as usize..self.first[state as usize + 1] as usize;
        &self.edges[row]
    }

    /// Visits the strongly connected parts of these states along the edges that count. `place` is
    /// nowhere for every state, before and after.
    pub(super) fn parts(
        &self,
        among: &[u32],
        place: &mut [u32],
        counts: impl Fn(&Edge<L>) -> bool,
        mut part: impl FnMut(&[u32]),
    ) {
        for (at, &state) in (0..).zip(among) {
            place[state as usize] = at;
        }
        let mut search = Search {
            index: vec![NOWHERE; among.len()],
            low: vec![0; among.len()],
            on_stack: vec![false; among.len()],
            stack: Vec::new(),
            next_index: 0,
        };
        let mut calls: Vec<(u32, usize)> = Vec::new();
        for root in (0..).take(among.len()) {
            if search.index[root as usize] != NOWHERE {
                continue;
            }
            search.enter(root);
            calls.push((root, 0));
            while let Some((here, next)) = calls.last_mut() {
                let here = *here;
                let row = self.of(among[here as usize]);
                let Some(edge) = row.get(*next) else {
                    calls.pop();
                    search.leave(here, calls.last().map(|(caller, _)| *caller), among, &mut part);
                    continue;
                };
                *next += 1;
                let to = place[edge.to as usize];
                if to != NOWHERE && counts(edge) && search.meets(here, to) {
                    calls.push((to, 0));
                }
            }
        }
        for &state in among {
            place[state as usize] = NOWHERE;
        }
    }
}

/// A search through states by their places among those that are looked at.
struct Search {
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next_index: u32,
}

impl Search {
    fn enter(&mut self, at: u32) {
        self.index[at as usize] = self.next_index;
        self.low[at as usize] = self.next_index;
        self.on_stack[at as usize] = true;
        self.next_index += 1;
        self.stack.push(at);
    }

    /// Whether an edge leads to where nobody has been.
    fn meets(&mut self, here: u32, to: u32) -> bool {
        if self.index[to as usize] == NOWHERE {
            self.enter(to);
            return true;
        }
        if self.on_stack[to as usize] {
            let low = &mut self.low[here as usize];
            *low = (*low).min(self.index[to as usize]);
        }
        false
    }

    /// Goes back to where a state was entered from; a part may be complete with it.
    fn leave(
        &mut self,
        here: u32,
        caller: Option<u32>,
        among: &[u32],
        part: &mut impl FnMut(&[u32]),
    ) {
        let low = self.low[here as usize];
        if let Some(caller) = caller {
            let caller = &mut self.low[caller as usize];
            *caller = (*caller).min(low);
        }
        if low != self.index[here as usize] {
            return;
        }
        let root = self.stack.iter().rposition(|at| *at == here).expect("what is left was entered");
        for at in &mut self.stack[root..] {
            self.on_stack[*at as usize] = false;
            *at = among[*at as usize];
        }
        part(&self.stack[root..]);
        self.stack.truncate(root);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(u32, u32)]) -> Graph {
        let edges = edges.iter().map(|&(from, to)| Edge { from, to, label: () });
        Graph { edges: edges.collect() }
    }

    #[test]
    fn a_cycle_is_found_behind_joins_and_in_front_of_ends() {
        assert!(!graph(&[(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]).has_cycle(5));
        assert!(graph(&[(0, 1), (0, 2), (1, 3), (2, 3), (3, 1), (3, 4)]).has_cycle(5));
    }

    #[test]
    fn every_edge_counts_however_often_it_is_there() {
        assert!(!graph(&[(0, 1), (0, 1), (1, 2)]).has_cycle(3));
    }

    #[test]
    fn a_state_that_leads_to_itself_is_a_cycle() {
        assert!(graph(&[(0, 1), (1, 1)]).has_cycle(2));
    }

    #[test]
    fn each_part_is_visited_once_and_with_all_its_states() {
        let graph = graph(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (5, 4)]);
        let (mut place, mut parts) = (vec![NOWHERE; 6], Vec::new());
        let mut note = |part: &[u32]| {
            let mut part = part.to_vec();
            part.sort_unstable();
            parts.push(part);
        };
        graph.rows(6).parts(&[0, 1, 2, 3, 4, 5], &mut place, |_| true, &mut note);
        parts.sort();
        assert_eq!(parts, [vec![0, 1, 2], vec![3, 4], vec![5]]);
        assert_eq!(place, [NOWHERE; 6]);
    }
}
