//! Exhaustive exploration of a small timer wheel against its oracle.

use std::collections::BTreeSet;
use std::hash::Hash;

use activity_execution::wheel::rules::Rules;

use super::{Disagreement, PROMISES, Step, Trial};
use crate::explore::{Broken, Explorable, Explorer, Judge, Judged, Sometimes, Until};

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

/// A [`Trial`] of a wheel with nodes of `SLOTS`, and every call that its bounds allow.
#[derive(Debug)]
pub struct Exploration<const SLOTS: usize, R> {
    /// How small the wheel is.
    pub bounds: Bounds,
    rules: std::marker::PhantomData<R>,
}

impl<const SLOTS: usize, R: Rules + Clone + Eq + Hash> Exploration<SLOTS, R> {
    /// The exploration within `bounds`.
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, rules: std::marker::PhantomData }
    }

    /// What some state has to show, so that agreeing with the oracle is no empty promise.
    #[must_use]
    pub fn sometimes() -> Vec<Sometimes<Self>> {
        vec![
            ("two timers wait for one instant", |_, trial| {
                let timers: Vec<_> = trial.oracle().timers().collect();
                timers.windows(2).any(|pair| pair[0].0 == pair[1].0)
            }),
            ("a timer is overdue", |_, trial| {
                let oracle = trial.oracle();
                oracle.timers().any(|(at, _)| at < oracle.now())
            }),
            ("a timer waits for the latest deadline", |exploration, trial| {
                let latest = exploration.bounds.deadlines.iter().max();
                trial.oracle().timers().any(|(at, _)| Some(&at) == latest)
            }),
            ("a timer waits after the last instant", |_, trial| {
                let oracle = trial.oracle();
                oracle.now() == u64::MAX && oracle.timers().next().is_some()
            }),
            ("every key has a timer", |exploration, trial| {
                let timers = trial.oracle().timers().map(|(_, key)| key);
                timers.collect::<BTreeSet<_>>().len().eq(&(exploration.bounds.keys as usize))
            }),
        ]
    }
}

impl<const SLOTS: usize, R: Rules + Clone + Eq + Hash> Explorable for Exploration<SLOTS, R> {
    type Begin = ();
    type State = Trial<SLOTS, R>;
    type Move = Step;
    type Step = (Trial<SLOTS, R>, Option<Disagreement>);
    type Stand<'a>
        = &'a Trial<SLOTS, R>
    where
        R: 'a;

    fn begins(&self) -> usize {
        1
    }

    fn chosen(&self, _: usize) {}

    fn begin(&self, _: usize) -> Judged<Self::State> {
        Judged { it: Trial::default(), broken: Broken::NOTHING }
    }

    fn moves(&self, _: &Self::State, moves: &mut Vec<Step>) {
        let Bounds { keys, deadlines, instants } = self.bounds;
        let sets = (0..keys).flat_map(|key| deadlines.iter().map(move |&at| Step::Set { key, at }));
        moves.extend(sets);
        moves.extend((0..keys).map(|key| Step::Clear { key }));
        moves.extend(instants.iter().map(|&now| Step::Advance { now }));
        moves.push(Step::Earliest);
    }

    fn stand<'a>(&'a self, trial: &'a Self::State) -> Self::Stand<'a> {
        trial
    }

    fn step(&self, before: &&Self::State, step: &Step) -> Judged<Self::Step> {
        let mut trial = (*before).clone();
        let disagreement = trial.step(*step).err();
        let promise = disagreement.as_ref().map(|disagreement| disagreement.promise);
        let place = PROMISES.iter().position(|judge| Some(judge.name) == promise);
        let broken = place.map_or(Broken::NOTHING, |place| Broken::only_if(true, place));
        Judged { it: (trial, disagreement), broken }
    }

    fn next(&self, _: &Self::State, (trial, _): &Self::Step) -> Option<Self::State> {
        Some(trial.clone())
    }

    fn judges(&self) -> Vec<Judge> {
        PROMISES.to_vec()
    }

    fn told(&self, step: &Step) -> String {
        format!("{step:?}")
    }
}

/// A shortest script within these bounds after which the wheel disagrees with its oracle.
pub fn shortest_disagreement<const SLOTS: usize, R>(
    bounds: Bounds,
) -> Option<(Vec<Step>, Disagreement)>
where
    R: Rules + Clone + Eq + Hash,
{
    let exploration = Exploration::<SLOTS, R>::new(bounds);
    let until = Until::Violation { shorter_than: u16::MAX };
    let script = Explorer::default().explore(&exploration, [0], until, &mut ()).violation?.moves;
    let mut trial = Trial::<SLOTS, R>::default();
    let disagreement = script.iter().find_map(|step| trial.step(*step).err())?;
    Some((script, disagreement))
}
