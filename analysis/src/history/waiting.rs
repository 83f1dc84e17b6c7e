//! A close without a start: how many attempts went before the wait that it ended is not recorded.

use super::chain::{Hidden, Play};
use super::search::{Explained, Refuted, SCHEDULED, Search};
use super::words::{MOST_ATTEMPTS, at, hidden_attempts, reason, words};
use activity_execution::history::{Closed, How, RecordedFailure};
use activity_execution::vocabulary::{Outcome, TimeoutType};

impl<'a> Search<'_, 'a> {
    /// A record without a start: how many attempts went before is not told.
    pub(super) fn without_start(&self) -> Result<Explained, Refuted> {
        let last = self.record.cause.as_ref().map(Option::as_ref);
        let terms = self.record.options.terms();
        let most = terms.maximum_attempts.map_or(MOST_ATTEMPTS, |maximum| maximum.0) - 1;
        // All hidden attempts but the last, and the execution after them.
        let (mut before, mut chain) = (Play::new(self.record.options), Vec::new());
        let mut found: Option<Explained> = None;
        let mut refuted = None;
        for many in 0..=most.min(MOST_ATTEMPTS) {
            match self.waiting(&before, many, last) {
                Ok(waiting) => match &mut found {
                    Some(explained) => explained.at_most = many,
                    None => found = Some(self.explained(many, &chain, waiting, last)),
                },
                Err(why) => {
                    refuted.get_or_insert(why);
                    if self.is_over(&before) {
                        break;
                    }
                }
            }
            if many == 0 {
                continue;
            }
            match self.link(&mut before, None, 0) {
                Ok(link) if found.is_none() => chain.push(link),
                Ok(_) => {}
                Err(why) => {
                    refuted.get_or_insert(why);
                    break;
                }
            }
        }
        found.ok_or_else(|| {
            refuted.unwrap_or_else(|| Refuted {
                rule: "H6",
                explained: SCHEDULED.to_owned(),
                found: "a close without a start".to_owned(),
                allowed: "a start first".to_owned(),
            })
        })
    }

    pub(super) fn explained(
        &self,
        many: i64,
        before: &[Hidden],
        waiting: Waiting,
        last: Option<Option<&RecordedFailure>>,
    ) -> Explained {
        let Waiting { last: link, raised, slack, elapsed } = waiting;
        let before = before.iter().take(usize::try_from(many - 1).unwrap_or(0));
        let hidden: Vec<Hidden> = before.copied().chain(link).collect();
        let mut hidden = self.ranges(&hidden, slack, last);
        if let Some(last) = hidden.last_mut() {
            last.end.0 += raised;
        }
        let attempt = many + 1;
        Explained { attempt, at_least: many, at_most: many, hidden, slack, elapsed }
    }

    /// Whether nothing more can happen before the close.
    pub(super) fn is_over(&self, play: &Play<'_>) -> bool {
        let closed = self.record.close.map(|(time, _)| time).or(self.record.until);
        let asked = self.record.cancel_requests.first().copied();
        let last = closed.into_iter().chain(asked).min();
        last.is_none_or(|last| play.now() > last + self.slop)
    }

    /// So many attempts, and then the wait in which the activity is closed as it is recorded.
    pub(super) fn waiting(
        &self,
        before: &Play<'a>,
        many: i64,
        last: Option<Option<&RecordedFailure>>,
    ) -> Result<Waiting, Refuted> {
        let mut play = before.clone();
        if many == 0 {
            if let Some(Some(failure)) = last {
                return Err(Refuted {
                    rule: "H18",
                    explained: SCHEDULED.to_owned(),
                    found: format!("a close that was caused by {}", words(failure)),
                    allowed: "an attempt that fails first".to_owned(),
                });
            }
            return self.waits_until_the_close(&mut play, None, many);
        }
        let link = self.link(&mut play, last, 0)?;
        let raised = self.raised(&play, &link);
        if raised > 0 {
            play = before.clone();
            self.link(&mut play, last, link.end + raised)?;
        }
        let mut waiting = self.waits_until_the_close(&mut play, Some(link), many)?;
        waiting.raised = raised;
        Ok(waiting)
    }

    /// How much later than the earliest the last attempt ends at least, so that schedule-to-close
    /// finds the activity waiting before schedule-to-start does.
    pub(super) fn raised(&self, play: &Play<'_>, last: &Hidden) -> i64 {
        let of_chain = matches!(
            self.record.close,
            Some((_, Closed { how: How::TimedOut { timeout_type, .. }, .. }))
                if *timeout_type == Some(TimeoutType::ScheduleToClose)
        );
        let deadlines = play
            .deadline(TimeoutType::ScheduleToClose)
            .zip(play.deadline(TimeoutType::ScheduleToStart));
        match deadlines.filter(|_| of_chain) {
            // At one instant schedule-to-start goes first in a workflow.
            Some((close, start)) if start <= close => {
                (close - start + 1).min(last.left.unwrap_or(0).max(0))
            }
            Some(_) | None => 0,
        }
    }

    /// The activity waits, and nothing closes it.
    fn waits_still(
        &self,
        play: &Play<'_>,
        last: Option<Hidden>,
        explained: String,
    ) -> Result<Waiting, Refuted> {
        let waiting = |slack: i64| Waiting { last, raised: 0, slack, elapsed: None };
        let until = self.record.cancel_requests.first().copied().or(self.record.until);
        match until {
            Some(until) if play.now() <= until + self.slop => {
                Ok(waiting((until - play.now()).max(0)))
            }
            None if last.is_none() => Ok(waiting(0)),
            Some(_) | None => Err(Refuted {
                rule: "H20",
                explained,
                found: "the last event".to_owned(),
                allowed: "nothing so early".to_owned(),
            }),
        }
    }

    /// The activity waits, and is closed as it is recorded.
    pub(super) fn waits_until_the_close(
        &self,
        play: &mut Play<'_>,
        last: Option<Hidden>,
        many: i64,
    ) -> Result<Waiting, Refuted> {
        let asked = self.record.cancel_requests.first().copied();
        let explained = match many {
            0 => SCHEDULED.to_owned(),
            many => hidden_attempts(many),
        };
        let waiting = |slack: i64, elapsed| Waiting { last, raised: 0, slack, elapsed };
        let Some((time, close)) = self.record.close else {
            return self.waits_still(play, last, explained);
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
                let slack = (asked - play.now()).max(0);
                play.until(asked);
                play.cancel();
                match play.outcome() {
                    Some(Outcome::Canceled { .. }) => Ok(waiting(slack, None)),
                    _ => refuted("H10", "cancellation that waits for the worker"),
                }
            }
            How::TimedOut { timeout_type, retry_state, .. } => {
                if let Some(asked) = asked
                    && asked + self.slop < time
                {
                    return refuted("H10", "cancellation of what waits closes it at once");
                }
                let queue = play.deadline(TimeoutType::ScheduleToStart);
                let slack = match timeout_type {
                    Some(TimeoutType::ScheduleToStart) => queue.map_or(0, |queue| time - queue),
                    _ => time - play.now(),
                };
                let recorded = (*timeout_type, retry_state.as_ref());
                match self.time_out(play, time, recorded) {
                    Ok(elapsed) => Ok(waiting(slack.max(0), elapsed)),
                    Err((rule, allowed)) => refuted(rule, &allowed),
                }
            }
        }
    }
}

/// The wait that a close ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// The hidden attempt before it, as early as can be.
    pub(super) last: Option<Hidden>,
    /// How much later than that it ended at least.
    pub(super) raised: i64,
    /// How much later it can have ended.
    pub(super) slack: i64,
    /// The deadline that took effect.
    pub(super) elapsed: Option<TimeoutType>,
}
