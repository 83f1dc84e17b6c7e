//! Who looks for a machine that a suite lets pass, knowing the suite.

use crate::machines::Path;
use activity_harness::machine::{Mealy, Minimal, Symbol};
use activity_harness::suite::{Node, Suite, Trie};
use std::collections::{BTreeMap, BTreeSet};

/// Whether a machine shows along every sequence what the right one shows.
pub(crate) fn passes(right: &Mealy, machine: &Mealy, trie: &Trie) -> bool {
    let mut open = vec![(Trie::ROOT, 0, 0)];
    while let Some((node, one, other)) = open.pop() {
        for child in trie.children(node) {
            let symbol = trie.symbol(child);
            if right.output(one, symbol) != machine.output(other, symbol) {
                return false;
            }
            open.push((child, right.next(one, symbol), machine.next(other, symbol)));
        }
    }
    true
}

/// The nodes of a trie, each with the state that the right machine is in.
fn states(right: &Mealy, trie: &Trie) -> Vec<u32> {
    let mut states = vec![0; trie.nodes()];
    let mut open = vec![Trie::ROOT];
    while let Some(node) = open.pop() {
        for child in trie.children(node) {
            states[child as usize] = right.next(states[node as usize], trie.symbol(child));
            open.push(child);
        }
    }
    states
}

/// Two steps: from a state by two symbols.
type Steps = (u32, Symbol, Symbol);

/// The nodes at which each two steps end.
fn ends(right: &Mealy, trie: &Trie) -> BTreeMap<Steps, Vec<Node>> {
    let states = states(right, trie);
    let mut ends: BTreeMap<Steps, Vec<Node>> = BTreeMap::new();
    let mut open = vec![Trie::ROOT];
    while let Some(node) = open.pop() {
        for one in trie.children(node) {
            for other in trie.children(one) {
                let steps = (states[node as usize], trie.symbol(one), trie.symbol(other));
                ends.entry(steps).or_default().push(other);
            }
            open.push(one);
        }
    }
    ends
}

/// A machine with one extra state that the suite lets pass, of all that have one wrong step: a copy
/// of a state is entered by one step, and one step of the copy shows something else, or leads
/// elsewhere.
pub(crate) fn escape(right: &Minimal, suite: &Suite) -> Option<Mealy> {
    let mealy = right.mealy();
    let ends = ends(mealy, &suite.trie);
    for from in mealy.all() {
        for first in mealy.symbols() {
            let through = mealy.next(from, first);
            for second in mealy.symbols() {
                let found = ends.get(&(from, first, second));
                let Some(nodes) = found else {
                    return Some(shows(mealy, (from, first, second)));
                };
                let to = mealy.next(through, second);
                let alike = alike(mealy, &suite.trie, nodes, to);
                let machines = alike.into_iter().map(|it| leads(mealy, (from, first, second), it));
                // The copy may be entered again on the way, where it matters.
                let escapes = |machine: &Mealy| {
                    super::is_of(machine, right.states() + 1)
                        && super::differs(right, machine)
                        && passes(mealy, machine, &suite.trie)
                };
                if let Some(machine) = machines.into_iter().find(escapes) {
                    return Some(machine);
                }
            }
        }
    }
    None
}

/// The states that show below these nodes what the right state shows.
fn alike(right: &Mealy, trie: &Trie, nodes: &[Node], state: u32) -> BTreeSet<u32> {
    let mut alike: BTreeSet<u32> = right.all().filter(|other| *other != state).collect();
    for node in nodes {
        let mut open = vec![(*node, state, alike.iter().map(|it| (*it, *it)).collect::<Vec<_>>())];
        while let Some((node, at, others)) = open.pop() {
            for child in trie.children(node) {
                let symbol = trie.symbol(child);
                let mut further = Vec::new();
                for (origin, other) in &others {
                    if right.output(*other, symbol) == right.output(at, symbol) {
                        further.push((*origin, right.next(*other, symbol)));
                    } else {
                        alike.remove(origin);
                    }
                }
                further.retain(|(origin, _)| alike.contains(origin));
                if !further.is_empty() {
                    open.push((child, right.next(at, symbol), further));
                }
            }
        }
    }
    alike
}

fn entered(right: &Mealy, (from, first, _): Steps) -> (Mealy, u32) {
    let mut machine = right.clone();
    let copy = machine.copy(machine.next(from, first));
    machine.redirect(from, first, copy);
    (machine, copy)
}

fn shows(right: &Mealy, steps: Steps) -> Mealy {
    let (mut machine, copy) = entered(right, steps);
    machine.show(copy, steps.2, u32::MAX);
    machine
}

fn leads(right: &Mealy, steps: Steps, to: u32) -> Mealy {
    let (mut machine, copy) = entered(right, steps);
    machine.redirect(copy, steps.2, to);
    machine
}

/// The paths of three steps that no sequence takes.
pub(crate) fn untaken(right: &Minimal, trie: &Trie) -> Vec<Path> {
    let mealy = right.mealy();
    let states = states(mealy, trie);
    let mut taken: BTreeSet<Path> = BTreeSet::new();
    let mut open = vec![Trie::ROOT];
    while let Some(node) = open.pop() {
        for one in trie.children(node) {
            open.push(one);
            for other in trie.children(one) {
                for last in trie.children(other) {
                    let path = [one, other, last].map(|it| trie.symbol(it));
                    taken.insert((states[node as usize], path));
                }
            }
        }
    }
    let all = mealy.all().flat_map(|from| {
        mealy.symbols().flat_map(move |one| {
            mealy
                .symbols()
                .flat_map(move |other| mealy.symbols().map(move |last| (from, [one, other, last])))
        })
    });
    all.filter(|path| !taken.contains(path)).collect()
}
