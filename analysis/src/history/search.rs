//! The search for a behaviour of the specification that explains what is recorded of an activity.
//!
//! What is recorded is fixed: the scheduling, the last start with the number of its attempt, the
//! requests to cancel and the close. What is not are the attempts before: how many there were, where
//! no start tells it, how each ended, and when.

use super::chain::{Hidden, Hiding, MICROSECONDS, Play, Step, Way};
use super::tolerance::{Tolerance, Tolerances};
use activity_execution::history::{
    Closed, How, RecordedActivity, RecordedFailure, RecordedRetryState, RecordedTime, Scheduled,
    Started,
};
use activity_execution::options::{ActivityOptions, Nanoseconds};
use activity_execution::vocabulary::{Outcome, RetryState, Retryability, Span, TimeoutType};
use activity_execution::{Content, FailureInfo};

/// What is recorded, with instants in microseconds after the scheduling.
#[derive(Clone, Debug)]
pub(super) struct Record<'a> {
    pub(super) options: &'a ActivityOptions,
    pub(super) started: Option<(Option<i64>, &'a Started)>,
    pub(super) cancel_requests: Vec<i64>,
    pub(super) close: Option<(i64, &'a Closed)>,
    pub(super) has_retry_policy: bool,
    /// What is known of the last hidden attempt where no start tells it: a timeout has it as cause.
    pub(super) cause: Option<Option<RecordedFailure>>,
    /// The last instant that is known of the run.
    pub(super) until: Option<i64>,
    /// How far the clocks of hosts may differ.
    pub(super) skew: i64,
}

impl<'a> Record<'a> {
    /// `None` where the instants or the options are not recorded.
    pub(super) fn of(
        activity: &'a RecordedActivity,
        scheduled: &'a Scheduled,
        last_time: Option<RecordedTime>,
        skew: i64,
    ) -> Option<Self> {
        let options = scheduled.options.as_ref().ok()?;
        let began = scheduled.time?;
        let since = |time: RecordedTime| (time - began).div_euclid(1_000);
        let close = match activity.closes.first() {
            Some(close) => Some((since(close.time?), close)),
            None => None,
        };
        let started = activity.starts.first().map(|it| (it.time.map(since), it));
        let requests = activity.cancel_requests.iter();
        Some(Record {
            options,
            started,
            cancel_requests: requests.filter_map(|it| it.time.map(since)).collect(),
            close,
            has_retry_policy: scheduled.has_retry_policy,
            cause: activity.closes.first().and_then(|close| cause(&close.how)),
            until: last_time.map(since),
            skew,
        })
    }
}

/// The failure of the attempt before the wait that a timeout ended.
fn cause(how: &How) -> Option<Option<RecordedFailure>> {
    let How::TimedOut { failure: Some(failure), .. } = how else {
        return None;
    };
    let Some(Content::Failure(timeout)) = failure.failure.content() else {
        return None;
    };
    if timeout.cause.is_none() {
        return Some(None);
    }
    let cause = RecordedFailure {
        failure: timeout.cause.clone(),
        next_retry_delay: None,
        is_truncated: false,
        is_of_reset: false,
    };
    // Whether its worker chose a delay is not kept with it.
    let is_truncated = timeout_of_server(&cause).is_none();
    Some(Some(RecordedFailure { is_truncated, ..cause }))
}

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

struct Search<'r, 'a> {
    record: &'r Record<'a>,
    tolerated: Tolerances,
    /// How much earlier than it can be an instant may be recorded.
    slop: i64,
}

impl<'a> Search<'_, 'a> {
    fn has(&self, tolerance: Tolerance) -> bool {
        self.tolerated.has(tolerance)
    }

    fn with_start(&self, time: Option<i64>, started: &'a Started) -> Result<Explained, Refuted> {
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
        let elapsed = self.from_the_start(&mut play, time, started)?;
        let ready = self.ready_of(&hidden, self.is_made_up(started));
        let slack = time.map_or(0, |time| (time - ready).max(0));
        let hidden = self.ranges(&hidden, slack, Some(fixed));
        let many = attempt - 1;
        Ok(Explained { attempt, at_least: many, at_most: many, hidden, slack, elapsed })
    }

    /// When the attempt after these can start.
    fn ready_of(&self, hidden: &[Hidden], is_made_up: bool) -> i64 {
        let early =
            is_made_up || self.has(Tolerance::EarlyStart) || self.has(Tolerance::OperatorCommands);
        hidden.last().map_or(0, |last| if early { last.end } else { last.end + last.wait.max(0) })
    }

    /// Whether nobody polled: an activity that waited was completed by its id.
    fn is_made_up(&self, started: &Started) -> bool {
        started.is_made_up
            && matches!(self.record.close, Some((_, Closed { how: How::Completed, .. })))
    }

    /// The number of the attempt, counted from one.
    fn number(&self, started: &Started) -> Result<i64, Refuted> {
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
    fn hiding(&self, play: &Play<'_>, failure: Option<Option<&RecordedFailure>>) -> Hiding {
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
    fn chain(
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

    fn link(
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
    fn from_the_start(
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

    /// What follows a start: requests to cancel, and the close.
    fn to_the_close(&self, play: &mut Play<'_>) -> Result<Option<TimeoutType>, Refuted> {
        let asked = self.record.cancel_requests.first().copied();
        let Some((time, close)) = self.record.close else {
            if let Some(asked) = asked {
                play.until(asked);
                play.cancel();
            }
            return Ok(None);
        };
        if time + self.slop < play.now() {
            return Err(Refuted {
                rule: "H20",
                explained: format!("the start {}", at(play.now())),
                found: format!("{} {}", close.how.event(), at(time)),
                allowed: format!("a close {} at the earliest", at(play.now())),
            });
        }
        // The request may have come when the close was decided and not yet written.
        let first = asked.filter(|asked| *asked <= time + self.slop);
        let after = asked.is_none() || asked.is_some_and(|asked| time <= asked + self.slop);
        let before = first.map(|asked| {
            let mut play = play.clone();
            play.until(asked);
            play.cancel();
            self.close(&mut play, time, close).map(|elapsed| (elapsed, play))
        });
        let otherwise = after.then(|| {
            let mut play = play.clone();
            self.close(&mut play, time, close).map(|elapsed| (elapsed, play))
        });
        let (elapsed, played) = match (before, otherwise) {
            (Some(Ok(done)), _) | (_, Some(Ok(done))) => done,
            (Some(Err(refuted)), _) | (None, Some(Err(refuted))) => return Err(refuted),
            (None, None) => unreachable!("a request comes before the close or after it"),
        };
        *play = played;
        Ok(elapsed)
    }

    /// The recorded close.
    fn close(
        &self,
        play: &mut Play<'_>,
        time: i64,
        close: &'a Closed,
    ) -> Result<Option<TimeoutType>, Refuted> {
        play.until(time);
        let explained = format!("attempt {}", play.attempt());
        let refuted = |rule, allowed: String| {
            let found = format!("{}{} {}", close.how.event(), reason(&close.how), at(time));
            Err(Refuted { rule, explained: explained.clone(), found, allowed })
        };
        match &close.how {
            How::Completed => match play.complete() {
                true => Ok(None),
                false => refuted("H6", "nothing is left to complete".to_owned()),
            },
            How::Canceled { .. } => match play.respond_canceled() {
                true => Ok(None),
                false => refuted("H9", "cancellation was never requested".to_owned()),
            },
            How::Failed { failure, retry_state } => {
                let retry = match failure {
                    Some(failure) => play.retry(&failure.failure, failure.next_retry_delay),
                    None => Retryability::After(Span(play.backoff())),
                };
                if !play.fail(retry) {
                    return refuted("H6", "no attempt is running that could fail".to_owned());
                }
                self.judge_failed(play, retry_state.as_ref())
                    .or_else(|(rule, allowed)| refuted(rule, allowed))
            }
            How::TimedOut { timeout_type, retry_state, .. } => {
                let recorded = (*timeout_type, retry_state.as_ref());
                self.time_out(play, time, recorded)
                    .or_else(|(rule, allowed)| refuted(rule, allowed))
            }
        }
    }

    fn judge_failed(
        &self,
        play: &Play<'_>,
        recorded: Option<&RecordedRetryState>,
    ) -> Result<Option<TimeoutType>, (&'static str, String)> {
        match play.outcome() {
            Some(Outcome::Failed { retry_state, .. }) => {
                if self.is_retry_state(*retry_state, recorded, None) {
                    return Ok(None);
                }
                let rule = match (retry_state, recorded) {
                    (RetryState::CancelRequested, _)
                    | (_, Some(RecordedRetryState::Known(RetryState::CancelRequested))) => "H15",
                    (_, Some(RecordedRetryState::Known(RetryState::MaximumAttemptsReached))) => {
                        "H14"
                    }
                    _ => "H13",
                };
                Err((rule, format!("this failure closes with {}", retry_state.name())))
            }
            Some(other) => Err(("H6", format!("it would be {}", other.kind()))),
            None if self.has(Tolerance::OperatorCommands) => Ok(None),
            None => {
                let next = play.attempt();
                Err((
                    "H14",
                    format!("a retry: attempt {next} {} at the earliest", at(play.ready())),
                ))
            }
        }
    }

    /// Some deadline takes effect and closes the activity as it is recorded.
    fn time_out(
        &self,
        play: &mut Play<'_>,
        time: i64,
        (timeout_type, retry_state): (Option<TimeoutType>, Option<&RecordedRetryState>),
    ) -> Result<Option<TimeoutType>, (&'static str, String)> {
        let mut complaint = None;
        let candidates = TimeoutType::ALL.into_iter().filter(|it| play.deadline(*it).is_some());
        let mut candidates: Vec<_> = candidates.collect();
        candidates.sort_by_key(|it| Some(*it) != timeout_type);
        for candidate in candidates {
            let Some(deadline) = play.deadline(candidate) else { continue };
            let is_its_own = Some(candidate) == timeout_type;
            if deadline > time + self.slop && !self.has(Tolerance::OperatorCommands) {
                if is_its_own {
                    complaint.get_or_insert((
                        "H20",
                        format!(
                            "{} takes effect {} at the earliest",
                            candidate.name(),
                            at(deadline)
                        ),
                    ));
                }
                continue;
            }
            let mut trial = play.clone();
            if !trial.elapse(candidate, time.max(deadline)) {
                if is_its_own {
                    complaint.get_or_insert((
                        "H16",
                        format!("another timeout goes before {}", candidate.name()),
                    ));
                }
                continue;
            }
            match trial.outcome() {
                Some(Outcome::TimedOut { timeout_type: closes, retry_state: why, .. }) => {
                    let is_type = self.is_timeout_type(*closes, candidate, timeout_type);
                    if is_type && self.is_retry_state(*why, retry_state, Some((*closes, candidate)))
                    {
                        *play = trial;
                        return Ok(Some(candidate));
                    }
                    let rule = match (why, retry_state) {
                        _ if !is_type => "H16",
                        (RetryState::CancelRequested, _)
                        | (_, Some(RecordedRetryState::Known(RetryState::CancelRequested))) => {
                            "H15"
                        }
                        (
                            _,
                            Some(RecordedRetryState::Known(RetryState::MaximumAttemptsReached)),
                        ) => "H14",
                        _ => "H16",
                    };
                    let closes = format!("{} with {}", closes.name(), why.name());
                    complaint.get_or_insert((rule, format!("this timeout closes as {closes}")));
                }
                Some(_) => {}
                None if self.has(Tolerance::OperatorCommands) && is_its_own => {
                    *play = trial;
                    return Ok(Some(candidate));
                }
                None if is_its_own => {
                    complaint.get_or_insert((
                        "H14",
                        format!(
                            "a retry: attempt {} {} at the earliest",
                            trial.attempt(),
                            at(trial.ready())
                        ),
                    ));
                }
                None => {}
            }
        }
        let type_name = timeout_type.map_or("such", TimeoutType::name);
        Err(complaint.unwrap_or(("H16", format!("no {type_name} timeout is running"))))
    }

    /// Whether a timeout that closes is recorded so.
    fn is_timeout_type(
        &self,
        closes: TimeoutType,
        elapsed: TimeoutType,
        recorded: Option<TimeoutType>,
    ) -> bool {
        // For a time, servers kept the type of the timeout for which there was no retry any more.
        recorded == Some(closes)
            || self.has(Tolerance::ServerVersion)
                && (recorded.is_none() || recorded == Some(elapsed))
    }

    fn is_retry_state(
        &self,
        is: RetryState,
        recorded: Option<&RecordedRetryState>,
        timeout: Option<(TimeoutType, TimeoutType)>,
    ) -> bool {
        let old = self.has(Tolerance::ServerVersion);
        match recorded {
            Some(RecordedRetryState::Known(known)) if *known == is => true,
            // A schedule timeout was said not to be retryable.
            Some(RecordedRetryState::Known(RetryState::NonRetryableFailure)) => {
                let schedule = |(closes, _): (TimeoutType, TimeoutType)| {
                    matches!(closes, TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose)
                };
                old && is == RetryState::Timeout && timeout.is_some_and(schedule)
            }
            Some(RecordedRetryState::RetryPolicyNotSet) => !self.record.has_retry_policy || old,
            Some(RecordedRetryState::Known(
                RetryState::MaximumAttemptsReached | RetryState::Timeout,
            )) => self.has(Tolerance::OperatorCommands),
            Some(RecordedRetryState::Known(RetryState::CancelRequested)) => false,
            Some(RecordedRetryState::Other(_)) => false,
            None => old,
        }
    }

    /// A record without a start: how many attempts went before is not told.
    fn without_start(&self) -> Result<Explained, Refuted> {
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

    fn explained(
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
    fn is_over(&self, play: &Play<'_>) -> bool {
        let closed = self.record.close.map(|(time, _)| time).or(self.record.until);
        let asked = self.record.cancel_requests.first().copied();
        let last = closed.into_iter().chain(asked).min();
        last.is_none_or(|last| play.now() > last + self.slop)
    }

    /// So many attempts, and then the wait in which the activity is closed as it is recorded.
    fn waiting(
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
    fn raised(&self, play: &Play<'_>, last: &Hidden) -> i64 {
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

    /// The activity waits, and is closed as it is recorded.
    fn waits_until_the_close(
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
            let until = asked.or(self.record.until);
            return match until {
                Some(until) if play.now() <= until + self.slop => {
                    Ok(waiting((until - play.now()).max(0), None))
                }
                None if many == 0 => Ok(waiting(0, None)),
                Some(_) | None => Err(Refuted {
                    rule: "H20",
                    explained,
                    found: "the last event".to_owned(),
                    allowed: "nothing so early".to_owned(),
                }),
            };
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

    /// When each hidden attempt can have started and ended, and how.
    fn ranges(
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
    fn ways(&self, slack: i64) -> Vec<(Way, i64)> {
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
    fn story(
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
                self.from_the_start(&mut play, time, started).ok()?;
            }
            None => {
                let many = i64::try_from(many).ok()?;
                self.waits_until_the_close(&mut play, None, many).ok()?;
            }
        }
        Some(play.into_steps())
    }
}

/// The wait that a close ended.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// The hidden attempt before it, as early as can be.
    last: Option<Hidden>,
    /// How much later than that it ended at least.
    raised: i64,
    /// How much later it can have ended.
    slack: i64,
    /// The deadline that took effect.
    elapsed: Option<TimeoutType>,
}

/// The timeout that a failure is, if it is in the words of a server.
pub(super) fn timeout_of_server(failure: &RecordedFailure) -> Option<TimeoutType> {
    let Some(Content::Failure(failure)) = failure.failure.content() else {
        return None;
    };
    let FailureInfo::Timeout { timeout_type, .. } = failure.info else {
        return None;
    };
    let of_server = format!("activity {} timeout", timeout_type.name());
    (failure.message == of_server || failure.message.is_empty()).then_some(timeout_type)
}

/// A failure in a few words.
pub(super) fn words(failure: &RecordedFailure) -> String {
    match failure.failure.content() {
        Some(Content::Failure(failure)) => match &failure.info {
            FailureInfo::Application { type_name, non_retryable } => {
                let not = if *non_retryable { "not retryable, " } else { "" };
                format!("a failure ({not}{type_name}: {})", shortened(&failure.message))
            }
            FailureInfo::Timeout { timeout_type, .. } => {
                format!("a {} timeout", timeout_type.name())
            }
            FailureInfo::Server { .. }
            | FailureInfo::Canceled { .. }
            | FailureInfo::Terminated
            | FailureInfo::Unspecified => format!("a failure ({})", shortened(&failure.message)),
        },
        Some(Content::Data(_)) | None => "a failure without details".to_owned(),
    }
}

fn shortened(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    match line.char_indices().nth(MESSAGE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Why a close was not retried, as it is recorded.
fn reason(how: &How) -> String {
    let state = |retry_state: &Option<RecordedRetryState>| match retry_state {
        Some(RecordedRetryState::Known(known)) => format!(", {}", known.name()),
        Some(RecordedRetryState::RetryPolicyNotSet) => ", RetryPolicyNotSet".to_owned(),
        Some(RecordedRetryState::Other(other)) => format!(", {other}"),
        None => String::new(),
    };
    match how {
        How::Completed | How::Canceled { .. } => String::new(),
        How::Failed { retry_state, .. } => match state(retry_state).strip_prefix(", ") {
            Some(state) => format!(" ({state})"),
            None => String::new(),
        },
        How::TimedOut { timeout_type, retry_state, .. } => {
            let timeout = timeout_type.map_or("unknown", TimeoutType::name);
            format!(" ({timeout}{})", state(retry_state))
        }
    }
}

fn hidden_attempts(many: i64) -> String {
    if many == 1 { "1 hidden attempt".to_owned() } else { format!("{many} hidden attempts") }
}

/// An instant after the scheduling, for people.
pub(super) fn at(microseconds: i64) -> String {
    format!("at {}", time(microseconds))
}

/// A length of time, to the millisecond.
pub(super) fn time(microseconds: i64) -> String {
    Nanoseconds::from(Span(microseconds.div_euclid(MICROSECONDS))).to_string()
}

const SCHEDULED: &str = "ActivityTaskScheduled";
/// Servers cut instants to what their clocks show, and compare before they cut.
const RESOLUTION: i64 = MICROSECONDS;
/// Attempts are followed up to here.
pub(super) const MOST_ATTEMPTS: i64 = 100_000;
const MESSAGE: usize = 60;
