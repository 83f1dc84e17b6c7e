//! The adapter to stateright: any explorable machine as one of its models. Knows stateright's
//! traps; judges nothing by itself.
//!
//! - An action carries where it leads, so that each step is taken and judged once, and only steps
//!   that lead somewhere are offered.
//! - stateright remembers a fingerprint of each state, so that its counts are held against those of
//!   [`Explorer`](super::Explorer), which compares in full.
//! - A run that was cut off looks complete: nothing here sets a limit, and [`StaterightCounts`] says it.
//! - Properties are `fn` pointers, so there is one for each bit of [`Broken`].

use super::{Broken, Explorable};
use stateright::{Checker, Model, Path, Property};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A machine as a model for stateright.
#[derive(Debug)]
pub struct StaterightModel<M: Explorable> {
    machine: Arc<M>,
    begins: Range<usize>,
    sometimes: Vec<Sometimes<M>>,
    draw: Option<Draw<M>>,
}

/// Something that is so of some state: its name, and whether it is so.
pub type Sometimes<M> = (&'static str, fn(&M, &<M as Explorable>::State) -> bool);

/// Draws a way through a machine, for people.
pub type Draw<M> = fn(&M, &<M as Explorable>::State, Vec<<M as Explorable>::Move>) -> String;

/// A state, and what the step to it broke.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct StaterightState<S> {
    /// The state.
    pub state: S,
    broken: Broken,
}

/// A step that leads somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StaterightAction<V, S> {
    /// What moves.
    pub moved: V,
    to: StaterightState<S>,
}

/// What stateright found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StaterightCounts {
    /// How many beginnings it explored to the end.
    pub begins: usize,
    /// Whether those are all.
    pub complete: bool,
    /// How many classes of states it met.
    pub unique_states: u64,
    /// How many steps lead from one class to another.
    pub transitions: u64,
    /// The names of the promises that it found broken.
    pub broken: Vec<&'static str>,
    /// The names of what it found to be so sometimes.
    pub seen: Vec<&'static str>,
}

