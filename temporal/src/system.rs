//! The system that is tested: calls of the protocol, by the activity's name, made of the server.

use crate::connection::{Connection, Failed};
use crate::standalone::Standalone;
use crate::worker::{Patience, Place, Report, Worker, attempt_of};
use crate::workflow::Workflows;
use activity_harness::protocol::{Asked, Clock, Failure, Hello, VERSION};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// Whose rules the activities follow.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Dialect {
    /// Standalone activities
    Standalone,
    /// Activities of a workflow
    Workflow,
}

/// What the protocol is answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answered {
    /// It is done.
    Ok(Value),
    /// It is refused.
    Refused(&'static str),
    /// Nobody can go on.
    Error(String),
}

/// A server whose activities are tested.
#[derive(Clone, Debug)]
pub(crate) struct System {
    worker: Worker,
    activities: Activities,
    /// What no other session begins its names with.
    session: String,
    version: String,
    step: i64,
}

#[derive(Clone, Debug)]
enum Activities {
    Standalone(Standalone),
    OfWorkflows(Workflows),
}

impl System {
    /// The activities of a server, of this dialect, played in such steps.
    pub(crate) fn new(
        connection: Connection,
        dialect: Dialect,
        session: String,
        version: String,
        step: Duration,
        limit: Duration,
    ) -> Self {
        let activities = match dialect {
            Dialect::Standalone => {
                Activities::Standalone(Standalone { connection: connection.clone() })
            }
            Dialect::Workflow => {
                let workflows = Workflows::new(connection.clone(), &session, limit);
                workflows.answer_tasks();
                Activities::OfWorkflows(workflows)
            }
        };
        // A poll that waits longer than a fifth of a step comes too late to be judged.
        let patience = Patience { there: step / 5, not_there: GLANCE.min(step / 20) };
        let worker = Worker { connection, patience };
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX);
        System { worker, activities, session, version, step }
    }

    /// What it says of itself.
    fn hello(&self) -> Hello {
        let (name, observes, can): (_, _, Vec<&str>) = match self.activities {
            Activities::Standalone(_) => {
                ("Temporal, standalone activities", "describe", [COMMON, STANDALONE].concat())
            }
            Activities::OfWorkflows(_) => {
                ("Temporal, activities of a workflow", "outcome", [COMMON, WORKFLOW].concat())
            }
        };
        Hello {
            protocol: VERSION,
            name: name.to_owned(),
            version: self.version.clone(),
            clock: Clock::Real { step: self.step, lateness: 0 },
            observes: observes.to_owned(),
            can: can.into_iter().map(str::to_owned).collect(),
            batches: true,
        }
    }

    /// Answers what is asked.
    pub(crate) async fn answer(&self, asked: Asked) -> Answered {
        match self.told(asked).await {
            Ok(ok) => Answered::Ok(ok),
            Err(Failed::Refused(reason)) => Answered::Refused(reason),
            Err(Failed::Broken(why)) => Answered::Error(why),
        }
    }

    async fn told(&self, asked: Asked) -> Result<Value, Failed> {
        let place = asked.activity().map(|activity| self.place(activity));
        let Some(place) = place else {
            return match asked {
                Asked::Hello { .. } => Ok(json(&self.hello())),
                _ => Err(Failed::Broken("this clock is real: it is not moved".to_owned())),
            };
        };
        match asked {
            Asked::Hello { .. } | Asked::Advance { .. } => Ok(done()),
            Asked::StartActivityExecution { request_id, id_conflict_policy, options, .. } => {
                let started = match &self.activities {
                    Activities::Standalone(own) => {
                        own.start(&place, request_id, &id_conflict_policy, &options).await?
                    }
                    Activities::OfWorkflows(own) => own.start(&place, request_id, &options).await?,
                };
                Ok(json(&started))
            }
            Asked::Describe { .. } => Ok(json(&match &self.activities {
                Activities::Standalone(own) => own.describe(&place).await?,
                Activities::OfWorkflows(own) => own.describe(&place).await?,
            })),
            Asked::RequestCancel { request_id, identity, reason, .. } => {
                let (identity, reason) = (or_empty(identity), or_empty(reason));
                match &self.activities {
                    Activities::Standalone(own) => {
                        own.request_cancel(&place, request_id, identity, reason).await?;
                    }
                    Activities::OfWorkflows(own) => {
                        own.request_cancel(&place, request_id, identity).await?;
                    }
                }
                Ok(done())
            }
            Asked::Terminate { request_id, identity, reason, .. } => {
                self.terminate(&place, request_id, identity, reason).await.map(|()| done())
            }
            Asked::Forget { .. } => {
                self.forget(place);
                Ok(done())
            }
            Asked::Poll { identity, .. } => self.poll(&place, or_empty(identity)).await,
            report => self.report(&place, report).await,
        }
    }

    /// What a worker says of the task that it was given.
    async fn report(&self, place: &Place, asked: Asked) -> Result<Value, Failed> {
        let worker = &self.worker;
        match asked {
            Asked::Heartbeat { token, details, .. } => {
                let told = worker.heartbeat(place, token.as_deref(), details.as_deref()).await?;
                Ok(json(&told))
            }
            Asked::RespondCompleted { token, result, identity, .. } => {
                let (token, result) = (token.as_deref(), result.as_deref());
                let told = worker.completed(place, token, result, or_empty(identity)).await;
                told.map(|()| done())
            }
            Asked::RespondFailed {
                token,
                failure,
                next_retry_delay,
                heartbeat_details,
                identity,
                ..
            } => {
                let identity = or_empty(identity);
                let (token, failure) = self.spoken(place, token, failure).await?;
                let report = Report { failure, next_retry_delay, heartbeat_details, identity };
                worker.failed(place, token.as_deref(), &report).await.map(|()| done())
            }
            Asked::RespondCanceled { token, details, .. } => {
                let (token, details) = (token.as_deref(), details.as_deref());
                worker.canceled(place, token, details).await.map(|()| done())
            }
            other => Err(Failed::Broken(format!("this is not asked of a worker: {other:?}"))),
        }
    }

    /// By which token a failure is reported, and as what. That it is itself a timeout, Temporal
    /// hears by id alone: whoever holds the task goes without its token, and whoever does not says
    /// nothing of a timeout, and is not heard all the same.
    async fn spoken(
        &self,
        place: &Place,
        token: Option<String>,
        failure: Option<Failure>,
    ) -> Result<(Option<String>, Option<Failure>), Failed> {
        let is_timeout = failure.as_ref().is_some_and(|it| it.timeout_type.is_some());
        let (Some(held), true, Activities::OfWorkflows(own)) =
            (&token, is_timeout, &self.activities)
        else {
            return Ok((token, failure));
        };
        if own.held(place).await?.is_some_and(|attempt| attempt_of(held) == Some(attempt)) {
            return Ok((None, failure));
        }
        Ok((token, failure.map(|failure| Failure { timeout_type: None, ..failure })))
    }

    async fn poll(&self, place: &Place, identity: String) -> Result<Value, Failed> {
        let is_there = match &self.activities {
            Activities::Standalone(own) => own.may_have_a_task(place).await?,
            Activities::OfWorkflows(own) => own.may_have_a_task(place).await?,
        };
        Ok(json(&self.worker.poll(place, identity, is_there).await?))
    }

    async fn terminate(
        &self,
        place: &Place,
        request_id: String,
        identity: Option<String>,
        reason: Option<String>,
    ) -> Result<(), Failed> {
        match &self.activities {
            Activities::Standalone(own) => {
                let (identity, reason) = (or_empty(identity), or_empty(reason));
                own.terminate(place, request_id, identity, reason).await
            }
            Activities::OfWorkflows(_) => {
                let what = "an activity of a workflow is not ended by force";
                Err(Failed::Broken(what.to_owned()))
            }
        }
    }

    /// Ends what nobody will ask about again, meanwhile.
    fn forget(&self, place: Place) {
        let own = self.clone();
        tokio::spawn(async move {
            match &own.activities {
                Activities::Standalone(activities) => {
                    let (request_id, nobody) = (String::from("forgotten"), String::new());
                    // It may be closed, or the server gone.
                    let _ = activities.terminate(&place, request_id, nobody.clone(), nobody).await;
                }
                Activities::OfWorkflows(workflows) => workflows.forget(&place).await,
            }
        });
    }

    fn place(&self, activity: &str) -> Place {
        let name = format!("{}-{activity}", self.session);
        match self.activities {
            Activities::Standalone(_) => Standalone::place(name),
            Activities::OfWorkflows(_) => Workflows::place(name),
        }
    }
}

fn or_empty(text: Option<String>) -> String {
    text.unwrap_or_default()
}

fn done() -> Value {
    Value::Object(serde_json::Map::new())
}

fn json(answer: &impl Serialize) -> Value {
    serde_json::to_value(answer).expect("an answer is JSON")
}

/// What activities of either dialect can do.
const COMMON: &[&str] = &[
    "heartbeat",
    "heartbeatDetails",
    "tokens",
    "byId",
    "failures",
    "nonRetryableFailures",
    "nextRetryDelay",
    "detailsWithFailures",
    "cancellation",
    "scheduleToClose",
    "scheduleToStart",
    "heartbeatTimeout",
    "maximumAttempts",
    "nonRetryableTimeouts",
];

/// What only standalone ones can. A poll has no request id of whoever polls, so that none can be
/// repeated.
const STANDALONE: &[&str] =
    &["standalone", "furtherStarts", "termination", "requestIds", "startDelay"];

const WORKFLOW: &[&str] = &["workflow"];

/// How long a poll looks for a task where none should be.
const GLANCE: Duration = Duration::from_millis(25);
