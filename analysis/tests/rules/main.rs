//! The rules about options: each with options at which it speaks and options at which it just does
//! not; its fixes; and that it never guesses.

mod examples;
mod fixes;
#[path = "../heartbeats/mod.rs"]
mod heartbeats;
mod never_guesses;
mod support;
mod verdicts;
