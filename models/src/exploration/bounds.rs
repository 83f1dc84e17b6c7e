//! Which configurations are explored, and for each bound what lies outside it.
//! Time has no unit here, so what matters of a number is how it compares with sums of others.

use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};
use std::collections::HashSet;

/// The largest timeout of the whole grid, in both dialects. Outside: longer ones, which only repeat
/// orders of deadlines that shorter ones have; [`ORDER_TYPES`] shows how their number saturates.
pub const LARGEST_TIMEOUT: i16 = 4;

/// The largest timeout of the part that every `cargo test` explores. Outside: the rest of the grid.
pub const LARGEST_QUICK_TIMEOUT: i16 = 3;

/// The start delays of standalone activities. Outside: longer ones, which move the whole execution
/// and nothing in it.
pub const START_DELAYS: [i16; 3] = [0, 1, 2];

/// The start delay of an activity of a workflow, which has none. Outside: nothing.
pub const NO_START_DELAY: [i16; 1] = [0];

/// The maximum attempts, and no maximum. Outside: four and more, where a fourth attempt follows a
/// third as the third follows the second; a fault that waits for a large number is not seen.
pub const MAXIMUM_ATTEMPTS: [Option<i16>; 4] = [Some(1), Some(2), Some(3), None];

/// The backoffs of the retry policy. Outside: backoffs that differ from attempt to attempt, but for
/// a single other one that each failure may bring; and how a backoff is computed.
pub const BACKOFFS: [i16; 3] = [1, 2, 3];

/// The delay that a failure may ask for instead of the backoff. Outside: other ones.
pub const NEXT_RETRY_DELAY: i16 = 2;

/// The wait that a failure of a workflow's activity may ask for and that is over already: the retry
/// is dispatched at once. Outside: one that has been over for longer; and all of them once
/// schedule-to-close is overdue, where it would have to be told by how much.
pub const PAST_RETRY_DELAY: i16 = -1;

/// A backoff that is longer than everything else, explored where timeouts are small. Outside: its
/// combination with large timeouts, to which it compares no differently.
pub const LONG_BACKOFF: i16 = 9;

/// The largest timeout where timeouts that are not retried are explored, and the long backoff.
/// Outside: larger ones, where the retry decision reads the same two flags.
pub const LARGEST_TIMEOUT_ASIDE: i16 = 2;

/// How many orders of pending deadlines and dispatch a standalone activity has, each with all that
/// is concrete about its execution, by the largest timeout of the grid: it saturates, so larger
/// timeouts mean more states but hardly more behaviour.
pub const ORDER_TYPES: [(i16, usize); 6] =
    [(1, 798), (2, 2_135), (3, 3_400), (4, 4_332), (5, 4_828), (6, 5_104)];

/// One configuration: the terms, and the two backoffs that an attempt can have.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Configuration {
    /// The numbers of the options.
    pub terms: ExecutionOptions<i16>,
    /// What the retry policy makes the next attempt wait.
    pub backoff: Span<i16>,
    /// What a failure may ask for instead.
    pub next_retry_delay: Span<i16>,
}

impl Configuration {
    /// The configuration as it takes effect: where no attempt can follow, no backoff matters, and
    /// without a heartbeat timeout it does not matter whether it is retried.
    #[must_use]
    pub fn effective(mut self) -> Self {
        if self.terms.maximum_attempts == Some(Attempt::first()) {
            self.backoff = Span(BACKOFFS[0]);
            self.next_retry_delay = Span(NEXT_RETRY_DELAY);
        }
        if self.terms.heartbeat_timeout.is_none() {
            self.terms.retries_heartbeat = true;
        }
        self
    }

    /// How much there is to say about it: what is explored and shown first says least.
    fn complexity(&self) -> (usize, i16) {
        let terms = &self.terms;
        let timeouts = [
            terms.schedule_to_close_timeout,
            terms.schedule_to_start_timeout,
            terms.heartbeat_timeout,
        ];
        let said = timeouts.iter().flatten().count()
            + usize::from(terms.start_delay > Span(0))
            + usize::from(terms.maximum_attempts.is_some())
            + usize::from(!terms.retries_start_to_close)
            + usize::from(!terms.retries_heartbeat);
        let numbers: i16 = timeouts.iter().flatten().map(|timeout| timeout.0).sum();
        let attempts = terms.maximum_attempts.map_or(0, |maximum| maximum.0);
        let rest = terms.start_to_close_timeout.0 + terms.start_delay.0 + self.backoff.0 + attempts;
        (said, numbers + rest)
    }
}

/// A set of configurations, in the order in which they are explored.
#[derive(Clone, Debug)]
pub struct Grid {
    configurations: Vec<Configuration>,
}

