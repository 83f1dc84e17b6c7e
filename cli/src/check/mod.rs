//! `activity check`: explores specification and core exhaustively, and judges every step.

mod arguments;
mod bug;
mod checked;
mod examine;
mod json;
mod junit;
mod mutant;
mod report;
mod serve;
mod whole;

pub use arguments::Arguments;
pub use checked::{Checked, CheckedSystem};
pub use examine::{Scope, examine};
pub use mutant::{Counterexample, hunt};
pub use whole::CheckedWhole;

use crate::command::{CheckFormat, Finished};
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::style::Ink;
use crate::zones;
use activity_execution::vocabulary::Dialect;
use activity_models::mutants::{BEYOND_EXPLORATION, MUTANTS, Mutant};
use std::io::IsTerminal;

/// Runs the command.
///
/// # Errors
/// If the command line cannot be used.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    if let Some(name) = &arguments.mutant {
        return mutated(arguments, name).map_err(|problem| vec![problem]);
    }
    if !arguments.files.is_empty() {
        return zones::run(&arguments.files, arguments.format, arguments.time_limit());
    }
    if let Some(address) = &arguments.serve {
        let grid = arguments.grid([Dialect::Standalone]).map_err(|problem| vec![problem])?;
        return Err(vec![serve::serve(&grid, address, arguments.threads())]);
    }
    let progress = Progress::new(arguments.time_limit());
    let scope = arguments.scope().map_err(|problem| vec![problem])?;
    let checked = examine(&scope, arguments.threads(), &progress);
    let text = match arguments.format {
        CheckFormat::Human => checked.to_text(),
        CheckFormat::Json => format!("{:#}\n", checked.to_json()),
        CheckFormat::Junit => checked.to_junit(),
    };
    Ok(Finished { text, exit: checked.exit() })
}

/// Explores something that is wrong, or lists what there is.
fn mutated(arguments: &Arguments, name: &str) -> Result<Finished, Problem> {
    if name == "list" {
        let text = if std::io::stdout().is_terminal() { list() } else { names() };
        return Ok(Finished { text, exit: Exit::Agreed });
    }
    let (finished, picture) = if let Some(bug) = bug::named(name) {
        let found = bug::find(bug);
        (found.finished(arguments.format), found.svg())
    } else {
        let mutant = mutant::named(name)?;
        let progress = Progress::new(arguments.time_limit());
        let grid = arguments.grid(mutant.dialects())?;
        let found = hunt(mutant, &grid, arguments.threads(), &progress);
        (found.finished(arguments.format), found.svg())
    };
    if let (Some(path), Some(picture)) = (&arguments.svg, picture) {
        std::fs::write(path, picture).map_err(|error| {
            Problem::new("--svg", format!("{} cannot be written: {error}", path.display()))
        })?;
    }
    Ok(finished)
}

/// The names of all that can be wrong and is caught by exploration, one a line.
fn names() -> String {
    let names = MUTANTS.iter().map(|mutant| mutant.name).chain(bug::bugs().map(|(name, _)| name));
    names.map(|name| format!("{name}\n")).collect()
}

/// What can be wrong, each with a sentence.
fn list() -> String {
    let told = |rules: &[Mutant]| -> Vec<_> {
        rules.iter().map(|mutant| (mutant.name, mutant.sentence)).collect()
    };
    let listed = [
        ("wrong rules of one execution", told(MUTANTS)),
        ("bugs of workers and callers, in the whole system", bug::bugs().collect()),
        ("beyond what exploration can see, and left to the proofs", told(BEYOND_EXPLORATION)),
    ];
    let names = listed.iter().flat_map(|(_, listed)| listed);
    let width = names.map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (title, listed) in listed {
        let separator = if text.is_empty() { "" } else { "\n" };
        text += &format!("{separator}{}\n", Ink::Title.paint(title));
        for (name, sentence) in listed {
            text += &format!("  {name:<width$}  {sentence}\n");
        }
    }
    text
}
