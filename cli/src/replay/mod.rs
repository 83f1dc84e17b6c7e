//! `activity replay`: plays recorded traces on the core and on the specification.

mod compare;
mod effective;
mod event;
mod json;
mod keys;
mod machines;
mod play;
mod refusal;
mod trace;

pub use compare::{Difference, Tolerance};
pub use event::{Event, ReportedFailure, TokenOrId};
pub use keys::Malformed;
pub use play::{Played, play};
pub use trace::{Described, RequestedOptions, RequestedRetryPolicy, Step, Trace};
