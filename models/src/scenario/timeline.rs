//! The timeline of an execution: client, service and worker as lanes, the deadlines beside.
//! Knows what is worth a row; does not know how anything is drawn.

use super::text::options;
use super::transcript::{changes, phase};
use super::violation::{deadline, description};
use super::{PlayedStep, Transcript, show};
use crate::story::{Bar, BarKind, Cell, Event, EventKind, Lane, Mark, Row, Timeline, Tone};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Action, Attempt, Observation, Phase, Request, RequestKind, Target, TaskToken, TimeoutType,
    Timestamp,
};

/// The lanes.
const CLIENT: usize = 0;
const SERVICE: usize = 1;
const WORKER: usize = 2;

impl Transcript {
    /// Draws it.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        let mut rows = vec![self.first_row()];
        let mut previous = &self.created;
        for moment in self.told() {
            rows.push(self.row(moment, previous));
            previous = &moment.after;
        }
        if self.last().now > previous.now {
            let label = format!("still {}", phase(self.last()));
            let mut row = self.standing(self.last(), previous);
            row.event = Some(event(EventKind::Stands(SERVICE), label));
            rows.push(row);
        }
        // A deadline that is never armed has no track.
        let is_used = |index: &usize| rows.iter().any(|row| row.marks[*index] != Mark::Nothing);
        let used: Vec<usize> = (0..TimeoutType::ALL.len()).filter(is_used).collect();
        for row in &mut rows {
            row.marks = used.iter().map(|index| row.marks[*index].clone()).collect();
        }
        let lane = |name: &str, tone| Lane { name: name.into(), tone, column: None };
        let title = self.script.comment.lines().map(str::to_owned);
        Timeline {
            title: title.filter(|line| !line.is_empty()).collect(),
            about: options(&self.script).join(", "),
            lanes: vec![
                lane("client", Tone::Party),
                lane("service", Tone::Service),
                lane("worker", Tone::Party),
            ],
            tracks: used.iter().map(|index| TimeoutType::ALL[*index].name().into()).collect(),
            rows,
            findings: self.violations.iter().map(ToString::to_string).collect(),
            axis: None,
        }
    }

    fn first_row(&self) -> Row {
        let mut row = self.standing(&self.created, &self.created);
        row.event = Some(event(call_from(CLIENT), "StartActivityExecution".into()));
        for mark in &mut row.marks {
            if let Mark::Armed(due) = mark {
                *mark = Mark::Arms(std::mem::take(due));
            }
        }
        row
    }

    /// A row that says only how things stand.
    fn standing(&self, after: &Observation, previous: &Observation) -> Row {
        let origin = self.script.schedule_time;
        let Attempt(attempt) = after.attempt;
        let mark = |timeout_type| {
            let (before, after) =
                (previous.deadlines.of(timeout_type), after.deadlines.of(timeout_type));
            mark(before, after, |at| deadline(timeout_type, at, origin))
        };
        let bar = Bar { lane: SERVICE, kind: bar(after, after.now), label: attempt.to_string() };
        Row {
            at: show::span(after.now - origin),
            bars: vec![bar],
            marks: TimeoutType::ALL.map(mark).into(),
            ..Row::default()
        }
    }

    fn row(&self, moment: &PlayedStep, previous: &Observation) -> Row {
        let mut row = self.standing(&moment.after, previous);
        let mut event = event(EventKind::Timer(SERVICE), self.wording(moment));
        event.refused = moment.reply.is_err();
        let refusal = moment.reply.as_ref().err().map(|rejection| format!("{rejection:?}"));
        if self.describes(moment) {
            event.kind = call_from(CLIENT);
            let lines = vec![description(&moment.after)];
            row.cells = vec![Cell { lane: SERVICE, lines }];
        } else if self.many(moment).is_some() {
            event.kind = call_from(WORKER);
        } else if let Action::Call(request) = &moment.action {
            event.kind = call_from(party(request));
            if let Some(identity) = self.caller(moment, request) {
                event.label = format!("{} ({})", event.label, show::identity(&identity));
            }
            event.answer = refusal.or_else(|| Some(show::answer(&moment.reply)));
        } else if let Action::Elapses { timeout_type, .. } = moment.action {
            let index = TimeoutType::ALL.iter().position(|each| *each == timeout_type);
            match refusal {
                None => row.marks[index.unwrap_or(0)] = Mark::Fires,
                Some(_) => event.answer = refusal,
            }
        }
        if !moment.after.is_started() {
            let notes = changes(&moment.before, &moment.after);
            if !notes.is_empty() {
                row.cells = vec![Cell { lane: SERVICE, lines: vec![notes.join(", ")] }];
            }
        }
        if moment.probe {
            event.label = format!("{}, only tried", event.label);
        }
        row.event = Some(event);
        row
    }

    /// Whose token it is, where the line itself does not say.
    fn caller(&self, moment: &PlayedStep, request: &Request) -> Option<Payload> {
        let Some(Target::Token(TaskToken(Attempt(attempt)))) = request.target() else {
            return None;
        };
        let lines = &self.script.lines[..moment.line.unwrap_or(self.script.lines.len())];
        let mut polls = super::text::Polls::new();
        for line in lines {
            polls.note(&line.happening);
        }
        let holder = polls.holder(attempt);
        let is_told = match request {
            Request::RespondActivityTaskCompleted { identity, .. }
            | Request::RespondActivityTaskFailed { identity, .. } => *identity != holder,
            Request::RecordActivityTaskHeartbeat { .. }
            | Request::RespondActivityTaskCanceled { .. }
            | Request::StartActivityExecution { .. }
            | Request::RecordActivityTaskStarted { .. }
            | Request::RequestCancelActivityExecution { .. }
            | Request::TerminateActivityExecution { .. } => false,
        };
        (!is_told && holder != Payload::default()).then_some(holder)
    }
}

fn event(kind: EventKind, label: String) -> Event {
    Event { kind, label, answer: None, refused: false }
}

fn call_from(lane: usize) -> EventKind {
    EventKind::Call { from: lane, to: SERVICE }
}

/// Who calls.
fn party(request: &Request) -> usize {
    match (request.kind(), request.target()) {
        (RequestKind::RecordActivityTaskStarted, _) | (_, Some(Target::Token(_))) => WORKER,
        (_, Some(Target::ById) | None) => CLIENT,
    }
}

fn bar(observation: &Observation, now: Timestamp) -> BarKind {
    match &observation.phase {
        Phase::Scheduled { dispatch_time, .. } if now < *dispatch_time => BarKind::Delayed,
        Phase::Scheduled { .. } => BarKind::Waiting,
        Phase::Started { .. } if observation.cancel_request.is_some() => BarKind::CancelRequested,
        Phase::Started { .. } => BarKind::Started,
        Phase::Closed { .. } => BarKind::Closed,
    }
}

fn mark(
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    due: impl Fn(Timestamp) -> String,
) -> Mark {
    match (before, after) {
        (None, None) => Mark::Nothing,
        (None, Some(after)) => Mark::Arms(due(after)),
        (Some(_), None) => Mark::Disarms,
        (Some(before), Some(after)) if before == after => Mark::Armed(due(after)),
        (Some(_), Some(after)) => Mark::Moves(due(after)),
    }
}
