//! Turns a counterexample of the exploration into a scenario: payloads and durations for people.
//! Plays the run again on a real machine, with production numbers; judges nothing.

use super::alphabet::Tried;
use super::bounds::Configuration;
use super::executions::Violation;
use super::machine::Machine;
use super::payload::ExplorerPayload;
use super::service_model::Environment;
use crate::scenario::{self, PlayedStep, Script, Side, Transcript, WordsMet};
use activity_execution::vocabulary::{
    Action, Attempt, ExecutionOptions, Observation, Opaque, Phase, Request, RequestId,
    Retryability, Span, Target, TaskToken, Timestamp,
};
use activity_execution::{Failure, FailureInfo, Payload};

/// How long one unit of the exploration's time is told to be, in milliseconds.
const UNIT: i64 = 1_000;

/// The run that these actions are, played on a machine.
pub fn tell<M: Machine<i64, Payload>>(
    machine: &M,
    configuration: &Configuration,
    actions: &[Tried],
) -> Transcript {
    let terms = production(&configuration.terms);
    let mut state = machine.begin(&terms, Timestamp(0), RequestId(0));
    let created = machine.observe(&terms, &state);
    let mut teller = Teller::default();
    let (mut before, mut moments) = (created.clone(), Vec::new());
    let (mut told, mut lines) = (Vec::new(), 0);
    for action in actions {
        let action = teller.action(&before, action);
        let reply = machine.step(&terms, &mut state, &action);
        let after = machine.observe(&terms, &state);
        let is_line = !matches!(action, Action::Tick { .. });
        told.push(action.clone());
        moments.push(PlayedStep {
            line: is_line.then_some(lines),
            probe: false,
            action,
            reply,
            before,
            after: after.clone(),
        });
        lines += usize::from(is_line);
        before = after;
    }
    let script =
        Script { backoff: seconds(configuration.backoff), ..Script::of_actions(terms, told) };
    Transcript { script, created, moments, violations: Vec::new(), coverage: WordsMet::default() }
}

impl Violation {
    /// The run that breaks something, played on a machine, with what it breaks.
    pub fn tell<M: Machine<i64, Payload>>(
        &self,
        machine: &M,
        environment: Environment,
    ) -> Transcript {
        let mut transcript = tell(machine, &self.begin, &self.moves);
        let side = match environment {
            Environment::TimersMayBeLate => Side::Specification,
            Environment::TimeFirst => Side::Core,
        };
        let promise = |name, statement| scenario::Violation::Promise { name, statement, side };
        let broken = self.broken.iter().map(|judge| promise(judge.name, judge.statement));
        transcript.violations.extend(broken);
        transcript
    }
}

/// Names for what the exploration only tells apart.
#[derive(Debug, Default)]
struct Teller {
    request_ids: u32,
    workers: Vec<(Attempt, Payload)>,
    checkpoints: usize,
}

impl Teller {
    fn action(&mut self, before: &Observation, action: &Tried) -> Action {
        match action {
            Action::Tick { elapsed } => Action::Tick { elapsed: seconds(*elapsed) },
            Action::Elapses { timeout_type, backoff } => {
                Action::Elapses { timeout_type: *timeout_type, backoff: seconds(*backoff) }
            }
            Action::Call(request) => Action::Call(self.request(before, request)),
        }
    }

