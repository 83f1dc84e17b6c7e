//! Hidden attempts, one after the other, as zones: what the specification allows of an attempt that is
//! retried, put together by the instant from which on the next one can start.
//!
//! An attempt's zone says which instants it can have. Of all that went before, that one instant is
//! all that bears on it, the earlier the better; of all that follows, how late the next one can
//! start. So one pass forwards and one backwards leave each zone with exactly what some story has.

use super::play::{Hiding, MICROSECONDS, Play, Way};
use super::search::{HiddenAttempt, Known, Refuted, Search};
use super::tolerance::Tolerance;
use super::words::{timeout_of_server, words};
use crate::zones::late::attempt::{BEGAN, END, NEXT, READY, START};
use crate::zones::late::{ended_wait, retried_attempt};
use crate::zones::{Bounds, UNBOUNDED};
use activity_execution::Payload;
use activity_execution::options::RetryPolicy;
use activity_execution::vocabulary::{ExecutionOptions, Retryability, Span, TimeoutType};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Waits by whether another attempt went before, and by what ended them.
type Waits = BTreeMap<(bool, Option<TimeoutType>), Option<Bounds>>;

/// What attempts and waits can do with some options, whatever their number.
#[derive(Debug)]
pub(super) struct Links {
    terms: ExecutionOptions<i64>,
    attempts: [Option<Bounds>; 3],
    waits: RefCell<Waits>,
}

impl Links {
    fn of(terms: &ExecutionOptions<i64>) -> Self {
        let attempts = Way::ALL.map(|way| retried_attempt(terms, way.retried()));
        Links { terms: *terms, attempts, waits: RefCell::default() }
    }

    /// An attempt that ended in this way and was retried, if that can be.
    fn attempt(&self, way: Way) -> Option<&Bounds> {
        self.attempts[way as usize].as_ref()
    }

    /// A wait that a timeout ended, or else a request to cancel.
    pub(super) fn wait(&self, is_retry: bool, timeout: Option<TimeoutType>) -> Option<Bounds> {
        let mut waits = self.waits.borrow_mut();
        let wait = waits.entry((is_retry, timeout));
        wait.or_insert_with(|| ended_wait(&self.terms, is_retry, timeout)).clone()
    }
}

thread_local! {
    // Working out the links of some options takes longer than most searches, and few options are used.
    static KNOWN: RefCell<HashMap<ExecutionOptions<i64>, Rc<Links>>> = RefCell::default();
}

/// The links of some options.
pub(super) fn links(terms: &ExecutionOptions<i64>) -> Rc<Links> {
    // What counts attempts is nothing to them.
    let terms = ExecutionOptions { maximum_attempts: None, ..*terms };
    KNOWN.with_borrow_mut(|known| {
        if known.len() == MOST_KNOWN {
            known.clear();
        }
        Rc::clone(known.entry(terms).or_insert_with(|| Rc::new(Links::of(&terms))))
    })
}

/// A way in which a hidden attempt can end, and how long the next one waits then: at least and at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) way: Way,
    pub(super) wait: (i64, i64),
}

/// What bounds the last attempt of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until {
    /// The next attempt can start no later than then.
    pub(super) ready: i64,
    /// Whether for that it need not wait for its dispatch.
    pub(super) is_early: bool,
    /// When the last one ends.
    pub(super) end: (i64, i64),
    /// When the next one can be dispatched.
    pub(super) next: (i64, i64),
}

impl Until {
    pub(super) fn ready(ready: i64) -> Self {
        Until { ready, is_early: false, end: ANY, next: ANY }
    }
}

impl Search<'_, '_> {
    pub(super) fn is_early(&self) -> bool {
        self.has(Tolerance::EarlyStart) || self.has(Tolerance::OperatorCommands)
    }

    /// How a hidden attempt can end, which can start from an instant on.
    pub(super) fn choices(&self, attempt: i64, known: Known<'_>, ready: i64) -> Vec<Choice> {
        let play = Play::waiting(self.record.options, attempt, (ready, ready));
        let policy = play.backoff();
        let by = |way| Choice { way, wait: (policy, policy) };
        let failed = match self.has(Tolerance::WorkerDelay) {
            true => Choice { way: Way::Failed, wait: DELAY },
            false => by(Way::Failed),
        };
        let Some(failure) = known else {
            return vec![failed, by(Way::StartToClose), by(Way::Heartbeat)];
        };
        let Some(failure) = failure else {
            // The worker gave no failure, hence no delay.
            return vec![by(Way::Failed)];
        };
        if failure.is_truncated {
            return vec![failed];
        }
        // A worker can report what a server says of a timeout, too.
        let of_server = timeout_of_server(failure).and_then(Way::of).map(by);
        if let Some(choice) = of_server.filter(|it| self.zone(*it, ready).is_some()) {
            return vec![choice];
        }
        match play.retry(&failure.failure, failure.next_retry_delay) {
            Retryability::After(Span(wait)) => {
                vec![Choice { way: Way::Failed, wait: (wait, wait) }]
            }
            Retryability::NonRetryable | Retryability::TimedOut | Retryability::NoInterval => {
                Vec::new()
            }
        }
    }

    /// The zone of an attempt that can start from an instant on.
    pub(super) fn zone(&self, choice: Choice, ready: i64) -> Option<Bounds> {
        let links = self.links();
        let zone = links.attempt(choice.way)?.clone();
        zone.later(NEXT, END, choice.wait)?.later(READY, BEGAN, (ready, ready))
    }

    /// The instant from which on the next attempt can start, as a point of the zone.
    fn next(&self, choice: Choice, is_early: bool) -> usize {
        // A worker's own delay may be none.
        let at_once = choice.wait.0 < 0 || is_early || self.is_early();
        if at_once { END } else { NEXT }
    }

