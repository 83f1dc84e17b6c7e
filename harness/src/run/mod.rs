//! The runner: plays sequences on a system, many side by side, and hands over what differs.

mod lane;
mod play;

pub use lane::{Fault, Finding, Job, Logged};
pub use play::{Activities, Play, Played, Unwatched, Watch};
