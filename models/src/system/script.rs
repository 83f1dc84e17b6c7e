//! Scenarios of the system as text: whose activity it is, and a line for each move.
//! Brings the verbs to the frame of every script; plays them on the machines.
//!
//! ```text
//! # A function that does not heartbeat never learns of cancellation.
//! options: cancellation_type WaitCancellationCompleted       or TryCancel, Abandon; or detached
//! caller   Schedule, Cancel, SendStart, Close
//! service  TakeCall caller|worker-a [no_time_left] [answer_lost], TellCaller, BackoffElapses,
//!          StartToCloseElapses [no_time_left] and the other three
//! matching LoseTask, StartTask answer_lost|task_lost, StartTaskAgain worker-a, GiveUp
//! worker-a Poll, Heartbeat [throttle_over|not_convertible], ThrottleElapses,
//!          Return Completed|Failed [non_retryable]|Cancelled|WillCompleteAsync,
//!          StartToCloseElapses [may_arrive], HeartbeatElapses [may_arrive] (its own timers),
//!          GiveUp [may_arrive], Crash [may_arrive], ShutDown, PollEnds
//! network  Duplicate worker-a, Deliver 1 [no_time_left], Lose 1
//! somebody RespondCompleted, ForgetToken (of an attempt that is completed asynchronously)
//! ```

use super::bounds::{BOUNDS, Bounds, CALLERS};
use super::machines::Machines;
use super::moves::Move;
use super::promise::{Promise, all};
use super::replay::Replayed;
use super::step::System;
use super::timeline::timeline;
use super::world::World;
use crate::story::{Cursor, Kind, Language, ScriptError, nearest, read};
use activity_execution::caller::{ActivityCancellationType, CallerOptions};
use std::fmt::Write;

/// Plays a scenario, and gives its transcript.
///
/// # Errors
/// What is wrong with the text, with its line; or which promise was broken.
pub fn transcribe(text: &str) -> Result<String, ScriptError> {
    Ok(timeline(&play(text)?).to_string())
}

/// Plays the lines of a scenario.
///
/// # Errors
/// What is wrong with a line; or which promise was broken.
pub fn play(text: &str) -> Result<Vec<Replayed>, ScriptError> {
    let system = System {
        machines: Machines::RIGHT,
        bounds: Bounds { tells_workers_apart: true, ..BOUNDS },
    };
    let mut playing =
        Playing { system, terms: None, is_detached: false, world: None, steps: vec![] };
    read(text, &mut playing)?;
    Ok(playing.steps)
}

/// The scenario that plays these steps, ready to be saved.
#[must_use]
pub fn script(comment: &str, steps: &[Replayed]) -> String {
    let mut text = String::new();
    for line in comment.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let terms = steps.first().map_or(0, |step| step.before.terms);
    let _ = writeln!(text, "options: {}", option(CALLERS[usize::from(terms)]));
    for step in steps {
        let said = step.happened.moved.to_string();
        let (who, what) = said.split_once(' ').unwrap_or((&said, ""));
        let _ = writeln!(text, "{who:<8} {what}");
    }
    text
}

/// A scenario that is played while it is read.
struct Playing {
    system: System,
    /// The cancellation type, if one was given.
    terms: Option<ActivityCancellationType>,
    is_detached: bool,
    world: Option<World>,
    steps: Vec<Replayed>,
}

impl Language for Playing {
    const OPTIONS_HELP: &'static str = "write for instance `options: cancellation_type TryCancel`";

    fn option(&mut self, key: &str, cursor: &mut Cursor<'_>) -> Result<(), ScriptError> {
        match key {
            "detached" => self.is_detached = true,
            "cancellation_type" => {
                let word = cursor.word("a cancellation type")?;
                let named = |it: &ActivityCancellationType| format!("{it:?}") == word;
                let Some(found) = TYPES.into_iter().find(named) else {
                    let help = format!("one of {}", TYPES.map(|it| format!("{it:?}")).join(", "));
                    let problem = format!("`{word}` is not a cancellation type");
                    return Err(cursor.error(problem, &help));
                };
                self.terms = Some(found);
            }
            _ => {
                let help = "the options are cancellation_type and detached";
                return Err(cursor.error(format!("`{key}` is not an option"), help));
            }
        }
        Ok(())
    }

    fn opened(&mut self, line: &Cursor<'_>) -> Result<(), ScriptError> {
        let given = |caller: &CallerOptions| {
            caller.is_detached == self.is_detached
                && self.terms.is_none_or(|it| caller.cancellation_type == it)
                && (self.is_detached || self.terms.is_some())
        };
        let Some(terms) = (0_u8..).zip(CALLERS).find(|(_, caller)| given(caller)) else {
            let problem = "no caller of the model has these options";
            return Err(line.error_of_line(problem, &format!("one of: {}", callers())));
        };
        self.world = Some(World::initial(terms.0));
        Ok(())
    }

    fn line(&mut self, cursor: &mut Cursor<'_>) -> Result<(), ScriptError> {
        let mut words = Vec::new();
        while let Some(kind) = cursor.take() {
            match kind {
                Kind::Word(word) => words.push(word),
                Kind::Text(_) | Kind::Open | Kind::Close | Kind::Comma => {
                    return Err(cursor.error(
                        "this does not belong into a move",
                        "a move is said in words: who, the verb, and what belongs to it",
                    ));
                }
            }
        }
        let before = self.world.expect("options are opened before the first line");
        let said = words.join(" ");
        let mut moves = Vec::new();
        before.moves(&self.system.bounds, &mut moves);
        let Some(&moved) = moves.iter().find(|moved| moved.to_string() == said) else {
            return Err(cursor.error_of_line("this cannot happen now", &possible(&said, &moves)));
        };
        let (after, happened) = self.system.step(&before, moved);
        let is_kept = |promise: &Promise| (promise.holds)(&(), &before, &happened, &after);
        if let Some(promise) = all().into_iter().find(|promise| !is_kept(promise)) {
            let problem = format!("this breaks {}", promise.name);
            return Err(cursor.error_of_line(problem, promise.statement));
        }
        self.steps.push(Replayed { before, happened, after });
        self.world = Some(after);
        Ok(())
    }
}

/// What can happen in place of what was said.
fn possible(said: &str, moves: &[Move]) -> String {
    let mut can: Vec<String> = moves.iter().map(ToString::to_string).collect();
    can.sort();
    let names: Vec<&str> = can.iter().map(String::as_str).collect();
    match nearest(said, &names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("what can happen: {}", can.join(", ")),
    }
}

fn callers() -> String {
    CALLERS.map(option).join("; ")
}

/// What says whose activity it is.
fn option(caller: CallerOptions) -> String {
    if caller.is_detached {
        return "detached".into();
    }
    format!("cancellation_type {:?}", caller.cancellation_type)
}

const TYPES: [ActivityCancellationType; 3] = [
    ActivityCancellationType::TryCancel,
    ActivityCancellationType::WaitCancellationCompleted,
    ActivityCancellationType::Abandon,
];
