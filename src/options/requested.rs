//! What a caller asks for, before a server has a say: any value is legal here.

use super::{ActivityOptions, InvalidOptions, Nanoseconds, normalize};
use alloc::string::String;
use alloc::vec::Vec;

/// The options of a start request as they were given, and their builder.
///
/// A duration of zero is the same as none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestedOptions {
    /// Bounds each attempt, counted from its start.
    pub start_to_close_timeout: Option<Nanoseconds>,
    /// Bounds the whole chain of attempts, counted from the first dispatch.
    pub schedule_to_close_timeout: Option<Nanoseconds>,
    /// Bounds each wait for a worker, counted from the dispatch; never retried.
    pub schedule_to_start_timeout: Option<Nanoseconds>,
    /// Bounds the silence of an attempt.
    pub heartbeat_timeout: Option<Nanoseconds>,
    /// How long after scheduling the first attempt is dispatched.
    pub start_delay: Option<Nanoseconds>,
    /// How attempts are retried; without it by the defaults, without limit.
    pub retry_policy: Option<RequestedRetryPolicy>,
    /// Bounds the run of the workflow that the activity belongs to; a standalone activity has none.
    pub workflow_run_timeout: Option<Nanoseconds>,
}

/// The retry policy of a start request as it was given, and its builder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestedRetryPolicy {
    /// The wait after the first attempt.
    pub initial_interval: Option<Nanoseconds>,
    /// What each further wait is multiplied with.
    pub backoff_coefficient: Option<f64>,
    /// Bounds each wait.
    pub maximum_interval: Option<Nanoseconds>,
    /// How many attempts there may be, the first one included; zero is unlimited.
    pub maximum_attempts: Option<i32>,
    /// The types of application failures that are not retried, and timeouts as
    /// `TemporalTimeout:StartToClose` or `TemporalTimeout:Heartbeat`.
    pub non_retryable_error_types: Vec<String>,
}

impl RequestedOptions {
    /// Bounds each attempt, counted from its start.
    #[must_use]
    pub fn start_to_close_timeout(mut self, timeout: impl Into<Nanoseconds>) -> Self {
        self.start_to_close_timeout = Some(timeout.into());
        self
    }

    /// Bounds the whole chain of attempts, counted from the first dispatch.
    #[must_use]
    pub fn schedule_to_close_timeout(mut self, timeout: impl Into<Nanoseconds>) -> Self {
        self.schedule_to_close_timeout = Some(timeout.into());
        self
    }

    /// Bounds each wait for a worker, counted from the dispatch; never retried.
    #[must_use]
    pub fn schedule_to_start_timeout(mut self, timeout: impl Into<Nanoseconds>) -> Self {
        self.schedule_to_start_timeout = Some(timeout.into());
        self
    }

    /// Bounds the silence of an attempt.
    #[must_use]
    pub fn heartbeat_timeout(mut self, timeout: impl Into<Nanoseconds>) -> Self {
        self.heartbeat_timeout = Some(timeout.into());
        self
    }

    /// How long after scheduling the first attempt is dispatched.
    #[must_use]
    pub fn start_delay(mut self, delay: impl Into<Nanoseconds>) -> Self {
        self.start_delay = Some(delay.into());
        self
    }

    /// How attempts are retried.
    #[must_use]
    pub fn retry_policy(mut self, policy: RequestedRetryPolicy) -> Self {
        self.retry_policy = Some(policy);
        self
    }

    /// Bounds the run of the workflow that the activity belongs to; it then has one.
    #[must_use]
    pub fn workflow_run_timeout(mut self, timeout: impl Into<Nanoseconds>) -> Self {
        self.workflow_run_timeout = Some(timeout.into());
        self
    }

    /// What a server makes of the request.
    ///
    /// # Errors
    /// The first rule that the request breaks, in the order in which a server checks them.
    pub fn build(self) -> Result<ActivityOptions, InvalidOptions> {
        normalize::normalize(self)
    }
}

impl RequestedRetryPolicy {
    /// The wait after the first attempt.
    #[must_use]
    pub fn initial_interval(mut self, interval: impl Into<Nanoseconds>) -> Self {
        self.initial_interval = Some(interval.into());
        self
    }

    /// What each further wait is multiplied with.
    #[must_use]
    pub fn backoff_coefficient(mut self, coefficient: f64) -> Self {
        self.backoff_coefficient = Some(coefficient);
        self
    }

    /// Bounds each wait.
    #[must_use]
    pub fn maximum_interval(mut self, interval: impl Into<Nanoseconds>) -> Self {
        self.maximum_interval = Some(interval.into());
        self
    }

    /// How many attempts there may be, the first one included; zero is unlimited.
    #[must_use]
    pub fn maximum_attempts(mut self, attempts: i32) -> Self {
        self.maximum_attempts = Some(attempts);
        self
    }

    /// The types of application failures that are not retried, and timeouts as
    /// `TemporalTimeout:StartToClose` or `TemporalTimeout:Heartbeat`.
    #[must_use]
    pub fn non_retryable_error_types<T: Into<String>>(
        mut self,
        types: impl IntoIterator<Item = T>,
    ) -> Self {
        self.non_retryable_error_types = types.into_iter().map(Into::into).collect();
        self
    }
}
