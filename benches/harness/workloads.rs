//! The workloads. Each checks its own answer: what fires, how many, in what order.
//!
//! Goal: what an engine with millions of armed deadlines asks of its timers. Not a goal: threads,
//! wake-up latency.

use std::time::Duration;

use super::Timers;
use super::clock::{Laps, time};
use super::hot_path::HotPath;

/// A named question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Workload {
    /// Heartbeats in random order: each timer is moved to 30 s ahead every 3 s; nothing fires.
    W1,
    /// As W1, to a random 6 to 60 s ahead: sometimes to earlier than before.
    W1x,
    /// As W1, in the same order every time, so that each heartbeat moves the earliest timer of all.
    W1p,
    /// W1, and the next expiration is asked for after every move.
    W4,
    /// Groups of 32 are cleared and set again; nothing fires.
    W2,
    /// One timer is set and cleared at once.
    W2i,
    /// The mixed load is set.
    W3Load,
    /// The mixed load is drained in steps of one millisecond.
    W3Drain,
    /// The mixed load is drained by jumps to the next expiration.
    W3Jump,
    /// Heartbeats go through the core and move derived deadlines; some workers are lost.
    HotPath,
    /// As the hot path, but no worker is lost, so that nothing fires; not one of `ALL`.
    HotPathQuiet,
}

impl Workload {
    pub(crate) const ALL: [Self; 10] = [
        Self::W1,
        Self::W1x,
        Self::W1p,
        Self::W4,
        Self::W2,
        Self::W2i,
        Self::W3Load,
        Self::W3Drain,
        Self::W3Jump,
        Self::HotPath,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1 heartbeat",
            Self::W1x => "W1x heartbeat, any direction",
            Self::W1p => "W1p heartbeat, periodic",
            Self::W4 => "W4 heartbeat and next",
            Self::W2 => "W2 clear and set",
            Self::W2i => "W2i set and clear at once",
            Self::W3Load => "W3 load",
            Self::W3Drain => "W3 drain",
            Self::W3Jump => "W3j drain by jumps",
            Self::HotPath => "hot path",
            Self::HotPathQuiet => "hot path, nobody lost",
        }
    }
}

/// A workload that goes on where it stopped.
pub(crate) trait Run {
    /// Does about `operations` more; returns how many it did, and the time they took.
    fn run(&mut self, operations: u64) -> (u64, Duration);
    /// Checks what shows only at the end.
    fn finish(self: Box<Self>) {}
}

/// Sets the stage of `workload` with `n` timers; `None` if the contender cannot play it.
pub(crate) fn start<T: Timers + 'static>(workload: Workload, n: usize) -> Option<Box<dyn Run>> {
    let asks = matches!(workload, Workload::W4 | Workload::W3Jump);
    if asks && !T::KNOWS_NEXT {
        return None;
    }
    Some(match workload {
        Workload::W1 => Box::new(Heartbeats::<T>::new(n, Beat::Later)),
        Workload::W1x => Box::new(Heartbeats::<T>::new(n, Beat::Anywhere)),
        Workload::W1p => Box::new(Heartbeats::<T>::new(n, Beat::Periodic)),
        Workload::W4 => Box::new(Heartbeats::<T>::new(n, Beat::Asking)),
        Workload::W2 => Box::new(Churn::<T>::new(n)),
        Workload::W2i => Box::new(AtOnce::<T>::new(n)),
        Workload::W3Load => Box::new(Mixed::<T>::new(n, Part::Load)),
        Workload::W3Drain => Box::new(Mixed::<T>::new(n, Part::Drain)),
        Workload::W3Jump => Box::new(Mixed::<T>::new(n, Part::Jump)),
        Workload::HotPath => Box::new(HotPath::<T>::new(n, true)),
        Workload::HotPathQuiet => Box::new(HotPath::<T>::new(n, false)),
    })
}

/// Wyhash's generator: small, seeded, good enough to shuffle with.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.0) * u128::from(self.0 ^ 0xe703_7ed1_a0b4_28db);
        (product >> 64) as u64 ^ product as u64
    }

    /// Between `low` and `high`, both included.
    pub(crate) fn range(&mut self, low: u64, high: u64) -> u64 {
        low + ((u128::from(self.next()) * u128::from(high - low + 1)) >> 64) as u64
    }

    fn shuffle(&mut self, keys: &mut [u32]) {
        for i in (1..keys.len()).rev() {
            keys.swap(i, self.range(0, i as u64) as usize);
        }
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Beat {
    Later,
    Anywhere,
    Periodic,
    Asking,
}

/// A call that was worked out before the clock ran.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) now: u64,
    pub(super) key: u32,
    pub(super) at: u64,
}

/// Goes through all keys over and over, `sweep` milliseconds each time.
#[derive(Debug)]
pub(super) struct Sweeps {
    random: Random,
    order: Vec<u32>,
    position: usize,
    start: u64,
    sweep: u64,
    reorder: bool,
}

