//! The arguments of `activity check`.

use super::examine::Scope;
use crate::command::{CheckFormat, Format};
use crate::exit::{self, Exit};
use crate::problem::Problem;
use crate::report::JSON_OF_A_CHECK;
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};
use activity_models::exploration::bounds::NEXT_RETRY_DELAY;
use activity_models::exploration::{Configuration, Grid, Part};
use activity_models::system::{BOUNDS, QUICK};
use clap::Args;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// The arguments of `activity check`.
#[derive(Args, Clone, Debug)]
#[command(after_help = after_help())]
pub struct Arguments {
    /// Refused, with a hint: one's own options are explained by `activity explain`
    #[arg(value_name = "FILE", hide = true)]
    pub(super) files: Vec<PathBuf>,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: CheckFormat,

    /// Explore only the part of the grid that `cargo test` explores
    #[arg(long, conflicts_with = "one_configuration")]
    quick: bool,

    /// How many threads explore; as many as there are processors, unless given
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Stop after so many seconds; what was not explored is reported as incomplete
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u64>,

    /// Explore a core with this wrong rule, up to the first counterexample; `list` names all
    #[arg(long, value_name = "NAME")]
    pub(super) mutant: Option<String>,

    /// Try every wrong rule, or those of these names, on every checker, and say who kills which
    #[arg(long, value_name = "NAME", num_args = 0.., value_delimiter = ',', default_missing_value = super::matrix::ALL,
          conflicts_with_all = ["mutant", "quick", "serve", "time_limit", "one_configuration", "files"])]
    pub(super) matrix: Vec<String>,

    /// Hold the core to the specification by suites that are complete up to extra states
    #[arg(long, conflicts_with_all = ["matrix", "mutant", "quick", "serve", "time_limit",
          "one_configuration", "files"])]
    pub(super) suites: bool,

    /// Draw the counterexample of the wrong rule as SVG, into this file
    #[arg(long, value_name = "FILE", requires = "mutant")]
    pub(super) svg: Option<PathBuf>,

    /// Browse the states of one configuration with stateright's Explorer
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "localhost:3000",
          conflicts_with_all = ["mutant", "quick", "time_limit"])]
    pub(super) serve: Option<String>,

    #[command(flatten)]
    one: OneConfiguration,
}

/// One configuration instead of the grid; lengths of time are numbers without a unit.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "One configuration instead of the grid, in units of time")]
#[group(id = "one_configuration", multiple = true)]
struct OneConfiguration {
    /// Bounds each attempt
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(i16).range(1..=LONGEST))]
    start_to_close: Option<i16>,
    /// Bounds the whole chain
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(i16).range(1..=LONGEST))]
    schedule_to_close: Option<i16>,
    /// Bounds the wait for a worker
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(i16).range(1..=LONGEST))]
    schedule_to_start: Option<i16>,
    /// Bounds the silence of an attempt
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(i16).range(1..=LONGEST))]
    heartbeat: Option<i16>,
    /// Delays the first attempt
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(i16).range(0..=LONGEST))]
    start_delay: Option<i16>,
    /// How many attempts there may be; 0 is unlimited
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i16).range(0..=MOST_ATTEMPTS))]
    attempts: Option<i16>,
    /// How long each retry waits
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(i16).range(0..=LONGEST))]
    backoff: Option<i16>,
    /// As an activity of a workflow, whose rules differ in a few places; standalone, unless given
    #[arg(long)]
    workflow: bool,
}

const LONGEST: i64 = 60;
const MOST_ATTEMPTS: i64 = 60;

fn after_help() -> String {
    exit::help(&format!("{ABOUT}\n\n{JSON_OF_A_CHECK}"), ENDS)
}

const ABOUT: &str = "\
Examples:
  activity check                                       the whole grid
  activity check --quick                               what `cargo test` explores
  activity check --schedule-to-close 3 --attempts 2    one configuration
  activity check --mutant list                         the wrong rules that there are
  activity check --mutant fires_late                   what one of them breaks
  activity check --mutant fires_late --svg late.svg    the same, as a picture as well
  activity check --suites                              the core, by suites that are complete
  activity check --matrix                              which checker kills which wrong rule
  activity check --serve --heartbeat 1 --attempts 2    browse the states of one configuration

