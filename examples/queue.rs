//! A job queue in memory: a thousand jobs, a timer wheel, three kinds of workers, and a crash in
//! the middle, from which the log brings everything back.
//!
//! Dependencies: `activity-execution` with the feature `serde`, and `serde_json`. Time is
//! simulated, so that the same thing happens at every run; a real queue asks its clock.

use activity_execution::{
    Activity, ActivityEvent, ActivityExecutionStatus, ActivityOptions, Answer, Attempt, Call,
    Called, Failure, Payload, Rejection, Reply, RetryPolicy, TaskToken, Timers, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// What survives a crash: lines, appended one after the other. A real one is a file, and a batch
/// of lines is durable when it is synchronised.
#[derive(Default)]
struct Disk {
    options: String,
    lines: Vec<String>,
}

/// The jobs, and when to look at them again.
struct Queue {
    options: Arc<ActivityOptions>,
    jobs: Vec<Activity>,
    /// When time alone has something to say about a job.
    deadlines: Timers,
    /// When the task of a job is to be dispatched, after its backoff.
    dispatches: Timers,
    /// Jobs whose task waits for a worker; the oldest is served first.
    ready: BTreeSet<u32>,
    disk: Disk,
}

impl Queue {
    fn new(options: ActivityOptions) -> Result<Self, Box<dyn Error>> {
        let disk = Disk { options: serde_json::to_string(&options)?, lines: Vec::new() };
        Ok(Queue::empty(options.into(), disk))
    }

    fn empty(options: Arc<ActivityOptions>, disk: Disk) -> Self {
        let (deadlines, dispatches) = (Timers::default(), Timers::default());
        Queue { options, jobs: Vec::new(), deadlines, dispatches, ready: BTreeSet::new(), disk }
    }

    /// The queue that the log tells of: every job from its events, and then its timers.
    fn recover(disk: Disk) -> Result<Self, Box<dyn Error>> {
        let options: Arc<ActivityOptions> = Arc::new(serde_json::from_str(&disk.options)?);
        let mut logs = BTreeMap::<u32, Vec<ActivityEvent>>::new();
        for line in &disk.lines {
            let (key, event) = serde_json::from_str(line)?;
            logs.entry(key).or_default().push(event);
        }
        let mut queue = Queue::empty(options, disk);
        for (key, log) in logs {
            queue.jobs.push(Activity::recover(queue.options.clone(), log)?);
            queue.set_timers(key);
        }
        Ok(queue)
    }

    fn submit(&mut self, now: Timestamp, request_id: &str) -> Result<u32, Box<dyn Error>> {
        let key = u32::try_from(self.jobs.len())?;
        let (job, scheduled) = Activity::start(self.options.clone(), now, request_id);
        self.jobs.push(job);
        self.keep(key, [scheduled])?;
        Ok(key) // The client may be told: the event is durable.
    }

    /// Carries out a call: durable first, then answered.
    fn call(&mut self, now: Timestamp, key: u32, call: Call) -> Result<Reply, Box<dyn Error>> {
        let Called { events, reply } = self.jobs[key as usize].call(now, call);
        self.keep(key, events)?;
        Ok(reply)
    }

    /// Lets time pass: what is due takes effect, and what waited its backoff is dispatched.
    fn advance(&mut self, now: Timestamp) -> Result<(), Box<dyn Error>> {
        let mut due = Vec::new();
        self.deadlines.advance(now, &mut due);
        for key in due.drain(..) {
            let events = self.jobs[key as usize].advance(now);
            self.keep(key, events)?;
        }
        self.dispatches.advance(now, &mut due);
        self.ready.extend(due);
        Ok(())
    }

    /// Gives the worker a task, if one waits. Its poll is a call like any other.
    fn poll(&mut self, now: Timestamp, worker: &str) -> Result<Option<Task>, Box<dyn Error>> {
        while let Some(key) = self.ready.pop_first() {
            let Some(token) = self.jobs[key as usize].dispatchable(now) else {
                continue; // It was closed while it waited.
            };
            let request_id = format!("{worker} {key} {}", token.0);
            match self.call(now, key, Call::poll(request_id, token, worker))? {
                Ok(Answer::Task { token, attempt, heartbeat_details, .. }) => {
                    return Ok(Some(Task { key, token, attempt, progress: heartbeat_details }));
                }
                Ok(answer) => {
                    return Err(format!("a poll is answered with a task: {answer}").into());
                }
                Err(Rejection::ObsoleteTask) => {}
                Err(rejection) => return Err(rejection.into()),
            }
        }
        Ok(None)
    }

    fn keep(
        &mut self,
        key: u32,
        events: impl IntoIterator<Item = ActivityEvent>,
    ) -> Result<(), Box<dyn Error>> {
        for event in events {
            self.disk.lines.push(serde_json::to_string(&(key, event))?);
        }
        self.set_timers(key);
        Ok(())
    }

    fn set_timers(&mut self, key: u32) {
        let job = &self.jobs[key as usize];
        self.deadlines.set(key, job.next_wakeup());
        self.dispatches.set(key, job.dispatch_time());
    }
}

/// What a worker holds.
struct Task {
    key: u32,
    token: TaskToken,
    attempt: Attempt,
    progress: Payload,
}

/// Some do their work, some fail now and then, some are never heard of again.
#[derive(Clone, Copy)]
enum Kind {
    Steady,
    Flaky,
    Mortal,
}

struct Worker {
    name: String,
    kind: Kind,
    task: Option<Task>,
}

impl Worker {
    /// A second in the life of a worker.
    fn step(&mut self, queue: &mut Queue, now: Timestamp, dice: u64) -> Result<(), Box<dyn Error>> {
        let Some(Task { key, token, attempt, progress }) = self.task.take() else {
            self.task = queue.poll(now, &self.name)?;
            return Ok(());
        };
        let call = match self.kind {
            Kind::Mortal if dice.is_multiple_of(9) => return Ok(()), // Only time finds out.
            Kind::Flaky if dice.is_multiple_of(4) => {
                let failure = Failure::application("Flaky", format!("attempt {attempt} broke"));
                Call::respond_failed(token, failure, &*self.name)
            }
            _ if dice.is_multiple_of(3) => Call::respond_completed(token, progress, &*self.name),
            _ => {
                let progress = Payload::from(format!("{progress}+"));
                let heartbeat = Call::heartbeat(token, &progress);
                let reply = queue.call(now, key, heartbeat)?;
                self.task = match reply {
                    Ok(Answer::Recorded { cancel_requested: false }) => {
                        Some(Task { key, token, attempt, progress })
                    }
                    Ok(_) => {
                        let canceled = Call::respond_canceled(token, "gave in");
                        queue.call(now, key, canceled)?.map(|_| None)?
                    }
                    Err(_lost) => None,
                };
                return Ok(());
            }
        };
        // A report that comes too late is refused, and that is all right: another attempt runs.
        match queue.call(now, key, call)? {
            Ok(_) | Err(Rejection::NotFound) => Ok(()),
            Err(rejection) => Err(rejection.into()),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = ActivityOptions::builder()
        .start_to_close_timeout(Duration::from_secs(60))
        .heartbeat_timeout(Duration::from_secs(5))
        .retry_policy(RetryPolicy::builder().maximum_attempts(4))
        .build()?;
    let mut queue = Queue::new(options)?;
    let kinds = [Kind::Steady, Kind::Flaky, Kind::Mortal];
    let mut workers: Vec<Worker> = (0..60)
        .map(|number| {
            let kind = kinds[number % 3];
            Worker { name: format!("worker {number}"), kind, task: None }
        })
        .collect();
    let (mut now, mut dice) = (Timestamp(1_795_850_940_000), 7_u64);
    for number in 0..1_000 {
        queue.submit(now, &format!("submit {number}"))?;
    }

    for second in 0.. {
        if second == 40 {
            // The process dies, and the workers do not notice: what they hold, they still hold.
            let before = std::mem::take(&mut queue.jobs);
            queue = Queue::recover(queue.disk)?;
            assert!(queue.jobs == before, "the log tells everything");
            println!("a crash after {} lines of log: all is as it was", queue.disk.lines.len());
        }
        if second == 20 {
            for key in (0..1_000).step_by(10) {
                let cancel =
                    Call::request_cancel(format!("cancel {key}"), "client", "changed mind");
                let (Ok(_) | Err(Rejection::AlreadyClosed)) = queue.call(now, key, cancel)? else {
                    return Err("nobody cancels twice".into());
                };
            }
        }
        queue.advance(now)?;
        for worker in &mut workers {
            dice = dice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            worker.step(&mut queue, now, dice >> 33)?;
        }
        if queue.jobs.iter().all(|job| job.outcome().is_some()) {
            println!("all jobs are closed after {second} seconds");
            break;
        }
        now = Timestamp(now.0 + 1_000);
    }

    let mut statuses = BTreeMap::<String, (usize, i64)>::new();
    for job in &queue.jobs {
        let (jobs, attempts) = statuses.entry(job.status().to_string()).or_default();
        *jobs += 1;
        *attempts += job.attempt().0;
    }
    for (status, (jobs, attempts)) in &statuses {
        println!("{status:10} {jobs:4} jobs, {attempts:4} attempts");
    }
    let completed = ActivityExecutionStatus::Completed.to_string();
    assert!(statuses[&completed].0 > 700 && statuses.len() >= 3, "{statuses:?}");
    Ok(())
}
