//! A system that does not do what a system has to: not a wrong answer, but none.

use std::fmt;

/// Why a system cannot be tested any further.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Broken {
    /// What happened, in a sentence.
    pub what: String,
    /// What to do about it, if anything is known.
    pub help: Option<String>,
    /// At which step of which sequence, if it had begun.
    pub at: Option<String>,
    /// The last lines that it said on standard error.
    pub stderr: Vec<String>,
}

impl Broken {
    /// A system of which this is all that is known.
    #[must_use]
    pub fn new(what: impl Into<String>) -> Self {
        Broken { what: what.into(), ..Broken::default() }
    }

    /// With what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the step at which it happened, unless that is known already.
    #[must_use]
    pub fn at(mut self, step: impl Into<String>) -> Self {
        self.at.get_or_insert_with(|| step.into());
        self
    }

    /// With the step of a sequence that it happened in, besides what is known already.
    #[must_use]
    pub fn during(mut self, step: impl fmt::Display) -> Self {
        self.at = Some(match self.at {
            Some(at) => format!("{at}: {step}"),
            None => step.to_string(),
        });
        self
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(at) = &self.at {
            write!(f, ", at {at}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        for line in &self.stderr {
            write!(f, "\n  stderr: {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Broken {}
