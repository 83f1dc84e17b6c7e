//! The mutants that remember: machines around a machine that keep something which they do not show.
//!
//! Each behaves rightly until something has happened often enough, or in a certain order. One bit
//! of memory doubles a machine, so they are what long walks are for, and suites that are complete
//! for extra states. Some remember nothing but that they crashed.

mod call;
mod rule;
mod table;

pub use call::{CallKind, InARow, Wrong};
pub use rule::MemoryRule;
pub use table::of_memory;

use super::Mutant;
use crate::exploration::Machine;
use activity_execution::vocabulary::{
    Action, ExecutionOptions, Number, Observation, Opaque, Reply, RequestId, Span, Timestamp,
};

impl Mutant<MemoryRule> {
    /// A machine that follows the wrong rule.
    #[must_use]
    pub fn of<M>(&self, machine: M) -> Remembering<M> {
        Remembering { machine, rule: self.rule }
    }
}

/// A machine that remembers what it does not show, and otherwise the machine inside.
#[derive(Clone, Copy, Debug)]
pub struct Remembering<M> {
    machine: M,
    rule: MemoryRule,
}

/// What the machine inside keeps, and what is remembered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Remembered<S, N> {
    state: S,
    memory: Memory<N>,
}

/// What a wrong rule remembers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Memory<N> {
    /// How often something happened.
    pub(super) count: u8,
    /// The wait that was asked for first.
    pub(super) wait: Option<Span<N>>,
    /// When the first task was started, and when it could have been.
    pub(super) first: Option<(Timestamp<N>, Timestamp<N>)>,
    /// Whether it was restored from what it showed, and minds.
    pub(super) crashed: bool,
}

impl<N> Memory<N> {
    fn new(crashed: bool) -> Self {
        Memory { count: 0, wait: None, first: None, crashed }
    }
}

/// What happens: to an execution that stands like this, with what is remembered.
#[derive(Debug)]
pub(super) struct Happening<'a, N, P> {
    pub(super) before: &'a Observation<N, P>,
    pub(super) action: &'a Action<N, P>,
}

impl<N: Number, P: Opaque, M: Machine<N, P>> Machine<N, P> for Remembering<M> {
    type State = Remembered<M::State, N>;

    fn begin(
        &self,
        terms: &ExecutionOptions<N>,
        now: Timestamp<N>,
        request_id: RequestId,
    ) -> Self::State {
        let state = self.machine.begin(terms, now, request_id);
        Remembered { state, memory: Memory::new(false) }
    }

    fn step(
        &self,
        terms: &ExecutionOptions<N>,
        remembered: &mut Self::State,
        action: &Action<N, P>,
    ) -> Reply<N, P> {
        let Remembered { state, memory } = remembered;
        let before = self.machine.observe(terms, state);
        let happening = Happening { before: &before, action };
        let instead = self.rule.answer_instead(memory, &happening);
        let reply = instead.unwrap_or_else(|| {
            let understood = self.rule.action(memory, &happening);
            let terms = self.rule.terms(memory, &before, terms);
            self.machine.step(&terms, state, &understood)
        });
        let after = self.machine.observe(terms, state);
        if let Some(altered) = self.rule.left(memory, &happening, &reply, &after) {
            *state = self.machine.restore(&altered);
        }
        let told = self.rule.told(memory, &before, reply);
        self.rule.remember(memory, &happening, &told, &after);
        told
    }

    fn observe(&self, terms: &ExecutionOptions<N>, remembered: &Self::State) -> Observation<N, P> {
        self.machine.observe(terms, &remembered.state)
    }

    fn restore(&self, observation: &Observation<N, P>) -> Self::State {
        let crashed = self.rule.minds_crashes();
        Remembered { state: self.machine.restore(observation), memory: Memory::new(crashed) }
    }
}
