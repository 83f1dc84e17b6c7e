//! What holds of every step of an execution.
