//! What a script is played on beside the specification: the core, or whoever claims to be as good.

use activity_execution::vocabulary::{
    ExecutionOptions, Observation, Rejection, Reply, Request, RequestId, Span, TimeoutType,
    Timestamp,
};
use activity_execution::{Accepted, ActivityExecution, Deadline, Event};

/// An implementation of one execution, driven step by step.
pub trait Subject: Clone {
    /// Somebody calls.
    ///
    /// # Errors
    /// Why nothing happens.
    fn call(&mut self, terms: &ExecutionOptions, now: Timestamp, request: &Request) -> Reply;

    /// Lets the first due deadline take effect and says which it was.
    fn expire(
        &mut self,
        terms: &ExecutionOptions,
        now: Timestamp,
        backoff: Span,
    ) -> Option<TimeoutType>;

    /// When time will next change something.
    fn deadline(&self, terms: &ExecutionOptions) -> Option<Deadline>;

    /// Everything that an outsider can tell about it.
    fn observe(&self, terms: &ExecutionOptions, now: Timestamp) -> Observation;

    /// What remains of it when only its durable facts do.
    #[must_use]
    fn recovered(&self) -> Self;

    /// Lets this very deadline take effect.
    ///
    /// # Errors
    /// If another one is due, or none.
    fn elapse(
        &mut self,
        terms: &ExecutionOptions,
        now: Timestamp,
        timeout_type: TimeoutType,
        backoff: Span,
    ) -> Result<(), Rejection> {
        let mut next = self.clone();
        if next.expire(terms, now, backoff) != Some(timeout_type) {
            return Err(Rejection::NotDue);
        }
        *self = next;
        Ok(())
    }
}

/// The core with its history, as an engine keeps them.
#[derive(Clone, Debug)]
pub struct Core {
    execution: ActivityExecution,
    events: Vec<Event>,
}

impl Core {
    /// A new execution.
    #[must_use]
    pub fn create(terms: &ExecutionOptions, now: Timestamp, request_id: RequestId) -> Self {
        Core {
            execution: ActivityExecution::new(terms, now, request_id),
            events: vec![Event::scheduled(terms, now, request_id)],
        }
    }

    /// The execution as it stands.
    #[must_use]
    pub fn execution(&self) -> &ActivityExecution {
        &self.execution
    }

    /// What has become durable so far.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The core that is left when only these events are; `None` without any.
    #[must_use]
    pub fn recover(events: &[Event]) -> Option<Self> {
        let execution = ActivityExecution::recover(events)?;
        Some(Core { execution, events: events.to_vec() })
    }
}

impl Subject for Core {
    fn call(&mut self, terms: &ExecutionOptions, now: Timestamp, request: &Request) -> Reply {
        let Accepted { event, answer } = self.execution.call(terms, now, request)?;
        self.events.extend(event);
        Ok(answer)
    }

    fn expire(
        &mut self,
        terms: &ExecutionOptions,
        now: Timestamp,
        backoff: Span,
    ) -> Option<TimeoutType> {
        let (timeout_type, event) = self.execution.elapse_next(terms, now, backoff)?;
        self.events.push(event);
        Some(timeout_type)
    }

    fn deadline(&self, terms: &ExecutionOptions) -> Option<Deadline> {
        self.execution.deadline(terms)
    }

    fn observe(&self, terms: &ExecutionOptions, now: Timestamp) -> Observation {
        self.execution.observe(terms, now)
    }

    fn recovered(&self) -> Self {
        Self::recover(&self.events).expect("the history of an execution is never empty")
    }
}
