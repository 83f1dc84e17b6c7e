//! Scenarios told to people: all of them in a table, each in detail. Knows words; plays nothing.

use super::{Section, WIDTH, hanging};
use crate::scenarios::{AttemptEnd, AttemptRun, Ending, Run, Scenario};
use crate::words::{duration, instant, outcome, timeout, why};
use activity_execution::vocabulary::{OutcomeKind, RetryState, Span, TimeoutType};
use activity_models::story::wrap;
use std::fmt::Write as _;

/// Every scenario on a line, below the heading of the table.
pub(super) fn table(scenarios: &[Scenario]) -> (String, Vec<String>) {
    let rows: Vec<[String; 4]> = scenarios.iter().map(row).collect();
    let heading = ["if …", "starts", "over at", "as"].map(str::to_owned);
    let width = |column: usize| {
        let cells = rows.iter().chain([&heading]).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths = [0, 1, 2].map(width);
    let line = |row: &[String; 4]| {
        let [title, starts, over, how] = row;
        let [one, two, three] = widths;
        let head = format!("{title:<one$}  {starts:>two$}  {over:<three$}  ");
        hanging(&head, how)
    };
    let heading = line(&heading).join("").trim_start().to_owned();
    (format!("  {heading}"), rows.iter().flat_map(line).collect())
}

fn row(scenario: &Scenario) -> [String; 4] {
    let run = &scenario.run;
    let starts = match run.ending {
        Ending::GoesOn { .. } => "no end".to_owned(),
        _ => match scenario.maximum_attempts {
            0 => run.started().to_string(),
            maximum => format!("{} of {maximum}", run.started()),
        },
    };
    let over = match run.total() {
        Some(at) => instant(at),
        None => "never".to_owned(),
    };
    [scenario.title.clone(), starts, over, how(run)]
}

/// How a run ended, and what stands out of it.
fn how(run: &Run) -> String {
    let mut how = match run.ending {
        Ending::Closed(kind) => outcome(kind),
        Ending::RunEnded => "gone: the workflow run times out".to_owned(),
        Ending::StaysOpen => "open for ever: no timeout is set for this".to_owned(),
        Ending::GoesOn { round } => format!("open for ever, an attempt every {}", duration(round)),
        Ending::CutOff => {
            format!("still open after {}; not played any further", instant(run.at))
        }
    };
    if is_given_up_early(run) {
        let _ = write!(how, ", {}", why(RetryState::Timeout));
    }
    if let Some(cancel) = run.cancel {
        let _ = match cancel.latency() {
            Some(0) => write!(how, " at once"),
            Some(latency) => write!(how, ", {} after the request", instant(latency)),
            None => write!(how, "; it is never noticed"),
        };
    }
    let has_waited = |it: &AttemptRun| it.started.is_some_and(|started| started > it.dispatched);
    if let Some(cut) = run.attempts.iter().find(|it| it.cut_from.is_some())
        && (cut.attempt > 1 || has_waited(cut))
    {
        let _ = write!(how, "; {}", cut_short(cut));
    }
    how
}

/// Whether schedule-to-close is reported before it is due, since no further attempt has time.
fn is_given_up_early(run: &Run) -> bool {
    let too_late = OutcomeKind::TimedOut(TimeoutType::ScheduleToClose, RetryState::Timeout);
    let last = run.attempts.last().map(|it| it.end);
    let by_itself = [TimeoutType::StartToClose, TimeoutType::Heartbeat].map(AttemptEnd::TimedOut);
    run.ending == Ending::Closed(too_late) && last.is_some_and(|end| by_itself.contains(&end))
}

fn cut_short(attempt: &AttemptRun) -> String {
    let ran = attempt.ran().map(instant).unwrap_or_default();
    let of = attempt.cut_from.map(duration).unwrap_or_default();
    format!("attempt {} gets {ran} of {of}", attempt.attempt)
}

/// A scenario in detail.
pub(super) fn detail(scenario: &Scenario) -> Section {
    let run = &scenario.run;
    let mut lines = vec![];
    let (first, last) = if run.attempts.len() <= SHOWN {
        (&run.attempts[..], &[][..])
    } else {
        let (first, rest) = run.attempts.split_at(SHOWN - 2);
        (first, &rest[rest.len() - 2..])
    };
    lines.extend(first.iter().flat_map(attempt));
    if let Some(next) = last.first() {
        let from = first.last().map_or(1, |it| it.last() + 1);
        lines
            .push(format!("    attempts {from} to {}, each after a longer wait", next.attempt - 1));
    }
    lines.extend(last.iter().flat_map(attempt));
    lines.extend(notes(run).iter().flat_map(|note| hanging("  ", note)));
    lines.extend(hanging("  assumes: ", &scenario.assumes.join("; ")));
    let over = match run.total() {
        Some(at) => format!("over at {}", instant(at)),
        None => "never over".to_owned(),
    };
    let title = format!("{}: {over}, {}", scenario.title, how(run));
    let mut title = wrap(&title, WIDTH - 4).into_iter();
    let first = title.next();
    let lines = title.map(|line| format!("    {line}")).chain(lines).collect();
    Section { title: first, lines }
}

fn attempt(it: &AttemptRun) -> Vec<String> {
    let name = match it.count {
        1 => format!("attempt {}", it.attempt),
        _ => format!("attempts {} to {}", it.attempt, it.last()),
    };
    let when = match it.started {
        Some(started) => format!("{} to {}", instant(started), instant(it.ended)),
        None if it.ended < it.dispatched => {
            format!("due {}, until {}", instant(it.dispatched), instant(it.ended))
        }
        None => format!("dispatched {}, until {}", instant(it.dispatched), instant(it.ended)),
    };
    let end = match (it.started, it.end) {
        (_, AttemptEnd::Completed) => "completed".to_owned(),
        (_, AttemptEnd::Failed) => "failed".to_owned(),
        (None, AttemptEnd::Canceled) => "canceled, never started".to_owned(),
        (Some(_), AttemptEnd::Canceled) => "gave in to the cancel".to_owned(),
        (_, AttemptEnd::TimedOut(timeout_type)) => {
            format!("timed out ({})", timeout(timeout_type))
        }
        (_, AttemptEnd::RunEnded) => "the workflow run timed out".to_owned(),
        (_, AttemptEnd::Open) => "for ever".to_owned(),
    };
    let mut end = end;
    if let Some(allowed) = it.cut_from {
        let ran = it.ran().map(instant).unwrap_or_default();
        let _ = write!(end, ", cut short: {ran} of {}", duration(allowed));
    }
    if it.count > 1 {
        let _ = write!(end, " (the first of them)");
    }
    let waited = match it.waited {
        Span(0) => String::new(),
        waited => format!("waits {}", duration(waited)),
    };
    hanging(&format!("  {name:<12}  {waited:<12}  {when:<26}  "), &end)
}

/// Who learns what, and when.
fn notes(run: &Run) -> Vec<String> {
    let mut notes = vec![];
    if let Some(noticed) = run.noticed_after() {
        let silent =
            format!("the service notices {} after the worker fell silent", duration(noticed));
        notes.push(silent);
    }
    if let Some(cancel) = run.cancel {
        notes.push(match (cancel.noticed, cancel.latency()) {
            (Some(_), Some(0)) => {
                format!(
                    "canceled at {}, at once: no worker holds the task",
                    instant(cancel.requested)
                )
            }
            (Some(noticed), Some(latency)) => format!(
                "requested at {}; the function learns of it at {}, {} later, from the reply to a \
                 heartbeat",
                instant(cancel.requested),
                instant(noticed),
                instant(latency)
            ),
            _ => format!(
                "requested at {}; the function never learns of it, for it sends no heartbeat",
                instant(cancel.requested)
            ),
        });
    }
    if run.overlaps {
        notes.push(
            "two attempts can overlap: the function of one that timed out may still run when the \
             next one starts"
                .to_owned(),
        );
    }
    if let Some(rejection) = run.late_report {
        notes.push(format!(
            "what a function reports after its attempt has timed out is refused ({})",
            rejection.name()
        ));
    }
    notes.extend(match run.ending {
        Ending::Closed(_) => {
            let before =
                if run.started() > 1 { "nothing of the attempts before" } else { "nothing" };
            Some(format!(
                "the caller learns how it ended at {}, and {before} sooner",
                instant(run.at)
            ))
        }
        Ending::RunEnded => Some(
            "the workflow learns nothing: it is over, and the activity has no event".to_owned(),
        ),
        Ending::StaysOpen | Ending::GoesOn { .. } => {
            Some("the caller learns nothing, until it cancels or ends it".to_owned())
        }
        Ending::CutOff => None,
    });
    notes
}

/// How many rows of attempts are shown.
const SHOWN: usize = 8;
