//! What a reader says of the surroundings of an activity, and what workers do in a scenario.
//! Knows workers and functions; the service's rules are the core's.

use activity_execution::ActivityOptions;
use activity_execution::vocabulary::Span;
use activity_execution::worker::HeartbeatThrottle;

/// What is known beyond the options: how long the function takes, when the run ends, and so on.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Circumstances {
    /// How long the function takes, if it is not in the way of itself.
    pub function_takes: Option<Span>,
    /// How far apart the function heartbeats.
    pub heartbeats_every: Option<Span>,
    /// Whether the function never heartbeats, whatever is asked of it.
    pub never_heartbeats: bool,
    /// How long a dispatched task waits for a worker's poll.
    pub poll_latency: Span,
    /// How long a worker that shuts down lets its functions run on.
    pub worker_shutdown_grace: Option<Span>,
    /// When the run of the workflow ends, counted from the scheduling of the activity.
    pub run_ends: Option<Span>,
    /// The delay that each failure asks for before the next attempt.
    pub next_retry_delay: Option<Span>,
    /// How a worker spaces the heartbeats that it sends.
    pub throttle: HeartbeatThrottle,
}

/// What becomes of one attempt, as far as workers have a say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Behaviour {
    /// Nobody polls for it.
    IsNotPolled,
    /// The function returns a result.
    Completes {
        /// After so long.
        after: Span,
    },
    /// The function returns an error.
    Fails {
        /// After so long.
        after: Span,
        /// Whether the error may be retried.
        retryable: bool,
        /// The delay that it asks for before the next attempt.
        delay: Option<Span>,
    },
    /// The function hangs: it neither returns nor heartbeats, and its worker lives.
    Hangs,
    /// The function never returns, but heartbeats.
    RunsOn,
    /// The worker dies.
    Dies {
        /// After so long.
        after: Span,
    },
    /// The service has recorded the start, but the worker never gets the task.
    IsLost,
    /// The function hands the work over and is silent; somebody else completes it by its id.
    IsCompletedById {
        /// So long after the start.
        after: Span,
    },
    /// The worker shuts down: after the grace period the function gives up, which is a failure.
    ShutsDown {
        /// After so long.
        after: Span,
    },
}

/// What workers and callers do in a scenario.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// What becomes of the first attempts, one by one.
    pub first: Vec<Behaviour>,
    /// What becomes of every later one.
    pub then: Behaviour,
    /// When somebody requests cancellation.
    pub cancel: Option<CancelAt>,
}

/// When somebody requests cancellation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CancelAt {
    /// So long after the start of this attempt; where it heartbeats, right after its first
    /// heartbeat that is then due, so that the worker learns of it as late as can be.
    Running {
        /// The attempt.
        attempt: i64,
        /// After so long.
        after: Span,
    },
    /// Halfway through the first backoff.
    Backoff,
}

impl Plan {
    /// Every attempt goes the same way.
    #[must_use]
    pub fn all(behaviour: Behaviour) -> Self {
        Plan { first: Vec::new(), then: behaviour, cancel: None }
    }

    /// The first attempt goes one way, every later one another.
    #[must_use]
    pub fn first_then(first: Behaviour, then: Behaviour) -> Self {
        Plan { first: vec![first], then, cancel: None }
    }

    /// The same, with a cancel request.
    #[must_use]
    pub fn cancelled(mut self, at: CancelAt) -> Self {
        self.cancel = Some(at);
        self
    }

    /// What becomes of an attempt.
    #[must_use]
    pub fn of(&self, attempt: i64) -> Behaviour {
        let index = usize::try_from(attempt - 1).unwrap_or(usize::MAX);
        self.first.get(index).copied().unwrap_or(self.then)
    }

    /// Whether every attempt from this one on goes the same way.
    pub(super) fn is_alike_from(&self, attempt: i64) -> bool {
        usize::try_from(attempt).is_ok_and(|attempt| attempt > self.first.len())
    }
}

impl Behaviour {
    /// A failure that may be retried, right after the start.
    #[must_use]
    pub fn fails_at_once(circumstances: &Circumstances) -> Self {
        Behaviour::Fails { after: Span(0), retryable: true, delay: circumstances.next_retry_delay }
    }

    /// Whether its function heartbeats as long as it runs.
    pub(super) fn heartbeats(self) -> bool {
        match self {
            Behaviour::Completes { .. }
            | Behaviour::Fails { .. }
            | Behaviour::RunsOn
            | Behaviour::Dies { .. }
            | Behaviour::ShutsDown { .. } => true,
            Behaviour::IsNotPolled
            | Behaviour::Hangs
            | Behaviour::IsLost
            | Behaviour::IsCompletedById { .. } => false,
        }
    }

    /// How long after its start the worker is heard of no more, if it is so at all.
    pub(super) fn is_silent_after(self) -> Option<Span> {
        match self {
            Behaviour::Hangs | Behaviour::IsLost | Behaviour::IsNotPolled => Some(Span(0)),
            Behaviour::Dies { after } => Some(after),
            Behaviour::Completes { .. }
            | Behaviour::Fails { .. }
            | Behaviour::RunsOn
            | Behaviour::IsCompletedById { .. }
            | Behaviour::ShutsDown { .. } => None,
        }
    }

    /// Whether the function may still run when the service has given its attempt up.
    pub(super) fn may_run_on(self) -> bool {
        match self {
            Behaviour::Hangs
            | Behaviour::RunsOn
            | Behaviour::Completes { .. }
            | Behaviour::Fails { .. }
            | Behaviour::ShutsDown { .. }
            | Behaviour::IsCompletedById { .. } => true,
            Behaviour::IsNotPolled | Behaviour::Dies { .. } | Behaviour::IsLost => false,
        }
    }
}

impl Circumstances {
    /// Nothing is known but the options: the run of the workflow, if it has a timeout, begins with
    /// the activity.
    #[must_use]
    pub fn of(options: &ActivityOptions) -> Self {
        Circumstances { run_ends: options.workflow_run_timeout(), ..Circumstances::default() }
    }

    /// How far apart a worker sends the heartbeats of its function: never closer than it is allowed
    /// to. Where nothing is said of them, a function with a heartbeat timeout heartbeats all the
    /// time, and one without does not.
    #[must_use]
    pub fn heartbeats_sent(&self, heartbeat_timeout: Option<Span>) -> Option<Span> {
        if self.never_heartbeats {
            return None;
        }
        let interval = self.throttle.interval(heartbeat_timeout).max(Span(1));
        match (self.heartbeats_every, heartbeat_timeout) {
            (Some(every), _) => Some(every.max(interval)),
            (None, Some(_)) => Some(interval),
            (None, None) => None,
        }
    }
}
