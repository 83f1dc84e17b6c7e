//! The exit codes of the command, all of them.

use std::process::ExitCode;

/// How a command ended, as its caller's shell sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// Everything is as it should be.
    Agreed,
    /// Something is not as it should be.
    Disagreed,
    /// The input, or the command line, cannot be used.
    Unusable,
    /// Nothing is wrong, but not everything could be looked at.
    Inconclusive,
    /// The output could not be written.
    OutputFailed,
}

impl Exit {
    /// The number that the shell gets.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Agreed => 0,
            Exit::Disagreed => 1,
            Exit::Unusable => 2,
            Exit::Inconclusive => 3,
            Exit::OutputFailed => 74,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}

/// The end of a help text: what comes first, and each exit code with what it means there.
#[must_use]
pub fn help(first: &str, ends: &[(Exit, &str)]) -> String {
    let codes = ends.iter().map(|(exit, meaning)| format!("\n  {}  {meaning}", exit.code()));
    format!("{first}\n\nExit codes:{}", codes.collect::<String>())
}
