//! Runs of one execution as text: written by hand, shrunk from a random failure or found by
//! exploration; played on core and specification side by side, judged and drawn.
//!
//! ```
//! use activity_models::scenario::{Script, run};
//! use activity_models::story::ScriptError;
//!
//! let script: Script = r#"
//! ## A cancelled attempt that fails is not retried.
//! options: start_to_close 10s, maximum_attempts 3
//! 0s  Poll worker-a
//! 2s  RequestCancel a "no longer needed" by client
//! 3s  RespondFailed 1 Transient("connection reset")
//! "#
//! .parse()?;
//! let transcript = run(&script);
//! assert_eq!(transcript.violations, []);
//! assert!(transcript.to_string().starts_with("0s  Poll -> task 1; attempt 1 Started"));
//! # Ok::<(), ScriptError>(())
//! ```
//!
//! # The format
//!
//! Lines that begin with `#` say the point. `options:` names what differs from its default:
//! `schedule_to_close`, `schedule_to_start`, `start_to_close`, `heartbeat`, `start_delay`,
//! `maximum_attempts`, `non_retryable TemporalTimeout:StartToClose` (or `:Heartbeat`), `backoff`
//! (before each next attempt, 1s), `schedule_time` (0s), `request` (of the start, `a`), and
//! `timers as_written`, and `dialect workflow` (the rules of an activity of a workflow; those of a
//! standalone one by default). Missing timeouts follow from the others as in Temporal.
//!
//! Every further line is an instant, counted from the schedule time, and what happens:
//!
//! ```text
//! StartActivityExecution b [UseExisting]
//! Poll [worker-a] [attempt 2] [request c]      the attempt after the last poll's by default
//! Heartbeat 2 ["details"]                      2: the token of attempt 2
//! RespondCompleted 2 ["result"] [by worker-a]  by whoever polled attempt 2 by default
//! RespondFailed 2 [Transient("message")] [backoff 5s] [details "50 %"] [by ...]
//!     non_retryable                            in place of backoff
//!     timed_out, no_interval, backoff -5s      only in the workflow dialect
//! RespondCanceled 2 ["details"]
//! HeartbeatById, RespondCompletedById, RespondFailedById, RespondCanceledById: without a number
//! RequestCancel a ["reason"] [by client]       a: the request id; r100 where letters run out
//! Terminate a ["reason"] [by client]
//! StartToCloseElapses [backoff 5s]             and the other three; refused if not due
//! Wait                                         nothing, until this instant
//! Describe                                     nothing; below the rule stands every part of it
//! Jump                                         the service was away until this instant
//! FailAttempts 999 [backoff 5s]                each attempt is polled in time and fails at once
//! ```
//!
//! Timers elapse by themselves, each at its deadline and before anything else at that instant;
//! after a `Jump` those that are due elapse late, before the next call. With `timers as_written`
//! only those elapse that the lines name. Payloads are `"text"`, a lower-case word, `0x00ff`,
//! `none`, or a failure: `Transient("message", non_retryable, cause ...)`, `Application(type "...")`,
//! `Server(...)`, `Timeout(StartToClose, details ..., cause ...)`, `Canceled(...)`, `Terminated`,
//! `Unspecified`. Below `----` stands the transcript.

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
pub use coverage::WordsMet;
pub use run::{Effort, Play, PlayedStep, run, run_on};
pub use script::{Happening, Line, Script, Timers};
pub use subject::{Core, Subject};
pub use transcript::Transcript;
pub use violation::{Difference, Side, Violation, differences};

/// How single values are written.
pub mod show {
    pub use super::text::{answer, call, happening, identity, outcome, payload, request_id};
    pub use crate::story::span;
}
