//! The timeline of the system: one lane for each party, what it sees of each step, who calls whom.
//! Knows words; judges nothing, and does not know how anything is drawn.

use super::moves::Move;
use super::payload::{AbstractNumber, SystemPayload};
use super::replay::Replayed;
use super::step_record::{Happened, Refused};
use super::world::{Call, CallerCall, Process, Said, Task, World};
use crate::story::{Bar, BarKind, Cell, Lane, Row, Timeline, Tone};
use activity_execution::caller::{Cause, Command, Resolution};
use activity_execution::vocabulary::{Answer, Rejection};
use activity_execution::{Intent, State};

/// The lanes, in the order in which they are drawn.
pub const LANES: [&str; 5] = ["caller", "service", "worker A", "worker B", "network"];

/// What kind of party each lane is, and how wide its column.
const COLUMNS: [(Tone, usize); LANES.len()] = [
    (Tone::Party, 18),
    (Tone::Service, 22),
    (Tone::Party, 18),
    (Tone::Party, 18),
    (Tone::Network, 16),
];

/// The places of the lanes.
const CALLER: usize = 0;
const SERVICE: usize = 1;
const FIRST_WORKER: usize = 2;
const NETWORK: usize = 4;

/// Draws the steps.
#[must_use]
pub fn timeline(steps: &[Replayed]) -> Timeline {
    let lane = |(name, (tone, width)): (&str, (Tone, usize))| Lane {
        name: name.into(),
        tone,
        column: Some(width),
    };
    Timeline {
        lanes: LANES.into_iter().zip(COLUMNS).map(lane).collect(),
        rows: (1..).zip(steps).map(|(number, step)| row(number, step)).collect(),
        ..Timeline::default()
    }
}

fn row(number: usize, step: &Replayed) -> Row {
    let lines = |cell: String| cell.lines().map(str::to_owned).collect();
    let cells = (0..).zip(cells(step)).map(|(lane, cell)| Cell { lane, lines: lines(cell) });
    Row {
        at: format!("{number:>2}"),
        arrow: calls(&step.happened.moved),
        cells: cells.filter(|cell| !cell.lines.is_empty()).collect(),
        bars: bars(&step.after),
        ..Row::default()
    }
}

/// Whose call or answer reaches whom in this move.
fn calls(moved: &Move) -> Option<(usize, usize)> {
    let worker = moved.worker().map(|worker| FIRST_WORKER + worker);
    match moved {
        Move::TakeCallerCall { .. } => Some((CALLER, SERVICE)),
        Move::TellCaller => Some((SERVICE, CALLER)),
        Move::TakeTask { .. } | Move::AskAgain { .. } => Some((SERVICE, worker?)),
        Move::TakeCall { .. } => Some((worker?, SERVICE)),
        Move::TakeStray { .. } => Some((NETWORK, SERVICE)),
        Move::GiveUp { .. }
        | Move::Crash { stray: true, .. }
        | Move::LocalTimeout { stray: true, .. }
        | Move::Duplicate { .. } => Some((worker?, NETWORK)),
        _ => None,
    }
}

/// What the service is doing, and the workers that have a task.
fn bars(world: &World) -> Vec<Bar> {
    let service = world.service.as_ref().map(|service| Bar {
        lane: SERVICE,
        kind: match service.state() {
            State::Scheduled { dispatch_time, .. } if dispatch_time.0 > AbstractNumber(0) => {
                BarKind::Delayed
            }
            State::Scheduled { .. } => BarKind::Waiting,
            State::Started { intent: Intent::None, .. } => BarKind::Started,
            State::Started { intent: Intent::Cancel(_), .. } => BarKind::CancelRequested,
            State::Closed { .. } => BarKind::Closed,
        },
        label: format!("{:?}", service.attempt().0),
    });
    let worker = |(lane, process): (usize, &Process)| {
        let label = process.attempt.to_string();
        (!process.polls()).then_some(Bar { lane, kind: BarKind::Started, label })
    };
    let workers = (FIRST_WORKER..).zip(&world.workers).filter_map(worker);
    service.into_iter().chain(workers).collect()
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

fn resolved(resolution: &Resolution<SystemPayload>) -> String {
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
        State::Scheduled { dispatch_time, .. } if dispatch_time.0 > AbstractNumber(0) => {
            format!("attempt {attempt:?} backs off")
        }
        State::Scheduled { .. } => format!("attempt {attempt:?} waits"),
        State::Started { intent, .. } => match intent {
            Intent::None => format!("attempt {attempt:?} started"),
            Intent::Cancel(_) => {
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

fn version(details: SystemPayload) -> Option<u8> {
    match details {
        SystemPayload::Details(version) => Some(version),
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
