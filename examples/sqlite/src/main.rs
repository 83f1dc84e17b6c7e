//! A job queue on SQLite: one row for each job, its snapshot as plain columns. A crash in the
//! middle of a transaction loses what nobody was told.
//!
//! Dependencies: `activity-execution` with the feature `serde`, `rusqlite` and `serde_json`. Time
//! is simulated, so that the same thing happens at every run; a real queue asks its clock.

mod row;

use activity_execution::{
    Activity, ActivityOptions, Answer, Call, Failure, Payload, Rejection, Reply, RetryPolicy,
    TaskToken, Timers, Timestamp,
};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The jobs in memory, and the table that they are rows of.
struct Queue {
    table: Connection,
    options: Arc<ActivityOptions>,
    jobs: Vec<Activity>,
    deadlines: Timers,
    dispatches: Timers,
    ready: BTreeSet<u32>,
    /// Jobs whose rows are behind; [`commit`](Queue::commit) writes them.
    changed: BTreeSet<u32>,
}

/// What somebody is told once it is durable.
struct Pending<T>(T);

/// What a worker holds.
#[derive(Clone)]
struct Task {
    key: u32,
    token: TaskToken,
    progress: Payload,
}

impl Queue {
    /// Opens the table: each row becomes a job again, or says what is wrong with it.
    fn open(path: &Path, options: &ActivityOptions) -> Result<Self, Box<dyn Error>> {
        let table = Connection::open(path)?;
        let options = Arc::new(row::create(&table, options)?);
        let mut queue = Queue {
            table,
            options,
            jobs: Vec::new(),
            deadlines: Timers::default(),
            dispatches: Timers::default(),
            ready: BTreeSet::new(),
            changed: BTreeSet::new(),
        };
        for snapshot in row::load(&queue.table)? {
            let job = Activity::from_snapshot(queue.options.clone(), &snapshot)?;
            let key = u32::try_from(queue.jobs.len())?;
            queue.jobs.push(job);
            queue.set_timers(key);
        }
        Ok(queue)
    }

    fn submit(&mut self, now: Timestamp, request_id: &str) -> Result<Pending<u32>, Box<dyn Error>> {
        let key = u32::try_from(self.jobs.len())?;
        // A row holds the state that the event leads to, so the event itself is not kept.
        let (job, _scheduled) = Activity::start(self.options.clone(), now, request_id);
        self.jobs.push(job);
        self.touch(key);
        Ok(Pending(key))
    }

    fn call(&mut self, now: Timestamp, key: u32, call: Call) -> Pending<Reply> {
        let called = self.jobs[key as usize].call(now, call);
        if !called.events.is_empty() {
            self.touch(key);
        }
        Pending(called.reply)
    }

    fn advance(&mut self, now: Timestamp) {
        let mut due = Vec::new();
        self.deadlines.advance(now, &mut due);
        for key in due.drain(..) {
            if !self.jobs[key as usize].advance(now).is_empty() {
                self.touch(key);
            }
        }
        self.dispatches.advance(now, &mut due);
        self.ready.extend(due);
    }

    fn poll(&mut self, now: Timestamp, worker: &str) -> Option<Pending<Task>> {
        while let Some(key) = self.ready.pop_first() {
            let Some(token) = self.jobs[key as usize].dispatchable(now) else { continue };
            let call = Call::poll(format!("{worker} {key} {}", token.0), token, worker);
            if let Pending(Ok(Answer::Task { token, heartbeat_details: progress, .. })) =
                self.call(now, key, call)
            {
                return Some(Pending(Task { key, token, progress }));
            }
        }
        None
    }

    /// Writes every row that changed, in one transaction; only then is anybody told anything.
    fn commit<T>(&mut self, pending: Vec<Pending<T>>) -> Result<Vec<T>, Box<dyn Error>> {
        let transaction = self.table.transaction()?;
        for key in &self.changed {
            row::save(&transaction, *key, &self.jobs[*key as usize].snapshot())?;
        }
        transaction.commit()?;
        self.changed.clear();
        Ok(pending.into_iter().map(|Pending(told)| told).collect())
    }

    fn touch(&mut self, key: u32) {
        self.changed.insert(key);
        self.set_timers(key);
    }

    fn set_timers(&mut self, key: u32) {
        let job = &self.jobs[key as usize];
        self.deadlines.set(key, job.next_wakeup());
        self.dispatches.set(key, job.dispatch_time());
    }
}

