//! The search for a behaviour of the specification that explains what is recorded of an activity.
//!
//! What is recorded is fixed: the scheduling, the last start with the number of its attempt, the
//! requests to cancel and the close. What is not are the attempts before: how many there were, where
//! no start tells it, how each ended, and when.

use super::chain::{Links, Until, links};
use super::play::{MICROSECONDS, Play, Way, in_microseconds};
use super::record::Record;
use super::tolerance::{Tolerance, Tolerances};
use super::words::{at, hidden_attempts};
use activity_execution::history::{Closed, How, RecordedFailure, Started};
use activity_execution::vocabulary::{Attempt, TimeoutType};
use std::cell::OnceCell;
use std::rc::Rc;

/// A way in which everything recorded came about, or many.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The number of the attempt that was current last, as servers count today.
    pub attempt: i64,
    /// How many attempts are hidden at least.
    pub at_least: i64,
    /// How many at most.
    pub at_most: i64,
    /// Whether more were possible, and were not followed.
    pub is_cut_off: bool,
    /// The hidden attempts that there are at least, each with its ranges.
    pub hidden: Vec<HiddenAttempt>,
    /// Every number of hidden attempts that explains it.
    pub counts: Vec<Counted>,
    /// How an attempt of which nothing is known can have ended, and how long it takes then at least.
    pub takes: Vec<(Way, i64)>,
    /// Which of its own timeouts ended the last attempt.
    pub elapsed: Option<TimeoutType>,
    /// How attempts wait that did not choose a delay, where others did.
    pub delays: Option<Delays>,
    /// What explains it too if workers of hidden attempts chose delays that left no trace; nothing
    /// where that is the same, or is tolerated anyway.
    pub delayed: Option<Box<Explained>>,
}

/// Waits by the policy, among waits that workers chose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delays {
    /// How long the waits take after the first attempt, after the first two, and so on.
    pub waits: Vec<i64>,
    /// Until when such a wait has to be over.
    pub limit: Option<i64>,
}

impl Delays {
    pub(super) fn of_first(&self, many: i64) -> i64 {
        let last = usize::try_from(many).ok().and_then(|many| many.checked_sub(1));
        last.map_or(0, |last| self.waits.get(last).copied().unwrap_or(i64::MAX / 4))
    }
}

/// So many hidden attempts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Counted {
    /// How many.
    pub many: i64,
    /// How the last of them ended, where that is known.
    pub last: Option<Way>,
    /// How much longer than the shortest ways all others can have taken together.
    pub slack: i64,
    /// Which of its own timeouts ended the wait after them.
    pub elapsed: Option<TimeoutType>,
}

/// A hidden attempt: how it can have ended, and when, in microseconds after the scheduling.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct HiddenAttempt {
    /// Its number.
    pub attempt: i64,
    /// How it can have ended.
    pub ways: Vec<Way>,
    /// When it can have started.
    pub start: (i64, i64),
    /// When it can have ended.
    pub end: (i64, i64),
    /// How long the attempt after it waited at least.
    pub wait: i64,
    /// When it can have started and ended in each of the ways.
    pub by_way: Vec<((i64, i64), (i64, i64))>,
}

/// What is known of how the last hidden attempt ended: its failure, or that its worker gave none.
pub(super) type Known<'r> = Option<Option<&'r RecordedFailure>>;

/// Why nothing explains it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refuted {
    /// The rule that is broken.
    pub rule: &'static str,
    /// The last event that is explained.
    pub explained: String,
    /// What is recorded then.
    pub found: String,
    /// What would have been allowed.
    pub allowed: String,
}

/// Whether something explains the record.
pub(super) fn explain(record: &Record<'_>, tolerated: Tolerances) -> Result<Explained, Refuted> {
    let search = Search::of(record, tolerated);
    match record.started {
        Some((time, started)) => search.with_start(time, started),
        None => search.without_start(),
    }
}

