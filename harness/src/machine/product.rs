//! Two machines side by side: the shortest word on which they differ.

use super::mealy::{Mealy, Symbol, Word};
use activity_models::explore::{Broken, Explorable, Explorer, Judge, Judged, Until};

/// A shortest word after which two machines do not show the same; none if there is no such word.
///
/// # Panics
/// If they do not understand the same inputs.
#[must_use]
pub fn difference(one: &Mealy, other: &Mealy) -> Option<Word> {
    assert_eq!(one.inputs(), other.inputs(), "both understand the same");
    let product = Product { one, other };
    let explored = Explorer::default().explore(&product, [0], Until::BROKEN, &mut ());
    explored.violation.map(|violation| violation.moves)
}

/// Two machines that are given the same.
struct Product<'a> {
    one: &'a Mealy,
    other: &'a Mealy,
}

/// That they show the same.
const SAME: usize = 0;

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
        moves.extend(self.one.symbols());
    }

    fn stand<'a>(&'a self, state: &'a Self::State) -> Self::Stand<'a> {
        *state
    }

    fn step(&self, (one, other): &(u32, u32), symbol: &Symbol) -> Judged<Self::Step> {
        let differs = self.one.output(*one, *symbol) != self.other.output(*other, *symbol);
        let it = (self.one.next(*one, *symbol), self.other.next(*other, *symbol));
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

    #[test]
    fn the_difference_is_a_shortest_one() {
        let counter = |last| Mealy::new(2, vec![1, 0, 2, 1, 0, 2], vec![0, 0, 0, 0, 1, last]);
        assert_eq!(difference(&counter(0), &counter(0)), None);
        assert_eq!(difference(&counter(0), &counter(5)), Some(vec![0, 0, 1]));
    }
}