    #[expect(clippy::too_many_lines, reason = "a single match, one arm for each call")]
    fn request(
        &mut self,
        before: &Observation,
        request: &Request<i16, ExplorerPayload>,
    ) -> Request {
        match request {
            Request::StartActivityExecution { request_id, id_conflict_policy } => {
                let request_id = self.request_id(*request_id, Some(before.start_request_id));
                Request::StartActivityExecution {
                    request_id,
                    id_conflict_policy: *id_conflict_policy,
                }
            }
            Request::RecordActivityTaskStarted { request_id, dispatched: token, .. } => {
                let holder = match before.phase {
                    Phase::Started { request_id, .. } => Some(request_id),
                    Phase::Scheduled { .. } | Phase::Closed { .. } => None,
                };
                let is_repeated = holder.is_some() && *request_id == RequestId(0);
                let identity = self.poller(before, is_repeated);
                Request::RecordActivityTaskStarted {
                    request_id: self.request_id(*request_id, holder),
                    dispatched: token_of(*token),
                    identity,
                }
            }
            Request::RecordActivityTaskHeartbeat { target, details } => {
                Request::RecordActivityTaskHeartbeat {
                    target: target_of(*target),
                    details: self.details(*details),
                }
            }
            Request::RespondActivityTaskCompleted { target, .. } => {
                Request::RespondActivityTaskCompleted {
                    target: target_of(*target),
                    result: Payload::data("result"),
                    identity: self.reporter(*target),
                }
            }
            Request::RespondActivityTaskFailed {
                target,
                failure,
                retry,
                last_heartbeat_details,
                ..
            } => Request::RespondActivityTaskFailed {
                target: target_of(*target),
                failure: failure_of(*failure, matches!(retry, Retryability::After(_))),
                retry: match retry {
                    Retryability::After(backoff) => Retryability::After(seconds(*backoff)),
                    Retryability::NonRetryable => Retryability::NonRetryable,
                    Retryability::TimedOut => Retryability::TimedOut,
                    Retryability::NoInterval => Retryability::NoInterval,
                },
                last_heartbeat_details: last_heartbeat_details.map(|it| self.details(it)),
                identity: self.reporter(*target),
            },
            Request::RespondActivityTaskCanceled { target, .. } => {
                Request::RespondActivityTaskCanceled {
                    target: target_of(*target),
                    details: Payload::data("cleaned up"),
                }
            }
            Request::RequestCancelActivityExecution { request_id, .. } => {
                let accepted = before.cancel_request.as_ref().map(|request| request.request_id);
                Request::RequestCancelActivityExecution {
                    request_id: self.request_id(*request_id, accepted),
                    identity: Payload::data("client"),
                    reason: Payload::data("no longer needed"),
                }
            }
            Request::TerminateActivityExecution { request_id, .. } => {
                Request::TerminateActivityExecution {
                    request_id: self.request_id(*request_id, before.terminate_request_id),
                    identity: Payload::data("client"),
                    reason: Payload::data("by force"),
                }
            }
        }
    }

    /// Id 0 is the one that was used before, if one was; every other one is new.
    fn request_id(&mut self, tried: RequestId, used: Option<RequestId>) -> RequestId {
        match used {
            Some(used) if tried == RequestId(0) => used,
            Some(_) | None => {
                self.request_ids += 1;
                RequestId(self.request_ids)
            }
        }
    }

    /// Who polls: the holder again, or another worker.
    fn poller(&mut self, before: &Observation, is_repeated: bool) -> Payload {
        if let Some((_, holder)) = self.workers.last().filter(|_| is_repeated) {
            return holder.clone();
        }
        let letter = char::from(b'a' + u8::try_from(self.workers.len() % 26).unwrap_or(0));
        let worker = Payload::data(format!("worker-{letter}"));
        self.workers.push((before.attempt, worker.clone()));
        worker
    }

    /// Who reports: whoever was given the attempt, or a client.
    fn reporter(&self, target: Target<i16>) -> Payload {
        match target {
            Target::ById => Payload::data("client"),
            Target::Token(token) => {
                let TaskToken(attempt) = token_of(token);
                let holder = self.workers.iter().find(|(given, _)| *given == attempt);
                holder.map_or_else(|| Payload::data("stranger"), |(_, worker)| worker.clone())
            }
        }
    }

    fn details(&mut self, name: ExplorerPayload) -> Payload {
        if name == ExplorerPayload::NOTHING {
            return Payload::none();
        }
        self.checkpoints += 1;
        Payload::data(format!("checkpoint {}", self.checkpoints))
    }
}

fn failure_of(name: ExplorerPayload, retryable: bool) -> Payload {
    if name == ExplorerPayload::NOTHING {
        return Payload::none();
    }
    let type_name = if retryable { "Transient" } else { "Fatal" };
    Payload::failure(Failure {
        message: String::new(),
        info: FailureInfo::Application { type_name: type_name.into(), non_retryable: !retryable },
        cause: Payload::none(),
    })
}

fn seconds(Span(units): Span<i16>) -> Span {
    Span(i64::from(units) * UNIT)
}

fn token_of(TaskToken(Attempt(attempt)): TaskToken<i16>) -> TaskToken {
    TaskToken(Attempt(i64::from(attempt)))
}

fn target_of(target: Target<i16>) -> Target {
    match target {
        Target::Token(token) => Target::Token(token_of(token)),
        Target::ById => Target::ById,
    }
}

/// The terms with production numbers.
fn production(terms: &ExecutionOptions<i16>) -> ExecutionOptions {
    ExecutionOptions {
        dialect: terms.dialect,
        maximum_attempts: terms.maximum_attempts.map(|Attempt(it)| Attempt(i64::from(it))),
        schedule_to_close_timeout: terms.schedule_to_close_timeout.map(seconds),
        schedule_to_start_timeout: terms.schedule_to_start_timeout.map(seconds),
        start_to_close_timeout: seconds(terms.start_to_close_timeout),
        heartbeat_timeout: terms.heartbeat_timeout.map(seconds),
        start_delay: seconds(terms.start_delay),
        retries_start_to_close: terms.retries_start_to_close,
        retries_heartbeat: terms.retries_heartbeat,
    }
}
