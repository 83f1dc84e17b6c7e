//! Breadth-first search over exact states, with shortest counterexamples.
//! Compares every state in full; knows no threads and prints nothing.

use super::{Broken, Explorable, Violation};
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A breadth-first explorer; its memory is used again for the next exploration.
#[derive(Debug)]
pub struct Explorer<M: Explorable> {
    states: Vec<M::State>,
    /// How each state was reached that nothing begins with.
    reached: Vec<(u32, M::Move)>,
    /// The numbers of the beginnings; their states come first.
    begins: Vec<usize>,
    known: HashTable<(u64, u32)>,
    moves: Vec<M::Move>,
}

/// What was explored.
#[derive(Clone, Debug, PartialEq)]
pub struct Explored<V> {
    /// How many classes of states were reached.
    pub unique_states: u64,
    /// How many steps lead from one class to another, or break a promise.
    pub transitions: u64,
    /// How many steps leave a state in its class.
    pub without_effect: u64,
    /// How many classes no step leads out of.
    pub terminal_states: u64,
    /// Everything that was broken.
    pub broken: Broken,
    /// The shortest way to break something.
    pub violation: Option<V>,
    /// Whether the visitor ended it.
    pub cut_off: bool,
}

/// What an exploration of this machine comes to.
type Come<M> = Explored<Violation<<M as Explorable>::Begin, <M as Explorable>::Move>>;

/// When to stop.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Until {
    /// When everything is explored, whatever is broken.
    TheEnd,
    /// At the first violation, and before states that are this many steps away.
    Violation {
        /// Violations with as many steps are too long.
        shorter_than: u16,
    },
}

impl Until {
    /// When something is broken, however far away.
    pub const BROKEN: Until = Until::Violation { shorter_than: u16::MAX };
}

/// A way through a machine. Shorter ones come first, then those with an earlier beginning.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Way<B, M> {
    /// What was chosen in the beginning.
    pub begin: B,
    /// What happens from there.
    pub moves: Vec<M>,
}

/// The number of a step: the state that it was taken from, and its place among the moves there.
/// Earlier ones are not farther from a beginning.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct StepNumber {
    from: u32,
    place: u32,
}

/// The shortest way of this machine to somewhere.
type WayOf<M> = Way<<M as Explorable>::Begin, <M as Explorable>::Move>;

/// A step that was taken.
#[derive(Debug)]
pub struct Taken<'a, M: Explorable> {
    /// Its number, which tells the state before it.
    pub number: StepNumber,
    /// That state.
    pub before: &'a M::State,
    /// What was tried.
    pub moved: &'a M::Move,
    /// What the step was.
    pub step: &'a M::Step,
    /// How many steps it takes to come here from a beginning, this one included.
    pub steps: u16,
    /// Where it leads.
    pub leads: Leads,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Leads {
    /// To the state with this number, of another class.
    To(u32),
    /// To the class it came from.
    Nowhere,
    /// Out of what is promised; nothing is tried from there.
    Astray,
}

/// Who watches an exploration.
pub trait Visitor<M: Explorable> {
    /// A step was taken.
    fn step(&mut self, taken: &Taken<'_, M>);

    /// Everything was tried in a state; whether nothing leads on from it.
    fn expanded(&mut self, _state: &M::State, _is_end: bool) {}

    /// So many states are known; whether to go on.
    fn goes_on(&mut self, _states: usize) -> bool {
        true
    }
}

/// How often a visitor is asked whether to go on, in states.
const ASKED: usize = 1 << 14;

impl<M: Explorable> Default for Explorer<M> {
    fn default() -> Self {
        Explorer {
            states: Vec::new(),
            reached: Vec::new(),
            begins: Vec::new(),
            known: HashTable::new(),
            moves: Vec::new(),
        }
    }
}

impl<M: Explorable> Explorer<M> {
    /// Explores a machine from the beginnings with these numbers.
    ///
    /// # Panics
    /// If there are more states than fit into 32 bits, or the shortest way to one has more steps
    /// than fit into 16.
    pub fn explore(
        &mut self,
        machine: &M,
        begins: impl IntoIterator<Item = usize>,
        until: Until,
        visitor: &mut impl Visitor<M>,
    ) -> Come<M> {
        self.clear();
        let mut come = Come::<M>::default();
        for place in begins {
            let begun = machine.begin(place);
            let fresh = self.states.len();
            self.number(begun.it);
            // Two beginnings of one class are one.
            if self.states.len() > fresh {
                self.begins.push(place);
            }
            if !begun.broken.is_nothing() {
                self.note_violation(machine, &mut come, begun.broken, fresh, None);
            }
        }
        let (mut next, mut steps, mut next_level) = (0, 0_u16, self.states.len());
        while next < self.states.len() {
            if next == next_level {
                steps = steps.checked_add(1).expect("no shortest way is that long");
                next_level = self.states.len();
            }
            if let Until::Violation { shorter_than } = until
                && (come.violation.is_some() || steps.saturating_add(1) >= shorter_than)
            {
                break;
            }
            if next.is_multiple_of(ASKED) && !visitor.goes_on(self.states.len()) {
                come.cut_off = true;
                break;
            }
            self.expand(machine, &mut come, next, steps, visitor);
            next += 1;
        }
        come.unique_states = self.states.len() as u64;
        come
    }

    fn clear(&mut self) {
        self.states.clear();
        self.reached.clear();
        self.begins.clear();
        self.known.clear();
    }

