//! What is known of a queue and its workers outside the database: which attempts run, until when,
//! and when each worker was seen.

use activity_peers_common::Request;
use serde_json::Value;
use std::collections::HashMap;

/// The queue of one activity.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    pub(crate) name: String,
    pub(crate) maximum_attempts: usize,
    /// In milliseconds, as all of these.
    pub(crate) start_delay: i64,
    start_to_close: i64,
    /// After how long without a sign of life a worker counts as dead.
    pub(crate) heartbeat: Option<i64>,
    pub(crate) attempts: Vec<Attempt>,
    workers: HashMap<String, Seen>,
}

/// An attempt that a worker was given.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) number: i64,
    pub(crate) worker: String,
    pub(crate) started: i64,
    /// Whether the layer that bounds it has dropped its handler, or the handler has returned.
    pub(crate) is_over: bool,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    at: i64,
    is_swept: bool,
}

/// What a handler returns.
#[derive(Debug)]
pub(crate) enum Report {
    /// `Ok`.
    Done(Value),
    /// An error.
    Failed(String),
    /// An `AbortError`: the task should not be retried.
    Aborted(String),
    /// A `RetryAfterError`: it should be retried after a duration.
    RetryAfter(String),
}

impl Queue {
    pub(crate) fn new(request: &Request<'_>) -> Self {
        let maximum = usize::try_from(request.policy("maximumAttempts")).unwrap_or_default();
        Queue {
            name: request.activity().to_owned(),
            // There is no word for an unlimited number.
            maximum_attempts: if maximum == 0 { 1_000_000 } else { maximum },
            start_delay: request.option("startDelay").unwrap_or_default(),
            start_to_close: request.option("startToCloseTimeout").unwrap_or_default(),
            heartbeat: request.option("heartbeatTimeout"),
            attempts: Vec::new(),
            workers: HashMap::new(),
        }
    }

    /// The worker that polls: always the same, or another one each time.
    pub(crate) fn worker(&self, one: bool) -> String {
        let number = if one { 1 } else { self.attempts.len() + 1 };
        format!("worker-{number}")
    }

    /// A worker shows that it is alive; whether it does so for the first time.
    pub(crate) fn seen(&mut self, worker: &str, now: i64) -> bool {
        self.workers.insert(worker.to_owned(), Seen { at: now, is_swept: false }).is_none()
    }

    pub(crate) fn attempt(&mut self, token: Option<&str>) -> Option<&mut Attempt> {
        self.attempts.get_mut(token?.parse::<usize>().ok()?)
    }

    fn dies(&self, worker: &str) -> Option<i64> {
        let seen = self.workers.get(worker).filter(|seen| !seen.is_swept)?;
        Some(seen.at + self.heartbeat?)
    }

    fn times_out(&self, attempt: &Attempt) -> Option<i64> {
        let due = attempt.started + self.start_to_close;
        // A process that stands still has no timers that go off.
        let stands =
            self.heartbeat.is_some() && self.dies(&attempt.worker).is_none_or(|it| it < due);
        (!attempt.is_over && !stands).then_some(due)
    }

    /// The next instant after this one at which something is due by itself.
    pub(crate) fn due(&self, now: i64) -> Option<i64> {
        let dies = self.workers.keys().filter_map(|worker| self.dies(worker));
        let timeouts = self.attempts.iter().filter_map(|it| self.times_out(it));
        dies.chain(timeouts).filter(|due| *due > now).min()
    }

    /// The attempts whose time is over, whose handlers are dropped.
    pub(crate) fn time_out(&mut self, now: i64) -> Vec<Attempt> {
        let is_due = |it: &Attempt| self.times_out(it).is_some_and(|due| due <= now);
        let due: Vec<bool> = self.attempts.iter().map(is_due).collect();
        let due = self.attempts.iter_mut().zip(due).filter(|(_, is_due)| *is_due);
        let due = due.map(|(attempt, _)| {
            attempt.is_over = true;
            attempt.clone()
        });
        due.collect()
    }

    /// Whether a worker has been silent for too long.
    pub(crate) fn sweep(&mut self, now: i64) -> bool {
        let dead: Vec<String> = self
            .workers
            .keys()
            .filter(|worker| self.dies(worker).is_some_and(|dies| dies <= now))
            .cloned()
            .collect();
        for worker in &dead {
            self.workers.entry(worker.clone()).and_modify(|seen| seen.is_swept = true);
        }
        !dead.is_empty()
    }
}
