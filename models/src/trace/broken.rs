//! The promises that a step breaks as it was recorded.
//! Reads what a trace tells of a step back into a step and an observation; what it does not tell is
//! as we have it. Judges nothing itself: the promises do.

use super::compare::{Mismatch, Tolerance, compare};
use super::json;
use super::line::RecordedStep;
use crate::explore::Judge;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, CancelRequest, Deadlines, ExecutionOptions, Observation, Opaque as _,
    Outcome, Phase, Rejection, Reply, Request, RequestId, RetryState, Span, Step, TaskToken,
    TimeoutReason, TimeoutType, Timestamp,
};
use activity_execution::{Payload, promises};
use serde_json::Value;

/// A step as we took it, and as it was recorded.
pub(super) struct Taken<'a> {
    /// The numbers of the options.
    pub(super) terms: &'a ExecutionOptions,
    /// How the execution stood before it.
    pub(super) before: &'a Observation,
    /// What happened.
    pub(super) action: &'a Action,
    /// What we answer.
    pub(super) reply: &'a Reply,
    /// How our execution stands after it.
    pub(super) after: &'a Observation,
    /// How that is shown.
    pub(super) described: Option<Value>,
    /// What was recorded.
    pub(super) recorded: &'a RecordedStep,
}

/// The promises that it breaks; nothing where too little was recorded to tell.
pub(super) fn broken(taken: &Taken<'_>) -> Option<Vec<Judge>> {
    let reply = taken.recorded_reply()?;
    let after = taken.recorded_after(reply.is_ok())?;
    let step = Step { now: taken.before.now, action: taken.action.clone(), reply };
    let all = promises::all().into_iter().chain(promises::when_settled());
    let broken = all
        .filter(|promise| !(promise.holds)(taken.terms, taken.before, &step, &after))
        .map(|promise| Judge { name: promise.name, statement: promise.statement });
    Some(broken.collect())
}

