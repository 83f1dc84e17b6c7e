//! The engine on numbers: shortest ways, counts, limits, and the same from stateright.

use super::*;
use std::sync::Arc;

/// Numbers below a hundred, which are doubled or counted up; one of them must not be reached.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    forbidden: Option<u32>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Move {
    Up,
    Double,
    Stay,
}

impl Explorable for Numbers {
    type Begin = u32;
    type State = u32;
    type Move = Move;
    type Step = u32;
    type Stand<'a> = u32;

    fn begins(&self) -> usize {
        2
    }

    fn chosen(&self, place: usize) -> u32 {
        [40, 1][place]
    }

    fn begin(&self, place: usize) -> Judged<u32> {
        Judged { it: self.chosen(place), broken: Broken::NOTHING }
    }

    fn moves(&self, _: &u32, moves: &mut Vec<Move>) {
        moves.extend([Move::Up, Move::Double, Move::Stay]);
    }

    fn stand<'a>(&'a self, number: &'a u32) -> u32 {
        *number
    }

    fn step(&self, number: &u32, moved: &Move) -> Judged<u32> {
        let it = match moved {
            Move::Up => number + 1,
            Move::Double => number * 2,
            Move::Stay => *number,
        };
        let it = if it < 100 { it } else { *number };
        Judged { it, broken: Broken::only_if(Some(it) == self.forbidden, 1) }
    }

    fn next(&self, _: &u32, step: &u32) -> Option<u32> {
        Some(*step)
    }

    fn judges(&self) -> Vec<Judge> {
        let judge = |name| Judge { name, statement: "" };
        vec![judge("nothing_is_odd_about_it"), judge("the_forbidden_number_is_not_reached")]
    }

    fn told(&self, moved: &Move) -> String {
        format!("{moved:?}")
    }
}

fn explore(numbers: Numbers, until: Until) -> Explored<Violation<u32, Move>> {
    Explorer::default().explore(&numbers, 0..2, until, &mut ())
}

#[test]
fn every_class_is_counted_once_and_every_step() {
    let explored = explore(Numbers { forbidden: None }, Until::TheEnd);
    assert_eq!(explored.unique_states, 99);
    // Ninety-eight can be counted up; forty-nine doubled, of which one comes to two either way.
    assert_eq!(explored.transitions, 98 + 49);
    assert_eq!(explored.without_effect, 3 * 99 - explored.transitions);
    assert_eq!(explored.terminal_states, 1);
    let peer = StaterightModel::new(Arc::new(Numbers { forbidden: None }), 0..2).explore(1);
    assert!(peer.complete);
    assert_eq!((peer.unique_states, peer.transitions), (99, 98 + 49));
}

#[test]
fn the_way_to_a_violation_is_a_shortest_one() {
    let explored = explore(Numbers { forbidden: Some(84) }, Until::BROKEN);
    let violation = explored.violation.expect("it can be reached");
    assert_eq!((violation.begin, violation.names().len()), (40, 1));
    assert_eq!(violation.moves, [Move::Up, Move::Up, Move::Double]);
    let peer = StaterightModel::new(Arc::new(Numbers { forbidden: Some(84) }), 0..2).explore(1);
    assert_eq!(peer.broken, violation.names());
    assert!(!peer.complete);
}

#[test]
fn a_violation_that_is_too_long_is_not_looked_for() {
    let numbers = Numbers { forbidden: Some(84) };
    let short = explore(numbers, Until::Violation { shorter_than: 3 });
    assert_eq!(short.violation, None);
    assert!(explore(numbers, Until::Violation { shorter_than: 4 }).violation.is_some());
}

/// Ends the exploration as soon as it is asked.
struct Impatient;

impl Visitor<Numbers> for Impatient {
    fn step(&mut self, _: &Taken<'_, Numbers>) {}

    fn goes_on(&mut self, _: usize) -> bool {
        false
    }
}

#[test]
fn what_was_cut_off_says_so() {
    let numbers = Numbers { forbidden: None };
    let explored = Explorer::default().explore(&numbers, 0..2, Until::TheEnd, &mut Impatient);
    assert!(explored.cut_off);
    assert_eq!(explored.transitions, 0);
}

/// Remembers the last step that leads to a number.
struct Last(u32, Option<StepNumber>);

impl Visitor<Numbers> for Last {
    fn step(&mut self, taken: &Taken<'_, Numbers>) {
        if *taken.step == self.0 && taken.leads != Leads::Nowhere {
            self.1 = Some(taken.number);
        }
    }
}

#[test]
fn the_way_through_a_step_ends_with_it() {
    let (numbers, mut last) = (Numbers { forbidden: None }, Last(12, None));
    let mut explorer = Explorer::default();
    explorer.explore(&numbers, 0..2, Until::TheEnd, &mut last);
    let way = explorer.way_through(&numbers, last.1.expect("twelve is reached"));
    assert_eq!(way.begin, 1);
    let end = way.moves.iter().fold(1, |number, moved| numbers.step(&number, moved).it);
    assert_eq!(end, 12);
    assert_eq!(way.moves.last(), Some(&Move::Up), "eleven is farther than six");
}

#[test]
fn reach_visits_each_class_once() {
    let mut asked = 0;
    let states = reach(
        1_u32,
        |number| number % 10,
        |number, next| {
            asked += 1;
            next.extend([number + 1, number + 2]);
        },
    );
    assert_eq!((states.len(), asked), (10, 10));
    assert_eq!(states[..3], [1, 2, 3]);
}
