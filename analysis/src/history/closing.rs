//! The close as it is recorded: which call or which deadline can have brought it about.

use super::play::Play;
use super::search::{Refuted, Search};
use super::tolerance::Tolerance;
use super::words::{at, reason};
use activity_execution::history::{Closed, How, RecordedRetryState};
use activity_execution::vocabulary::{Outcome, RetryState, Retryability, Span, TimeoutType};

impl<'a> Search<'_, 'a> {
    /// What follows a start: requests to cancel, and the close.
    pub(super) fn to_the_close(&self, play: &mut Play<'_>) -> Result<Option<TimeoutType>, Refuted> {
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
    pub(super) fn close(
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
                let failure = failure.as_ref().map(|it| it.failure.clone()).unwrap_or_default();
                if !play.fail(failure, retry) {
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

    pub(super) fn judge_failed(
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
    pub(super) fn time_out(
        &self,
        play: &mut Play<'_>,
        time: i64,
        recorded: RecordedTimeout<'_>,
    ) -> Result<Option<TimeoutType>, (&'static str, String)> {
        let mut complaint = None;
        let armed = TimeoutType::ALL.into_iter();
        let mut armed: Vec<_> = armed.filter_map(|it| Some((it, play.deadline(it)?))).collect();
        armed.sort_by_key(|(it, _)| Some(*it) != recorded.0);
        for (elapses, deadline) in armed {
            let is_its_own = Some(elapses) == recorded.0;
            let mut trial = play.clone();
            match self.elapses(&mut trial, time, (elapses, deadline), recorded) {
                Ok(()) => {
                    *play = trial;
                    return Ok(Some(elapses));
                }
                Err(why) if is_its_own || why.0 == "H15" || why.0 == "H14" => {
                    complaint.get_or_insert(why);
                }
                Err(_) => {}
            }
        }
        let type_name = recorded.0.map_or("such", TimeoutType::name);
        Err(complaint.unwrap_or(("H16", format!("no {type_name} timeout is running"))))
    }

    /// A deadline takes effect and closes the activity as it is recorded.
    fn elapses(
        &self,
        play: &mut Play<'_>,
        time: i64,
        (elapses, deadline): (TimeoutType, i64),
        (timeout_type, retry_state): RecordedTimeout<'_>,
    ) -> Result<(), (&'static str, String)> {
        let name = elapses.name();
        let operated = self.has(Tolerance::OperatorCommands);
        if deadline > time + self.slop && !operated {
            return Err(("H20", format!("{name} takes effect {} at the earliest", at(deadline))));
        }
        if !play.elapse(elapses, time.max(deadline)) {
            return Err(("H16", format!("another timeout goes before {name}")));
        }
        match play.outcome() {
            Some(Outcome::TimedOut { timeout_type: closes, retry_state: why, .. }) => {
                let is_type = self.is_timeout_type(*closes, elapses, timeout_type);
                if is_type && self.is_retry_state(*why, retry_state, Some((*closes, elapses))) {
                    return Ok(());
                }
                let known = |is: RetryState| retry_state == Some(&RecordedRetryState::Known(is));
                let rule = if !is_type {
                    "H16"
                } else if *why == RetryState::CancelRequested || known(RetryState::CancelRequested)
                {
                    "H15"
                } else if known(RetryState::MaximumAttemptsReached) {
                    "H14"
                } else {
                    "H16"
                };
                let closes = format!("{} with {}", closes.name(), why.name());
                Err((rule, format!("this timeout closes as {closes}")))
            }
            None if operated && Some(elapses) == timeout_type => Ok(()),
            None => {
                let (next, ready) = (play.attempt(), at(play.ready()));
                Err(("H14", format!("a retry: attempt {next} {ready} at the earliest")))
            }
            Some(other) => Err(("H16", format!("it would be {}", other.kind()))),
        }
    }

    /// Whether a timeout that closes is recorded so.
    pub(super) fn is_timeout_type(
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

    pub(super) fn is_retry_state(
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
            Some(RecordedRetryState::RetryPolicyNotSet) => !self.record.has_retry_policy,
            Some(RecordedRetryState::Known(
                RetryState::MaximumAttemptsReached | RetryState::Timeout,
            )) => self.has(Tolerance::OperatorCommands),
            Some(RecordedRetryState::Known(RetryState::CancelRequested)) => false,
            Some(RecordedRetryState::Other(_)) => false,
            None => old,
        }
    }
}

/// Which timeout is recorded, and why it was not retried.
type RecordedTimeout<'r> = (Option<TimeoutType>, Option<&'r RecordedRetryState>);
