//! What a system under test can do; what it cannot is left out of the alphabet it is held to.

use std::fmt;

/// Something that not every system can do.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Capability {
    /// A start with the id of an execution that exists is answered.
    FurtherStarts,
    /// A poll may be repeated under its request id.
    RepeatedPoll,
    /// Workers show that they are alive.
    Heartbeat,
    /// Heartbeats carry details, which the next attempt is given.
    HeartbeatDetails,
    /// Reports name their attempt by the token that it was given with.
    Tokens,
    /// Reports may name the activity by its id.
    ById,
    /// Workers report failures.
    Failures,
    /// A failure may say that it is not to be retried.
    NonRetryableFailures,
    /// A failure may ask for another delay than the backoff.
    NextRetryDelay,
    /// A failure may bring heartbeat details.
    DetailsWithFailures,
    /// Cancellation can be requested, and workers report it.
    Cancellation,
    /// An execution can be ended by force.
    Termination,
    /// Starts, cancel requests and terminations may be repeated under their request ids.
    RequestIds,
    /// The schedule-to-close timeout.
    ScheduleToClose,
    /// The schedule-to-start timeout.
    ScheduleToStart,
    /// The heartbeat timeout.
    HeartbeatTimeout,
    /// The first attempt may have to wait.
    StartDelay,
    /// The number of attempts may be bounded.
    MaximumAttempts,
    /// Timeouts of attempts can be among what is not retried.
    NonRetryableTimeouts,
    /// The rules of standalone activities.
    Standalone,
    /// The rules of activities of a workflow.
    Workflow,
}

impl Capability {
    /// All of them.
    pub const ALL: [Capability; 21] = [
        Capability::FurtherStarts,
        Capability::RepeatedPoll,
        Capability::Heartbeat,
        Capability::HeartbeatDetails,
        Capability::Tokens,
        Capability::ById,
        Capability::Failures,
        Capability::NonRetryableFailures,
        Capability::NextRetryDelay,
        Capability::DetailsWithFailures,
        Capability::Cancellation,
        Capability::Termination,
        Capability::RequestIds,
        Capability::ScheduleToClose,
        Capability::ScheduleToStart,
        Capability::HeartbeatTimeout,
        Capability::StartDelay,
        Capability::MaximumAttempts,
        Capability::NonRetryableTimeouts,
        Capability::Standalone,
        Capability::Workflow,
    ];

    /// Its name, as the protocol has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Capability::FurtherStarts => "furtherStarts",
            Capability::RepeatedPoll => "repeatedPoll",
            Capability::Heartbeat => "heartbeat",
            Capability::HeartbeatDetails => "heartbeatDetails",
            Capability::Tokens => "tokens",
            Capability::ById => "byId",
            Capability::Failures => "failures",
            Capability::NonRetryableFailures => "nonRetryableFailures",
            Capability::NextRetryDelay => "nextRetryDelay",
            Capability::DetailsWithFailures => "detailsWithFailures",
            Capability::Cancellation => "cancellation",
            Capability::Termination => "termination",
            Capability::RequestIds => "requestIds",
            Capability::ScheduleToClose => "scheduleToClose",
            Capability::ScheduleToStart => "scheduleToStart",
            Capability::HeartbeatTimeout => "heartbeatTimeout",
            Capability::StartDelay => "startDelay",
            Capability::MaximumAttempts => "maximumAttempts",
            Capability::NonRetryableTimeouts => "nonRetryableTimeouts",
            Capability::Standalone => "standalone",
            Capability::Workflow => "workflow",
        }
    }

    /// The capability that is called so.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Capability::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Capabilities(u32);

impl Capabilities {
    /// Everything.
    #[must_use]
    pub fn all() -> Self {
        Capability::ALL.into_iter().collect()
    }

    /// Nothing but polls and completions.
    #[must_use]
    pub fn none() -> Self {
        Capabilities(0)
    }

    /// Whether it is among them.
    #[must_use]
    pub fn has(self, capability: Capability) -> bool {
        self.0 & 1 << capability as u32 != 0
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, capability: Capability) -> Self {
        Capabilities(self.0 | 1 << capability as u32)
    }

    /// These but for one.
    #[must_use]
    pub fn without(self, capability: Capability) -> Self {
        Capabilities(self.0 & !(1 << capability as u32))
    }

    /// Whether all of these are among them.
    #[must_use]
    pub fn have(self, needed: &[Capability]) -> bool {
        needed.iter().all(|capability| self.has(*capability))
    }

    /// Each of them.
    pub fn each(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |it| self.has(*it))
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities.into_iter().fold(Capabilities::none(), Capabilities::with)
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.each()).finish()
    }
}
