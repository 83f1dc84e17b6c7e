//! The outputs of `activity replay`: human-readable and JSON. Plays nothing.

use crate::style::{Ink, counted, thousands, visible};
use activity_models::trace::{Difference, Disagreement, Event, RecordedStep, Replayed};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;

/// For a program.
pub(super) fn json(replayed: &Replayed) -> Value {
    let total = replayed.total();
    let disagreements: Vec<_> = replayed
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
        "skippedEvents": replayed.not_modelled,
        "disagreements": disagreements,
    })
}

/// For a person: what disagrees, then the counts, then the verdict.
pub(super) fn text(replayed: &Replayed, elapsed: Duration) -> String {
    let mut text = String::new();
    for disagreement in replayed.disagreements.iter().take(SHOWN) {
        text += &disagreeing(disagreement);
        text.push('\n');
    }
    if replayed.disagreements.len() > SHOWN {
        let more = counted(replayed.disagreements.len() - SHOWN, "more trace");
        let _ = writeln!(text, "{more} disagree; --format json lists all of them\n");
    }
    let _ = writeln!(text, "{}\n", table(replayed));
    text += &verdict(replayed, elapsed);
    text
}

fn table(replayed: &Replayed) -> String {
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
    let total = (replayed.tallies.len() > 1).then(|| replayed.total());
    for tally in replayed.tallies.iter().chain(total.as_ref()) {
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

fn verdict(replayed: &Replayed, elapsed: Duration) -> String {
    let total = replayed.total();
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
        let events = replayed.not_modelled.iter();
        let events: Vec<_> = events.map(|(name, count)| format!("{name} in {count}")).collect();
        let skipped = Ink::Caution.paint(format!("{} skipped", counted(total.skipped, "trace")));
        let _ = writeln!(
            text,
            "{skipped}, with events that are not modelled yet: {}",
            events.join(", ")
        );
    }
    text
}

/// The trace up to the step that disagrees, and what differs there.
fn disagreeing(disagreement: &Disagreement) -> String {
    let name = visible(&disagreement.trace.name);
    let title = format!("{name} disagrees in step {}", disagreement.step);
    let mut text = format!(
        "{}\n{}",
        Ink::Bad.paint(title),
        timeline(&disagreement.trace.steps[..=disagreement.step])
    );
    for Difference { field, expected, found } in &disagreement.differences {
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

/// The steps as they were recorded, one a line: index, instant, event, answer, status.
fn timeline(steps: &[RecordedStep]) -> String {
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
        | Event::NotModelled(_) => word.to_owned(),
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
