//! How attempts are retried: whether at all, and after how long.
//! Knows the numbers; does not know how many attempts there were or how much time is left.

use super::RequestedRetryPolicy;
use crate::vocabulary::{Attempt, Dialect, Retryability, Span, TimeoutType};
use crate::{Content, FailureInfo, Payload};
use alloc::string::String;
use alloc::vec::Vec;
use core::hash::{Hash, Hasher};

/// The retry policy that is in force: every number is given.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    pub(super) initial_interval: Span<i64>,
    // INVARIANT: a number; without a retry (one attempt) any, else at least 1.
    pub(super) backoff_coefficient: f64,
    pub(super) maximum_interval: Span<i64>,
    pub(super) maximum_attempts: i32,
    pub(super) non_retryable_error_types: Vec<String>,
}

impl RetryPolicy {
    /// The longest wait, about 292 years: what 64 bits of nanoseconds can hold.
    pub const LONGEST_WAIT: Span<i64> = Span(i64::MAX / NANOSECONDS_PER_MILLISECOND);

    /// A request for a policy, to be filled in.
    #[must_use]
    pub fn builder() -> RequestedRetryPolicy {
        RequestedRetryPolicy::default()
    }

    /// The wait after the first attempt.
    #[must_use]
    pub fn initial_interval(&self) -> Span<i64> {
        self.initial_interval
    }

    /// What each further wait is multiplied with.
    #[must_use]
    pub fn backoff_coefficient(&self) -> f64 {
        self.backoff_coefficient
    }

    /// Bounds each wait.
    #[must_use]
    pub fn maximum_interval(&self) -> Span<i64> {
        self.maximum_interval
    }

    /// How many attempts there may be, the first one included; zero is unlimited.
    #[must_use]
    pub fn maximum_attempts(&self) -> i32 {
        self.maximum_attempts
    }

    /// The types of failures that are not retried.
    #[must_use]
    pub fn non_retryable_error_types(&self) -> &[String] {
        &self.non_retryable_error_types
    }

    /// How long the next attempt waits after attempt `failed`, to the millisecond below.
    ///
    /// The product is a server's, in floating-point nanoseconds: what is too large saturates.
    /// A policy with retries never gives zero, nor more than its maximum. From 2^53 nanoseconds on,
    /// which is 104 days, not every number has a place there: such a wait may be a millisecond
    /// shorter than the interval.
    //= models/spec.md#S5
    //# How long a backoff is, and whether a failure is retryable, follows from the policy, the
    //# attempt and the failure alone.
    #[must_use]
    pub fn backoff(&self, failed: Attempt) -> Span<i64> {
        let retries = u64::try_from(failed.0.saturating_sub(1)).unwrap_or(0);
        let initial = nanoseconds(self.initial_interval) as f64;
        let product = initial * power(self.backoff_coefficient, retries);
        // The conversion truncates and saturates; a negative product is no wait.
        let interval = (product as i64).min(nanoseconds(self.maximum_interval));
        Span(interval.max(0) / NANOSECONDS_PER_MILLISECOND)
    }

