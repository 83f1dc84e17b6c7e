//! Everything that is checked of the system, on as many threads as are wanted.
//! Knows what is to be done and puts together what came of it; prints nothing.

use super::bounds::{Bounds, CALLERS};
use super::claims::CLAIMS;
use super::explorer::{Explored, Nobody, Violation, Watch, explore};
use super::happened::Happened;
use super::liveness::Graph;
use super::machines::Machines;
use super::moves::Move;
use super::peer::{Peer, PeerCounts};
use super::step::System;
use super::witnesses::{WITNESSES, Witnessed, Witnesses};
use super::world::World;
use stateright::Model;
use stateright::report::{ReportData, ReportDiscovery, Reporter};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Mutex;

/// How far one part of the check has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Which part.
    pub part: Part,
    /// How many states it knows by now; all of them when it is done.
    pub states: u64,
    /// Whether it is done.
    pub done: bool,
}

/// A part of the check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// Our explorer, for one caller.
    Ours(u8),
    /// stateright, for one caller.
    Stateright(u8),
    /// The claims about what happens in the end.
    Claims,
}

/// What came of the check.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// How many states our explorer reached.
    pub unique_states: u64,
    /// How many steps lead from one to another.
    pub transitions: u64,
    /// How many steps leave a state as it is.
    pub without_effect: u64,
    /// What stateright counted.
    pub peer: PeerCounts,
    /// The shortest way to break a promise, if there is one.
    pub violation: Option<Violation>,
    /// What was sometimes seen, with the shortest way to each.
    pub witnesses: Vec<Witnessed>,
    /// What was claimed to happen in the end.
    pub claims: Vec<ClaimChecked>,
    /// Whether nothing was left out because time was up.
    pub complete: bool,
}

/// What came of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimChecked {
    /// Its name.
    pub name: &'static str,
    /// In how many states what is claimed is still to come.
    pub states: usize,
    /// Whose activity it is and what happens until a fair run can stay where it is, if it can.
    pub stays: Option<(u8, Vec<Move>)>,
}

impl Checked {
    /// Whether everything holds, everything was seen, and both explorers agree.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.complete
            && self.violation.is_none()
            && self.peer.complete
            && self.peer.unique_states == self.unique_states
            && self.peer.transitions == self.transitions
            && self.witnesses.iter().all(|witness| witness.way.is_some())
            && self.claims.iter().all(|claim| claim.stays.is_none())
    }
}

enum Came {
    Ours(Explored, Vec<Witnessed>),
    Stateright(PeerCounts),
    Claims(Vec<ClaimChecked>, bool),
}

/// Checks the system within these bounds, and its claims within those; tells `progress` from time
/// to time, from any thread, and goes on only while it says so.
///
/// # Panics
/// If a thread panics.
pub fn check(
    bounds: &Bounds,
    fairness: &Bounds,
    threads: usize,
    progress: &(dyn Fn(Progress) -> bool + Sync),
) -> Checked {
    let callers = || 0..u8::try_from(CALLERS.len()).expect("there are four");
    let mut parts: Vec<Part> = callers().map(Part::Ours).collect();
    parts.push(Part::Claims);
    parts.extend(callers().map(Part::Stateright));
    let (parts, came) = (Mutex::new(parts), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let part = parts.lock().expect("nobody panics while holding it").pop();
                    let Some(part) = part else { break };
                    let goes_on = progress(Progress { part, states: 0, done: false });
                    let result = goes_on.then(|| take(part, bounds, fairness, progress));
                    came.lock().expect("nobody panics while holding it").push(result);
                }
            });
        }
    });
    let peer = PeerCounts { complete: true, ..PeerCounts::default() };
    let mut checked = Checked { peer, complete: true, ..Checked::default() };
    for result in came.into_inner().expect("all threads have ended") {
        match result {
            Some(came) => checked.add(came),
            None => checked.complete = false,
        }
    }
    checked
}

