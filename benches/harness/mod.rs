//! The workloads, the contenders and the arithmetic of the comparison; shared by the two bench programs.
//! Knows nothing of which peers exist.

pub mod allocator;
pub mod clock;
pub mod contenders;
pub mod workloads;

use std::time::Duration;

use workloads::{Run, Workload};

/// Timers by dense key, whatever is behind them.
pub trait Timers {
    /// Whether `next_expiration` is there.
    const KNOWS_NEXT: bool = true;

    /// Room for the keys below `keys`.
    fn with_keys(keys: usize) -> Self;
    /// Sets the timer of `key`, or moves it.
    fn set(&mut self, key: u32, at: u64);
    /// Clears the timer of `key`.
    fn clear(&mut self, key: u32);
    /// A lower bound of the earliest deadline.
    fn next_expiration(&mut self) -> Option<u64>;
    /// Fires what is due.
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>);
}

/// Somebody who runs the workloads.
#[derive(Clone, Copy)]
pub struct Contender {
    pub name: &'static str,
    /// The crate whose version is reported.
    pub package: &'static str,
    /// Whether it is a crate that one can depend on, or written by hand over the standard library.
    pub published: bool,
    pub start: fn(Workload, usize) -> Option<Box<dyn Run>>,
    /// See [`workloads::storm`].
    pub storm: fn(usize) -> [Duration; 2],
    /// See [`workloads::memory`].
    pub memory: fn(usize, u64) -> [f64; 2],
}

impl Contender {
    pub const fn published<T: Timers + 'static>(name: &'static str, package: &'static str) -> Self {
        Self::new::<T>(name, package, true)
    }

    pub const fn std<T: Timers + 'static>(name: &'static str) -> Self {
        Self::new::<T>(name, "std", false)
    }

    const fn new<T: Timers + 'static>(
        name: &'static str,
        package: &'static str,
        published: bool,
    ) -> Self {
        Self {
            name,
            package,
            published,
            start: workloads::start::<T>,
            storm: workloads::storm::<T>,
            memory: workloads::memory::<T>,
        }
    }
}
