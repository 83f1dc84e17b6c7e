//! The trait of a machine that can be checked: begin, step, observe, restore. Knows that a machine
//! is completely visible; does not know which machine it is.

use crate::specification::Specification;
use activity_execution::ActivityExecution;
use activity_execution::vocabulary::{
    Action, Answer, ExecutionOptions, Number, Observation, Opaque, Reply, RequestId, Timestamp,
};
use std::fmt::Debug;

/// A transition function of an execution, as a value, so that a wrong one can be chosen by name.
pub trait Machine<N: Number, P: Opaque>: Debug {
    /// What it keeps between two steps.
    type State: Clone + Debug + PartialEq;

    /// A new execution.
    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State;

    /// Does what `action` does, and says how it is answered.
    ///
    /// # Errors
    /// The reason why the action is refused.
    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P>;

    /// Everything that an outsider can tell.
    fn observe(&self, terms: &ExecutionOptions<N>, state: &Self::State) -> Observation<N, P>;

    /// The state that is observed so.
    fn restore(&self, observation: &Observation<N, P>) -> Self::State;
}

/// The specification as a machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpecificationMachine;

impl<N: Number, P: Opaque> Machine<N, P> for SpecificationMachine {
    type State = Specification<N, P>;

    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State {
        Specification::new(terms, now, request_id)
    }

    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        state.step(terms, action)
    }

    fn observe(&self, _terms: &ExecutionOptions<N>, state: &Self::State) -> Observation<N, P> {
        state.observe()
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        Specification::from_observation(observation.clone())
    }
}

/// The core as a machine: calls and timers take the way that they take everywhere, the run loop's.
#[derive(Clone, Copy, Debug, Default)]
pub struct CoreMachine;

/// An execution and its present; the core itself has no clock.
#[derive(Clone, Debug, PartialEq)]
pub struct CoreState<N, P> {
    now: Timestamp<N>,
    execution: ActivityExecution<N, P>,
}

impl<N: Number, P: Opaque> Machine<N, P> for CoreMachine {
    type State = CoreState<N, P>;

    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State {
        CoreState { now, execution: ActivityExecution::new(terms, now, request_id) }
    }

    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        state: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        let CoreState { now, execution } = state;
        match action {
            Action::Tick { elapsed } => {
                *now = *now + *elapsed;
                Ok(Answer::Done)
            }
            Action::Call(request) => {
                execution.call(terms, *now, request).map(|accepted| accepted.answer)
            }
            Action::Elapses { timeout_type, backoff } => {
                execution.elapse(terms, *now, *timeout_type, *backoff).map(|_| Answer::Done)
            }
        }
    }

    fn observe(&self, terms: &ExecutionOptions<N>, state: &Self::State) -> Observation<N, P> {
        state.execution.observe(terms, state.now)
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        let execution = ActivityExecution::from_observation(observation);
        CoreState { now: observation.now, execution }
    }
}
