//! What came of a script: moment by moment, as data and as the text below `----`.

use super::coverage::WordsMet;
use super::run::PlayedStep;
use super::text::Polls;
use super::violation::{Violation, deadline, description, instant};
use super::{Happening, Line, Script, show};
use crate::story::wrap;
use activity_execution::Payload;
use activity_execution::vocabulary::{Action, Attempt, Observation, Outcome, Phase, Target};
use std::fmt;

/// What came of a script.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// What was played.
    pub script: Script,
    /// How the execution stood when it had just been created.
    pub created: Observation,
    /// What happened, in order; of attempts that fail one after the other only the last is kept.
    pub moments: Vec<PlayedStep>,
    /// What is wrong with the last moment, or with the creation if there is none.
    pub violations: Vec<Violation>,
    /// What was reached.
    pub coverage: WordsMet,
}

impl Transcript {
    /// The script up to the violation: what was only tried becomes a line of it.
    #[must_use]
    pub fn reproduction(&self) -> Script {
        let mut script = self.script.clone();
        if self.violations.is_empty() {
            return script;
        }
        let reached = self.moments.iter().filter_map(|moment| moment.line).max();
        script.lines.truncate(reached.map_or(0, |line| line + 1));
        let Some(last) = self.moments.last() else {
            return script;
        };
        let at = last.after.now - self.script.schedule_time;
        let happening = match &last.action {
            _ if !last.probe && last.line.is_some() => return script,
            Action::Call(request) => Happening::Call(request.clone()),
            Action::Elapses { timeout_type, backoff } if last.probe => {
                Happening::Elapses { timeout_type: *timeout_type, backoff: *backoff }
            }
            Action::Elapses { .. } | Action::Tick { .. } => Happening::Wait,
        };
        script.lines.push(Line { at, happening });
        script
    }

    /// How the execution stands in the end.
    #[must_use]
    pub fn last(&self) -> &Observation {
        self.moments.last().map_or(&self.created, |moment| &moment.after)
    }

    /// The moments that are told: all but the passing of time.
    pub(super) fn told(&self) -> impl Iterator<Item = &PlayedStep> {
        let is_told = |moment: &&PlayedStep| {
            !matches!(moment.action, Action::Tick { .. }) || self.describes(moment)
        };
        self.moments.iter().filter(is_told)
    }

    /// Whether nothing happens but that somebody asks how it stands.
    pub(super) fn describes(&self, moment: &PlayedStep) -> bool {
        let line = moment.line.map(|line| &self.script.lines[line].happening);
        line == Some(&Happening::Describe)
    }

    /// The line that stands for many steps, if this moment is the last of them and nothing is wrong.
    pub(super) fn many(&self, moment: &PlayedStep) -> Option<&Happening> {
        let is_wrong = !self.violations.is_empty()
            && self.moments.last().is_some_and(|last| std::ptr::eq(last, moment));
        match &self.script.lines[moment.line?].happening {
            many @ Happening::FailAttempts { .. } if !is_wrong => Some(many),
            Happening::FailAttempts { .. }
            | Happening::Call(_)
            | Happening::Elapses { .. }
            | Happening::Wait
            | Happening::Jump
            | Happening::Describe => None,
        }
    }

    /// The line of the script behind a moment, as it is written there; for time alone, the timer.
    pub(super) fn wording(&self, moment: &PlayedStep) -> String {
        let mut polls = Polls::new();
        let lines = &self.script.lines;
        for line in &lines[..moment.line.unwrap_or(lines.len())] {
            polls.note(&line.happening);
        }
        let backoff = self.script.backoff;
        let holder = |attempt| polls.holder(attempt);
        if self.describes(moment) {
            return show::happening(&Happening::Describe, backoff, polls.next, holder);
        }
        match (self.many(moment), &moment.action) {
            (Some(happening), _) => show::happening(happening, backoff, polls.next, holder),
            (_, Action::Call(request)) => show::call(request, backoff, polls.next, holder),
            (_, action @ (Action::Elapses { .. } | Action::Tick { .. })) => {
                action.trace_word().to_owned()
            }
        }
    }
}