fn take(
    part: Part,
    bounds: &Bounds,
    fairness: &Bounds,
    progress: &(dyn Fn(Progress) -> bool + Sync),
) -> Came {
    let system = System { machines: Machines::RIGHT, bounds: *bounds };
    let mut tell = Tell { part, progress };
    let (came, states) = match part {
        Part::Ours(caller) => {
            let mut watch = (Witnesses::default(), tell);
            let explored = explore(&system, &[caller], &mut watch);
            let states = explored.unique_states();
            let ways = watch.0.ways(&explored);
            (Came::Ours(explored, ways), states)
        }
        Part::Stateright(caller) => {
            let counts = Peer::new(system, &[caller]).explore(1, &mut tell);
            let states = counts.unique_states;
            (Came::Stateright(counts), states)
        }
        Part::Claims => {
            let system = System { bounds: *fairness, ..system };
            claims(&system, tell)
        }
    };
    progress(Progress { part, states, done: true });
    came
}

fn claims(system: &System, tell: Tell) -> (Came, u64) {
    let callers: Vec<u8> = (0..).take(CALLERS.len()).collect();
    let mut watch = (Graph::default(), tell);
    let explored = explore(system, &callers, &mut watch);
    let states: Vec<&World> = explored.states().collect();
    let decide = |claim| {
        let decided = watch.0.decide(claim, &states, callers.len());
        let stays = decided.counterexample.map(|state| {
            let (moves, terms) = explored.way_to(state);
            (terms, moves)
        });
        ClaimChecked { name: claim.name, states: decided.states, stays }
    };
    // Of a part of the graph nothing can be said about the end.
    let decided = if explored.cut_off { Vec::new() } else { CLAIMS.iter().map(decide).collect() };
    (Came::Claims(decided, !explored.cut_off), explored.unique_states())
}

/// The shortest way in which a system of these machines breaks a promise.
#[must_use]
pub fn shortest_violation(system: &System) -> Option<Violation> {
    let callers: Vec<u8> = (0..).take(CALLERS.len()).collect();
    explore(system, &callers, &mut Nobody).violation
}

impl Checked {
    fn add(&mut self, came: Came) {
        match came {
            Came::Ours(explored, ways) => {
                self.complete &= !explored.cut_off;
                self.unique_states += explored.unique_states();
                self.transitions += explored.transitions;
                self.without_effect += explored.without_effect;
                let length = |violation: &Option<Violation>| {
                    violation.as_ref().map_or(usize::MAX, |violation| violation.moves.len())
                };
                if length(&explored.violation) < length(&self.violation) {
                    self.violation = explored.violation;
                }
                self.add_witnesses(ways);
            }
            Came::Stateright(counts) => {
                self.peer.complete &= counts.complete;
                self.peer.unique_states += counts.unique_states;
                self.peer.transitions += counts.transitions;
                self.peer.broken.extend(counts.broken);
            }
            Came::Claims(claims, complete) => {
                self.claims = claims;
                self.complete &= complete;
            }
        }
    }

    /// The shorter way counts; of two that are as long, that of the caller that stands first.
    fn add_witnesses(&mut self, ways: Vec<Witnessed>) {
        if self.witnesses.is_empty() {
            self.witnesses =
                WITNESSES.iter().map(|it| Witnessed { name: it.name, way: None }).collect();
        }
        for (known, new) in self.witnesses.iter_mut().zip(ways) {
            let length = |way: &Option<(u8, Vec<Move>)>| {
                way.as_ref().map_or((usize::MAX, 0), |(terms, moves)| (moves.len(), *terms))
            };
            if length(&new.way) < length(&known.way) {
                *known = new;
            }
        }
    }
}

/// Tells how far a part has come.
#[derive(Clone, Copy)]
struct Tell<'a> {
    part: Part,
    progress: &'a (dyn Fn(Progress) -> bool + Sync),
}

impl<W: Watch> Watch for (W, Tell<'_>) {
    fn step(&mut self, from: u32, before: &World, happened: &Happened, after: &World, to: u32) {
        self.0.step(from, before, happened, after, to);
    }

    fn progress(&mut self, states: usize) -> bool {
        let progress = Progress { part: self.1.part, states: states as u64, done: false };
        (self.1.progress)(progress) && self.0.progress(states)
    }
}

impl<M: Model> Reporter<M> for Tell<'_> {
    fn report_checking(&mut self, data: ReportData) {
        let states = data.unique_states as u64;
        (self.progress)(Progress { part: self.part, states, done: false });
    }

    fn report_discoveries(&mut self, _: &M, _: BTreeMap<&'static str, ReportDiscovery<M>>)
    where
        M::Action: Debug,
        M::State: Debug + Hash,
    {
    }
}
