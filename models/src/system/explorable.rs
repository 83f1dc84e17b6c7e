//! The system model for the exploration engine: initial states, moves, steps, promises. A state is
//! the world that stands for its class, and each step is taken from there.

use super::bounds::CALLERS;
use super::moves::Move;
use super::promise::{all, broken};
use super::step::System;
use super::step_record::Happened;
use super::world::World;
use crate::explore::{self, Broken, Explorable, Judge, Judged};

/// A way to break promises; each move is of the state that stands for the one before.
pub type Violation = explore::Violation<u8, Move>;

/// A way through the system, with the caller whose activity it is.
pub type Way = explore::Way<u8, Move>;

impl Explorable for System {
    type Begin = u8;
    type State = World;
    type Move = Move;
    type Step = (World, Happened);
    type Stand<'a> = &'a World;

    fn begins(&self) -> usize {
        CALLERS.len()
    }

    fn chosen(&self, place: usize) -> u8 {
        u8::try_from(place).expect("there are four callers")
    }

    fn begin(&self, place: usize) -> Judged<World> {
        let (it, _) = World::initial(self.chosen(place)).class(&self.bounds);
        Judged { it, broken: Broken::NOTHING }
    }

    fn moves(&self, world: &World, moves: &mut Vec<Move>) {
        world.moves(&self.bounds, moves);
    }

    fn stand<'a>(&'a self, world: &'a World) -> &'a World {
        world
    }

    fn step(&self, before: &&World, moved: &Move) -> Judged<(World, Happened)> {
        let (after, happened) = System::step(self, before, *moved);
        let broken = broken(before, &happened, &after);
        Judged { it: (after, happened), broken }
    }

    fn next(&self, _: &World, (after, _): &(World, Happened)) -> Option<World> {
        let (class, _) = after.class(&self.bounds);
        Some(class)
    }

    fn judges(&self) -> Vec<Judge> {
        let judge = |name, statement| Judge { name, statement };
        all().iter().map(|promise| judge(promise.name, promise.statement)).collect()
    }

    fn told(&self, moved: &Move) -> String {
        format!("{moved:?}")
    }
}
