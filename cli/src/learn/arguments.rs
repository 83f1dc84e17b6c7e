//! The arguments of `activity learn`.

use crate::command::Format;
use crate::exit::{self, Exit};
use activity_harness::alphabet::{Configuration, Power};
use activity_harness::suite::graded;
use clap::{Args, ValueEnum};
use std::ffi::OsString;

/// The arguments of `activity learn`.
#[derive(Args, Clone, Debug)]
#[command(after_help = exit::help(AFTER_HELP, ENDS))]
pub struct Arguments {
    /// Learn a program that speaks JSON lines, with its arguments; the core, unless given
    #[arg(value_name = "COMMAND", last = true)]
    pub(super) command: Vec<OsString>,

    /// Learn a core with this wrong rule, instead of the right one
    #[arg(long, value_name = "NAME", conflicts_with = "command")]
    pub(super) mutant: Option<String>,

    /// In which configuration of the list that `activity check --suites` shows
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=40))]
    configuration: u8,

    /// What is seen of it
    #[arg(long, value_enum, default_value_t, value_name = "POWER")]
    seen: Seen,

    /// How many sequences may be played on it
    #[arg(long, value_name = "SEQUENCES", default_value_t = 5_000_000)]
    pub(super) budget: usize,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Drawn,

    /// Draw the whole machine, and not how it differs from the specification
    #[arg(long)]
    pub(super) whole: bool,
}

/// What is seen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum Seen {
    /// The answers alone
    Answers,
    /// Answers, and how it ended
    Outcome,
    /// Answers, and what Describe shows
    #[default]
    Describe,
}

/// How it is told or drawn.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(super) enum Drawn {
    /// For a person: a table of what differs
    #[default]
    Human,
    /// For a program: one JSON object, with the machine
    Json,
    /// Mermaid, which GitHub draws
    Mermaid,
    /// DOT, which Graphviz draws
    Dot,
}

const AFTER_HELP: &str = "\
Examples:
  activity learn                                          the core, in the first configuration
  activity learn --configuration 3 --seen answers         where only answers are seen
  activity learn --mutant fires_late                      what is wrong, as a table
  activity learn --mutant fires_late --format dot | dot -Tsvg > late.svg
                                                          the same as a picture
  activity learn --whole --format mermaid                 the machine, state by state
  activity learn -- python3 service.py                    a service in whatever language

The system is played sequence by sequence, and a machine is made of what it answers. Whether that is
the system is asked by the differences to the specification, which are played; then by long walks;
and last by the suite that is complete for the machine and one state more. Of a system with more
states than that, nothing is claimed.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "what was learned is the specification"),
    (Exit::Disagreed, "it differs from the specification"),
    (Exit::Unusable, "the command line cannot be used"),
    (Exit::Inconclusive, "no difference is known, but the budget is spent"),
];

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> Format {
        match self.format {
            Drawn::Json => Format::Json,
            Drawn::Human | Drawn::Mermaid | Drawn::Dot => Format::Human,
        }
    }

    pub(super) fn configuration(&self) -> Configuration {
        let place = usize::from(self.configuration) - 1;
        graded().swap_remove(place)
    }

    pub(super) fn power(&self) -> Power {
        match self.seen {
            Seen::Answers => Power::Answers,
            Seen::Outcome => Power::Outcome,
            Seen::Describe => Power::Describe,
        }
    }
}
