//! A way through the system, told with nothing left out: who is who, which attempt, which version.
//! Explorers step states that stand for others; people want to see what was really done.

use super::moves::Move;
use super::step::System;
use super::step_record::Happened;
use super::world::World;

/// A step with the states around it.
#[derive(Clone, Copy, Debug)]
pub struct Replayed {
    /// Before it.
    pub before: World,
    /// What happened; its move names workers as they are called from the beginning.
    pub happened: Happened,
    /// After it.
    pub after: World,
}

/// Plays moves of an explorer's, each of the state that stands for the one before.
#[must_use]
pub fn replay(system: &System, terms: u8, moves: &[Move]) -> Vec<Replayed> {
    let mut before = World::initial(terms);
    let play = |&moved: &Move| {
        let moved = renamed(moved, before.class(&system.bounds).1);
        let (after, happened) = system.step(&before, moved);
        let replayed = Replayed { before, happened, after };
        before = after;
        replayed
    };
    moves.iter().map(play).collect()
}

/// The same move of the other worker, where the two have changed places.
fn renamed(mut moved: Move, swapped: bool) -> Move {
    if swapped && let Some(worker) = moved.worker_mut() {
        *worker = 1 - *worker;
    }
    moved
}
