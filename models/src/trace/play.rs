//! Plays a trace on the core and on the specification, step by step, and compares what they say
//! with what was recorded and with each other. Knows no file and prints nothing.

use super::broken;
use super::calls::Names;
use super::compare::{CLOSE, Held, Mismatch, compare};
use super::event::Event;
use super::line::{Described, RecordedStep, Trace};
use super::machines::Machines;
use super::refusal::{self, ActivityId, Mentioned};
use super::{Told, effective, json};
use crate::explore::Judge;
use activity_execution::ActivityOptions;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, Phase, Rejection, Reply, RequestId, Span, TimeoutType,
    Timestamp,
};
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
    /// How many steps do not tell how the execution stood after them.
    pub without_after: usize,
    /// Where it stopped to agree, and how.
    pub disagreement: Option<Disagreed>,
    /// What the machines were told; nothing where the start was refused.
    pub told: Option<Told>,
}

/// A step that was recorded and is not allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreed {
    /// Its index.
    pub step: usize,
    /// All that is not allowed in it.
    pub mismatches: Vec<Mismatch>,
    /// The promises that the step breaks as it was recorded; nothing where that cannot be told.
    pub broken: Option<Vec<Judge>>,
}

/// Plays a trace up to its end, or up to the first step that disagrees.
///
/// # Panics
/// If the trace has an event that is [not modelled](Trace::not_modelled).
#[must_use]
pub fn play(trace: &Trace) -> Played {
    let mut played = Played::default();
    let mut mismatches = vec![];
    let mut activity_id = ActivityId::of(&trace.name);
    let mut player = start(trace, &mut activity_id, &mut mismatches);
    for (index, step) in trace.steps.iter().enumerate() {
        played.steps += 1;
        if index > 0 {
            match &mut player {
                Some(player) => player.step(step, &mut activity_id, &mut mismatches),
                None => mismatches.push(event_mismatch(&step.event, NO_EXECUTION)),
            }
        }
        if !mismatches.is_empty() {
            let broken = player.as_ref().and_then(|player| player.broken(step));
            played.disagreement = Some(Disagreed { step: index, mismatches, broken });
            break;
        }
        let is_silent = player.as_ref().is_some_and(Player::can_be_described);
        played.without_after += usize::from(is_silent && step.described.is_none());
        let refusal = step.answer.as_ref().and_then(|answer| answer.get("error"));
        played.refused += usize::from(refusal.is_some());
    }
    if let Some(player) = player {
        played.changes = player.machines.changes();
        let (terms, actions) = player.machines.into_actions();
        played.told = Some(Told { terms, actions });
    }
    played
}

/// The first step: what becomes of the options, and the execution if they are accepted.
pub(super) fn start(
    trace: &Trace,
    activity_id: &mut ActivityId,
    mismatches: &mut Vec<Mismatch>,
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
    compare_instant("at", step.at, Timestamp(0), mismatches);
    compare("answer", step.answer.as_ref(), Some(&answer), mismatches);
    if step.effective.is_some() {
        compare("effective", step.effective.as_ref(), effective.as_ref(), mismatches);
    }
    let Ok(options) = options else {
        let after = step.described.as_ref().map(|described| &described.after);
        compare("after", after, None, mismatches);
        return None;
    };
    let options = options.in_dialect(trace.dialect);
    let machines = Machines::new(options.terms(), start_request_id);
    let player = Player { options, machines, names, workflow_is_finished: false, taken: None };
    player.compare_described(step.described.as_ref(), mismatches);
    Some(player)
}

fn recorded_message(step: &RecordedStep) -> Option<&str> {
    step.answer.as_ref()?.get("message")?.as_str()
}

/// The execution of a trace as far as it was played, and the recorder's names for its parts.
#[derive(Debug)]
pub(super) struct Player {
    options: ActivityOptions,
    pub(super) machines: Machines,
    names: Names,
    /// What its activity was, nobody can see any more.
    workflow_is_finished: bool,
    /// What was put to the machines last, and what they answered.
    pub(super) taken: Option<(Action, Reply)>,
}

