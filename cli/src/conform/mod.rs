//! `activity conform`: holds a service in whatever language to the specification.
//! Arguments and presentation; the harness plays and judges.

mod arguments;
mod kept;
mod report;
mod temporal;

pub use arguments::Arguments;

use crate::command::{CheckFormat, Finished};
use crate::problem::Problem;
use crate::progress::Progress;
use crate::service;
use activity_harness::process::Process;
use activity_harness::run::{Replay, conform, replayed};
use activity_harness::seam::ActivitySystem as _;
use activity_harness::{block_on, report::timeline};
use std::fs;
use std::time::Instant;

/// Runs the command.
///
/// # Errors
/// If the service cannot be tested, or an input cannot be used.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    service::ends_with_us();
    let (kept, complaints) = kept::read(arguments)?;
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let begun = Instant::now();
    let complain = |broken| vec![arguments.complaint(&broken)];
    let progress = Progress::new(arguments.time_limit());
    let program = arguments.program().map_err(|problem| vec![problem])?;
    let mut process = Process::start(program).map_err(complain)?;
    let plan = arguments.plan(process.manifest().clock);
    if let (Some(path), [only]) = (&arguments.replay, kept.as_slice()) {
        let lacks = only.lacks(&process.manifest()).join(", ");
        if !lacks.is_empty() {
            let what = format!("the service lacks what this sequence needs: {lacks}");
            let help = "a service names what it has in `can` of its answer to Hello";
            return Err(vec![Problem::new(path.display().to_string(), what).help(help)]);
        }
    }
    let played = match (&arguments.replay, kept.as_slice()) {
        (Some(_), [only]) => block_on(replayed(&mut process, only, &progress)),
        _ => block_on(conform(&mut process, &plan, &kept, &progress)),
    };
    progress.finish();
    let conformed = played.map_err(complain)?;
    let requests = process.requests();
    drop(process);
    let mut told = report::Told {
        arguments,
        plan: &plan,
        conformed: &conformed,
        requests,
        elapsed: begun.elapsed(),
        files: Vec::new(),
        notes: complaints,
    };
    if let Some(found) = &conformed.found {
        let found_all = std::iter::once(found).chain(&conformed.further);
        for found in found_all.filter(|_| arguments.replay.is_none()) {
            let replay = Replay::of(found, &conformed.manifest);
            match kept::write(arguments, &replay) {
                Ok(file) => told.files.push(file),
                Err(note) => told.notes.push(note),
            }
        }
        if let Some(path) = &arguments.svg {
            let written = fs::write(path, timeline(&found.finding).svg());
            written.map_err(|error| {
                let file = path.display().to_string();
                vec![Problem::new(file, format!("it cannot be written: {error}"))]
            })?;
        }
    }
    let text = match arguments.format {
        CheckFormat::Human => told.text(),
        CheckFormat::Json => format!("{:#}\n", told.json()),
        CheckFormat::Junit => told.junit(),
    };
    Ok(Finished { text, exit: told.exit() })
}
