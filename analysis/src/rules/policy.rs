//! Rules about retry policies: intervals that never come, and errors that never match.

use super::case::{Case, Judge, Verdict, span_text};
use crate::Backoffs;
use activity_execution::options::Field;
use activity_execution::vocabulary::{Span, TimeoutType};

const WAITS: &[Field] = &[
    Field::ScheduleToCloseTimeout,
    Field::InitialInterval,
    Field::BackoffCoefficient,
    Field::MaximumInterval,
    Field::MaximumAttempts,
];

pub(super) const MAX_INTERVAL_UNREACHABLE: &[Judge] = &[Judge::new(
    WAITS,
    &[Field::MaximumInterval, Field::MaximumAttempts, Field::InitialInterval],
    max_interval_unreachable,
)];

pub(super) const MAX_INTERVAL_IMPLICIT: &[Judge] =
    &[Judge::new(WAITS, WAITS, max_interval_implicit)];

pub(super) const COEFFICIENT_1_FOREVER: &[Judge] =
    &[Judge::new(WAITS, WAITS, coefficient_1_forever)];

const NAMES: &[Field] = &[Field::NonRetryableErrorTypes, Field::MaximumAttempts];

pub(super) const NON_RETRYABLE_UNKNOWN: &[Judge] =
    &[Judge::new(NAMES, NAMES, non_retryable_unknown)];

pub(super) const TIMEOUT_TYPE_NON_RETRYABLE: &[Judge] =
    &[Judge::new(NAMES, NAMES, timeout_type_non_retryable)];

fn max_interval_unreachable(case: &Case<'_>) -> Option<Verdict> {
    let policy = case.options.retry_policy();
    if policy.maximum_attempts() == 1 || !case.is_given(Field::MaximumInterval) {
        return None;
    }
    let attempts = Backoffs::of(&case.options);
    let longest = Span(attempts.longest_wait()?);
    if longest >= policy.maximum_interval() {
        return None;
    }
    let until = match case.maximum_attempts() {
        _ if policy.backoff_coefficient() <= 1.0 => "every wait".to_owned(),
        Some(attempts) => format!("the longest wait between {attempts} attempts"),
        None => "the longest wait before schedule_to_close_timeout".to_owned(),
    };
    let message = format!(
        "maximum_interval ({}) is never reached: {until} is {}",
        case.duration(Field::MaximumInterval),
        span_text(longest)
    );
    let verdict = Verdict::new(message).mark(Field::MaximumInterval, "makes no difference");
    Some(verdict.help("leave it out, or allow for more attempts if waits are meant to grow so far"))
}

fn max_interval_implicit(case: &Case<'_>) -> Option<Verdict> {
    let policy = case.options.retry_policy();
    if policy.maximum_attempts() == 1 || case.is_given(Field::MaximumInterval) {
        return None;
    }
    let longest = Span(Backoffs::of(&case.options).longest_wait()?);
    if longest < policy.maximum_interval() {
        return None;
    }
    let message = format!(
        "waits grow to {}: without maximum_interval it is 100 times initial_interval ({})",
        span_text(longest),
        case.duration(Field::InitialInterval)
    );
    Some(Verdict::new(message).mark(Field::InitialInterval, "the first wait"))
}

fn coefficient_1_forever(case: &Case<'_>) -> Option<Verdict> {
    let policy = case.options.retry_policy();
    let is_bounded =
        policy.maximum_attempts() > 0 || case.options.schedule_to_close_timeout().is_some();
    if is_bounded || policy.backoff_coefficient() > 1.0 {
        return None;
    }
    let message = format!(
        "retries come every {} without end: waits do not grow, and nothing bounds the attempts",
        case.duration(Field::InitialInterval)
    );
    Some(Verdict::new(message).mark(Field::BackoffCoefficient, "waits do not grow"))
}

/// Whether a non-retryable error type is a name that no error has: an empty one, or one that is
/// meant for a timeout of the service, whose names are others.
pub(crate) fn no_error_is_named(name: &str) -> bool {
    let name = name.trim();
    let is_timeout = |timeout: &TimeoutType| name.trim_end_matches("Timeout") == timeout.name();
    name.is_empty()
        || TimeoutType::ALL.iter().any(is_timeout)
        || matches!(name, "Timeout" | "TimeoutError" | "TimeoutFailure" | "ActivityTimeout")
}

fn non_retryable_unknown(case: &Case<'_>) -> Option<Verdict> {
    let policy = case.options.retry_policy();
    let is_wrong = |name: &&String| no_error_is_named(name);
    let name = policy.non_retryable_error_types().iter().find(is_wrong)?;
    let message = if name.trim().is_empty() {
        "an empty name matches no error".to_owned()
    } else {
        format!("{name:?} matches no timeout of the service, only an error of this type")
    };
    let verdict = Verdict::new(message).mark(Field::NonRetryableErrorTypes, "this name");
    Some(verdict.help(
        "a timeout is TemporalTimeout:StartToClose or TemporalTimeout:Heartbeat; \
         an error is named by its type alone",
    ))
}

fn timeout_type_non_retryable(case: &Case<'_>) -> Option<Verdict> {
    let policy = case.options.retry_policy();
    if policy.maximum_attempts() == 1 {
        return None;
    }
    let is_named = |timeout: &TimeoutType| !policy.retries(*timeout);
    let named = [TimeoutType::StartToClose, TimeoutType::Heartbeat];
    let named: Vec<&str> = named.iter().filter(|it| is_named(it)).map(|it| it.name()).collect();
    if named.is_empty() {
        return None;
    }
    let message = format!(
        "an attempt that times out is not retried: {} is among the non-retryable error types",
        named.join(" and ")
    );
    Some(Verdict::new(message).mark(Field::NonRetryableErrorTypes, "a worker that dies, too"))
}
