//! The arguments of `activity learn`.

use super::choice::{Candidate, Suiting};
use crate::command::Format;
use crate::exit::{self, Exit};
use crate::problem::Problem;
use crate::service;
use activity_harness::alphabet::{Capabilities, Power};
use activity_harness::machine::Explicit;
use activity_harness::process::Program;
use activity_harness::suite::{PROTOTYPED, graded};
use clap::{Args, ValueEnum};
use std::ffi::OsString;
use std::time::Duration;

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

    /// In which configurations of the list that `activity check --suites` shows, or `all`: of several
    /// the first in which a difference shows; one of the first eleven that suit, unless given
    #[arg(long, value_name = "NUMBER", value_parser = numbers)]
    configuration: Option<Numbers>,

    /// What is seen of it; all that it shows, unless given
    #[arg(long, value_enum, value_name = "POWER")]
    seen: Option<Seen>,

    /// How many sequences may be played on it
    #[arg(long, value_name = "SEQUENCES", default_value_t = 5_000_000)]
    pub(super) budget: usize,

    /// How many seconds a program may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = service::seconds)]
    call_limit: f64,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: Drawn,

    /// Draw the whole machine, and not how it differs from the specification
    #[arg(long)]
    pub(super) whole: bool,
}

/// Places in the list of configurations, counted from one.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Numbers(Vec<usize>);

fn numbers(text: &str) -> Result<Numbers, String> {
    let all = graded().len();
    if text == "all" {
        return Ok(Numbers((1..=all).collect()));
    }
    let number = |text: &str| match text.trim().parse() {
        Ok(number) if (1..=all).contains(&number) => Ok(number),
        Ok(_) | Err(_) => Err(format!("a number from 1 to {all}, several with commas, or all")),
    };
    let mut numbers: Vec<usize> = text.split(',').map(number).collect::<Result<_, _>>()?;
    let mut seen = std::collections::BTreeSet::new();
    numbers.retain(|number| seen.insert(*number));
    Ok(Numbers(numbers))
}

/// What is seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Seen {
    /// The answers alone
    Answers,
    /// Answers, and how it ended
    Outcome,
    /// Answers, and what Describe shows
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
    /// SVG, a picture, light or dark as the reader's screen is
    Svg,
}

const AFTER_HELP: &str = "\
Examples:
  activity learn -- python3 service.py                    a service in whatever language
  activity learn --configuration 3,4 -- ./service         where one of these shows a difference
  activity learn --format svg -- ./service > service.svg  the difference as a picture
  activity learn                                          the core
  activity learn --mutant fires_late                      what is wrong, as a table
  activity learn --whole --format mermaid                 the machine, state by state

Of several configurations, every edge of the specification and some walks are played in one after
the other, until something differs. There the system is played sequence by sequence, and a machine
is made of what it answers. Whether that is the system is asked by the differences to the
specification, which are played; then by long walks; and last by the suite that is complete for the
machine and one state more. Of a system with more states than that, nothing is claimed.

A picture shows the ways to the nearest steps that differ, and what either machine does there; the
number of states that it leaves out stands beneath.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "what was learned is the specification"),
    (Exit::Disagreed, "it differs from the specification, or does not answer alike twice"),
    (Exit::Unusable, "it cannot be learned: it does not start, answer, or speak the protocol"),
    (Exit::Inconclusive, "no difference is known, but the budget is spent"),
];

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> Format {
        match self.format {
            Drawn::Json => Format::Json,
            Drawn::Human | Drawn::Mermaid | Drawn::Dot | Drawn::Svg => Format::Human,
        }
    }

    /// The configurations that are asked for, with what is specified in them for these capabilities
    /// and this power.
    ///
    /// # Errors
    /// If none of them suits.
    pub(super) fn candidates(
        &self,
        capabilities: Capabilities,
        power: Power,
    ) -> Result<Suiting, Problem> {
        let (all, mut suited, mut unsuited) = (graded(), Vec::new(), Vec::new());
        let (numbers, most) = match &self.configuration {
            Some(numbers) => (numbers.0.clone(), usize::MAX),
            None => ((1..=all.len()).collect(), PROTOTYPED),
        };
        for number in numbers {
            if suited.len() == most {
                break;
            }
            let configuration = all[number - 1].clone();
            if !configuration.suits(capabilities) {
                unsuited.push(number);
                continue;
            }
            let inputs = configuration.alphabet(capabilities);
            let specification = Explicit::of(&configuration, &inputs, power).map_err(|large| {
                Problem::new("--configuration", large.to_string()).help("take another one")
            })?;
            suited.push(Candidate { number, configuration, specification });
        }
        if suited.is_empty() {
            let message = "it lacks what these configurations need";
            let help =
                "`activity check --suites` lists all forty; take others with --configuration";
            return Err(Problem::new("--configuration", message).help(help));
        }
        Ok(Suiting { suited, unsuited })
    }

    pub(super) fn program(&self) -> Program {
        let time_limit = Duration::from_secs_f64(self.call_limit);
        Program { command: self.command.clone(), time_limit }
    }

    /// The command of the service, as a person types it.
    pub(super) fn typed(&self) -> String {
        service::typed(&self.command)
    }

    /// What is to be seen, if that is given.
    pub(super) fn power(&self) -> Option<Power> {
        self.seen.map(|seen| match seen {
            Seen::Answers => Power::Answers,
            Seen::Outcome => Power::Outcome,
            Seen::Describe => Power::Describe,
        })
    }
}