    /// The waits between the attempts that the policy allows; without end if it is unlimited.
    pub fn backoffs(&self) -> impl Iterator<Item = Span<i64>> + '_ {
        let last = match i64::from(self.maximum_attempts) {
            0 => i64::MAX,
            maximum => maximum - 1,
        };
        (1..=last).map(|failed| self.backoff(Attempt(failed)))
    }

    /// How long the next attempt waits when the failure itself may ask for a delay.
    ///
    /// A positive delay is taken as it is, also above the maximum, but never for longer than
    /// [`RetryPolicy::LONGEST_WAIT`], as in a server's arithmetic; any other is ignored.
    #[must_use]
    pub fn retry_delay(&self, failed: Attempt, next_retry_delay: Option<Span<i64>>) -> Span<i64> {
        match next_retry_delay {
            Some(delay) if delay > Span::zero() => delay.min(Self::LONGEST_WAIT),
            Some(_) | None => self.backoff(failed),
        }
    }

    /// What the machines need to know of a failure that a worker reports of attempt `failed`, and
    /// that may ask for a delay itself.
    ///
    /// In the workflow dialect a failure that is a schedule timeout is [`Retryability::TimedOut`], and a
    /// delay counts also when it is not positive: zero leaves no interval to wait, and a negative
    /// one is taken as it is, up to the same length.
    #[must_use]
    pub fn retry(
        &self,
        dialect: Dialect,
        failed: Attempt,
        failure: &Payload,
        next_retry_delay: Option<Span<i64>>,
    ) -> Retryability {
        match (dialect, next_retry_delay) {
            (Dialect::Workflow, _) if is_schedule_timeout(failure) => Retryability::TimedOut,
            _ if !self.is_retryable(failure) => Retryability::NonRetryable,
            (Dialect::Workflow, Some(delay)) if delay == Span::zero() => Retryability::NoInterval,
            (Dialect::Workflow, Some(delay)) if delay < Span::zero() => {
                Retryability::After(delay.max(Span(-Self::LONGEST_WAIT.0)))
            }
            (Dialect::Standalone | Dialect::Workflow, _) => {
                Retryability::After(self.retry_delay(failed, next_retry_delay))
            }
        }
    }

    /// Whether a failure of this kind may be retried; its causes do not matter.
    #[must_use]
    pub fn is_retryable(&self, failure: &Payload) -> bool {
        let Some(Content::Failure(failure)) = failure.content() else {
            return true;
        };
        match &failure.info {
            FailureInfo::Application { type_name, non_retryable } => {
                !non_retryable && !self.non_retryable_error_types.contains(type_name)
            }
            FailureInfo::Server { non_retryable } => !non_retryable,
            FailureInfo::Timeout { timeout_type, .. } => self.retries(*timeout_type),
            FailureInfo::Canceled { .. } | FailureInfo::Terminated => false,
            FailureInfo::Unspecified => true,
        }
    }

    /// Whether an attempt that ended by this timeout may be retried.
    #[must_use]
    pub fn retries(&self, timeout_type: TimeoutType) -> bool {
        match timeout_type {
            TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => false,
            TimeoutType::StartToClose | TimeoutType::Heartbeat => !self
                .non_retryable_error_types
                .iter()
                .any(|entry| entry.strip_prefix(TIMEOUT_PREFIX) == Some(timeout_type.name())),
        }
    }
}

/// The coefficient is a number, so a policy equals itself.
impl Eq for RetryPolicy {}

impl Hash for RetryPolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.initial_interval.hash(state);
        // Never zero: equal coefficients have equal bits.
        self.backoff_coefficient.to_bits().hash(state);
        self.maximum_interval.hash(state);
        self.maximum_attempts.hash(state);
        self.non_retryable_error_types.hash(state);
    }
}

/// Whether a worker reports a timeout that only the service can find.
fn is_schedule_timeout(failure: &Payload) -> bool {
    let Some(Content::Failure(failure)) = failure.content() else {
        return false;
    };
    match failure.info {
        FailureInfo::Timeout { timeout_type, .. } => match timeout_type {
            TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => true,
            TimeoutType::StartToClose | TimeoutType::Heartbeat => false,
        },
        FailureInfo::Application { .. }
        | FailureInfo::Server { .. }
        | FailureInfo::Canceled { .. }
        | FailureInfo::Terminated
        | FailureInfo::Unspecified => false,
    }
}

/// Whether a server knows a timeout under this name, short or as in the protocol.
pub(super) fn is_timeout_type(name: &str) -> bool {
    let long = |timeout_type| match timeout_type {
        TimeoutType::ScheduleToStart => "TIMEOUT_TYPE_SCHEDULE_TO_START",
        TimeoutType::ScheduleToClose => "TIMEOUT_TYPE_SCHEDULE_TO_CLOSE",
        TimeoutType::StartToClose => "TIMEOUT_TYPE_START_TO_CLOSE",
        TimeoutType::Heartbeat => "TIMEOUT_TYPE_HEARTBEAT",
    };
    TimeoutType::ALL
        .into_iter()
        .any(|timeout_type| name == timeout_type.name() || name == long(timeout_type))
}

fn nanoseconds(span: Span<i64>) -> i64 {
    span.0.saturating_mul(NANOSECONDS_PER_MILLISECOND)
}

/// `base` to the power of `exponent` by repeated squaring, lowest bit first.
///
/// Go's `math.Pow` rounds in exactly these places, hence the same bits.
fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut product = 1.0;
    loop {
        if exponent & 1 == 1 {
            product *= base;
        }
        exponent >>= 1;
        if exponent == 0 {
            return product;
        }
        base *= base;
    }
}

/// What an entry of the non-retryable error types begins with that means a timeout.
pub(super) const TIMEOUT_PREFIX: &str = "TemporalTimeout:";

const NANOSECONDS_PER_MILLISECOND: i64 = 1_000_000;
