//! One case that a rule judges: options of which everything is assumed, with what was declared.
//! Says what effective options mean in words; judges nothing.

use super::condition::{self, Outcome};
use super::fix::{Fixed, Way};
use super::known::{Known, KnownOptions, LONGEST, Setting};
use super::{Severity, Subject};
use crate::Backoffs;
use activity_execution::ActivityOptions;
use activity_execution::options::{Field, InvalidOptions, Nanoseconds};
use activity_execution::vocabulary::{Span, TimeoutType};

/// What is known of an activity besides its options.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Declared {
    /// After how long the workflow around it is ended.
    pub run_timeout: Option<Nanoseconds>,
    /// How often the function heartbeats.
    pub heartbeats_every: Option<Nanoseconds>,
    /// Whether it may run in a session, whose own heartbeats notice a dead worker.
    pub may_run_in_session: bool,
    /// Whether the code counts on the function being told of a cancel.
    pub waits_for_cancellation: bool,
}

/// Where rules draw a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Thresholds {
    /// How long an attempt may take without heartbeats.
    pub no_heartbeat: Nanoseconds,
    /// How much of the whole time, in percent, may be left when no further attempt fits.
    pub gives_up_early: u8,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds { no_heartbeat: Nanoseconds(600_000_000_000), gives_up_early: 25 }
    }
}

/// Who judges one kind of case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge {
    /// The options that it reads: it sees no other.
    pub(super) reads: &'static [Field],
    /// Those of them without which it has nothing to say.
    pub(super) needs: &'static [Field],
    /// Whether it says nothing of what is not certain.
    pub(super) is_certain_only: bool,
    /// What it says.
    pub(super) says: Says,
}

/// What a judge looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    /// Options that a server accepts.
    Accepted(fn(&Case<'_>) -> Option<Verdict>),
    /// Why a server refuses them.
    Refused(fn(&InvalidOptions) -> Option<Verdict>),
}

/// What a judge says of one case.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict {
    pub(super) message: String,
    pub(super) severity: Option<Severity>,
    /// What no option tells and what makes it untrue.
    pub(super) unless: Option<&'static str>,
    pub(super) marks: Vec<(Field, String)>,
    pub(super) help: Vec<String>,
    pub(super) fix: Option<(Fixed, Way)>,
}

/// Options that a server accepts, as far as a judge reads them.
#[derive(Debug)]
pub(super) struct Case<'a> {
    /// What is in force.
    pub(super) options: ActivityOptions,
    /// What is assumed to be requested.
    pub(super) assumed: KnownOptions,
    /// What is known, before anything is assumed.
    pub(super) known: &'a KnownOptions,
    pub(super) declared: &'a Declared,
    pub(super) thresholds: &'a Thresholds,
}

impl Judge {
    /// What it says, whatever is unknown.
    pub(super) fn outcome(&self, subject: &Subject<'_>) -> Outcome {
        if self.needs.iter().any(|field| !subject.known.is_known(*field)) {
            return Outcome::Silent;
        }
        let outcome = condition::outcome(&subject.known.only(self.reads), self.reads, |assumed| {
            self.judge(subject, assumed)
        });
        match outcome {
            Outcome::Fires { condition: Some(_), .. } if self.is_certain_only => Outcome::Silent,
            outcome => outcome,
        }
    }

