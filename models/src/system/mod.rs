//! The system: one caller, the service and its queue, two workers, and calls that get lost.
//!
//! The machines are the library's: [`ActivityExecution`](activity_execution::ActivityExecution) for
//! the service, [`ActivityTask`](activity_execution::worker::ActivityTask) and
//! [`Worker`](activity_execution::worker::WorkerSlots) for each worker,
//! [`WorkflowActivity`](activity_execution::caller::WorkflowActivity) for the caller. Around them
//! everything happens that can: a task is lost before any worker has it, or on its way to one; a
//! worker dies before, while or after its function runs; requests are lost, late, duplicated and out
//! of order; answers are lost after the service has acted, and clients call again; a worker goes on
//! with an attempt that the service has given up, while the next one runs; workers shut down;
//! timers of service and worker elapse in any order; the caller closes first. No fault has a budget.
//!
//! Time is abstract: every timer that is set may elapse at any moment. [`bounds`] says what else
//! is bounded, and the moves' and classes' own files why nothing is lost by what they leave out.
//!
//! `models/spec.md` lists what is owed by worker, caller and the whole, W1 to X13, and links each
//! property to the promises and claims here that answer it. [`WITNESSES`] shows that no promise
//! holds for want of an occasion, except for what pause and reset would bring, which the service
//! does not have, and for a canceled report that is refused, which our worker never sends: a
//! [mutant](crate::mutants::of_system) does.

pub mod bounds;
mod check;
mod claims;
mod class;
mod explorable;
mod machines;
mod moves;
mod payload;
mod promise;
mod promises_caller;
mod promises_end;
mod promises_worker;
mod replay;
mod script;
mod service;
mod settle;
mod step;
mod step_record;
mod timeline;
mod witnesses;
mod words;
mod world;

pub use bounds::{BOUNDS, Bounds, CALLERS, FAIRNESS, QUICK, pinned};
pub use check::{Checked, ClaimChecked, Part, PartProgress, check, shortest_violation};
pub use claims::{CLAIMS, Claim, Class, Runs};
pub use explorable::{Violation, Way};
pub use machines::{Machines, SystemRule};
pub use moves::{Move, Returned};
pub use payload::{AbstractNumber, SystemPayload};
pub use promise::{Promise, all};
pub use replay::{Replayed, replay};
pub use script::{play, script, transcribe};
pub use service::observe;
pub use step::System;
pub use step_record::{Answered, Happened, Refused, Started};
pub use timeline::{LANES, cells, timeline};
pub use witnesses::{WITNESSES, Witness, Witnessed, Witnesses};
pub use world::{Call, Caller, CallerCall, Execution, Process, Queue, Said, Slots, Task, World};
