//! Symmetry reduction over attempts: attempts that differ only in their number are explored once.

use super::exploration::Ages;
use super::{Configuration, Reports};
use crate::waits;
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};
use std::iter::once;

/// How attempts are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counting {
    /// The terms, with the maximum that is counted to.
    pub(super) terms: ExecutionOptions<i64>,
    /// An attempt that stands for many, of which each may be retried.
    pub(super) middle: Option<Middle>,
}

/// Attempts that differ in nothing but the time at which they come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Middle {
    /// The attempt that stands for them.
    pub(super) label: i64,
    /// How many there are, itself included; the one after them is the last of all. `None` if
    /// nothing counts them.
    pub(super) count: Option<i64>,
}

impl Configuration<'_> {
    /// The same with attempts that are alike counted as one.
    ///
    /// Nothing is left of earlier attempts but their number and the time that they took: of those
    /// with the same backoff that are not the last one is enough. A maximum that no time before
    /// schedule-to-close suffices for is none.
    pub(super) fn counting(&self) -> Counting {
        let one_by_one = Counting { terms: self.terms, middle: None };
        let Some(alike) = self.alike_from else {
            return one_by_one;
        };
        let bound = self.bound();
        if let (Reports::Asking(_), Some(_)) = (self.reports, bound) {
            // Rounds after failures and after timeouts differ, and what lies between does not occur.
            return one_by_one;
        }
        let most = bound.and_then(|it| self.most_within(it, alike));
        let maximum = self.terms.maximum_attempts.map(|Attempt(maximum)| maximum);
        let maximum = maximum.filter(|maximum| most.is_none_or(|most| *maximum <= most));
        let label = alike + 1;
        let count = maximum.map(|maximum| maximum - label);
        if count.is_some_and(|count| count < 2) {
            return one_by_one;
        }
        let mut terms = self.terms;
        terms.maximum_attempts = maximum.map(|_| Attempt(label + 1));
        Counting { terms, middle: Some(Middle { label, count }) }
    }

    /// How long after the first dispatch nothing starts any more.
    pub(super) fn bound(&self) -> Option<Span> {
        let run = self.run_ends.map(|ends| Span(ends.0 - self.terms.start_delay.0));
        self.terms.schedule_to_close_timeout.into_iter().chain(run).min()
    }

    /// How many attempts can start within a time, if all are alike from this one on; `None` if a
    /// wait takes no time.
    pub(super) fn most_within(&self, total: Span, alike: i64) -> Option<i64> {
        match (self.reports, self.terms.dialect) {
            (Reports::Plain, _) => waits::most_within(self.backoff, alike, total),
            (Reports::Asking(delay), _) => {
                let least = |attempt| (self.backoff)(attempt).min(delay);
                waits::most_within(&least, alike, total)
            }
            (Reports::Any, Dialect::Standalone) => waits::most_within(&|_| Span(1), 1, total),
            // A worker can have the next attempt at once.
            (Reports::Any, Dialect::Workflow) => None,
        }
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
    pub(super) const NONE: Rounds = Rounds::exactly(0);

    /// So many.
    pub(super) const fn exactly(rounds: i64) -> Rounds {
        Rounds { least: rounds, most: Some(rounds) }
    }
}

/// How long rounds take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// One at least.
    pub(super) least: i64,
    /// One at most; `None` if nothing bounds it.
    pub(super) most: Option<i64>,
}

impl Pace {
    /// How long so many rounds take, at least and at most; what is longer than the longest time is
    /// at least that, and has no limit.
    pub(super) fn take(self, rounds: Rounds) -> (i64, Option<i64>) {
        let most = self.most.zip(rounds.most).and_then(|(most, rounds)| most.checked_mul(rounds));
        let least = self.least.saturating_mul(rounds.least);
        (least.min(LONGEST), most.filter(|most| *most < LONGEST))
    }
}

impl Counting {
    /// As which attempts one counts that comes after another, each with the rounds that may have
    /// gone before it; `left` is how long schedule-to-close leaves the first of them.
    pub(super) fn labels(
        &self,
        from: i64,
        attempt: i64,
        pace: Pace,
        left: Option<Ages>,
    ) -> Vec<(i64, Rounds)> {
        match self.middle {
            Some(Middle { label, count }) if attempt == label && from < label => {
                let most = count.map(|count| count - 1);
                let middle = match left {
                    None => vec![Rounds { least: 0, most }],
                    Some(left) => until(left, most, pace),
                };
                let middle = middle.into_iter().map(|rounds| (label, rounds));
                let last = count.map(|count| (label + 1, Rounds::exactly(count)));
                middle.chain(last).collect()
            }
            // The one before was told of both.
            Some(Middle { label, .. }) if attempt > label && from == label => Vec::new(),
            _ => vec![(attempt, Rounds::NONE)],
        }
    }
}

/// How many rounds, of so many at most, may go by while so much time is left: every number of them
/// that makes a difference.
///
/// Rounds that are over so early that neither the next attempt nor its retry comes near the
/// deadline differ in the time alone that is left: the first and the last of them are enough. From
/// some number on, those that take longest are over no earlier than one more can be, so that
/// together they leave no gap. Of what lies between there is little: the longer a round is than
/// what it can vary by, the fewer end within it.
fn until((least_left, most_left): Ages, most_rounds: Option<i64>, pace: Pace) -> Vec<Rounds> {
    let Pace { least, most } = pace;
    if most == Some(0) {
        return vec![Rounds::NONE]; // There is none, or none makes a difference.
    }
    let no_gap_from = match most.map_or(i64::MAX, |most| most - least) {
        0 => i64::MAX,
        spread => 1.max(least / spread + i64::from(least % spread > 0)),
    };
    let fit = most_left.checked_div(least).unwrap_or(i64::MAX);
    let fit = most_rounds.map_or(fit, |most| most.min(fit));
    let near_from =
        most.and_then(|most| least_left.checked_div(most)).map_or(1, |it| 1.max(it - 3));
    let one_by_one = near_from..no_gap_from.min(fit.saturating_add(1));
    let together = Rounds { least: no_gap_from, most: most_rounds };
    let together = (no_gap_from <= fit).then_some(together);
    once(Rounds::NONE).chain(one_by_one.map(Rounds::exactly)).chain(together).collect()
}

/// 36 million years, and far from overflow.
const LONGEST: i64 = i64::MAX / 8;
