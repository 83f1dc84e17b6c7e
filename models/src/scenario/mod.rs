//! Runs of one execution as text: written by hand, shrunk from a random failure or found by
//! exploration; played on core and specification side by side, and drawn.
//!
//! ```text
//! # A cancelled attempt that fails is not retried.
//! options: start_to_close 10s, maximum_attempts 3, backoff 1s
//! 0s  Poll worker-a
//! 2s  RequestCancel a "no longer needed"
//! 3s  RespondFailed 1 Transient
//! ```

mod alphabet;
mod coverage;
mod judge;
mod report;
mod run;
mod script;
mod subject;
mod text;
mod timeline;
mod transcript;
mod violation;

pub use alphabet::alphabet;
pub use coverage::Coverage;
pub use run::{Effort, Moment, Play, run, run_on};
pub use script::{Happening, Line, Script, Timers};
pub use subject::{Core, Subject};
pub use text::{ScriptError, split};
pub use timeline::Timeline;
pub use transcript::Transcript;
pub use violation::{Difference, Side, Violation, differences};

/// How single values are written.
pub mod show {
    pub use super::text::{answer, call, happening, identity, outcome, payload, request_id, span};
}
