//! Every script of a small wheel: all calls, in every order, to any length, against the oracle.

use std::collections::{HashSet, VecDeque};
use std::fmt::Debug;
use std::hash::Hash;

use activity_execution::wheel::rules::Rules;
use stateright::{Checker, HasDiscoveries, Model, Property};

use super::{Disagreement, Step, Trial};

/// How small the wheel is.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The keys are those below.
    pub keys: u32,
    /// The deadlines that are set.
    pub deadlines: &'static [u64],
    /// The instants that are advanced to.
    pub instants: &'static [u64],
}

/// Two slots to a node: five keys make three levels, and the wheel grows twice on the way.
pub const TALL: Bounds = Bounds { keys: 5, deadlines: &[1, 2], instants: &[0, 1, 2, u64::MAX] };

/// The model: a [`Trial`] of a wheel with nodes of `SLOTS`, and every call that its bounds allow.
#[derive(Debug)]
pub struct Exploration<const SLOTS: usize, R> {
    /// How small the wheel is.
    pub bounds: Bounds,
    rules: std::marker::PhantomData<R>,
}

/// A trial, and whether its last call showed a disagreement.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct State<const SLOTS: usize, R: Rules> {
    trial: Trial<SLOTS, R>,
    disagreement: Option<Disagreement>,
}

impl<const SLOTS: usize, R: Rules + Clone + Eq + Hash> Exploration<SLOTS, R> {
    /// The exploration within `bounds`.
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, rules: std::marker::PhantomData }
    }

    /// How many states there are, by a plain search that remembers the states themselves and not
    /// their fingerprints; `None` if the wheel disagrees with its oracle in one of them.
    pub fn exact_states(&self) -> Option<usize> {
        let first = Trial::default();
        let mut seen = HashSet::from([first.clone()]);
        let mut queue = VecDeque::from([first]);
        while let Some(trial) = queue.pop_front() {
            for step in self.steps() {
                let mut next: Trial<SLOTS, R> = trial.clone();
                next.step(step).ok()?;
                if seen.insert(next.clone()) {
                    queue.push_back(next);
                }
            }
        }
        Some(seen.len())
    }

    fn steps(&self) -> impl Iterator<Item = Step> {
        let Bounds { keys, deadlines, instants } = self.bounds;
        let sets = (0..keys).flat_map(|key| deadlines.iter().map(move |&at| Step::Set { key, at }));
        let clears = (0..keys).map(|key| Step::Clear { key });
        let advances = instants.iter().map(|&now| Step::Advance { now });
        sets.chain(clears).chain(advances).chain([Step::Earliest])
    }
}

/// A shortest script within these bounds after which the wheel disagrees with its oracle.
pub fn shortest_disagreement<const SLOTS: usize, R>(
    bounds: Bounds,
) -> Option<(Vec<Step>, Disagreement)>
where
    R: Rules + Clone + Debug + Eq + Hash + Send + Sync + 'static,
{
    let exploration = Exploration::<SLOTS, R>::new(bounds).checker();
    let checker = exploration.finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let path = checker.discovery(AGREES)?;
    let disagreement = path.last_state().disagreement.clone()?;
    Some((path.into_actions(), disagreement))
}

impl<const SLOTS: usize, R: Rules + Clone + Eq + Hash> Model for Exploration<SLOTS, R> {
    type State = State<SLOTS, R>;
    type Action = Step;

    fn init_states(&self) -> Vec<Self::State> {
        vec![State { trial: Trial::default(), disagreement: None }]
    }

    /// Nothing is asked of a wheel that has been found wrong.
    fn actions(&self, state: &Self::State, actions: &mut Vec<Step>) {
        if state.disagreement.is_none() {
            actions.extend(self.steps());
        }
    }

    fn next_state(&self, last: &Self::State, step: Step) -> Option<Self::State> {
        let mut trial = last.trial.clone();
        let disagreement = trial.step(step).err();
        Some(State { trial, disagreement })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(AGREES, |_: &Self, state: &Self::State| state.disagreement.is_none()),
            Property::sometimes(
                "two timers wait for one instant",
                |_: &Self, state: &Self::State| {
                    let timers: Vec<_> = state.trial.oracle().timers().collect();
                    timers.windows(2).any(|pair| pair[0].0 == pair[1].0)
                },
            ),
            Property::sometimes("a timer is overdue", |_: &Self, state: &Self::State| {
                let oracle = state.trial.oracle();
                oracle.timers().any(|(at, _)| at < oracle.now())
            }),
            Property::sometimes(
                "a timer waits for the latest deadline",
                |model: &Self, state: &Self::State| {
                    let latest = model.bounds.deadlines.iter().max();
                    state.trial.oracle().timers().any(|(at, _)| Some(&at) == latest)
                },
            ),
            Property::sometimes(
                "a timer waits after the last instant",
                |_: &Self, state: &Self::State| {
                    let oracle = state.trial.oracle();
                    oracle.now() == u64::MAX && oracle.timers().next().is_some()
                },
            ),
            Property::sometimes("every key has a timer", |model: &Self, state: &Self::State| {
                let timers = state.trial.oracle().timers().map(|(_, key)| key);
                timers.collect::<HashSet<_>>().len().eq(&(model.bounds.keys as usize))
            }),
        ]
    }
}

/// The name of the property that the wheel does what its oracle does.
pub const AGREES: &str = "the wheel agrees with its oracle";
