//! The workloads, the contenders and the arithmetic of the comparison; shared by the two bench
//! programs. Knows nothing of which peers exist.

pub(crate) mod allocator;
pub(crate) mod clock;
pub(crate) mod contenders;
pub(crate) mod hot_path;
pub(crate) mod workloads;

use std::time::Duration;

use hot_path::HotPath;
use workloads::{Run, Workload};

/// Timers by dense key, whatever is behind them.
pub(crate) trait Timers {
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
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// The crate that one would depend on; none where it is written by hand over the standard
    /// library.
    pub(crate) package: Option<&'static str>,
    pub(crate) start: fn(Workload, usize) -> Option<Box<dyn Run>>,
    /// See [`workloads::storm`].
    pub(crate) storm: fn(usize, usize) -> [Duration; 2],
    /// See [`workloads::memory`].
    pub(crate) memory: fn(usize, u64) -> [f64; 2],
    /// See [`HotPath::weigh`].
    pub(crate) weigh: fn(usize) -> [f64; 2],
}

impl Contender {
    pub(crate) const fn new<T: Timers + 'static>(
        name: &'static str,
        package: Option<&'static str>,
    ) -> Self {
        Self {
            name,
            package,
            start: workloads::start::<T>,
            storm: workloads::storm::<T>,
            memory: workloads::memory::<T>,
            weigh: |n| HotPath::<T>::new(n, true).weigh(),
        }
    }
}
