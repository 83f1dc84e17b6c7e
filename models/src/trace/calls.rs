//! The recorder's calls as requests, and answers in its notation.
//! Keeps the names that a trace gives to tokens and request ids; decides nothing.

use super::event::{Event, TokenOrId};
use super::json;
use activity_execution::vocabulary::{
    Answer, Attempt, ExecutionOptions, Opaque, Request, RequestId, Span, Target, TaskToken,
};
use activity_execution::{ActivityOptions, Payload};
use serde_json::{Value, json as value};

/// What the names in one trace stand for.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) request_ids: RequestIds,
    /// The tokens that polls returned; the first one is called 1.
    tokens: Vec<TaskToken>,
}

impl Names {
    /// The call that the event is, about the current attempt or an earlier one.
    pub(super) fn request(
        &mut self,
        event: &Event,
        attempt: Attempt,
        options: &ActivityOptions,
    ) -> Request {
        match event {
            Event::StartActivityExecution { request_id, id_conflict_policy } => {
                Request::StartActivityExecution {
                    request_id: self.request_ids.number(request_id),
                    id_conflict_policy: *id_conflict_policy,
                }
            }
            Event::Poll => Request::RecordActivityTaskStarted {
                request_id: self.request_ids.fresh(),
                dispatched: TaskToken(attempt),
                identity: json::text("worker"),
            },
            Event::Heartbeat { target, details } => Request::RecordActivityTaskHeartbeat {
                target: self.target(*target),
                details: json::optional_data(details.as_ref()),
            },
            Event::RespondCompleted { target } => Request::RespondActivityTaskCompleted {
                target: self.target(*target),
                result: json::text("done"),
                identity: target.identity(),
            },
            Event::RespondFailed { target, failure, next_retry_delay, details } => {
                let failure = failure.to_payload();
                Request::RespondActivityTaskFailed {
                    target: self.target(*target),
                    retry: options.retry(attempt, &failure, next_retry_delay.map(Span)),
                    failure,
                    last_heartbeat_details: details.as_ref().map(json::data),
                    identity: target.identity(),
                }
            }
            Event::RespondCanceled { target, details } => Request::RespondActivityTaskCanceled {
                target: self.target(*target),
                details: json::optional_data(details.as_ref()),
            },
            Event::RequestCancel { request_id } => Request::RequestCancelActivityExecution {
                request_id: self.request_ids.number(request_id),
                identity: json::text("client"),
                reason: json::text(&format!("because {request_id}")),
            },
            Event::Terminate { request_id } => Request::TerminateActivityExecution {
                request_id: self.request_ids.number(request_id),
                identity: json::text("client"),
                reason: json::text(&format!("because {request_id}")),
            },
            // It takes its activity with it.
            Event::WorkflowFinish => Request::TerminateActivityExecution {
                request_id: self.request_ids.fresh(),
                identity: Payload::none(),
                reason: Payload::none(),
            },
            Event::ScheduleActivityTask
            | Event::Elapses { .. }
            | Event::StartDelayElapses { .. }
            | Event::BackoffElapses { .. }
            | Event::NotModelled(_) => unreachable!("{event:?} is no call"),
        }
    }

    /// The attempt that a call speaks about; of a token that no poll returned, none.
    fn target(&self, target: TokenOrId) -> Target {
        match target {
            TokenOrId::ById => Target::ById,
            TokenOrId::Token(token) => {
                let token = token.checked_sub(1).and_then(|index| self.tokens.get(index));
                Target::Token(token.copied().unwrap_or(TaskToken(Attempt(0))))
            }
        }
    }

    /// An answer as it is recorded.
    pub(super) fn answer(&mut self, answer: &Answer, terms: &ExecutionOptions) -> Value {
        match answer {
            Answer::Done => value!({}),
            Answer::Existing => value!({"started": false}),
            Answer::Recorded { cancel_requested: true } => value!({"cancelRequested": true}),
            Answer::Recorded { cancel_requested: false } => value!({}),
            Answer::Task {
                token,
                attempt,
                started_time,
                current_attempt_scheduled_time,
                heartbeat_details,
            } => {
                self.tokens.push(*token);
                let span = |span: Option<Span>| span.map_or(0, |Span(span)| span);
                let mut task = value!({
                    "token": self.tokens.len(),
                    "attempt": attempt.0,
                    "startedTime": started_time.0,
                    "currentAttemptScheduledTime": current_attempt_scheduled_time.0,
                    "scheduleToCloseTimeout": span(terms.schedule_to_close_timeout),
                    "startToCloseTimeout": terms.start_to_close_timeout.0,
                    "heartbeatTimeout": span(terms.heartbeat_timeout),
                });
                if !heartbeat_details.is_none() {
                    task["heartbeatDetails"] = json::payload(heartbeat_details);
                }
                task
            }
        }
    }
}

impl TokenOrId {
    /// Who calls so, in these recordings.
    fn identity(self) -> Payload {
        json::text(match self {
            TokenOrId::Token(_) => "worker",
            TokenOrId::ById => "by-id",
        })
    }
}

/// Gives request ids their numbers.
#[derive(Debug, Default)]
pub(super) struct RequestIds(Vec<String>);

impl RequestIds {
    /// The number of this id, which is new if the id is.
    pub(super) fn number(&mut self, name: &str) -> RequestId {
        let known = self.0.iter().position(|known| known == name);
        let index = known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        RequestId(u32::try_from(index).expect("a trace has fewer requests"))
    }

    /// An id that no other request has.
    pub(super) fn fresh(&mut self) -> RequestId {
        self.number(&format!("\0{}", self.0.len()))
    }

    /// The id of this number.
    pub(super) fn name(&self, RequestId(number): RequestId) -> &str {
        self.0.get(number as usize).map_or("", String::as_str)
    }
}
