//! What all commands share: output formats, and the result of a run.

use crate::exit::Exit;
use clap::ValueEnum;

/// For whom the output is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum Format {
    /// For a person
    #[default]
    Human,
    /// For a program: one JSON object
    Json,
}

/// For whom the output is that can also be a build server.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum CheckFormat {
    /// For a person
    #[default]
    Human,
    /// For a program: one JSON object
    Json,
    /// For a build server: JUnit XML
    Junit,
}

impl CheckFormat {
    /// For whom complaints about the input are.
    #[must_use]
    pub fn of_problems(self) -> Format {
        match self {
            CheckFormat::Human | CheckFormat::Junit => Format::Human,
            CheckFormat::Json => Format::Json,
        }
    }
}

/// What a command has to say, and how it ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finished {
    /// What to print, coloured; whoever prints it strips what the terminal does not want.
    pub text: String,
    /// The exit code.
    pub exit: Exit,
}
