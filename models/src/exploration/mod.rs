//! The exploration of one execution: every one that a grid of configurations can reach, every step
//! judged. The search itself is the engine's, in [`explore`](crate::explore).
//!
//! What is stepped is an execution that was really reached, with everything in it; what is visited
//! once is its [`class`]. Two systems are explored, the specification alone with timers that may be
//! late, and the core in lockstep with the specification, time first; each in both dialects, and by
//! two explorers, ours and stateright's, which have to agree.

mod alphabet;
pub mod bounds;
mod counterexample;
mod coverage;
mod examine;
mod executions;
mod expected_coverage;
#[cfg(test)]
mod judgements;
mod machine;
mod order_types;
mod payload;
mod pinned;
mod quotient;
mod service_model;
mod situation;
mod survey;
mod witnesses;

pub use alphabet::Tried;
pub use bounds::{Configuration, Grid};
pub use counterexample::tell;
pub use coverage::{Coverage, Reached};
pub use examine::{Examined, Examiner, StaysOpen};
pub use executions::{Execution, Executions, Violation, drawn};
pub use expected_coverage::allowed;
pub use machine::{CoreMachine, CoreState, Machine, SpecificationMachine};
pub use order_types::order_types;
pub use payload::{ExplorerPayload, settled};
pub use pinned::{Counts, Part};
pub use quotient::class;
pub use service_model::{Environment, Observed, ServiceModel, Stand, Stepped, something_is_due};
pub use situation::{Edge, Tie};
pub use survey::{Survey, Watch, may_stay_open, peer_survey, shortest_violation, survey};
pub use witnesses::{WITNESSES, Witness};
