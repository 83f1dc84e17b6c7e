//! What holds of every step of an execution, each promise named once and used by every checker.
//!
//! A promise is a predicate over one step: the execution before, what happened and how it was
//! answered, the execution after. Refusals are steps too. A promise *of states* looks at the
//! execution after the step alone; together those are inductive.

mod attempts;
mod calls;
mod cancellation;
mod heartbeats;
mod time;

use crate::Payload;
use crate::vocabulary::{Action, Number, Observation, Opaque, Request, Step, Terms};
use alloc::vec::Vec;

pub use attempts::*;
pub use calls::*;
pub use cancellation::*;
pub use heartbeats::*;
pub use time::*;

/// One promise: its name, what it says, and whether it holds of a step.
#[derive(Clone, Copy, Debug)]
pub struct Promise<N = i64, P = Payload> {
    /// The name of the function, and of every property and theorem about it.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
    /// Whether it looks at the execution after the step alone.
    pub of_states: bool,
    /// Whether it holds: terms, before, step, after.
    pub holds: Predicate<N, P>,
}

/// Terms, the execution before, the step, the execution after.
pub type Predicate<N, P> =
    fn(&Terms<N>, &Observation<N, P>, &Step<N, P>, &Observation<N, P>) -> bool;

/// Every promise that specification and core both keep; those of states first, cheap ones before
/// those that compare numbers.
#[must_use]
pub fn all<N: Number, P: Opaque>() -> Vec<Promise<N, P>> {
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
pub fn when_settled<N: Number, P: Opaque>() -> Vec<Promise<N, P>> {
    time::when_settled()
}

/// The promises of states that a step breaks: a bit for each, in the order of [`all`].
///
/// What the predicates of the table say one by one, without a call for each.
pub fn states_broken<N: Number, P: Opaque>(
    terms: &Terms<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
) -> u128 {
    let mut broken = Broken::default();
    attempts::judge_states(&mut broken, terms, before, step, after);
    cancellation::judge_states(&mut broken, terms, before, step, after);
    time::judge_states(&mut broken, terms, before, step, after);
    broken.bits
}

/// The promises of steps that a step breaks: a bit for each, in the order of [`all`], of which the
/// first that is not of states has the first.
pub fn steps_broken<N: Number, P: Opaque>(
    terms: &Terms<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
) -> u128 {
    let mut broken = Broken::default();
    attempts::judge_steps(&mut broken, terms, before, step, after);
    calls::judge_steps(&mut broken, terms, before, step, after);
    cancellation::judge_steps(&mut broken, terms, before, step, after);
    heartbeats::judge_steps(&mut broken, terms, before, step, after);
    time::judge_steps(&mut broken, terms, before, step, after);
    broken.bits
}

/// The promises of [`when_settled`] that a step breaks: a bit for each.
pub fn when_settled_broken<N: Number, P: Opaque>(
    terms: &Terms<N>,
    before: &Observation<N, P>,
    step: &Step<N, P>,
    after: &Observation<N, P>,
) -> u128 {
    let mut broken = Broken::default();
    time::judge_settled(&mut broken, terms, before, step, after);
    broken.bits
}

/// What is broken of the promises that were judged so far.
#[derive(Default)]
struct Broken {
    judged: u32,
    bits: u128,
}

impl Broken {
    #[inline]
    fn note(&mut self, holds: bool) {
        self.bits |= u128::from(!holds) << self.judged;
        self.judged += 1;
    }
}

/// Defines promises as functions, with the doc comment as statement, a table of them, and a
/// function that judges by all of them.
macro_rules! promises {
    ($(#[doc = $table_doc:literal])* $table:ident, $judge:ident, of_states: $of_states:literal;
     $($(#[doc = $statement:literal])+
       $name:ident($terms:ident, $before:ident, $step:ident, $after:ident) $body:block)+) => {
        $(
            $(#[doc = $statement])+
            #[must_use]
            #[inline]
            pub fn $name<N: Number, P: Opaque>(
                $terms: &Terms<N>,
                $before: &Observation<N, P>,
                $step: &Step<N, P>,
                $after: &Observation<N, P>,
            ) -> bool $body
        )+

        $(#[doc = $table_doc])*
        pub(super) fn $table<N: Number, P: Opaque>() -> Vec<Promise<N, P>> {
            alloc::vec![$(Promise {
                name: stringify!($name),
                statement: concat!($($statement),+).trim_ascii(),
                of_states: $of_states,
                holds: $name::<N, P>,
            }),+]
        }

        #[inline]
        pub(super) fn $judge<N: Number, P: Opaque>(
            broken: &mut $crate::promises::Broken,
            terms: &Terms<N>,
            before: &Observation<N, P>,
            step: &Step<N, P>,
            after: &Observation<N, P>,
        ) {
            $(broken.note($name(terms, before, step, after));)+
        }
    };
}
use promises;

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