    /// One that judges options that a server accepts.
    pub(super) const fn new(
        reads: &'static [Field],
        needs: &'static [Field],
        says: fn(&Case<'_>) -> Option<Verdict>,
    ) -> Self {
        Judge { reads, needs, is_certain_only: false, says: Says::Accepted(says) }
    }

    /// What it says of one case; an error if a server does not accept it and that is not the point.
    fn judge(
        &self,
        subject: &Subject<'_>,
        assumed: KnownOptions,
    ) -> Result<Option<Verdict>, InvalidOptions> {
        let mut requested = assumed.clone();
        // What is not read has to make a difference to nothing, not to what is refused either.
        let longest = Known::Given(Setting::Duration(Nanoseconds(LONGEST)));
        for field in [Field::StartToCloseTimeout, Field::MaximumInterval] {
            if !self.reads.contains(&field) {
                requested.set(field, longest.clone());
            }
        }
        match (requested.requested().build(), self.says) {
            (Err(error), Says::Refused(says)) => Ok(says(&error)),
            (Ok(_), Says::Refused(_)) => Ok(None),
            (Err(error), Says::Accepted(_)) => Err(error),
            (Ok(options), Says::Accepted(says)) => Ok(says(&Case {
                options: options.in_dialect(subject.dialect),
                assumed,
                known: subject.known,
                declared: subject.declared,
                thresholds: subject.thresholds,
            })),
        }
    }
}

impl Verdict {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Verdict { message: message.into(), ..Verdict::default() }
    }

    pub(super) fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    pub(super) fn mark(mut self, field: Field, label: impl Into<String>) -> Self {
        self.marks.push((field, label.into()));
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub(super) fn fix(mut self, field: Field, way: Way) -> Self {
        self.fix = Some((Fixed::Option(field), way));
        self
    }
}

/// A chain in which every attempt falls silent as soon as it starts.
#[derive(Clone, Debug)]
pub(super) struct Silent {
    /// How long an attempt takes until it is timed out.
    pub(super) lasts: Span,
    /// The timeout that notices it.
    pub(super) timeout: TimeoutType,
    /// The attempts.
    pub(super) attempts: Backoffs,
}

impl Case<'_> {
    /// Whether an option is given, here or in all cases.
    pub(super) fn is_given(&self, field: Field) -> bool {
        self.assumed.is_given(field)
    }

    /// How many attempts there may be, if that is limited.
    pub(super) fn maximum_attempts(&self) -> Option<i64> {
        Some(i64::from(self.options.retry_policy().maximum_attempts())).filter(|it| *it > 0)
    }

    /// What happens if every attempt falls silent; nothing if silence is not retried.
    pub(super) fn silent(&self) -> Option<Silent> {
        silent(&self.options)
    }

    /// A duration that is in force.
    pub(super) fn duration(&self, field: Field) -> String {
        let options = &self.options;
        let (zero, policy) = (Span(0), options.retry_policy());
        let span = match field {
            Field::StartToCloseTimeout => options.start_to_close_timeout(),
            Field::ScheduleToCloseTimeout => options.schedule_to_close_timeout().unwrap_or(zero),
            Field::ScheduleToStartTimeout => options.schedule_to_start_timeout().unwrap_or(zero),
            Field::HeartbeatTimeout => options.heartbeat_timeout().unwrap_or(zero),
            Field::StartDelay => options.start_delay(),
            Field::InitialInterval => policy.initial_interval(),
            Field::MaximumInterval => policy.maximum_interval(),
            Field::BackoffCoefficient | Field::MaximumAttempts | Field::NonRetryableErrorTypes => {
                zero
            }
        };
        span_text(span)
    }
}

/// What happens if every attempt falls silent; nothing if silence is not retried.
pub(super) fn silent(options: &ActivityOptions) -> Option<Silent> {
    let start_to_close = (options.start_to_close_timeout(), TimeoutType::StartToClose);
    let heartbeat = options.heartbeat_timeout().map(|timeout| (timeout, TimeoutType::Heartbeat));
    let (lasts, timeout) = match heartbeat {
        Some(heartbeat) if heartbeat.0 < start_to_close.0 => heartbeat,
        Some(_) | None => start_to_close,
    };
    let retries = options.retry_policy().retries(timeout);
    retries.then(|| Silent { lasts, timeout, attempts: Backoffs::lasting(options, lasts) })
}

/// A duration in words.
pub(super) fn span_text(span: Span) -> String {
    Nanoseconds::from(span).to_string()
}

/// A duration in words that may be longer than a span.
pub(super) fn milliseconds_text(milliseconds: i128) -> String {
    Nanoseconds(milliseconds * super::known::MILLISECOND).to_string()
}
