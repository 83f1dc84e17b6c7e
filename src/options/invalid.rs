//! Why options are refused, in our words and in Temporal's.
//! Knows what is wrong; does not know where it was written.

use super::{Field, Nanoseconds};
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

/// The rule that a request for an execution breaks; a server answers `InvalidArgument`.
#[derive(Clone, Debug, PartialEq)]
pub enum InvalidOptions {
    /// A duration is negative.
    NegativeDuration {
        /// Which.
        field: Field,
        /// As requested.
        value: Nanoseconds,
    },
    /// The coefficient is infinite or not a number; a server would let it pass.
    BackoffCoefficientNotFinite,
    /// Waits would become shorter and shorter.
    BackoffCoefficientBelowOne {
        /// As requested.
        value: f64,
    },
    /// No maximum interval is given, and a hundred times the initial interval is more than
    /// nanoseconds in 64 bits can say, about 292 years.
    DefaultMaximumIntervalOverflows {
        /// As requested.
        initial_interval: Nanoseconds,
    },
    /// The first wait would be longer than the longest.
    MaximumIntervalBelowInitialInterval {
        /// After capping.
        maximum_interval: Nanoseconds,
        /// After defaults and capping.
        initial_interval: Nanoseconds,
    },
    /// The number of attempts is negative.
    NegativeMaximumAttempts {
        /// As requested.
        value: i32,
    },
    /// An entry of the non-retryable error types names a timeout that does not exist.
    UnknownTimeoutType {
        /// What follows `TemporalTimeout:`.
        name: String,
    },
    /// Nothing bounds an attempt.
    NoCloseTimeout,
}

impl InvalidOptions {
    /// The name of the gRPC status code that a server answers with.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "InvalidArgument"
    }

    /// The option that is at fault; nothing where one is missing.
    #[must_use]
    pub fn field(&self) -> Option<Field> {
        match self {
            InvalidOptions::NegativeDuration { field, .. } => Some(*field),
            InvalidOptions::BackoffCoefficientNotFinite
            | InvalidOptions::BackoffCoefficientBelowOne { .. } => Some(Field::BackoffCoefficient),
            InvalidOptions::DefaultMaximumIntervalOverflows { .. } => Some(Field::InitialInterval),
            InvalidOptions::MaximumIntervalBelowInitialInterval { .. } => {
                Some(Field::MaximumInterval)
            }
            InvalidOptions::NegativeMaximumAttempts { .. } => Some(Field::MaximumAttempts),
            InvalidOptions::UnknownTimeoutType { .. } => Some(Field::NonRetryableErrorTypes),
            InvalidOptions::NoCloseTimeout => None,
        }
    }

    /// What a server says.
    ///
    /// To [`NoCloseTimeout`](Self::NoCloseTimeout) it adds ` ActivityId=… ActivityType=…`, which is
    /// the caller's to add. Where a server would let pass what we refuse, this is the message of
    /// the rule that ours completes.
    #[must_use]
    pub fn temporal_message(&self) -> String {
        match self {
            InvalidOptions::NegativeDuration { field, .. } => negative_duration(*field),
            InvalidOptions::DefaultMaximumIntervalOverflows { initial_interval } => {
                // The product wraps around: to a negative duration, or to one that is too short.
                if initial_interval.saturated().wrapping_mul(100) < 0 {
                    negative_duration(Field::MaximumInterval)
                } else {
                    MAXIMUM_INTERVAL_BELOW_INITIAL_INTERVAL.to_string()
                }
            }
            InvalidOptions::BackoffCoefficientNotFinite
            | InvalidOptions::BackoffCoefficientBelowOne { .. } => {
                "BackoffCoefficient cannot be less than 1 on retry policy.".to_string()
            }
            InvalidOptions::MaximumIntervalBelowInitialInterval { .. } => {
                MAXIMUM_INTERVAL_BELOW_INITIAL_INTERVAL.to_string()
            }
            InvalidOptions::NegativeMaximumAttempts { .. } => {
                "MaximumAttempts cannot be negative on retry policy.".to_string()
            }
            InvalidOptions::UnknownTimeoutType { name } => {
                format!("Invalid timeout type value: {name}.")
            }
            InvalidOptions::NoCloseTimeout => "a valid StartToCloseTimeout or \
                 ScheduleToCloseTimeout must be set on the activity."
                .to_string(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            InvalidOptions::NegativeDuration { .. } => {
                "give a duration of zero or more; zero is the same as leaving it out"
            }
            InvalidOptions::BackoffCoefficientNotFinite
            | InvalidOptions::BackoffCoefficientBelowOne { .. } => {
                "give 1 for waits of equal length, more for waits that grow; \
                 without it the coefficient is 2"
            }
            InvalidOptions::DefaultMaximumIntervalOverflows { .. } => {
                "give maximum_interval as well, or an initial_interval below 2.9 years"
            }
            InvalidOptions::MaximumIntervalBelowInitialInterval { .. } => {
                "raise maximum_interval or lower initial_interval, which is one second \
                 where it is not given"
            }
            InvalidOptions::NegativeMaximumAttempts { .. } => {
                "give the number of attempts, the first one included: 1 is no retry, 0 is unlimited"
            }
            InvalidOptions::UnknownTimeoutType { .. } => {
                "write TemporalTimeout:StartToClose or TemporalTimeout:Heartbeat; \
                 the other timeouts are never retried"
            }
            InvalidOptions::NoCloseTimeout => {
                "give start_to_close_timeout to bound each attempt, or schedule_to_close_timeout \
                 to bound all of them together"
            }
        }
    }
}

impl fmt::Display for InvalidOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidOptions::NegativeDuration { field, value } => {
                write!(f, "{field} is negative: {value}")
            }
            InvalidOptions::BackoffCoefficientNotFinite => {
                f.write_str("backoff_coefficient is not a finite number")
            }
            InvalidOptions::BackoffCoefficientBelowOne { value } => {
                write!(f, "backoff_coefficient is less than 1: {value}")
            }
            InvalidOptions::DefaultMaximumIntervalOverflows { initial_interval } => write!(
                f,
                "maximum_interval is not given, and 100 times initial_interval \
                 ({initial_interval}) is more than a duration can be"
            ),
            InvalidOptions::MaximumIntervalBelowInitialInterval {
                maximum_interval,
                initial_interval,
            } => write!(
                f,
                "maximum_interval ({maximum_interval}) is shorter than initial_interval \
                 ({initial_interval})"
            ),
            InvalidOptions::NegativeMaximumAttempts { value } => {
                write!(f, "maximum_attempts is negative: {value}")
            }
            InvalidOptions::UnknownTimeoutType { name } => {
                write!(f, "non_retryable_error_types names a timeout that does not exist: {name:?}")
            }
            InvalidOptions::NoCloseTimeout => {
                f.write_str("neither start_to_close_timeout nor schedule_to_close_timeout is given")
            }
        }
    }
}

impl core::error::Error for InvalidOptions {}

fn negative_duration(field: Field) -> String {
    let place = if field.is_of_retry_policy() { " set on retry policy" } else { "" };
    format!("invalid {}{place}: negative duration", field.temporal_name())
}

const MAXIMUM_INTERVAL_BELOW_INITIAL_INTERVAL: &str =
    "MaximumInterval cannot be less than InitialInterval on retry policy.";
