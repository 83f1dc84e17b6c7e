//! What options are called: one table for the spellings of SDKs, documents and recorded events.

use activity_execution::options::Field;

/// An option of an activity.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum OptionName {
    /// Bounds each attempt.
    StartToCloseTimeout,
    /// Bounds the whole chain of attempts.
    ScheduleToCloseTimeout,
    /// Bounds each wait for a worker.
    ScheduleToStartTimeout,
    /// Bounds the silence of an attempt.
    HeartbeatTimeout,
    /// The wait after the first attempt.
    InitialInterval,
    /// What each further wait is multiplied with.
    BackoffCoefficient,
    /// Bounds each wait.
    MaximumInterval,
    /// How many attempts there may be.
    MaximumAttempts,
    /// Which failures are not retried.
    NonRetryableErrorTypes,
}

impl OptionName {
    /// All of them, in the order in which people write them.
    pub const ALL: [OptionName; 9] = [
        OptionName::StartToCloseTimeout,
        OptionName::ScheduleToCloseTimeout,
        OptionName::ScheduleToStartTimeout,
        OptionName::HeartbeatTimeout,
        OptionName::InitialInterval,
        OptionName::BackoffCoefficient,
        OptionName::MaximumInterval,
        OptionName::MaximumAttempts,
        OptionName::NonRetryableErrorTypes,
    ];

    /// Its name in Temporal's protocol, in snake case.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            OptionName::StartToCloseTimeout => "start_to_close_timeout",
            OptionName::ScheduleToCloseTimeout => "schedule_to_close_timeout",
            OptionName::ScheduleToStartTimeout => "schedule_to_start_timeout",
            OptionName::HeartbeatTimeout => "heartbeat_timeout",
            OptionName::InitialInterval => "initial_interval",
            OptionName::BackoffCoefficient => "backoff_coefficient",
            OptionName::MaximumInterval => "maximum_interval",
            OptionName::MaximumAttempts => "maximum_attempts",
            OptionName::NonRetryableErrorTypes => "non_retryable_error_types",
        }
    }

    /// Whether it stands in the retry policy.
    #[must_use]
    pub fn is_of_retry_policy(self) -> bool {
        matches!(
            self,
            OptionName::InitialInterval
                | OptionName::BackoffCoefficient
                | OptionName::MaximumInterval
                | OptionName::MaximumAttempts
                | OptionName::NonRetryableErrorTypes
        )
    }

    /// Whether its value is a length of time.
    #[must_use]
    pub fn is_duration(self) -> bool {
        !matches!(
            self,
            OptionName::BackoffCoefficient
                | OptionName::MaximumAttempts
                | OptionName::NonRetryableErrorTypes
        )
    }
}

/// The canonical name of the retry policy.
pub(crate) const RETRY_POLICY: &str = "retrypolicy";

/// `setStartToCloseTimeout`, `start_to_close_timeout` and `StartToCloseTimeout` are one name.
#[must_use]
pub(crate) fn canonical(name: &str) -> String {
    let name: String =
        name.chars().filter(|letter| !matches!(letter, '_' | '-' | '"' | '\'')).collect();
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("set").unwrap_or(&name);
    match name {
        "retry" | "retryoptions" => RETRY_POLICY,
        "donotretry"
        | "nonretryableerrors"
        | "nonretriableerrors"
        | "nonretriableerrortypes"
        | "nonretriableerrorreasons" => "nonretryableerrortypes",
        "maxattempts" => "maximumattempts",
        "maxinterval" => "maximuminterval",
        name => name,
    }
    .to_owned()
}

/// The option that a canonical name stands for.
pub(crate) fn field(canonical: &str) -> Option<Field> {
    Field::ALL.into_iter().find(|field| is_called(canonical, field.name()))
}

/// Whether two names differ in case and separators alone.
pub(crate) fn is_called(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    let letters = name.bytes().filter(|letter| !matches!(letter, b'_' | b'-'));
    letters.map(|letter| letter.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_all_sdks_are_one_name() {
        for (name, option) in [
            ("setStartToCloseTimeout", OptionName::StartToCloseTimeout),
            ("start_to_close_timeout", OptionName::StartToCloseTimeout),
            ("StartToCloseTimeout", OptionName::StartToCloseTimeout),
            ("setDoNotRetry", OptionName::NonRetryableErrorTypes),
            ("nonRetryableErrorTypes", OptionName::NonRetryableErrorTypes),
            ("maximumAttempts", OptionName::MaximumAttempts),
            ("max_attempts", OptionName::MaximumAttempts),
            ("nonRetriableErrorReasons", OptionName::NonRetryableErrorTypes),
        ] {
            assert_eq!(canonical(name), canonical(option.word()), "{name}");
        }
        for option in OptionName::ALL {
            let field = field(&canonical(option.word())).expect("every name is an option's");
            assert_eq!(field.name(), option.word());
            assert_eq!(field.is_of_retry_policy(), option.is_of_retry_policy());
        }
        assert_eq!(canonical("retry"), canonical("RetryPolicy"));
        assert_eq!(canonical("setRetryOptions"), canonical("retry_policy"));
    }
}
