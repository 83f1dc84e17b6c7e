//! The exploration of one execution: every one that a grid of configurations can reach, every step
//! judged. The search itself is the engine's, in [`explore`](crate::explore).
//!
//! What is stepped is an execution that was really reached, with everything in it; what is visited
//! once is its [`class`]. Two systems are explored, the specification alone with timers that may be
//! late, and the core in lockstep with the specification, time first; each in both dialects, and by
//! two explorers, ours and stateright's, which have to agree.

mod allowed;
mod alphabet;
pub mod bounds;
mod coverage;
mod examine;
mod executions;
mod machine;
mod name;
mod orders;
mod pinned;
mod quotient;
mod situation;
mod survey;
mod system;
mod telling;
mod witnesses;

pub use allowed::allowed;
pub use alphabet::Tried;
pub use bounds::{Configuration, Grid};
pub use coverage::{Coverage, Reached};
pub use examine::{Examined, Examiner, StaysOpen};
pub use executions::{Execution, Executions, Violation, drawn};
pub use machine::{CoreMachine, CoreState, Machine, SpecificationMachine};
pub use name::{Name, settled};
pub use orders::order_types;
pub use pinned::{Counts, Part};
pub use quotient::class;
pub use situation::{Edge, Tie};
pub use survey::{Survey, Watch, may_stay_open, peer_survey, shortest_violation, survey};
pub use system::{Environment, Observed, Stand, Stepped, System, something_is_due};
pub use telling::tell;
pub use witnesses::{WITNESSES, Witness};
