//! Two machines side by side: where they do not show the same.

use super::mealy::{Mealy, Symbol, Word};
use activity_models::explore::{
    Broken, Explorable, Explorer, Judge, Judged, Leads, StepNumber, Taken, Until, Visitor,
};
use rustc_hash::FxHashSet;

/// A shortest word after which two machines do not show the same; none if there is no such word.
///
/// # Panics
/// If they do not understand the same inputs.
#[must_use]
pub fn difference(first: &Mealy, second: &Mealy) -> Option<Word> {
    let product = Product::of(first, second);
    let explored = Explorer::default().explore(&product, [0], Until::BROKEN, &mut ());
    explored.violation.map(|violation| violation.moves)
}

/// A step that two machines do not show alike, after a way on which they do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Differing {
    /// A shortest way to it, and the step itself.
    pub word: Word,
    /// What the first one shows.
    pub first: u32,
    /// What the second one shows.
    pub second: u32,
}

/// What two machines do not have in common.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Comparison {
    /// The steps that they do not show alike, the nearest first.
    pub steps: Vec<Differing>,
    /// The states that common ways lead to, in pairs, the nearest first.
    pub common: Vec<(u32, u32)>,
    /// The states of the first one that no common way leads to.
    pub only_first: Vec<u32>,
    /// The states of the second one that no common way leads to.
    pub only_second: Vec<u32>,
}

/// Every step that two machines do not show alike and that is reached by steps that they do, the
/// nearest first; at most so many.
///
/// # Panics
/// If they do not understand the same inputs.
#[must_use]
pub fn differing(first: &Mealy, second: &Mealy, most: usize) -> Vec<Differing> {
    compare(first, second, most).steps
}

/// What two machines do not have in common, with at most so many steps.
///
/// # Panics
/// If they do not understand the same inputs.
#[must_use]
pub fn compare(first: &Mealy, second: &Mealy, most: usize) -> Comparison {
    let product = Product::of(first, second);
    let (mut explorer, mut apart) = (Explorer::default(), Apart { steps: Vec::new(), most });
    explorer.explore(&product, [0], Until::TheEnd, &mut apart);
    let differing = apart.steps.into_iter().map(|(number, (one, other))| {
        let word = explorer.way_through(&product, number).moves;
        let last = word[word.len() - 1];
        let (first, second) = (first.output(one, last), second.output(other, last));
        Differing { word, first, second }
    });
    let steps = differing.collect();
    let common = explorer.states().to_vec();
    let left: FxHashSet<u32> = common.iter().map(|(one, _)| *one).collect();
    let right: FxHashSet<u32> = common.iter().map(|(_, other)| *other).collect();
    let only_first = first.all().filter(|state| !left.contains(state)).collect();
    let only_second = second.all().filter(|state| !right.contains(state)).collect();
    Comparison { steps, common, only_first, only_second }
}

/// The steps at which two machines come apart, and where each stood.
struct Apart {
    steps: Vec<(StepNumber, (u32, u32))>,
    most: usize,
}

impl<'a> Visitor<Product<'a>> for Apart {
    fn step(&mut self, taken: &Taken<'_, Product<'a>>) {
        if taken.leads == Leads::Astray && self.steps.len() < self.most {
            self.steps.push((taken.number, *taken.before));
        }
    }
}

/// Two machines that are given the same.
struct Product<'a> {
    first: &'a Mealy,
    second: &'a Mealy,
}

/// That they show the same.
const SAME: usize = 0;

impl<'a> Product<'a> {
    fn of(first: &'a Mealy, second: &'a Mealy) -> Self {
        assert_eq!(first.inputs(), second.inputs(), "both understand the same");
        Product { first, second }
    }
}

impl Explorable for Product<'_> {
    type Begin = ();
    type State = (u32, u32);
    type Move = Symbol;
    type Step = (u32, u32);
    type Stand<'a>
        = (u32, u32)
    where
        Self: 'a;

    fn begins(&self) -> usize {
        1
    }

    fn chosen(&self, _: usize) {}

    fn begin(&self, _: usize) -> Judged<Self::State> {
        Judged { it: (0, 0), broken: Broken::NOTHING }
    }

    fn moves(&self, _: &Self::State, moves: &mut Vec<Symbol>) {
        moves.extend(self.first.symbols());
    }

    fn stand<'a>(&'a self, state: &'a Self::State) -> Self::Stand<'a> {
        *state
    }

    fn step(&self, (one, other): &(u32, u32), symbol: &Symbol) -> Judged<Self::Step> {
        let differs = self.first.output(*one, *symbol) != self.second.output(*other, *symbol);
        let it = (self.first.next(*one, *symbol), self.second.next(*other, *symbol));
        Judged { it, broken: Broken::only_if(differs, SAME) }
    }

    fn next(&self, _: &Self::State, step: &Self::Step) -> Option<Self::State> {
        Some(*step)
    }

    fn judges(&self) -> Vec<Judge> {
        vec![Judge { name: "both_show_the_same", statement: "Two machines show the same." }]
    }

    fn told(&self, moved: &Symbol) -> String {
        moved.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counter(second: u32, last: u32) -> Mealy {
        Mealy::new(2, vec![1, 0, 2, 1, 0, 2], vec![0, 0, 0, second, 1, last])
    }

    #[test]
    fn the_difference_is_a_shortest_one() {
        assert_eq!(difference(&counter(0, 0), &counter(0, 0)), None);
        assert_eq!(difference(&counter(0, 0), &counter(0, 5)), Some(vec![0, 0, 1]));
    }

    #[test]
    fn every_step_that_differs_is_found_the_nearest_first() {
        let found = differing(&counter(0, 0), &counter(7, 5), usize::MAX);
        let first = Differing { word: vec![0, 1], first: 0, second: 7 };
        let second = Differing { word: vec![0, 0, 1], first: 0, second: 5 };
        assert_eq!(found, [first.clone(), second]);
        assert_eq!(differing(&counter(0, 0), &counter(7, 5), 1), [first]);
    }
}