impl Player {
    pub(super) fn step(
        &mut self,
        step: &RecordedStep,
        activity_id: &mut ActivityId,
        mismatches: &mut Vec<Mismatch>,
    ) {
        self.taken = None;
        let now = self.machines.now();
        if step.at < millis(now) {
            // What was recorded does not go back in time.
            compare_instant("at", step.at, now, mismatches);
        }
        match &step.event {
            Event::Elapses { timeout_type, due } => {
                self.elapse(*timeout_type, *due, step.at, mismatches);
            }
            Event::StartDelayElapses { due } => {
                self.dispatch(&step.event, Attempt::first(), *due, step.at, mismatches);
            }
            Event::BackoffElapses { due } => {
                let attempt = self.machines.core().attempt();
                if attempt == Attempt::first() {
                    mismatches.push(event_mismatch(&step.event, "none: no retry waits"));
                }
                self.dispatch(&step.event, attempt, *due, step.at, mismatches);
            }
            Event::NotModelled(name) => unreachable!("{name} is not to be played"),
            call => self.call(call, step, activity_id, mismatches),
        }
        if mismatches.is_empty() {
            self.compare_described(step.described.as_ref(), mismatches);
        }
    }

    /// A deadline: the one that was recorded, due when it was recorded to be.
    fn elapse(
        &mut self,
        timeout_type: TimeoutType,
        due: f64,
        at: f64,
        mismatches: &mut Vec<Mismatch>,
    ) {
        let event = Event::Elapses { timeout_type, due };
        let backoff = self.options.backoff(self.machines.core().attempt());
        let action = Action::Elapses { timeout_type, backoff };
        let Some(deadline) = self.machines.deadline() else {
            self.advance(at, None);
            self.taken = Some((action, Err(Rejection::NotDue)));
            mismatches.push(event_mismatch(&event, "none: no deadline is armed"));
            return;
        };
        compare_instant("due", due, deadline.time, mismatches);
        self.advance(at, Some(deadline.time));
        let elapsed = self.machines.elapse(backoff, mismatches);
        let is_it = elapsed == Some(timeout_type);
        self.taken = Some((action, if is_it { Ok(Answer::Done) } else { Err(Rejection::NotDue) }));
        match elapsed {
            None => {
                let (next, Timestamp(due)) = (deadline.timeout_type.trace_word(), deadline.time);
                let allowed = format!("nothing yet: next is {next}, due at {due} ms");
                mismatches.push(event_mismatch(&event, &allowed));
            }
            Some(elapsed) if !is_it => {
                mismatches.push(event_mismatch(&event, elapsed.trace_word()));
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
        mismatches: &mut Vec<Mismatch>,
    ) {
        let observation = self.machines.observation();
        let Phase::Scheduled { dispatch_time, .. } = observation.phase else {
            mismatches.push(event_mismatch(event, "none: no attempt waits to be dispatched"));
            return;
        };
        if observation.attempt != attempt {
            mismatches.push(event_mismatch(event, "none: it is a retry that waits"));
        }
        compare_instant("due", due, dispatch_time, mismatches);
        self.advance(at, Some(dispatch_time));
        if self.machines.now() < dispatch_time {
            mismatches.push(event_mismatch(event, "nothing yet: the wait is not over"));
        }
        self.compare_overdue(event, mismatches);
    }

    fn call(
        &mut self,
        event: &Event,
        step: &RecordedStep,
        activity_id: &mut ActivityId,
        mismatches: &mut Vec<Mismatch>,
    ) {
        let dispatch_time = match (event, self.machines.observation().phase) {
            (Event::Poll, Phase::Scheduled { dispatch_time, .. }) => Some(dispatch_time),
            _ => None,
        };
        self.advance(step.at, dispatch_time.filter(|_| !step.found_no_task()));
        self.compare_overdue(event, mismatches);
        self.workflow_is_finished |= *event == Event::WorkflowFinish;
        if self.is_kept_from_the_service(event) {
            compare("answer", step.answer.as_ref(), Some(&value!({})), mismatches);
            return;
        }
        if step.found_no_task() && dispatch_time.is_some_and(|time| is_near(step.at, time)) {
            // Whether the task was there a moment before, the recording cannot tell.
            return;
        }
        let attempt = self.machines.core().attempt();
        let request = self.names.request(event, attempt, &self.options);
        let reply = self.machines.call(&request, mismatches);
        self.taken = Some((Action::Call(request), reply.clone()));
        let answer = match reply {
            Ok(_) if step.found_no_task() => {
                mismatches.push(Mismatch {
                    field: "answer".into(),
                    held: Held::Trace,
                    value: Some(value!("no task")),
                    allowed: Some(value!(format!("the task of attempt {}", attempt.0))),
                });
                return;
            }
            Ok(answer) => self.names.answer(&answer, self.machines.terms()),
            Err(_) if step.found_no_task() => value!({}),
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
        compare("answer", step.answer.as_ref(), Some(&answer), mismatches);
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
    fn compare_overdue(&self, event: &Event, mismatches: &mut Vec<Mismatch>) {
        if let Some(deadline) = self.machines.deadline()
            && millis(deadline.time) + CLOSE.later < millis(self.machines.now())
        {
            let (word, Timestamp(due)) = (deadline.timeout_type.trace_word(), deadline.time);
            mismatches.push(event_mismatch(event, &format!("{word}, due at {due} ms")));
        }
    }

    /// What Describe showed, against what we show at that instant.
    fn compare_described(&self, described: Option<&Described>, mismatches: &mut Vec<Mismatch>) {
        let at = described.map_or(self.machines.now(), |described| self.instant_of(described));
        let ours = self.described(at);
        if let Some(Described { after, .. }) = described {
            compare("after", Some(after), ours.as_ref(), mismatches);
        }
    }

    /// What we show at an instant; nothing where nobody can see it any more.
    fn described(&self, at: Timestamp) -> Option<Value> {
        match self.options.dialect() {
            Dialect::Standalone => Some(json::description(&self.machines.description(at))),
            Dialect::Workflow if self.workflow_is_finished => None,
            Dialect::Workflow => Some(json::workflow_view(self.machines.workflow_view(), at)),
        }
    }

    /// Whether Describe could show the execution.
    fn can_be_described(&self) -> bool {
        !self.workflow_is_finished
    }

    /// Another answer to the last call, as it is recorded.
    pub(super) fn answer_again(&mut self, answer: &Answer) -> Value {
        self.names.answer(answer, self.machines.terms())
    }

    /// The promises that the last step breaks as it was recorded.
    fn broken(&self, step: &RecordedStep) -> Option<Vec<Judge>> {
        let (action, reply) = self.taken.as_ref()?;
        let after = self.machines.observation();
        broken::broken(&broken::Taken {
            terms: self.machines.terms(),
            before: self.machines.before(),
            action,
            reply,
            after: &after,
            described: self.described(after.now),
            recorded: step,
        })
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

/// What a trace cannot go on with.
const NO_EXECUTION: &str = "none: the start was refused, so there is no execution";

fn event_mismatch(event: &Event, allowed: &str) -> Mismatch {
    Mismatch {
        field: "event".into(),
        held: Held::Trace,
        value: Some(value!(event.word())),
        allowed: Some(value!(allowed)),
    }
}

fn is_near(recorded: f64, ours: Timestamp) -> bool {
    CLOSE.admits(recorded, millis(ours))
}

fn compare_instant(field: &str, recorded: f64, ours: Timestamp, mismatches: &mut Vec<Mismatch>) {
    if !is_near(recorded, ours) {
        mismatches.push(Mismatch {
            field: field.into(),
            held: Held::Trace,
            value: Some(value!(recorded)),
            allowed: Some(value!(ours.0)),
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