/// A function for each bit, in rows of sixteen: as many as [`Broken`] has.
macro_rules! each_bit {
    ($condition:ident, $machine:ident) => {
        each_bit!($condition, $machine, (0 1 2 3 4 5 6 7), (0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
    };
    ($condition:ident, $machine:ident, ($($row:literal)+), $bits:tt) => {
        [$(each_bit!(@ $condition, $machine, $row, $bits)),+]
    };
    (@ $condition:ident, $machine:ident, $row:literal, ($($bit:literal)+)) => {
        [$($condition::<$machine, { 16 * $row + $bit }> as Condition<$machine>),+]
    };
}

/// A property as stateright takes it.
type Condition<M> = fn(&StaterightModel<M>, &StaterightState<<M as Explorable>::State>) -> bool;

impl<M: Explorable> StaterightModel<M> {
    /// A model of this machine, from the beginnings with these numbers.
    ///
    /// # Panics
    /// If there is no such beginning, or there are more promises than bits.
    #[must_use]
    pub fn new(machine: Arc<M>, begins: Range<usize>) -> Self {
        assert!(machine.judges().len() <= Broken::CAPACITY, "a bit for each promise");
        assert!(begins.end <= machine.begins(), "no such beginning");
        StaterightModel { machine, begins, sometimes: Vec::new(), draw: None }
    }

    /// The same model, with what is sometimes so.
    ///
    /// # Panics
    /// If there is more of it than there are properties.
    #[must_use]
    pub fn seeing(self, sometimes: Vec<Sometimes<M>>) -> Self {
        assert!(sometimes.len() <= Broken::CAPACITY, "a property for each");
        StaterightModel { sometimes, ..self }
    }

    /// The same model for the Explorer: with one property for all promises, so that the states are
    /// not pushed off the screen, and with a picture of the way to each state.
    #[must_use]
    pub fn drawn(self, draw: Draw<M>) -> Self {
        StaterightModel { draw: Some(draw), ..self }
    }
}

impl<M> StaterightModel<M>
where
    M: Explorable + Send + Sync + 'static,
    M::State: fmt::Debug + Send + Sync,
    M::Move: fmt::Debug + PartialEq + Send + Sync,
{
    /// Lets stateright explore everything, on so many threads.
    #[must_use]
    pub fn explore(self, threads: usize) -> StaterightCounts {
        let begins = self.begins.len();
        let sometimes: Vec<_> = self.sometimes.iter().map(|(name, _)| *name).collect();
        let checker = self.checker().threads(threads.max(1)).spawn_bfs().join();
        let found = checker.discoveries().into_keys();
        let is_seen = |name: &&'static str| sometimes.contains(name);
        let (mut seen, mut broken): (Vec<_>, Vec<_>) = found.partition(is_seen);
        seen.sort_unstable();
        broken.sort_unstable();
        StaterightCounts {
            begins: if checker.is_done() { begins } else { 0 },
            complete: checker.is_done() && broken.is_empty(),
            unique_states: checker.unique_state_count() as u64,
            transitions: (checker.state_count() - begins) as u64,
            broken,
            seen,
        }
    }
}

impl StaterightCounts {
    /// Adds what was found from other beginnings; whether those are all is for others to say.
    pub fn add(&mut self, other: StaterightCounts) {
        self.begins += other.begins;
        self.unique_states += other.unique_states;
        self.transitions += other.transitions;
        for (known, new) in [(&mut self.broken, other.broken), (&mut self.seen, other.seen)] {
            known.extend(new);
            known.sort_unstable();
            known.dedup();
        }
    }
}

impl<M: Explorable> Model for StaterightModel<M> {
    type State = StaterightState<M::State>;
    type Action = StaterightAction<M::Move, M::State>;

    fn init_states(&self) -> Vec<Self::State> {
        let begins = self.begins.clone().map(|place| self.machine.begin(place));
        begins.map(|begun| StaterightState { state: begun.it, broken: begun.broken }).collect()
    }

    fn actions(&self, before: &Self::State, steps: &mut Vec<Self::Action>) {
        if !before.broken.is_nothing() {
            return;
        }
        let mut moves = Vec::with_capacity(64);
        self.machine.moves(&before.state, &mut moves);
        let stand = self.machine.stand(&before.state);
        steps.extend(moves.into_iter().filter_map(|moved| {
            let judged = self.machine.step(&stand, &moved);
            let broken = judged.broken;
            let state = match self.machine.next(&before.state, &judged.it) {
                Some(state) => state,
                None if broken.is_nothing() => return None,
                None => before.state.clone(),
            };
            let to = StaterightState { state, broken };
            (to != *before).then_some(StaterightAction { moved, to })
        }));
    }

    fn next_state(&self, _: &Self::State, step: Self::Action) -> Option<Self::State> {
        Some(step.to)
    }

    fn format_action(&self, step: &Self::Action) -> String {
        self.machine.told(&step.moved)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let judges = self.machine.judges().into_iter();
        let mut properties: Vec<Property<Self>> = match self.draw {
            Some(_) => vec![Property::always("every promise holds", |_, it: &Self::State| {
                it.broken.is_nothing()
            })],
            None => judges
                .zip(each_bit!(holds, M).as_flattened())
                .map(|(judge, holds)| Property::always(judge.name, *holds))
                .collect(),
        };
        let sometimes = self.sometimes.iter().zip(each_bit!(is_seen, M).as_flattened());
        properties.extend(sometimes.map(|((name, _), seen)| Property::sometimes(name, *seen)));
        properties
    }

    fn as_svg(&self, path: Path<Self::State, Self::Action>) -> Option<String> {
        let draw = self.draw?;
        let last = path.last_state().clone();
        let moves = path.into_actions().into_iter().map(|step| step.moved).collect();
        Some(draw(&self.machine, &last.state, moves))
    }
}

fn holds<M: Explorable, const BIT: usize>(
    _: &StaterightModel<M>,
    it: &StaterightState<M::State>,
) -> bool {
    !it.broken.has(BIT)
}

fn is_seen<M: Explorable, const PLACE: usize>(
    peer: &StaterightModel<M>,
    it: &StaterightState<M::State>,
) -> bool {
    let (_, is_so) = peer.sometimes[PLACE];
    is_so(&peer.machine, &it.state)
}

impl<S: fmt::Debug> fmt::Debug for StaterightState<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.state.fmt(f)?;
        if self.broken.is_nothing() { Ok(()) } else { writeln!(f, "a promise is broken") }
    }
}
