//! From what was requested to what is in force: defaults, caps, refusals, in a server's order.
//! Works in nanoseconds, as a server does, and cuts to milliseconds last.

use super::retry_policy::{TIMEOUT_PREFIX, is_timeout_type};
use super::{
    ActivityOptions, Change, Effective, Field, InvalidOptions, Nanoseconds, RequestedOptions,
    RequestedRetryPolicy, RetryPolicy, Rule, Value,
};
use crate::vocabulary::{Dialect, Span};
use alloc::string::ToString;
use alloc::vec::Vec;

/// Applies the rules of a start request, or of a workflow that schedules an activity and whose run
/// has a timeout.
pub(super) fn normalize(requested: RequestedOptions) -> Result<ActivityOptions, InvalidOptions> {
    let mut changes = Changes(Vec::new());
    let start_delay = changes.checked(Field::StartDelay, requested.start_delay)?;
    let no_policy = RequestedRetryPolicy::default();
    let policy = requested.retry_policy.as_ref().unwrap_or(&no_policy);
    let retry_policy = changes.retry_policy(policy)?;
    let timeouts = changes.timeouts(&requested)?;
    let run = run_timeout(&requested);
    let effective = Effective {
        dialect: if run > ZERO { Dialect::Workflow } else { Dialect::Standalone },
        start_to_close_timeout: changes.whole(Field::StartToCloseTimeout, timeouts.start_to_close),
        schedule_to_close_timeout: optional(
            changes.whole(Field::ScheduleToCloseTimeout, timeouts.schedule_to_close),
        ),
        schedule_to_start_timeout: optional(
            changes.whole(Field::ScheduleToStartTimeout, timeouts.schedule_to_start),
        ),
        heartbeat_timeout: optional(changes.whole(Field::HeartbeatTimeout, timeouts.heartbeat)),
        start_delay: changes.whole(Field::StartDelay, start_delay),
        retry_policy: RetryPolicy {
            initial_interval: changes.whole(Field::InitialInterval, retry_policy.initial_interval),
            backoff_coefficient: retry_policy.backoff_coefficient,
            maximum_interval: changes.whole(Field::MaximumInterval, retry_policy.maximum_interval),
            maximum_attempts: policy.maximum_attempts.unwrap_or(0),
            non_retryable_error_types: policy.non_retryable_error_types.clone(),
        },
        workflow_run_timeout: optional(run.whole_milliseconds()),
    };
    let execution_options = effective.execution_options();
    Ok(ActivityOptions { effective, execution_options, changes: changes.0, requested })
}

struct Timeouts {
    start_to_close: Nanoseconds,
    schedule_to_close: Nanoseconds,
    schedule_to_start: Nanoseconds,
    heartbeat: Nanoseconds,
}

struct Intervals {
    initial_interval: Nanoseconds,
    maximum_interval: Nanoseconds,
    backoff_coefficient: f64,
}

/// The changes so far; every rule that changes something goes through here.
struct Changes(Vec<Change>);

impl Changes {
    /// A duration that is zero where it is not given: not negative, and not above the cap.
    fn checked(
        &mut self,
        field: Field,
        given: Option<Nanoseconds>,
    ) -> Result<Nanoseconds, InvalidOptions> {
        let value = given.unwrap_or_default();
        if value < ZERO {
            return Err(InvalidOptions::NegativeDuration { field, value });
        }
        Ok(self.at_most(field, value, LONGEST, Rule::AtMostHundredYears))
    }

    fn at_most(
        &mut self,
        field: Field,
        value: Nanoseconds,
        bound: Nanoseconds,
        rule: Rule,
    ) -> Nanoseconds {
        if value <= bound {
            return value;
        }
        self.record(field, Value::Duration(value), Value::Duration(bound), rule);
        bound
    }

    /// `value`, or where that is zero `default`.
    fn filled(
        &mut self,
        field: Field,
        (value, given): (Nanoseconds, bool),
        default: Nanoseconds,
        rule: Rule,
    ) -> Nanoseconds {
        if value != ZERO {
            return value;
        }
        self.record(field, before(value, given), Value::Duration(default), rule);
        default
    }