impl Sweeps {
    pub(super) fn new(n: usize, sweep: u64, reorder: bool) -> Self {
        let mut random = Random(1);
        let mut order: Vec<u32> = (0..n as u32).collect();
        random.shuffle(&mut order);
        Self { random, order, position: 0, start: 0, sweep, reorder }
    }

    /// Replaces `calls` by the next ones, at most `block`.
    pub(super) fn plan(&mut self, calls: &mut Vec<Planned>, block: usize, ahead: (u64, u64)) {
        calls.clear();
        let n = self.order.len();
        if self.position == n {
            self.position = 0;
            self.start += self.sweep;
            if self.reorder {
                self.random.shuffle(&mut self.order);
            }
        }
        let end = n.min(self.position + block);
        for i in self.position..end {
            let now = self.start + i as u64 * self.sweep / n as u64;
            let at = now + self.random.range(ahead.0, ahead.1);
            calls.push(Planned { now, key: self.order[i], at });
        }
        self.position = end;
    }
}

struct Heartbeats<T> {
    timers: T,
    beat: Beat,
    sweeps: Sweeps,
    now: u64,
}

impl<T: Timers> Heartbeats<T> {
    fn new(n: usize, beat: Beat) -> Self {
        let mut timers = T::with_keys(n);
        let mut random = Random(2);
        for key in 0..n as u32 {
            timers.set(key, random.range(6_001, 30_000));
        }
        Self { timers, beat, sweeps: Sweeps::new(n, 3_000, beat != Beat::Periodic), now: 0 }
    }
}

impl<T: Timers> Run for Heartbeats<T> {
    fn run(&mut self, operations: u64) -> (u64, Duration) {
        let (mut done, mut spent) = (0, Duration::ZERO);
        let (mut calls, mut expired, mut soonest) = (Vec::with_capacity(BLOCK), Vec::new(), 0);
        let ahead = if self.beat == Beat::Anywhere { (6_001, 60_000) } else { (30_000, 30_000) };
        let asks = self.beat == Beat::Asking;
        while done < operations {
            self.sweeps.plan(&mut calls, BLOCK, ahead);
            let (timers, current) = (&mut self.timers, &mut self.now);
            spent += time(|| {
                for &Planned { now, key, at } in &calls {
                    if now != *current {
                        *current = now;
                        timers.advance(now, &mut expired);
                    }
                    timers.set(key, at);
                    if asks {
                        soonest ^= timers.next_expiration().expect("every timer is set");
                    }
                }
            });
            done += calls.len() as u64;
            assert!(expired.is_empty(), "a heartbeat came in time and its timer fired");
        }
        std::hint::black_box(soonest);
        (done, spent)
    }
}

struct Churn<T> {
    timers: T,
    sweeps: Sweeps,
}

impl<T: Timers> Churn<T> {
    fn new(n: usize) -> Self {
        let mut timers = T::with_keys(n);
        let mut random = Random(3);
        for key in 0..n as u32 {
            timers.set(key, random.range(FAR.0, FAR.1));
        }
        Self { timers, sweeps: Sweeps::new(n, 10_000, true) }
    }
}

impl<T: Timers> Run for Churn<T> {
    fn run(&mut self, operations: u64) -> (u64, Duration) {
        let (mut done, mut spent) = (0, Duration::ZERO);
        let (mut calls, mut expired) = (Vec::with_capacity(BLOCK), Vec::new());
        while done < operations {
            self.sweeps.plan(&mut calls, BLOCK, FAR);
            let timers = &mut self.timers;
            spent += time(|| {
                for group in calls.chunks(32) {
                    timers.advance(group[0].now, &mut expired);
                    for call in group {
                        timers.clear(call.key);
                    }
                    for call in group {
                        timers.set(call.key, call.at);
                    }
                }
            });
            done += calls.len() as u64;
            assert!(expired.is_empty(), "a timer fired minutes early");
        }
        (done, spent)
    }
}

struct AtOnce<T> {
    timers: T,
    key: u32,
    random: Random,
}

impl<T: Timers> AtOnce<T> {
    fn new(n: usize) -> Self {
        let mut timers = T::with_keys(n + 1);
        let mut random = Random(4);
        for key in 0..n as u32 {
            timers.set(key, random.range(FAR.0, FAR.1));
        }
        Self { timers, key: n as u32, random }
    }
}

impl<T: Timers> Run for AtOnce<T> {
    fn run(&mut self, operations: u64) -> (u64, Duration) {
        let (mut done, mut spent) = (0, Duration::ZERO);
        let mut deadlines = Vec::with_capacity(BLOCK);
        while done < operations {
            deadlines.clear();
            deadlines.extend((0..BLOCK).map(|_| self.random.range(FAR.0, FAR.1)));
            let (timers, key) = (&mut self.timers, std::hint::black_box(self.key));
            spent += time(|| {
                for &at in &deadlines {
                    timers.set(key, at);
                    timers.clear(key);
                }
            });
            done += BLOCK as u64;
        }
        (done, spent)
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Load,
    Drain,
    Jump,
}

/// Starts afresh every time: its unit is a whole load.
struct Mixed<T> {
    part: Part,
    deadlines: Vec<u64>,
    timers: std::marker::PhantomData<T>,
}

impl<T: Timers> Mixed<T> {
    fn new(n: usize, part: Part) -> Self {
        Self { part, deadlines: mixed(n), timers: std::marker::PhantomData }
    }

