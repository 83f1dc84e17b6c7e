//! A configuration that a system is tested in: options, backoffs, a name; in whatever numbers.

use super::capability::{Capabilities, Capability};
use super::input::{Clock, Input, alphabet};
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Number, Span};
use activity_models::exploration;

/// A configuration, with a name and the clock that it is driven by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Configuration {
    /// Its name.
    pub name: String,
    /// Options and backoffs, in steps of the clock.
    pub options: exploration::Configuration,
    /// How its clock is driven.
    pub clock: Clock,
}

impl Configuration {
    /// The configuration of these options, driven by steps.
    #[must_use]
    pub fn new(name: impl Into<String>, options: exploration::Configuration) -> Self {
        Configuration { name: name.into(), options, clock: Clock::Steps }
    }

    /// The same, driven by jumps from deadline to deadline.
    #[must_use]
    pub fn with_jumps(self) -> Self {
        Configuration { clock: Clock::Jumps, ..self }
    }

    /// Whose rules it follows.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.options.terms.dialect
    }

    /// What a system must be capable of to be tested in it.
    #[must_use]
    pub fn needs(&self) -> Capabilities {
        self.small().needs()
    }

    /// Whether a system with these capabilities can be tested in it.
    #[must_use]
    pub fn suits(&self, capabilities: Capabilities) -> bool {
        self.needs().each().all(|it| capabilities.has(it))
    }

    /// The inputs that a system with these capabilities is given in it.
    #[must_use]
    pub fn alphabet(&self, capabilities: Capabilities) -> Vec<Input> {
        alphabet(self.dialect(), self.clock, capabilities)
    }

    /// Its numbers, in these units.
    #[must_use]
    pub fn setting(&self, step: i64) -> Setting<i64> {
        let exploration::Configuration { terms, backoff, next_retry_delay } = self.options;
        let span = |span: Span<i16>| Span(i64::from(span.0) * step);
        Setting {
            terms: ExecutionOptions {
                dialect: terms.dialect,
                maximum_attempts: terms.maximum_attempts.map(|it| Attempt(i64::from(it.0))),
                schedule_to_close_timeout: terms.schedule_to_close_timeout.map(span),
                schedule_to_start_timeout: terms.schedule_to_start_timeout.map(span),
                start_to_close_timeout: span(terms.start_to_close_timeout),
                heartbeat_timeout: terms.heartbeat_timeout.map(span),
                start_delay: span(terms.start_delay),
                retries_start_to_close: terms.retries_start_to_close,
                retries_heartbeat: terms.retries_heartbeat,
            },
            backoff: span(backoff),
            next_retry_delay: span(next_retry_delay),
            step: Span(step),
        }
    }

    /// Its numbers as they are.
    #[must_use]
    pub fn small(&self) -> Setting<i16> {
        let exploration::Configuration { terms, backoff, next_retry_delay } = self.options;
        Setting { terms, backoff, next_retry_delay, step: Span(1) }
    }
}

/// The numbers of a configuration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Setting<N = i64> {
    /// The options.
    pub terms: ExecutionOptions<N>,
    /// What the retry policy makes the next attempt wait.
    pub backoff: Span<N>,
    /// What a failure may ask for instead.
    pub next_retry_delay: Span<N>,
    /// A step of the clock.
    pub step: Span<N>,
}

impl<N: Number> Setting<N> {
    /// What a system must be capable of to be tested with these numbers.
    #[must_use]
    pub fn needs(&self) -> Capabilities {
        let terms = &self.terms;
        let all_retried = terms.retries_start_to_close && terms.retries_heartbeat;
        let is_delayed = terms.start_delay > Span(N::literal(0));
        let needs = [
            (terms.schedule_to_close_timeout.is_some(), Capability::ScheduleToClose),
            (terms.schedule_to_start_timeout.is_some(), Capability::ScheduleToStart),
            (terms.heartbeat_timeout.is_some(), Capability::HeartbeatTimeout),
            (is_delayed, Capability::StartDelay),
            (terms.maximum_attempts.is_some(), Capability::MaximumAttempts),
            (!all_retried, Capability::NonRetryableTimeouts),
            (terms.dialect == Dialect::Standalone, Capability::Standalone),
            (terms.dialect == Dialect::Workflow, Capability::Workflow),
        ];
        needs.into_iter().filter_map(|(is_needed, it)| is_needed.then_some(it)).collect()
    }

    /// A wait that was over a step ago.
    #[must_use]
    pub fn past_delay(&self) -> Span<N> {
        Span(N::literal(0) - self.step.0)
    }
}
