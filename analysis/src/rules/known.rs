//! Options of which each is given, absent or unknown, as source code shows them.
//! Knows values and their alternatives; does not know where they stand, nor what they mean.

use activity_execution::options::{Field, Nanoseconds, RequestedOptions, RequestedRetryPolicy};
use std::collections::BTreeMap;

/// What is known of one option.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// It is given.
    Given(Setting),
    /// It is not given: the default holds.
    Absent,
    /// It cannot be told whether it is given, or as what.
    Unknown,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    /// A duration; zero is none.
    Duration(Nanoseconds),
    /// A number.
    Number(f64),
    /// Names.
    Names(Vec<String>),
}

/// What is known of all options; one that is not mentioned is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownOptions(BTreeMap<Field, Known>);

impl KnownOptions {
    /// The same with one option that is known or not.
    #[must_use]
    pub fn with(mut self, field: Field, known: Known) -> Self {
        self.set(field, known);
        self
    }

    /// Says what is known of an option.
    pub fn set(&mut self, field: Field, known: Known) {
        if known == Known::Absent {
            self.0.remove(&field);
        } else {
            self.0.insert(field, known);
        }
    }

    /// What is known of an option.
    #[must_use]
    pub fn get(&self, field: Field) -> &Known {
        self.0.get(&field).unwrap_or(&Known::Absent)
    }

    /// Whether it is known that an option is given, and not as zero where that means nothing.
    #[must_use]
    pub fn is_given(&self, field: Field) -> bool {
        match self.get(field) {
            Known::Given(Setting::Duration(Nanoseconds(0))) => false,
            Known::Given(Setting::Number(number)) => *number != 0.0,
            Known::Given(Setting::Names(names)) => !names.is_empty(),
            Known::Given(Setting::Duration(_)) => true,
            Known::Absent | Known::Unknown => false,
        }
    }

    /// Whether nothing but the value is missing to know an option.
    #[must_use]
    pub fn is_known(&self, field: Field) -> bool {
        *self.get(field) != Known::Unknown
    }

    /// Those of these fields that are unknown.
    pub(super) fn unknown(&self, fields: &[Field]) -> Vec<Field> {
        fields.iter().copied().filter(|field| !self.is_known(*field)).collect()
    }

    /// The same, of which only these fields are given.
    pub(super) fn only(&self, fields: &[Field]) -> Self {
        let kept = self.0.iter().filter(|(field, _)| fields.contains(field));
        KnownOptions(kept.map(|(field, known)| (*field, known.clone())).collect())
    }

    /// What an unknown option can be, as far as it may make a difference: absent, as short and as
    /// long as can be, and the durations that are given elsewhere, with their neighbours.
    pub(super) fn alternatives(&self, field: Field) -> Vec<Known> {
        let duration = |span: i128| Known::Given(Setting::Duration(Nanoseconds(span)));
        let number = |number: f64| Known::Given(Setting::Number(number));
        let names = |names: &[&str]| {
            Known::Given(Setting::Names(names.iter().map(ToString::to_string).collect()))
        };
        match field {
            Field::BackoffCoefficient => {
                vec![Known::Absent, number(1.0), number(1.1), number(10.0), number(1e9)]
            }
            Field::MaximumAttempts => {
                vec![Known::Absent, number(1.0), number(2.0), number(3.0), number(2_147_483_647.0)]
            }
            Field::NonRetryableErrorTypes => vec![
                Known::Absent,
                names(&["TemporalTimeout:StartToClose"]),
                names(&["TemporalTimeout:Heartbeat"]),
                names(&["TemporalTimeout:StartToClose", "TemporalTimeout:Heartbeat"]),
            ],
            Field::StartToCloseTimeout
            | Field::ScheduleToCloseTimeout
            | Field::ScheduleToStartTimeout
            | Field::HeartbeatTimeout
            | Field::StartDelay
            | Field::InitialInterval
            | Field::MaximumInterval => {
                let given = self.0.values().filter_map(|known| match known {
                    Known::Given(Setting::Duration(Nanoseconds(span))) => Some(*span),
                    Known::Given(Setting::Number(_) | Setting::Names(_))
                    | Known::Absent
                    | Known::Unknown => None,
                });
                let near = |span: i128| [span - MILLISECOND, span, span + MILLISECOND];
                let mut spans: Vec<i128> = given.flat_map(near).collect();
                spans.extend([MILLISECOND, 1_000 * MILLISECOND, LONGEST]);
                spans.retain(|span| *span > 0);
                spans.sort_unstable();
                spans.dedup();
                std::iter::once(Known::Absent).chain(spans.into_iter().map(duration)).collect()
            }
        }
    }

