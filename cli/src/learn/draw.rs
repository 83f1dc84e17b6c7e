//! The machine that was learned as a graph: the whole of it, or where it differs from the
//! specification.

use super::Report;
use super::report::Kind;
use crate::graph::{Arrow, Graph, Node, Shade};
use crate::style::{counted, thousands};
use activity_harness::machine::{Differing, Symbol};
use activity_models::story::wrap;
use std::collections::{BTreeMap, BTreeSet};

/// How many of the steps that differ are drawn, and how wide what they show is.
const DRAWN: usize = 8;
const WIDTH: usize = 44;

/// How many states of a whole machine fit into a picture.
pub(super) const MOST_STATES: usize = 20;

impl Report {
    /// The whole machine, of many states the nearest; or how it differs. If it does not, the whole.
    pub(super) fn graph(&self, whole: bool, most: usize) -> Graph {
        let mut graph = if whole || self.learned.comparison.steps.is_empty() {
            self.whole(most)
        } else {
            Difference::of(self).graph()
        };
        let chosen = &self.choice.chosen;
        graph.title.push(format!("number {}: {}", chosen.number, chosen.configuration.name));
        graph
    }

    fn named(&self, symbol: Symbol) -> String {
        self.specification.inputs()[usize::from(symbol)].to_string()
    }

    /// The states that are nearest to the start; inputs that lead to the same share an arrow, and
    /// those that lead nowhere are left out.
    fn whole(&self, most: usize) -> Graph {
        let mealy = self.learned.machine.mealy();
        let drawn = || mealy.all().take(most);
        let is_drawn = |state: u32| (state as usize) < most;
        let node = |state: u32| Node {
            name: format!("s{state}"),
            label: labelled(&self.seen_of_learned(state), &format!("state {state}")),
            is_end: mealy.nexts(state).iter().all(|to| *to == state),
            ink: Shade::Plain,
        };
        let mut arrows: BTreeMap<(u32, u32), Vec<String>> = BTreeMap::new();
        for from in drawn() {
            for symbol in mealy.symbols() {
                let to = mealy.next(from, symbol);
                if from != to && is_drawn(to) {
                    arrows.entry((from, to)).or_default().push(self.named(symbol));
                }
            }
        }
        let arrow = |((from, to), labels): ((u32, u32), Vec<String>)| Arrow {
            from: format!("s{from}"),
            to: format!("s{to}"),
            labels,
            ink: Shade::Plain,
        };
        let left = mealy.states().saturating_sub(most);
        let note = format!("{} farther from the start are left out", counted(left, "state"));
        Graph {
            name: "learned",
            title: vec![format!("The machine of {}", self.system)],
            begin: ("s0".to_owned(), "start".to_owned()),
            nodes: drawn().map(node).collect(),
            arrows: arrows.into_iter().map(arrow).collect(),
            notes: if left > 0 { vec![note] } else { Vec::new() },
            ..Graph::default()
        }
    }
}

/// A state that is drawn.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum State {
    /// One of the specification and one of the system, which a common way leads to.
    Common(u32, u32),
    /// One that only the specification has.
    Specified(u32),
    /// One that only the system has.
    Found(u32),
}

/// The ways to the nearest steps that differ, and what either machine does there.
struct Difference<'a> {
    report: &'a Report,
    states: BTreeSet<State>,
    /// What each arrow shows, nothing or how it differs, and the inputs that show it.
    arrows: BTreeMap<(State, State, Shade), BTreeMap<String, Vec<String>>>,
    /// What is drawn of the shortest way.
    way: BTreeSet<State>,
    /// How many of the steps that differ are drawn.
    drawn: usize,
}

const START: State = State::Common(0, 0);

impl<'a> Difference<'a> {
    fn of(report: &'a Report) -> Self {
        let mut difference = Difference {
            report,
            states: BTreeSet::from([START]),
            arrows: BTreeMap::new(),
            way: BTreeSet::new(),
            drawn: 0,
        };
        for Kind { differing, specified, found } in report.kinds().into_iter().take(DRAWN) {
            difference.add(differing, &specified, &found);
            difference.drawn += 1;
        }
        difference
    }

    fn add(&mut self, differing: &Differing, specified: &str, found: &str) {
        let Some((last, way)) = differing.word.split_last() else { return };
        let report = self.report;
        let specification = report.specification.minimal().mealy();
        let system = report.learned.machine.mealy();
        let is_first = self.drawn == 0;
        let ink = if is_first { Shade::Way } else { Shade::Plain };
        let (mut one, mut other) = (0, 0);
        if is_first {
            self.way.insert(START);
        }
        for symbol in way {
            let to = (specification.next(one, *symbol), system.next(other, *symbol));
            let (from, next) = (State::Common(one, other), State::Common(to.0, to.1));
            let input = report.named(*symbol);
            if is_first {
                self.way.insert(next);
            }
            if !self.is_on_the_way(from, next, &input) {
                self.arrow((from, next, ink), "", input);
            }
            (one, other) = to;
        }
        let (from, input) = (State::Common(one, other), report.named(*last));
        let stands = specification.next(one, *last);
        let to = if stands == one { from } else { self.stands(stands, true) };
        self.arrow((from, to, Shade::Specified), specified, input.clone());
        let stands = system.next(other, *last);
        let to = if stands == other { from } else { self.stands(stands, false) };
        self.arrow((from, to, Shade::Found), found, input);
    }

