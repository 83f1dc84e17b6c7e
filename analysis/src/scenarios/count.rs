//! Attempts that are alike are counted: once two rounds in a row were played and were equal, as
//! many as there is room for are taken off the limits, and the run goes on with what is left.
//! Computes no round: each that is counted is one that was played.

use super::play::Player;
use super::run::{AttemptEnd, AttemptRun, Ending, Instant};
use activity_execution::State;
use activity_execution::vocabulary::{Attempt, Span, Timestamp};

impl Player<'_> {
    /// Counts the attempts to come that are as the last two were; says how the run ends, if it goes
    /// on like this for ever or too long.
    pub(super) fn count_alike(&mut self) -> Option<Ending> {
        if self.run.attempts.len() > MOST_ATTEMPTS {
            return Some(Ending::CutOff);
        }
        let [.., before, last] = self.run.attempts.as_slice() else { return None };
        let State::Scheduled { dispatch_time, .. } = self.execution.state() else { return None };
        let (last, dispatch_time) = (*last, *dispatch_time);
        let alike_from = self.alike_from?;
        let is_alike = before.attempt > alike_from
            && self.plan.is_alike_from(before.attempt)
            && shape(before) == shape(&last)
            && before.count == 1
            && last.count == 1;
        let round = self.instant(dispatch_time) - last.dispatched;
        let round = Span(i64::try_from(round).ok().filter(|round| *round > 0)?);
        if !is_alike || last.dispatched - before.dispatched != Instant::from(round.0) {
            return None;
        }
        let room = |limit: i64| (limit / round.0).saturating_sub(ROUNDS_LEFT);
        let attempts = self.terms.maximum_attempts.map(|Attempt(maximum)| {
            (maximum - self.execution.attempt().0).saturating_sub(ROUNDS_LEFT)
        });
        let first = Timestamp(self.terms.start_delay.0);
        let deadline = self.terms.schedule_to_close_timeout.map(|total| first + total);
        let times = [deadline, self.run_ends].into_iter().flatten();
        let times = times.map(|end| room((end - dispatch_time).0));
        let Some(count) = attempts.into_iter().chain(times).min() else {
            return Some(Ending::GoesOn { round });
        };
        if count <= 0 {
            return None;
        }
        self.count(count, round, &last);
        None
    }

    /// Takes so many rounds off what is left.
    fn count(&mut self, count: i64, round: Span, like: &AttemptRun) {
        let time = Span(count.saturating_mul(round.0));
        let passed = Instant::from(count) * Instant::from(round.0);
        let first = self.attempt();
        let next = |at: Instant| at + Instant::from(round.0);
        self.run.attempts.push(AttemptRun {
            attempt: first,
            count,
            dispatched: next(like.dispatched),
            started: like.started.map(next),
            ended: next(like.ended),
            ..*like
        });
        self.counted.attempts += count;
        self.counted.time += passed;
        let terms = &mut self.terms;
        terms.maximum_attempts = terms.maximum_attempts.map(|Attempt(it)| Attempt(it - count));
        let earlier = |Span(total): Span| Span(total - time.0);
        terms.schedule_to_close_timeout = terms.schedule_to_close_timeout.map(earlier);
        self.run_ends = self.run_ends.map(|ends| ends - time);
    }
}

/// What attempts that are alike have in common.
fn shape(it: &AttemptRun) -> (AttemptEnd, Span, Option<Instant>, Option<Instant>) {
    (it.end, it.waited, it.started.map(|at| at - it.dispatched), it.ran())
}

/// How many rounds are played before a limit and not counted, so that it is met as it is.
const ROUNDS_LEFT: i64 = 3;
/// How many attempts are played one by one.
const MOST_ATTEMPTS: usize = 20_000;
