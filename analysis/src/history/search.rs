//! The search for a behaviour of the specification that explains what is recorded of an activity.
//!
//! What is recorded is fixed: the scheduling, the last start with the number of its attempt, the
//! requests to cancel and the close. What is not are the attempts before: how many there were, where
//! no start tells it, how each ended, and when.

use super::chain::{Hidden, Hiding, MICROSECONDS, Play, Step, Way};
use super::record::Record;
use super::tolerance::{Tolerance, Tolerances};
use super::words::{MOST_ATTEMPTS, at, hidden_attempts, timeout_of_server, words};
use activity_execution::history::{Closed, How, RecordedFailure, Started};
use activity_execution::vocabulary::{Retryability, Span, TimeoutType};

/// A way in which everything recorded came about, or many.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The number of the attempt that was current last, as servers count today.
    pub attempt: i64,
    /// How many attempts are hidden at least.
    pub at_least: i64,
    /// How many at most.
    pub at_most: i64,
    /// The hidden attempts that there are at least, each with its ranges.
    pub hidden: Vec<HiddenAttempt>,
    /// How much later the last hidden attempt could have ended, in microseconds.
    pub slack: i64,
    /// Which of its own timeouts ended the last attempt.
    pub elapsed: Option<TimeoutType>,
}

/// A hidden attempt: how it can have ended, and when, in microseconds after the scheduling.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HiddenAttempt {
    /// Its number.
    pub attempt: i64,
    /// How it can have ended.
    pub ways: Vec<Way>,
    /// When it can have started.
    pub start: (i64, i64),
    /// When it can have ended.
    pub end: (i64, i64),
    /// How long the attempt after it waited.
    pub wait: i64,
    /// How long it takes at least in each of the ways.
    pub takes: Vec<i64>,
}

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
    let search = Search { record, tolerated, slop: slop(record, tolerated) };
    match record.started {
        Some((time, started)) => search.with_start(time, started),
        None => search.without_start(),
    }
}

/// A story of an explanation, for the core to play: with one of the hidden attempts in a way, and as
/// late as can be or as early.
#[must_use]
pub(super) fn story(
    record: &Record<'_>,
    tolerated: Tolerances,
    explained: &Explained,
    choice: Option<(usize, Way, bool)>,
) -> Option<Vec<Step>> {
    let search = Search { record, tolerated, slop: slop(record, tolerated) };
    search.story(explained, choice)
}

fn slop(record: &Record<'_>, tolerated: Tolerances) -> i64 {
    if tolerated.has(Tolerance::ClockSkew) { record.skew } else { RESOLUTION }
}

pub(super) struct Search<'r, 'a> {
    pub(super) record: &'r Record<'a>,
    pub(super) tolerated: Tolerances,
    /// How much earlier than it can be an instant may be recorded.
    pub(super) slop: i64,
}

