//! The outputs of `activity replay`: human-readable and JSON. Plays nothing.

use crate::style::{Ink, counted, thousands, visible};
use activity_models::trace::{
    Disagreed, Disagreement, Event, Held, Mismatch, RecordedStep, Replayed, Tolerance,
};
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
        .flat_map(|Disagreement { trace, disagreed }| {
            disagreed.mismatches.iter().map(|mismatch| {
                json!({
                    "trace": trace.name,
                    "step": disagreed.step,
                    "field": mismatch.field,
                    key(mismatch.held): mismatch.value,
                    "allowed": mismatch.allowed,
                })
            })
        })
        .collect();
    let broken: Vec<_> = replayed
        .disagreements
        .iter()
        .flat_map(|Disagreement { trace, disagreed }| {
            disagreed.broken.iter().flatten().map(|promise| {
                json!({
                    "trace": trace.name,
                    "step": disagreed.step,
                    "promise": promise.name,
                    "statement": promise.statement,
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
        "withoutAfter": total.without_after,
        "skipped": total.skipped,
        "skippedEvents": replayed.not_modelled,
        "disagreements": disagreements,
        "brokenPromises": broken,
    })
}

/// Under which key the value stands that is not allowed.
fn key(held: Held) -> &'static str {
    match held {
        Held::Trace => "recorded",
        Held::Core => "core",
    }
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
    if total.without_after > 0 {
        let steps = counted(total.without_after, "step");
        let verb = if total.without_after == 1 { "records" } else { "record" };
        let unseen = Ink::Caution.paint(format!("{steps} {verb} no `after`"));
        let _ = writeln!(text, "{unseen}: what Describe shows then was not compared");
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
    let Disagreed { step, mismatches, broken } = &disagreement.disagreed;
    let title = format!("{name} disagrees in step {step}");
    let mut text =
        format!("{}\n{}", Ink::Bad.paint(title), timeline(&disagreement.trace.steps[..=*step]));
    let held = |held| mismatches.iter().any(|mismatch| mismatch.held == held);
    for promise in broken.iter().flatten() {
        let _ = writeln!(
            text,
            "  {} {}\n    {}",
            Ink::Bad.paint("broken promise"),
            Ink::Title.paint(promise.name),
            promise.statement
        );
    }
    if broken.as_ref().is_some_and(Vec::is_empty) {
        text += "  No promise is broken by this: it is the specification alone that refuses it.\n";
    }
    for mismatch in mismatches {
        text += &told(mismatch);
    }
    if held(Held::Core) {
        text += "  That the core differs is a defect of this project, not of the trace.\n";
    }
    text
}

/// What was recorded, and what is allowed in its place.
fn told(mismatch: &Mismatch) -> String {
    let Mismatch { field, held, value, allowed } = mismatch;
    let is_sentence = *held == Held::Core || ["event", "answer"].contains(&field.as_str());
    let shown = |value: &Option<Value>| match value {
        Some(Value::String(text)) if is_sentence => visible(text),
        Some(value) => match value.as_f64() {
            Some(number) => number.to_string(),
            None => value.to_string(),
        },
        None => "nothing".to_owned(),
    };
    let tolerance = Tolerance::of_field(field);
    let within = match allowed {
        Some(Value::Number(_)) if !tolerance.is_exact() => format!(", {tolerance}"),
        Some(_) | None => String::new(),
    };
    let whose = match held {
        Held::Trace => "the trace recorded      ",
        Held::Core => "the core does           ",
    };
    format!(
        "  {}\n    {whose}  {}\n    the specification allows  {}{within}\n",
        Ink::Title.paint(field),
        shown(value),
        shown(allowed),
    )
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
