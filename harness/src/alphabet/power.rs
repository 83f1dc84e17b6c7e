//! The powers of observation: what whoever tests a system sees of it after each input.

use std::fmt;

/// What is seen.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Power {
    /// The answer to each call.
    Answers,
    /// The answer, and how the execution ended, once it has.
    Outcome,
    /// The answer, and what Describe shows.
    #[default]
    Describe,
}

impl Power {
    /// All of them, the weakest first.
    pub const ALL: [Power; 3] = [Power::Answers, Power::Outcome, Power::Describe];

    /// Its name, as arguments and the protocol have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Power::Answers => "answers",
            Power::Outcome => "outcome",
            Power::Describe => "describe",
        }
    }

    /// What it sees, in words.
    #[must_use]
    pub const fn sees(self) -> &'static str {
        match self {
            Power::Answers => "answers",
            Power::Outcome => "answers and outcome",
            Power::Describe => "answers and Describe",
        }
    }

    /// The power that is called so.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Power::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