    pub(super) fn bounded(&self, zone: Bounds, choice: Choice, until: &Until) -> Option<Bounds> {
        let next = self.next(choice, until.is_early);
        let zone = zone.later(next, BEGAN, (-UNBOUNDED, until.ready))?;
        match (until.end, until.next) {
            (ANY, ANY) => Some(zone),
            (end, next) => zone.later(END, BEGAN, end)?.later(NEXT, BEGAN, next),
        }
    }

    /// From when on the first attempt can start.
    pub(super) fn first(&self) -> i64 {
        self.record.options.start_delay().0 * MICROSECONDS
    }

    /// From when on each of so many attempts can start, and the one after them, which may not have to
    /// wait for its dispatch.
    pub(super) fn earliest(
        &self,
        many: i64,
        last: Known<'_>,
        is_early: bool,
    ) -> Result<Vec<i64>, Refuted> {
        let mut lows = vec![self.first()];
        for attempt in 1..=many {
            let (known, is_early) = if attempt == many { (last, is_early) } else { (None, false) };
            let ready = lows[lows.len() - 1];
            lows.push(self.earliest_after(attempt, known, (ready, is_early))?);
        }
        Ok(lows)
    }

    /// How an attempt of which nothing is known can have ended, and how long it takes then at least.
    pub(super) fn takes(&self) -> Vec<(Way, i64)> {
        let takes = |way: Way| Some((way, self.links().attempt(way)?.how_much_later(END, START).0));
        Way::ALL.into_iter().filter_map(takes).collect()
    }

    /// From when on the attempt after this one can start.
    pub(super) fn earliest_after(
        &self,
        attempt: i64,
        known: Known<'_>,
        (ready, is_early): (i64, bool),
    ) -> Result<i64, Refuted> {
        let choices = self.choices(attempt, known, ready);
        let soonest = choices.iter().filter_map(|choice| {
            let zone = self.zone(*choice, ready)?;
            Some(zone.how_much_later(self.next(*choice, is_early), BEGAN).0)
        });
        soonest.min().ok_or_else(|| self.not_retried(attempt, known, ready))
    }

    /// Why an attempt cannot have been retried.
    fn not_retried(&self, attempt: i64, known: Known<'_>, ready: i64) -> Refuted {
        let mut play = Play::waiting(self.record.options, attempt, (ready, ready));
        let retry = match known {
            Some(Some(failure)) => play.retry(&failure.failure, failure.next_retry_delay),
            Some(None) | None => Retryability::After(Span(play.backoff())),
        };
        let (way, at, failure) = (Way::Failed, (ready, ready), Payload::default());
        play.attempt_ends(&Hiding { way, at, failure, retry, is_early: false });
        let outcome = play.outcome().map(|outcome| outcome.kind().to_string());
        Refuted {
            rule: "H14",
            explained: format!("attempt {attempt}, not recorded"),
            found: match known {
                Some(Some(failure)) => format!("a retry after {}", words(failure)),
                Some(None) | None => "a retry".to_owned(),
            },
            allowed: match outcome {
                Some(outcome) => format!("attempt {attempt} would have been the last: {outcome}"),
                None => format!("attempt {attempt} cannot have ended like that"),
            },
        }
    }

    /// How and when each of these attempts can have ended, of which some end in ways that are given;
    /// `None` if they cannot.
    pub(super) fn hidden(
        &self,
        lows: &[i64],
        last: Known<'_>,
        until: &Until,
        given: &dyn Fn(usize) -> Option<Way>,
    ) -> Option<Vec<HiddenAttempt>> {
        let many = lows.len() - 1;
        let mut until = *until;
        let mut hidden = Vec::with_capacity(many);
        for (index, ready) in lows[..many].iter().enumerate().rev() {
            let known = if index + 1 == many { last } else { None };
            let one = self.one(index, known, *ready, &until, given(index))?;
            until = Until::ready(one.start.1);
            hidden.push(one);
        }
        hidden.reverse();
        Some(hidden)
    }

    /// How and when an attempt can have ended.
    pub(super) fn one(
        &self,
        index: usize,
        known: Known<'_>,
        ready: i64,
        until: &Until,
        given: Option<Way>,
    ) -> Option<HiddenAttempt> {
        let attempt = i64::try_from(index).ok()? + 1;
        let choices = self.choices(attempt, known, ready);
        let mut one: Option<HiddenAttempt> = None;
        for choice in choices.into_iter().filter(|it| given.is_none_or(|way| way == it.way)) {
            let whole = self.zone(choice, ready);
            let Some(zone) = whole.and_then(|zone| self.bounded(zone, choice, until)) else {
                continue;
            };
            let (start, end) = (zone.how_much_later(START, BEGAN), zone.how_much_later(END, BEGAN));
            let one = one.get_or_insert_with(|| HiddenAttempt {
                attempt,
                start,
                end,
                wait: choice.wait.0.max(0),
                ..HiddenAttempt::default()
            });
            let hull = |(least, most): (i64, i64), other: (i64, i64)| {
                (least.min(other.0), most.max(other.1))
            };
            (one.start, one.end) = (hull(one.start, start), hull(one.end, end));
            one.ways.push(choice.way);
            one.by_way.push((start, end));
        }
        one
    }
}

/// The earliest and the latest of something.
pub(super) type Range = (i64, i64);

/// Links of so many options are kept.
const MOST_KNOWN: usize = 1_024;
/// Any instant.
const ANY: Range = (-UNBOUNDED, UNBOUNDED);
/// Any delay that a worker can ask for, into the past as well.
const DELAY: Range =
    (-RetryPolicy::LONGEST_WAIT.0 * MICROSECONDS, RetryPolicy::LONGEST_WAIT.0 * MICROSECONDS);
