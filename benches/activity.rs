//! Benchmark of the activity that owns its options against the bare machine in a loop by hand.
//!
//! Both do the hot path: a heartbeat goes through the machine, its event is handed on, and the
//! deadline that follows is set on the wheel. Goal: the price of ownership, as a ratio of runs that
//! were made side by side. Not a goal: absolute times, nor the wheel, which has its own bench.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use activity_execution::vocabulary::{ExecutionOptions, Request, RequestId};
use activity_execution::{
    Accepted, Activity, ActivityExecution, ActivityOptions, Call, Payload, Target, TaskToken,
    Timers, Timestamp, Wheel,
};
use cpu_time::ThreadTime;

/// Who carries out heartbeats.
trait Contender {
    /// So many executions, each held by a worker.
    fn started(options: &Arc<ActivityOptions>, executions: u32) -> Self;
    /// One heartbeat.
    fn heartbeat(&mut self, key: u32, now: Timestamp, target: Target, details: Payload);
}

/// The loop of whoever knows what is to be done: its timers settle time, so no call does.
struct Bare {
    terms: ExecutionOptions,
    executions: Vec<ActivityExecution>,
    wheel: Wheel,
}

/// The same with time settled before each call, which is what the machine asks for.
struct Settled {
    options: Arc<ActivityOptions>,
    bare: Bare,
}

/// The activity that owns its options.
struct Owned {
    activities: Vec<Activity>,
    timers: Timers,
}

impl Contender for Bare {
    fn started(options: &Arc<ActivityOptions>, executions: u32) -> Self {
        let terms = options.terms();
        let poll = Request::RecordActivityTaskStarted {
            request_id: RequestId(1),
            dispatched: TOKEN,
            identity: Payload::data("worker"),
        };
        let started = |_| {
            let mut execution = ActivityExecution::new(&terms, Timestamp(0), RequestId(0));
            let accepted = execution.call(&terms, Timestamp(0), &poll);
            assert!(accepted.is_ok(), "the task is dispatched: {accepted:?}");
            execution
        };
        let wheel = Wheel::with_capacity(executions as usize);
        Bare { terms, executions: (0..executions).map(started).collect(), wheel }
    }

    #[inline]
    fn heartbeat(&mut self, key: u32, now: Timestamp, target: Target, details: Payload) {
        let execution = &mut self.executions[key as usize];
        let request = Request::RecordActivityTaskHeartbeat { target, details };
        let Ok(Accepted { event, answer }) = execution.call(&self.terms, now, &request) else {
            unreachable!("the worker holds the task");
        };
        black_box((event, answer));
        if let Some(deadline) = execution.deadline(&self.terms) {
            self.wheel.set(key, deadline.time.0.cast_unsigned());
        }
    }
}

impl Contender for Settled {
    fn started(options: &Arc<ActivityOptions>, executions: u32) -> Self {
        Settled { options: options.clone(), bare: Bare::started(options, executions) }
    }

    #[inline]
    fn heartbeat(&mut self, key: u32, now: Timestamp, target: Target, details: Payload) {
        let Settled { options, bare } = self;
        let execution = &mut bare.executions[key as usize];
        let backoff = |attempt| options.backoff(attempt);
        execution.settle(&bare.terms, now, backoff, |event| drop(black_box(event)));
        bare.heartbeat(key, now, target, details);
    }
}

impl Contender for Owned {
    fn started(options: &Arc<ActivityOptions>, executions: u32) -> Self {
        let started = |_| {
            let (mut activity, _durable) = Activity::start(options.clone(), Timestamp(0), UUID);
            let called = activity.call(Timestamp(0), Call::poll(UUID, TOKEN, "worker"));
            assert!(called.reply.is_ok(), "the task is dispatched: {called:?}");
            activity
        };
        let timers = Timers::with_capacity(executions as usize);
        Owned { activities: (0..executions).map(started).collect(), timers }
    }

    #[inline]
    fn heartbeat(&mut self, key: u32, now: Timestamp, target: Target, details: Payload) {
        let activity = &mut self.activities[key as usize];
        drop(black_box(activity.call(now, Call::RecordActivityTaskHeartbeat { target, details })));
        self.timers.set(key, activity.next_wakeup());
    }
}

/// A contender, with its own clock and its own place in the sweep.
struct Stage<C> {
    contender: C,
    executions: u32,
    key: u32,
    now: i64,
}

impl<C: Contender> Stage<C> {
    fn new(options: &Arc<ActivityOptions>, executions: u32) -> Self {
        Stage { contender: C::started(options, executions), executions, key: 0, now: 1 }
    }

    /// Nanoseconds for each of so many heartbeats.
    fn run(&mut self, heartbeats: u32) -> f64 {
        let details = Payload::data("42 of 100");
        let start = ThreadTime::now();
        for _ in 0..heartbeats {
            let (key, now) = (self.key, Timestamp(self.now));
            self.contender.heartbeat(key, now, Target::Token(TOKEN), details.clone());
            // Keys far from one another, as calls come.
            self.key = (self.key + STRIDE) % self.executions;
            self.now += i64::from(self.key < STRIDE);
        }
        start.elapsed().as_nanos() as f64 / f64::from(heartbeats)
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let options = ActivityOptions::builder()
        .start_to_close_timeout(Duration::from_secs(365 * 86_400))
        .heartbeat_timeout(Duration::from_secs(30 * 86_400))
        .build();
    let options = Arc::new(options.expect("the options are valid"));
    let is_test = std::env::args().any(|argument| argument == "--test");
    let (sizes, rounds, heartbeats): (&[u32], _, _) =
        if is_test { (&[100], 3, 1_000) } else { (&[1_000, 100_000, 1_000_000], 41, 200_000) };
    println!("nanoseconds of a heartbeat, medians of {rounds} rounds side by side");
    println!("executions  bare  settled  owned   owned/bare  owned/settled");
    for &executions in sizes {
        let mut bare = Stage::<Bare>::new(&options, executions);
        let mut settled = Stage::<Settled>::new(&options, executions);
        let mut owned = Stage::<Owned>::new(&options, executions);
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..rounds {
            times[0].push(bare.run(heartbeats));
            times[1].push(settled.run(heartbeats));
            times[2].push(owned.run(heartbeats));
        }
        let ratio = |of: usize| {
            median(times[2].iter().zip(&times[of]).map(|(owned, other)| owned / other).collect())
        };
        let (to_bare, to_settled) = (ratio(0), ratio(1));
        let [bare, settled, owned] = times.map(median);
        println!(
            "{executions:>10} {bare:>5.1} {settled:>8.1} {owned:>6.1} {to_bare:>12.2} {to_settled:>14.2}"
        );
    }
    println!(
        "an open activity takes {} bytes, its machine {} of them",
        size_of::<Activity>(),
        size_of::<ActivityExecution>()
    );
}

const TOKEN: TaskToken = TaskToken(activity_execution::Attempt(1));
const UUID: &str = "6f1c0f3e-9d7a-4c3f-8d38-0f4c1b9a2e57";
/// Prime to every size, so that a sweep comes to every key.
const STRIDE: u32 = 7_919;
