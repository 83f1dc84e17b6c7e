//! A timer wheel that is exact: dense keys, millisecond deadlines, no clock.
//!
//! A classical wheel has a slot for every instant, and has to find a timer again when it moves.
//! This one is turned inside out: it has a slot for every *key*, and its levels keep the time.
//! Level 0 holds the deadline of each key, sixteen to a node. A slot of a level above holds the
//! *claim* of one node below it: an instant before which nothing in the node fires, and the key
//! that was set to it.
//!
//! ```text
//!  level 2                  [ 310 k6 |        |        |        ]        the earliest claim of all
//!                                |
//!  level 1                  [ 420 k2 | 310 k6 | 500 k9 |   -    ]
//!                                |        |        |
//!  level 0    [ 900 | -  | 420 | 700 ] [ -  | -  | 310 | 950 ] [ -  | 500 | -  | -  ]
//!        key     0    1     2     3      4    5     6     7      8     9    10   11
//! ```
//!
//! To move a deadline is one store and one comparison: a heartbeat, which moves it to later, ends
//! there, and leaves a claim that is stale when the timer had made it. Only a deadline before the
//! claim of its node goes up, level by level, as far as it is the earliest. `advance` looks at the
//! earliest claim of all: when its key is still set to that instant, the timer is due; when not,
//! the claim is stale, and its node files the right one.
//!
//! What an observer may rely on:
//!
//! * Timers fire in the order of their deadlines, those of one instant in the order of their keys;
//!   never early, never twice, and none is lost.
//! * Any `u64` is a deadline and any is an instant; there is no farthest one, and no jump is too
//!   long.
//! * A deadline at or before the last `now` fires at the next `advance`.
//! * [`next_expiration`](Wheel::next_expiration) is never later than the truth. It is exact when
//!   `advance` returns, unless more than two claims before the earliest deadline were stale; every
//!   further `advance` puts two right. A wheel of up to 32 keys is therefore always exact then.
//!   [`earliest`](Wheel::earliest) is exact at any time. A wake-up that fires nothing is harmless.
//! * Within the reserved capacity `set` visits each level at most once, and `clear` none.
//!   `advance` visits each level once for every timer that fires and for every claim that is stale
//!   and due. A node has one claim, so a step of a millisecond has little to do; a jump over the
//!   former deadlines of *n* timers, all moved since, has at most *n* / 16 claims to put right.
//!   Nothing cascades: no level is ever re-filed as a whole.
//! * Memory depends on the highest key alone: 8.8 bytes for every key below it where room was
//!   [reserved](Wheel::reserve), and at most a quarter more where the wheel grew as keys came, in
//!   whichever order. A timer that moves or is cleared leaves nothing behind, so there is nothing to
//!   collect, and no generation to wrap around. A key that is far from dense is costly: `u32::MAX`
//!   asks for 35 GiB at once. Where keys come from somebody else, bound them or use
//!   [`try_set`](Wheel::try_set).
//!
//! ```
//! use activity_execution::Wheel;
//!
//! let mut wheel = Wheel::with_capacity(1_000);
//! wheel.set(7, 30_000);
//! wheel.set(8, 45_000);
//! wheel.set(7, 60_000); // a heartbeat
//! assert_eq!(wheel.next_expiration(), Some(30_000)); // not later than the truth
//!
//! let mut expired = Vec::new();
//! wheel.advance(30_000, &mut expired);
//! assert!(expired.is_empty());
//! assert_eq!(wheel.next_expiration(), Some(45_000));
//! wheel.advance(u64::MAX, &mut expired);
//! assert_eq!(expired, [8, 7]);
//! ```

mod last_instant;
mod memory;
mod prefetch;
#[doc(hidden)]
pub mod rules;

pub use memory::NoRoom;

use alloc::vec::Vec;
use core::hint::select_unpredictable;
use core::marker::PhantomData;

use last_instant::LastInstant;
use prefetch::prefetch;
use rules::{Claim, Rules, Sound};