impl Grid {
    /// The whole of it, in this dialect.
    #[must_use]
    pub fn whole(dialect: Dialect) -> Self {
        let mut all = Self::all(dialect, LARGEST_TIMEOUT);
        let flags = [(true, false), (false, true), (false, false)];
        let aside = LARGEST_TIMEOUT_ASIDE;
        all.extend(combinations(dialect, aside, &[0], &[1], &flags));
        all.extend(combinations(dialect, aside, &[0], &[LONG_BACKOFF], &[(true, true)]));
        Grid::of(all)
    }

    /// The part that every `cargo test` explores.
    #[must_use]
    pub fn quick(dialect: Dialect) -> Self {
        let retried = [(true, true)];
        let mut all = combinations(dialect, LARGEST_QUICK_TIMEOUT, &[0], &[1], &retried);
        all.extend(combinations(dialect, 2, &[0], &[1], &[(false, false)]));
        let delays = start_delays(dialect);
        let delays = &delays[..delays.len().min(2)];
        all.extend(combinations(dialect, 1, delays, &[1, 2], &retried));
        Grid::of(all)
    }

    /// The configurations without flags aside, by their largest timeout.
    #[must_use]
    pub fn up_to(dialect: Dialect, largest_timeout: i16) -> Self {
        Grid::of(Self::all(dialect, largest_timeout))
    }

    fn all(dialect: Dialect, largest_timeout: i16) -> Vec<Configuration> {
        combinations(dialect, largest_timeout, start_delays(dialect), &BACKOFFS, &[(true, true)])
    }

    /// These configurations; those that take effect alike are one.
    #[must_use]
    pub fn of(configurations: impl IntoIterator<Item = Configuration>) -> Self {
        let mut seen = HashSet::new();
        let mut configurations: Vec<Configuration> = configurations
            .into_iter()
            .map(Configuration::effective)
            .filter(|configuration| seen.insert(*configuration))
            .collect();
        configurations.sort_by_key(Configuration::complexity);
        Grid { configurations }
    }

    /// What is in it.
    #[must_use]
    pub fn configurations(&self) -> &[Configuration] {
        &self.configurations
    }
}

/// The start delays that there are in a dialect.
fn start_delays(dialect: Dialect) -> &'static [i16] {
    match dialect {
        Dialect::Standalone => &START_DELAYS,
        Dialect::Workflow => &NO_START_DELAY,
    }
}

/// Every normal combination of timeouts up to the largest with these delays, backoffs and flags.
fn combinations(
    dialect: Dialect,
    largest_timeout: i16,
    start_delays: &[i16],
    backoffs: &[i16],
    flags: &[(bool, bool)],
) -> Vec<Configuration> {
    let optional = || (0..=largest_timeout).map(|timeout| (timeout > 0).then_some(Span(timeout)));
    let mut all = Vec::new();
    for schedule_to_close_timeout in optional() {
        for schedule_to_start_timeout in optional() {
            for start_to_close_timeout in (1..=largest_timeout).map(Span) {
                for heartbeat_timeout in optional() {
                    for start_delay in start_delays.iter().copied().map(Span) {
                        for maximum_attempts in MAXIMUM_ATTEMPTS.map(|it| it.map(Attempt)) {
                            for &(retries_start_to_close, retries_heartbeat) in flags {
                                let terms = ExecutionOptions {
                                    dialect,
                                    maximum_attempts,
                                    schedule_to_close_timeout,
                                    schedule_to_start_timeout,
                                    start_to_close_timeout,
                                    heartbeat_timeout,
                                    start_delay,
                                    retries_start_to_close,
                                    retries_heartbeat,
                                };
                                all.extend(backoffs.iter().map(|&backoff| Configuration {
                                    terms,
                                    backoff: Span(backoff),
                                    next_retry_delay: Span(NEXT_RETRY_DELAY),
                                }));
                            }
                        }
                    }
                }
            }
        }
    }
    all.retain(|configuration| configuration.terms.are_normal());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_as_many_distinct_effective_configurations_as_it_says() {
        let standalone = Dialect::Standalone;
        assert_eq!(Grid::quick(standalone).configurations().len(), 468);
        assert_eq!(Grid::up_to(standalone, LARGEST_TIMEOUT).configurations().len(), 4_950);
        assert_eq!(Grid::whole(standalone).configurations().len(), 5_267);
        assert_eq!(Grid::quick(Dialect::Workflow).configurations().len(), 426);
        assert_eq!(Grid::whole(Dialect::Workflow).configurations().len(), 1_967);
    }

    #[test]
    fn what_is_explored_first_says_least() {
        let grid = Grid::whole(Dialect::Standalone);
        let first = grid.configurations()[0];
        assert_eq!(first.terms.heartbeat_timeout, None);
        assert_eq!(first.terms.schedule_to_close_timeout, None);
        assert_eq!(first.terms.maximum_attempts, None);
    }
}
