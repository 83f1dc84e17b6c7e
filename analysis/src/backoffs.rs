//! When further attempts can start, if each one fails after the same time, at once for one.
//! Knows limits; the policy computes the waits.

use crate::waits;
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::{Attempt, Span};

/// The attempts that options allow for, with their waits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Backoffs {
    /// The attempts one by one, while their waits differ.
    pub starts: Vec<Start>,
    /// What follows after those.
    pub then: Option<Repeating>,
    /// Why there is no further attempt.
    pub ending: Ending,
}

/// One attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Start {
    /// Its number.
    pub attempt: i64,
    /// How long it waits after the attempt before it; the first one, after scheduling.
    pub wait: i64,
    /// When it can start at the earliest, in milliseconds after scheduling.
    pub earliest: i128,
}

/// Attempts that all wait as long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Repeating {
    /// The first of them.
    pub from: i64,
    /// How long each of them waits.
    pub wait: i64,
    /// The last of them; `None` if there is none.
    pub last: Option<Start>,
}

/// Why there is no further attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ending {
    /// The policy allows no more.
    MaximumAttempts,
    /// The next one would not start before the schedule-to-close deadline.
    ScheduleToClose {
        /// When it would start.
        next: i128,
        /// The deadline.
        deadline: i128,
    },
    /// Nothing limits them.
    Unlimited,
    /// There is one, but this is too far to look.
    TooFar,
}

/// The limits of a chain of attempts.
struct Limits {
    maximum_attempts: Option<i64>,
    /// The deadline, and how many attempts can start before it.
    deadline: Option<(i128, i64)>,
    /// How long each attempt takes.
    lasts: i64,
}

impl Backoffs {
    /// What these options allow for, if each attempt fails as soon as it starts.
    #[must_use]
    pub fn of(options: &ActivityOptions) -> Self {
        Backoffs::lasting(options, Span(0))
    }

    /// What these options allow for, if each attempt fails when it has taken so long.
    #[must_use]
    pub fn lasting(options: &ActivityOptions, Span(lasts): Span) -> Self {
        let terms = options.terms();
        let start_delay = options.start_delay().0;
        let backoff = |attempt| options.backoff(attempt);
        let from_start_to_start = |attempt| Span(backoff(attempt).0.saturating_add(lasts));
        let alike_from = waits::alike_from(options.retry_policy());
        let deadline = terms.schedule_to_close_timeout.and_then(|timeout| {
            let alike_from = alike_from.unwrap_or(FARTHEST);
            let in_time = waits::most_within(&from_start_to_start, alike_from, timeout)?;
            Some((i128::from(start_delay) + i128::from(timeout.0), in_time))
        });
        let maximum_attempts = terms.maximum_attempts.map(|Attempt(maximum)| maximum);
        let limits = Limits { maximum_attempts, deadline, lasts };
        let mut starts = vec![];
        let mut last = Start { attempt: 1, wait: start_delay, earliest: i128::from(start_delay) };
        starts.push(last);
        loop {
            let Span(wait) = backoff(Attempt(last.attempt));
            let next = limits.after(last, wait);
            if let Some(ending) = limits.refuse(next) {
                return Backoffs { starts, then: None, ending };
            }
            if alike_from.is_some_and(|alike| last.attempt >= alike) {
                return limits.repeat(starts, last, wait);
            }
            if next.attempt > FARTHEST {
                return Backoffs { starts, then: None, ending: Ending::TooFar };
            }
            starts.push(next);
            last = next;
        }
    }

    /// The last attempt that can start; `None` if there is none, or none was found.
    #[must_use]
    pub fn last(&self) -> Option<Start> {
        match (self.ending, self.then) {
            (Ending::Unlimited | Ending::TooFar, _) => None,
            (_, Some(then)) => then.last,
            (_, None) => self.starts.last().copied(),
        }
    }

    /// The longest wait there is; `None` if waits grow farther than is looked at.
    #[must_use]
    pub fn longest_wait(&self) -> Option<i64> {
        let retries = self.starts.iter().filter(|start| start.attempt > 1);
        let waits = retries.map(|start| start.wait).chain(self.then.map(|then| then.wait));
        if self.ending == Ending::TooFar { None } else { waits.max() }
    }
}

impl Limits {
    fn after(&self, before: Start, wait: i64) -> Start {
        let earliest = before.earliest + i128::from(self.lasts) + i128::from(wait);
        Start { attempt: before.attempt + 1, wait, earliest }
    }

    /// Why this attempt does not start, if it does not.
    fn refuse(&self, next: Start) -> Option<Ending> {
        if self.maximum_attempts.is_some_and(|maximum| next.attempt > maximum) {
            return Some(Ending::MaximumAttempts);
        }
        match self.deadline {
            Some((deadline, in_time)) if next.attempt > in_time => {
                Some(Ending::ScheduleToClose { next: next.earliest, deadline })
            }
            Some(_) | None => None,
        }
    }

