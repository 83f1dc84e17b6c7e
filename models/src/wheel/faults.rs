//! Eight wheels that are wrong in one decision each: what the checks must be able to find.

use activity_execution::wheel::rules::{Claim, Rules};

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident { $rule:item })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
            pub struct $name;

            impl Rules for $name {
                $rule
            }
        )*

        /// Calls a generic function once for every fault: a list of the fault's name and what the
        /// function returned.
        #[macro_export]
        macro_rules! with_every_wheel_fault {
            ($check:ident) => {
                [$((stringify!($name), $check::<$crate::wheel::faults::$name>())),*]
            };
        }
    };
}

faults! {
    /// Off by one slot: a node looks for its claim beside where it is.
    OffByOneSlot {
        fn slot(node: usize, slots: usize) -> usize {
            (node + 1) % slots
        }
    }

    /// A lost re-file: what else is in the node of a stale claim is forgotten.
    LostRefile {
        fn refile(claim: Claim) -> Claim {
            Claim { at: u64::MAX, ..claim }
        }
    }

    /// One tick early.
    OneTickEarly {
        fn is_due(at: u64, now: u64) -> bool {
            at <= now.saturating_add(1)
        }
    }

    /// Order broken within a node: of two timers at one instant the higher key goes first.
    OrderBrokenWithinNode {
        fn precedes(later: u64, earlier: u64) -> bool {
            later <= earlier
        }
    }

    /// A stale claim accepted: a timer that has moved fires where it was.
    StaleClaimAccepted {
        fn holds(deadline: u64, _: u64) -> bool {
            deadline != u64::MAX
        }
    }

    /// Overflow at the top level: a new top does not know what was below it.
    TopLevelForgets {
        fn lift(top: Claim) -> Claim {
            Claim { at: u64::MAX, ..top }
        }
    }

    /// A jump past a level.
    JumpPastALevel {
        fn above(level: usize, node: usize, slots: usize) -> (usize, usize) {
            (level + 2, node / slots / slots)
        }
    }

    /// The clearing of a filed timer forgotten: it fires all the same.
    ClearForgotten {
        fn holds(deadline: u64, at: u64) -> bool {
            deadline == at || deadline == u64::MAX
        }
    }
}
