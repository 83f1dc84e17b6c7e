//! apalis-sqlite behind the protocol of `activity conform`: a queue for each activity, whose worker
//! does what the harness says, by the queries that a worker of apalis makes.
//!
//! `--workers one|each` says whether every poll is of the same worker, `--observes outcome|answers`
//! what is looked at, `--without A,B` what is left out of the capabilities.

mod clock;
mod storage;
mod worker;

use activity_peers_common::{Answer, Refusal, Request, Service, flag, serve};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io;
use storage::Storage;
use worker::{Attempt, Queue, Report};

/// What apalis-sqlite has, of what the harness knows.
const CAN: [&str; 8] = [
    "standalone",
    "tokens",
    "failures",
    "nonRetryableFailures",
    "heartbeat",
    "heartbeatTimeout",
    "startDelay",
    "maximumAttempts",
];

/// What it offers, and does not do when it is asked to: `--with nextRetryDelay` holds it to that.
const OFFERED: &str = "nextRetryDelay";

struct Peer {
    storage: Storage,
    queues: HashMap<String, Queue>,
    one_worker: bool,
    observes: String,
    can: Vec<&'static str>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let without = flag("--without", "");
    let mut can: Vec<&str> =
        CAN.into_iter().filter(|it| !without.split(',').any(|out| out == *it)).collect();
    if flag("--with", "") == OFFERED {
        can.push(OFFERED);
    }
    let mut peer = Peer {
        storage: Storage::open().await.map_err(io::Error::other)?,
        queues: HashMap::new(),
        one_worker: flag("--workers", "one") == "one",
        observes: flag("--observes", "outcome"),
        can,
    };
    serve(&mut peer).await
}

impl Service for Peer {
    async fn answer(&mut self, request: &Request<'_>) -> Answer {
        match request.word() {
            "Hello" => Ok(json!({
                "protocol": 1, "name": "apalis-sqlite", "version": "1.0.0", "clock": "virtual",
                "observes": self.observes, "can": self.can, "batches": true,
            })),
            "Advance" => self.advance(request.number("by")).await,
            "StartActivityExecution" => self.start(request).await,
            "Forget" => {
                if let Some(queue) = self.queues.remove(request.activity()) {
                    self.storage.forget(&queue.name).await?;
                }
                Ok(json!({}))
            }
            "Poll" => self.poll(request).await,
            "Heartbeat" => self.heartbeat(request).await,
            "RespondCompleted" => {
                let result = request.0["result"].clone();
                self.report(request, Report::Done(result)).await
            }
            "RespondFailed" => self.report(request, failed(request)).await,
            "Describe" => self.describe(request).await,
            other => Err(Refusal::Broken(format!("it said nothing of {other}"))),
        }
    }
}

/// What a handler returns so that its worker reports this failure.
fn failed(request: &Request<'_>) -> Report {
    let failure = &request.0["failure"];
    let message = failure["message"].as_str().unwrap_or("no failure given").to_owned();
    if request.0["nextRetryDelay"].is_i64() {
        Report::RetryAfter(message)
    } else if failure["nonRetryable"] == true {
        Report::Aborted(message)
    } else {
        Report::Failed(message)
    }
}

impl Peer {
    fn queue(&mut self, name: &str) -> Result<&mut Queue, Refusal> {
        self.queues.get_mut(name).ok_or(Refusal::Refused("NotFound"))
    }

    async fn start(&mut self, request: &Request<'_>) -> Answer {
        let queue = Queue::new(request);
        self.storage.push(&queue).await?;
        self.queues.insert(queue.name.clone(), queue);
        Ok(json!({"started": true}))
    }

    /// A worker that is alive says so, and fetches what there is in the queue.
    async fn poll(&mut self, request: &Request<'_>) -> Answer {
        let (now, one) = (self.storage.milliseconds(), self.one_worker);
        let queue = self.queue(request.activity())?;
        let worker = queue.worker(one);
        let is_new = queue.seen(&worker, now);
        let queue = queue.clone();
        let fetched = self.storage.fetch(&queue, &worker, is_new).await?;
        let Some(before) = fetched else { return Ok(json!({"task": null})) };
        let queue = self.queue(request.activity())?;
        // A worker counts the attempt when it begins to run it.
        let attempt = Attempt { number: before + 1, worker, started: now, is_over: false };
        let number = attempt.number;
        let token = queue.attempts.len().to_string();
        queue.attempts.push(attempt);
        Ok(json!({"task": {"token": token, "attempt": number, "heartbeatDetails": null}}))
    }

    /// The worker of an attempt shows that it is alive; nobody asks about which task.
    async fn heartbeat(&mut self, request: &Request<'_>) -> Answer {
        let now = self.storage.milliseconds();
        let queue = self.queue(request.activity())?;
        // A handler that has returned shows nothing.
        let Some(attempt) = queue.attempt(request.text("token")).filter(|it| !it.is_over) else {
            return Err(Refusal::Refused("NotFound"));
        };
        let worker = attempt.worker.clone();
        queue.seen(&worker, now);
        let queue = queue.clone();
        self.storage.keep_alive(&queue, &worker).await?;
        Ok(json!({"cancelRequested": false}))
    }

    /// The handler of an attempt returns, and its worker acknowledges the task.
    async fn report(&mut self, request: &Request<'_>, report: Report) -> Answer {
        let now = self.storage.milliseconds();
        let queue = self.queue(request.activity())?;
        let Some(attempt) = queue.attempt(request.text("token")) else {
            return Err(Refusal::Refused("NotFound"));
        };
        // It has returned, or its worker dropped it when its time was over: it returns once.
        if attempt.is_over {
            return Err(Refusal::Refused("NotFound"));
        }
        attempt.is_over = true;
        let attempt = attempt.clone();
        queue.seen(&attempt.worker, now);
        let queue = queue.clone();
        self.storage.keep_alive(&queue, &attempt.worker).await?;
        match self.storage.acknowledge(&queue, &attempt, report).await? {
            0 => Err(Refusal::Refused("NotFound")),
            _ => Ok(json!({})),
        }
    }

    async fn describe(&mut self, request: &Request<'_>) -> Answer {
        let queue = self.queue(request.activity())?.clone();
        let outcome = self.storage.outcome(&queue).await?;
        Ok(json!({"outcome": outcome}))
    }

    /// Lets time pass, from one instant at which something is due to the next.
    async fn advance(&mut self, by: i64) -> Answer {
        let end = self.storage.milliseconds() + by;
        loop {
            let now = self.storage.milliseconds();
            let due = self.queues.values().filter_map(|queue| queue.due(now)).min();
            let next = due.map_or(end, |due| due.clamp(now, end));
            self.storage.pass(next - now).await?;
            let names: Vec<String> = self.queues.keys().cloned().collect();
            for name in names {
                self.settle(&name).await?;
            }
            if next == end && due.is_none_or(|due| due > end) {
                return Ok(Value::Object(serde_json::Map::new()));
            }
        }
    }

    /// The timeouts of a live worker, then the sweep that another worker makes.
    async fn settle(&mut self, name: &str) -> Result<(), Refusal> {
        let now = self.storage.milliseconds();
        let queue = self.queue(name)?;
        let timed_out = queue.time_out(now);
        let sweeps = queue.sweep(now);
        let queue = queue.clone();
        for attempt in timed_out {
            let report = Report::Failed(storage::TIMED_OUT.to_owned());
            self.storage.acknowledge(&queue, &attempt, report).await?;
        }
        if sweeps {
            self.storage.sweep(&queue).await?;
        }
        Ok(())
    }
}
