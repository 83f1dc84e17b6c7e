//! Plays a trace on the core and on the specification, step by step, and compares what they say
//! with what was recorded and with each other. Knows no file and prints nothing.

use super::compare::{CLOSE, Difference, compare};
use super::event::{Event, TokenOrId, elapses_word};
use super::machines::Machines;
use super::refusal::{self, ActivityId, Mentioned};
use super::trace::{Described, Step, Trace};
use super::{effective, json};
use activity_execution::vocabulary::{
    Answer, Attempt, Phase, Request, RequestId, Span, Target, TaskToken, TimeoutType, Timestamp,
};
use activity_execution::{ActivityOptions, Payload};
use serde_json::{Value, json as value};

/// How a trace was played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Played {
    /// How many steps were played.
    pub steps: usize,
    /// How many calls were refused, by the server and by us.
    pub refused: usize,
    /// How many steps changed the execution, each accepted by the specification.
    pub changes: usize,
    /// Where it stopped to agree: the index of the step, and all that differs there.
    pub disagreement: Option<(usize, Vec<Difference>)>,
}

/// Plays a trace up to its end, or up to the first step that disagrees.
///
/// The trace has no event that is [not modelled](Trace::not_modelled).
#[must_use]
pub fn play(trace: &Trace) -> Played {
    let mut played = Played::default();
    let mut differences = vec![];
    let mut activity_id = ActivityId::of(&trace.name);
    let mut player = start(trace, &mut activity_id, &mut differences);
    for (index, step) in trace.steps.iter().enumerate() {
        played.steps += 1;
        if index > 0 {
            match &mut player {
                Some(player) => player.step(step, &mut activity_id, &mut differences),
                None => differences.push(Difference {
                    field: "event".into(),
                    expected: Some(value!(step.event.word())),
                    found: Some(value!("no execution: its start was refused")),
                }),
            }
        }
        if !differences.is_empty() {
            played.disagreement = Some((index, differences));
            break;
        }
        let refusal = step.answer.as_ref().and_then(|answer| answer.get("error"));
        played.refused += usize::from(refusal.is_some());
    }
    played.changes = player.map_or(0, |player| player.machines.changes());
    played
}

/// The first step: what becomes of the options, and the execution if they are accepted.
fn start(
    trace: &Trace,
    activity_id: &mut ActivityId,
    differences: &mut Vec<Difference>,
) -> Option<Player> {
    let step = &trace.steps[0];
    let Event::StartActivityExecution { request_id, .. } = &step.event else {
        unreachable!("a trace begins with a start");
    };
    let options = effective::request(&trace.options).build();
    let (answer, effective) = match &options {
        Ok(options) => (value!({"started": true}), Some(effective::effective(options))),
        Err(refused) => {
            let id = activity_id.learn(recorded_message(step));
            (effective::refusal(refused, id), None)
        }
    };
    compare_instant("at", step.at, Timestamp(0), differences);
    compare("answer", step.answer.as_ref(), Some(&answer), differences);
    compare("effective", step.effective.as_ref(), effective.as_ref(), differences);
    let Ok(options) = options else {
        let after = step.described.as_ref().map(|described| &described.after);
        compare("after", after, None, differences);
        return None;
    };
    let mut request_ids = RequestIds::default();
    let start_request_id = request_ids.number(request_id);
    let machines = Machines::new(options.terms(), start_request_id);
    let player = Player { options, machines, request_ids, tokens: vec![] };
    player.compare_described(step.described.as_ref(), differences);
    Some(player)
}

fn recorded_message(step: &Step) -> Option<&str> {
    step.answer.as_ref()?.get("message")?.as_str()
}

/// The execution of a trace as far as it was played, and the recorder's names for its parts.
#[derive(Debug)]
struct Player {
    options: ActivityOptions,
    machines: Machines,
    request_ids: RequestIds,
    /// The tokens that polls returned; the first one is called 1.
    tokens: Vec<TaskToken>,
}

