//! A way through the system as text, with one lane for each party.
//! Knows words and columns; judges nothing.

use super::happened::{Happened, Refused};
use super::moves::Move;
use super::note::{Moment, Note};
use super::replay::Replayed;
use super::world::{Call, CallerCall, Process, Said, Task, World};
use activity_execution::State;
use activity_execution::caller::{Cause, Command, Resolution};
use activity_execution::vocabulary::{Answer, Outcome, Rejection};
use std::fmt::Write;

/// The lanes, in the order in which they are drawn.
pub const LANES: [&str; 5] = ["caller", "service", "worker A", "worker B", "network"];

/// How wide each lane is.
const WIDTHS: [usize; LANES.len()] = [18, 22, 18, 18, 16];

/// Draws the steps, one below the other.
#[must_use]
pub fn timeline(steps: &[Replayed]) -> String {
    let mut text = String::new();
    draw_row(&mut text, "", &LANES.map(String::from));
    let rule = WIDTHS.map(|width| "─".repeat(width));
    draw_row(&mut text, "", &rule);
    for (number, step) in (1..).zip(steps) {
        draw_row(&mut text, &format!("{number:>2}"), &cells(step));
    }
    text
}

fn draw_row(text: &mut String, label: &str, cells: &[String; LANES.len()]) {
    let wrapped: Vec<Vec<String>> =
        cells.iter().zip(WIDTHS).map(|(cell, width)| wrap(cell, width)).collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(1).max(1);
    for line in 0..height {
        let mut row = format!("{:>2}", if line == 0 { label } else { "" });
        for (cell, width) in wrapped.iter().zip(WIDTHS) {
            let part = cell.get(line).map_or("", String::as_str);
            let padding = " ".repeat(width.saturating_sub(part.chars().count()));
            // Writing to a text cannot fail.
            let _ = write!(row, " {part}{padding}");
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
}

/// A text in lines that fit, broken between words.
pub(super) fn wrap(cell: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in cell.split('\n').filter(|part| !part.is_empty()) {
        let mut line = String::new();
        for word in part.split(' ').flat_map(|word| pieces(word, width)) {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// A word that is too wide, in two, before a capital letter.
fn pieces(word: &str, width: usize) -> Vec<&str> {
    let capital = |(at, letter): (usize, char)| (at > 0 && letter.is_uppercase()).then_some(at);
    let fits = |at: &usize| word[..*at].chars().count() <= width;
    match word.char_indices().filter_map(capital).take_while(fits).last() {
        Some(at) if word.chars().count() > width => vec![&word[..at], &word[at..]],
        Some(_) | None => vec![word],
    }
}

/// What each party sees of a step; lines in a cell are apart by a line break.
#[must_use]
pub fn cells(step: &Replayed) -> [String; LANES.len()] {
    let Replayed { before, happened, after } = step;
    let mut workers = [String::new(), String::new()];
    if let Some(worker) = happened.moved.worker() {
        workers[worker] = worker_cell(&before.workers[worker], happened, &after.workers[worker]);
    }
    let [first, second] = workers;
    let service = service_cell(before, happened, after);
    [caller_cell(happened), service, first, second, network_cell(happened)]
}

fn caller_cell(it: &Happened) -> String {
    let heard = matches!(it.moved, Move::TakeCallerCall { reply_lost: false });
    let mut lines = match it.moved {
        Move::Schedule => vec!["schedules".into()],
        Move::Cancel => vec!["is cancelled".into()],
        Move::SendStart => vec!["Start ►".into()],
        Move::CloseCaller => vec!["closes".into()],
        Move::TellCaller => vec!["history: close".into()],
        Move::TakeCallerCall { .. } if heard && it.refused.is_none() => match it.called {
            Some((CallerCall::Start, Ok(_))) => vec!["history: scheduled".into()],
            Some((CallerCall::RequestCancel, Ok(_) | Err(Rejection::AlreadyClosed))) => {
                vec!["history: cancel requested".into()]
            }
            Some((_, Err(rejection))) => vec![format!("refused: {rejection:?}")],
            None => vec![],
        },
        _ => vec![],
    };
    match it.command {
        Some(Command::RequestCancelActivityTask) => lines.push("RequestCancel ►".into()),
        Some(Command::WithdrawScheduleActivityTask) => lines.push("schedule withdrawn".into()),
        Some(Command::ScheduleActivityTask) | None => {}
    }
    if let Some(resolution) = &it.resolution {
        lines.push(format!("resolved: {}", resolved(resolution)));
    }
    if it.refused == Some(Refused::History) {
        lines.push("✗ history cannot go on like this".into());
    }
    lines.join("\n")
}

fn resolved(resolution: &Resolution<Note>) -> String {
    match resolution {
        Resolution::Completed { .. } => "Completed".into(),
        Resolution::Cancelled(_) => "Cancelled".into(),
        Resolution::Failed(failure) => match failure.cause {
            Cause::Timeout { timeout_type, .. } => format!("timed out, {}", timeout_type.name()),
            Cause::Attempt { .. } | Cause::Canceled { .. } => "Failed".into(),
        },
    }
}

fn service_cell(before: &World, it: &Happened, after: &World) -> String {
    let mut lines = Vec::new();
    match it.moved {
        Move::BackoffElapses => lines.push("BackoffElapses".into()),
        Move::Elapses { timeout_type, time_left } => {
            lines.push(format!("{}Elapses", timeout_type.name()));
            if !time_left {
                lines.push("no time for a retry".into());
            }
        }
        Move::CompleteAsynchronously => lines.push("◄ Completed by somebody else".into()),
        _ => {}
    }
    match it.asked.map(|(_, answered)| answered).or(it.called.map(|(_, answered)| answered)) {
        Some(Ok(Answer::Recorded { cancel_requested: true })) => {
            lines.push("◄ recorded; cancel requested".into());
        }
        Some(Ok(Answer::Recorded { .. })) => lines.push("◄ recorded".into()),
        Some(Ok(Answer::Existing)) => lines.push("◄ exists".into()),
        Some(Ok(Answer::Done | Answer::Task { .. })) | None => {}
        Some(Err(rejection)) => lines.push(format!("◄ {rejection:?}")),
    }
    let (was, is) = (stands(before), stands(after));
    if was != is {
        lines.push(is);
    }
    lines.join("\n")
}

/// How the execution stands.
fn stands(world: &World) -> String {
    let Some(service) = &world.service else { return String::new() };
    let attempt = service.attempt().0;
    match service.state() {
        State::Scheduled { dispatch_time, .. } if dispatch_time.0 > Moment(0) => {
            format!("attempt {attempt:?} backs off")
        }
        State::Scheduled { .. } => format!("attempt {attempt:?} waits"),
        State::Started { intent, .. } => match intent {
            activity_execution::Intent::None => format!("attempt {attempt:?} started"),
            activity_execution::Intent::Cancel(_) => {
                format!("attempt {attempt:?} cancel requested")
            }
        },
        State::Closed { outcome, .. } => format!("{:#}", outcome.kind()),
    }
}

fn worker_cell(before: &Process, it: &Happened, after: &Process) -> String {
    let mut lines = Vec::new();
    if let Some(started) = it.started {
        let with = version(started.details).map_or(String::new(), |it| format!(" with {it}"));
        lines.push(format!("starts attempt {}{with}", started.attempt));
    }
    match it.moved {
        Move::Heartbeat { .. } if it.sent.is_none() => {
            lines.push(match after.task {
                Task::Running(_) => format!("details {} wait", after.newest),
                _ => "heartbeats in vain".into(),
            });
        }
        Move::ConversionFails { .. } => lines.push("details cannot be converted".into()),
        Move::Return { returned, .. } => lines.push(format!("returns {returned:?}")),
        Move::ThrottleElapses { .. } => lines.push("throttle over".into()),
        Move::LocalTimeout { start_to_close, .. } => {
            let timer = if start_to_close { "StartToClose" } else { "Heartbeat" };
            lines.push(format!("own {timer} elapses"));
        }
        Move::GiveUp { .. } => lines.push("gives up its call".into()),
        Move::Crash { .. } => lines.push("crashes".into()),
        Move::ShutDown { .. } => lines.push("shuts down".into()),
        Move::PollEnds { .. } => lines.push("poll ends".into()),
        Move::TakeCall { reply_lost: false, .. } => match it.asked {
            Some((_, Err(rejection))) => lines.push(format!("hears {rejection:?}")),
            Some((_, Ok(_))) | None => {}
        },
        _ => {}
    }
    if let Some(cancel) = it.told {
        lines.push(format!("told {:?}", cancel.reason));
    }
    if let Some(call) = it.sent {
        lines.push(format!("{} ►", called(call)));
    }
    if it.overlapped {
        lines.push("✗ while a call is in flight".into());
    }
    if it.released {
        lines.push("slot free".into());
    }
    if it.finished {
        lines.push("process ends".into());
        if !it.released && before.task != Task::Absent {
            lines.push("✗ with its task".into());
        }
    }
    if matches!(it.refused, Some(Refused::Task | Refused::Slots)) {
        lines.push("✗ refused".into());
    }
    lines.join("\n")
}

fn called(call: Call) -> String {
    match call.said {
        Said::Heartbeat { details } => {
            version(details).map_or("Heartbeat".into(), |it| format!("Heartbeat {it}"))
        }
        Said::Completed { .. } => "Completed".into(),
        Said::Failed { details, .. } => {
            details.and_then(version).map_or("Failed".into(), |it| format!("Failed with {it}"))
        }
        Said::Canceled => "Canceled".into(),
    }
}

fn version(details: Note) -> Option<u8> {
    match details {
        Note::Details(version) => Some(version),
        _ => None,
    }
}

fn network_cell(it: &Happened) -> String {
    let fate = |stray: bool| {
        if stray { "request is late" } else { "request or answer is lost" }
    };
    match it.moved {
        Move::TakeCallerCall { reply_lost: true } | Move::TakeCall { reply_lost: true, .. } => {
            let call = it.asked.map_or("call".into(), |(call, _)| called(call));
            format!("answer to {call} is lost")
        }
        Move::LoseTask => "task lost in the queue".into(),
        Move::TakeTaskReplyLost => "answer to matching is lost".into(),
        Move::TakeTaskLost => "answer to the poll is lost".into(),
        Move::AskAgain { .. } => "matching asks again".into(),
        Move::AskNoMore => "matching gives up".into(),
        Move::GiveUp { stray, .. } => fate(stray).into(),
        Move::Crash { stray: true, .. } | Move::LocalTimeout { stray: true, .. } => {
            fate(true).into()
        }
        Move::Duplicate { .. } => "call duplicated".into(),
        Move::TakeStray { .. } => {
            let call = it.asked.map_or("call".into(), |(call, _)| called(call));
            format!("late {call} arrives")
        }
        Move::LoseStray { .. } => "late call is lost".into(),
        Move::ForgetAsynchronous => "token forgotten".into(),
        _ => String::new(),
    }
}
