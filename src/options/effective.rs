//! Options as they are in force, part by part, and back without being normalised again.
//! Checks that they can be in force; changes nothing.

use super::retry_policy::{TIMEOUT_PREFIX, is_timeout_type};
use super::{
    ActivityOptions, Effective, Field, RequestedOptions, RequestedRetryPolicy, RetryPolicy,
};
use crate::vocabulary::{Dialect, Span};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// The parts of [`ActivityOptions`] that are in force: what is to be stored of them.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveOptions {
    /// Whose rules the execution follows.
    pub dialect: Dialect,
    /// Bounds each attempt, counted from its start.
    pub start_to_close_timeout: Span,
    /// Bounds the whole chain, counted from the first dispatch; `None` is unbounded.
    pub schedule_to_close_timeout: Option<Span>,
    /// Bounds the wait for a worker, counted from each dispatch; `None` is unbounded.
    pub schedule_to_start_timeout: Option<Span>,
    /// Bounds the silence of an attempt; `None` is disabled.
    pub heartbeat_timeout: Option<Span>,
    /// How long after scheduling the first attempt is dispatched.
    pub start_delay: Span,
    /// How attempts are retried.
    pub retry_policy: EffectiveRetryPolicy,
    /// Bounds the run of the workflow that schedules the activity; `None` where there is none.
    pub workflow_run_timeout: Option<Span>,
}

/// The parts of a [`RetryPolicy`] that are in force.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveRetryPolicy {
    /// The wait after the first attempt.
    pub initial_interval: Span,
    /// What each further wait is multiplied with.
    pub backoff_coefficient: f64,
    /// Bounds each wait.
    pub maximum_interval: Span,
    /// How many attempts there may be, the first one included; zero is unlimited.
    pub maximum_attempts: i32,
    /// The types of failures that are not retried.
    pub non_retryable_error_types: Vec<String>,
}

/// Why options cannot be in force: no request is normalised to them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct NotEffective {
    /// The option that is wrong, by the name of its field.
    pub field: &'static str,
    /// What an option in force is.
    pub rule: &'static str,
}

impl ActivityOptions {
    /// What is in force, part by part.
    #[must_use]
    pub fn effective(&self) -> EffectiveOptions {
        let policy = self.retry_policy();
        EffectiveOptions {
            dialect: self.dialect(),
            start_to_close_timeout: self.start_to_close_timeout(),
            schedule_to_close_timeout: self.schedule_to_close_timeout(),
            schedule_to_start_timeout: self.schedule_to_start_timeout(),
            heartbeat_timeout: self.heartbeat_timeout(),
            start_delay: self.start_delay(),
            retry_policy: EffectiveRetryPolicy {
                initial_interval: policy.initial_interval,
                backoff_coefficient: policy.backoff_coefficient,
                maximum_interval: policy.maximum_interval,
                maximum_attempts: policy.maximum_attempts,
                non_retryable_error_types: policy.non_retryable_error_types.clone(),
            },
            workflow_run_timeout: self.workflow_run_timeout(),
        }
    }

    /// The options that have this in force; nothing is normalised.
    ///
    /// There are no [`changes`](Self::changes), and what is in force is taken for what was
    /// [`requested`](Self::requested).
    ///
    /// # Errors
    /// The first option that cannot be in force.
    ///
    /// ```
    /// use activity_execution::ActivityOptions;
    /// use core::time::Duration;
    ///
    /// let options = ActivityOptions::builder().start_to_close_timeout(Duration::from_secs(5)).build()?;
    /// let mut parts = options.effective();
    /// assert_eq!(ActivityOptions::from_effective(parts.clone())?, options);
    /// parts.heartbeat_timeout = Some(parts.start_to_close_timeout + parts.start_to_close_timeout);
    /// let error = ActivityOptions::from_effective(parts).unwrap_err();
    /// assert_eq!(error.to_string(), "heartbeat_timeout is not in force: it is never longer than start_to_close_timeout");
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn from_effective(parts: EffectiveOptions) -> Result<Self, NotEffective> {
        parts.check()?;
        parts.retry_policy.check()?;
        let requested = parts.requested();
        let policy = parts.retry_policy;
        let effective = Effective {
            dialect: parts.dialect,
            start_to_close_timeout: parts.start_to_close_timeout,
            schedule_to_close_timeout: parts.schedule_to_close_timeout,
            schedule_to_start_timeout: parts.schedule_to_start_timeout,
            heartbeat_timeout: parts.heartbeat_timeout,
            start_delay: parts.start_delay,
            retry_policy: RetryPolicy {
                initial_interval: policy.initial_interval,
                backoff_coefficient: policy.backoff_coefficient,
                maximum_interval: policy.maximum_interval,
                maximum_attempts: policy.maximum_attempts,
                non_retryable_error_types: policy.non_retryable_error_types,
            },
            workflow_run_timeout: parts.workflow_run_timeout,
        };
        let execution_options = effective.execution_options();
        Ok(ActivityOptions { effective, execution_options, changes: Vec::new(), requested })
    }
}

