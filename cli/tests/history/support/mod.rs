//! What the tests of histories share: random numbers, and histories that the core writes.

pub(crate) mod core;
pub(crate) mod random;
pub(crate) mod story;
