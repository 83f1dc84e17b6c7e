//! The published crates, each behind the same four calls.
//!
//! A crate that hands out handles needs a table of them, and a queue that knows its keys by hash
//! needs a hasher: both are part of what it costs to use it, so both are timed and weighed. The
//! hasher is a fast one.

use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use hierarchical_hash_wheel_timer::IdOnlyTimerEntry;
use hierarchical_hash_wheel_timer::wheels::cancellable::QuadWheelWithOverflow;
use keyed_priority_queue::KeyedPriorityQueue;
use nexus_timer::{TimerHandle, WheelBuilder};
use orx_priority_queue::{
    DaryHeapOfIndices, NodeKeyRef, PriorityQueue as _, PriorityQueueDecKey as _,
};
use priority_queue::PriorityQueue;
use rustc_hash::FxBuildHasher;
use tokio_util::time::{DelayQueue, delay_queue::Key};

use crate::harness::{Contender, Timers};

/// Every published peer.
pub const PEERS: [Contender; 8] = [
    Contender::new::<Orx<4>>("orx-priority-queue, 4-ary", Some("orx-priority-queue")),
    Contender::new::<Orx<8>>("orx-priority-queue, 8-ary", Some("orx-priority-queue")),
    Contender::new::<Hashed>("priority-queue", Some("priority-queue")),
    Contender::new::<Keyed>("keyed_priority_queue", Some("keyed_priority_queue")),
    Contender::new::<Nexus<false>>("nexus-timer", Some("nexus-timer")),
    Contender::new::<Nexus<true>>("nexus-timer, tuned", Some("nexus-timer")),
    Contender::new::<HashWheel>(HASH_WHEEL, Some("hierarchical_hash_wheel_timer")),
    Contender::new::<Delays>(DELAY_QUEUE, Some("tokio-util")),
];

/// The two that the targets name.
pub const DELAY_QUEUE: &str = "DelayQueue";
/// See [`DELAY_QUEUE`].
pub const HASH_WHEEL: &str = "hierarchical_hash_wheel_timer";

struct Orx<const D: usize>(DaryHeapOfIndices<usize, u64, D>);

impl<const D: usize> Timers for Orx<D> {
    fn with_keys(keys: usize) -> Self {
        Self(DaryHeapOfIndices::with_index_bound(keys))
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        self.0.update_key_or_push(&(key as usize), at);
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        if self.0.contains(&(key as usize)) {
            self.0.remove(&(key as usize));
        }
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        self.0.peek().map(|top| *top.key())
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        while self.0.peek().is_some_and(|top| *top.key() <= now) {
            expired.extend(self.0.pop_node().map(|key| key as u32));
        }
    }
}

struct Hashed(PriorityQueue<u32, Reverse<u64>, FxBuildHasher>);

impl Timers for Hashed {
    fn with_keys(keys: usize) -> Self {
        Self(PriorityQueue::with_capacity_and_hasher(keys, FxBuildHasher))
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        self.0.push(key, Reverse(at));
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        self.0.remove(&key);
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        self.0.peek().map(|(_, at)| at.0)
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        while self.0.peek().is_some_and(|(_, at)| at.0 <= now) {
            expired.extend(self.0.pop().map(|(key, _)| key));
        }
    }
}

struct Keyed(KeyedPriorityQueue<u32, Reverse<u64>, FxBuildHasher>);

impl Timers for Keyed {
    fn with_keys(keys: usize) -> Self {
        Self(KeyedPriorityQueue::with_capacity_and_hasher(keys, FxBuildHasher))
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        self.0.push(key, Reverse(at));
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        self.0.remove(&key);
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        self.0.peek().map(|(_, at)| at.0)
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        while self.0.peek().is_some_and(|(_, at)| at.0 <= now) {
            expired.extend(self.0.pop().map(|(key, _)| key));
        }
    }
}

/// Tuned: levels 32 times coarser each, and a limit to the entries that one poll moves.
struct Nexus<const TUNED: bool> {
    wheel: nexus_timer::Wheel<u32>,
    handles: Vec<Option<TimerHandle<u32>>>,
    base: Instant,
}

impl<const TUNED: bool> Nexus<TUNED> {
    fn instant(&self, at: u64) -> Instant {
        self.base + Duration::from_millis(at)
    }
}

impl<const TUNED: bool> Drop for Nexus<TUNED> {
    fn drop(&mut self) {
        // A handle must not be dropped.
        for handle in self.handles.drain(..).flatten() {
            self.wheel.cancel(handle);
        }
    }
}

