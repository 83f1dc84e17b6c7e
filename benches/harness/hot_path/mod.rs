//! The hot path: heartbeats go through the core, and each moves the deadline that its execution
//! derives from it.
//!
//! Every worker heartbeats once in three seconds, without details. In place of every five hundredth
//! heartbeat it is lost: its attempt times out, waits its backoff, is dispatched and taken by
//! another worker. After five to fifty minutes a worker is done, and a new execution takes the
//! place of the one that it completes. Every firing must come at the very instant that its
//! execution derives.

mod engine;

use std::time::Duration;

use activity_execution::Payload;
use activity_execution::vocabulary::{Request, Target, TaskToken};

use super::allocator::held;
use super::clock::time;
use super::contenders::NOBODY;
use super::workloads::{Planned, Random, Run, Sweeps, Workload};
use super::{Contender, Timers};
use engine::Engine;

/// The timers' share of a heartbeat while nobody is lost: the median, over many pairs, of how much
/// longer the loop with `contender` takes than the same loop without timers.
pub(crate) fn share(contender: &Contender, n: usize) -> f64 {
    let mut pair = [contender, &NOBODY].map(|it| {
        let mut run = (it.start)(Workload::HotPathQuiet, n).expect("everybody can play it");
        run.run(n as u64);
        run
    });
    let mut shares: Vec<f64> = (0..PAIRS)
        .map(|_| {
            let [with, without] = pair.each_mut().map(|run| {
                let (done, spent) = run.run(n.clamp(1_000, 500_000) as u64);
                spent.as_secs_f64() / done as f64
            });
            (with - without) / with
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    shares[PAIRS / 2]
}

/// Workers and the engine that they report to.
pub(crate) struct HotPath<T> {
    engine: Engine<T>,
    workers: Vec<Worker>,
    sweeps: Sweeps,
    random: Random,
    loses: bool,
    lost: u64,
}

/// The worker of one execution.
#[derive(Clone, Copy, Default)]
struct Worker {
    /// The attempt that it holds; none while there is no worker, or when it is lost.
    token: Option<TaskToken>,
    /// From when on its next report is the result.
    done: u64,
}

struct Call {
    now: u64,
    key: u32,
    request: Request,
}

impl<T: Timers> HotPath<T> {
    /// `n` executions, whose workers may get lost or may not.
    pub(crate) fn new(n: usize, loses: bool) -> Self {
        Self {
            engine: Engine::new(n),
            workers: vec![Worker::default(); n],
            sweeps: Sweeps::new(n, 3_000, true),
            random: Random::new(7),
            loses,
            lost: 0,
        }
    }

    /// What the workers will report next.
    fn plan(&mut self, planned: &mut Vec<Planned>, calls: &mut Vec<Call>) {
        calls.clear();
        self.sweeps.plan(planned, BLOCK, (0, 0));
        for (key, token) in self.engine.taken.drain(..) {
            let done = planned[0].now + self.random.range(300_000, 3_000_000);
            self.workers[key as usize] = Worker { token: Some(token), done };
        }
        for &Planned { now, key, .. } in &*planned {
            let worker = &mut self.workers[key as usize];
            let Some(token) = worker.token else { continue };
            if self.loses && self.random.range(1, 500) == 1 {
                worker.token = None;
                self.lost += 1;
                continue;
            }
            let (target, is_done) = (Target::Token(token), now >= worker.done);
            let request = if is_done {
                worker.token = None;
                let [result, identity] = ["result", "worker"].map(Payload::data);
                Request::RespondActivityTaskCompleted { target, result, identity }
            } else {
                let details = Payload::default();
                Request::RecordActivityTaskHeartbeat { target, details }
            };
            calls.push(Call { now, key, request });
        }
    }

    /// Bytes per open execution, after some sweeps: the executions', and the timers'.
    pub(crate) fn weigh(mut self) -> [f64; 2] {
        let n = self.workers.len();
        self.run((16 * n as u64).max(10_000));
        assert!(self.engine.timed_out > 0, "some workers are lost in so many sweeps");
        let Engine { timers, slots, .. } = self.engine;
        let all = held();
        drop(timers);
        let without_timers = held();
        drop(slots);
        [without_timers - held(), all - without_timers].map(|bytes| bytes as f64 / n as f64)
    }
}

impl<T: Timers> Run for HotPath<T> {
    fn run(&mut self, operations: u64) -> (u64, Duration) {
        let (mut done, mut spent) = (0, Duration::ZERO);
        let (mut planned, mut calls) = (Vec::with_capacity(BLOCK), Vec::with_capacity(BLOCK));
        while done < operations {
            self.plan(&mut planned, &mut calls);
            let engine = &mut self.engine;
            spent += time(|| {
                for Call { now, key, request } in &calls {
                    engine.advance(*now);
                    engine.report(*key, request);
                }
            });
            done += calls.len() as u64;
        }
        (done, spent)
    }

    /// Nobody reports any more: every timer fires, at the instant that its execution derives.
    fn finish(self: Box<Self>) {
        let Self { mut engine, workers, lost, .. } = *self;
        let keys = 0..workers.len() as u32;
        let missing = keys
            .clone()
            .filter(|&key| engine.is_started(key) && workers[key as usize].token.is_none());
        let missing = missing.count() - engine.taken.len();
        assert_eq!(engine.timed_out + missing as u64, lost, "who is lost times out, nobody else");
        let mut due: Vec<(u64, u32)> = keys.map(|key| (engine.next_instant(key), key)).collect();
        due.sort_unstable();
        let mut fired = Vec::with_capacity(due.len());
        let mut expired = Vec::new();
        let Some(&(last, _)) = due.last() else { return };
        for now in engine.now() + 1..=last {
            engine.timers.advance(now, &mut expired);
            fired.extend(expired.drain(..).map(|key| (now, key)));
        }
        fired.sort_unstable();
        assert_eq!(fired, due, "the timers hold what the executions derive");
    }
}

/// How often the loop with timers and the one without are run in turn.
const PAIRS: usize = 15;
/// So many calls are worked out at once.
const BLOCK: usize = 1_024;
