//! What a replay found, for people and for programs. Plays nothing.

use super::compare::Difference;
use super::event::Event;
use super::play::play;
use super::trace::{Step, Trace};
use crate::style::{Ink, counted, thousands, visible};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// What was found in all traces.
#[derive(Debug, Default)]
pub struct Replayed {
    /// The counts of each source.
    pub tallies: Vec<Tally>,
    /// The traces that disagree.
    pub disagreements: Vec<Disagreement>,
    /// How many skipped traces have an event of this name.
    pub not_modelled: BTreeMap<&'static str, usize>,
}

/// The counts of one source.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// The name of the source.
    pub name: String,
    /// How many traces it has.
    pub traces: usize,
    /// How many steps were played.
    pub steps: usize,
    /// How many calls were refused, by the server and by us.
    pub refused: usize,
    /// How often an execution changed, each time as the specification says.
    pub changes: usize,
    /// How many traces were not played, because of an event that is not modelled yet.
    pub skipped: usize,
    /// How many traces disagree.
    pub disagreeing: usize,
}

/// A trace that disagrees, up to where it does.
#[derive(Debug)]
pub struct Disagreement {
    /// The trace.
    pub trace: Trace,
    /// The index of the step that disagrees.
    pub step: usize,
    /// All that differs in that step.
    pub differences: Vec<Difference>,
}

impl Tally {
    /// No counts yet for this source.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Tally { name: name.to_owned(), ..Tally::default() }
    }
}

impl Replayed {
    /// Plays one more trace.
    pub(super) fn add(&mut self, tally: &mut Tally, trace: Trace) {
        tally.traces += 1;
        let not_modelled = trace.not_modelled();
        if !not_modelled.is_empty() {
            tally.skipped += 1;
            for name in not_modelled {
                *self.not_modelled.entry(name).or_default() += 1;
            }
            return;
        }
        let played = play(&trace);
        tally.steps += played.steps;
        tally.refused += played.refused;
        tally.changes += played.changes;
        if let Some((step, differences)) = played.disagreement {
            tally.disagreeing += 1;
            self.disagreements.push(Disagreement { trace, step, differences });
        }
    }

    /// The counts of all sources together.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.tallies.iter().fold(Tally::of("total"), |sum, tally| Tally {
            name: sum.name,
            traces: sum.traces + tally.traces,
            steps: sum.steps + tally.steps,
            refused: sum.refused + tally.refused,
            changes: sum.changes + tally.changes,
            skipped: sum.skipped + tally.skipped,
            disagreeing: sum.disagreeing + tally.disagreeing,
        })
    }

    /// How many traces were not played.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.tallies.iter().map(|tally| tally.skipped).sum()
    }

    /// For a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let total = self.total();
        let disagreements: Vec<_> = self
            .disagreements
            .iter()
            .flat_map(|disagreement| {
                disagreement.differences.iter().map(|difference| {
                    json!({
                        "trace": disagreement.trace.name,
                        "step": disagreement.step,
                        "field": difference.field,
                        "expected": difference.expected,
                        "found": difference.found,
                    })
                })
            })
            .collect();
        json!({
            "traces": total.traces,
            "steps": total.steps,
            "refused": total.refused,
            "changes": total.changes,
            "disagreeing": total.disagreeing,
            "skipped": total.skipped,
            "skippedEvents": self.not_modelled,
            "disagreements": disagreements,
        })
    }

    /// For a person: what disagrees, then the counts, then the verdict.
    #[must_use]
    pub fn to_text(&self, elapsed: Duration) -> String {
        let mut text = String::new();
        for disagreement in self.disagreements.iter().take(SHOWN) {
            text += &disagreement.to_text();
            text.push('\n');
        }
        if self.disagreements.len() > SHOWN {
            let more = counted(self.disagreements.len() - SHOWN, "more trace");
            let _ = writeln!(text, "{more} disagree; --format json lists all of them\n");
        }
        let _ = writeln!(text, "{}\n", self.table());
        text += &self.verdict(elapsed);
        text
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header([
            "file",
            "traces",
            "steps",
            "calls refused",
            "changes",
            "skipped",
            "disagree",
        ]);
        let total = (self.tallies.len() > 1).then(|| self.total());
        for tally in self.tallies.iter().chain(total.as_ref()) {
            let counts = [
                tally.traces,
                tally.steps,
                tally.refused,
                tally.changes,
                tally.skipped,
                tally.disagreeing,
            ];
            table.add_row([tally.name.clone()].into_iter().chain(counts.map(thousands)));
        }
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((if index == 0 { 0 } else { 2 }, 0));
            if index > 0 {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.trim_fmt()
    }

    fn verdict(&self, elapsed: Duration) -> String {
        let total = self.total();
        let mut text = String::new();
        let played = total.traces - total.skipped;
        let seconds = elapsed.as_secs_f64();
        if total.disagreeing > 0 {
            let verb = if total.disagreeing == 1 { "disagrees" } else { "disagree" };
            let disagreeing = thousands(total.disagreeing);
            let disagreeing = format!("{disagreeing} of {} {verb}", counted(played, "trace"));
            let _ = writeln!(text, "{} ({seconds:.2} s)", Ink::Bad.paint(disagreeing));
        } else if played > 0 {
            let verb = if played == 1 { "agrees" } else { "agree" };
            let agree = Ink::Good.paint(format!("{} {verb}", counted(played, "trace")));
            let _ = writeln!(
                text,
                "{agree} with core and specification in {}; the specification accepts all {} \
                 ({seconds:.2} s)",
                counted(total.steps, "step"),
                counted(total.changes, "state change"),
            );
        }
        if total.skipped > 0 {
            let events = self.not_modelled.iter();
            let events: Vec<_> = events.map(|(name, count)| format!("{name} in {count}")).collect();
            let skipped =
                Ink::Caution.paint(format!("{} skipped", counted(total.skipped, "trace")));
            let _ = writeln!(
                text,
                "{skipped}, with events that are not modelled yet: {}",
                events.join(", ")
            );
        }
        text
    }
}

