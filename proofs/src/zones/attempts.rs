//! Attempts that are alike, counted as one: what keeps the exploration of a policy finite.

use super::Configuration;
use activity_execution::vocabulary::{Attempt, Span, Terms};

/// How attempts are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counting {
    /// The terms, with the maximum that is counted to.
    pub(super) terms: Terms<i64>,
    /// All attempts from this one on are counted as this one.
    pub(super) saturation: Option<i64>,
    /// An attempt that stands for many, of which each may be retried, and how many.
    pub(super) middle: Option<Middle>,
}

/// Attempts that differ in nothing but the time at which they come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Middle {
    /// The attempt that stands for them; the one after it is the last of all.
    pub(super) label: i64,
    /// How many there are, itself included.
    pub(super) count: i64,
}

impl Configuration<'_> {
    /// The same with attempts that are alike counted as one.
    ///
    /// Without schedule-to-close nothing is left of earlier attempts but their number and the time
    /// that they took: of those with the same backoff that are not the last one is enough. With
    /// schedule-to-close, a maximum that no time suffices for is none.
    pub(super) fn counting(&self) -> Counting {
        let mut counting =
            Counting { terms: self.terms, saturation: self.alike_from, middle: None };
        let Some(Attempt(maximum)) = self.terms.maximum_attempts else {
            return counting;
        };
        counting.saturation = None;
        let Some(alike) = self.alike_from else {
            return counting;
        };
        match self.terms.schedule_to_close_timeout {
            None if maximum > alike + 2 => {
                let count = maximum - alike - 1;
                counting.terms.maximum_attempts = Some(Attempt(alike + 2));
                counting.middle = Some(Middle { label: alike + 1, count });
            }
            Some(total) if self.most_within(total, alike).is_some_and(|most| most < maximum) => {
                counting.terms.maximum_attempts = None;
                counting.saturation = Some(alike);
            }
            None | Some(_) => {}
        }
        counting
    }

    /// How many attempts can start within a time, if all are alike from this one on; `None` if a
    /// wait takes no time.
    pub(super) fn most_within(&self, total: Span, alike: i64) -> Option<i64> {
        let mut waited = 0_i64;
        for attempt in 1..alike {
            waited = waited.saturating_add((self.backoff)(Attempt(attempt)).0);
            if waited >= total.0 {
                return Some(attempt);
            }
        }
        let wait = (self.backoff)(Attempt(alike)).0;
        (wait > 0).then(|| alike + (total.0 - waited - 1) / wait)
    }
}

/// How many rounds may have gone by, from retry to retry, that are not explored one by one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Rounds {
    /// At least.
    pub(super) least: i64,
    /// At most; `None` if schedule-to-close is all that ends them.
    pub(super) most: Option<i64>,
}

impl Rounds {
    /// None at all.
    pub(super) const NONE: Rounds = Rounds { least: 0, most: Some(0) };
}

impl Counting {
    /// As which attempts one counts that comes after another, each with the rounds that may have
    /// gone before it; of alike attempts any number may have, from so many on, if it is given.
    pub(super) fn labels(
        &self,
        from: i64,
        attempt: i64,
        any_from: Option<i64>,
    ) -> Vec<(i64, Rounds)> {
        match (self.middle, self.saturation) {
            (Some(Middle { label, count }), _) if attempt == label && from < label => {
                let most = Some(count - 1);
                let last = Rounds { least: count, most: Some(count) };
                vec![(label, Rounds { least: 0, most }), (label + 1, last)]
            }
            // The one before was told of both.
            (Some(Middle { label, .. }), _) if attempt > label && from == label => Vec::new(),
            (None, Some(last)) if attempt > last => {
                let any = any_from.map(|least| (last, Rounds { least, most: None }));
                [(last, Rounds::NONE)].into_iter().chain(any).collect()
            }
            _ => vec![(attempt, Rounds::NONE)],
        }
    }
}
