//! The core of this project behind the seam: many executions, one virtual clock, recovered from
//! their events after a crash. An example, and what the harness itself is tested with.

use super::{
    ActivityId, ActivitySystem, Broken, Call, Manifest, Named, RequestName, Task, Token, Told,
};
use crate::alphabet::{Setting, describe};
use activity_execution::ActivityOptions;
use activity_execution::options::{RequestedOptions, RequestedRetryPolicy};
use activity_execution::vocabulary::{
    Answer, Attempt, Rejection, Reply, Request, RequestId, Span, Target, TaskToken, TimeoutType,
    Timestamp,
};
use activity_models::scenario::{Core, Subject};
use std::collections::BTreeMap;

/// The core, as a system under test.
#[derive(Clone, Debug, Default)]
pub struct CoreSystem {
    now: i64,
    activities: BTreeMap<ActivityId, Activity>,
}

/// An activity, with its own clock, which begins at its start.
#[derive(Clone, Debug)]
struct Activity {
    core: Core,
    options: ActivityOptions,
    begun: i64,
    /// The request ids that were seen; the machines know their places.
    requests: Vec<RequestName>,
}

impl CoreSystem {
    /// A system without activities.
    #[must_use]
    pub fn new() -> Self {
        CoreSystem::default()
    }
}

impl ActivitySystem for CoreSystem {
    fn manifest(&self) -> Manifest {
        Manifest { crashes: true, ..Manifest::of("the core") }
    }

    async fn call(&mut self, id: ActivityId, call: &Call) -> Result<Told, Broken> {
        let now = self.now;
        if let Some(activity) = self.activities.get_mut(&id) {
            return Ok(activity.call(id, now, call));
        }
        let Call::Start { request_id, options, .. } = call else {
            return Ok(Told::Refused(Rejection::NotFound.name().to_owned()));
        };
        let options = options_of(options).map_err(|why| Broken::new(why.to_string()))?;
        let core = Core::create(&options.terms(), Timestamp(0), RequestId(0));
        let requests = vec![request_id.clone()];
        self.activities.insert(id, Activity { core, options, begun: now, requests });
        Ok(Told::Started(true))
    }

    async fn pass(&mut self, elapsed: Span) -> Result<(), Broken> {
        self.now += elapsed.0;
        for activity in self.activities.values_mut() {
            activity.settle(Timestamp(self.now - activity.begun));
        }
        Ok(())
    }

    async fn crash(&mut self) -> Result<(), Broken> {
        for activity in self.activities.values_mut() {
            activity.core = activity.core.recovered();
        }
        Ok(())
    }

    async fn begin_anew(&mut self, _durable: bool) -> Result<(), Broken> {
        *self = CoreSystem::new();
        Ok(())
    }

    async fn forget(&mut self, activities: &[ActivityId]) -> Result<(), Broken> {
        self.activities.retain(|id, _| !activities.contains(id));
        Ok(())
    }
}

impl Activity {
    fn settle(&mut self, to: Timestamp) {
        let terms = self.options.terms();
        while let Some(deadline) = self.core.deadline(&terms).filter(|it| it.time <= to) {
            let attempt = self.core.execution().attempt();
            if self.core.expire(&terms, deadline.time, self.options.backoff(attempt)).is_none() {
                break;
            }
        }
    }

    fn call(&mut self, id: ActivityId, now: i64, call: &Call) -> Told {
        let (terms, now) = (self.options.terms(), Timestamp(now - self.begun));
        let Some(request) = self.request(call) else {
            let observed = self.core.observe(&terms, now);
            return Told::Described(Box::new(describe(&terms, &observed)));
        };
        let reply = self.core.call(&terms, now, &request);
        self.settle(now);
        told(id, reply)
    }

