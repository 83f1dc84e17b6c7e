//! `activity check`: explores specification and core exhaustively, and judges every step.

mod arguments;
mod checked;
mod examine;
mod json;
mod junit;
mod mutant;
mod progress;
mod report;
mod serve;
mod whole;

pub use arguments::{Arguments, CheckFormat};
pub use checked::{Checked, CheckedPromise, CheckedSystem, SeenWitness, Verdict};
pub use examine::{Effort, examine};
pub use mutant::{Counterexample, hunt};
pub use whole::CheckedWhole;

use crate::command::Finished;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::zones;
use activity_models::mutants::MUTANTS;
use progress::Progress;

/// Runs the command.
///
/// # Errors
/// If the command line cannot be used.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    if arguments.mutant.as_deref() == Some("list") {
        let names = MUTANTS.iter().map(|mutant| mutant.name).chain(whole::names_of_bugs());
        let names = names.map(|name| format!("{name}\n"));
        return Ok(Finished { text: names.collect(), exit: Exit::Agreed });
    }
    if let Some(bug) = arguments.mutant.as_deref().and_then(whole::bug_named) {
        return Ok(whole::show_bug(bug));
    }
    if !arguments.files.is_empty() {
        return zones::run(&arguments.files, arguments.format);
    }
    let grid = arguments.grid().map_err(|problem| vec![problem])?;
    if let Some(address) = &arguments.serve {
        let problem = serve::serve(&grid, address, arguments.threads());
        return Err(vec![problem]);
    }
    let progress = Progress::new(arguments.time_limit());
    if let Some(name) = &arguments.mutant {
        let mutant = mutant::named(name).map_err(|problem| vec![problem])?;
        let counterexample = hunt(mutant, &grid, arguments.threads(), &progress);
        return Ok(counterexample.finished(arguments.format));
    }
    let effort = Effort {
        threads: arguments.threads(),
        covers_everything: !arguments.is_one_configuration(),
        system: arguments.bounds_of_the_system(),
    };
    let checked = examine(&grid, effort, &progress);
    let text = match arguments.format {
        CheckFormat::Human => checked.to_text(),
        CheckFormat::Json => format!("{:#}\n", checked.to_json()),
        CheckFormat::Junit => checked.to_junit(),
    };
    Ok(Finished { text, exit: checked.exit() })
}