impl EffectiveOptions {
    fn check(&self) -> Result<(), NotEffective> {
        let positive = |span: Option<Span>| {
            span.is_none_or(|it| it > Span(0) && it <= ActivityOptions::LONGEST_DURATION)
        };
        let timeouts = [
            (Field::StartToCloseTimeout, Some(self.start_to_close_timeout)),
            (Field::ScheduleToCloseTimeout, self.schedule_to_close_timeout),
            (Field::ScheduleToStartTimeout, self.schedule_to_start_timeout),
            (Field::HeartbeatTimeout, self.heartbeat_timeout),
        ];
        for (field, timeout) in timeouts {
            must(positive(timeout), field, "a timeout is positive and a hundred years at most")?;
        }
        if !positive(self.workflow_run_timeout) {
            let rule = "a run lasts a hundred years at most, and longer than nothing";
            return Err(NotEffective { field: "workflow_run_timeout", rule });
        }
        let delays = Span(0)..=ActivityOptions::LONGEST_DURATION;
        let is_delay = delays.contains(&self.start_delay);
        must(is_delay, Field::StartDelay, "a delay is zero to a hundred years")?;
        let longest = Some(self.start_to_close_timeout);
        must(
            self.heartbeat_timeout <= longest,
            Field::HeartbeatTimeout,
            "it is never longer than start_to_close_timeout",
        )?;
        let Some(total) = self.schedule_to_close_timeout else {
            return Ok(());
        };
        let rule = "where schedule_to_close_timeout is given, it is never longer than that";
        must(self.start_to_close_timeout <= total, Field::StartToCloseTimeout, rule)?;
        let is_within = self.schedule_to_start_timeout.is_some_and(|it| it <= total);
        must(is_within, Field::ScheduleToStartTimeout, rule)
    }

    /// The request that is normalised to this, if any is.
    fn requested(&self) -> RequestedOptions {
        let policy = &self.retry_policy;
        RequestedOptions {
            start_to_close_timeout: Some(self.start_to_close_timeout.into()),
            schedule_to_close_timeout: self.schedule_to_close_timeout.map(Into::into),
            schedule_to_start_timeout: self.schedule_to_start_timeout.map(Into::into),
            heartbeat_timeout: self.heartbeat_timeout.map(Into::into),
            start_delay: Some(self.start_delay.into()),
            retry_policy: Some(RequestedRetryPolicy {
                initial_interval: Some(policy.initial_interval.into()),
                backoff_coefficient: Some(policy.backoff_coefficient),
                maximum_interval: Some(policy.maximum_interval.into()),
                maximum_attempts: Some(policy.maximum_attempts),
                non_retryable_error_types: policy.non_retryable_error_types.clone(),
            }),
            workflow_run_timeout: self.workflow_run_timeout.map(Into::into),
        }
    }
}

impl EffectiveRetryPolicy {
    fn check(&self) -> Result<(), NotEffective> {
        let coefficient = self.backoff_coefficient;
        let is_number = coefficient.is_finite() && coefficient != 0.0;
        must(is_number, Field::BackoffCoefficient, "it is finite, and not zero")?;
        // Without a retry, nothing else is asked of a policy.
        if self.maximum_attempts == 1 {
            return Ok(());
        }
        let longest = ActivityOptions::LONGEST_DURATION;
        let is_initial = self.initial_interval > Span(0) && self.initial_interval <= longest;
        must(is_initial, Field::InitialInterval, "it is positive and a hundred years at most")?;
        must(coefficient >= 1.0, Field::BackoffCoefficient, "it is at least 1")?;
        let maxima = self.initial_interval..=longest;
        must(
            maxima.contains(&self.maximum_interval),
            Field::MaximumInterval,
            "it is not shorter than initial_interval, and a hundred years at most",
        )?;
        must(self.maximum_attempts >= 0, Field::MaximumAttempts, "it is not negative")?;
        let mut timeouts =
            self.non_retryable_error_types.iter().filter_map(|it| it.strip_prefix(TIMEOUT_PREFIX));
        must(
            timeouts.all(is_timeout_type),
            Field::NonRetryableErrorTypes,
            "after TemporalTimeout: comes a timeout, StartToClose or Heartbeat",
        )
    }
}

impl fmt::Display for NotEffective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not in force: {}", self.field, self.rule)
    }
}

impl core::error::Error for NotEffective {}

fn must(holds: bool, field: Field, rule: &'static str) -> Result<(), NotEffective> {
    if holds { Ok(()) } else { Err(NotEffective { field: field.name(), rule }) }
}
