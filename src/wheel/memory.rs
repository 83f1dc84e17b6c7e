//! How a wheel comes by its memory: one policy of growth, and refusals that change nothing.
//! Knows nodes and levels; has never heard of a deadline.

use super::{Claims, Deadlines, NEVER, Rules, Wheel};
use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

/// Why no timer is set: there is no memory for its key and all below it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoRoom {
    key: u32,
}

impl NoRoom {
    pub(super) fn of(key: u32) -> Self {
        NoRoom { key }
    }

    /// The key that there is no memory for.
    #[must_use]
    pub fn key(&self) -> u32 {
        self.key
    }
}

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mebibytes = (u64::from(self.key) * 9) >> 20;
        let key = self.key;
        write!(
            f,
            "no memory for the timer of key {key}: a wheel has room for every key up to the \
             highest, which is some {mebibytes} MiB here; number the keys densely"
        )
    }
}

impl Error for NoRoom {}

impl<const SLOTS: usize, R: Rules> Wheel<SLOTS, R> {
    /// Grows until there is room for `key`: by a quarter at least, so that keys that come one by one
    /// are moved a constant number of times each, and no more than that is to spare.
    pub(super) fn try_grow(&mut self, key: u32) -> Result<(), NoRoom> {
        let needed = key as usize / SLOTS + 1;
        let nodes = self.deadlines.len();
        let grown = needed.max(nodes + nodes / 4).min(u32::MAX as usize / SLOTS + 1);
        // Where a quarter is too much to ask for, the key alone may still have room.
        let grows = self.extend_to(grown).or_else(|_| self.extend_to(needed));
        grows.map_err(|_| NoRoom::of(key))
    }

    /// Makes room for this many nodes of keys.
    pub(super) fn extend_to(&mut self, nodes: usize) -> Result<(), TryReserveError> {
        // All memory first, so that a refusal changes nothing that can be seen.
        let (mut width, mut heights) = (nodes, Vec::new());
        reserve(&mut self.deadlines, nodes)?;
        let mut level = 0;
        while level == 0 || width > 1 {
            width = width.div_ceil(SLOTS);
            match self.levels.get_mut(level) {
                Some(claims) => reserve(claims, width)?,
                None => {
                    let mut claims = Vec::new();
                    reserve(&mut claims, width)?;
                    heights.try_reserve(1)?;
                    heights.push(claims);
                }
            }
            level += 1;
        }
        self.levels.try_reserve_exact(heights.len())?;
        self.deadlines.extend((self.deadlines.len()..nodes).map(|_| Deadlines([NEVER; SLOTS])));
        // How many keys are below one slot of the level.
        let (mut width, mut span) = (nodes, SLOTS);
        for level in 0..self.levels.len() + heights.len() {
            width = width.div_ceil(SLOTS);
            if level == self.levels.len() {
                let mut claims = heights.remove(0);
                let mut top = Claims::vacant(0, span);
                top.put(0, R::lift(self.next));
                claims.push(top);
                self.levels.push(claims);
            }
            let claims = &mut self.levels[level];
            claims.extend((claims.len()..width).map(|node| Claims::vacant(node, span)));
            span = span.saturating_mul(SLOTS);
        }
        Ok(())
    }
}

/// Memory for this many nodes in all, and none to spare.
fn reserve<T>(level: &mut Vec<T>, nodes: usize) -> Result<(), TryReserveError> {
    level.try_reserve_exact(nodes.saturating_sub(level.len()))
}