    fn once(&self) -> Duration {
        let n = self.deadlines.len();
        let mut timers = T::with_keys(n);
        let load = time(|| load(&mut timers, &self.deadlines));
        if self.part == Part::Load {
            return load;
        }
        let mut expired = Vec::with_capacity(n);
        let mut now = 0;
        let drain = time(|| match self.part {
            Part::Drain => {
                while expired.len() < n {
                    now += 1;
                    timers.advance(now, &mut expired);
                }
            }
            Part::Jump | Part::Load => {
                // One that names an instant too early is asked again a millisecond later.
                while let Some(next) = timers.next_expiration() {
                    now = next.max(now + 1);
                    timers.advance(now, &mut expired);
                }
            }
        });
        assert_eq!(expired.len(), n, "as many fire as were set");
        let order =
            expired.windows(2).map(|w| [w[0], w[1]].map(|key| self.deadlines[key as usize]));
        assert!({ order }.all(|[a, b]| a <= b), "they fire in order");
        drain
    }
}

impl<T: Timers> Run for Mixed<T> {
    fn run(&mut self, operations: u64) -> (u64, Duration) {
        let n = self.deadlines.len() as u64;
        let runs = operations.div_ceil(n).max(1);
        (n * runs, (0..runs).map(|_| self.once()).sum())
    }
}

fn load<T: Timers>(timers: &mut T, deadlines: &[u64]) {
    for (&at, key) in deadlines.iter().zip(0..) {
        timers.set(key, at);
    }
}

/// In equal parts: heartbeats, start-to-close, schedule-to-close, exponential backoff.
pub(crate) fn mixed(n: usize) -> Vec<u64> {
    let mut random = Random(5);
    let mut one = || match random.range(0, 3) {
        0 => random.range(1_000, 30_000),
        1 => random.range(1_000, 3_600_000),
        2 => random.range(60_000, 86_400_000),
        _ => {
            let interval = (1_000 << random.range(0, 7)).min(100_000);
            random.range(interval * 8 / 10, interval)
        }
    };
    (0..n).map(|_| one()).collect()
}

/// The longest single `advance` of a storm (W5), and the longest that fires nothing: `n` timers
/// within one minute, an hour ahead, in steps of one millisecond.
///
/// A step counts as the shortest of `repetitions`: what it must take, without what the machine did
/// meanwhile.
pub(crate) fn storm<T: Timers>(n: usize, repetitions: usize) -> [Duration; 2] {
    let mut steps = vec![(Duration::MAX, false); 3_660_000];
    for _ in 0..repetitions {
        let mut timers = T::with_keys(n);
        let mut random = Random(6);
        for key in 0..n as u32 {
            timers.set(key, 3_600_000 + random.range(0, 59_999));
        }
        let mut expired = Vec::with_capacity(n);
        let mut laps = Laps::start();
        for ((shortest, fires), now) in steps.iter_mut().zip(1..) {
            let fired = expired.len();
            timers.advance(now, &mut expired);
            *shortest = laps.lap().min(*shortest);
            *fires = expired.len() > fired;
        }
        assert_eq!(expired.len(), n, "as many fire as were set");
    }
    let longest = |quiet_only: bool| {
        let counted = steps.iter().filter(|(_, fires)| !(quiet_only && *fires));
        counted.map(|&(spent, _)| spent).max().unwrap_or_default()
    };
    [longest(false), longest(true)]
}

/// What the timers hold after the mixed load, and the most they hold when W2 goes on `sweeps`
/// times: bytes per timer.
pub(crate) fn memory<T: Timers>(n: usize, sweeps: u64) -> [f64; 2] {
    use super::allocator::{held, peak, reset_peak};
    let deadlines = mixed(n);
    let before = held();
    let mut timers = T::with_keys(n);
    load(&mut timers, &deadlines);
    let loaded = held() - before;
    drop(timers);

    let mut soak = Churn::<T>::new(n);
    let order = soak.sweeps.order.capacity() * size_of::<u32>();
    reset_peak();
    let before = before + order + BLOCK * size_of::<Planned>();
    soak.run(n as u64 * sweeps);
    [loaded, peak() - before].map(|bytes| bytes as f64 / n as f64)
}

/// Calls are worked out, and the clock is read, once for so many.
const BLOCK: usize = 4_096;
/// Five minutes to one hour.
const FAR: (u64, u64) = (300_000, 3_600_000);