/// Timers by dense `u32` key, at most one per key: a slab index that the caller owns.
///
/// Keys are dense because memory goes by the highest one: 8.8 to 11 bytes for every key below it.
/// `SLOTS`, a power of two, is the width of a node; the default suits cache lines.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Wheel<const SLOTS: usize = 16, R = Sound> {
    deadlines: Vec<Deadlines<SLOTS>>,
    /// INVARIANT: a slot of `levels[0]` holds the claim of a node of `deadlines`, one of a level
    /// above that of a node of the level below; the last level has one node, whose claim is `next`.
    /// No claim is after what is below it; above the first level it is the earliest of its node.
    levels: Vec<Vec<Claims<SLOTS>>>,
    next: Claim,
    /// INVARIANT: before this instant `advance` has nothing to do; zero while `next` may be stale.
    wake: u64,
    now: u64,
    last_instant: LastInstant,
    rules: PhantomData<R>,
}

/// A node of level 0; `NEVER` where no timer is set.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(align(64))]
struct Deadlines<const SLOTS: usize>([u64; SLOTS]);

/// A node of a level above: the claims of `SLOTS` nodes below. A moving timer reads `at` alone.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[repr(align(64))]
struct Claims<const SLOTS: usize> {
    at: [u64; SLOTS],
    key: [u32; SLOTS],
}

impl Wheel {
    /// A wheel without memory; it grows with the keys that are set.
    pub const fn new() -> Self {
        Self::empty()
    }

    /// A wheel that needs no more memory for the keys below `keys`.
    #[must_use]
    pub fn with_capacity(keys: usize) -> Self {
        let mut wheel = Self::new();
        wheel.reserve(keys);
        wheel
    }
}

impl<const SLOTS: usize, R: Rules> Wheel<SLOTS, R> {
    const fn empty() -> Self {
        const { assert!(SLOTS > 1 && SLOTS.is_power_of_two(), "a node is a power of two wide") };
        Self {
            deadlines: Vec::new(),
            levels: Vec::new(),
            next: Claim { at: NEVER, key: 0 },
            wake: NEVER,
            now: 0,
            last_instant: LastInstant::new(),
            rules: PhantomData,
        }
    }

    /// Sets the timer of `key` to fire at `at`, replacing any earlier setting.
    ///
    /// A key beyond the capacity makes the wheel grow, which takes time in proportion to the keys;
    /// see [`reserve`](Self::reserve).
    ///
    /// # Panics
    /// If there is no memory for the key; [`try_set`](Self::try_set) says so instead.
    #[inline]
    pub fn set(&mut self, key: u32, at: u64) {
        if !self.replace(key, at) {
            return self.grow_and_set(key, at);
        }
        if at == NEVER || !self.last_instant.is_empty() {
            self.move_in_last_instant(key, at);
        }
        let node = key as usize / SLOTS;
        if at <= self.levels[0][node / SLOTS].at[R::slot(node, SLOTS)] {
            self.claim(key, at);
        }
    }

    /// Sets the timer of `key` as [`set`](Self::set) does, if there is memory for the key.
    ///
    /// Whether there is, is the allocator's to say: one that promises more than the machine has is
    /// found out only when the memory is used.
    ///
    /// # Errors
    /// If there is no memory for the key; the wheel is as before.
    pub fn try_set(&mut self, key: u32, at: u64) -> Result<(), NoRoom> {
        if key as usize / SLOTS >= self.deadlines.len() {
            self.try_grow(key)?;
        }
        if at == NEVER {
            self.last_instant.try_reserve(key, self.capacity()).map_err(|_| NoRoom::of(key))?;
        }
        self.set(key, at);
        Ok(())
    }

    /// Clears the timer of `key`, if it is set.
    #[inline]
    pub fn clear(&mut self, key: u32) {
        self.replace(key, NEVER);
        if !self.last_instant.is_empty() {
            self.last_instant.remove(key);
        }
    }

    /// An instant at or before the earliest deadline: nothing fires before it.
    ///
    /// See [the promises](self) for when it is exact; [`earliest`](Self::earliest) always is.
    #[inline]
    pub fn next_expiration(&self) -> Option<u64> {
        let claimed = self.next.at != NEVER || !self.last_instant.is_empty();
        claimed.then_some(self.next.at)
    }

