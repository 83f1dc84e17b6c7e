//! Long random walks that prefer what is rare. They find what needs memory; that they find nothing
//! is no proof.

use crate::machine::{Mealy, Symbol, Word};

/// Walks through a machine, each as long as the others; the same seed gives the same walks.
///
/// Of a few inputs drawn at random the one is taken whose step was taken least often so far, so that
/// no walk stays where all walks end.
#[derive(Clone, Debug)]
pub struct Walks<'a> {
    mealy: &'a Mealy,
    length: usize,
    /// How often each step was taken.
    taken: Vec<u32>,
    /// How often each state was entered.
    entered: Vec<u32>,
    dice: Dice,
}

/// How many inputs are drawn for one to be taken.
const DRAWN: usize = 3;

/// A generator of numbers that look random (xorshift).
#[derive(Clone, Copy, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below another one.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let number = (u128::from(self.0) * sides as u128) >> 64;
        usize::try_from(number).expect("it is below a number of this size")
    }
}

impl<'a> Walks<'a> {
    /// Walks of this length, from a seed.
    #[must_use]
    pub fn new(mealy: &'a Mealy, length: usize, seed: u64) -> Self {
        let taken = vec![0; mealy.states() * mealy.inputs()];
        let entered = vec![0; mealy.states()];
        Walks { mealy, length, taken, entered, dice: Dice::new(seed) }
    }

    fn step(&mut self, state: u32) -> Symbol {
        let inputs = self.mealy.inputs();
        let drawn: [usize; DRAWN] = std::array::from_fn(|_| self.dice.below(inputs));
        let symbols = drawn.map(|place| u8::try_from(place).expect("an alphabet is small"));
        let rarity = |symbol: &Symbol| {
            let to = self.mealy.next(state, *symbol);
            (self.entered[to as usize], self.taken[state as usize * inputs + usize::from(*symbol)])
        };
        let symbol = symbols.into_iter().min_by_key(rarity).expect("some are drawn");
        self.taken[state as usize * inputs + usize::from(symbol)] += 1;
        self.entered[self.mealy.next(state, symbol) as usize] += 1;
        symbol
    }
}

impl Iterator for Walks<'_> {
    type Item = Word;

    fn next(&mut self) -> Option<Word> {
        let (mut state, mut word) = (0, Word::new());
        for _ in 0..self.length {
            let symbol = self.step(state);
            word.push(symbol);
            state = self.mealy.next(state, symbol);
        }
        Some(word)
    }
}
