//! The machine that was learned as a graph: the whole of it, or where it differs from the
//! specification.

use super::Report;
use crate::graph::{Arrow, Graph, Node, Shade};
use crate::style::{counted, thousands};
use activity_harness::machine::{Differing, Symbol};
use std::collections::{BTreeMap, BTreeSet};

/// How many of the steps that differ are drawn, and how many of their parts are told.
const DRAWN: usize = 8;
const PARTS: usize = 3;

/// How many states of a whole machine fit into a picture.
pub(super) const MOST_STATES: usize = 40;

/// A part of a step: its name, what is specified and what was found.
type Part = (&'static str, String, String);

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
    /// The inputs of each arrow; those of steps that differ with what they show.
    arrows: BTreeMap<(State, State, Shade, String), Vec<String>>,
    /// What is drawn of the shortest way.
    way: BTreeSet<State>,
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
        let steps = &report.learned.comparison.steps;
        for (place, differing) in steps.iter().take(DRAWN).enumerate() {
            difference.add(differing, place == 0);
        }
        difference
    }

    fn add(&mut self, differing: &Differing, is_first: bool) {
        let Some((last, way)) = differing.word.split_last() else { return };
        let report = self.report;
        let specification = report.specification.minimal().mealy();
        let system = report.learned.machine.mealy();
        let (mut one, mut other) = (0, 0);
        for symbol in way {
            let to = (specification.next(one, *symbol), system.next(other, *symbol));
            let (from, next) = (State::Common(one, other), State::Common(to.0, to.1));
            let ink = if is_first { Shade::Way } else { Shade::Plain };
            if is_first {
                self.way.extend([from, next]);
            }
            let key = |ink| (from, next, ink, String::new());
            if !self.has(&key(Shade::Way), report.named(*symbol)) {
                self.arrow(key(ink), report.named(*symbol));
            }
            (one, other) = to;
        }
        let (from, input) = (State::Common(one, other), report.named(*last));
        let specified = self.stands(specification.next(one, *last), true);
        let found = self.stands(system.next(other, *last), false);
        let parts = report.parts(differing);
        let told = |which: fn(&Part) -> &String| {
            let more = parts.len().saturating_sub(PARTS);
            let shown = if more <= 1 { parts.len() } else { PARTS };
            let mut lines: Vec<String> =
                parts[..shown].iter().map(|it| format!("{}: {}", it.0, which(it))).collect();
            lines.extend((shown < parts.len()).then(|| format!("and {more} parts more")));
            lines.join("\n")
        };
        self.arrow((from, specified, Shade::Specified, told(|it| &it.1)), input.clone());
        self.arrow((from, found, Shade::Found, told(|it| &it.2)), input);
        self.drawn += 1;
    }

    /// How a state of one machine is drawn: with one of the other, if a common way leads to both.
    fn stands(&self, state: u32, is_specified: bool) -> State {
        let common = &self.report.learned.comparison.common;
        let pair = common.iter().find(|(one, other)| {
            if is_specified { *one == state } else { *other == state }
        });
        match pair {
            Some((one, other)) => State::Common(*one, *other),
            None if is_specified => State::Specified(state),
            None => State::Found(state),
        }
    }

    fn has(&self, key: &(State, State, Shade, String), input: String) -> bool {
        self.arrows.get(key).is_some_and(|inputs| inputs.contains(&input))
    }

    fn arrow(&mut self, key: (State, State, Shade, String), input: String) {
        self.states.extend([key.0, key.1]);
        let inputs = self.arrows.entry(key).or_default();
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }

    fn graph(self) -> Graph {
        let arrow = |((from, to, ink, shows), inputs): (&(State, State, Shade, String), &Vec<_>)| {
            let shows = shows.lines().map(|line| format!("  {line}"));
            Arrow {
                from: from.name(),
                to: to.name(),
                labels: inputs.iter().cloned().chain(shows).collect(),
                ink: *ink,
            }
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
                labelled(&self.report.seen_of_learned(other), &format!("specification {one}, system {other}")),
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
        let used: BTreeSet<Shade> = self.arrows.keys().map(|(_, _, ink, _)| *ink).collect();
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
            notes.push(format!("{} of {} that differ", thousands(self.drawn), counted(steps, "step")));
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
