//! The explicit machine of the specification, built by the one engine that explores.

use super::mealy::{Mealy, Symbol};
use super::minimal::Minimal;
use crate::alphabet::{
    Abstract, Abstraction, Configuration, Input, Power, Setting, Shown, Tester, describe,
};
use crate::punctual::Punctual;
use activity_models::exploration::{
    ExplorerPayload, Machine, Observed, SpecificationMachine, class, settled,
};
use activity_models::explore::{
    Broken, Explorable, Explorer, Judge, Judged, Leads, Taken, Until, Visitor,
};
use rustc_hash::FxHashMap;
use std::fmt;
use std::hash::{Hash, Hasher};

/// What an outsider with these inputs and this power can tell of the specification.
#[derive(Clone, Debug)]
pub struct Explicit {
    inputs: Vec<Input>,
    shown: Vec<Shown>,
    minimal: Minimal,
    classes: usize,
}

/// A configuration has more classes of states than anybody wants to see.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooLarge {
    /// How many there may be.
    pub limit: usize,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = self.limit;
        write!(
            f,
            "more than {limit} classes of states; use shorter timeouts, or jumps of the clock"
        )
    }
}

impl std::error::Error for TooLarge {}

/// How many classes of states a machine may have: more are not a matter of seconds any more.
const LIMIT: usize = 100_000;

impl Explicit {
    /// The machine of a configuration under this power, driven by these inputs.
    ///
    /// # Errors
    /// If it has too many states.
    pub fn of(
        configuration: &Configuration,
        inputs: &[Input],
        power: Power,
    ) -> Result<Self, TooLarge> {
        let setting = configuration.small();
        let specified = Specified { setting, inputs, power };
        let mut table = Table::default();
        let explored = Explorer::default().explore(&specified, [0], Until::TheEnd, &mut table);
        if explored.cut_off {
            return Err(TooLarge { limit: LIMIT });
        }
        let machine = Mealy::new(inputs.len(), table.next, table.outputs);
        let minimal = Minimal::of(&machine);
        let (inputs, shown) = (inputs.to_vec(), table.shown);
        Ok(Explicit { inputs, shown, minimal, classes: machine.states() })
    }

    /// The inputs; the place of each is its symbol.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// The inputs that these symbols are.
    #[must_use]
    pub fn spelled(&self, word: &[Symbol]) -> Vec<Input> {
        word.iter().map(|symbol| self.inputs[usize::from(*symbol)]).collect()
    }

    /// What is shown; the place of each is its number in the machine.
    #[must_use]
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// The machine.
    #[must_use]
    pub fn minimal(&self) -> &Minimal {
        &self.minimal
    }

    /// How many classes of states it was made of.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }
}

/// The specification, given abstract inputs.
struct Specified<'a> {
    setting: Setting<i16>,
    inputs: &'a [Input],
    power: Power,
}

impl Specified<'_> {
    fn punctual(&self) -> Punctual<'_, i16, SpecificationMachine> {
        Punctual { machine: &SpecificationMachine, setting: &self.setting }
    }

    fn stands(&self, observed: &Observed) -> Stands {
        let observed = settled(observed);
        Stands { class: class(&self.setting.terms, &observed), observed }
    }
}

/// An execution that was reached, equal to all of its class.
#[derive(Clone)]
struct Stands {
    observed: Observed,
    class: Observed,
}

impl PartialEq for Stands {
    fn eq(&self, other: &Self) -> bool {
        self.class == other.class
    }
}

impl Eq for Stands {}

impl Hash for Stands {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.class.hash(state);
    }
}

impl Explorable for Specified<'_> {
    type Begin = ();
    type State = Stands;
    type Move = Symbol;
    type Step = (Shown, Observed);
    type Stand<'a>
        = &'a Stands
    where
        Self: 'a;

    fn begins(&self) -> usize {
        1
    }

    fn chosen(&self, _: usize) {}

    fn begin(&self, _: usize) -> Judged<Stands> {
        let punctual = self.punctual();
        let begun = punctual.begin::<ExplorerPayload>();
        Judged { it: self.stands(&punctual.observe(&begun)), broken: Broken::NOTHING }
    }

    fn moves(&self, _: &Stands, moves: &mut Vec<Symbol>) {
        let inputs = Symbol::try_from(self.inputs.len()).expect("an alphabet is small");
        moves.extend(0..inputs);
    }

    fn stand<'a>(&'a self, state: &'a Stands) -> &'a Stands {
        state
    }

    fn step(&self, stands: &&Stands, symbol: &Symbol) -> Judged<Self::Step> {
        let (setting, before) = (&self.setting, &stands.observed);
        let (tester, punctual) = (Tester::of(before), self.punctual());
        let input = self.inputs[usize::from(*symbol)];
        let mut state = SpecificationMachine.restore(before);
        let reply = match tester.action(input, setting, before, &mut Abstract) {
            Some(action) => punctual.take(&mut state, &action),
            None => Tester::unasked(input),
        };
        let after: Observed = punctual.observe(&state);
        let abstraction = Abstraction {
            newest: tester.newest(),
            before: &describe(&setting.terms, before),
            supply: &Abstract,
        };
        let described = describe(&setting.terms, &after);
        let shown = abstraction.shown(self.power, &reply, after.now, &described);
        Judged { it: (shown, after), broken: Broken::NOTHING }
    }

    fn next(&self, _: &Stands, (_, after): &Self::Step) -> Option<Stands> {
        Some(self.stands(after))
    }

    fn judges(&self) -> Vec<Judge> {
        Vec::new()
    }

    fn told(&self, moved: &Symbol) -> String {
        self.inputs[usize::from(*moved)].to_string()
    }
}

/// The tables of the machine, filled in the order of its states.
#[derive(Default)]
struct Table {
    next: Vec<u32>,
    outputs: Vec<u32>,
    shown: Vec<Shown>,
    numbers: FxHashMap<Shown, u32>,
}

impl<'a> Visitor<Specified<'a>> for Table {
    fn step(&mut self, taken: &Taken<'_, Specified<'a>>) {
        self.next.push(match taken.leads {
            Leads::To(state) => state,
            Leads::Nowhere | Leads::Astray => taken.number.from(),
        });
        let (shown, _) = taken.step;
        let fresh = u32::try_from(self.shown.len()).expect("what is shown has a small number");
        let number = *self.numbers.entry(*shown).or_insert(fresh);
        if number == fresh {
            self.shown.push(*shown);
        }
        self.outputs.push(number);
    }

    fn goes_on(&mut self, states: usize) -> bool {
        states <= LIMIT
    }
}
