//! Plays a trace on the core and on the specification, step by step, and compares what they say
//! with what was recorded and with each other. Knows no file and prints nothing.

use super::calls::Names;
use super::compare::{CLOSE, Difference, compare};
use super::event::Event;
use super::line::{Described, RecordedStep, Trace};
use super::machines::Machines;
use super::refusal::{self, ActivityId, Mentioned};
use super::{effective, json};
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::{
    Action, Attempt, Dialect, ExecutionOptions, Phase, RequestId, Span, TimeoutType, Timestamp,
};
use serde_json::json as value;

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
    /// The numbers of the options and what happened, as the machines were told; nothing where the
    /// start was refused.
    pub told: Option<(ExecutionOptions, Vec<Action>)>,
}

/// Plays a trace up to its end, or up to the first step that disagrees.
///
/// # Panics
/// If the trace has an event that is [not modelled](Trace::not_modelled).
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
    if let Some(player) = player {
        played.changes = player.machines.changes();
        played.told = Some(player.machines.into_actions());
    }
    played
}

/// The first step: what becomes of the options, and the execution if they are accepted.
fn start(
    trace: &Trace,
    activity_id: &mut ActivityId,
    differences: &mut Vec<Difference>,
) -> Option<Player> {
    let step = &trace.steps[0];
    let mut names = Names::default();
    let start_request_id = match &step.event {
        Event::StartActivityExecution { request_id, .. } => names.request_ids.number(request_id),
        // The command of a workflow is never repeated.
        Event::ScheduleActivityTask => names.request_ids.fresh(),
        other => unreachable!("a trace does not begin with {other:?}"),
    };
    let options = trace.options.clone().build();
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
    let options = options.in_dialect(trace.dialect);
    let machines = Machines::new(options.terms(), start_request_id);
    let player = Player { options, machines, names, workflow_is_finished: false };
    player.compare_described(step.described.as_ref(), differences);
    Some(player)
}

fn recorded_message(step: &RecordedStep) -> Option<&str> {
    step.answer.as_ref()?.get("message")?.as_str()
}

/// The execution of a trace as far as it was played, and the recorder's names for its parts.
#[derive(Debug)]
struct Player {
    options: ActivityOptions,
    machines: Machines,
    names: Names,
    /// What its activity was, nobody can see any more.
    workflow_is_finished: bool,
}

impl Player {
    fn step(
        &mut self,
        step: &RecordedStep,
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
                differences.push(event_difference(&event, elapsed.trace_word()));
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
        step: &RecordedStep,
        activity_id: &mut ActivityId,
        differences: &mut Vec<Difference>,
    ) {
        let dispatch_time = match (event, self.machines.observation().phase) {
            (Event::Poll, Phase::Scheduled { dispatch_time, .. }) => Some(dispatch_time),
            _ => None,
        };
        self.advance(step.at, dispatch_time);
        self.compare_overdue(event, differences);
        self.workflow_is_finished |= *event == Event::WorkflowFinish;
        if self.is_kept_from_the_service(event) {
            compare("answer", step.answer.as_ref(), Some(&value!({})), differences);
            return;
        }
        let attempt = self.machines.core().attempt();
        let request = self.names.request(event, attempt, &self.options);
        let reply = self.machines.call(&request, differences);
        let answer = match reply {
            Ok(answer) => self.names.answer(&answer, self.machines.terms()),
            Err(rejection) => {
                let observation = self.machines.observation();
                let request_id =
                    |id: Option<RequestId>| id.map_or("", |id| self.names.request_ids.name(id));
                let cancel_request = observation.cancel_request.as_ref();
                let mentioned = Mentioned {
                    activity_id: activity_id.learn(recorded_message(step)),
                    status: self.machines.core().status(),
                    cancel_request_id: request_id(cancel_request.map(|request| request.request_id)),
                    terminate_request_id: request_id(observation.terminate_request_id),
                    workflow_is_finished: self.workflow_is_finished,
                };
                refusal::answer(self.options.dialect(), rejection, event, &mentioned)
            }
        };
        compare("answer", step.answer.as_ref(), Some(&answer), differences);
    }

    /// Whether a workflow does not even ask: it knows what has become of its activity.
    fn is_kept_from_the_service(&self, event: &Event) -> bool {
        let observation = self.machines.observation();
        match (self.options.dialect(), event) {
            (Dialect::Workflow, Event::RequestCancel { .. }) => {
                observation.is_closed() || observation.cancel_request.is_some()
            }
            (Dialect::Workflow, Event::WorkflowFinish) => observation.is_closed(),
            _ => false,
        }
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
                format!("{}, due at {:?}", deadline.timeout_type.trace_word(), deadline.time);
            differences.push(event_difference(event, &found));
        }
    }

    /// What Describe showed, against what we show at that instant.
    fn compare_described(&self, described: Option<&Described>, differences: &mut Vec<Difference>) {
        let at = described.map_or(self.machines.now(), |described| self.instant_of(described));
        let ours = match self.options.dialect() {
            Dialect::Standalone => Some(json::description(&self.machines.description(at))),
            Dialect::Workflow if self.workflow_is_finished => None,
            Dialect::Workflow => Some(json::workflow_view(self.machines.workflow_view(), at)),
        };
        let after = described.map(|described| &described.after);
        compare("after", after, ours.as_ref(), differences);
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
