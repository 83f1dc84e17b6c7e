//! The theorem about complete suites, tested on machines that are made to contradict it.
//!
//! A system that passes the suite for k extra states does what the specification does, or has more
//! than n + k states: whatever has fewer and is wrong, is caught.

mod adversary;
mod machines;

use activity_harness::alphabet::{Capabilities, Power};
use activity_harness::machine::{Explicit, Mealy, Minimal, Word, difference};
use activity_harness::suite::{Dice, Kind, Suite, Trie, graded, identifiers};
use adversary::{escape, passes, untaken};
use machines::{behind, is_of, wrong};

/// The two smallest of the configurations that were chosen first, seen with this power.
fn specified(power: Power) -> Vec<Explicit> {
    let small = graded().into_iter().take(2);
    let explicit = small.map(|configuration| {
        let inputs = configuration.alphabet(Capabilities::all());
        Explicit::of(&configuration, &inputs, power).expect("small configurations are small")
    });
    explicit.collect()
}

fn suite(minimal: &Minimal, extra: u8) -> Suite {
    Suite::of(minimal, Kind::Complete(extra)).expect("small machines have small suites")
}

/// How many machines are made for each configuration and power.
const MACHINES: usize = 600;

#[test]
fn one_extra_state_does_not_hide_a_wrong_machine() {
    let (mut made, mut missed_by_less) = (0, 0);
    for power in [Power::Answers, Power::Describe] {
        for explicit in specified(power) {
            let right = explicit.minimal();
            let (less, enough) = (suite(right, 0), suite(right, 1));
            let mut dice = Dice::new(u64::from(power as u8) + 7);
            for _ in 0..MACHINES {
                let machine = wrong(right, explicit.shown().len(), &mut dice);
                assert!(is_of(&machine, right.states() + 1) && differs(right, &machine));
                assert!(!passes(right.mealy(), &machine, &enough.trie), "a machine escapes");
                missed_by_less += usize::from(passes(right.mealy(), &machine, &less.trie));
                made += 1;
            }
        }
    }
    assert_eq!(made, 4 * MACHINES);
    assert!(missed_by_less > made / 4, "machines that k=0 catches as well show nothing");
}

fn differs(right: &Minimal, wrong: &Mealy) -> bool {
    difference(right.mealy(), wrong).is_some()
}

/// Not a sample: each machine that has one extra state, entered by one step, with one step of it
/// wrong.
#[test]
fn no_machine_with_one_wrong_step_in_one_extra_state_escapes() {
    for power in [Power::Answers, Power::Describe] {
        for explicit in specified(power) {
            let right = explicit.minimal();
            assert!(escape(right, &suite(right, 1)).is_none(), "{power}");
            assert!(escape(right, &suite(right, 0)).is_some(), "{power}: k=0 is not enough");
        }
    }
}

#[test]
fn two_extra_states_hide_what_one_cannot_and_a_larger_suite_finds_it() {
    for power in [Power::Answers, Power::Describe] {
        let explicit = specified(power).pop().expect("there are two");
        let right = explicit.minimal();
        let (one, two) = (suite(right, 1), suite(right, 2));
        let paths = untaken(right, &one.trie);
        let (mut made, mut dice) = (0, Dice::new(3));
        while made < 100 {
            let path = paths[dice.below(paths.len())];
            let machine = behind(right, path, explicit.shown().len(), &mut dice);
            if !is_of(&machine, right.states() + 2) || !differs(right, &machine) {
                continue;
            }
            assert!(passes(right.mealy(), &machine, &one.trie), "{power}: built to escape k=1");
            assert!(!passes(right.mealy(), &machine, &two.trie), "{power}: a machine escapes k=2");
            made += 1;
        }
    }
}

/// What the adversary finds against a suite for one extra state that is not complete.
fn assert_escapes(right: &Minimal, suite: &Suite, what: &str) {
    let machine = escape(right, suite).unwrap_or_else(|| panic!("nothing escapes without {what}"));
    assert!(is_of(&machine, right.states() + 1) && differs(right, &machine));
    assert!(passes(right.mealy(), &machine, &suite.trie));
}

#[test]
fn a_suite_that_lacks_one_identifier_lets_a_machine_escape() {
    for power in [Power::Answers, Power::Describe] {
        let explicit = specified(power).pop().expect("there are two");
        let right = explicit.minimal();
        let whole = identifiers(right);
        for state in right.mealy().all().step_by(5) {
            let mut lacking = whole.clone();
            let word = lacking[state as usize].pop().expect("each state has an identifier");
            let suite = Suite::with(right, Kind::Complete(1), &lacking).expect("it is small");
            assert_escapes(right, &suite, &format!("{word:?} of {state}, {power}"));
        }
    }
}

#[test]
fn a_suite_that_lacks_one_transition_lets_a_machine_escape() {
    for power in [Power::Answers, Power::Describe] {
        let explicit = specified(power).pop().expect("there are two");
        let right = explicit.minimal();
        let whole = suite(right, 1);
        for state in right.mealy().all().step_by(5) {
            let is_needed = |symbol: &u8| {
                let taken = [right.access(state), &[*symbol]].concat();
                right.mealy().all().any(|other| right.access(other).starts_with(&taken))
            };
            let lacking = right.mealy().symbols().filter(|it| !is_needed(it)).step_by(9);
            for symbol in lacking {
                let suite = without(right.mealy(), &whole, (state, symbol));
                assert!(suite.steps < whole.steps);
                assert_escapes(right, &suite, &format!("{symbol} in {state}, {power}"));
            }
        }
    }
}

/// The suite in which no sequence goes on where this transition would be taken.
fn without(right: &Mealy, suite: &Suite, (state, symbol): (u32, u8)) -> Suite {
    let mut trie = Trie::default();
    for word in suite.trie.sequences() {
        let mut at = 0;
        let goes_on = |next: &&u8| {
            let is_it = (at, **next) == (state, symbol);
            at = right.next(at, **next);
            !is_it
        };
        let kept: Word = word.iter().take_while(goes_on).copied().collect();
        trie.add(Trie::ROOT, &kept);
    }
    Suite::counted(suite.kind, trie)
}