impl Disagreement {
    /// The trace up to the step that disagrees, and what differs there.
    fn to_text(&self) -> String {
        let name = visible(&self.trace.name);
        let title = format!("{name} disagrees in step {}", self.step);
        let mut text =
            format!("{}\n{}", Ink::Bad.paint(title), timeline(&self.trace.steps[..=self.step]));
        for Difference { field, expected, found } in &self.differences {
            let shown = |value: &Option<Value>| match value {
                Some(value) => value.to_string(),
                None => "nothing".to_owned(),
            };
            let _ = writeln!(
                text,
                "  {}\n    expected {}\n    found    {}",
                Ink::Title.paint(field),
                shown(expected),
                shown(found)
            );
        }
        text
    }
}

/// The steps as they were recorded, one a line: index, instant, event, answer, status.
fn timeline(steps: &[Step]) -> String {
    let mut text = String::new();
    for (index, step) in steps.iter().enumerate() {
        let at = format!("{:.3} ms", step.at);
        let answer = step.answer.as_ref().map_or(String::new(), summary);
        let shown = step.described.as_ref().and_then(|described| {
            let status = described.after.get("status")?.as_str()?;
            let run_state = described.after.get("runState")?.as_str()?;
            let attempt = described.after.get("attempt")?;
            let state = if status == "Running" { run_state } else { status };
            Some(format!("{state}, attempt {attempt}"))
        });
        let event = visible(&event_with_arguments(&step.event));
        let line = format!(
            "  {index:>3} {at:>14}  {event:<44} {answer:<24} {}",
            shown.unwrap_or_default()
        );
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn event_with_arguments(event: &Event) -> String {
    let word = event.word();
    match event {
        Event::StartActivityExecution { request_id, .. }
        | Event::RequestCancel { request_id }
        | Event::Terminate { request_id } => format!("{word} {request_id}"),
        Event::Heartbeat { target, .. }
        | Event::RespondCompleted { target }
        | Event::RespondCanceled { target, .. } => format!("{word}{target}"),
        Event::RespondFailed { target, failure, .. } => format!("{word}{target} {failure}"),
        Event::ScheduleActivityTask
        | Event::Poll
        | Event::WorkflowFinish
        | Event::Elapses { .. }
        | Event::StartDelayElapses { .. }
        | Event::BackoffElapses { .. }
        | Event::NotModelled(_) => word,
    }
}

fn summary(answer: &Value) -> String {
    let text = |key: &str| answer.get(key).map(ToString::to_string);
    if let Some(error) = answer.get("error").and_then(Value::as_str) {
        format!("refused: {error}")
    } else if let Some(token) = text("token") {
        format!("token {token}")
    } else if answer.get("started") == Some(&Value::Bool(false)) {
        "exists already".to_owned()
    } else if answer.get("cancelRequested").is_some() {
        "cancel requested".to_owned()
    } else {
        "ok".to_owned()
    }
}

/// How many disagreeing traces are shown in full.
const SHOWN: usize = 5;
