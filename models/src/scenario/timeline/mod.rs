//! A transcript as a picture: rows that two painters share, one for the terminal, one for SVG.
//! Knows what is worth a row; does not know how anything is drawn.

mod svg;
mod text;

use super::transcript::{changes, phase};
use super::violation::deadline;
use super::{Moment, Transcript, show, text::options};
use activity_execution::Payload;
use activity_execution::vocabulary::{
    Action, Attempt, Observation, Phase, Request, Target, TaskToken, TimeoutType, Timestamp,
};

/// A picture of one run.
#[derive(Clone, Debug)]
pub struct Timeline {
    title: Vec<String>,
    options: String,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    at: String,
    party: Party,
    label: String,
    answer: Option<String>,
    refused: bool,
    /// What became of it, in words.
    notes: Vec<String>,
    bar: Bar,
    attempt: i64,
    marks: [Mark; 4],
    /// When the deadlines are due that are armed after the row.
    due: [Option<String>; 4],
    /// What is wrong here.
    wrong: Vec<String>,
}

/// Who acts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Party {
    Client,
    Worker,
    Time,
}

/// What the execution is doing after the row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Bar {
    /// Waiting for its dispatch time.
    Delayed,
    /// Waiting for a worker.
    Waiting,
    Started,
    CancelRequested,
    Closed,
}

/// What happens to a deadline.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mark {
    Nothing,
    Armed,
    Arms,
    Moves,
    Disarms,
    Fires,
}

impl Transcript {
    /// Draws it.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        let script = &self.script;
        let mut rows = vec![self.first_row()];
        let mut previous = &self.created;
        for moment in self.told() {
            rows.push(self.row(moment, previous));
            previous = &moment.after;
        }
        if self.last().now > previous.now {
            let mut row = self.state_row(self.last(), previous);
            row.label = format!("still {}", phase(self.last()));
            rows.push(row);
        }
        if let Some(last) = rows.last_mut() {
            last.wrong = self.violations.iter().map(ToString::to_string).collect();
        }
        let comment = script.comment.lines().map(str::to_owned);
        Timeline {
            title: comment.filter(|line| !line.is_empty()).collect(),
            options: options(script).join(", "),
            rows,
        }
    }

    fn first_row(&self) -> Row {
        let mut row = self.state_row(&self.created, &self.created);
        row.label = "StartActivityExecution".into();
        row.party = Party::Client;
        row.marks = TimeoutType::ALL.map(|timeout_type| {
            let armed = self.created.deadlines.of(timeout_type);
            if armed.is_some() { Mark::Arms } else { Mark::Nothing }
        });
        row
    }

    /// A row that says only how things stand.
    fn state_row(&self, after: &Observation, previous: &Observation) -> Row {
        let origin = self.script.schedule_time;
        let Attempt(attempt) = after.attempt;
        Row {
            at: show::span(after.now - origin),
            party: Party::Time,
            label: String::new(),
            answer: None,
            refused: false,
            notes: Vec::new(),
            bar: bar(after, after.now),
            attempt,
            marks: TimeoutType::ALL.map(|timeout_type| {
                mark(previous.deadlines.of(timeout_type), after.deadlines.of(timeout_type))
            }),
            due: TimeoutType::ALL.map(|timeout_type| {
                let at = after.deadlines.of(timeout_type)?;
                Some(deadline(timeout_type, at, origin))
            }),
            wrong: Vec::new(),
        }
    }

    fn row(&self, moment: &Moment, previous: &Observation) -> Row {
        let mut row = self.state_row(&moment.after, previous);
        row.label = self.wording(moment);
        row.refused = moment.reply.is_err();
        if self.many(moment).is_some() {
            row.party = Party::Worker;
        } else if let Action::Call(request) = &moment.action {
            row.party = party(request);
            if let Some(identity) = self.caller(moment, request) {
                row.label = format!("{} ({})", row.label, show::identity(&identity));
            }
            row.answer = Some(match &moment.reply {
                Ok(_) => show::answer(&moment.reply),
                Err(rejection) => format!("{rejection:?}"),
            });
        } else if let Action::Elapses { timeout_type, .. } = moment.action {
            if moment.reply.is_ok() {
                let index = TimeoutType::ALL.iter().position(|each| *each == timeout_type);
                row.marks[index.unwrap_or(0)] = Mark::Fires;
            } else {
                row.answer = moment.reply.as_ref().err().map(|rejection| format!("{rejection:?}"));
            }
        }
        if row.bar == Bar::Closed || !moment.after.is_started() {
            row.notes = changes(&moment.before, &moment.after);
        }
        if moment.probe {
            row.label = format!("{}, only tried", row.label);
        }
        row
    }

    /// Whose token it is, where the line itself does not say.
    fn caller(&self, moment: &Moment, request: &Request) -> Option<Payload> {
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

fn party(request: &Request) -> Party {
    match request {
        Request::RecordActivityTaskStarted { .. } => Party::Worker,
        Request::StartActivityExecution { .. }
        | Request::RequestCancelActivityExecution { .. }
        | Request::TerminateActivityExecution { .. } => Party::Client,
        Request::RecordActivityTaskHeartbeat { target, .. }
        | Request::RespondActivityTaskCompleted { target, .. }
        | Request::RespondActivityTaskFailed { target, .. }
        | Request::RespondActivityTaskCanceled { target, .. } => match target {
            Target::Token(_) => Party::Worker,
            Target::ById => Party::Client,
        },
    }
}

fn bar(observation: &Observation, now: Timestamp) -> Bar {
    match &observation.phase {
        Phase::Scheduled { dispatch_time, .. } if now < *dispatch_time => Bar::Delayed,
        Phase::Scheduled { .. } => Bar::Waiting,
        Phase::Started { .. } if observation.cancel_request.is_some() => Bar::CancelRequested,
        Phase::Started { .. } => Bar::Started,
        Phase::Closed { .. } => Bar::Closed,
    }
}

fn mark(before: Option<Timestamp>, after: Option<Timestamp>) -> Mark {
    match (before, after) {
        (None, None) => Mark::Nothing,
        (None, Some(_)) => Mark::Arms,
        (Some(_), None) => Mark::Disarms,
        (Some(before), Some(after)) if before == after => Mark::Armed,
        (Some(_), Some(_)) => Mark::Moves,
    }
}

impl Timeline {
    /// Which of the four deadlines is armed at any time.
    fn lanes(&self) -> Vec<usize> {
        let is_used = |lane: &usize| self.rows.iter().any(|row| row.marks[*lane] != Mark::Nothing);
        (0..4).filter(is_used).collect()
    }
}