    /// The earliest deadline, exactly, at the price of putting right every stale claim before it.
    pub fn earliest(&mut self) -> Option<u64> {
        self.work(None, usize::MAX, &mut Vec::new());
        self.next_expiration()
    }

    /// Moves every timer due by `now` to the end of `expired`, in the order of deadlines, then
    /// keys.
    ///
    /// An instant before the last one does nothing.
    #[inline]
    pub fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        if R::is_due(self.wake, now) {
            self.expire(now, expired);
        } else {
            self.now = self.now.max(now);
        }
    }

    /// When the timer of `key` will fire.
    pub fn deadline(&self, key: u32) -> Option<u64> {
        let at = self.deadlines.get(key as usize / SLOTS)?.0[key as usize % SLOTS];
        (at != NEVER || self.last_instant.contains(key)).then_some(at)
    }

    /// Makes room for the keys below `keys`, in time proportional to them.
    ///
    /// # Panics
    /// If there is no memory for them; [`try_reserve`](Self::try_reserve) says so instead.
    pub fn reserve(&mut self, keys: usize) {
        self.try_reserve(keys).unwrap_or_else(|no_room| panic!("{no_room}"));
    }

    /// Makes room for the keys below `keys`, in time proportional to them, if there is memory.
    ///
    /// # Errors
    /// If there is none; the wheel is as before.
    pub fn try_reserve(&mut self, keys: usize) -> Result<(), NoRoom> {
        let Some(highest) = keys.checked_sub(1).filter(|_| keys > self.capacity()) else {
            return Ok(());
        };
        let highest = u32::try_from(highest).unwrap_or(u32::MAX);
        self.extend_to(keys.div_ceil(SLOTS)).map_err(|_| NoRoom::of(highest))
    }

    /// How many keys have room: those below this number.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.deadlines.len() * SLOTS
    }

    /// All the memory the wheel holds, itself included.
    pub fn bytes(&self) -> usize {
        let nodes: usize = self.levels.iter().map(Vec::capacity).sum();
        size_of::<Self>()
            + self.deadlines.capacity() * size_of::<Deadlines<SLOTS>>()
            + self.levels.capacity() * size_of::<Vec<Claims<SLOTS>>>()
            + nodes * size_of::<Claims<SLOTS>>()
            + self.last_instant.bytes()
    }
}

/// What happens below the surface of a call.
impl<const SLOTS: usize, R: Rules> Wheel<SLOTS, R> {
    /// Stores a deadline; returns whether there is room for it.
    #[inline(always)]
    fn replace(&mut self, key: u32, at: u64) -> bool {
        let Some(node) = self.deadlines.get_mut(key as usize / SLOTS) else {
            return false;
        };
        node.0[key as usize % SLOTS] = at;
        // The earliest claim may be stale from here on.
        self.wake = select_unpredictable(key == self.next.key, 0, self.wake);
        true
    }

    /// Carries a new deadline upwards, as long as it goes before what is claimed.
    #[inline(never)]
    fn claim(&mut self, key: u32, at: u64) {
        let claim = Claim { at, key };
        let (mut level, mut node) = (0, key as usize / SLOTS);
        while let Some(claims) = self.node(level, node / SLOTS) {
            if claim >= claims.get(node % SLOTS) {
                return;
            }
            claims.put(node % SLOTS, claim);
            (level, node) = R::above(level, node, SLOTS);
        }
        if claim < self.next {
            self.next = claim;
            self.wake = at;
        }
    }

    /// Puts every claim of the node of `key` right, all the way up: `key` held them all.
    #[inline(always)]
    fn refile(&mut self, key: u32) {
        let mut node = key as usize / SLOTS;
        let (at, slot) = earliest::<SLOTS, R>(&self.deadlines[node].0);
        let mut claim = R::refile(Claim { at, key: (node * SLOTS + slot) as u32 });
        let mut level = 0;
        while let Some(claims) = self.node(level, node / SLOTS) {
            claims.put(node % SLOTS, claim);
            let (at, slot) = earliest::<SLOTS, R>(&claims.at);
            claim = Claim { at, key: claims.key[slot] };
            (level, node) = R::above(level, node, SLOTS);
            if level + 1 == self.levels.len() {
                self.prefetch(claim.key);
            }
        }
        self.next = claim;
    }

