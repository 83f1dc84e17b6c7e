//! The machine that was learned as a graph: the whole of it, or where it differs from the
//! specification.

use super::Report;
use crate::graph::{Arrow, Graph, Node, Shade};
use activity_harness::alphabet::Shown;
use activity_harness::machine::{Mealy, Symbol};
use std::collections::BTreeMap;

/// How many of the steps that differ are drawn.
const DRAWN: usize = 8;

impl Report {
    /// The whole machine, or how it differs; if it does not, the whole machine.
    pub(super) fn graph(&self, whole: bool) -> Graph {
        if whole || self.comparison.steps.is_empty() { self.whole() } else { self.difference() }
    }

    /// What is seen of a state, told by the step that first led to it.
    fn label(&self, state: u32) -> String {
        let word = self.learned.machine.access(state);
        let shown = word.split_last().map(|(last, before)| {
            let mealy = self.learned.machine.mealy();
            let from = mealy.reaches(0, before);
            self.learned.shown[mealy.output(from, *last) as usize].situation()
        });
        match shown {
            None => format!("{state}: new"),
            Some(situation) if situation.is_empty() => state.to_string(),
            Some(situation) => format!("{state}: {situation}"),
        }
    }

    fn named(&self, symbol: Symbol) -> String {
        self.specification.inputs()[usize::from(symbol)].to_string()
    }

    /// Every state; inputs that lead to the same share an arrow, and those that lead nowhere are
    /// left out.
    fn whole(&self) -> Graph {
        let mealy = self.learned.machine.mealy();
        let node = |state: u32| Node {
            name: format!("s{state}"),
            label: self.label(state),
            is_end: mealy.nexts(state).iter().all(|to| *to == state),
            ink: Shade::Plain,
        };
        let mut arrows: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
        for from in mealy.all() {
            for symbol in mealy.symbols() {
                let to = mealy.next(from, symbol);
                if from != to {
                    arrows.entry((from, to)).or_default().push(self.named(symbol));
                }
            }
        }
        Graph {
            name: "learned",
            begin: ("s0".to_owned(), "start".to_owned()),
            nodes: mealy.all().map(node).collect(),
            arrows: arrows.into_iter().map(arrow).collect(),
        }
    }

    /// The ways to the nearest steps that differ, and what either machine shows at their end.
    fn difference(&self) -> Graph {
        let mealy: &Mealy = self.learned.machine.mealy();
        let mut nodes: BTreeMap<u32, Node> = BTreeMap::new();
        let mut arrows: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
        let mut ends: (Vec<Node>, Vec<Arrow>) = Default::default();
        let mut visit = |state: u32| {
            let (name, label) = (format!("s{state}"), self.label(state));
            let node = Node { name, label, is_end: false, ink: Shade::Plain };
            nodes.entry(state).or_insert(node);
        };
        visit(0);
        for (place, differing) in self.comparison.steps.iter().take(DRAWN).enumerate() {
            let Some((last, way)) = differing.word.split_last() else { continue };
            let mut at = 0;
            for symbol in way {
                let to = mealy.next(at, *symbol);
                let labels = arrows.entry((at, to)).or_default();
                let label = self.named(*symbol);
                if !labels.contains(&label) {
                    labels.push(label);
                }
                visit(to);
                at = to;
            }
            for (which, number, ink) in [
                ("specified", differing.first, Shade::Good),
                ("found", differing.second, Shade::Bad),
            ] {
                let name = format!("{which}{place}");
                let other = if ink == Shade::Good { differing.second } else { differing.first };
                let label = self.told_apart(number, other, which);
                ends.0.push(Node { name: name.clone(), label, is_end: false, ink });
                let (from, labels) = (format!("s{at}"), vec![self.named(*last)]);
                ends.1.push(Arrow { from, to: name, labels, ink });
            }
        }
        Graph {
            name: "difference",
            begin: ("s0".to_owned(), "start".to_owned()),
            nodes: nodes.into_values().chain(ends.0).collect(),
            arrows: arrows.into_iter().map(arrow).chain(ends.1).collect(),
        }
    }

    /// What is shown where another thing could be, in the parts that differ.
    fn told_apart(&self, number: u32, other: u32, which: &str) -> String {
        let shown = |number: u32| -> &Shown { &self.learned.shown[number as usize] };
        let parts = shown(number).parts_apart(shown(other));
        let parts = parts.into_iter().map(|(part, own, _)| format!("{part}: {own}"));
        [format!("{which}:")].into_iter().chain(parts).collect::<Vec<_>>().join("\n")
    }
}

/// A step of both machines, with every input that takes it.
fn arrow(((from, to), labels): ((u32, u32), Vec<String>)) -> Arrow {
    Arrow { from: format!("s{from}"), to: format!("s{to}"), labels, ink: Shade::Plain }
}
