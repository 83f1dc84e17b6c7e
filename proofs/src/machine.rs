//! What the theorems are about: something that steps and can be observed.
//! The specification is one, the core with a clock beside it another.

use activity_execution::ActivityExecution;
use activity_execution::vocabulary::{
    Action, Answer, Number, Observation, Opaque, Rejection, Reply, RequestId, Terms, Timestamp,
};
use activity_models::specification::Specification;
use std::fmt::Debug;

/// An activity execution that lives by steps.
pub trait Machine<N: Number, P: Opaque>: Clone + Debug + Eq {
    /// A new one.
    fn new(terms: &Terms<N>, now: Timestamp<N>, request_id: RequestId) -> Self;

    /// The one that is observed so.
    fn from_observation(observation: &Observation<N, P>) -> Self;

    /// Does what `action` does, and says how it is answered.
    fn step(&mut self, terms: &Terms<N>, action: &Action<N, P>) -> Reply<N, P>;

    /// What an outsider can tell about it.
    fn observe(&self, terms: &Terms<N>) -> Observation<N, P>;
}

/// The core, with the clock that it does not have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Core<N, P> {
    /// The present.
    pub now: Timestamp<N>,
    /// The execution.
    pub execution: ActivityExecution<N, P>,
}

impl<N: Number, P: Opaque> Machine<N, P> for Specification<N, P> {
    fn new(terms: &Terms<N>, now: Timestamp<N>, request_id: RequestId) -> Self {
        Specification::new(terms, now, request_id)
    }

    fn from_observation(observation: &Observation<N, P>) -> Self {
        Specification::from_observation(observation.clone())
    }

    fn step(&mut self, terms: &Terms<N>, action: &Action<N, P>) -> Reply<N, P> {
        Specification::step(self, terms, action)
    }

    fn observe(&self, _: &Terms<N>) -> Observation<N, P> {
        Specification::observe(self)
    }
}

impl<N: Number, P: Opaque> Machine<N, P> for Core<N, P> {
    fn new(terms: &Terms<N>, now: Timestamp<N>, request_id: RequestId) -> Self {
        Core { now, execution: ActivityExecution::new(terms, now, request_id) }
    }

    fn from_observation(observation: &Observation<N, P>) -> Self {
        let execution = ActivityExecution::from_observation(observation);
        Core { now: observation.now, execution }
    }

    fn step(&mut self, terms: &Terms<N>, action: &Action<N, P>) -> Reply<N, P> {
        match action {
            Action::Tick { elapsed } => {
                self.now = self.now + *elapsed;
                Ok(Answer::Done)
            }
            Action::Call(request) => {
                if let Some(event) = self.execution.decide(terms, self.now, request)? {
                    self.execution.apply(&event);
                }
                Ok(self.execution.answer(request))
            }
            Action::Elapses { timeout_type, backoff } => {
                match self.execution.expire(terms, self.now, *backoff) {
                    Some((due, event)) if due == *timeout_type => {
                        self.execution.apply(&event);
                        Ok(Answer::Done)
                    }
                    Some(_) | None => Err(Rejection::NotDue),
                }
            }
        }
    }

    fn observe(&self, terms: &Terms<N>) -> Observation<N, P> {
        self.execution.observe(terms, self.now)
    }
}
