//! Scenarios of the system as text: an opening comment, whose activity it is, a sentence for each
//! move, and below `----` what came of it. Knows lines; plays them on the machines.

use super::bounds::{BOUNDS, Bounds, CALLERS};
use super::machines::Machines;
use super::promise::{all, broken};
use super::replay::Replayed;
use super::step::System;
use super::timeline::timeline;
use super::world::World;
use activity_execution::caller::{ActivityCancellationType, CallerTerms};

/// The line between a scenario and its transcript.
const RULE: &str = "----";

/// Plays a scenario, and gives its text with the transcript that came of it.
///
/// # Errors
/// What is wrong with the text, with its line; or which promise was broken.
pub fn transcribe(text: &str) -> Result<String, String> {
    let script = text.split(&format!("{RULE}\n")).next().unwrap_or_default().trim_end();
    let steps = play(script)?;
    Ok(format!("{script}\n{RULE}\n{}", timeline(&steps)))
}

/// Plays the lines of a scenario.
///
/// # Errors
/// What is wrong with a line; or which promise was broken.
pub fn play(script: &str) -> Result<Vec<Replayed>, String> {
    let system = System {
        machines: Machines::RIGHT,
        bounds: Bounds { tells_workers_apart: true, ..BOUNDS },
    };
    let mut lines = (1..).zip(script.lines());
    let opening = |(_, line): &(usize, &str)| line.starts_with('#');
    if !lines.clone().next().as_ref().is_some_and(opening) {
        return Err("a scenario opens with a comment that says its point".into());
    }
    let (number, caller) =
        lines.find(|line| !opening(line)).ok_or("a scenario says whose activity it is")?;
    let terms = terms(caller).ok_or_else(|| {
        format!("line {number}: `caller:` and one of {}", CALLERS.map(name).join(", "))
    })?;
    let promises = all();
    let (mut world, mut steps, mut moves) = (World::initial(terms), Vec::new(), Vec::new());
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        world.moves(&system.bounds, &mut moves);
        let moved = moves.iter().find(|moved| moved.to_string() == line.trim());
        let Some(&moved) = moved else {
            let mut can: Vec<String> = moves.iter().map(|moved| format!("  {moved}")).collect();
            can.sort();
            let can = can.join("\n");
            return Err(format!("line {number}: not now: {line}\nwhat can happen:\n{can}"));
        };
        let (after, happened) = system.step(&world, moved);
        let broken = broken(&world, &happened, &after);
        if let Some(promise) = broken.among(&promises).next() {
            return Err(format!("line {number}: {line} breaks {}", promise.name));
        }
        steps.push(Replayed { before: world, happened, after });
        world = after;
    }
    Ok(steps)
}

/// Whose activity a line says it is.
fn terms(line: &str) -> Option<u8> {
    let said = line.strip_prefix("caller:")?.trim();
    (0_u8..).zip(CALLERS).find(|(_, caller)| name(*caller) == said).map(|(terms, _)| terms)
}

fn name(caller: CallerTerms) -> &'static str {
    match caller.cancellation_type {
        _ if caller.is_detached => "detached",
        ActivityCancellationType::TryCancel => "TryCancel",
        ActivityCancellationType::WaitCancellationCompleted => "WaitCancellationCompleted",
        ActivityCancellationType::Abandon => "Abandon",
    }
}
