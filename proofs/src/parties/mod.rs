//! Theorems about the parties of an activity: the service, the worker with its tasks and its slots,
//! and the caller. One trait serves them all, and one induction.

mod caller;
mod caller_life;
mod hypotheses;
mod party;
mod service;
mod slots;
mod slots_life;
mod task;
mod task_alarms;
mod task_any;
mod task_facts;
mod task_life;

pub use caller::{Caller, CallerMutant, CallerNext, CallerPhase, CallerWord};
pub use caller_life::{life as caller_life, rank as caller_rank};
pub use hypotheses::{Hypotheses, Strengthening};
pub use party::{Party, PromiseOf, Turn, promised};
pub(crate) use party::{every_case, every_turn, of_state};
pub use service::Service;
pub use slots::{ShutdownKind, Slots, SlotsMutant, SlotsNext};
pub use slots_life::{overflow as slots_overflow, shutdown};
pub use task::{Task, TaskMutant, TaskNext};
pub use task_alarms::{
    TASK_CLOCK_LIMIT, alarms, overflow as task_overflow, overflow_within as task_overflow_within,
};
pub use task_any::{TaskPhase, TaskWord};
pub use task_life::{life as task_life, rank as task_rank};

use crate::theorem::Proof;

/// Every proof about every party, with the number of its paths: a proof that explores fewer says
/// less than it did.
#[must_use]
pub fn all() -> Vec<(Proof, u64)> {
    let mut all = Service::proofs(&Hypotheses::all());
    all.extend(Task::proofs(&Hypotheses::all()));
    all.extend(Slots::proofs(&Hypotheses::all()));
    all.extend(Caller::proofs(&Hypotheses::all()));
    all
}
