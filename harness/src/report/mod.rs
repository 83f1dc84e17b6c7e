//! What was found, for people: what is allowed, what was observed, what it breaks, a timeline.

mod story;

pub use story::{reproduction, story, timeline};
