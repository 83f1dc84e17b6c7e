//! The options of an execution, parsed once: nothing downstream validates.
//!
//! A request may say anything; [`ActivityOptions`] are what a server makes of it, together with
//! every change on the way. Does not know the machines, which see only [`ExecutionOptions`].

mod change;
mod effective;
mod invalid;
mod nanoseconds;
mod normalize;
mod requested;
mod retry_policy;

pub use change::{Change, Field, Rule, Value};
pub use effective::{EffectiveOptions, EffectiveRetryPolicy, NotEffective};
pub use invalid::InvalidOptions;
pub use nanoseconds::Nanoseconds;
pub use requested::{RequestedOptions, RequestedRetryPolicy};
pub use retry_policy::RetryPolicy;

use crate::Payload;
use crate::vocabulary::{Attempt, Dialect, ExecutionOptions, Retryability, Span, TimeoutType};
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// The options that are in force, normalised as a server does for a standalone activity; for one
/// of a workflow it does the same, and bounds every timeout by that of the workflow's run.
///
/// Two are equal when the same is in force, whatever was requested.
///
/// ```
/// use activity_execution::options::{ActivityOptions, RetryPolicy};
/// use activity_execution::vocabulary::{Attempt, Span};
/// use core::time::Duration;
///
/// let options = ActivityOptions::builder()
///     .schedule_to_close_timeout(Duration::from_secs(60))
///     .heartbeat_timeout(Duration::from_secs(90))
///     .retry_policy(RetryPolicy::builder().initial_interval(Span(500)).maximum_attempts(4))
///     .build()?;
///
/// assert_eq!(options.start_to_close_timeout(), Span(60_000));
/// assert_eq!(options.backoff(Attempt(3)), Span(2_000));
/// let clipped = "heartbeat_timeout 1m 30s → 1m: never longer than start_to_close_timeout";
/// assert!(options.changes().iter().any(|change| change.to_string() == clipped));
/// # Ok::<(), activity_execution::options::InvalidOptions>(())
/// ```
#[derive(Clone, Debug)]
pub struct ActivityOptions {
    effective: Effective,
    // INVARIANT: the numbers of `effective`; kept, for every call needs them.
    execution_options: ExecutionOptions<i64>,
    changes: Vec<Change>,
    requested: RequestedOptions,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Effective {
    dialect: Dialect,
    start_to_close_timeout: Span<i64>,
    schedule_to_close_timeout: Option<Span<i64>>,
    schedule_to_start_timeout: Option<Span<i64>>,
    heartbeat_timeout: Option<Span<i64>>,
    start_delay: Span<i64>,
    retry_policy: RetryPolicy,
    workflow_run_timeout: Option<Span<i64>>,
}

impl ActivityOptions {
    /// What every duration is capped at: a hundred years of 365 days.
    pub const LONGEST_DURATION: Span<i64> = Span(100 * 365 * 24 * 3_600 * 1_000);

    /// A request, to be filled in.
    #[must_use]
    pub fn builder() -> RequestedOptions {
        RequestedOptions::default()
    }

    /// The same options for an execution that follows the rules of this dialect; those of the
    /// standalone one otherwise.
    #[must_use]
    pub fn in_dialect(mut self, dialect: Dialect) -> Self {
        self.effective.dialect = dialect;
        self.execution_options.dialect = dialect;
        self
    }

    /// Whose rules the execution follows.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.effective.dialect
    }

    /// Bounds each attempt, counted from its start.
    #[must_use]
    pub fn start_to_close_timeout(&self) -> Span<i64> {
        self.effective.start_to_close_timeout
    }

    /// Bounds the whole chain, counted from the first dispatch; `None` is unbounded.
    #[must_use]
    pub fn schedule_to_close_timeout(&self) -> Option<Span<i64>> {
        self.effective.schedule_to_close_timeout
    }

    /// Bounds the wait for a worker, counted from each dispatch; `None` is unbounded.
    #[must_use]
    pub fn schedule_to_start_timeout(&self) -> Option<Span<i64>> {
        self.effective.schedule_to_start_timeout
    }

    /// Bounds the silence of an attempt; `None` is disabled.
    #[must_use]
    pub fn heartbeat_timeout(&self) -> Option<Span<i64>> {
        self.effective.heartbeat_timeout
    }

    /// How long after scheduling the first attempt is dispatched.
    #[must_use]
    pub fn start_delay(&self) -> Span<i64> {
        self.effective.start_delay
    }

    /// How attempts are retried.
    #[must_use]
    pub fn retry_policy(&self) -> &RetryPolicy {
        &self.effective.retry_policy
    }

    /// Bounds the run of the workflow that the activity belongs to, counted from the beginning of
    /// that run; `None` is unbounded, or no workflow.
    #[must_use]
    pub fn workflow_run_timeout(&self) -> Option<Span<i64>> {
        self.effective.workflow_run_timeout
    }

    /// What normalisation changed, in the order in which it did.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// What was asked for.
    #[must_use]
    pub fn requested(&self) -> &RequestedOptions {
        &self.requested
    }

    /// The numbers that the machines need.
    #[must_use]
    pub fn terms(&self) -> ExecutionOptions<i64> {
        self.execution_options
    }

    /// The numbers that the machines need, where they are kept.
    #[inline]
    #[must_use]
    pub fn execution_options(&self) -> &ExecutionOptions<i64> {
        &self.execution_options
    }

    /// As [`RetryPolicy::backoff`].
    #[must_use]
    pub fn backoff(&self, failed: Attempt) -> Span<i64> {
        self.retry_policy().backoff(failed)
    }

    /// As [`RetryPolicy::backoffs`].
    pub fn backoffs(&self) -> impl Iterator<Item = Span<i64>> + '_ {
        self.retry_policy().backoffs()
    }

    /// As [`RetryPolicy::retry_delay`].
    #[must_use]
    pub fn retry_delay(&self, failed: Attempt, next_retry_delay: Option<Span<i64>>) -> Span<i64> {
        self.retry_policy().retry_delay(failed, next_retry_delay)
    }

    /// As [`RetryPolicy::retry`], in the dialect of these options.
    #[must_use]
    pub fn retry(
        &self,
        failed: Attempt,
        failure: &Payload,
        next_retry_delay: Option<Span<i64>>,
    ) -> Retryability {
        self.retry_policy().retry(self.dialect(), failed, failure, next_retry_delay)
    }

    /// As [`RetryPolicy::is_retryable`].
    #[must_use]
    pub fn is_retryable(&self, failure: &Payload) -> bool {
        self.retry_policy().is_retryable(failure)
    }
}

impl Effective {
    fn execution_options(&self) -> ExecutionOptions<i64> {
        let policy = &self.retry_policy;
        let maximum_attempts = i64::from(policy.maximum_attempts);
        ExecutionOptions {
            dialect: self.dialect,
            maximum_attempts: (maximum_attempts > 0).then_some(Attempt(maximum_attempts)),
            schedule_to_close_timeout: self.schedule_to_close_timeout,
            schedule_to_start_timeout: self.schedule_to_start_timeout,
            start_to_close_timeout: self.start_to_close_timeout,
            heartbeat_timeout: self.heartbeat_timeout,
            start_delay: self.start_delay,
            retries_start_to_close: policy.retries(TimeoutType::StartToClose),
            retries_heartbeat: policy.retries(TimeoutType::Heartbeat),
        }
    }
}

impl PartialEq for ActivityOptions {
    fn eq(&self, other: &Self) -> bool {
        self.effective == other.effective
    }
}

impl Eq for ActivityOptions {}

impl Hash for ActivityOptions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.effective.hash(state);
    }
}