    fn record(&mut self, field: Field, from: Value, to: Value, rule: Rule) {
        self.0.push(Change { field, from, to, rule });
    }

    /// Cuts to whole milliseconds, which keeps every order between durations.
    fn whole(&mut self, field: Field, value: Nanoseconds) -> Span<i64> {
        let span = value.whole_milliseconds();
        if Nanoseconds::from(span) != value {
            let to = Value::Duration(span.into());
            self.record(field, Value::Duration(value), to, Rule::WholeMilliseconds);
        }
        span
    }

    //= models/spec.md#S4
    //# A timeout that is left out or does not fit is replaced by what a server makes of it.
    fn timeouts(&mut self, requested: &RequestedOptions) -> Result<Timeouts, InvalidOptions> {
        let given = requested.schedule_to_close_timeout;
        let schedule_to_close = self.checked(Field::ScheduleToCloseTimeout, given)?;
        let given = requested.schedule_to_start_timeout;
        let mut schedule_to_start = self.checked(Field::ScheduleToStartTimeout, given)?;
        let given = requested.start_to_close_timeout;
        let mut start_to_close = self.checked(Field::StartToCloseTimeout, given)?;
        let given = requested.heartbeat_timeout;
        let heartbeat = self.checked(Field::HeartbeatTimeout, given)?;

        if schedule_to_close > ZERO {
            schedule_to_start = self.within_schedule_to_close(
                Field::ScheduleToStartTimeout,
                (schedule_to_start, requested.schedule_to_start_timeout.is_some()),
                schedule_to_close,
            );
            start_to_close = self.within_schedule_to_close(
                Field::StartToCloseTimeout,
                (start_to_close, requested.start_to_close_timeout.is_some()),
                schedule_to_close,
            );
        } else if start_to_close == ZERO {
            return Err(InvalidOptions::NoCloseTimeout);
        }
        let timeouts = Timeouts { start_to_close, schedule_to_close, schedule_to_start, heartbeat };
        let mut timeouts = self.within_run(requested, timeouts);
        timeouts.heartbeat = self.at_most(
            Field::HeartbeatTimeout,
            timeouts.heartbeat,
            timeouts.start_to_close,
            Rule::AtMostStartToClose,
        );
        Ok(timeouts)
    }

    /// No timer of an activity outlives the run of its workflow.
    fn within_run(&mut self, requested: &RequestedOptions, mut timeouts: Timeouts) -> Timeouts {
        let run = run_timeout(requested);
        if run == ZERO {
            return timeouts;
        }
        let rule = Rule::FilledFromWorkflowRun;
        let (field, given) = (Field::ScheduleToCloseTimeout, requested.schedule_to_close_timeout);
        let value = (timeouts.schedule_to_close, given.is_some());
        timeouts.schedule_to_close = self.filled(field, value, run, rule);
        let (field, given) = (Field::ScheduleToStartTimeout, requested.schedule_to_start_timeout);
        let value = (timeouts.schedule_to_start, given.is_some());
        timeouts.schedule_to_start = self.filled(field, value, run, rule);
        for (field, value) in [
            (Field::ScheduleToCloseTimeout, &mut timeouts.schedule_to_close),
            (Field::ScheduleToStartTimeout, &mut timeouts.schedule_to_start),
            (Field::StartToCloseTimeout, &mut timeouts.start_to_close),
            (Field::HeartbeatTimeout, &mut timeouts.heartbeat),
        ] {
            *value = self.at_most(field, *value, run, Rule::AtMostWorkflowRun);
        }
        timeouts
    }

    fn within_schedule_to_close(
        &mut self,
        field: Field,
        value: (Nanoseconds, bool),
        schedule_to_close: Nanoseconds,
    ) -> Nanoseconds {
        let rule = Rule::FilledFromScheduleToClose;
        let value = self.filled(field, value, schedule_to_close, rule);
        self.at_most(field, value, schedule_to_close, Rule::AtMostScheduleToClose)
    }

