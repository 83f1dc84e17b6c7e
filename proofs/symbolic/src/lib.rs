//! Replay symbolic execution of ordinary Rust over linear integers.