/// The same if workers of hidden attempts may have chosen delays that left no trace.
pub(super) fn with_delays(record: &Record<'_>, explained: Explained) -> Explained {
    if explained.at_most == 0 {
        return explained;
    }
    let delayed = explain(record, Tolerances::NONE.with(Tolerance::WorkerDelay)).ok();
    let is_more = |delayed: &Explained| {
        (&delayed.counts, &delayed.hidden) != (&explained.counts, &explained.hidden)
    };
    Explained { delayed: delayed.filter(is_more).map(Box::new), ..explained }
}

pub(super) struct Search<'r, 'a> {
    pub(super) record: &'r Record<'a>,
    pub(super) tolerated: Tolerances,
    /// How much earlier than it can be an instant may be recorded.
    pub(super) slop: i64,
    links: OnceCell<Rc<Links>>,
}

impl<'r, 'a> Search<'r, 'a> {
    pub(super) fn of(record: &'r Record<'a>, tolerated: Tolerances) -> Self {
        let has_skew = tolerated.has(Tolerance::ClockSkew);
        let slop = if has_skew { record.skew } else { RESOLUTION };
        Search { record, tolerated, slop, links: OnceCell::new() }
    }

    /// What attempts and waits can do with these options.
    pub(super) fn links(&self) -> &Links {
        self.links.get_or_init(|| links(&in_microseconds(&self.record.options.terms())))
    }

    pub(super) fn has(&self, tolerance: Tolerance) -> bool {
        self.tolerated.has(tolerance)
    }

    pub(super) fn with_start(
        &self,
        time: Option<i64>,
        started: &'a Started,
    ) -> Result<Explained, Refuted> {
        let attempt = self.number(started)?;
        let failure = started.last_failure.as_ref();
        if failure.is_some() && attempt == 1 && !self.has(Tolerance::OperatorCommands) {
            return Err(Refuted {
                rule: "H12",
                explained: SCHEDULED.to_owned(),
                found: "a first attempt with the failure of one before it".to_owned(),
                allowed: "no attempt goes before the first".to_owned(),
            });
        }
        let many = attempt - 1;
        let lows = self.earliest(many, Some(failure), self.is_made_up(started))?;
        let mut play = self.before_the_start(attempt, &lows);
        let elapsed = self.starts_as_recorded(&mut play, time, started)?;
        let until = self.until_the_start(time, started, &lows);
        let hidden = self.hidden(&lows, Some(failure), &until, &|_| None);
        let hidden = hidden.expect("the earliest chain is there");
        let last = hidden.last().and_then(|last| last.ways.first().copied());
        let free = hidden.len().checked_sub(2).map(|free| &hidden[free]);
        let slack = free.map_or(0, |free| free.end.1 - free.end.0);
        let counted = Counted { many, last, slack, elapsed };
        Ok(self.explained(vec![counted], hidden, false))
    }

    fn delays(&self, many: i64) -> Delays {
        let options = self.record.options;
        let waits = (1..=many).scan(0_i64, |sum, attempt| {
            let wait = options.backoff(Attempt(attempt)).0.saturating_mul(MICROSECONDS);
            *sum = sum.saturating_add(wait);
            Some(*sum)
        });
        let total = options.schedule_to_close_timeout();
        let limit = total.map(|total| (options.start_delay() + total).0 * MICROSECONDS);
        Delays { waits: waits.collect(), limit }
    }