    /// From `before` on all waits are the same, so that the last attempt is a matter of arithmetic.
    fn repeat(&self, starts: Vec<Start>, before: Start, wait: i64) -> Backoffs {
        let in_time = self.deadline.map(|(_, in_time)| in_time);
        let last = self.maximum_attempts.into_iter().chain(in_time).min();
        let round = i128::from(wait) + i128::from(self.lasts);
        let last = last.map(|attempt| Start {
            attempt,
            wait,
            earliest: before.earliest + i128::from(attempt - before.attempt) * round,
        });
        let ending = last.map_or(Ending::Unlimited, |last| {
            self.refuse(self.after(last, wait)).unwrap_or(Ending::TooFar)
        });
        let from = before.attempt + 1;
        Backoffs { starts, then: Some(Repeating { from, wait, last }), ending }
    }
}

/// How many attempts are computed one by one.
const FARTHEST: i64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use activity_execution::options::{RequestedOptions, RetryPolicy};

    fn backoffs(options: RequestedOptions) -> Backoffs {
        Backoffs::of(&options.build().unwrap())
    }

    fn one_second() -> RequestedOptions {
        ActivityOptions::builder().start_to_close_timeout(Span(1_000))
    }

    #[test]
    fn without_limits_waits_grow_until_they_are_constant() {
        let Backoffs { starts, then, ending } = backoffs(one_second());
        let waits: Vec<_> = starts.iter().map(|start| start.wait).collect();
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]);
        assert_eq!(then, Some(Repeating { from: 9, wait: 100_000, last: None }));
        assert_eq!(ending, Ending::Unlimited);
    }

    #[test]
    fn an_attempt_that_would_start_at_the_deadline_does_not() {
        let policy = RetryPolicy::builder().initial_interval(Span(1_000)).backoff_coefficient(1.0);
        let options = one_second().retry_policy(policy).start_delay(Span(500));
        let last = |total| {
            let backoffs = backoffs(options.clone().schedule_to_close_timeout(Span(total)));
            let last = backoffs.then.and_then(|then| then.last);
            (last.map_or(1, |last| last.attempt), backoffs.ending)
        };
        let refused = |next, deadline| Ending::ScheduleToClose { next, deadline };
        assert_eq!(last(3_000), (3, refused(3_500, 3_500)));
        assert_eq!(last(3_001), (4, refused(4_500, 3_501)));
        assert_eq!(last(1_000), (1, refused(1_500, 1_500)));
    }

    #[test]
    fn maximum_attempts_count_the_first_one() {
        let policy = |attempts| RetryPolicy::builder().maximum_attempts(attempts);
        let starts = |attempts| backoffs(one_second().retry_policy(policy(attempts))).starts.len();
        assert_eq!([1, 2, 5].map(starts), [1, 2, 5]);
    }

    #[test]
    fn the_jump_to_the_last_attempt_agrees_with_counting() {
        let policy = RetryPolicy::builder().initial_interval(Span(7)).maximum_interval(Span(50));
        let options = one_second().schedule_to_close_timeout(Span(1_000)).retry_policy(policy);
        let options = options.build().unwrap();
        let mut counted = Start { attempt: 1, wait: 0, earliest: 0 };
        loop {
            let wait = options.backoff(Attempt(counted.attempt)).0;
            let earliest = counted.earliest + i128::from(wait);
            if earliest >= 1_000 {
                break;
            }
            counted = Start { attempt: counted.attempt + 1, wait, earliest };
        }
        assert_eq!(Backoffs::of(&options).then.and_then(|then| then.last), Some(counted));
    }

    #[test]
    fn waits_that_grow_without_end_are_not_computed_without_end() {
        let policy = RetryPolicy::builder()
            .initial_interval(Span(1_000_000))
            .backoff_coefficient(1.000_000_1)
            .maximum_interval(Span(1_000_000_000_000));
        assert_eq!(backoffs(one_second().retry_policy(policy)).ending, Ending::TooFar);
    }

    #[test]
    fn the_longest_waits_and_the_most_attempts_do_not_overflow() {
        let policy = RetryPolicy::builder()
            .initial_interval(Span(3_000_000_000_000))
            .maximum_interval(Span(3_000_000_000_000))
            .maximum_attempts(i32::MAX);
        let last = backoffs(one_second().retry_policy(policy)).then.and_then(|then| then.last);
        assert_eq!(last.map(|last| last.attempt), Some(2_147_483_647));
        assert_eq!(last.map(|last| last.earliest), Some(3_000_000_000_000 * 2_147_483_646));
    }
}
