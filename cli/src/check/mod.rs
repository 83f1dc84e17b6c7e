//! `activity check`: explores specification and core exhaustively, and judges every step.

mod arguments;
mod checked;
mod examine;
mod json;
mod junit;
mod matrix;
mod mutant;
mod report;
mod serve;
mod suites;
mod system;

pub use arguments::Arguments;
pub use checked::{Checked, CheckedSystem};
pub use examine::{Scope, examine};
pub use matrix::{ELSEWHERE, Place, markdown};
pub use system::CheckedWhole;

use crate::command::{CheckFormat, Finished};
use crate::problem::Problem;
use crate::progress::Progress;
use activity_execution::vocabulary::Dialect;

/// Runs the command.
///
/// # Errors
/// If the command line cannot be used.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    if let Some(name) = &arguments.mutant {
        return mutant::run(arguments, name).map_err(|problem| vec![problem]);
    }
    if !arguments.matrix.is_empty() {
        return matrix::run(arguments, &arguments.matrix).map_err(|problem| vec![problem]);
    }
    if arguments.suites {
        return suites::run(arguments).map_err(|problem| vec![problem]);
    }
    if !arguments.files.is_empty() {
        let message = "a file is not for `check`, which explores a grid of small configurations";
        let help = "to see what the options in it can do: activity explain FILE";
        let name = arguments.files[0].display().to_string();
        return Err(vec![Problem::new(name, message).help(help)]);
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
