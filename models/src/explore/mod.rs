//! State-space exploration: the one engine for every machine that is explored here.
//!
//! A domain implements [`Explorable`]: where it begins, what can be tried, where a step leads and
//! what it breaks. Everything else is here, once: the breadth-first search over exact states with
//! shortest counterexamples ([`Explorer`]), what a small machine can reach ([`reach()`]), the same
//! machine for stateright ([`StaterightModel`]), what was first seen where ([`Firsts`]), and fair cycles in the
//! graph that was explored ([`Graph`]).
//! Knows states, moves and bits; has never heard of an activity.

mod broken;
mod fairness;
mod firsts;
mod graph;
mod reach;
mod search;
mod share;
mod stateright_model;
#[cfg(test)]
mod tests;

pub use broken::{Broken, Judge, Judged, Noting, Violation};
pub use fairness::{Decided, Fairness, Label};
pub use firsts::Firsts;
pub use graph::Graph;
pub use reach::reach;
pub use search::{Explored, Explorer, Leads, StepNumber, Taken, Until, Visitor, Way};
pub use share::share;
pub use stateright_model::{
    Draw, Sometimes, StaterightAction, StaterightCounts, StaterightModel, StaterightState,
};

use std::fmt::Debug;
use std::hash::Hash;

/// A machine whose states can be explored.
pub trait Explorable: Sized {
    /// What there is to choose before anything happens, such as a configuration.
    type Begin: Clone + Debug;
    /// A state that was reached; those that are equal are of one class, which is visited once.
    type State: Clone + Eq + Hash;
    /// Something that can be tried.
    type Move: Clone;
    /// What a step was, with everything in it.
    type Step;
    /// A state prepared for steps to be taken from it.
    type Stand<'a>
    where
        Self: 'a;

    /// In how many ways it can begin.
    fn begins(&self) -> usize;

    /// What is chosen in the beginning with this number.
    fn chosen(&self, place: usize) -> Self::Begin;

    /// The state in which the beginning with this number ends.
    fn begin(&self, place: usize) -> Judged<Self::State>;

    /// Adds everything that is tried in a state.
    fn moves(&self, state: &Self::State, moves: &mut Vec<Self::Move>);

    /// Prepares a state, once, for all that is tried in it.
    fn stand<'a>(&'a self, state: &'a Self::State) -> Self::Stand<'a>;

    /// Takes a step and judges it.
    fn step(&self, stand: &Self::Stand<'_>, moved: &Self::Move) -> Judged<Self::Step>;

    /// The state that a step leads to; none where it is clear that it stays in its class.
    fn next(&self, state: &Self::State, step: &Self::Step) -> Option<Self::State>;

    /// What every step is judged by; the place of each is its bit in [`Broken`].
    fn judges(&self) -> Vec<Judge>;

    /// A move in words, for the Explorer of stateright.
    fn told(&self, moved: &Self::Move) -> String;
}