    /// What is requested where all is known.
    pub(super) fn requested(&self) -> RequestedOptions {
        let duration = |field| match self.get(field) {
            Known::Given(Setting::Duration(duration)) => Some(*duration),
            Known::Given(_) | Known::Absent | Known::Unknown => None,
        };
        let number = |field| match self.get(field) {
            Known::Given(Setting::Number(number)) => Some(*number),
            Known::Given(_) | Known::Absent | Known::Unknown => None,
        };
        let names = match self.get(Field::NonRetryableErrorTypes) {
            Known::Given(Setting::Names(names)) => names.clone(),
            Known::Given(_) | Known::Absent | Known::Unknown => Vec::new(),
        };
        #[expect(clippy::cast_possible_truncation, reason = "a number that is too large saturates")]
        let maximum_attempts = number(Field::MaximumAttempts).map(|number| number as i32);
        RequestedOptions {
            start_to_close_timeout: duration(Field::StartToCloseTimeout),
            schedule_to_close_timeout: duration(Field::ScheduleToCloseTimeout),
            schedule_to_start_timeout: duration(Field::ScheduleToStartTimeout),
            workflow_run_timeout: None,
            heartbeat_timeout: duration(Field::HeartbeatTimeout),
            start_delay: duration(Field::StartDelay),
            retry_policy: Some(RequestedRetryPolicy {
                initial_interval: duration(Field::InitialInterval),
                backoff_coefficient: number(Field::BackoffCoefficient),
                maximum_interval: duration(Field::MaximumInterval),
                maximum_attempts,
                non_retryable_error_types: names,
            }),
        }
    }
}

impl From<&RequestedOptions> for KnownOptions {
    fn from(requested: &RequestedOptions) -> Self {
        let mut known = KnownOptions::default();
        let no_policy = RequestedRetryPolicy::default();
        let policy = requested.retry_policy.as_ref().unwrap_or(&no_policy);
        let mut duration = |field, value: Option<Nanoseconds>| {
            let value = value.map(|value| Known::Given(Setting::Duration(value)));
            known.set(field, value.unwrap_or(Known::Absent));
        };
        duration(Field::StartToCloseTimeout, requested.start_to_close_timeout);
        duration(Field::ScheduleToCloseTimeout, requested.schedule_to_close_timeout);
        duration(Field::ScheduleToStartTimeout, requested.schedule_to_start_timeout);
        duration(Field::HeartbeatTimeout, requested.heartbeat_timeout);
        duration(Field::StartDelay, requested.start_delay);
        duration(Field::InitialInterval, policy.initial_interval);
        duration(Field::MaximumInterval, policy.maximum_interval);
        let number = |value: f64| Known::Given(Setting::Number(value));
        let coefficient = policy.backoff_coefficient.map_or(Known::Absent, number);
        known.set(Field::BackoffCoefficient, coefficient);
        let attempts = policy.maximum_attempts.map(f64::from).map_or(Known::Absent, number);
        known.set(Field::MaximumAttempts, attempts);
        let names = policy.non_retryable_error_types.clone();
        let names = (!names.is_empty()).then_some(Known::Given(Setting::Names(names)));
        known.set(Field::NonRetryableErrorTypes, names.unwrap_or(Known::Absent));
        known
    }
}

pub(super) const MILLISECOND: i128 = 1_000_000;

/// A hundred years, which is as long as a duration can be.
pub(super) const LONGEST: i128 = 100 * 365 * 24 * 3_600 * 1_000 * MILLISECOND;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_duration_may_be_each_given_one_and_a_millisecond_to_either_side() {
        let minute = 60_000 * MILLISECOND;
        let given = |span| Known::Given(Setting::Duration(Nanoseconds(span)));
        let known = KnownOptions::default().with(Field::StartToCloseTimeout, given(minute));
        let may_be = known.alternatives(Field::HeartbeatTimeout);
        for span in [minute - MILLISECOND, minute, minute + MILLISECOND, MILLISECOND, LONGEST] {
            assert!(may_be.contains(&given(span)), "{span}: {may_be:?}");
        }
        assert_eq!(may_be[0], Known::Absent);
    }
}
