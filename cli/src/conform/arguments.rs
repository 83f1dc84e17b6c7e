//! The arguments of `activity conform`.

use crate::command::{CheckFormat, Format};
use crate::exit::{self, Exit};
use crate::problem::Problem;
use crate::report::JSON_OF_A_CHECK;
use crate::service;
use activity_execution::vocabulary::Span;
use activity_harness::process::Program;
use activity_harness::run::{Plan, SuiteName};
use activity_harness::suite::{PROTOTYPED, graded};
use clap::Args;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// The arguments of `activity conform`.
#[derive(Args, Clone, Debug)]
#[command(after_help = after_help())]
pub struct Arguments {
    /// The service: a program that speaks JSON lines, with its arguments
    #[arg(value_name = "COMMAND", last = true, required = true)]
    pub(super) command: Vec<OsString>,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: CheckFormat,

    /// Play this one sequence that once differed, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["suite", "configurations"])]
    pub(super) replay: Option<PathBuf>,

    /// Play these suites alone: edges, assumptions, complete, walks, random, duplicates,
    /// lost-replies, reordered, crash
    #[arg(long, value_name = "NAME", value_parser = suite, value_delimiter = ',')]
    suite: Vec<SuiteName>,

    /// In how many configurations of the list that suit the service, or `all`; in eleven, and complete
    /// suites in small ones of them, unless given
    #[arg(long, value_name = "N", value_parser = configurations)]
    configurations: Option<usize>,

    /// For how many extra states suites are complete: 1 on a virtual clock, 0 on a real one, unless
    /// given
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(0..=3))]
    extra_states: Option<u8>,

    /// The seed of everything that is drawn: PROPTEST_RNG_SEED, or 0, unless given
    #[arg(long, value_name = "N", env = "ACTIVITY_SEED")]
    pub(super) seed: Option<u64>,

    /// How many long walks through each configuration
    #[arg(long, value_name = "N", default_value_t = 200)]
    walks: usize,

    /// How many random cases with huge durations: PROPTEST_CASES, or 256, unless given
    #[arg(long, value_name = "N")]
    cases: Option<u32>,

    /// How many executions are on the way at once
    #[arg(long, value_name = "N", default_value = "256")]
    width: NonZeroUsize,

    /// Go on after a difference, until so many were found that are not alike
    #[arg(long, value_name = "N", default_value = "1")]
    differences: NonZeroUsize,

    /// In place of the backoff of each configuration, in steps; 0 retries at once
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(i16).range(0..=9))]
    backoff: Option<i16>,

    /// How many seconds an answer may take
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = service::seconds)]
    call_limit: f64,

    /// Stop after so many seconds; what was not played is reported as such
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,

    /// Where sequences that differ are kept, and played again first
    #[arg(long, value_name = "FOLDER", default_value = "conform-regressions")]
    pub(super) keep: PathBuf,

    /// Draw the sequence that differs as SVG, into this file
    #[arg(long, value_name = "FILE")]
    pub(super) svg: Option<PathBuf>,
}

fn suite(name: &str) -> Result<SuiteName, String> {
    SuiteName::of_name(name).ok_or_else(|| {
        let names: Vec<&str> = SuiteName::ALL.iter().map(|suite| suite.name()).collect();
        format!("there are {}", names.join(", "))
    })
}

fn configurations(count: &str) -> Result<usize, String> {
    let all = graded().len();
    match count {
        "all" => Ok(all),
        number => match number.parse() {
            Ok(number) if (1..=all).contains(&number) => Ok(number),
            Ok(_) | Err(_) => Err(format!("a number from 1 to {all}, or all")),
        },
    }
}

impl Arguments {
    /// For whom complaints about the input are.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format.of_problems()
    }

    pub(super) fn program(&self) -> Program {
        let time_limit = Duration::from_secs_f64(self.call_limit);
        Program { command: self.command.clone(), time_limit }
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.time_limit.map(Duration::from_secs)
    }

    pub(super) fn plan(&self) -> Plan {
        let mut configurations = graded();
        for configuration in &mut configurations {
            if let Some(steps) = self.backoff {
                let (before, after) = (configuration.options.backoff.0, steps);
                let [before, after] = [before, after].map(|it| format!("backoff {it}"));
                configuration.options.backoff = Span(steps);
                configuration.name = configuration.name.replace(&before, &after);
            }
        }
        let plan = Plan::default();
        Plan {
            configurations,
            most_configurations: self.configurations.unwrap_or(PROTOTYPED),
            suites: if self.suite.is_empty() { plan.suites.clone() } else { self.suite.clone() },
            most_sequences: self.configurations.is_none().then_some(MOST_SEQUENCES),
            extra_states: self.extra_states,
            walks: self.walks,
            seed: self.seed.unwrap_or(plan.seed),
            width: self.width.get(),
            cases: self.cases,
            differences: self.differences.get(),
            ..plan
        }
    }

    /// The command of the service, as a person types it.
    pub(super) fn typed(&self) -> String {
        service::typed(&self.command)
    }

    /// A complaint about the service.
    pub(super) fn complaint(&self, broken: &activity_harness::seam::Broken) -> Problem {
        service::complaint(self.typed(), broken)
    }
}

/// How many sequences a complete suite may have that nobody asked for.
const MOST_SEQUENCES: usize = 60_000;

fn after_help() -> String {
    exit::help(&format!("{ABOUT}\n\n{JSON_OF_A_CHECK}"), ENDS)
}

const ABOUT: &str = "\
Examples:
  activity conform -- python3 service.py                           a minute or two
  activity conform --suite edges --configurations 1 -- ./service   a second or two
  activity conform --configurations all -- ./service               forty configurations
  activity conform --differences 20 -- ./service                   each kind of difference
  activity conform --replay conform-regressions/x.json -- ./service

The service is a program that reads requests from its standard input and writes answers to its
standard output, a JSON object a line; `docs/harness.md` shows how to write one. Suites of sequences
are derived from the specification for what the service says it can do, and played, hundreds of
executions side by side. The first sequence that differs, or the first of each kind, is shrunk to the
shortest that still does, and kept in a folder; what is there is played first the next time.

In JSON: system, seed, checks (one for each suite and configuration), promises, sentence, because,
found: replay and test, and further: others that are not alike.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "the service does what the specification does, as far as was asked"),
    (Exit::Disagreed, "it does something else, or is not what every suite assumes"),
    (Exit::Unusable, "it cannot be tested: it does not start, answer, or speak the protocol"),
    (Exit::Inconclusive, "nothing differs, but something was left out, too late, or cut off"),
];
