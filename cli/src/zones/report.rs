//! What can happen with one's options, for people and for programs. Explores nothing.

use super::Examined;
use crate::style::{Ink, counted, visible};
use activity_execution::vocabulary::TimeoutType;
use activity_proofs::zones::{Attempts, Control, Stage};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// For a program.
pub(super) fn json(files: &[(String, Vec<Examined>)]) -> Value {
    let files = files.iter().map(|(name, activities)| {
        let activities: Vec<_> = activities.iter().map(activity_json).collect();
        json!({ "file": name, "activities": activities })
    });
    json!({ "files": files.collect::<Vec<_>>() })
}

fn activity_json(examined: &Examined) -> Value {
    let explored = &examined.explored;
    let names = |timeouts: Vec<TimeoutType>| timeouts.into_iter().map(TimeoutType::name);
    let attempts = match explored.attempts {
        Attempts::AtMost(most) => json!(most),
        Attempts::AsManyAsTimeAllows => json!("asManyAsTimeAllows"),
        Attempts::WithoutEnd => json!("withoutEnd"),
    };
    let mut object = json!({
        "complete": explored.is_complete,
        "controlStates": explored.control_states.len(),
        "zones": zones(examined),
        "steps": explored.transitions,
        "attempts": attempts,
        "outcomes": outcomes(examined),
        "timeouts": names(explored.timeouts.iter().copied().collect()).collect::<Vec<_>>(),
        "timeoutsThatNeverTakeEffect": names(in_vain(examined)).collect::<Vec<_>>(),
    });
    if let Some(scheduled) = &examined.activity.scheduled {
        object["activityId"] = json!(scheduled.activity_id);
        object["activityType"] = json!(scheduled.activity_type);
        object["eventId"] = json!(scheduled.event_id);
    }
    object
}

/// For a person.
pub(super) fn text(files: &[(String, Vec<Examined>)]) -> String {
    let mut text = String::new();
    for (name, activities) in files {
        if activities.is_empty() {
            let _ = writeln!(text, "{}: no activity is scheduled", visible(name));
        }
        for examined in activities {
            let title = match &examined.activity.scheduled {
                None => visible(name),
                Some(scheduled) => visible(&format!(
                    "{name}, event {}: activity {} of type {}",
                    scheduled.event_id, scheduled.activity_id, scheduled.activity_type
                )),
            };
            let _ = writeln!(text, "{}", Ink::Title.paint(title));
            describe(&mut text, examined);
            text.push('\n');
        }
    }
    text
}

fn describe(text: &mut String, examined: &Examined) {
    let explored = &examined.explored;
    let attempts = match explored.attempts {
        Attempts::AtMost(most) => format!("{most} at most"),
        Attempts::AsManyAsTimeAllows => "as many as schedule-to-close leaves time for".to_owned(),
        Attempts::WithoutEnd => "without end".to_owned(),
    };
    let _ = writeln!(text, "  attempts            {attempts}");
    list(text, "can end as", &outcomes(examined));
    let names = |timeouts: Vec<TimeoutType>| {
        let names = timeouts.into_iter().map(|timeout_type| timeout_type.name().to_owned());
        names.collect::<Vec<_>>()
    };
    list(text, "can take effect", &names(explored.timeouts.iter().copied().collect()));
    list(text, "never takes effect", &names(in_vain(examined)));
    let found = if explored.is_complete {
        Ink::Good.paint("everything was explored")
    } else {
        Ink::Caution.paint("not everything was explored")
    };
    let _ = writeln!(
        text,
        "  {found}: {}, {}, {} ({:.2} s)",
        counted(explored.control_states.len(), "control state"),
        counted(zones(examined), "zone"),
        counted(explored.transitions, "step"),
        examined.elapsed.as_secs_f64(),
    );
}

fn list(text: &mut String, title: &str, items: &[String]) {
    for (index, item) in items.iter().enumerate() {
        let title = if index == 0 { title } else { "" };
        let _ = writeln!(text, "  {title:<18}  {item}");
    }
}

fn controls(examined: &Examined) -> impl Iterator<Item = &Control> {
    examined.explored.control_states.keys()
}

fn zones(examined: &Examined) -> usize {
    examined.explored.control_states.values().sum()
}

/// How it can end, each once.
fn outcomes(examined: &Examined) -> Vec<String> {
    let outcomes = controls(examined).filter_map(|control| match &control.stage {
        Stage::Closed(how) => Some(how.clone()),
        Stage::Scheduled { .. } | Stage::Started { .. } => None,
    });
    outcomes.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Timeouts that are set and that no execution runs into.
fn in_vain(examined: &Examined) -> Vec<TimeoutType> {
    let terms = examined.activity.options.terms();
    let is_set = |timeout_type| match timeout_type {
        TimeoutType::ScheduleToStart => terms.schedule_to_start_timeout.is_some(),
        TimeoutType::ScheduleToClose => terms.schedule_to_close_timeout.is_some(),
        TimeoutType::StartToClose => true,
        TimeoutType::Heartbeat => terms.heartbeat_timeout.is_some(),
    };
    let happens = |timeout_type| examined.explored.timeouts.contains(&timeout_type);
    TimeoutType::ALL.into_iter().filter(|it| is_set(*it) && !happens(*it)).collect()
}
