//! `activity completions`: what a shell needs to complete the command's arguments.

use crate::command::Finished;
use crate::exit::Exit;
use clap::Command;
use clap_complete::{Shell, generate};

/// Print completions for a shell
///
/// For bash: activity completions bash > ~/.local/share/bash-completion/completions/activity
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Arguments {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Writes what this shell needs for this command.
#[must_use]
pub fn run(arguments: Arguments, command: &mut Command) -> Finished {
    let mut text = Vec::new();
    let name = command.get_name().to_owned();
    generate(arguments.shell, command, name, &mut text);
    Finished { text: String::from_utf8_lossy(&text).into_owned(), exit: Exit::Agreed }
}
