//! The outputs of `activity options`: human-readable and JSON. Decides nothing.

use crate::documents::File;
use crate::style::{Ink, counted, visible};
use activity_analysis::backoffs::{Backoffs, Ending, Repeating, Start};

use activity_execution::ActivityOptions;
use activity_execution::options::{Field, Nanoseconds};
use activity_execution::vocabulary::Span;
use activity_models::trace;
use activity_sources::documents::{Activity, Notation, Scheduled};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// For a program.
pub(super) fn json(files: &[File]) -> Value {
    let files = files.iter().map(|File { name, document }| {
        let activities: Vec<_> = document.activities.iter().map(activity_json).collect();
        json!({
            "file": name,
            "kind": document.notation.name(),
            "activities": activities,
        })
    });
    json!({ "files": files.collect::<Vec<_>>() })
}

fn activity_json(activity: &Activity) -> Value {
    let options = &activity.options;
    let mut effective = trace::effective(options);
    effective["startDelay"] = json!(options.start_delay().0);
    let changes = options.changes().iter().map(|change| {
        json!({
            "field": change.field.json_name(),
            "from": change.from.to_string(),
            "to": change.to.to_string(),
            "rule": change.rule.sentence(),
        })
    });
    let mut object = json!({
        "effective": effective,
        "changes": changes.collect::<Vec<_>>(),
        "backoff": backoffs_json(&Backoffs::of(options)),
    });
    if let Some(scheduled) = &activity.scheduled {
        object["activityId"] = json!(scheduled.activity_id);
        object["activityType"] = json!(scheduled.activity_type);
        object["eventId"] = json!(scheduled.event_id);
        object["retryPolicyRecorded"] = json!(!activity.without_retry_policy);
    }
    object
}

fn backoffs_json(backoffs: &Backoffs) -> Value {
    let start = |start: &Start| {
        json!({
            "attempt": start.attempt,
            "wait": start.wait,
            "earliestStart": milliseconds_json(start.earliest),
        })
    };
    let ending = match backoffs.ending {
        Ending::MaximumAttempts => "maximumAttempts",
        Ending::ScheduleToClose { .. } => "scheduleToCloseTimeout",
        Ending::Unlimited => "unlimited",
        Ending::TooFar => "tooFar",
    };
    let then = backoffs.then.map(|Repeating { from, wait, last }| {
        json!({"from": from, "wait": wait, "last": last.as_ref().map(start)})
    });
    json!({
        "attempts": backoffs.starts.iter().map(start).collect::<Vec<_>>(),
        "then": then,
        "ending": ending,
    })
}

fn milliseconds_json(milliseconds: i128) -> Value {
    i64::try_from(milliseconds).map_or_else(|_| json!(milliseconds.to_string()), Value::from)
}

/// For a person.
pub(super) fn text(files: &[File]) -> String {
    let files: Vec<_> = files.iter().map(file_text).collect();
    files.join("\n")
}

fn file_text(File { name: file, document }: &File) -> String {
    let mut text = String::new();
    if document.notation == Notation::History {
        let activities = match document.activities.len() {
            0 => "no activities in this history".to_owned(),
            1 => "1 activity in this history".to_owned(),
            count => format!("{count} activities in this history"),
        };
        let _ = writeln!(text, "{}: {activities}", Ink::Title.paint(visible(file)));
    } else {
        let _ = writeln!(text, "{}", Ink::Title.paint(visible(file)));
    }
    let mut shown: Vec<&Activity> = vec![];
    for activity in &document.activities {
        let same = |other: &&&Activity| {
            other.options == activity.options
                && other.options.changes() == activity.options.changes()
                && other.without_retry_policy == activity.without_retry_policy
        };
        if let Some(name) = name(activity) {
            let _ = write!(text, "\n{}", Ink::Title.paint(name));
        }
        if let Some(same) = shown.iter().find(same) {
            let _ = writeln!(text, ": as {}", name(same).unwrap_or_default());
            continue;
        }
        text.push('\n');
        text += &activity_text(activity);
        shown.push(activity);
    }
    text
}

fn name(activity: &Activity) -> Option<String> {
    let scheduled = activity.scheduled.as_ref()?;
    let Scheduled { activity_id, activity_type, event_id } = scheduled;
    Some(visible(&format!("{activity_type} {activity_id} (event {event_id})")))
}

