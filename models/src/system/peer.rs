//! The same system for stateright. Knows stateright's traps; judges nothing by itself.
//!
//! - An action carries where it leads, so that each step is taken and judged once, and only steps
//!   that lead somewhere are offered.
//! - stateright remembers a fingerprint of each state, so that its counts are held against those of
//!   [`explore`](super::explore()), which compares in full.
//! - A run that was cut off looks complete: nothing here sets a limit, and [`PeerCounts`] says it.
//! - Properties are `fn` pointers, so a table of them has one for each bit.

use super::bounds::CALLERS;
use super::moves::Move;
use super::promise::{Broken, Promise, all, broken};
use super::step::System;
use super::world::World;
use stateright::report::Reporter;
use stateright::{Checker, Model, Property};
use std::fmt;

/// A system as a model for stateright.
#[derive(Clone, Debug)]
pub struct Peer {
    system: System,
    callers: Vec<u8>,
    promises: Vec<Promise>,
}

/// A state, and what the step to it broke.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct PeerState {
    /// The state.
    pub world: World,
    broken: Broken,
}

/// A step that leads somewhere.
#[derive(Clone, Copy, PartialEq)]
pub struct PeerMove {
    /// What moves.
    pub moved: Move,
    to: PeerState,
}

impl Peer {
    /// A model of this system, for the callers at these places in [`CALLERS`].
    ///
    /// # Panics
    /// If there is no such caller, or there are more promises than properties.
    #[must_use]
    pub fn new(system: System, callers: &[u8]) -> Self {
        let promises = all();
        assert!(promises.len() <= HOLDS.len(), "a property for each promise");
        assert!(callers.iter().all(|&it| usize::from(it) < CALLERS.len()), "no such caller");
        Peer { system, callers: callers.to_vec(), promises }
    }

    /// Lets stateright explore everything, and tells from time to time how far it has come.
    pub fn explore<R: Reporter<Self>>(self, threads: usize, reporter: &mut R) -> PeerCounts {
        let begins = self.callers.len();
        let checker = self.checker().threads(threads.max(1)).spawn_bfs().report(reporter);
        let mut broken: Vec<&'static str> = checker.discoveries().into_keys().collect();
        broken.sort_unstable();
        PeerCounts {
            complete: checker.is_done() && broken.is_empty(),
            unique_states: checker.unique_state_count() as u64,
            transitions: (checker.state_count() - begins) as u64,
            broken,
        }
    }
}

/// What stateright found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeerCounts {
    /// Whether it came to its end.
    pub complete: bool,
    /// How many states it met.
    pub unique_states: u64,
    /// How many steps lead from one state to another.
    pub transitions: u64,
    /// The names of the promises that it found broken.
    pub broken: Vec<&'static str>,
}

impl Model for Peer {
    type State = PeerState;
    type Action = PeerMove;

    fn init_states(&self) -> Vec<PeerState> {
        let begin = |&terms: &u8| {
            let (world, _) = World::initial(terms).class(&self.system.bounds);
            PeerState { world, broken: 0 }
        };
        self.callers.iter().map(begin).collect()
    }

    fn actions(&self, state: &PeerState, steps: &mut Vec<PeerMove>) {
        if state.broken != 0 {
            return;
        }
        let mut moves = Vec::with_capacity(64);
        state.world.moves(&self.system.bounds, &mut moves);
        steps.extend(moves.into_iter().filter_map(|moved| {
            let (after, happened) = self.system.step(&state.world, moved);
            let broken = broken(&state.world, &happened, &after);
            let (world, _) = after.class(&self.system.bounds);
            let to = PeerState { world, broken };
            (to != *state).then_some(PeerMove { moved, to })
        }));
    }

    fn next_state(&self, _: &PeerState, step: PeerMove) -> Option<PeerState> {
        Some(step.to)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let always = self.promises.iter().zip(HOLDS);
        always.map(|(promise, holds)| Property::always(promise.name, holds)).collect()
    }
}

/// The properties of the promises, by bit.
const HOLDS: [fn(&Peer, &PeerState) -> bool; 64] = [
    holds::<0>,
    holds::<1>,
    holds::<2>,
    holds::<3>,
    holds::<4>,
    holds::<5>,
    holds::<6>,
    holds::<7>,
    holds::<8>,
    holds::<9>,
    holds::<10>,
    holds::<11>,
    holds::<12>,
    holds::<13>,
    holds::<14>,
    holds::<15>,
    holds::<16>,
    holds::<17>,
    holds::<18>,
    holds::<19>,
    holds::<20>,
    holds::<21>,
    holds::<22>,
    holds::<23>,
    holds::<24>,
    holds::<25>,
    holds::<26>,
    holds::<27>,
    holds::<28>,
    holds::<29>,
    holds::<30>,
    holds::<31>,
    holds::<32>,
    holds::<33>,
    holds::<34>,
    holds::<35>,
    holds::<36>,
    holds::<37>,
    holds::<38>,
    holds::<39>,
    holds::<40>,
    holds::<41>,
    holds::<42>,
    holds::<43>,
    holds::<44>,
    holds::<45>,
    holds::<46>,
    holds::<47>,
    holds::<48>,
    holds::<49>,
    holds::<50>,
    holds::<51>,
    holds::<52>,
    holds::<53>,
    holds::<54>,
    holds::<55>,
    holds::<56>,
    holds::<57>,
    holds::<58>,
    holds::<59>,
    holds::<60>,
    holds::<61>,
    holds::<62>,
    holds::<63>,
];

fn holds<const BIT: usize>(_: &Peer, state: &PeerState) -> bool {
    state.broken & (1 << BIT) == 0
}

impl fmt::Debug for PeerMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.moved.fmt(f)
    }
}
