//! The runner: plays sequences on a system, many side by side, and hands over what differs.
//!
//! A [`Plan`] says which suites are played, over which configurations; what came of it is
//! [`Conformed`]. The shortest sequence that still differs becomes a [`Replay`], which is played
//! again before anything else.

mod conclusion;
mod conform;
mod known;
mod lane;
mod pace;
mod plan;
mod play;
mod random;
mod replay;
mod sample;
mod shrink;

pub use conform::{Conformed, Foreign, Found, Part, PartVerdict, conform, replayed};
pub use known::Known;
pub use lane::{Fault, Finding, Job, Logged};
pub use plan::{Plan, SuiteName, terms};
pub use play::{Activities, Play, Played, Unwatched, Watch};
pub use random::Huge;
pub use replay::Replay;
pub use sample::Assumption;
