//! The human-readable output of `activity explain`. Explores and plays nothing.

use super::{Arguments, Explained, outcomes};
use crate::style::{Ink, visible};
use activity_analysis::explanation::{Section, Tone};
use activity_execution::vocabulary::Dialect;
use activity_models::story::Timeline;
use std::fmt::Write as _;

/// Every activity, one after the other.
pub(super) fn text(
    arguments: &Arguments,
    empty: &[String],
    all: &[Explained],
    timelines: &[Timeline],
) -> String {
    let mut text = String::new();
    for name in empty {
        let _ = writeln!(text, "{}: no activity is scheduled\n", visible(name));
    }
    // Of many, the scenarios are told in detail only if everything is asked for.
    let in_detail = arguments.all || all.len() == 1;
    for (index, explained) in all.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        describe(&mut text, explained, in_detail);
        if let Some(timeline) = timelines.get(index).filter(|_| arguments.timeline.is_some()) {
            let _ = write!(text, "\n{timeline}");
        }
        if arguments.all {
            text.push('\n');
            outcomes::text(&mut text, explained);
        }
    }
    text
}

/// What it is about.
pub(super) fn title(explained: &Explained) -> String {
    let kind = match explained.explanation.options().dialect() {
        Dialect::Standalone => "a standalone activity",
        Dialect::Workflow => "an activity of a workflow",
    };
    let file = explained.file.as_deref().unwrap_or("command line");
    let Some(activity) = &explained.activity else { return format!("{file}: {kind}") };
    let mut title = match (&activity.scheduled, &activity.name) {
        (Some(scheduled), _) => {
            let event = match scheduled.event_id.as_str() {
                "" => String::new(),
                id => format!(", event {id}"),
            };
            let (id, kind) = (&scheduled.activity_id, &scheduled.activity_type);
            format!("{file}{event}: activity {id} of type {kind}")
        }
        (None, Some(name)) => format!("{file}: {name}, {kind}"),
        (None, None) => format!("{file}: {kind}"),
    };
    if explained.more > 0 {
        let _ = write!(title, ", and {} more like it", explained.more);
    }
    visible(&title)
}

fn describe(text: &mut String, explained: &Explained, in_detail: bool) {
    let explanation = &explained.explanation;
    let _ = writeln!(text, "{}", Ink::Title.paint(title(explained)));
    push(text, &explanation.effective());
    for note in notes(explained) {
        let _ = writeln!(text, "  {}", Ink::Caution.paint(note));
    }
    text.push('\n');
    let surprising = |tone| tone == Tone::Surprising;
    let possible = explanation.possible();
    push(text, &Section { lines: vec![], ..possible });
    for fact in explanation.facts() {
        for line in fact.lines() {
            let line = if surprising(fact.tone) { Ink::Caution.paint(line) } else { line };
            let _ = writeln!(text, "{line}");
        }
    }
    push(text, &explanation.overview());
    if in_detail {
        for scenario in &explanation.scenarios {
            text.push('\n');
            push(text, &explanation.detail(scenario));
        }
    }
}

/// What else the file says, or does not.
fn notes(explained: &Explained) -> Vec<String> {
    let Some(activity) = &explained.activity else { return vec![] };
    let mut notes = vec![];
    if activity.without_retry_policy {
        notes.push("no retry policy is recorded, so there is one attempt".to_owned());
    }
    for (key, _) in &activity.passed_over {
        notes.push(format!("{} is not understood, and passed over", visible(key)));
    }
    notes
}

fn push(text: &mut String, section: &Section) {
    if let Some(title) = &section.title {
        let _ = writeln!(text, "{}", Ink::Title.paint(title));
    }
    for line in &section.lines {
        let _ = writeln!(text, "{line}");
    }
}
