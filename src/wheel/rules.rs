//! The decisions of the wheel, one function each, so that a checker can break one at a time.
//! Production uses [`Sound`], which breaks none.

/// An earliest deadline, and the key it belongs to; ordered as timers fire.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Claim {
    pub at: u64,
    pub key: u32,
}

/// What the wheel decides; the provided methods are the right answers.
pub trait Rules {
    /// Where a node finds its own claim in the node above.
    #[inline(always)]
    fn slot(node: usize, slots: usize) -> usize {
        node % slots
    }

    /// Whether the deadline of a later slot goes before that of an earlier slot of the same node.
    #[inline(always)]
    fn precedes(later: u64, earlier: u64) -> bool {
        later < earlier
    }

    /// What a node claims once its claim has been found stale, or has fired.
    #[inline(always)]
    fn refile(claim: Claim) -> Claim {
        claim
    }

    /// Whether a claim to `at` is borne out by the deadline of the timer that it names.
    #[inline(always)]
    fn holds(deadline: u64, at: u64) -> bool {
        deadline == at
    }

    /// The level that hears of a claim after `level` has, and the node that claims there in place
    /// of `node`.
    #[inline(always)]
    fn above(level: usize, node: usize, slots: usize) -> (usize, usize) {
        (level + 1, node / slots)
    }

    /// What a new top level starts from, given the claim of the whole wheel so far.
    #[inline(always)]
    fn lift(top: Claim) -> Claim {
        top
    }

    /// The deadline of a timer that is set to `at` when its deadline was `was`.
    #[inline(always)]
    fn moved(_was: u64, at: u64) -> u64 {
        at
    }

    /// For how many nodes a level has memory to spare once it has room for `nodes`.
    #[inline(always)]
    fn spare(_nodes: usize) -> usize {
        0
    }

    /// Whether a timer fires.
    #[inline(always)]
    fn is_due(at: u64, now: u64) -> bool {
        at <= now
    }
}

/// The rules as they should be.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Sound;

impl Rules for Sound {}