fn activity_text(activity: &Activity) -> String {
    let options = &activity.options;
    let mut text = format!("{}\n", table(&in_force(options)));
    if activity.without_retry_policy && activity.scheduled.is_some() {
        let _ = writeln!(
            text,
            "\n  {}: no retry policy is recorded. A server so old did not retry: there is one attempt.",
            Ink::Caution.paint("note")
        );
    }
    if options.changes().is_empty() {
        let _ = writeln!(text, "\n  {}: all of this is as requested", Ink::Title.paint("changes"));
    } else {
        let _ = writeln!(text, "\n  {}", Ink::Title.paint("changes"));
        for change in options.changes() {
            let _ = writeln!(text, "    {change}");
        }
    }
    let _ = write!(
        text,
        "\n  {}, if each one fails as soon as it starts\n{}",
        Ink::Title.paint("attempts"),
        backoffs_text(&Backoffs::of(options))
    );
    text
}

/// The options that are in force, in words.
fn in_force(options: &ActivityOptions) -> Vec<[String; 2]> {
    let policy = options.retry_policy();
    let duration = |span: Span| Nanoseconds::from(span).to_string();
    let or = |timeout: Option<Span>, unset: &str| timeout.map_or(unset.to_owned(), duration);
    let value = |field| match field {
        Field::StartToCloseTimeout => duration(options.start_to_close_timeout()),
        Field::ScheduleToCloseTimeout => or(options.schedule_to_close_timeout(), "unlimited"),
        Field::ScheduleToStartTimeout => or(options.schedule_to_start_timeout(), "unlimited"),
        Field::HeartbeatTimeout => or(options.heartbeat_timeout(), "off"),
        Field::StartDelay => match options.start_delay() {
            Span(0) => "none".to_owned(),
            delay => duration(delay),
        },
        Field::InitialInterval => duration(policy.initial_interval()),
        Field::BackoffCoefficient => policy.backoff_coefficient().to_string(),
        Field::MaximumInterval => duration(policy.maximum_interval()),
        Field::MaximumAttempts => match policy.maximum_attempts() {
            0 => "unlimited".to_owned(),
            1 => "1, no retry".to_owned(),
            maximum => maximum.to_string(),
        },
        Field::NonRetryableErrorTypes => match policy.non_retryable_error_types() {
            [] => "none".to_owned(),
            types => visible(&types.join(", ")),
        },
    };
    let named = |field: Field| [field.name().to_owned(), value(field)];
    Field::ALL.into_iter().map(named).collect()
}

fn backoffs_text(backoffs: &Backoffs) -> String {
    let mut text = String::new();
    let cells = |start: &Start| {
        [
            format!("{}", start.attempt),
            if start.attempt == 1 {
                String::new()
            } else {
                format!("waits {}", milliseconds(i128::from(start.wait)))
            },
            format!("starts at {}", milliseconds(start.earliest)),
        ]
    };
    let rows: Vec<_> = backoffs.starts.iter().take(SHOWN).map(cells).collect();
    let _ = writeln!(text, "{}", table(&rows));
    if let Some(hidden) = backoffs.starts.get(SHOWN..).filter(|hidden| !hidden.is_empty()) {
        let last = hidden[hidden.len() - 1];
        let _ = writeln!(
            text,
            "    and {}, up to attempt {}, which waits {} and starts at {}",
            counted(hidden.len(), "more attempt"),
            last.attempt,
            milliseconds(i128::from(last.wait)),
            milliseconds(last.earliest)
        );
    }
    if let Some(Repeating { from, wait, last }) = backoffs.then {
        let wait = milliseconds(i128::from(wait));
        let _ = match last {
            None => writeln!(text, "    from attempt {from} on, each waits {wait}"),
            Some(last) if last.attempt == from => {
                writeln!(
                    text,
                    "    attempt {from} waits {wait} and starts at {}",
                    milliseconds(last.earliest)
                )
            }
            Some(last) => writeln!(
                text,
                "    from attempt {from} to {}, each waits {wait}; the last starts at {}",
                last.attempt,
                milliseconds(last.earliest)
            ),
        };
    }
    let ending = match backoffs.ending {
        Ending::MaximumAttempts => "there are no more: maximum_attempts is reached".to_owned(),
        Ending::ScheduleToClose { next, deadline } => format!(
            "there are no more: the next would start at {}, not before schedule-to-close at {}",
            milliseconds(next),
            milliseconds(deadline)
        ),
        Ending::Unlimited => "there is no end to them".to_owned(),
        Ending::TooFar => "there are more, with longer and longer waits".to_owned(),
    };
    let _ = writeln!(text, "    {ending}");
    text
}

/// Columns side by side, below a title.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    for row in rows {
        table.add_row(row);
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if index == 0 { 4 } else { 2 }, 0));
        column.set_cell_alignment(CellAlignment::Left);
    }
    table.trim_fmt()
}

/// A duration as people write it.
fn milliseconds(milliseconds: i128) -> String {
    Nanoseconds(milliseconds * 1_000_000).to_string()
}

/// How many attempts are shown one by one.
const SHOWN: usize = 20;
