//! What normalisation did to a request, kept so that a tool can show it.
//! Knows the rules by name and sentence; does not apply them.

use super::Nanoseconds;
use core::fmt;

/// One thing that normalisation changed.
///
/// Its `Display` is one line for people:
/// `heartbeat_timeout 3s → 1s 100ms: never longer than start_to_close_timeout`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// What was changed.
    pub field: Field,
    /// As it stood before; not always as it was requested, since two rules can meet one field.
    pub from: Value,
    /// As it stands after.
    pub to: Value,
    /// Why.
    pub rule: Rule,
}

/// The options that a request can give.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Field {
    /// Bounds each attempt.
    StartToCloseTimeout,
    /// Bounds the whole chain of attempts.
    ScheduleToCloseTimeout,
    /// Bounds each wait for a worker.
    ScheduleToStartTimeout,
    /// Bounds the silence of an attempt.
    HeartbeatTimeout,
    /// Delays the first dispatch.
    StartDelay,
    /// The wait after the first attempt.
    InitialInterval,
    /// What each further wait is multiplied with.
    BackoffCoefficient,
    /// Bounds each wait.
    MaximumInterval,
    /// How many attempts there may be.
    MaximumAttempts,
    /// The kinds of failure that are not retried.
    NonRetryableErrorTypes,
}

/// What an option can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// It is not given.
    Unset,
    /// A duration.
    Duration(Nanoseconds),
    /// A number without a unit.
    Number(f64),
}

/// The rules that change what was requested; the other rules refuse it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Rule {
    /// Without an initial interval it is one second.
    InitialIntervalDefault,
    /// Without a maximum interval it is a hundred times the initial one.
    MaximumIntervalDefault,
    /// Without a coefficient it is two.
    BackoffCoefficientDefault,
    /// No duration exceeds a hundred years of 365 days.
    AtMostHundredYears,
    /// A missing timeout is that of the whole chain.
    FilledFromScheduleToClose,
    /// No part of the chain has more time than the whole.
    AtMostScheduleToClose,
    /// Where nothing bounds the chain or the wait, the run of the workflow does.
    FilledFromWorkflowRun,
    /// No timeout is longer than the run of the workflow.
    AtMostWorkflowRun,
    /// Silence is no longer allowed than the attempt itself.
    AtMostStartToClose,
    /// Durations are whole milliseconds: fractions are cut off, less than one counts as one.
    WholeMilliseconds,
}

impl Field {
    /// All of them, in the order in which they are listed for people.
    pub const ALL: [Field; 10] = [
        Field::StartToCloseTimeout,
        Field::ScheduleToCloseTimeout,
        Field::ScheduleToStartTimeout,
        Field::HeartbeatTimeout,
        Field::StartDelay,
        Field::InitialInterval,
        Field::BackoffCoefficient,
        Field::MaximumInterval,
        Field::MaximumAttempts,
        Field::NonRetryableErrorTypes,
    ];

    /// The name in Rust and TOML, `start_to_close_timeout` for one.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::StartToCloseTimeout => "start_to_close_timeout",
            Field::ScheduleToCloseTimeout => "schedule_to_close_timeout",
            Field::ScheduleToStartTimeout => "schedule_to_start_timeout",
            Field::HeartbeatTimeout => "heartbeat_timeout",
            Field::StartDelay => "start_delay",
            Field::InitialInterval => "initial_interval",
            Field::BackoffCoefficient => "backoff_coefficient",
            Field::MaximumInterval => "maximum_interval",
            Field::MaximumAttempts => "maximum_attempts",
            Field::NonRetryableErrorTypes => "non_retryable_error_types",
        }
    }

    /// The name in JSON, `startToCloseTimeout` for one.
    #[must_use]
    pub fn json_name(self) -> &'static str {
        match self {
            Field::StartToCloseTimeout => "startToCloseTimeout",
            Field::ScheduleToCloseTimeout => "scheduleToCloseTimeout",
            Field::ScheduleToStartTimeout => "scheduleToStartTimeout",
            Field::HeartbeatTimeout => "heartbeatTimeout",
            Field::StartDelay => "startDelay",
            Field::InitialInterval => "initialInterval",
            Field::BackoffCoefficient => "backoffCoefficient",
            Field::MaximumInterval => "maximumInterval",
            Field::MaximumAttempts => "maximumAttempts",
            Field::NonRetryableErrorTypes => "nonRetryableErrorTypes",
        }
    }

    /// The name in a server's messages, `StartToCloseTimeout` for one.
    #[must_use]
    pub fn temporal_name(self) -> &'static str {
        match self {
            Field::StartToCloseTimeout => "StartToCloseTimeout",
            Field::ScheduleToCloseTimeout => "ScheduleToCloseTimeout",
            Field::ScheduleToStartTimeout => "ScheduleToStartTimeout",
            Field::HeartbeatTimeout => "HeartbeatTimeout",
            Field::StartDelay => "StartDelay",
            Field::InitialInterval => "InitialInterval",
            Field::BackoffCoefficient => "BackoffCoefficient",
            Field::MaximumInterval => "MaximumInterval",
            Field::MaximumAttempts => "MaximumAttempts",
            Field::NonRetryableErrorTypes => "NonRetryableErrorTypes",
        }
    }

    /// Whether it belongs to the retry policy.
    #[must_use]
    pub fn is_of_retry_policy(self) -> bool {
        self >= Field::InitialInterval
    }
}

impl Rule {
    /// The rule in a few words, to stand after what it changed.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Rule::InitialIntervalDefault => "one second where none is given",
            Rule::MaximumIntervalDefault => "100 times initial_interval where none is given",
            Rule::BackoffCoefficientDefault => "2 where none is given",
            Rule::AtMostHundredYears => "never longer than 100 years of 365 days",
            Rule::FilledFromScheduleToClose => "schedule_to_close_timeout where none is given",
            Rule::AtMostScheduleToClose => "never longer than schedule_to_close_timeout",
            Rule::FilledFromWorkflowRun => "workflow_run_timeout where none is given",
            Rule::AtMostWorkflowRun => "never longer than workflow_run_timeout",
            Rule::AtMostStartToClose => "never longer than start_to_close_timeout",
            Rule::WholeMilliseconds => {
                "kept in whole milliseconds; less than one millisecond counts as one"
            }
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unset => f.write_str("not given"),
            Value::Duration(duration) => duration.fmt(f),
            Value::Number(number) => number.fmt(f),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change { field, from, to, rule } = self;
        write!(f, "{field} {from} → {to}: {}", rule.sentence())
    }
}
