//! The orchestration that a user of duroxide writes for a retried activity: one call.

use duroxide::runtime::registry::{ActivityRegistry, OrchestrationRegistry};
use duroxide::{BackoffStrategy, OrchestrationContext, RetryPolicy};
use serde_json::{Value, json};
use std::time::Duration;

/// What the orchestration is called, and its activity.
pub(crate) const NAME: &str = "activity";

/// What an attempt fails with whose timeout fired.
pub(crate) const TIMED_OUT: &str = "timeout: activity timed out";

/// What it is started with.
pub(crate) struct Options {
    pub(crate) start_delay: Duration,
    pub(crate) backoff: Duration,
    pub(crate) maximum_attempts: u32,
    pub(crate) timeout: Option<Duration>,
}

impl Options {
    /// As the input of an orchestration.
    pub(crate) fn input(&self) -> String {
        let whole = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
        let timeout = self.timeout.map(whole);
        json!([whole(self.start_delay), whole(self.backoff), self.maximum_attempts, timeout])
            .to_string()
    }

    fn of_input(input: &str) -> Result<Self, String> {
        let input: Value = serde_json::from_str(input).map_err(|error| error.to_string())?;
        let span = |place: usize| input[place].as_u64().map(Duration::from_millis);
        Ok(Options {
            start_delay: span(0).unwrap_or_default(),
            backoff: span(1).unwrap_or_default(),
            maximum_attempts: u32::try_from(input[2].as_u64().unwrap_or(1)).unwrap_or(u32::MAX),
            timeout: span(3),
        })
    }
}

/// The orchestrations of the runtime.
pub(crate) fn orchestrations() -> OrchestrationRegistry {
    let retried = |context: OrchestrationContext, input: String| async move {
        let options = Options::of_input(&input)?;
        if !options.start_delay.is_zero() {
            context.schedule_timer(options.start_delay).await;
        }
        let mut policy = RetryPolicy::new(options.maximum_attempts)
            .with_backoff(BackoffStrategy::Fixed { delay: options.backoff });
        if let Some(timeout) = options.timeout {
            policy = policy.with_timeout(timeout);
        }
        context.schedule_activity_with_retry(NAME, "", policy).await
    };
    OrchestrationRegistry::builder().register(NAME, retried).build()
}

/// The activities of the runtime: none, it only orchestrates.
pub(crate) fn activities() -> ActivityRegistry {
    ActivityRegistry::builder().build()
}