    #[inline(always)]
    fn node(&mut self, level: usize, node: usize) -> Option<&mut Claims<SLOTS>> {
        self.levels.get_mut(level)?.get_mut(node)
    }

    /// Brings the nodes of a finalist near: it will be the earliest of all before long.
    #[inline(always)]
    fn prefetch(&self, key: u32) {
        let node = key as usize / SLOTS;
        if let Some(deadlines) = self.deadlines.get(node) {
            prefetch(deadlines);
        }
        if let Some(claims) = self.levels.first().and_then(|level| level.get(node / SLOTS)) {
            prefetch(claims);
        }
    }

    #[inline(never)]
    fn expire(&mut self, now: u64, expired: &mut Vec<u32>) {
        if now < self.now {
            return;
        }
        self.now = now;
        self.work(Some(now), REPAIRS, expired);
        if now == u64::MAX {
            self.last_instant.expire(expired);
        }
    }

    /// Fires what is due, then puts up to `repairs` stale claims right, so that the earliest be
    /// true.
    #[inline(always)]
    fn work(&mut self, now: Option<u64>, mut repairs: usize, expired: &mut Vec<u32>) {
        while self.next.at != NEVER {
            let Claim { at, key } = self.next;
            let deadline = &mut self.deadlines[key as usize / SLOTS].0[key as usize % SLOTS];
            let due = now.is_some_and(|now| R::is_due(at, now));
            if R::holds(*deadline, at) {
                if !due {
                    break;
                }
                *deadline = NEVER;
                expired.push(key);
            } else if !due {
                if repairs == 0 {
                    self.wake = 0;
                    return;
                }
                repairs -= 1;
            }
            self.refile(key);
        }
        self.wake = self.next.at;
    }

    #[cold]
    fn move_in_last_instant(&mut self, key: u32, at: u64) {
        if at == NEVER {
            self.last_instant.insert(key, self.capacity());
        } else {
            self.last_instant.remove(key);
        }
    }

    #[cold]
    fn grow_and_set(&mut self, key: u32, at: u64) {
        self.try_grow(key).unwrap_or_else(|no_room| panic!("{no_room}"));
        self.set(key, at);
    }
}

impl<const SLOTS: usize, R: Rules> Default for Wheel<SLOTS, R> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<const SLOTS: usize> Claims<SLOTS> {
    /// The node of a level without timers, in which a slot stands for `span` keys.
    fn vacant(node: usize, span: usize) -> Self {
        let first = |slot: usize| (node * SLOTS + slot).saturating_mul(span);
        let key = |slot| u32::try_from(first(slot)).unwrap_or(u32::MAX);
        Self { at: [NEVER; SLOTS], key: core::array::from_fn(key) }
    }

    #[inline(always)]
    fn get(&self, slot: usize) -> Claim {
        Claim { at: self.at[slot], key: self.key[slot] }
    }

    #[inline(always)]
    fn put(&mut self, slot: usize, claim: Claim) {
        self.at[slot] = claim.at;
        self.key[slot] = claim.key;
    }
}

/// The earliest deadline of a node, and its slot: the first such.
///
/// A knock-out of neighbours, so that no branch depends on the data.
#[inline(always)]
fn earliest<const SLOTS: usize, R: Rules>(deadlines: &[u64; SLOTS]) -> (u64, usize) {
    let mut at = *deadlines;
    let mut slot: [u32; SLOTS] = core::array::from_fn(|slot| slot as u32);
    let mut left = SLOTS;
    while left > 1 {
        left /= 2;
        for i in 0..left {
            let later = R::precedes(at[2 * i + 1], at[2 * i]);
            at[i] = select_unpredictable(later, at[2 * i + 1], at[2 * i]);
            slot[i] = select_unpredictable(later, slot[2 * i + 1], slot[2 * i]);
        }
    }
    (at[0], slot[0] as usize)
}

/// How many stale claims one `advance` puts right that it need not put right yet.
const REPAIRS: usize = 2;
/// No timer; a timer set to this very instant is in `last_instant`.
const NEVER: u64 = u64::MAX;
