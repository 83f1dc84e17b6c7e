//! Theorems about the two parties of an activity: the worker, with its tasks and its slots, and the
//! caller. Their machines are small, so one trait serves all three.

mod caller;
mod caller_life;
mod hypotheses;
mod party;
mod slots;
mod slots_life;
mod task;
mod task_alarms;
mod task_any;
mod task_facts;
mod task_life;

pub use caller::{
    Caller, CallerMutant, CallerNext, CallerPhase, CallerWord, induction as caller_induction,
};
pub use caller_life::{life as caller_life, rank as caller_rank};
pub use hypotheses::Hypotheses;
pub use party::{Party, PromiseOf, Turn, promised};
pub use slots::{ShutdownKind, Slots, SlotsMutant, SlotsNext, induction as slots_induction};
pub use slots_life::{overflow as slots_overflow, shutdown};
pub use task::{Task, TaskMutant, TaskNext, induction as task_induction};
pub use task_alarms::{
    TASK_CLOCK_LIMIT, alarms, overflow as task_overflow, overflow_within as task_overflow_within,
};
pub use task_any::{TaskPhase, TaskWord};
pub use task_life::{life as task_life, rank as task_rank};

use crate::theorem::Proof;

/// Every proof about tasks on a worker, with the number of its paths.
#[must_use]
pub fn of_task(hypotheses: &Hypotheses<Task>) -> Vec<(Proof, u64)> {
    vec![
        (task_induction(Task::default(), hypotheses), 15_856),
        (alarms(hypotheses), 816),
        (task_rank(hypotheses), 14_636),
        (task_life(hypotheses), 14_637),
        (task_overflow(hypotheses), 15_707),
    ]
}

/// Every proof about the slots of a worker, with the number of its paths.
#[must_use]
pub fn of_worker(hypotheses: &Hypotheses<Slots>) -> Vec<(Proof, u64)> {
    vec![
        (slots_induction(Slots::default(), hypotheses), 138),
        (shutdown(hypotheses), 155),
        (slots_overflow(hypotheses), 137),
    ]
}

/// Every proof about an activity at its caller, with the number of its paths.
#[must_use]
pub fn of_caller(hypotheses: &Hypotheses<Caller>) -> Vec<(Proof, u64)> {
    vec![
        (caller_induction(Caller::default(), hypotheses), 3_168),
        (caller_rank(hypotheses), 3_162),
        (caller_life(hypotheses), 3_168),
    ]
}

/// Every proof about workers and callers, with the number of its paths: a proof that explores fewer
/// says less than it did.
#[must_use]
pub fn all() -> Vec<(Proof, u64)> {
    let mut all = of_task(&Hypotheses::all());
    all.extend(of_worker(&Hypotheses::all()));
    all.extend(of_caller(&Hypotheses::all()));
    all
}
