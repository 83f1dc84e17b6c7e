//! Scripts with transcripts, and the timelines that are drawn of them. Knows text and pictures; has
//! never heard of a machine. Each machine brings its own verbs.
//!
//! A scenario is a text of three parts. It opens with a comment that says its point; then come the
//! `options:` and the lines of the script, each a machine's verb with its arguments; below `----`
//! stands the transcript, which is played and not written by hand.
//!
//! ```text
//! # A cancelled attempt that fails is not retried.
//! options: start_to_close 10s, maximum_attempts 3
//! 0s  Poll worker-a
//! 2s  RequestCancel a
//! 3s  RespondFailed 1 Transient
//! ----
//! 0s  Poll -> task 1; attempt 1 Started, StartToClose 10s
//! ...
//! ```

mod axis;
mod canvas;
mod error;
mod file;
mod frame;
mod layout;
mod lexer;
mod svg;
mod text;
mod timeline;
mod units;

pub use axis::{Axis, Stretch, StretchKind};
pub use canvas::Canvas;
pub use error::{ScriptError, nearest};
pub use file::{Mode, check, transcribe};
pub use frame::{Language, read, split};
pub use lexer::{Cursor, Kind};
pub use svg::stacked;
pub use timeline::{Bar, BarKind, Cell, Event, EventKind, Lane, Mark, Row, Timeline, Tone};

pub use layout::wrap;
pub use units::{LONGEST, span};