Every execution that these configurations allow is reached, standalone and as an activity of a
workflow, and every call and timer is tried on each: by the specification alone, whose timers may be
late, and by the core in lockstep with it. Two explorers do it, ours and stateright's; they have to
count alike, and to come to the counts that are pinned. So do they with the whole system: a caller,
the service and two workers, whose tasks, calls and answers get lost.

One's own options, in real durations, are explained by `activity explain`.

The JSON has the counts of the exploration and two lists of checks, `promises` and, of the whole
system, `properties`.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "every promise holds"),
    (Exit::Disagreed, "a promise is broken"),
    (Exit::Unusable, "the command line cannot be used"),
    (Exit::Inconclusive, "nothing is broken, but not everything was explored"),
];

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format.of_problems()
    }

    pub(super) fn threads(&self) -> usize {
        let all = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.threads.map_or(all, NonZeroUsize::get)
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.time_limit.map(Duration::from_secs)
    }

    pub(super) fn is_one_configuration(&self) -> bool {
        self.serve.is_some() || self.one.is_given()
    }

    /// What is explored.
    pub(super) fn scope(&self) -> Result<Scope, Problem> {
        if self.is_one_configuration() {
            return Ok(Scope::One(self.one.configuration()?));
        }
        let (part, bounds) = if self.quick { (Part::Quick, QUICK) } else { (Part::Whole, BOUNDS) };
        Ok(Scope::Part(part, bounds))
    }

    /// The configurations of these dialects, or the one that is given.
    pub(super) fn grid(
        &self,
        dialects: impl IntoIterator<Item = Dialect>,
    ) -> Result<Grid, Problem> {
        Ok(match self.scope()? {
            Scope::Part(part, _) => {
                let grids = dialects.into_iter().map(|dialect| part.grid(dialect));
                Grid::of(grids.flat_map(|grid| grid.configurations().to_vec()))
            }
            Scope::One(configuration) => Grid::of([configuration]),
        })
    }
}

impl OneConfiguration {
    fn is_given(&self) -> bool {
        let OneConfiguration {
            start_to_close,
            schedule_to_close,
            schedule_to_start,
            heartbeat,
            start_delay,
            attempts,
            backoff,
            workflow,
        } = self;
        *workflow
            || [
                start_to_close,
                schedule_to_close,
                schedule_to_start,
                heartbeat,
                start_delay,
                attempts,
                backoff,
            ]
            .iter()
            .any(|given| given.is_some())
    }

    /// What is not given follows as a server would have it: the bounds of a part from that of the
    /// whole.
    fn configuration(&self) -> Result<Configuration, Problem> {
        let start_to_close = self.start_to_close.or(self.schedule_to_close).unwrap_or(2);
        let terms = ExecutionOptions {
            dialect: if self.workflow { Dialect::Workflow } else { Dialect::Standalone },
            maximum_attempts: self.attempts.filter(|attempts| *attempts > 0).map(Attempt),
            schedule_to_close_timeout: self.schedule_to_close.map(Span),
            schedule_to_start_timeout: self.schedule_to_start.or(self.schedule_to_close).map(Span),
            start_to_close_timeout: Span(start_to_close),
            heartbeat_timeout: self.heartbeat.map(Span),
            start_delay: Span(self.start_delay.unwrap_or(0)),
            retries_start_to_close: true,
            retries_heartbeat: true,
        };
        if terms.are_normal() {
            let backoff = Span(self.backoff.unwrap_or(1));
            return Ok(Configuration { terms, backoff, next_retry_delay: Span(NEXT_RETRY_DELAY) });
        }
        let message = "no server would leave these timeouts as they are";
        Err(Problem::new("command line", message).help(
            "start-to-close and schedule-to-start are at most schedule-to-close, and heartbeat is \
             at most start-to-close",
        ))
    }
}
