//! Tries the bugs of one execution on every checker that is asked here.

use super::arena::{Arena, POWER, Ring};
use super::row::{Cell, Checker, Row};
use super::{promised, recorded};
use crate::Lockstep;
use crate::machine::Word;
use crate::mark::Mark;
use crate::suite::Trie;
use activity_execution::Payload;
use activity_execution::vocabulary::Dialect;
use activity_models::exploration::{
    CoreMachine, Environment, ExplorerPayload, Grid, Machine, ServiceModel, SpecificationMachine,
    shortest_violation,
};
use activity_models::mutants::{Mutant, of_memory, of_service};
use std::collections::BTreeMap;

/// A machine that can be tried everywhere.
trait Tried:
    Machine<i64, Mark, State: Send + Sync>
    + Machine<i64, Payload>
    + Machine<i16, ExplorerPayload>
    + Clone
    + Sync
{
}

impl<M> Tried for M where
    M: Machine<i64, Mark, State: Send + Sync>
        + Machine<i64, Payload>
        + Machine<i16, ExplorerPayload>
        + Clone
        + Sync
{
}

/// The rows of the service's bugs, with what `theorems` says of each; `progress` is told the name of
/// each before it is tried.
#[must_use]
pub fn of_one_execution(
    arena: &Arena,
    theorems: &mut dyn FnMut(&'static str) -> Cell,
    progress: &mut dyn FnMut(&'static str),
) -> Vec<Row> {
    let traces = recorded::traces();
    let mut rows = Vec::new();
    for mutant in of_service() {
        progress(mutant.name);
        let hunt = Hunt::new(arena, &mutant, &traces);
        let row = hunt.row(&mutant.of(CoreMachine), &mutant.of(SpecificationMachine));
        rows.push(with(row, theorems(mutant.name)));
    }
    for mutant in of_memory() {
        progress(mutant.name);
        let hunt = Hunt::new(arena, &mutant, &traces);
        let row = hunt.row(&mutant.of(CoreMachine), &mutant.of(SpecificationMachine));
        rows.push(with(row, Cell::NotApplicable(OF_MEMORY)));
    }
    rows
}

const OF_MEMORY: &str = "A theorem is about machines that go by what they show.";

fn with(mut row: Row, theorems: Cell) -> Row {
    row.cells.insert(Checker::Theorems, theorems);
    row
}

/// A bug that is tried.
struct Hunt<'a> {
    rings: Vec<&'a Ring>,
    threads: usize,
    dialects: Vec<Dialect>,
    traces: &'a [recorded::Told],
    beyond_exploration: Option<&'static str>,
    row: Row,
}

/// A word that shows a bug, and where.
type Shows<'a> = (&'a Ring, Word);

impl<'a> Hunt<'a> {
    fn new<R>(arena: &'a Arena, mutant: &Mutant<R>, traces: &'a [recorded::Told]) -> Self {
        let dialects: Vec<Dialect> = mutant.dialects().collect();
        let rings = arena.rings.iter();
        let rings = rings.filter(|ring| dialects.contains(&ring.configuration.dialect())).collect();
        let row = Row {
            name: mutant.name,
            sentence: mutant.sentence,
            source: mutant.reenacts,
            cells: BTreeMap::new(),
            configuration: None,
            sequence: Vec::new(),
        };
        let (threads, beyond_exploration) = (arena.threads, mutant.beyond_exploration);
        Hunt { rings, threads, dialects, traces, beyond_exploration, row }
    }