impl<const TUNED: bool> Timers for Nexus<TUNED> {
    fn with_keys(keys: usize) -> Self {
        #[expect(clippy::disallowed_methods, reason = "its instants cannot be made otherwise")]
        let base = Instant::now();
        let builder = WheelBuilder::default();
        let builder = match TUNED {
            true => builder.clk_shift(5).max_rebalances_per_poll(1_024),
            false => builder,
        };
        let wheel = builder.unbounded(keys.max(64)).build(base).expect("the settings are valid");
        Self { wheel, handles: std::iter::repeat_with(|| None).take(keys).collect(), base }
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        let at = self.instant(at);
        let handle = match self.handles[key as usize].take() {
            Some(handle) => self.wheel.reschedule(handle, at),
            None => self.wheel.schedule(at, key),
        };
        self.handles[key as usize] = Some(handle);
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        if let Some(handle) = self.handles[key as usize].take() {
            self.wheel.cancel(handle);
        }
    }

    #[inline]
    fn next_expiration(&mut self) -> Option<u64> {
        let next = self.wheel.next_deadline()?;
        Some(next.duration_since(self.base).as_millis() as u64)
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        let fired = expired.len();
        let now = self.instant(now);
        self.wheel.poll_and_rebalance(now, expired);
        for &key in &expired[fired..] {
            if let Some(handle) = self.handles[key as usize].take() {
                self.wheel.free(handle);
            }
        }
    }
}

struct HashWheel {
    wheel: QuadWheelWithOverflow<IdOnlyTimerEntry<u32>>,
    now: u64,
}

impl Timers for HashWheel {
    // It can say how far the next tick is that has work, which is not the same.
    const KNOWS_NEXT: bool = false;

    fn with_keys(_: usize) -> Self {
        Self { wheel: QuadWheelWithOverflow::new(), now: 0 }
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        self.clear(key);
        let entry = IdOnlyTimerEntry::new(key, Duration::from_millis(at - self.now));
        self.wheel.insert(entry).expect("the workloads set no timer to the past");
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        // An error says that it was not set.
        let _ = self.wheel.cancel(&key);
    }

    fn next_expiration(&mut self) -> Option<u64> {
        None
    }

    #[inline]
    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        while self.now < now {
            self.now += 1;
            expired.extend(self.wheel.tick().iter().map(|entry| entry.id));
        }
    }
}

/// Polled as a runtime polls a task: when it has been woken, and once more after the time driver
/// has had its turn, as long as that wakes it again. Less would fire late, more would cost more.
struct Delays {
    runtime: tokio::runtime::Runtime,
    woken: Arc<Woken>,
    waker: Waker,
    queue: DelayQueue<u32>,
    handles: Vec<Option<Key>>,
    base: tokio::time::Instant,
    now: u64,
}

impl Timers for Delays {
    // Its `peek` walks a slot, and names a timer that need not be the earliest.
    const KNOWS_NEXT: bool = false;

    fn with_keys(keys: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime can be built");
        let inside = runtime.enter();
        let base = tokio::time::Instant::now();
        let queue = DelayQueue::with_capacity(keys);
        drop(inside);
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        Self {
            runtime,
            waker: Waker::from(Arc::clone(&woken)),
            woken,
            queue,
            handles: vec![None; keys],
            base,
            now: 0,
        }
    }

    #[inline]
    fn set(&mut self, key: u32, at: u64) {
        let at = self.base + Duration::from_millis(at);
        let handle = &mut self.handles[key as usize];
        match handle {
            Some(handle) => self.queue.reset_at(handle, at),
            None => {
                let _inside = self.runtime.enter();
                *handle = Some(self.queue.insert_at(key, at));
                self.woken.0.store(true, Relaxed);
            }
        }
    }

    #[inline]
    fn clear(&mut self, key: u32) {
        if let Some(handle) = self.handles[key as usize].take() {
            self.queue.remove(&handle);
        }
    }

    fn next_expiration(&mut self) -> Option<u64> {
        None
    }

    fn advance(&mut self, now: u64, expired: &mut Vec<u32>) {
        let ahead = Duration::from_millis(now - self.now);
        self.now = now;
        let (queue, handles) = (&mut self.queue, &mut self.handles);
        let mut context = Context::from_waker(&self.waker);
        self.runtime.block_on(async {
            tokio::time::advance(ahead).await;
            while self.woken.0.swap(false, Relaxed) {
                while let Poll::Ready(Some(entry)) = queue.poll_expired(&mut context) {
                    let key = entry.into_inner();
                    handles[key as usize] = None;
                    expired.push(key);
                }
                tokio::task::yield_now().await;
            }
        });
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}
