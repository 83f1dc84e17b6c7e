//! The mutants of the timer wheel: wheels that are wrong in one decision each.

use super::Mutant;
use crate::wheel::{Bounds, Disagreement, Move, Step, Trial, shortest_disagreement};
use activity_execution::wheel::rules::{Claim, Rules};
use std::fmt::Debug;
use std::hash::Hash;

/// What checkers do with a wheel whose nodes have two slots and that follows a wrong rule.
#[derive(Clone, Copy, Debug)]
pub struct WheelRule {
    /// The shortest script within these bounds after which it disagrees with its oracle.
    pub shortest_disagreement: fn(Bounds) -> Option<(Vec<Step>, Disagreement)>,
    /// Makes all these moves.
    pub run: fn(Vec<Move>) -> Result<(), Disagreement>,
}

impl WheelRule {
    const fn of<R>() -> Self
    where
        R: Rules + Clone + Debug + Eq + Hash,
    {
        WheelRule {
            shortest_disagreement: shortest_disagreement::<2, R>,
            run: |moves| Trial::<2, R>::default().run(moves),
        }
    }
}

macro_rules! mutants {
    ($($(#[doc = $sentence:literal])+ $name:ident { $rule:item }
       breaks [$($breaks:literal),+], shows_in $last:literal;)+) => {
        /// The mutants of the timer wheel.
        #[must_use]
        pub fn of_wheel() -> Vec<Mutant<WheelRule>> {
            vec![$(Mutant {
                name: stringify!($name),
                sentence: concat!($($sentence),+).trim_ascii(),
                reenacts: None,
                breaks: &[$($breaks),+],
                only_in: None,
                shows_in: $last,
                beyond_exploration: None,
                rule: {
                    #[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
                    struct Wrong;

                    impl Rules for Wrong {
                        $rule
                    }
                    WheelRule::of::<Wrong>()
                },
            }),+]
        }
    };
}

mutants! {
    /// A node looks for its claim beside where it is.
    looks_beside_its_slot {
        fn slot(node: usize, slots: usize) -> usize {
            (node + 1) % slots
        }
    }
    breaks ["the_next_expiration_is_not_late", "what_is_due_fires_in_order"], shows_in "Advance";

    /// What else is in the node of a stale claim is forgotten.
    forgets_the_rest_of_a_stale_node {
        fn refile(claim: Claim) -> Claim {
            Claim { at: u64::MAX, ..claim }
        }
    }
    breaks ["the_next_expiration_is_not_late", "what_is_due_fires_in_order"], shows_in "Advance";

    /// A timer fires one tick before its deadline.
    fires_a_tick_early {
        fn is_due(at: u64, now: u64) -> bool {
            at <= now.saturating_add(1)
        }
    }
    breaks ["what_is_due_fires_in_order"], shows_in "Advance";

    /// Of two timers in one node, at one instant, the higher key goes first.
    fires_the_higher_key_first {
        fn precedes(later: u64, earlier: u64) -> bool {
            later <= earlier
        }
    }
    breaks ["what_is_due_fires_in_order"], shows_in "Advance";

    /// A timer that has moved fires where it was.
    fires_where_a_timer_was {
        fn holds(deadline: u64, _: u64) -> bool {
            deadline != u64::MAX
        }
    }
    breaks ["the_next_expiration_is_exact_once_asked_for", "what_is_due_fires_in_order"], shows_in "Advance";

    /// A new top level does not know what was below it.
    forgets_what_is_below_a_new_top {
        fn lift(top: Claim) -> Claim {
            Claim { at: u64::MAX, ..top }
        }
    }
    breaks ["the_next_expiration_is_not_late", "what_is_due_fires_in_order"], shows_in "Advance";

    /// A claim is made two levels up, and the level between never hears of it.
    climbs_past_a_level {
        fn above(level: usize, node: usize, slots: usize) -> (usize, usize) {
            (level + 2, node / slots / slots)
        }
    }
    breaks ["what_is_due_fires_in_order"], shows_in "Advance";

    /// A timer that is moved to later stays where it was.
    hears_only_earlier_deadlines {
        fn moved(was: u64, at: u64) -> u64 {
            if at == u64::MAX { at } else { at.min(was) }
        }
    }
    breaks ["a_deadline_is_what_was_set_last"], shows_in "Set";

    /// A wheel that grows keeps as much memory again to spare.
    keeps_memory_to_spare {
        fn spare(nodes: usize) -> usize {
            nodes
        }
    }
    breaks ["bytes_are_within_bounds"], shows_in "Set";

    /// A timer that was filed fires although it was cleared.
    fires_what_was_cleared {
        fn holds(deadline: u64, at: u64) -> bool {
            deadline == at || deadline == u64::MAX
        }
    }
    breaks ["the_next_expiration_is_exact_once_asked_for", "what_is_due_fires_in_order"], shows_in "Advance";
}
