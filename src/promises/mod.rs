//! The promises of the service: predicates over every step of an execution.
//!
//! A promise is a predicate over one step: the execution before, what happened and how it was
//! answered, the execution after. Refusals are steps too. A promise *of states* looks at the
//! execution after the step alone; together those are inductive.

mod attempts;
mod calls;
mod cancellation;
mod heartbeats;
mod promise;
mod time;

use crate::Payload;
use crate::vocabulary::{Action, ExecutionOptions, Number, Observation, Opaque, Request, Step};
use alloc::vec::Vec;

pub use attempts::*;
pub use calls::*;
pub use cancellation::*;
pub use heartbeats::*;
pub use promise::{Predicate, Promise};
pub use time::*;

#[doc(hidden)] // What the macro needs where there is no `alloc`.
pub use alloc::vec;

/// A promise about an execution.
pub type ServicePromise<N = i64, P = Payload> =
    Promise<ExecutionOptions<N>, Observation<N, P>, Step<N, P>>;

/// Every promise that specification and core both keep; those of states first, cheap ones before
/// those that compare numbers.
#[must_use]
pub fn all<N: Number, P: Opaque>() -> Vec<ServicePromise<N, P>> {
    let mut all = Vec::new();
    all.extend(attempts::of_states());
    all.extend(cancellation::of_states());
    all.extend(time::of_states());
    all.extend(attempts::of_steps());
    all.extend(calls::of_steps());
    all.extend(cancellation::of_steps());
    all.extend(heartbeats::of_steps());
    all.extend(time::of_steps());
    all
}

/// The promises that hold where time is settled before each call, as an engine does; the
/// specification, whose timers may be late, does not keep them.
#[must_use]
pub fn when_settled<N: Number, P: Opaque>() -> Vec<ServicePromise<N, P>> {
    time::when_settled()
}

/// Judges a step by the promises of states: tells `judged` whether each holds, in the order of
/// [`all`], without the call for each that its predicates cost.
#[inline]
pub fn judge_states<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
    judged: &mut impl FnMut(bool),
) {
    attempts::judge_states(terms, before, step, after, judged);
    cancellation::judge_states(terms, before, step, after, judged);
    time::judge_states(terms, before, step, after, judged);
}

/// Judges a step by the promises of steps, which follow those of states in [`all`].
#[inline]
pub fn judge_steps<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
    judged: &mut impl FnMut(bool),
) {
    attempts::judge_steps(terms, before, step, after, judged);
    calls::judge_steps(terms, before, step, after, judged);
    cancellation::judge_steps(terms, before, step, after, judged);
    heartbeats::judge_steps(terms, before, step, after, judged);
    time::judge_steps(terms, before, step, after, judged);
}

/// Judges a step by the promises of [`when_settled`], in its order.
#[inline]
pub fn judge_settled<N: Number, P: Opaque>(
    terms: &ExecutionOptions<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
    judged: &mut impl FnMut(bool),
) {
    time::judge_settled(terms, before, step, after, judged);
}

/// Whether nothing differs. Whoever knows it says so by showing the same execution twice.
fn same<N: Number, P: Opaque>(before: &Observation<N, P>, after: &Observation<N, P>) -> bool {
    core::ptr::eq(before, after) || before == after
}

/// Whether nothing but the time of day differs.
fn unchanged<N: Number, P: Opaque>(before: &Observation<N, P>, after: &Observation<N, P>) -> bool {
    core::ptr::eq(before, after) || Observation { now: after.now, ..before.clone() } == *after
}

/// The request of a call that was accepted.
fn accepted<N: Number, P: Opaque>(step: &Step<N, P>) -> Option<&Request<N, P>> {
    match &step.action {
        Action::Call(request) if step.reply.is_ok() => Some(request),
        Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => None,
    }
}