impl Taken<'_> {
    /// The answer that was recorded.
    fn recorded_reply(&self) -> Option<Reply> {
        let Some(answer) = &self.recorded.answer else { return Some(Ok(Answer::Done)) };
        if let Some(code) = answer.get("error").and_then(Value::as_str) {
            return self.rejection(code).map(Err);
        }
        if self.recorded.found_no_task() {
            return Some(Err(self.reply.clone().err().unwrap_or(Rejection::ObsoleteTask)));
        }
        let Action::Call(request) = self.action else { return Some(Ok(Answer::Done)) };
        Some(Ok(match request {
            Request::StartActivityExecution { .. } => Answer::Existing,
            Request::RecordActivityTaskStarted { .. } => self.task(answer)?,
            Request::RecordActivityTaskHeartbeat { .. } => Answer::Recorded {
                cancel_requested: answer.get("cancelRequested") == Some(&Value::Bool(true)),
            },
            Request::RespondActivityTaskCompleted { .. }
            | Request::RespondActivityTaskFailed { .. }
            | Request::RespondActivityTaskCanceled { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => Answer::Done,
        }))
    }

    /// The refusal with this code: ours if it has it.
    fn rejection(&self, code: &str) -> Option<Rejection> {
        let ours = self.reply.as_ref().err().copied();
        let mut all = ours.into_iter().chain(Rejection::ALL);
        all.find(|rejection| rejection.code() == code)
    }

    /// The task that was handed out.
    fn task(&self, answer: &Value) -> Option<Answer> {
        let ours = match self.reply {
            Ok(Answer::Task { started_time, current_attempt_scheduled_time, .. }) => {
                (Some(*started_time), Some(*current_attempt_scheduled_time))
            }
            _ => (None, None),
        };
        let attempt = Attempt(answer.get("attempt")?.as_i64()?);
        let details = answer.get("heartbeatDetails");
        Some(Answer::Task {
            token: TaskToken(attempt),
            attempt,
            started_time: instant(answer, "startedTime", ours.0)?,
            current_attempt_scheduled_time: instant(answer, "currentAttemptScheduledTime", ours.1)?,
            heartbeat_details: details.map_or_else(Payload::none, |it| self.payload(it)),
        })
    }

    /// The execution that was recorded after the step.
    fn recorded_after(&self, is_accepted: bool) -> Option<Observation> {
        let Some(described) = &self.recorded.described else {
            return match (is_accepted, self.reply.is_ok()) {
                (true, true) | (false, false) => Some(self.after.clone()),
                (false, true) => Some(self.before.clone()),
                (true, false) => None,
            };
        };
        let (shown, ours) = (&described.after, self.described.as_ref()?);
        let differs = |key: &str| {
            let mut mismatches: Vec<Mismatch> = vec![];
            compare(key, shown.get(key), ours.get(key), &mut mismatches);
            !mismatches.is_empty()
        };
        let mut after = self.after.clone();
        if differs("attempt") {
            after.attempt = Attempt(shown.get("attempt")?.as_i64()?);
        }
        for (key, time) in [
            ("lastStartedTime", &mut after.last_started_time),
            ("lastAttemptCompleteTime", &mut after.last_attempt_complete_time),
            ("lastHeartbeatTime", &mut after.last_heartbeat_time),
        ] {
            *time = instant(shown, key, *time);
        }
        for (key, payload) in [
            ("heartbeatDetails", &mut after.heartbeat_details),
            ("lastFailure", &mut after.last_failure),
            ("lastWorkerIdentity", &mut after.last_worker_identity),
        ] {
            if differs(key) {
                *payload = shown.get(key).map_or_else(Payload::none, |it| self.payload(it));
            }
        }
        if differs("totalHeartbeatCount") {
            after.total_heartbeat_count = shown.get("totalHeartbeatCount")?.as_i64()?;
        }
        if differs("canceledReason") || differs("runState") {
            after.cancel_request = self.cancel_request(shown);
        }
        if PHASE.into_iter().any(differs) {
            after.phase = self.phase(shown, &after)?;
            after.deadlines = self.deadlines(&after);
            let is_terminated =
                matches!(after.phase, Phase::Closed { outcome: Outcome::Terminated { .. }, .. });
            after.terminate_request_id = self.asked_by().filter(|_| is_terminated);
        }
        if differs("expirationTime") {
            after.deadlines.schedule_to_close = instant(shown, "expirationTime", None);
        }
        Some(after)
    }

    fn phase(&self, shown: &Value, after: &Observation) -> Option<Phase> {
        let status = shown.get("status")?.as_str()?;
        if status != "Running" {
            let ours = match self.after.phase {
                Phase::Closed { close_time, .. } => Some(close_time),
                Phase::Scheduled { .. } | Phase::Started { .. } => None,
            };
            let close_time = instant(shown, "closeTime", ours).unwrap_or(after.now);
            return Some(Phase::Closed { outcome: self.outcome(status, shown)?, close_time });
        }
        let (dispatched, holder) = match (&self.after.phase, &self.before.phase) {
            (Phase::Scheduled { dispatch_time, .. }, _)
            | (_, Phase::Scheduled { dispatch_time, .. }) => (*dispatch_time, None),
            (Phase::Started { dispatch_time, request_id }, _)
            | (_, Phase::Started { dispatch_time, request_id }) => {
                (*dispatch_time, Some(*request_id))
            }
            (Phase::Closed { .. }, Phase::Closed { .. }) => (after.now, None),
        };
        match shown.get("runState")?.as_str()? {
            "Scheduled" => {
                let dispatch_time = instant(shown, "nextAttemptScheduleTime", Some(dispatched))
                    .unwrap_or(dispatched);
                let interval = shown.get("currentRetryInterval").and_then(Value::as_i64);
                let retry_interval = interval
                    .map(Span)
                    .or_else(|| (after.attempt.0 > 1).then(|| dispatch_time - after.now));
                Some(Phase::Scheduled { dispatch_time, retry_interval })
            }
            "Started" | "CancelRequested" => {
                let request_id = self.asked_by().or(holder).unwrap_or(UNKNOWN);
                Some(Phase::Started { request_id, dispatch_time: dispatched })
            }
            _ => None,
        }
    }

    /// The deadlines of the phase that was recorded, which nothing shows: as they should be in it.
    fn deadlines(&self, after: &Observation) -> Deadlines {
        let kind = std::mem::discriminant(&after.phase);
        let alike = |it: &&Observation| {
            it.attempt == after.attempt && std::mem::discriminant(&it.phase) == kind
        };
        if let Some(alike) = [self.after, self.before].into_iter().find(alike) {
            return alike.deadlines;
        }
        let schedule_to_close = self.before.deadlines.schedule_to_close;
        let started = after.last_started_time.unwrap_or(after.now);
        match after.phase {
            Phase::Scheduled { dispatch_time, .. } => Deadlines {
                schedule_to_start: self
                    .terms
                    .schedule_to_start_timeout
                    .map(|it| dispatch_time + it),
                schedule_to_close,
                ..Deadlines::default()
            },
            Phase::Started { .. } => Deadlines {
                schedule_to_close,
                start_to_close: Some(started + self.terms.start_to_close_timeout),
                heartbeat: self.terms.heartbeat_timeout.map(|it| started + it),
                schedule_to_start: None,
            },
            Phase::Closed { .. } => Deadlines::default(),
        }
    }

    fn outcome(&self, status: &str, shown: &Value) -> Option<Outcome<Payload>> {
        let outcome = shown.get("outcome")?;
        let part = |key| outcome.get(key).map_or_else(Payload::none, |it| self.payload(it));
        let ours = self.after.outcome();
        let named = outcome.get("retryState").and_then(Value::as_str);
        let retry_state = RetryState::ALL.into_iter().find(|state| Some(state.name()) == named);
        let failure = outcome.get("failure");
        Some(match status {
            "Completed" => Outcome::Completed { result: part("result") },
            "Failed" => Outcome::Failed { failure: part("failure"), retry_state: retry_state? },
            "TimedOut" => {
                let timeout_type = failure.and_then(|it| it.get("timeoutType")?.as_str());
                let timeout_type =
                    TimeoutType::ALL.into_iter().find(|it| Some(it.name()) == timeout_type)?;
                let (failure, retry_state) = (part("failure"), retry_state?);
                Outcome::TimedOut { timeout_type, failure, retry_state }
            }
            "Canceled" => {
                let details = failure.and_then(|it| it.get("details"));
                let details = details.map_or_else(Payload::none, |it| self.payload(it));
                let identity = match ours {
                    Some(Outcome::Canceled { identity, .. }) => identity.clone(),
                    Some(_) | None => Payload::none(),
                };
                Outcome::Canceled { details, identity }
            }
            "Terminated" => match ours {
                Some(terminated @ Outcome::Terminated { .. }) => terminated.clone(),
                Some(_) | None => Outcome::Terminated {
                    reason: failure
                        .and_then(|it| it.get("message"))
                        .map_or_else(Payload::none, |it| self.payload(it)),
                    identity: Payload::none(),
                },
            },
            _ => return None,
        })
    }

    fn cancel_request(&self, shown: &Value) -> Option<CancelRequest<Payload>> {
        let is_requested = shown.get("runState").and_then(Value::as_str) == Some("CancelRequested");
        let reason = shown.get("canceledReason");
        if !is_requested && reason.is_none() {
            return None;
        }
        let known = [self.after, self.before].into_iter().find_map(|it| it.cancel_request.clone());
        let request_id = self.asked_by().unwrap_or(UNKNOWN);
        let unknown =
            || CancelRequest { request_id, identity: Payload::none(), reason: Payload::none() };
        let request = known.unwrap_or_else(unknown);
        let reason = reason.map_or(request.reason, |it| self.payload(it));
        Some(CancelRequest { reason, ..request })
    }

    /// The id of the call, if it has one.
    fn asked_by(&self) -> Option<RequestId> {
        match self.action {
            Action::Call(
                Request::StartActivityExecution { request_id, .. }
                | Request::RecordActivityTaskStarted { request_id, .. }
                | Request::RequestCancelActivityExecution { request_id, .. }
                | Request::TerminateActivityExecution { request_id, .. },
            ) => Some(*request_id),
            Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => None,
        }
    }

    /// The payload that is written so: one that the step knows of, or one of its own.
    fn payload(&self, written: &Value) -> Payload {
        let mut known = vec![Payload::none()];
        for it in [self.after, self.before] {
            known.extend(
                [&it.heartbeat_details, &it.last_failure, &it.last_worker_identity]
                    .map(Clone::clone),
            );
            known.extend(it.cancel_request.iter().map(|request| request.reason.clone()));
            match it.outcome() {
                Some(Outcome::Completed { result: it } | Outcome::Canceled { details: it, .. }) => {
                    known.push(it.clone());
                }
                Some(Outcome::Failed { failure, .. } | Outcome::TimedOut { failure, .. }) => {
                    known.push(failure.clone());
                }
                Some(Outcome::Terminated { .. }) | None => {}
            }
        }
        known.extend(self.reported());
        let found =
            known.into_iter().chain(self.timeouts()).find(|it| json::payload(it) == *written);
        found.unwrap_or_else(|| json::data(written))
    }

    /// What the call carries.
    fn reported(&self) -> Vec<Payload> {
        let Action::Call(request) = self.action else { return vec![] };
        match request.clone() {
            Request::RecordActivityTaskHeartbeat { details, .. }
            | Request::RespondActivityTaskCanceled { details, .. } => vec![details],
            Request::RespondActivityTaskCompleted { result, identity, .. } => {
                vec![result, identity]
            }
            Request::RespondActivityTaskFailed {
                failure,
                last_heartbeat_details,
                identity,
                ..
            } => [failure, identity].into_iter().chain(last_heartbeat_details).collect(),
            Request::RequestCancelActivityExecution { reason, identity, .. }
            | Request::TerminateActivityExecution { reason, identity, .. } => {
                vec![reason, identity]
            }
            Request::RecordActivityTaskStarted { identity, .. } => vec![identity],
            Request::StartActivityExecution { .. } => vec![],
        }
    }

    /// The timeout failures that the step could record.
    fn timeouts(&self) -> impl Iterator<Item = Payload> {
        let details = [Payload::none(), self.before.heartbeat_details.clone()];
        let causes = [Payload::none(), self.before.last_failure.clone()];
        let reasons = [TimeoutReason::Elapsed, TimeoutReason::NotEnoughTime];
        itertools::iproduct!(TimeoutType::ALL, reasons, details, causes).map(
            |(it, reason, details, cause)| Payload::timeout_failure(it, reason, details, cause),
        )
    }
}

/// The instant under a key: ours where it is that, within the tolerance.
fn instant(shown: &Value, key: &str, ours: Option<Timestamp>) -> Option<Timestamp> {
    let recorded = shown.get(key)?.as_f64()?;
    #[expect(clippy::cast_precision_loss, reason = "our instants are small numbers")]
    let is_ours = ours.filter(|Timestamp(ours)| Tolerance::of(key).admits(recorded, *ours as f64));
    #[expect(clippy::cast_possible_truncation, reason = "a recorded instant is a small number")]
    Some(is_ours.unwrap_or(Timestamp(recorded.floor() as i64)))
}

/// The keys that tell the phase.
const PHASE: [&str; 6] = [
    "status",
    "runState",
    "nextAttemptScheduleTime",
    "currentRetryInterval",
    "closeTime",
    "outcome",
];

/// A request of which nothing was recorded.
const UNKNOWN: RequestId = RequestId(u32::MAX);