impl Player {
    fn step(
        &mut self,
        step: &Step,
        activity_id: &mut ActivityId,
        differences: &mut Vec<Difference>,
    ) {
        let now = self.machines.now();
        if step.at < millis(now) {
            // What was recorded does not go back in time.
            compare_instant("at", step.at, now, differences);
        }
        match &step.event {
            Event::Elapses { timeout_type, due } => {
                self.elapse(*timeout_type, *due, step.at, differences);
            }
            Event::StartDelayElapses { due } => {
                self.dispatch(&step.event, Attempt::first(), *due, step.at, differences);
            }
            Event::BackoffElapses { due } => {
                let attempt = self.machines.core().attempt();
                if attempt == Attempt::first() {
                    differences.push(event_difference(&step.event, "no retry waits"));
                }
                self.dispatch(&step.event, attempt, *due, step.at, differences);
            }
            Event::NotModelled(name) => unreachable!("{name} is not to be played"),
            call => self.call(call, step, activity_id, differences),
        }
        if differences.is_empty() {
            self.compare_described(step.described.as_ref(), differences);
        }
    }

    /// A deadline: the one that was recorded, due when it was recorded to be.
    fn elapse(
        &mut self,
        timeout_type: TimeoutType,
        due: f64,
        at: f64,
        differences: &mut Vec<Difference>,
    ) {
        let event = Event::Elapses { timeout_type, due };
        let Some(deadline) = self.machines.deadline() else {
            differences.push(event_difference(&event, "no deadline is armed"));
            return;
        };
        compare_instant("due", due, deadline.time, differences);
        self.advance(at, Some(deadline.time));
        let backoff = self.options.backoff(self.machines.core().attempt());
        match self.machines.elapse(backoff, differences) {
            None => differences.push(event_difference(
                &event,
                &format!("{deadline:?} is not due at {:?}", self.machines.now()),
            )),
            Some(elapsed) if elapsed != timeout_type => {
                differences.push(event_difference(&event, &elapses_word(elapsed)));
            }
            Some(_) => {}
        }
    }

    /// A dispatch is possible now: nothing changes, but it has to be this attempt and this instant.
    fn dispatch(
        &mut self,
        event: &Event,
        attempt: Attempt,
        due: f64,
        at: f64,
        differences: &mut Vec<Difference>,
    ) {
        let observation = self.machines.observation();
        let Phase::Scheduled { dispatch_time, .. } = observation.phase else {
            differences.push(event_difference(event, "no attempt waits to be dispatched"));
            return;
        };
        if observation.attempt != attempt {
            differences.push(event_difference(event, "a retry waits"));
        }
        compare_instant("due", due, dispatch_time, differences);
        self.advance(at, Some(dispatch_time));
        if self.machines.now() < dispatch_time {
            differences.push(event_difference(event, "the wait is not over"));
        }
        self.compare_overdue(event, differences);
    }

    fn call(
        &mut self,
        event: &Event,
        step: &Step,
        activity_id: &mut ActivityId,
        differences: &mut Vec<Difference>,
    ) {
        let dispatch_time = match (event, self.machines.observation().phase) {
            (Event::Poll, Phase::Scheduled { dispatch_time, .. }) => Some(dispatch_time),
            _ => None,
        };
        self.advance(step.at, dispatch_time);
        self.compare_overdue(event, differences);
        let request = self.request(event);
        let reply = self.machines.call(&request, differences);
        let answer = match reply {
            Ok(answer) => self.answer(&answer),
            Err(rejection) => {
                let observation = self.machines.observation();
                let request_id =
                    |id: Option<RequestId>| id.map_or("", |id| self.request_ids.name(id));
                let cancel_request = observation.cancel_request.as_ref();
                let mentioned = Mentioned {
                    activity_id: activity_id.learn(recorded_message(step)),
                    status: self.machines.core().status(),
                    cancel_request_id: request_id(cancel_request.map(|request| request.request_id)),
                    terminate_request_id: request_id(observation.terminate_request_id),
                };
                refusal::answer(rejection, event, &mentioned)
            }
        };
        compare("answer", step.answer.as_ref(), Some(&answer), differences);
    }

