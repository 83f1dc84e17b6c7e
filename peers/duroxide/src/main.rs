//! duroxide behind the protocol of `activity conform`: an orchestration for each activity, run by
//! duroxide's own runtime, and a worker that asks its provider as the runtime's worker does.
//!
//! `--bound policy|lock` says what start-to-close is: the timeout of `RetryPolicy`, or the lock of a
//! worker that never renews it. `--observes outcome|answers` says what is looked at; `--without A,B`
//! and `--with furtherStarts` change what it says it can.

mod clock;
mod orchestration;
mod runtime;

use activity_peers_common::{Answer, Refusal, Request, Service, flag, serve};
use runtime::Orchestrator;
use serde_json::json;
use std::collections::HashMap;
use std::io;
use std::time::Duration;

/// What duroxide has, of what the harness knows.
const CAN: [&str; 8] = [
    "standalone",
    "tokens",
    "failures",
    "termination",
    "heartbeat",
    "heartbeatTimeout",
    "startDelay",
    "maximumAttempts",
];

/// What it has if the start-to-close timeout is that of the retry policy, which is not retried.
const OF_POLICIES: &str = "nonRetryableTimeouts";

/// What its documentation tells and its answer does not.
const TOLD: &str = "furtherStarts";

/// What a worker's lock is renewed for if nobody bounds it: a worker that is alive.
const ALIVE: Duration = Duration::from_secs(1_000_000_000);

struct Activity {
    /// How long the lock of its task lasts.
    lock: Duration,
    /// How often its task was given out.
    deliveries: i64,
    /// Why no attempt follows one that times out: timeouts are not retried, if one could follow.
    final_timeout: &'static str,
}

struct Peer {
    orchestrator: Orchestrator,
    activities: HashMap<String, Activity>,
    bound_by_lock: bool,
    observes: String,
    can: Vec<&'static str>,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> io::Result<()> {
    // The runtime would write its log to standard output, which belongs to the protocol.
    let nobody = tracing::subscriber::NoSubscriber::new();
    tracing::subscriber::set_global_default(nobody).map_err(io::Error::other)?;
    let without = flag("--without", "");
    let bound_by_lock = flag("--bound", "policy") == "lock";
    let mut can = CAN.to_vec();
    if bound_by_lock {
        can.retain(|it| !["heartbeat", "heartbeatTimeout"].contains(it));
    } else {
        can.push(OF_POLICIES);
    }
    if flag("--with", "") == TOLD {
        can.push(TOLD);
    }
    can.retain(|it| !without.split(',').any(|out| out == *it));
    let mut peer = Peer {
        orchestrator: Orchestrator::start().await.map_err(io::Error::other)?,
        activities: HashMap::new(),
        bound_by_lock,
        observes: flag("--observes", "outcome"),
        can,
    };
    serve(&mut peer).await
}

impl Service for Peer {
    async fn answer(&mut self, request: &Request<'_>) -> Answer {
        let activity = request.activity();
        match request.word() {
            "Hello" => Ok(json!({
                "protocol": 1, "name": "duroxide", "version": "0.1.32", "clock": "virtual",
                "observes": self.observes, "can": self.can, "batches": true,
            })),
            "Advance" => {
                self.orchestrator.pass(request.number("by")).await.map_err(Refusal::Broken)?;
                Ok(json!({}))
            }
            "StartActivityExecution" => self.start(request).await,
            "Forget" => {
                self.activities.remove(activity);
                self.orchestrator.forget(activity).await.map_err(Refusal::Broken)?;
                Ok(json!({}))
            }
            "Poll" => self.poll(activity).await,
            "Heartbeat" => {
                let (lock, token) = (self.lock(activity)?, token(request)?);
                match self.orchestrator.renew(token, lock).await.map_err(Refusal::Broken)? {
                    true => Ok(json!({"cancelRequested": false})),
                    false => Err(Refusal::Refused("NotFound")),
                }
            }
            "RespondCompleted" => {
                let result = request.0["result"].to_string();
                acknowledged(
                    self.orchestrator
                        .acknowledge(token(request)?, Ok(result))
                        .await
                        .map_err(Refusal::Broken)?,
                )
            }
            "RespondFailed" => {
                let message =
                    request.0["failure"]["message"].as_str().unwrap_or("no failure given");
                let failed = Err(message.to_owned());
                acknowledged(
                    self.orchestrator
                        .acknowledge(token(request)?, failed)
                        .await
                        .map_err(Refusal::Broken)?,
                )
            }
            "Terminate" => {
                // It has one text for why; who asks goes with it.
                let reason = json!([request.0["reason"], request.0["identity"]]).to_string();
                self.orchestrator.cancel(activity, reason).await.map_err(Refusal::Broken)?;
                Ok(json!({}))
            }
            "Describe" => {
                let why = self.activities.get(activity).map_or("", |it| it.final_timeout);
                let outcome = self.orchestrator.outcome(activity, why).await;
                Ok(json!({"outcome": outcome.map_err(Refusal::Broken)?}))
            }
            other => Err(Refusal::Broken(format!("it said nothing of {other}"))),
        }
    }
}

fn token<'a>(request: &Request<'a>) -> Result<&'a str, Refusal> {
    request.text("token").ok_or(Refusal::Refused("NotFound"))
}

fn acknowledged(is_recorded: bool) -> Answer {
    if is_recorded { Ok(json!({})) } else { Err(Refusal::Refused("NotFound")) }
}

impl Peer {
    fn lock(&self, activity: &str) -> Result<Duration, Refusal> {
        let found = self.activities.get(activity).map(|it| it.lock);
        found.ok_or(Refusal::Refused("NotFound"))
    }

    async fn start(&mut self, request: &Request<'_>) -> Answer {
        let span = |key| request.option(key).map(clock::span);
        let start_to_close = span("startToCloseTimeout").unwrap_or(ALIVE);
        let (lock, timeout) = if self.bound_by_lock {
            (start_to_close, None)
        } else {
            (span("heartbeatTimeout").unwrap_or(ALIVE), Some(start_to_close))
        };
        let options = orchestration::Options {
            start_delay: span("startDelay").unwrap_or_default(),
            backoff: clock::span(request.policy("initialInterval")),
            maximum_attempts: match request.policy("maximumAttempts") {
                // There is no word for an unlimited number.
                0 => u32::MAX,
                maximum => u32::try_from(maximum).unwrap_or(u32::MAX),
            },
            timeout,
        };
        self.orchestrator.begin(request.activity(), &options).await.map_err(Refusal::Broken)?;
        let final_timeout = match options.maximum_attempts {
            1 => "MaximumAttemptsReached",
            _ => "NonRetryableFailure",
        };
        let begun = Activity { lock, deliveries: 0, final_timeout };
        self.activities.entry(request.activity().to_owned()).or_insert(begun);
        Ok(json!({"started": true}))
    }

    /// Takes what there is for a worker; nobody counts deliveries, so they are counted here.
    async fn poll(&mut self, activity: &str) -> Answer {
        let lock = self.lock(activity)?;
        let Some(token) = self.orchestrator.fetch(activity, lock).await.map_err(Refusal::Broken)?
        else {
            return Ok(json!({"task": null}));
        };
        let attempt = self.activities.get_mut(activity).map_or(0, |it| {
            it.deliveries += 1;
            it.deliveries
        });
        Ok(json!({"task": {"token": token, "attempt": attempt, "heartbeatDetails": null}}))
    }
}
