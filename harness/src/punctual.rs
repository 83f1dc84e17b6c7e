//! Plays a machine in this process with timers that are on time: whatever is due takes effect
//! before anything else happens, step by step of the clock.

use crate::alphabet::Setting;
use activity_execution::vocabulary::{
    Action, Answer, Number, Observation, Opaque, Reply, Request, RequestId, Span, TaskToken,
    TimeoutType, Timestamp,
};
use activity_models::exploration::Machine;

/// A machine in a setting, driven by a clock that is on time.
#[derive(Debug)]
pub struct Punctual<'a, N, M> {
    /// The machine.
    pub machine: &'a M,
    /// The numbers of its configuration.
    pub setting: &'a Setting<N>,
}

/// How many deadlines take effect at one instant before a machine is taken to be stuck: the four
/// of an attempt, four times.
const AT_ONE_INSTANT: usize = 16;

impl<N: Number, M> Punctual<'_, N, M> {
    /// A new execution, started under request id zero at instant zero.
    pub fn begin<P: Opaque>(&self) -> M::State
    where
        M: Machine<N, P>,
    {
        let begin = Timestamp(N::literal(0));
        let mut state = self.machine.begin(&self.setting.terms, begin, RequestId(0));
        self.settle(&mut state);
        state
    }

    /// How it stands.
    pub fn observe<P: Opaque>(&self, state: &M::State) -> Observation<N, P>
    where
        M: Machine<N, P>,
    {
        self.machine.observe(&self.setting.terms, state)
    }

    /// Takes a step, and all that time does by itself. A poll is of the attempt that is its own,
    /// as its queue would give it.
    pub fn take<P: Opaque>(&self, state: &mut M::State, action: &Action<N, P>) -> Reply<N, P>
    where
        M: Machine<N, P>,
    {
        match action {
            Action::Tick { elapsed } => {
                self.wait(state, *elapsed);
                Ok(Answer::Done)
            }
            Action::Call(Request::RecordActivityTaskStarted { request_id, identity, .. }) => {
                let (request_id, identity) = (*request_id, identity.clone());
                let dispatched = TaskToken(self.observe(state).attempt);
                let poll = Request::RecordActivityTaskStarted { request_id, dispatched, identity };
                self.step(state, &Action::Call(poll))
            }
            Action::Call(_) | Action::Elapses { .. } => self.step(state, action),
        }
    }

    fn step<P: Opaque>(&self, state: &mut M::State, action: &Action<N, P>) -> Reply<N, P>
    where
        M: Machine<N, P>,
    {
        let reply = self.machine.step(&self.setting.terms, state, action);
        self.settle(state);
        reply
    }

    fn wait<P: Opaque>(&self, state: &mut M::State, elapsed: Span<N>)
    where
        M: Machine<N, P>,
    {
        let (mut left, none) = (elapsed, Span::zero());
        while left > none {
            let elapsed = if left < self.setting.step { left } else { self.setting.step };
            // Nobody refuses that time passes.
            let _: Reply<N, P> = self.step(state, &Action::Tick { elapsed });
            left = Span(left.0 - elapsed.0);
        }
    }

    fn settle<P: Opaque>(&self, state: &mut M::State)
    where
        M: Machine<N, P>,
    {
        let backoff = self.setting.backoff;
        for _ in 0..AT_ONE_INSTANT {
            let elapsed = TimeoutType::ALL.into_iter().any(|timeout_type| {
                let action = Action::<N, P>::Elapses { timeout_type, backoff };
                self.machine.step(&self.setting.terms, state, &action).is_ok()
            });
            if !elapsed {
                break;
            }
        }
    }
}