    /// The attempt that starts as it is recorded, waiting.
    fn before_the_start(&self, attempt: i64, lows: &[i64]) -> Play<'a> {
        let ready = lows[lows.len() - 1];
        Play::waiting(self.record.options, attempt, (ready, ready))
    }

    /// What bounds the attempts before the recorded start.
    pub(super) fn until_the_start(
        &self,
        time: Option<i64>,
        started: &Started,
        lows: &[i64],
    ) -> Until {
        let ready = lows[lows.len() - 1];
        let most = time.map_or(ready, |time| time.max(ready));
        Until { is_early: self.is_made_up(started), ..Until::ready(most) }
    }

    /// What explains the record with these numbers of hidden attempts.
    pub(super) fn explained(
        &self,
        counts: Vec<Counted>,
        hidden: Vec<HiddenAttempt>,
        is_cut_off: bool,
    ) -> Explained {
        let (at_least, at_most) = (counts[0].many, counts[counts.len() - 1].many);
        let takes = if at_most > 0 { self.takes() } else { Vec::new() };
        Explained {
            attempt: at_least + 1,
            at_least,
            at_most,
            is_cut_off,
            hidden,
            elapsed: counts[0].elapsed,
            counts,
            takes,
            delays: self.has(Tolerance::WorkerDelay).then(|| self.delays(at_most)),
            delayed: None,
        }
    }

    /// Whether nobody polled: an activity that waited was completed by its id, and its start was
    /// made up in that instant.
    pub(super) fn is_made_up(&self, started: &Started) -> bool {
        let start = self.record.started.and_then(|(time, _)| time);
        started.is_made_up
            && match self.record.close {
                None => true,
                Some((closed, Closed { how: How::Completed, .. })) => {
                    start.is_none_or(|start| (closed - start).abs() <= self.slop)
                }
                Some(_) => false,
            }
    }

    /// The number of the attempt, counted from one.
    pub(super) fn number(&self, started: &Started) -> Result<i64, Refuted> {
        let counted = match (started.attempt, self.has(Tolerance::ZeroBasedAttempts)) {
            (None, true) => return Ok(1),
            (Some(attempt), true) => attempt + 1,
            (Some(attempt), false) => attempt,
            (None, false) => {
                return Err(Refuted {
                    rule: "H11",
                    explained: SCHEDULED.to_owned(),
                    found: "a start without the number of its attempt".to_owned(),
                    allowed: "attempts are counted from 1".to_owned(),
                });
            }
        };
        let maximum = self.record.options.terms().maximum_attempts.map(|maximum| maximum.0);
        match maximum {
            Some(maximum) if counted > maximum && !self.has(Tolerance::OperatorCommands) => {
                Err(Refuted {
                    rule: "H11",
                    explained: SCHEDULED.to_owned(),
                    found: format!("attempt {counted}"),
                    allowed: format!("no more than {maximum} attempts"),
                })
            }
            Some(maximum) => Ok(counted.min(maximum)),
            None => Ok(counted),
        }
    }

    /// The recorded start, and what follows it.
    pub(super) fn starts_as_recorded(
        &self,
        play: &mut Play<'_>,
        time: Option<i64>,
        started: &'a Started,
    ) -> Result<Option<TimeoutType>, Refuted> {
        let made_up = self.is_made_up(started);
        let attempt = play.attempt();
        let explained =
            if attempt == 1 { SCHEDULED.to_owned() } else { hidden_attempts(attempt - 1) };
        if let Some(time) = time {
            if self.is_early() {
                play.forget_backoff();
            }
            let possible = if made_up { play.now() } else { play.ready() };
            if time + self.slop < possible {
                let rule = if attempt == 1 { "H20" } else { "H21" };
                return Err(Refuted {
                    rule,
                    explained,
                    found: format!("attempt {attempt} started {}", at(time)),
                    allowed: format!("attempt {attempt} starts {} at the earliest", at(possible)),
                });
            }
            if let Some(asked) = self.record.cancel_requests.first()
                && *asked + self.slop < time
                && !made_up
            {
                return Err(Refuted {
                    rule: "H15",
                    explained: format!("{explained}, ActivityTaskCancelRequested"),
                    found: format!("attempt {attempt} started {}", at(time)),
                    allowed: format!(
                        "cancellation was requested {}: no attempt starts after that",
                        at(*asked)
                    ),
                });
            }
            play.until(time.max(possible));
        } else {
            play.until(play.ready());
        }
        if !made_up && !play.poll() {
            return Err(Refuted {
                rule: "H11",
                explained,
                found: format!("attempt {attempt} started"),
                allowed: "nothing to start".to_owned(),
            });
        }
        self.to_the_close(play)
    }
}

pub(super) const SCHEDULED: &str = "ActivityTaskScheduled";
/// Servers cut instants to what their clocks show, and compare before they cut.
const RESOLUTION: i64 = MICROSECONDS;
