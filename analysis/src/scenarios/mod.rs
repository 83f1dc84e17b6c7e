//! What happens to an activity in situations with a name: each a run of the core on plain
//! milliseconds, with workers that do as planned.
//!
//! Where zones say what can happen at all, a scenario says what does happen, if: it has one
//! beginning, one course and one end, and says what it assumes.

mod circumstances;
mod count;
mod named;
mod play;
mod run;
mod script;
mod timeline;

pub use circumstances::{Behaviour, CancelAt, Circumstances, Plan};
pub use named::{Scenario, named};
pub use play::Stage;
pub use run::{AttemptEnd, AttemptRun, Cancel, Ending, Instant, Run};
pub use script::plan;
