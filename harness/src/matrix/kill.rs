//! Tries the bugs of one execution on every checker that is asked here.

use super::arena::{Arena, POWER, Ring};
use super::promised;
use super::row::{Cell, Checker, Refutation, Row};
use crate::Lockstep;
use crate::alphabet::{Configuration, Input, Tester, Unique};
use crate::machine::Word;
use crate::mark::Mark;
use crate::punctual::Punctual;
use crate::suite::Trie;
use activity_execution::Payload;
use activity_execution::vocabulary::{Dialect, Observation, Reply, RequestId};
use activity_models::exploration::{
    CoreMachine, Environment, ExplorerPayload, Grid, Machine, ServiceModel, SpecificationMachine,
    shortest_violation,
};
use activity_models::mutants::{MisledAnywhere, Mutant, of_explorer, of_memory, of_service};
use activity_models::scenario::{Violation, differences};
use activity_models::trace::Told;

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

/// The rows of the service's bugs that `is_asked` for, with what `theorems` says of each.
#[must_use]
pub fn of_one_execution(
    arena: &Arena,
    is_asked: &dyn Fn(&str) -> bool,
    theorems: &dyn Fn(&'static str) -> Refutation,
) -> Vec<Row> {
    let traces = Told::of_the_selection();
    let mut rows = Vec::new();
    for mutant in of_service().into_iter().filter(|it| is_asked(it.name)) {
        let hunt = Hunt::new(arena, &mutant, &traces);
        let wrong = mutant.of(SpecificationMachine);
        let row = match mutant.rule.is_beyond_the_core() {
            false => hunt.row(&mutant.of(CoreMachine), &wrong),
            true => hunt.row(&wrong, &wrong),
        };
        rows.push(row.with_theorems(theorems(mutant.name)));
    }
    for mutant in of_memory().into_iter().filter(|it| is_asked(it.name)) {
        let hunt = Hunt::new(arena, &mutant, &traces);
        let mut row = hunt.row(&mutant.of(CoreMachine), &mutant.of(SpecificationMachine));
        row.cells.insert(Checker::Theorems, Cell::NotApplicable(OF_MEMORY));
        rows.push(row);
    }
    rows
}

/// The rows of what only who explores compares, those that `is_asked` for.
#[must_use]
pub fn of_comparisons(arena: &Arena, is_asked: &dyn Fn(&str) -> bool) -> Vec<Row> {
    let traces = Told::of_the_selection();
    let mutants = of_explorer::<i16, ExplorerPayload>().into_iter();
    let rows = mutants.filter(|it| is_asked(it.name)).map(|mutant| {
        let (core, specification) = (
            MisledAnywhere::of(mutant.name, CoreMachine),
            MisledAnywhere::of(mutant.name, SpecificationMachine),
        );
        let (core, specification) = core.zip(specification).expect("it is a row of the table");
        let mut hunt = Hunt::new(arena, &mutant, &traces);
        let mut row = if mutant.rule.is_secret() {
            let cell = hunt.explored(&core, &specification);
            let mut row = hunt.row;
            row.cells.insert(Checker::Exploration, cell);
            row
        } else {
            hunt.row(&core, &specification)
        };
        row.cells.insert(Checker::Theorems, Cell::NotApplicable(OF_COMPARISONS));
        for checker in Checker::ALL {
            row.cells.entry(checker).or_insert(Cell::NotApplicable(SECRET));
        }
        row
    });
    rows.collect()
}

const OF_COMPARISONS: &str = "It is a mistake of a whole machine, and no theorem is about one.";
const SECRET: &str = "What is wrong is never shown: only who looks inside can see it.";

const OF_MEMORY: &str = "A theorem is about machines that go by what they show.";

/// A bug that is tried.
struct Hunt<'a> {
    rings: Vec<&'a Ring>,
    threads: usize,
    dialects: Vec<Dialect>,
    traces: &'a [Told],
    beyond_exploration: Option<&'static str>,
    row: Row,
}

/// A word that shows a bug, and where.
type Shows<'a> = (&'a Ring, Word);

impl<'a> Hunt<'a> {
    fn new<R>(arena: &'a Arena, mutant: &Mutant<R>, traces: &'a [Told]) -> Self {
        let dialects: Vec<Dialect> = mutant.dialects().collect();
        let rings = arena.rings.iter();
        let rings = rings.filter(|ring| dialects.contains(&ring.configuration.dialect())).collect();
        let row = Row::of(mutant);
        let (threads, beyond_exploration) = (arena.threads, mutant.beyond_exploration);
        Hunt { rings, threads, dialects, traces, beyond_exploration, row }
    }

    fn row(mut self, core: &impl Tried, specification: &impl Tried) -> Row {
        let edges = self.first(core, false, Ring::edges);
        let found0 = self.unless(&edges, core, Ring::complete0);
        let found1 = self.unless(&found0, core, Ring::complete1);
        let walks = self.first(core, false, Ring::walks);
        let crash = self.first(core, true, Ring::edges);
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
            self.row.crashes = crashes;
            let spelled = ring.explicit.spelled(&word);
            self.row.shows = come_apart(core, &ring.configuration, &spelled, crashes);
        }
        let properties = promised::broken(core, &self.dialects).is_some();
        self.row.cells.insert(Checker::Properties, Cell::of(properties));
        let mut of_dialect =
            self.traces.iter().filter(|told| self.dialects.contains(&told.terms.dialect));
        let recorded = of_dialect.any(|told| told.contradicts(core));
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
            self.row.shows = violation.names().iter().map(ToString::to_string).collect();
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

/// A word without the inputs that a difference does not need, and the others as early in the
/// alphabet as they can be: none can be left out any more, and none can be plainer.
pub(super) fn shrunk(mut word: Word, differs_after: impl Fn(&Word) -> Option<usize>) -> Word {
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
    for place in 0..word.len() {
        for plainer in 0..word[place] {
            let mut other = word.clone();
            other[place] = plainer;
            if differs_after(&other) == Some(word.len()) {
                word = other;
                break;
            }
        }
    }
    word
}

/// How a machine and the specification come apart at the end of a sequence, in words: what is
/// answered, or else how they stand.
fn come_apart<M: Machine<i64, Payload>>(
    machine: &M,
    configuration: &Configuration,
    sequence: &[Input],
    crashes: bool,
) -> Vec<String> {
    let setting = configuration.setting(1);
    let specification = Punctual { machine: &SpecificationMachine, setting: &setting };
    let system = Punctual { machine, setting: &setting };
    let (mut specified, mut state) = (specification.begin::<Payload>(), system.begin::<Payload>());
    let (mut tester, mut supply) = (Tester::new(RequestId(0)), Unique::default());
    let mut said = Vec::new();
    for input in sequence {
        let before: Observation = specification.observe(&specified);
        let Some(action) = tester.action(*input, &setting, &before, &mut supply) else { continue };
        let expected: Reply = specification.take(&mut specified, &action);
        let reply: Reply = system.take(&mut state, &action);
        tester.note(&action, &expected);
        let shown: Observation = system.observe(&state);
        let violation = if expected == reply {
            let differences = differences(&shown, &specification.observe(&specified));
            Violation::Observation { differences }
        } else {
            Violation::Reply { core: reply, specification: expected }
        };
        said = violation.to_string().lines().skip(1).map(|it| it.trim().to_string()).collect();
        if crashes {
            state = machine.restore(&shown);
        }
    }
    said
}