/// What a worker does with its task in this second.
fn work(task: &Task, worker: &str, dice: u64) -> Option<Call> {
    let failure = || Failure::application("Flaky", "it broke");
    match dice % 8 {
        0 => None, // It is never heard of again.
        1 => Some(Call::respond_failed(task.token, failure(), worker)),
        2..=4 => Some(Call::respond_completed(task.token, "done", worker)),
        _ => Some(Call::heartbeat(task.token, format!("{}+", task.progress))),
    }
}

/// A second: time passes, every worker makes one call, and all of it is one transaction.
fn second(
    queue: &mut Queue,
    held: &mut [Option<Task>],
    now: Timestamp,
    dice: &mut u64,
) -> Result<(), Box<dyn Error>> {
    queue.advance(now);
    let mut pending = Vec::new();
    for (number, slot) in held.iter_mut().enumerate() {
        *dice =
            dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let worker = format!("worker {number}");
        match slot.take() {
            None => {
                let task = queue.poll(now, &worker);
                pending.extend(task.map(|Pending(task)| Pending((number, task, None))));
            }
            Some(task) => {
                let Some(call) = work(&task, &worker, *dice >> 33) else { continue };
                let Pending(reply) = queue.call(now, task.key, call);
                pending.push(Pending((number, task, Some(reply))));
            }
        }
    }
    for (number, task, reply) in queue.commit(pending)? {
        match reply {
            None | Some(Ok(Answer::Recorded { .. })) => held[number] = Some(task),
            Some(Ok(_) | Err(Rejection::NotFound)) => {}
            Some(Err(rejection)) => return Err(rejection.into()),
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = ActivityOptions::builder()
        .start_to_close_timeout(Duration::from_secs(30))
        .heartbeat_timeout(Duration::from_secs(4))
        .retry_policy(RetryPolicy::builder().maximum_attempts(5))
        .build()?;
    let path = std::env::temp_dir().join(format!("activity-example-{}.sqlite", std::process::id()));
    let mut queue = Queue::open(&path, &options)?;
    let mut now = Timestamp(1_795_850_940_000);
    let mut submitted = Vec::new();
    for number in 0..1_000 {
        submitted.push(queue.submit(now, &format!("submit {number}"))?);
    }
    assert_eq!(queue.commit(submitted)?.len(), 1_000);

    let (mut held, mut dice) = (vec![None; 40], 7_u64);
    for number in 1.. {
        if number == 25 {
            crash(&mut queue, now, &path, &options)?;
        }
        second(&mut queue, &mut held, now, &mut dice)?;
        if queue.jobs.iter().all(|job| job.outcome().is_some()) {
            println!("all jobs are closed after {number} seconds");
            break;
        }
        now = Timestamp(now.0 + 1_000);
    }

    // Columns are plain: whoever knows SQL can ask the table.
    let mut statement = queue.table.prepare(
        "SELECT status, count(*), sum(attempt) FROM activity GROUP BY status ORDER BY status",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (status, jobs, attempts): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        println!("{status:10} {jobs:4} jobs, {attempts:4} attempts");
    }
    std::fs::remove_file(&path)?;
    Ok(())
}

/// The process dies before a transaction is committed: what was durable comes back, and a call
/// that nobody was answered is made again under its request id.
fn crash(
    queue: &mut Queue,
    now: Timestamp,
    path: &Path,
    options: &ActivityOptions,
) -> Result<(), Box<dyn Error>> {
    let durable: Vec<_> = queue.jobs.iter().map(Activity::snapshot).collect();
    let key = durable.iter().position(|job| job.close_time.is_none()).ok_or("a job is open")?;
    let key = u32::try_from(key)?;
    let end = || Call::terminate("end", "client", "no longer needed");
    let Pending(_never_told) = queue.call(now, key, end());
    *queue = Queue::open(path, options)?;
    assert!(queue.jobs.iter().map(Activity::snapshot).eq(durable), "what was durable, and no more");
    println!(
        "a crash: {} rows are read, and nothing is there that nobody was told",
        queue.jobs.len()
    );
    let again = queue.call(now, key, end());
    let reply = queue.commit(vec![again])?.remove(0);
    assert_eq!(reply, Ok(Answer::Done));
    let Pending(repeated) = queue.call(now, key, end());
    assert_eq!(repeated, Ok(Answer::Done), "repeating a call changes nothing");
    Ok(())
}