    fn row(mut self, core: &impl Tried, specification: &impl Tried) -> Row {
        let edges = self.first(core, false, |ring| &ring.edges.trie);
        let found0 = self.unless(&edges, core, |ring| &ring.complete0.trie);
        let found1 = self.unless(&found0, core, |ring| &ring.complete1.trie);
        let walks = self.first(core, false, |ring| &ring.walks);
        let crash = self.first(core, true, |ring| &ring.edges.trie);
        for (checker, found) in [
            (Checker::Edges, &edges),
            (Checker::Complete0, &found0),
            (Checker::Complete1, &found1),
            (Checker::Walks, &walks),
            (Checker::Crash, &crash),
        ] {
            self.row.cells.insert(checker, Cell::of(found.is_some()));
        }
        let shown = found1.map(|it| (it, false)).or(walks.map(|it| (it, false)));
        let shown = shown.or(crash.map(|it| (it, true)));
        if let Some(((ring, word), crashes)) = shown {
            let lockstep = lockstep(core, ring, crashes);
            let word = shrunk(word, |word| lockstep.differs_after(ring.explicit.spelled(word)));
            self.row.configuration = Some(ring.configuration.name.clone());
            self.row.sequence = ring.told(&word);
        }
        let properties = promised::broken(core, &self.dialects).is_some();
        self.row.cells.insert(Checker::Properties, Cell::of(properties));
        let recorded = recorded::contradicted(core, self.traces, &self.dialects);
        self.row.cells.insert(Checker::Recorded, Cell::of(recorded));
        let exploration = match self.beyond_exploration {
            Some(reason) => Cell::NotApplicable(reason),
            None => self.explored(core, specification),
        };
        self.row.cells.insert(Checker::Exploration, exploration);
        self.row
    }

    /// The shortest difference in the first configuration in which there is one.
    fn first<M: Tried>(
        &self,
        machine: &M,
        crashes: bool,
        trie: impl Fn(&'a Ring) -> &'a Trie,
    ) -> Option<Shows<'a>> {
        self.rings.iter().find_map(|ring| {
            let trie = trie(ring);
            let lockstep = lockstep(machine, ring, crashes);
            let node = lockstep.shortest_difference(trie, self.threads)?;
            Some((*ring, trie.word(node)))
        })
    }

    /// What a smaller suite found is in the larger one.
    fn unless<M: Tried>(
        &self,
        found: &Option<Shows<'a>>,
        machine: &M,
        trie: impl Fn(&'a Ring) -> &'a Trie,
    ) -> Option<Shows<'a>> {
        found.clone().or_else(|| self.first(machine, false, trie))
    }

    /// Explores the core in lockstep, and the specification with the same mistake.
    fn explored(&mut self, core: &impl Tried, specification: &impl Tried) -> Cell {
        let dialects = self.dialects.iter().map(|dialect| Grid::quick(*dialect));
        let grid = Grid::of(dialects.flat_map(|grid| grid.configurations().to_vec()));
        let product = ServiceModel::new(core.clone(), Environment::TimeFirst);
        let alone = ServiceModel::new(specification.clone(), Environment::TimersMayBeLate);
        let violation = shortest_violation(&product, &grid, self.threads, &())
            .or_else(|| shortest_violation(&alone, &grid, self.threads, &()));
        if let (Some(violation), true) = (&violation, self.row.sequence.is_empty()) {
            self.row.sequence = violation.moves.iter().map(|it| format!("{it:?}")).collect();
        }
        Cell::of(violation.is_some())
    }
}

fn lockstep<'a, M: Machine<i64, Mark>>(
    machine: &'a M,
    ring: &'a Ring,
    crashes: bool,
) -> Lockstep<'a, M> {
    let inputs = ring.explicit.inputs();
    let lockstep = Lockstep::new(machine, &ring.configuration, inputs, POWER);
    if crashes { lockstep.with_crashes() } else { lockstep }
}

/// A word without the inputs that a difference does not need; none can be left out any more.
fn shrunk(mut word: Word, differs_after: impl Fn(&Word) -> Option<usize>) -> Word {
    let mut place = 0;
    while place < word.len() {
        let mut shorter = word.clone();
        shorter.remove(place);
        match differs_after(&shorter) {
            Some(length) => {
                shorter.truncate(length);
                (word, place) = (shorter, 0);
            }
            None => place += 1,
        }
    }
    word
}