    /// Tries everything in one state.
    fn expand(
        &mut self,
        machine: &M,
        come: &mut Come<M>,
        at: usize,
        steps: u16,
        visitor: &mut impl Visitor<M>,
    ) {
        let (from, before) = (number(at), self.states[at].clone());
        let transitions = come.transitions;
        let mut moves = std::mem::take(&mut self.moves);
        moves.clear();
        machine.moves(&before, &mut moves);
        let stand = machine.stand(&before);
        for (place, moved) in (0..).zip(&moves) {
            let judged = machine.step(&stand, moved);
            let leads = if !judged.broken.is_nothing() {
                come.transitions += 1;
                self.note_violation(machine, come, judged.broken, at, Some(moved));
                Leads::Astray
            } else if let Some(next) = machine.next(&before, &judged.it)
                && next != before
            {
                come.transitions += 1;
                let to = self.number(next);
                if self.states.len() - self.begins.len() > self.reached.len() {
                    self.reached.push((from, moved.clone()));
                }
                Leads::To(to)
            } else {
                come.without_effect += 1;
                Leads::Nowhere
            };
            let (before, step) = (&before, &judged.it);
            let number = StepNumber { from, place };
            visitor.step(&Taken { number, before, moved, step, steps: steps + 1, leads });
        }
        drop(stand);
        self.moves = moves;
        let is_end = come.transitions == transitions;
        come.terminal_states += u64::from(is_end);
        visitor.expanded(&before, is_end);
    }

    /// The number of a state, which is new or not.
    fn number(&mut self, state: M::State) -> u32 {
        let hash = hash(&state);
        let states = &self.states;
        let is_it = |known: &(u64, u32)| known.0 == hash && states[known.1 as usize] == state;
        if let Some((_, known)) = self.known.find(hash, is_it) {
            return *known;
        }
        let number = number(self.states.len());
        self.states.push(state);
        self.known.insert_unique(hash, (hash, number), |known| known.0);
        number
    }

    /// The first violation is a shortest one, because nearer states were tried before.
    fn note_violation(
        &self,
        machine: &M,
        come: &mut Come<M>,
        broken: Broken,
        at: usize,
        last: Option<&M::Move>,
    ) {
        come.broken |= broken;
        if come.violation.is_some() {
            return;
        }
        let Way { begin, mut moves } = self.way_to(machine, number(at));
        moves.extend(last.cloned());
        let broken = broken.among(machine.judges()).collect();
        come.violation = Some(Violation { begin, broken, moves });
    }

    /// The shortest way to a state of what was explored.
    #[must_use]
    pub fn way_to(&self, machine: &M, state: u32) -> WayOf<M> {
        let (mut at, mut moves) = (state as usize, Vec::new());
        while let Some(reached) = at.checked_sub(self.begins.len()) {
            let (parent, moved) = &self.reached[reached];
            moves.push(moved.clone());
            at = *parent as usize;
        }
        moves.reverse();
        Way { begin: machine.chosen(self.begins[at]), moves }
    }

    /// The shortest way to a step that was taken, which is its last.
    ///
    /// # Panics
    /// If it was not taken.
    #[must_use]
    pub fn way_through(&self, machine: &M, step: StepNumber) -> WayOf<M> {
        let (mut way, mut moves) = (self.way_to(machine, step.from), Vec::new());
        machine.moves(&self.states[step.from as usize], &mut moves);
        way.moves.push(moves.swap_remove(step.place as usize));
        way
    }

    /// The states that were reached, in the order of their numbers.
    #[must_use]
    pub fn states(&self) -> &[M::State] {
        &self.states
    }
}

impl StepNumber {
    /// The number of the state that it was taken from.
    #[must_use]
    pub fn from(self) -> u32 {
        self.from
    }
}

impl<B: Ord, M: Ord> Ord for Way<B, M> {
    fn cmp(&self, other: &Self) -> Ordering {
        let shorter = self.moves.len().cmp(&other.moves.len());
        shorter.then_with(|| (&self.begin, &self.moves).cmp(&(&other.begin, &other.moves)))
    }
}

impl<B: Ord, M: Ord> PartialOrd for Way<B, M> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Nothing is explored yet.
impl<V> Default for Explored<V> {
    fn default() -> Self {
        Explored {
            unique_states: 0,
            transitions: 0,
            without_effect: 0,
            terminal_states: 0,
            broken: Broken::NOTHING,
            violation: None,
            cut_off: false,
        }
    }
}

impl<V> Explored<V> {
    /// Adds the counts of another exploration, and what it broke.
    pub fn add<W>(&mut self, other: &Explored<W>) {
        self.unique_states += other.unique_states;
        self.transitions += other.transitions;
        self.without_effect += other.without_effect;
        self.terminal_states += other.terminal_states;
        self.broken |= other.broken;
        self.cut_off |= other.cut_off;
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("fewer states than four thousand million")
}

fn hash(state: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    state.hash(&mut hasher);
    hasher.finish()
}

/// Nobody watches.
impl<M: Explorable> Visitor<M> for () {
    fn step(&mut self, _: &Taken<'_, M>) {}
}

/// Somebody watches who is needed again.
impl<M: Explorable, V: Visitor<M>> Visitor<M> for &mut V {
    fn step(&mut self, taken: &Taken<'_, M>) {
        (**self).step(taken);
    }

    fn expanded(&mut self, state: &M::State, is_end: bool) {
        (**self).expanded(state, is_end);
    }

    fn goes_on(&mut self, states: usize) -> bool {
        (**self).goes_on(states)
    }
}

/// Two watch.
impl<M: Explorable, A: Visitor<M>, B: Visitor<M>> Visitor<M> for (A, B) {
    fn step(&mut self, taken: &Taken<'_, M>) {
        self.0.step(taken);
        self.1.step(taken);
    }

    fn expanded(&mut self, state: &M::State, is_end: bool) {
        self.0.expanded(state, is_end);
        self.1.expanded(state, is_end);
    }

    fn goes_on(&mut self, states: usize) -> bool {
        self.0.goes_on(states) && self.1.goes_on(states)
    }
}