impl<'a> Search<'_, 'a> {
    pub(super) fn has(&self, tolerance: Tolerance) -> bool {
        self.tolerated.has(tolerance)
    }

    pub(super) fn with_start(
        &self,
        time: Option<i64>,
        started: &'a Started,
    ) -> Result<Explained, Refuted> {
        let attempt = self.number(started)?;
        let mut play = Play::new(self.record.options);
        let fixed = started.last_failure.as_ref();
        if fixed.is_some() && attempt == 1 && !self.has(Tolerance::OperatorCommands) {
            return Err(Refuted {
                rule: "H12",
                explained: SCHEDULED.to_owned(),
                found: "a first attempt with the failure of one before it".to_owned(),
                allowed: "no attempt goes before the first".to_owned(),
            });
        }
        let hidden = self.chain(&mut play, attempt - 1, Some(fixed))?;
        let elapsed = self.starts_as_recorded(&mut play, time, started)?;
        let ready = self.ready_of(&hidden, self.is_made_up(started));
        let slack = time.map_or(0, |time| (time - ready).max(0));
        let hidden = self.ranges(&hidden, slack, Some(fixed));
        let many = attempt - 1;
        Ok(Explained { attempt, at_least: many, at_most: many, hidden, slack, elapsed })
    }

    /// When the attempt after these can start.
    pub(super) fn ready_of(&self, hidden: &[Hidden], is_made_up: bool) -> i64 {
        let early =
            is_made_up || self.has(Tolerance::EarlyStart) || self.has(Tolerance::OperatorCommands);
        hidden.last().map_or(0, |last| if early { last.end } else { last.end + last.wait.max(0) })
    }

    /// Whether nobody polled: an activity that waited was completed by its id.
    pub(super) fn is_made_up(&self, started: &Started) -> bool {
        started.is_made_up
            && matches!(self.record.close, Some((_, Closed { how: How::Completed, .. })))
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
            None if counted > MOST_ATTEMPTS => Err(Refuted {
                rule: "H11",
                explained: SCHEDULED.to_owned(),
                found: format!("attempt {counted}"),
                allowed: format!("up to attempt {MOST_ATTEMPTS} can be followed"),
            }),
            None => Ok(counted),
        }
    }

    /// How a hidden attempt is played for the earliest chain.
    pub(super) fn hiding(
        &self,
        play: &Play<'_>,
        failure: Option<Option<&RecordedFailure>>,
    ) -> Hiding {
        let is_early = self.has(Tolerance::EarlyStart) || self.has(Tolerance::OperatorCommands);
        let chosen = self.has(Tolerance::WorkerDelay).then_some(Retryability::After(Span(0)));
        match failure {
            // Nothing is known of it.
            None => Hiding { way: Way::Failed, retry: chosen, is_early },
            // The worker gave no failure, hence no delay.
            Some(None) => Hiding { is_early, ..Hiding::by(Way::Failed) },
            Some(Some(failure)) if failure.is_truncated => {
                Hiding { way: Way::Failed, retry: chosen, is_early }
            }
            Some(Some(failure)) => match timeout_of_server(failure).and_then(Way::of) {
                Some(way) => Hiding { is_early, ..Hiding::by(way) },
                None => {
                    let retry = play.retry(&failure.failure, failure.next_retry_delay);
                    Hiding { way: Way::Failed, retry: Some(retry), is_early }
                }
            },
        }
    }

    /// So many attempts, each as early as can be; the failure of the last may be known.
    pub(super) fn chain(
        &self,
        play: &mut Play<'_>,
        many: i64,
        last: Option<Option<&RecordedFailure>>,
    ) -> Result<Vec<Hidden>, Refuted> {
        let mut hidden = Vec::new();
        for index in 0..many {
            let failure = if index + 1 == many { last } else { None };
            hidden.push(self.link(play, failure, 0)?);
        }
        Ok(hidden)
    }

    pub(super) fn link(
        &self,
        play: &mut Play<'_>,
        failure: Option<Option<&RecordedFailure>>,
        ends_not_before: i64,
    ) -> Result<Hidden, Refuted> {
        let hiding = self.hiding(play, failure);
        let before = play.clone();
        if let Some(hidden) = play.attempt_ends(&hiding, (0, ends_not_before)) {
            return Ok(hidden);
        }
        let outcome = play.outcome().map(|outcome| outcome.kind().to_string());
        let attempt = before.attempt();
        *play = before;
        // A worker can report what a server says of a timeout, too.
        if let Some(Some(failure)) = failure
            && hiding.way != Way::Failed
        {
            let retry = play.retry(&failure.failure, failure.next_retry_delay);
            let reported = Hiding { way: Way::Failed, retry: Some(retry), ..hiding };
            let before = play.clone();
            if let Some(hidden) = play.attempt_ends(&reported, (0, ends_not_before)) {
                return Ok(hidden);
            }
            *play = before;
        }
        let found = match failure {
            Some(Some(failure)) => format!("a retry after {}", words(failure)),
            _ => "a retry".to_owned(),
        };
        Err(Refuted {
            rule: "H14",
            explained: format!("attempt {attempt}, not recorded"),
            found,
            allowed: match outcome {
                Some(outcome) => format!("attempt {attempt} would have been the last: {outcome}"),
                None => format!("attempt {attempt} cannot have ended like that"),
            },
        })
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
            let early = self.has(Tolerance::EarlyStart) || self.has(Tolerance::OperatorCommands);
            if early {
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

    /// When each hidden attempt can have started and ended, and how.
    pub(super) fn ranges(
        &self,
        hidden: &[Hidden],
        slack: i64,
        last: Option<Option<&RecordedFailure>>,
    ) -> Vec<HiddenAttempt> {
        let mut slack = slack;
        let mut ranges: Vec<HiddenAttempt> = Vec::with_capacity(hidden.len());
        for (index, link) in hidden.iter().enumerate().rev() {
            slack = link.left.map_or(slack, |left| slack.min(left)).max(0);
            let takes = link.end - link.start;
            let is_known = index + 1 == hidden.len() && last.is_some();
            let ways = if is_known {
                let failure = last.flatten();
                let of_server = failure.and_then(timeout_of_server).and_then(Way::of);
                let way = of_server.filter(|_| takes > 0).unwrap_or(Way::Failed);
                vec![(way, takes)]
            } else {
                self.ways(slack)
            };
            ranges.push(HiddenAttempt {
                attempt: link.attempt,
                ways: ways.iter().map(|(way, _)| *way).collect(),
                takes: ways.iter().map(|(_, takes)| *takes).collect(),
                start: (link.start, link.start + slack),
                end: (link.end, link.end + slack),
                wait: link.wait,
            });
        }
        ranges.reverse();
        ranges
    }

    /// How an attempt of which nothing is known can have ended while so much time is left over, and
    /// how long that takes at least.
    pub(super) fn ways(&self, slack: i64) -> Vec<(Way, i64)> {
        Way::ALL
            .into_iter()
            .filter_map(|way| {
                let mut play = Play::new(self.record.options);
                let many = self.record.options.terms().maximum_attempts;
                let is_retried = many.is_none_or(|many| many.0 > 1);
                let hidden = play.attempt_ends(&Hiding::by(way), (0, 0));
                let takes = hidden.map(|hidden| hidden.end - hidden.start)?;
                (is_retried && takes <= slack).then_some((way, takes))
            })
            .collect()
    }

    /// The recorded behaviour with the hidden attempts played: one of them in a way, and as late as
    /// can be or as early.
    pub(super) fn story(
        &self,
        explained: &Explained,
        choice: Option<(usize, Way, bool)>,
    ) -> Option<Vec<Step>> {
        let mut play = Play::told(self.record.options);
        let last = match self.record.started {
            Some((_, started)) => Some(started.last_failure.as_ref()),
            None => self.record.cause.as_ref().map(Option::as_ref),
        };
        let many = explained.hidden.len();
        for (index, hidden) in explained.hidden.iter().enumerate() {
            let is_last = index + 1 == many;
            let failure = if is_last { last } else { None };
            let mut hiding = self.hiding(&play, failure);
            if failure.is_some() && hidden.ways == [Way::Failed] && hiding.way != Way::Failed {
                let failure = failure.flatten()?;
                let retry = play.retry(&failure.failure, failure.next_retry_delay);
                hiding = Hiding { way: Way::Failed, retry: Some(retry), ..hiding };
            }
            let mut not_before = (0, if is_last { hidden.end.0 } else { 0 });
            if let Some((chosen, way, is_late)) = choice
                && chosen == index
            {
                if way != hiding.way {
                    hiding = Hiding { way, retry: None, ..hiding };
                }
                if is_late {
                    let place = hidden.ways.iter().position(|it| *it == way)?;
                    let shortest = hidden.takes.iter().min()?;
                    let longer = hidden.takes[place] - shortest;
                    not_before = (hidden.start.1 - longer, hidden.end.1);
                }
            }
            play.attempt_ends(&hiding, not_before)?;
        }
        match self.record.started {
            Some((time, started)) => {
                self.starts_as_recorded(&mut play, time, started).ok()?;
            }
            None => {
                let many = i64::try_from(many).ok()?;
                self.waits_until_the_close(&mut play, None, many).ok()?;
            }
        }
        Some(play.into_steps())
    }
}

pub(super) const SCHEDULED: &str = "ActivityTaskScheduled";
/// Servers cut instants to what their clocks show, and compare before they cut.
const RESOLUTION: i64 = MICROSECONDS;
