//! What can happen with given options, in real durations: zones over one configuration.
//! Knows options, the specification and the theorems; says nothing to anybody.

pub mod zones;
