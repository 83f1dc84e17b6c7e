//! Records without a start: how many attempts went before the wait that the close ended, or that goes
//! on, is not told. Every number of them is tried, with the zone of that wait.

use super::chain::Until;
use super::play::Play;
use super::search::{Counted, Explained, Known, Refuted, SCHEDULED, Search};
use super::tolerance::Tolerance;
use super::words::{MOST_ATTEMPTS, at, hidden_attempts, reason, words};
use crate::zones::UNBOUNDED;
use crate::zones::late::wait::{BEGAN, DISPATCH, END, SINCE};
use activity_execution::history::{Closed, How};
use activity_execution::vocabulary::{Outcome, TimeoutType};

impl<'a> Search<'_, 'a> {
    /// A record without a start: how many attempts went before is not told.
    pub(super) fn without_start(&self) -> Result<Explained, Refuted> {
        let last = self.record.cause.as_ref().map(Option::as_ref);
        let maximum = self.record.options.terms().maximum_attempts;
        // Waits that may take no time leave room for any number.
        let is_free = self.has(Tolerance::WorkerDelay) || self.is_early();
        let limit = if is_free { MOST_DELAYED } else { MOST_ATTEMPTS };
        let most = maximum.map_or(limit, |maximum| maximum.0 - 1).min(limit);
        let (mut counts, mut hidden) = (Vec::new(), None);
        let mut refuted = None;
        // From when on each attempt of which nothing is known can start.
        let mut lows = vec![self.first()];
        for many in 0..=most {
            match self.waiting(many, &lows, last) {
                Ok(waiting) => {
                    if hidden.is_none() {
                        let lows = self.with_last(many, &lows, last);
                        let all =
                            lows.and_then(|it| self.hidden(&it, last, &waiting.until, &|_| None));
                        hidden = Some(all.expect("the earliest chain is there"));
                    }
                    counts.push(waiting.counted);
                }
                Err(why) => {
                    refuted.get_or_insert(why);
                    if self.is_over(lows[lows.len() - 1]) {
                        break;
                    }
                }
            }
            if many > 0 {
                match self.earliest_after(many, None, (lows[lows.len() - 1], false)) {
                    Ok(low) => lows.push(low),
                    Err(why) => {
                        refuted.get_or_insert(why);
                        break;
                    }
                }
            }
        }
        let Some(hidden) = hidden else {
            return Err(refuted.unwrap_or_else(|| Refuted {
                rule: "H6",
                explained: SCHEDULED.to_owned(),
                found: "a close without a start".to_owned(),
                allowed: "a start first".to_owned(),
            }));
        };
        let is_cut_off = counts.last().is_some_and(|counted| counted.many == limit);
        Ok(self.explained(counts, hidden, is_cut_off))
    }

    /// From when on each of so many attempts can start and the one after them, given those before.
    fn with_last(&self, many: i64, before: &[i64], last: Known<'_>) -> Option<Vec<i64>> {
        if many == 0 {
            return Some(before[..1].to_vec());
        }
        let mut lows = before.get(..usize::try_from(many).ok()?)?.to_vec();
        let ready = lows[lows.len() - 1];
        lows.push(self.earliest_after(many, last, (ready, false)).ok()?);
        Some(lows)
    }

    /// So many hidden attempts and the wait after them.
    pub(super) fn with_wait(&self, many: i64, last: Known<'_>) -> Option<(Vec<i64>, Waiting)> {
        let lows = self.earliest(many, last, false).ok()?;
        let before = if many == 0 { &lows[..] } else { &lows[..lows.len() - 1] };
        let waiting = self.waiting(many, before, last).ok()?;
        Some((lows, waiting))
    }

    /// Whether nothing more can happen before the close.
    fn is_over(&self, ready: i64) -> bool {
        let closed = self.record.close.map(|(time, _)| time).or(self.record.until);
        let asked = self.record.cancel_requests.first().copied();
        let last = closed.into_iter().chain(asked).min();
        last.is_none_or(|last| ready > last + self.slop)
    }

    /// So many attempts, and then the wait in which the activity is closed as it is recorded.
    ///
    /// `lows` says from when on those attempts can start.
    fn waiting(&self, many: i64, lows: &[i64], last: Known<'_>) -> Result<Waiting, Refuted> {
        if many == 0 {
            return self.waiting_first(last);
        }
        let mut refuted = None;
        let index = usize::try_from(many - 1).unwrap_or(usize::MAX);
        let ready = lows[index];
        let low = self.earliest_after(many, last, (ready, false))?;
        for choice in self.choices(many, last, ready) {
            for (elapsed, until) in self.ends_of_the_wait(true, choice.wait) {
                let Some(one) = self.one(index, last, ready, &until, Some(choice.way)) else {
                    continue;
                };
                let next =
                    one.end.0.max(one.end.0 + choice.wait.0).clamp(until.next.0, until.next.1);
                let mut play = Play::waiting(self.record.options, many + 1, (one.end.0, next));
                match self.waits_as_recorded(&mut play, many) {
                    Ok(of) if of == elapsed => {
                        let before = Until::ready(one.start.1);
                        let free = match (last, index.checked_sub(1)) {
                            (None, _) => self.one(index, None, ready, &until, None),
                            (Some(_), Some(free)) => {
                                self.one(free, None, lows[free], &before, None)
                            }
                            (Some(_), None) => None,
                        };
                        let last = last.map(|_| choice.way);
                        let slack = free.map_or(0, |free| free.end.1 - free.end.0);
                        return Ok(Waiting {
                            until,
                            counted: Counted { many, last, slack, elapsed },
                        });
                    }
                    Ok(_) => {}
                    Err(why) => {
                        refuted.get_or_insert(why);
                    }
                }
            }
        }
        let mut play = Play::waiting(self.record.options, many + 1, (low, low));
        Err(refuted.unwrap_or_else(|| self.refuted(&mut play, many)))
    }

    /// The wait of the first attempt, in which the activity is closed as it is recorded.
    fn waiting_first(&self, last: Known<'_>) -> Result<Waiting, Refuted> {
        let mut refuted = None;
        if let Some(Some(failure)) = last {
            return Err(Refuted {
                rule: "H18",
                explained: SCHEDULED.to_owned(),
                found: format!("a close that was caused by {}", words(failure)),
                allowed: "an attempt that fails first".to_owned(),
            });
        }
        let first = self.first();
        for (elapsed, until) in self.ends_of_the_wait(false, (first, first)) {
            if !within(0, until.end) || !within(first, until.next) {
                continue;
            }
            match self.waits_as_recorded(&mut self.first_wait(), 0) {
                Ok(of) if of == elapsed => {
                    return Ok(Waiting { until, counted: Counted { elapsed, ..NONE } });
                }
                Ok(_) => {}
                Err(why) => {
                    refuted.get_or_insert(why);
                }
            }
        }
        Err(refuted.unwrap_or_else(|| self.refuted(&mut self.first_wait(), 0)))
    }

    /// The first attempt, waiting.
    fn first_wait(&self) -> Play<'a> {
        Play::new(self.record.options)
    }

    /// Why a wait cannot have been closed as it is recorded, if it began like this.
    fn refuted(&self, play: &mut Play<'_>, many: i64) -> Refuted {
        self.waits_as_recorded(play, many).err().unwrap_or_else(|| Refuted {
            rule: "H20",
            explained: if many == 0 { SCHEDULED.to_owned() } else { hidden_attempts(many) },
            found: "the close".to_owned(),
            allowed: "nothing so early".to_owned(),
        })
    }

    /// What a wait can have ended by as it is recorded, each with what bounds the attempt before it.
    fn ends_of_the_wait(
        &self,
        is_retry: bool,
        wait: (i64, i64),
    ) -> Vec<(Option<TimeoutType>, Until)> {
        let asked = self.record.cancel_requests.first().copied();
        let ended = |timeout: Option<TimeoutType>, end: (i64, i64)| {
            let zone = self.links().wait(is_retry, timeout)?;
            let zone = zone.later(DISPATCH, SINCE, wait)?.later(END, BEGAN, end)?;
            let of = |point| zone.how_much_later(point, BEGAN);
            let until = Until { end: of(SINCE), next: of(DISPATCH), ..Until::ready(UNBOUNDED) };
            Some((timeout, until))
        };
        // What is recorded is taken for exact where it can be.
        let instants = |instant: i64| [instant, instant + self.slop];
        match self.record.close {
            Some((time, Closed { how: How::TimedOut { timeout_type, .. }, .. })) => {
                let mut all = [TimeoutType::ScheduleToStart, TimeoutType::ScheduleToClose];
                all.sort_by_key(|it| Some(*it) != *timeout_type);
                let latest = match self.has(Tolerance::OperatorCommands) {
                    true => [time, UNBOUNDED],
                    false => instants(time),
                };
                let all =
                    latest.into_iter().flat_map(|most| all.map(|it| (Some(it), (time, most))));
                all.filter_map(|(it, end)| ended(it, end)).collect()
            }
            Some((time, _)) => {
                let latest = instants(asked.unwrap_or(time));
                latest.into_iter().filter_map(|most| ended(None, (-UNBOUNDED, most))).collect()
            }
            // What was running did not end when it was asked to.
            None if asked.is_some() && !self.record.is_cut_at_the_request => {
                let ready = asked.map_or([UNBOUNDED; 2], instants).map(Until::ready);
                ready.map(|until| (None, until)).into_iter().collect()
            }
            None => {
                let latest = asked.or(self.record.until).map_or([UNBOUNDED; 2], instants);
                latest.into_iter().filter_map(|most| ended(None, (-UNBOUNDED, most))).collect()
            }
        }
    }

    /// The wait as it is recorded: it goes on, or is ended.
    pub(super) fn waits_as_recorded(
        &self,
        play: &mut Play<'_>,
        many: i64,
    ) -> Result<Option<TimeoutType>, Refuted> {
        let asked = self.record.cancel_requests.first().copied();
        let explained = match many {
            0 => SCHEDULED.to_owned(),
            many => hidden_attempts(many),
        };
        let Some((time, close)) = self.record.close else {
            return self.stays_open(play, asked).map_err(|(rule, allowed)| Refuted {
                rule,
                explained,
                found: "the last event".to_owned(),
                allowed: allowed.to_owned(),
            });
        };
        let refuted = |rule, allowed: &str| {
            let found = format!("{}{} {}", close.how.event(), reason(&close.how), at(time));
            Err(Refuted { rule, explained: explained.clone(), found, allowed: allowed.to_owned() })
        };
        if play.now() > time + self.slop {
            return refuted("H20", "nothing so early");
        }
        match &close.how {
            How::Completed | How::Failed { .. } => refuted("H6", "an ActivityTaskStarted first"),
            How::Canceled { .. } => {
                let Some(asked) = asked else {
                    return refuted("H9", "cancellation was never requested");
                };
                if play.now() > asked + self.slop {
                    return refuted("H9", "it was running when cancellation was requested");
                }
                if time + self.slop < asked {
                    return refuted("H4", "a close after the request");
                }
                if time > asked + self.slop && !self.has(Tolerance::ServerVersion) {
                    return refuted("H10", "cancellation of what waits closes it at once");
                }
                play.until(asked);
                play.cancel();
                match play.outcome() {
                    Some(Outcome::Canceled { .. }) => Ok(None),
                    _ => refuted("H10", "cancellation that waits for the worker"),
                }
            }
            How::TimedOut { timeout_type, retry_state, .. } => {
                if let Some(asked) = asked
                    && asked + self.slop < time
                {
                    return refuted("H10", "cancellation of what waits closes it at once");
                }
                let recorded = (*timeout_type, retry_state.as_ref());
                self.time_out(play, time, recorded)
                    .or_else(|(rule, allowed)| refuted(rule, &allowed))
            }
        }
    }

    /// The wait goes on, or a worker holds the task since.
    fn stays_open(
        &self,
        play: &mut Play<'_>,
        asked: Option<i64>,
    ) -> Result<Option<TimeoutType>, Objection> {
        let Some(asked) = asked else {
            let until = self.record.until;
            let is_in_time = until.is_none_or(|until| play.now() <= until + self.slop);
            return is_in_time.then_some(None).ok_or(("H20", "nothing so early"));
        };
        if play.ready() <= asked + self.slop {
            play.until(play.ready());
            play.poll();
        } else if play.now() > asked + self.slop {
            return Err(("H20", "nothing so early"));
        } else if !self.record.is_cut_at_the_request {
            return Err(("H10", "cancellation of what waits closes it at once"));
        }
        play.until(asked);
        play.cancel();
        Ok(None)
    }
}

/// So many attempts are looked at where nothing keeps them apart.
const MOST_DELAYED: i64 = 50;
const NONE: Counted = Counted { many: 0, last: None, slack: 0, elapsed: None };

/// A rule that is broken, and what would have been allowed.
type Objection = (&'static str, &'static str);

fn within(instant: i64, (least, most): (i64, i64)) -> bool {
    least <= instant && instant <= most
}

/// The wait after the last hidden attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// What bounds that attempt.
    pub(super) until: Until,
    /// How many attempts there are.
    pub(super) counted: Counted,
}
