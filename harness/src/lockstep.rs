//! A machine of this process beside the specification, given the same inputs with payloads of their
//! own. Answers and, by the power of whoever looks, outcome or Describe are compared in full.

use crate::alphabet::{Configuration, Input, Power, Setting, Tester, Unique, describe};
use crate::machine::Word;
use crate::mark::Mark;
use crate::punctual::Punctual;
use crate::suite::{Node, Trie};
use activity_execution::vocabulary::{Reply, RequestId};
use activity_models::exploration::{Machine, SpecificationMachine};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A machine that is held to the specification.
#[derive(Debug)]
pub struct Lockstep<'a, M> {
    machine: &'a M,
    setting: Setting<i64>,
    inputs: &'a [Input],
    power: Power,
    crashes: bool,
}

/// Where both stand, and what their tester knows.
#[derive(Debug)]
pub struct Pair<M: Machine<i64, Mark>> {
    specified: <SpecificationMachine as Machine<i64, Mark>>::State,
    system: M::State,
    tester: Tester<i64>,
    supply: Unique,
}

impl<M: Machine<i64, Mark>> Clone for Pair<M> {
    fn clone(&self) -> Self {
        let Pair { specified, system, tester, supply } = self;
        let (specified, system) = (*specified, system.clone());
        Pair { specified, system, tester: *tester, supply: *supply }
    }
}

impl<'a, M: Machine<i64, Mark>> Lockstep<'a, M> {
    /// A machine in a configuration, given these inputs and seen with this power.
    #[must_use]
    pub fn new(
        machine: &'a M,
        configuration: &Configuration,
        inputs: &'a [Input],
        power: Power,
    ) -> Self {
        let setting = configuration.setting(1);
        Lockstep { machine, setting, inputs, power, crashes: false }
    }

    /// The same, but after every answer the machine is restored from what it shows.
    #[must_use]
    pub fn with_crashes(self) -> Self {
        Lockstep { crashes: true, ..self }
    }

    fn specification(&self) -> Punctual<'_, i64, SpecificationMachine> {
        Punctual { machine: &SpecificationMachine, setting: &self.setting }
    }

    fn system(&self) -> Punctual<'_, i64, M> {
        Punctual { machine: self.machine, setting: &self.setting }
    }

    /// A new execution.
    #[must_use]
    pub fn begin(&self) -> Pair<M> {
        let (specified, system) = (self.specification().begin(), self.system().begin());
        let (tester, supply) = (Tester::new(RequestId(0)), Unique::default());
        Pair { specified, system, tester, supply }
    }

    /// Gives both the same input, and says whether they are seen to do the same.
    pub fn step(&self, pair: &mut Pair<M>, input: Input) -> bool {
        let specification = self.specification();
        let before = specification.observe::<Mark>(&pair.specified);
        let action = pair.tester.action(input, &self.setting, &before, &mut pair.supply);
        let Some(action) = action else { return true };
        let expected: Reply<i64, Mark> = specification.take(&mut pair.specified, &action);
        let reply: Reply<i64, Mark> = self.system().take(&mut pair.system, &action);
        pair.tester.note(&action, &expected);
        if self.crashes {
            let shown = self.system().observe::<Mark>(&pair.system);
            pair.system = self.machine.restore(&shown);
        }
        expected == reply && self.look_alike(pair)
    }

    fn look_alike(&self, pair: &Pair<M>) -> bool {
        let terms = &self.setting.terms;
        let seen = || {
            let specified = self.specification().observe::<Mark>(&pair.specified);
            (specified, self.system().observe::<Mark>(&pair.system))
        };
        match self.power {
            Power::Answers => true,
            Power::Outcome => {
                let (specified, system) = seen();
                specified.outcome() == system.outcome()
            }
            Power::Describe => {
                let (specified, system) = seen();
                describe(terms, &specified) == describe(terms, &system)
            }
        }
    }

    /// How many inputs of a sequence lead to a difference; none if there is none.
    pub fn differs_after(&self, sequence: impl IntoIterator<Item = Input>) -> Option<usize> {
        let mut pair = self.begin();
        let differs = |input| !self.step(&mut pair, input);
        sequence.into_iter().position(differs).map(|place| place + 1)
    }
}

impl<M: Machine<i64, Mark> + Sync> Lockstep<'_, M>
where
    M::State: Send + Sync,
{
    /// Plays every sequence of a trie, what they share once, on so many threads: the node that the
    /// shortest sequence leads to which ends in a difference.
    #[must_use]
    pub fn shortest_difference(&self, trie: &Trie, threads: usize) -> Option<Node> {
        let starts: Vec<Node> = trie
            .children(Trie::ROOT)
            .flat_map(|one| [one].into_iter().chain(trie.children(one)))
            .collect();
        let (next, shortest) = (AtomicUsize::new(0), AtomicUsize::new(usize::MAX));
        let hunt = || {
            let mut found = None;
            while let Some(start) = starts.get(next.fetch_add(1, Ordering::Relaxed)) {
                found = earlier(found, self.below(trie, *start, &shortest));
            }
            found
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(hunt)).collect();
            let joined = others.into_iter().map(|other| other.join().expect("nobody panics"));
            joined.fold(hunt(), earlier).map(|(_, _, node)| node)
        })
    }

    /// A shortest difference below a node, not longer than what was found so far; the node itself
    /// counts, and of a node at the first level nothing else.
    fn below(&self, trie: &Trie, start: Node, shortest: &AtomicUsize) -> Option<Found> {
        let way = trie.word(start);
        let mut pair = self.begin();
        for (place, symbol) in way.iter().enumerate() {
            if !self.step(&mut pair, self.inputs[usize::from(*symbol)]) {
                let is_own = place + 1 == way.len();
                return is_own.then(|| found(trie, way.len(), start, shortest)).flatten();
            }
        }
        if way.len() < 2 {
            return None;
        }
        let (mut best, mut open) = (None, vec![(start, way.len(), pair)]);
        while let Some((node, depth, pair)) = open.pop() {
            if depth >= shortest.load(Ordering::Relaxed) {
                continue;
            }
            for child in trie.children(node) {
                let mut forked = pair.clone();
                if self.step(&mut forked, self.inputs[usize::from(trie.symbol(child))]) {
                    open.push((child, depth + 1, forked));
                } else {
                    best = earlier(best, found(trie, depth + 1, child, shortest));
                }
            }
        }
        best
    }
}

/// A difference: how many inputs lead to it, which, and the last node.
type Found = (usize, Word, Node);

/// The shorter one, and of two that are as short the one that does not depend on who was first.
fn earlier(one: Option<Found>, other: Option<Found>) -> Option<Found> {
    one.into_iter().chain(other).min()
}

/// A difference, unless a shorter one is known; no longer one is of interest from now on.
fn found(trie: &Trie, length: usize, node: Node, shortest: &AtomicUsize) -> Option<Found> {
    let known = shortest.fetch_min(length, Ordering::Relaxed);
    (length <= known).then(|| (length, trie.word(node), node))
}
