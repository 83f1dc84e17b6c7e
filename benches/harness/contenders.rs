//! The implementations that are compared: the timer wheel, and timers over the standard library.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use activity_execution::Wheel;

use super::{Contender, Timers};

/// The contenders that need no dependency.
pub(crate) const CONTENDERS: [Contender; 3] = [
    Contender::new::<Wheel>(OURS, Some("activity-execution")),
    Contender::new::<LazyHeap>(HEAP, None),
    Contender::new::<Tree>("BTreeMap", None),
];

/// Timers that do nothing: what remains is everything else.
pub(crate) const NOBODY: Contender = Contender::new::<Nothing>("no timers", None);

/// The name of the wheel among the contenders.
pub(crate) const OURS: &str = "Wheel";
/// The name of the hand-made heap.
pub(crate) const HEAP: &str = "BinaryHeap, lazy";

impl Timers for Wheel {
    fn with_keys(keys: usize) -> Self {
        Self::with_capacity(keys)
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        self.set(key, at);
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        self.clear(key);
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        Wheel::next_expiration(self)
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        self.advance(now, expired);
    }
}

/// An ordered map without values.
#[derive(Debug)]
pub(crate) struct Tree {
    deadlines: Vec<u64>,
    order: BTreeMap<(u64, u32), ()>,
}

impl Timers for Tree {
    fn with_keys(keys: usize) -> Self {
        Self { deadlines: vec![NEVER; keys], order: BTreeMap::new() }
    }

    fn set(&mut self, key: u32, at: u64) {
        self.clear(key);
        self.deadlines[key as usize] = at;
        self.order.insert((at, key), ());
    }

    fn clear(&mut self, key: u32) {
        let at = std::mem::replace(&mut self.deadlines[key as usize], NEVER);
        if at != NEVER {
            self.order.remove(&(at, key));
        }
    }

    fn next_expiration(&mut self) -> Option<u64> {
        self.order.first_key_value().map(|(&(at, _), ())| at)
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        while let Some((&(at, key), ())) = self.order.first_key_value() {
            if at > now {
                return;
            }
            self.order.pop_first();
            self.deadlines[key as usize] = NEVER;
            expired.push(key);
        }
    }
}

/// A heap in which a timer that moves to later keeps its place until that comes up, and which is
/// rebuilt when more than half of it is stale.
#[derive(Debug)]
pub(crate) struct LazyHeap {
    /// What is wanted, per key.
    deadlines: Vec<u64>,
    /// The instant of the one valid entry of the key in the heap.
    filed: Vec<u64>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    live: usize,
}

impl LazyHeap {
    /// Brings the earliest deadline to the top of the heap.
    fn settle(&mut self) -> Option<u64> {
        loop {
            let mut top = self.heap.peek_mut()?;
            let Reverse((at, key)) = *top;
            let wanted = self.deadlines[key as usize];
            if self.filed[key as usize] != at {
                std::collections::binary_heap::PeekMut::pop(top);
            } else if wanted == at {
                return Some(at);
            } else {
                self.filed[key as usize] = wanted;
                if wanted == NEVER {
                    std::collections::binary_heap::PeekMut::pop(top);
                } else {
                    *top = Reverse((wanted, key));
                }
            }
        }
    }

    #[cold]
    fn compact(&mut self) {
        let mut entries = std::mem::take(&mut self.heap).into_vec();
        entries.clear();
        let live = self.deadlines.iter().zip(0u32..).filter(|&(&at, _)| at != NEVER);
        entries.extend(live.map(|(&at, key)| Reverse((at, key))));
        self.filed.copy_from_slice(&self.deadlines);
        self.heap = entries.into();
    }
}

impl Timers for LazyHeap {
    fn with_keys(keys: usize) -> Self {
        Self {
            deadlines: vec![NEVER; keys],
            filed: vec![NEVER; keys],
            heap: BinaryHeap::with_capacity(keys),
            live: 0,
        }
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        let old = std::mem::replace(&mut self.deadlines[key as usize], at);
        self.live += usize::from(old == NEVER);
        // A place at or before the deadline will do: the timer is put right when the place comes
        // up.
        if self.filed[key as usize] > at {
            self.filed[key as usize] = at;
            self.heap.push(Reverse((at, key)));
            if self.heap.len() > 2 * self.live + 64 {
                self.compact();
            }
        }
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        let old = std::mem::replace(&mut self.deadlines[key as usize], NEVER);
        self.live -= usize::from(old != NEVER);
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        self.heap.peek().map(|top| top.0.0)
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        while self.heap.peek().is_some_and(|top| top.0.0 <= now) {
            if self.settle().is_none_or(|at| at > now) {
                return;
            }
            let Some(Reverse((_, key))) = self.heap.pop() else {
                return;
            };
            self.deadlines[key as usize] = NEVER;
            self.filed[key as usize] = NEVER;
            self.live -= 1;
            expired.push(key);
        }
    }
}

/// Holds nothing, fires nothing.
#[derive(Debug)]
pub(crate) struct Nothing;

impl Timers for Nothing {
    fn with_keys(_: usize) -> Self {
        Self
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        std::hint::black_box((key, at));
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        std::hint::black_box(key);
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        Some(0)
    }

    #[inline]
    fn advance(&mut self, now: u64, _: &mut Vec<u32>) {
        std::hint::black_box(now);
    }
}

const NEVER: u64 = u64::MAX;
