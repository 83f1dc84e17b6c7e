//! The check of the system model: exploration, promises, liveness claims, witnesses. Knows what is
//! to be done and puts together what came of it; prints nothing.

use super::bounds::{Bounds, CALLERS};
use super::claims::{CLAIMS, Claim, Runs};
use super::explorable::{Violation, Way};
use super::machines::Machines;
use super::step::System;
use super::witnesses::{WITNESSES, Witnessed, Witnesses};
use crate::explore::{
    Explorable, Explored, Explorer, Firsts, StaterightCounts, StaterightModel, Taken, Until,
    Visitor, share,
};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How far one part of the check has come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartProgress {
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
    pub peer: StaterightCounts,
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
    pub stays: Option<Way>,
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

/// What came of some parts.
struct Came {
    checked: Checked,
    ways: Firsts<Way>,
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
    progress: &(dyn Fn(PartProgress) -> bool + Sync),
) -> Checked {
    let callers = || (0..u8::try_from(CALLERS.len()).expect("there are four")).rev();
    let mut parts: Vec<Part> = callers().map(Part::Stateright).collect();
    parts.push(Part::Claims);
    parts.extend(callers().map(Part::Ours));
    let shares = share(threads, parts.len(), Came::nothing, |came, part| {
        let tell = Tell { part: parts[part], progress };
        if !tell.tell(0, false) {
            came.checked.complete = false;
            return ControlFlow::Break(());
        }
        let states = came.take(tell, bounds, fairness);
        tell.tell(states, true);
        ControlFlow::Continue(())
    });
    let mut all = Came::nothing();
    for came in shares {
        all.add(came);
    }
    Checked { witnesses: Witnesses::named(&all.ways), ..all.checked }
}

/// The shortest way in which a system of these machines breaks a promise.
#[must_use]
pub fn shortest_violation(system: &System) -> Option<Violation> {
    let all = 0..system.begins();
    Explorer::default().explore(system, all, Until::BROKEN, &mut ()).violation
}

impl Came {
    fn nothing() -> Self {
        let peer = StaterightCounts { complete: true, ..StaterightCounts::default() };
        let checked = Checked { peer, complete: true, ..Checked::default() };
        Came { checked, ways: Firsts::of(WITNESSES.len()) }
    }

    /// Does a part, and tells how many states it has.
    fn take(&mut self, tell: Tell<'_>, bounds: &Bounds, fairness: &Bounds) -> u64 {
        let system = System { machines: Machines::RIGHT, bounds: *bounds };
        match tell.part {
            Part::Ours(caller) => {
                let mut explorer = Explorer::default();
                let mut visitor = (Witnesses::default(), tell);
                let begins = [usize::from(caller)];
                let explored = explorer.explore(&system, begins, Until::BROKEN, &mut visitor);
                self.ways.add(&visitor.0.ways(&system, &explorer));
                let states = explored.unique_states;
                self.checked.add_explored(explored);
                states
            }
            Part::Stateright(caller) => {
                let begin = usize::from(caller);
                let counts = StaterightModel::new(Arc::new(system), begin..begin + 1).explore(1);
                let states = counts.unique_states;
                self.checked.peer.complete &= counts.complete;
                self.checked.peer.add(counts);
                states
            }
            Part::Claims => {
                let system = System { bounds: *fairness, ..system };
                let (claims, explored) = decide_claims(&system, tell);
                self.checked.complete &= !explored.cut_off;
                self.checked.claims = claims;
                explored.unique_states
            }
        }
    }

    fn add(&mut self, came: Came) {
        let Checked { unique_states, transitions, without_effect, peer, .. } = came.checked;
        let checked = &mut self.checked;
        checked.complete &= came.checked.complete;
        checked.unique_states += unique_states;
        checked.transitions += transitions;
        checked.without_effect += without_effect;
        checked.add_violation(came.checked.violation);
        checked.claims.extend(came.checked.claims);
        checked.peer.complete &= peer.complete;
        checked.peer.add(peer);
        self.ways.add(&came.ways);
    }
}

/// Explores what the claims are about, and decides them.
fn decide_claims(system: &System, tell: Tell<'_>) -> (Vec<ClaimChecked>, Explored<Violation>) {
    let (mut explorer, mut visitor) = (Explorer::default(), (Runs::default(), tell));
    let explored = explorer.explore(system, 0..system.begins(), Until::BROKEN, &mut visitor);
    let decide = |claim: &Claim| {
        let decided = visitor.0.decide(claim, explorer.states(), system.begins());
        let stays = decided.counterexample.map(|state| explorer.way_to(system, state));
        ClaimChecked { name: claim.name, states: decided.states, stays }
    };
    // Of a part of the graph nothing can be said about the end.
    let claims = if explored.cut_off { Vec::new() } else { CLAIMS.iter().map(decide).collect() };
    (claims, explored)
}

impl Checked {
    fn add_explored(&mut self, explored: Explored<Violation>) {
        self.complete &= !explored.cut_off;
        self.unique_states += explored.unique_states;
        self.transitions += explored.transitions;
        self.without_effect += explored.without_effect;
        self.add_violation(explored.violation);
    }

    /// The shorter way counts; of two that are as long, that of the caller that stands first.
    fn add_violation(&mut self, new: Option<Violation>) {
        let key = |it: &Violation| (it.moves.len(), it.begin);
        let is_better = new
            .as_ref()
            .is_some_and(|new| self.violation.as_ref().is_none_or(|known| key(new) < key(known)));
        if is_better {
            self.violation = new;
        }
    }
}

/// Tells how far a part has come.
#[derive(Clone, Copy)]
struct Tell<'a> {
    part: Part,
    progress: &'a (dyn Fn(PartProgress) -> bool + Sync),
}

impl Tell<'_> {
    fn tell(&self, states: u64, done: bool) -> bool {
        (self.progress)(PartProgress { part: self.part, states, done })
    }
}

impl Visitor<System> for Tell<'_> {
    fn step(&mut self, _: &Taken<'_, System>) {}

    fn goes_on(&mut self, states: usize) -> bool {
        self.tell(states as u64, false)
    }
}
