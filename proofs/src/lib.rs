//! The theorems about the specification and the core.