    /// The request that a call is; none of a look.
    fn request(&mut self, call: &Call) -> Option<Request> {
        let attempt = self.core.execution().attempt();
        Some(match call.clone() {
            Call::Describe => return None,
            Call::Start { request_id, id_conflict_policy, .. } => {
                let request_id = self.number(&request_id);
                Request::StartActivityExecution { request_id, id_conflict_policy }
            }
            Call::Poll { request_id, identity } => {
                let request_id = self.number(&request_id);
                let dispatched = TaskToken(attempt);
                Request::RecordActivityTaskStarted { request_id, dispatched, identity }
            }
            Call::Heartbeat { named, details } => {
                Request::RecordActivityTaskHeartbeat { target: target(&named), details }
            }
            Call::RespondCompleted { named, result, identity } => {
                let target = target(&named);
                Request::RespondActivityTaskCompleted { target, result, identity }
            }
            Call::RespondFailed {
                named,
                failure,
                next_retry_delay,
                heartbeat_details,
                identity,
            } => Request::RespondActivityTaskFailed {
                target: target(&named),
                retry: self.options.retry(attempt, &failure, next_retry_delay),
                failure,
                last_heartbeat_details: heartbeat_details,
                identity,
            },
            Call::RespondCanceled { named, details } => {
                Request::RespondActivityTaskCanceled { target: target(&named), details }
            }
            Call::RequestCancel { request_id, identity, reason } => {
                let request_id = self.number(&request_id);
                Request::RequestCancelActivityExecution { request_id, identity, reason }
            }
            Call::Terminate { request_id, identity, reason } => {
                let request_id = self.number(&request_id);
                Request::TerminateActivityExecution { request_id, identity, reason }
            }
        })
    }

    fn number(&mut self, name: &RequestName) -> RequestId {
        let known = self.requests.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            self.requests.push(name.clone());
            self.requests.len() - 1
        });
        RequestId(u32::try_from(place).expect("an execution sees few requests"))
    }
}

fn told(id: ActivityId, reply: Reply) -> Told {
    match reply {
        Ok(Answer::Done) => Told::Done,
        Ok(Answer::Existing) => Told::Started(false),
        Ok(Answer::Recorded { cancel_requested }) => Told::Recorded { cancel_requested },
        Ok(Answer::Task { attempt: Attempt(attempt), heartbeat_details, .. }) => {
            let token = Token(format!("{id}/{attempt}").into());
            Told::Task(Some(Task { token, attempt, heartbeat_details }))
        }
        Err(Rejection::ObsoleteTask) => Told::Task(None),
        Err(rejection) => Told::Refused(rejection.name().to_owned()),
    }
}

/// The attempt that a token names; of one that is none of ours, no attempt.
fn target(named: &Named) -> Target {
    match named {
        Named::ById => Target::ById,
        Named::Token(token) => {
            let attempt = token.0.rsplit('/').next().and_then(|attempt| attempt.parse().ok());
            Target::Token(TaskToken(Attempt(attempt.unwrap_or(0))))
        }
    }
}

/// The options that are in force when these are asked for.
fn options_of(
    setting: &Setting,
) -> Result<ActivityOptions, activity_execution::options::InvalidOptions> {
    let terms = &setting.terms;
    let not_retried = [TimeoutType::StartToClose, TimeoutType::Heartbeat]
        .into_iter()
        .filter(|timeout_type| !terms.retries(*timeout_type))
        .map(|timeout_type| format!("TemporalTimeout:{}", timeout_type.name()));
    let policy = RequestedRetryPolicy {
        initial_interval: Some(setting.backoff.into()),
        backoff_coefficient: Some(1.0),
        maximum_interval: Some(setting.backoff.into()),
        maximum_attempts: terms
            .maximum_attempts
            .map(|Attempt(maximum)| i32::try_from(maximum).unwrap_or(i32::MAX)),
        non_retryable_error_types: not_retried.collect(),
    };
    let requested = RequestedOptions {
        start_to_close_timeout: Some(terms.start_to_close_timeout.into()),
        schedule_to_close_timeout: terms.schedule_to_close_timeout.map(Into::into),
        schedule_to_start_timeout: terms.schedule_to_start_timeout.map(Into::into),
        heartbeat_timeout: terms.heartbeat_timeout.map(Into::into),
        start_delay: (terms.start_delay > Span(0)).then(|| terms.start_delay.into()),
        retry_policy: Some(policy),
        ..RequestedOptions::default()
    };
    Ok(requested.build()?.in_dialect(terms.dialect))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::graded;

    #[test]
    fn the_options_that_a_setting_asks_for_are_its_own() {
        for configuration in graded() {
            let setting = configuration.setting(1_000);
            let options = options_of(&setting).expect("a server takes them");
            assert_eq!(options.terms(), setting.terms, "{}", configuration.name);
            assert_eq!(options.backoff(Attempt(1)), setting.backoff);
            assert!(options.is_retryable(&activity_execution::Payload::default()));
        }
    }
}
