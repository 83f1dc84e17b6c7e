//! Bit sets of broken promises, and the shortest way to break one.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// A set of promises, each by its place in the list that a machine is judged by.
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct Broken(u128);

/// What is broken of the promises of a list that were judged so far, one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Noting {
    /// What is broken of them.
    pub broken: Broken,
    noted: usize,
}

/// Something that each step is judged by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Judge {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
}

/// Something that was done, and what that broke.
#[derive(Clone, Copy, Debug)]
pub struct Judged<T> {
    /// What came of it.
    pub it: T,
    /// What it broke.
    pub broken: Broken,
}

/// A way to break promises.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation<B, M> {
    /// What was chosen in the beginning.
    pub begin: B,
    /// Everything that the last move breaks; the beginning, if there is none.
    pub broken: Vec<Judge>,
    /// What happens, from the beginning.
    pub moves: Vec<M>,
}

impl<B, M> Violation<B, M> {
    /// The names of what is broken.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.broken.iter().map(|judge| judge.name).collect()
    }
}

impl Broken {
    /// How many promises there can be.
    pub const CAPACITY: usize = u128::BITS as usize;

    /// Nothing is broken.
    pub const NOTHING: Broken = Broken(0);

    /// The set whose members are the bits of this number.
    #[must_use]
    pub const fn of_bits(bits: u128) -> Self {
        Broken(bits)
    }

    /// One promise, if it is broken.
    #[must_use]
    pub fn only_if(is_broken: bool, place: usize) -> Self {
        Broken(u128::from(is_broken) << place)
    }

    /// Whether nothing is broken.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Whether the promise at this place is broken.
    #[must_use]
    pub fn has(self, place: usize) -> bool {
        self.0 & (1 << place) != 0
    }

    /// How many promises are broken.
    #[must_use]
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The same promises in a list in which so many others stand before them.
    #[must_use]
    pub fn behind(self, others: usize) -> Self {
        Broken(self.0 << others)
    }

    /// The promises of a list up to this place.
    #[must_use]
    pub fn below(self, place: usize) -> Self {
        Broken(self.0 & !(u128::MAX << place))
    }

    /// Which of these promises are broken.
    pub fn among<T>(self, promises: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        let places = promises.into_iter().enumerate();
        places.filter(move |(place, _)| self.has(*place)).map(|(_, promise)| promise)
    }
}

impl Noting {
    /// The next promise of the list holds, or does not.
    #[inline]
    pub fn note(&mut self, holds: bool) {
        self.broken |= Broken::only_if(!holds, self.noted);
        self.noted += 1;
    }
}

impl BitOr for Broken {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Broken(self.0 | other.0)
    }
}

impl BitOrAssign for Broken {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries((0..Broken::CAPACITY).filter(|place| self.has(*place))).finish()
    }
}
