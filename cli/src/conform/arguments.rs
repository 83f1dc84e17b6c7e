//! The arguments of `activity conform`.

use super::temporal;
use crate::command::{CheckFormat, Format};
use crate::exit::{self, Exit};
use crate::problem::Problem;
use crate::report::JSON_OF_A_CHECK;
use crate::service;
use activity_execution::vocabulary::Span;
use activity_harness::process::Program;
use activity_harness::run::{Plan, SuiteName};
use activity_harness::seam::SystemClock;
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
    #[arg(value_name = "COMMAND", last = true, required_unless_present = "temporal")]
    pub(super) command: Vec<OsString>,

    /// In place of a service: the Temporal server that answers there, host:port. It is asked by
    /// `activity-temporal`, which is given what comes after --
    #[arg(long, value_name = "ADDRESS")]
    pub(super) temporal: Option<String>,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: CheckFormat,

    /// Play this one sequence that once differed, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["suite", "configurations", "only"])]
    pub(super) replay: Option<PathBuf>,

    /// Play these suites alone: edges, assumptions, complete, walks, random, duplicates,
    /// lost-replies, reordered, crash
    #[arg(long, value_name = "NAME", value_parser = suite, value_delimiter = ',')]
    suite: Vec<SuiteName>,

    /// In how many configurations of the list that suit the service, or `all`; in eleven, and complete
    /// suites in small ones of them, unless given
    #[arg(long, value_name = "N", value_parser = configurations)]
    configurations: Option<usize>,

    /// In these configurations of the list alone, by their places in it, counted from one
    #[arg(long, value_name = "N", value_parser = place, value_delimiter = ',',
        conflicts_with = "configurations")]
    only: Vec<usize>,

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

    /// How many executions are on the way at once: 256 on a virtual clock, 28 on a real one, unless
    /// given
    #[arg(long, value_name = "N")]
    width: Option<NonZeroUsize>,

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

fn place(text: &str) -> Result<usize, String> {
    let all = graded().len();
    let place = text.trim().parse().ok().filter(|place| (1..=all).contains(place));
    place.ok_or_else(|| format!("places from 1 to {all}, with commas between them"))
}

impl Arguments {
    /// For whom complaints about the input are.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format.of_problems()
    }

    /// The program that is tested, or that asks the server that is.
    pub(super) fn program(&self) -> Result<Program, Problem> {
        let mut command = self.command.clone();
        if let Some(address) = &self.temporal {
            let own = [temporal::program()?.into(), "--address".into(), address.into()];
            command.splice(0..0, own);
        }
        let time_limit = Duration::from_secs_f64(self.call_limit);
        Ok(Program { command, time_limit })
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.time_limit.map(Duration::from_secs)
    }

    /// What is played on a system with such a clock.
    pub(super) fn plan(&self, clock: SystemClock) -> Plan {
        let mut configurations = graded();
        if !self.only.is_empty() {
            configurations = self.only.iter().map(|it| configurations[it - 1].clone()).collect();
        }
        for configuration in &mut configurations {
            if let Some(steps) = self.backoff {
                let (before, after) = (configuration.options.backoff.0, steps);
                let [before, after] = [before, after].map(|it| format!("backoff {it}"));
                configuration.options.backoff = Span(steps);
                configuration.name = configuration.name.replace(&before, &after);
            }
        }
        let (most, width) = match clock {
            SystemClock::Virtual => (MOST_SEQUENCES, WIDTH),
            SystemClock::Real { .. } => (MOST_IN_REAL_TIME, WIDTH_IN_REAL_TIME),
        };
        let is_asked = self.configurations.is_some() || !self.only.is_empty();
        let plan = Plan::default();
        Plan {
            configurations,
            most_configurations: match self.configurations {
                None if !self.only.is_empty() => usize::MAX,
                most => most.unwrap_or(PROTOTYPED),
            },
            suites: if self.suite.is_empty() { plan.suites.clone() } else { self.suite.clone() },
            most_sequences: (!is_asked).then_some(most),
            extra_states: self.extra_states,
            walks: self.walks,
            seed: self.seed.unwrap_or(plan.seed),
            width: self.width.map_or(width, NonZeroUsize::get),
            cases: self.cases,
            differences: self.differences.get(),
            ..plan
        }
    }

    /// What names the service, as a person types it behind all other arguments.
    pub(super) fn typed(&self) -> String {
        let command = service::typed(&self.command);
        match &self.temporal {
            None => format!("-- {command}"),
            Some(address) if command.is_empty() => format!("--temporal {address}"),
            Some(address) => format!("--temporal {address} -- {command}"),
        }
    }

    /// A complaint about the service.
    pub(super) fn complaint(&self, broken: &activity_harness::seam::Broken) -> Problem {
        let Some(address) = &self.temporal else {
            return service::complaint(service::typed(&self.command), broken);
        };
        // What the program said last is why it ended.
        match broken.stderr.last().and_then(|line| line.strip_prefix(temporal::SAYS)) {
            Some(why) => Problem::new(address, why),
            None => service::complaint(address.clone(), broken),
        }
    }
}

/// How many sequences a complete suite may have that nobody asked for.
const MOST_SEQUENCES: usize = 60_000;
const MOST_IN_REAL_TIME: usize = 1_500;

/// How many executions are on the way at once, if nothing is said.
const WIDTH: usize = 256;
const WIDTH_IN_REAL_TIME: usize = 28;

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
  activity conform --temporal 127.0.0.1:7233                       a live Temporal server

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