    /// How a state of one machine is drawn: with one of the other, if a common way leads to both.
    fn stands(&self, state: u32, is_specified: bool) -> State {
        let common = &self.report.learned.comparison.common;
        let pair = common.iter().find(
            |(one, other)| {
                if is_specified { *one == state } else { *other == state }
            },
        );
        match pair {
            Some((one, other)) => State::Common(*one, *other),
            None if is_specified => State::Specified(state),
            None => State::Found(state),
        }
    }

    fn is_on_the_way(&self, from: State, to: State, input: &str) -> bool {
        let way = self.arrows.get(&(from, to, Shade::Way));
        way.is_some_and(|shown| shown.values().flatten().any(|known| known == input))
    }

    fn arrow(&mut self, key: (State, State, Shade), shows: &str, input: String) {
        self.states.extend([key.0, key.1]);
        let inputs = self.arrows.entry(key).or_default().entry(shows.to_owned()).or_default();
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }

    fn graph(self) -> Graph {
        let lines = |(shows, inputs): (&String, &Vec<String>)| {
            let shows = shows.lines().flat_map(|line| wrap(line, WIDTH)).enumerate();
            let shows = shows.map(|(place, line)| match place {
                0 => format!("\u{2192} {line}"),
                _ => format!("  {line}"),
            });
            inputs.iter().cloned().chain(shows).collect::<Vec<_>>()
        };
        let arrow = |((from, to, ink), shown): (&(State, State, Shade), &BTreeMap<_, _>)| Arrow {
            from: from.name(),
            to: to.name(),
            labels: shown.iter().flat_map(lines).collect(),
            ink: *ink,
        };
        let system = &self.report.system;
        Graph {
            name: "difference",
            title: vec![format!("How {system} differs from the specification")],
            begin: (START.name(), "start".to_owned()),
            nodes: self.states.iter().map(|state| self.node(*state)).collect(),
            arrows: self.arrows.iter().map(arrow).collect(),
            legend: self.legend(),
            notes: self.notes(),
        }
    }

    fn node(&self, state: State) -> Node {
        let specification = self.report.specification.minimal().mealy();
        let system = self.report.learned.machine.mealy();
        let ends = |nexts: &[u32], state: u32| nexts.iter().all(|to| *to == state);
        let (label, is_end, ink) = match state {
            State::Common(one, other) => (
                labelled(
                    &self.report.seen_of_learned(other),
                    &format!("specification {one}, system {other}"),
                ),
                ends(system.nexts(other), other),
                if self.way.contains(&state) { Shade::Way } else { Shade::Plain },
            ),
            State::Specified(one) => (
                labelled(&self.report.seen_of_specified(one), &format!("specification {one}")),
                ends(specification.nexts(one), one),
                Shade::Specified,
            ),
            State::Found(other) => (
                labelled(&self.report.seen_of_learned(other), &format!("system {other}")),
                ends(system.nexts(other), other),
                Shade::Found,
            ),
        };
        Node { name: state.name(), label, is_end, ink }
    }

    /// What the shades mean that are used.
    fn legend(&self) -> Vec<(Shade, String)> {
        let used: BTreeSet<Shade> = self.arrows.keys().map(|(_, _, ink)| *ink).collect();
        let all = [
            (Shade::Way, "the shortest way to a difference"),
            (Shade::Plain, "alike in specification and system"),
            (Shade::Specified, "only in the specification"),
            (Shade::Found, "only in the system"),
        ];
        let used = all.into_iter().filter(|(ink, _)| used.contains(ink));
        used.map(|(ink, text)| (ink, text.to_owned())).collect()
    }

    /// What is left out.
    fn notes(&self) -> Vec<String> {
        let learned = &self.report.learned;
        let steps = learned.comparison.steps.len();
        let mut notes = Vec::new();
        if steps > self.drawn {
            notes.push(format!(
                "{} differ, {} of them drawn; others differ likewise, or farther from the start",
                counted(steps, "step"),
                thousands(self.drawn)
            ));
        }
        let of = |which: fn(&State) -> Option<u32>| {
            self.states.iter().filter_map(which).collect::<BTreeSet<u32>>().len()
        };
        let specified = of(|state| match state {
            State::Common(one, _) | State::Specified(one) => Some(*one),
            State::Found(_) => None,
        });
        let found = of(|state| match state {
            State::Common(_, other) | State::Found(other) => Some(*other),
            State::Specified(_) => None,
        });
        let (all_specified, all_found) =
            (self.report.specification.minimal().states(), learned.machine.states());
        notes.push(format!(
            "left out: {} of {} of the specification, {} of {} of the system",
            thousands(all_specified - specified),
            counted(all_specified, "state"),
            thousands(all_found - found),
            thousands(all_found),
        ));
        notes
    }
}

impl State {
    /// One word for it, to draw arrows by.
    fn name(self) -> String {
        match self {
            State::Common(one, other) => format!("s{one}_{other}"),
            State::Specified(one) => format!("specified{one}"),
            State::Found(other) => format!("found{other}"),
        }
    }
}

/// What is seen of a state, and which it is.
fn labelled(seen: &str, which: &str) -> String {
    if seen.is_empty() { which.to_owned() } else { format!("{seen}\n{which}") }
}
