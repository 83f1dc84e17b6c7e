//! Mealy machines as tables: states and inputs are numbers, and so is what is shown.

use activity_models::explore::reach;

/// The place of an input in the alphabet.
pub type Symbol = u8;

/// A sequence of inputs.
pub type Word = Vec<Symbol>;

/// A complete, deterministic machine that begins in state zero.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mealy {
    inputs: usize,
    next: Vec<u32>,
    outputs: Vec<u32>,
}

impl Mealy {
    /// The machine of these tables, one row of `inputs` entries for each state.
    ///
    /// # Panics
    /// If a row is not whole, or leads to a state that there is not.
    #[must_use]
    pub fn new(inputs: usize, next: Vec<u32>, outputs: Vec<u32>) -> Self {
        assert!(inputs > 0 && inputs <= usize::from(Symbol::MAX), "an alphabet of {inputs} inputs");
        assert!(!next.is_empty(), "a machine begins somewhere");
        assert_eq!((next.len() % inputs, next.len()), (0, outputs.len()), "rows are whole");
        let states = next.len() / inputs;
        assert!(next.iter().all(|to| (*to as usize) < states), "every step leads to a state");
        Mealy { inputs, next, outputs }
    }

    /// How many states it has.
    #[must_use]
    pub fn states(&self) -> usize {
        self.next.len() / self.inputs
    }

    /// How many inputs it understands.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The inputs that it understands.
    pub fn symbols(&self) -> impl Iterator<Item = Symbol> + use<> {
        let inputs = u8::try_from(self.inputs).expect("the alphabet was looked at");
        0..inputs
    }

    /// Its states.
    pub fn all(&self) -> impl Iterator<Item = u32> + use<> {
        0..u32::try_from(self.states()).expect("states have numbers of 32 bits")
    }

    fn at(&self, state: u32, symbol: Symbol) -> usize {
        state as usize * self.inputs + usize::from(symbol)
    }

    /// Where an input leads.
    #[must_use]
    pub fn next(&self, state: u32, symbol: Symbol) -> u32 {
        self.next[self.at(state, symbol)]
    }

    /// What it shows.
    #[must_use]
    pub fn output(&self, state: u32, symbol: Symbol) -> u32 {
        self.outputs[self.at(state, symbol)]
    }

    /// What a state shows, input by input.
    #[must_use]
    pub fn outputs(&self, state: u32) -> &[u32] {
        &self.outputs[self.at(state, 0)..][..self.inputs]
    }

    /// Where a state leads, input by input.
    #[must_use]
    pub fn nexts(&self, state: u32) -> &[u32] {
        &self.next[self.at(state, 0)..][..self.inputs]
    }

    /// What is shown along a word, from a state.
    #[must_use]
    pub fn run(&self, state: u32, word: &[Symbol]) -> Vec<u32> {
        let mut at = state;
        let step = |symbol: &Symbol| {
            let output = self.output(at, *symbol);
            at = self.next(at, *symbol);
            output
        };
        word.iter().map(step).collect()
    }

    /// Where a word leads, from a state.
    #[must_use]
    pub fn reaches(&self, state: u32, word: &[Symbol]) -> u32 {
        word.iter().fold(state, |at, symbol| self.next(at, *symbol))
    }

    /// Adds a state that does what another one does, and gives its number.
    pub fn copy(&mut self, state: u32) -> u32 {
        let copy = u32::try_from(self.states()).expect("states have numbers of 32 bits");
        let row = self.at(state, 0);
        self.next.extend_from_within(row..row + self.inputs);
        self.outputs.extend_from_within(row..row + self.inputs);
        copy
    }

    /// Lets an input lead elsewhere.
    pub fn redirect(&mut self, state: u32, symbol: Symbol, to: u32) {
        let at = self.at(state, symbol);
        self.next[at] = to;
    }

    /// Lets an input show something else.
    pub fn show(&mut self, state: u32, symbol: Symbol, output: u32) {
        let at = self.at(state, symbol);
        self.outputs[at] = output;
    }

    /// The states that can be reached, the nearest first, each with a shortest word to it.
    #[must_use]
    pub fn reached(&self) -> Vec<(u32, Word)> {
        reach(
            (0, Word::new()),
            |(state, _)| *state,
            |(state, word), successors| {
                successors.extend(self.symbols().map(|symbol| {
                    let mut longer = word.clone();
                    longer.push(symbol);
                    (self.next(*state, symbol), longer)
                }));
            },
        )
    }
}