    /// Time goes on to the instant of a step; a little further if what the step needs is that near.
    fn advance(&mut self, at: f64, needed: Option<Timestamp>) {
        let mut to = floor(at);
        if let Some(needed) = needed
            && needed > to
            && CLOSE.admits(at, millis(needed))
        {
            to = needed;
        }
        self.machines.advance(to);
    }

    /// Had a deadline passed before this step, the server would have acted on it.
    fn compare_overdue(&self, event: &Event, differences: &mut Vec<Difference>) {
        if let Some(deadline) = self.machines.deadline()
            && millis(deadline.time) + CLOSE.later < millis(self.machines.now())
        {
            let found =
                format!("{}, due at {:?}", elapses_word(deadline.timeout_type), deadline.time);
            differences.push(event_difference(event, &found));
        }
    }

    fn request(&mut self, event: &Event) -> Request {
        match event {
            Event::StartActivityExecution { request_id, id_conflict_policy } => {
                Request::StartActivityExecution {
                    request_id: self.request_ids.number(request_id),
                    id_conflict_policy: *id_conflict_policy,
                }
            }
            Event::Poll => Request::RecordActivityTaskStarted {
                request_id: self.request_ids.fresh(),
                token: TaskToken(self.machines.core().attempt()),
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
                let attempt = self.machines.core().attempt();
                Request::RespondActivityTaskFailed {
                    target: self.target(*target),
                    retryable: self.options.is_retryable(&failure),
                    backoff: self.options.retry_delay(attempt, next_retry_delay.map(Span)),
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
            Event::Elapses { .. }
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

    fn answer(&mut self, answer: &Answer) -> Value {
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
                let terms = self.machines.terms();
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

    /// What Describe showed, against what we show at that instant.
    fn compare_described(&self, described: Option<&Described>, differences: &mut Vec<Difference>) {
        let at = described.map_or(self.machines.now(), |described| self.instant_of(described));
        let ours = json::description(&self.machines.description(at));
        let after = described.map(|described| &described.after);
        compare("after", after, Some(&ours), differences);
    }

    /// The instant that Describe speaks of: it is known give or take [`SEEN`], which matters when
    /// the dispatch time is that near, because then the wait vanishes from sight.
    fn instant_of(&self, described: &Described) -> Timestamp {
        let seen = floor(described.seen);
        let Phase::Scheduled { dispatch_time, .. } = self.machines.observation().phase else {
            return seen;
        };
        let waits = described.after.get("nextAttemptScheduleTime").is_some();
        let is_near = (millis(dispatch_time) - described.seen).abs() <= SEEN;
        match (is_near, waits) {
            (false, _) => seen,
            (true, true) => dispatch_time - Span(1),
            (true, false) => dispatch_time,
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
struct RequestIds(Vec<String>);

impl RequestIds {
    fn number(&mut self, name: &str) -> RequestId {
        let known = self.0.iter().position(|known| known == name);
        let index = known.unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        RequestId(u32::try_from(index).expect("a trace has fewer requests"))
    }

    /// An id that no other request has.
    fn fresh(&mut self) -> RequestId {
        self.number(&format!("\0{}", self.0.len()))
    }

    fn name(&self, RequestId(number): RequestId) -> &str {
        self.0.get(number as usize).map_or("", String::as_str)
    }
}

/// How far the instant of a Describe may be from when it was seen, in milliseconds.
const SEEN: f64 = 60.0;

fn event_difference(event: &Event, found: &str) -> Difference {
    Difference {
        field: "event".into(),
        expected: Some(value!(event.word())),
        found: Some(value!(found)),
    }
}

fn compare_instant(field: &str, recorded: f64, ours: Timestamp, differences: &mut Vec<Difference>) {
    if !CLOSE.admits(recorded, millis(ours)) {
        differences.push(Difference {
            field: field.into(),
            expected: Some(value!(recorded)),
            found: Some(value!(ours.0)),
        });
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a recorded instant is a small number")]
fn floor(instant: f64) -> Timestamp {
    Timestamp(instant.floor() as i64)
}

#[expect(clippy::cast_precision_loss, reason = "a recorded instant is a small number")]
fn millis(Timestamp(instant): Timestamp) -> f64 {
    instant as f64
}