/// The text below `----`: each call with its answer and what it changed, each timer that elapsed.
impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.script.schedule_time;
        let times: Vec<String> =
            self.told().map(|moment| instant(moment.after.now, origin)).collect();
        let width = times.iter().map(String::len).max().unwrap_or(0);
        for (moment, time) in self.told().zip(&times) {
            let mut text = self.headline(moment);
            let changes = changes(&moment.before, &moment.after);
            if !changes.is_empty() {
                text = format!("{text}; {}", changes.join(", "));
            }
            let mut margin = format!("{time:width$}  ");
            for line in wrap(&text, 94_usize.saturating_sub(width).max(40)) {
                writeln!(f, "{margin}{line}")?;
                margin = " ".repeat(width + 6);
            }
        }
        Ok(())
    }
}

impl Transcript {
    /// A moment's event and its answer.
    fn headline(&self, moment: &PlayedStep) -> String {
        if self.many(moment).is_some() {
            return self.wording(moment);
        }
        if self.describes(moment) {
            return format!("{} -> {}", self.wording(moment), description(&moment.after));
        }
        match &moment.action {
            Action::Call(request) => {
                let word = match request.target() {
                    Some(Target::Token(token)) => {
                        format!("{} {}", request.trace_word(), token.0.0)
                    }
                    Some(Target::ById) | None => request.trace_word().into(),
                };
                format!("{word} -> {}", show::answer(&moment.reply))
            }
            Action::Elapses { .. } | Action::Tick { .. } => match &moment.reply {
                Ok(_) => moment.action.trace_word().into(),
                refused @ Err(_) => {
                    format!("{} -> {}", moment.action.trace_word(), show::answer(refused))
                }
            },
        }
    }
}

/// What an outsider sees changing; what follows from the phase alone is left out.
pub(super) fn changes(before: &Observation, after: &Observation) -> Vec<String> {
    let origin = after.schedule_time;
    let mut changes = Vec::new();
    if before.phase != after.phase || before.attempt != after.attempt {
        changes.push(phase(after));
    }
    for (timeout_type, at) in after.deadlines.armed() {
        if before.deadlines.of(timeout_type) != Some(at) {
            changes.push(deadline(timeout_type, at, origin));
        }
    }
    if let (None, Some(request)) = (&before.cancel_request, &after.cancel_request)
        && !after.is_closed()
    {
        changes.push(format!("cancel request {}", show::request_id(request.request_id)));
    }
    let mut payload = |part: &str, before: &Payload, after: &Payload| {
        if before != after {
            changes.push(format!("{part} {}", show::payload(after)));
        }
    };
    payload("heartbeat_details", &before.heartbeat_details, &after.heartbeat_details);
    if !is_told_by_outcome(after) {
        payload("last_failure", &before.last_failure, &after.last_failure);
    }
    let (old, new) = (&before.last_worker_identity, &after.last_worker_identity);
    if !after.is_started() && old != new {
        changes.push(format!("last_worker_identity {}", show::identity(new)));
    }
    if let Some(time) = after.last_attempt_complete_time
        && after.is_closed()
        && before.last_attempt_complete_time != Some(time)
    {
        changes.push(format!("last_attempt_complete_time {}", instant(time, origin)));
    }
    changes
}

/// Whether the outcome carries the very failure that is also the last one.
fn is_told_by_outcome(observation: &Observation) -> bool {
    match observation.outcome() {
        Some(Outcome::Failed { failure, .. } | Outcome::TimedOut { failure, .. }) => {
            *failure == observation.last_failure
        }
        Some(Outcome::Completed { .. } | Outcome::Canceled { .. } | Outcome::Terminated { .. })
        | None => false,
    }
}

/// What an execution is doing, in a few words.
pub(super) fn phase(observation: &Observation) -> String {
    let origin = observation.schedule_time;
    let Attempt(attempt) = observation.attempt;
    match &observation.phase {
        Phase::Scheduled { dispatch_time, .. } => {
            format!("attempt {attempt} Scheduled for {}", instant(*dispatch_time, origin))
        }
        Phase::Started { .. } => format!("attempt {attempt} Started"),
        Phase::Closed { outcome, .. } => show::outcome(outcome),
    }
}
