//! Recorded traces, one JSON object a line: the format, its codec, and a player that puts each step
//! to the core and to the specification and compares what they say with what was recorded.

mod broken;
mod calls;
mod compare;
mod effective;
mod event;
mod json;
mod keys;
mod line;
mod machines;
mod play;
mod read;
mod refusal;
mod replayed;
mod requested;
mod retold;
mod told;
mod unique;

pub use compare::{Held, Mismatch, Tolerance};
pub use effective::effective;
pub use event::{Event, ReportedFailure, TokenOrId};
pub use keys::Malformed;
pub use line::{Described, RecordedStep, Trace};
pub use play::{Disagreed, Played, play};
pub use read::{Fault, SELECTION, Unreadable, read};
pub use replayed::{Disagreement, Replayed, Tally};
pub use requested::requested;
pub use retold::retold;
pub use told::Told;