    fn retry_policy(
        &mut self,
        requested: &RequestedRetryPolicy,
    ) -> Result<Intervals, InvalidOptions> {
        let given = requested.initial_interval;
        let initial_interval = self.filled(
            Field::InitialInterval,
            (given.unwrap_or_default(), given.is_some()),
            Nanoseconds::from(Span(1_000)),
            Rule::InitialIntervalDefault,
        );
        let given = requested.maximum_interval;
        let maximum_interval = self.filled(
            Field::MaximumInterval,
            (given.unwrap_or_default(), given.is_some()),
            // In 64 bits and wrapping around, as a server multiplies.
            Nanoseconds(initial_interval.saturated().wrapping_mul(100).into()),
            Rule::MaximumIntervalDefault,
        );
        let is_default = given.unwrap_or_default() == ZERO;
        let backoff_coefficient = self.backoff_coefficient(requested.backoff_coefficient)?;
        let intervals = Intervals { initial_interval, maximum_interval, backoff_coefficient };
        if requested.maximum_attempts == Some(1) {
            return Ok(intervals);
        }
        let intervals = self.intervals(intervals, is_default)?;
        let value = requested.maximum_attempts.unwrap_or(0);
        if value < 0 {
            return Err(InvalidOptions::NegativeMaximumAttempts { value });
        }
        for entry in &requested.non_retryable_error_types {
            if let Some(name) = entry.strip_prefix(TIMEOUT_PREFIX)
                && !is_timeout_type(name)
            {
                let name = name.to_string();
                return Err(InvalidOptions::UnknownTimeoutType { name });
            }
        }
        Ok(intervals)
    }

    fn backoff_coefficient(&mut self, given: Option<f64>) -> Result<f64, InvalidOptions> {
        let value = given.unwrap_or(0.0);
        if !value.is_finite() {
            return Err(InvalidOptions::BackoffCoefficientNotFinite);
        }
        if value != 0.0 {
            return Ok(value);
        }
        let from = given.map_or(Value::Unset, Value::Number);
        let rule = Rule::BackoffCoefficientDefault;
        self.record(Field::BackoffCoefficient, from, Value::Number(2.0), rule);
        Ok(2.0)
    }

    fn intervals(
        &mut self,
        intervals: Intervals,
        maximum_is_default: bool,
    ) -> Result<Intervals, InvalidOptions> {
        let requested_initial = intervals.initial_interval;
        let initial_interval = self.checked(Field::InitialInterval, Some(requested_initial))?;
        let backoff_coefficient = intervals.backoff_coefficient;
        if backoff_coefficient < 1.0 {
            return Err(InvalidOptions::BackoffCoefficientBelowOne { value: backoff_coefficient });
        }
        if maximum_is_default && requested_initial.0 > i128::from(i64::MAX / 100) {
            return Err(InvalidOptions::DefaultMaximumIntervalOverflows {
                initial_interval: requested_initial,
            });
        }
        let given = Some(intervals.maximum_interval);
        let maximum_interval = self.checked(Field::MaximumInterval, given)?;
        if maximum_interval < initial_interval {
            return Err(InvalidOptions::MaximumIntervalBelowInitialInterval {
                maximum_interval,
                initial_interval,
            });
        }
        Ok(Intervals { initial_interval, maximum_interval, backoff_coefficient })
    }
}

/// The timeout of the workflow's run; zero where there is none.
fn run_timeout(requested: &RequestedOptions) -> Nanoseconds {
    requested.workflow_run_timeout.unwrap_or_default().clamp(ZERO, LONGEST)
}

fn before(value: Nanoseconds, given: bool) -> Value {
    if given { Value::Duration(value) } else { Value::Unset }
}

fn optional(span: Span<i64>) -> Option<Span<i64>> {
    (span > Span::zero()).then_some(span)
}

const ZERO: Nanoseconds = Nanoseconds(0);

/// What every duration is capped at.
const LONGEST: Nanoseconds = Nanoseconds(ActivityOptions::LONGEST_DURATION.0 as i128 * 1_000_000);
