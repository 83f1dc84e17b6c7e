//! The arguments of `activity explain`: options as flags, and what is known beyond them.

use crate::command::{CheckFormat, Format};
use crate::exit::{self, Exit};
use crate::problem::Problem;
use crate::report::JSON_OF_A_CHECK;
use activity_analysis::scenarios::Circumstances;
use activity_execution::ActivityOptions;
use activity_execution::options::{Nanoseconds, RequestedOptions};
use activity_execution::vocabulary::{Dialect, Span};
use activity_execution::worker::HeartbeatThrottle;
use activity_sources::documents;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// The arguments of `activity explain`.
#[derive(Args, Clone, Debug)]
#[command(after_help = after_help())]
pub struct Arguments {
    /// Options in TOML, JSON or YAML, a recorded history or a part of one; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    #[command(flatten)]
    options: Flags,

    #[command(flatten)]
    known: Known,

    /// Play a story of one's own: what becomes of each attempt, `fail after 2s, hang` for one
    #[arg(long, value_name = "FILE")]
    pub(super) story: Option<PathBuf>,

    /// Also tell every outcome with its earliest and latest instant, and how it comes about
    #[arg(long)]
    pub(super) all: bool,

    /// Draw this scenario, by its name in the JSON, or the first one
    #[arg(long, value_name = "SCENARIO", num_args = 0..=1, default_missing_value = "")]
    pub(super) timeline: Option<String>,

    /// Draw the scenario of --timeline as SVG, into this file
    #[arg(long, value_name = "FILE")]
    pub(super) svg: Option<PathBuf>,

    /// Only letters, digits and signs that every terminal has
    #[arg(long)]
    pub(super) ascii: bool,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) format: CheckFormat,

    /// Stop after so many seconds; what was not explored is reported as incomplete
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    time_limit: Option<u64>,
}

/// Options as flags; beside a file they stand in for what it says.
#[derive(Args, Clone, Debug, Default, PartialEq)]
#[command(next_help_heading = "Options, which stand in for those of a FILE")]
struct Flags {
    /// Bounds each attempt
    #[arg(long, alias = "start-to-close-timeout", value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    start_to_close: Option<Nanoseconds>,
    /// Bounds the whole chain of attempts
    #[arg(long, alias = "schedule-to-close-timeout", value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    schedule_to_close: Option<Nanoseconds>,
    /// Bounds each wait for a worker
    #[arg(long, alias = "schedule-to-start-timeout", value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    schedule_to_start: Option<Nanoseconds>,
    /// Bounds the silence of an attempt
    #[arg(long, alias = "heartbeat-timeout", value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    heartbeat: Option<Nanoseconds>,
    /// Delays the first attempt
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    start_delay: Option<Nanoseconds>,
    /// The wait after the first attempt
    #[arg(long, alias = "retry-initial-interval", value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    initial_interval: Option<Nanoseconds>,
    /// What each further wait is multiplied with
    #[arg(long, alias = "retry-backoff-coefficient", value_name = "NUMBER")]
    #[arg(allow_negative_numbers = true)]
    backoff_coefficient: Option<f64>,
    /// Bounds each wait
    #[arg(long, alias = "retry-maximum-interval", value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    maximum_interval: Option<Nanoseconds>,
    /// How many attempts there may be, the first included; 0 is unlimited
    #[arg(long, aliases = ["retry-maximum-attempts", "max-attempts"], value_name = "N")]
    #[arg(value_parser = attempts, allow_negative_numbers = true)]
    maximum_attempts: Option<i32>,
    /// A type of failure that is not retried; may be given several times
    #[arg(long, value_name = "TYPE")]
    non_retryable: Vec<String>,
    /// As an activity of a workflow
    #[arg(long, conflicts_with = "standalone")]
    workflow: bool,
    /// As a standalone activity, which is the default where a file does not say otherwise
    #[arg(long, conflicts_with = "run_timeout")]
    standalone: bool,
    /// Bounds the run of the workflow, which begins with the activity
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    run_timeout: Option<Nanoseconds>,
}

/// What is known beyond the options.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What is known beyond the options")]
struct Known {
    /// How long the function takes
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    function_takes: Option<Nanoseconds>,
    /// How far apart the function heartbeats
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = some_time, allow_hyphen_values = true)]
    heartbeats_every: Option<Nanoseconds>,
    /// The function never heartbeats
    #[arg(long, conflicts_with = "heartbeats_every")]
    never_heartbeats: bool,
    /// How long a task waits for a worker's poll
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    poll_latency: Option<Nanoseconds>,
    /// How long a worker that shuts down lets its functions run on
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    worker_shutdown_grace: Option<Nanoseconds>,
    /// The delay that each failure asks for before the next attempt
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    next_retry_delay: Option<Nanoseconds>,
    /// The worker's option of this name; 60s unless given
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    max_heartbeat_throttle_interval: Option<Nanoseconds>,
    /// The worker's option of this name; 30s unless given
    #[arg(long, value_name = "DURATION")]
    #[arg(value_parser = duration, allow_hyphen_values = true)]
    default_heartbeat_throttle_interval: Option<Nanoseconds>,
}

fn duration(text: &str) -> Result<Nanoseconds, String> {
    if text.starts_with("--") {
        return Err("this is another option\n\n  tip: give a duration before it".to_owned());
    }
    let told = |message: &str, help: &str| {
        // The value and the flag stand before it on the line.
        let apart = if text.len() + message.len() > ROOM { "\n  " } else { "" };
        format!("{apart}{message}\n\n  tip: {help}")
    };
    let duration = documents::duration(text).map_err(|unusable| {
        told(unusable.message(), unusable.help().unwrap_or("give a duration such as 30s"))
    })?;
    if duration < Nanoseconds(0) {
        return Err(told("a duration cannot be negative", "leave it out if there is none"));
    }
    Ok(duration)
}

/// How many letters a value and what is wrong with it may have beside the longest flag.
const ROOM: usize = 34;

/// A duration that is not zero.
fn some_time(text: &str) -> Result<Nanoseconds, String> {
    match duration(text)? {
        Nanoseconds(0) => Err("nothing happens so often\n\n  tip: give the time from one \
                               heartbeat to the next, or --never-heartbeats"
            .to_owned()),
        some => Ok(some),
    }
}

fn attempts(text: &str) -> Result<i32, String> {
    text.parse().map_err(|_| {
        let most = i32::MAX;
        format!(
            "this is no number of attempts\n\n  tip: give a whole number up to {most}; 0 is \
                 unlimited"
        )
    })
}

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format.of_problems()
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.time_limit.map(Duration::from_secs)
    }

    /// Whether flags say what to explain.
    pub(super) fn has_options(&self) -> bool {
        self.options != Flags::default()
    }

    /// These options with what flags say in their place.
    ///
    /// # Errors
    /// If they are refused.
    pub(super) fn over(&self, given: Option<&ActivityOptions>) -> Result<ActivityOptions, Problem> {
        let flags = &self.options;
        let requested = given.map(|options| options.requested().clone()).unwrap_or_default();
        let requested = flags.over(requested);
        let options = requested.build().map_err(|invalid| {
            Problem::new("command line", invalid.to_string()).help(invalid.help())
        })?;
        let given = given.map(ActivityOptions::dialect);
        let dialect = match (flags.workflow || flags.run_timeout.is_some(), flags.standalone) {
            (true, _) => Dialect::Workflow,
            (_, true) => Dialect::Standalone,
            (false, false) => given.unwrap_or(options.dialect()),
        };
        Ok(options.in_dialect(dialect))
    }

    /// What is known beyond these options; `run_left` is how long the run of the workflow goes on.
    pub(super) fn circumstances(
        &self,
        options: &ActivityOptions,
        run_left: Option<Span>,
    ) -> Circumstances {
        let known = &self.known;
        let span = |given: Option<Nanoseconds>| given.map(Nanoseconds::whole_milliseconds);
        let throttle = HeartbeatThrottle::default();
        let of_options = Circumstances::of(options);
        Circumstances {
            function_takes: span(known.function_takes),
            heartbeats_every: span(known.heartbeats_every),
            never_heartbeats: known.never_heartbeats,
            poll_latency: span(known.poll_latency).unwrap_or(Span(0)),
            worker_shutdown_grace: span(known.worker_shutdown_grace),
            run_ends: run_left
                .filter(|_| self.options.run_timeout.is_none())
                .or(of_options.run_ends),
            next_retry_delay: span(known.next_retry_delay).filter(|delay| *delay > Span(0)),
            throttle: HeartbeatThrottle {
                default_heartbeat_throttle_interval: span(
                    known.default_heartbeat_throttle_interval,
                )
                .unwrap_or(throttle.default_heartbeat_throttle_interval),
                max_heartbeat_throttle_interval: span(known.max_heartbeat_throttle_interval)
                    .unwrap_or(throttle.max_heartbeat_throttle_interval),
            },
        }
    }
}

impl Flags {
    fn over(&self, mut given: RequestedOptions) -> RequestedOptions {
        let or = |flag: Option<Nanoseconds>, given: Option<Nanoseconds>| flag.or(given);
        given.start_to_close_timeout = or(self.start_to_close, given.start_to_close_timeout);
        given.schedule_to_close_timeout =
            or(self.schedule_to_close, given.schedule_to_close_timeout);
        given.schedule_to_start_timeout =
            or(self.schedule_to_start, given.schedule_to_start_timeout);
        given.heartbeat_timeout = or(self.heartbeat, given.heartbeat_timeout);
        given.start_delay = or(self.start_delay, given.start_delay);
        given.workflow_run_timeout = or(self.run_timeout, given.workflow_run_timeout);
        if self.standalone {
            given.workflow_run_timeout = None;
        }
        let mut policy = given.retry_policy.clone().unwrap_or_default();
        policy.initial_interval = or(self.initial_interval, policy.initial_interval);
        policy.maximum_interval = or(self.maximum_interval, policy.maximum_interval);
        policy.backoff_coefficient = self.backoff_coefficient.or(policy.backoff_coefficient);
        policy.maximum_attempts = self.maximum_attempts.or(policy.maximum_attempts);
        if !self.non_retryable.is_empty() {
            policy.non_retryable_error_types.clone_from(&self.non_retryable);
        }
        given.retry_policy(policy)
    }
}

fn after_help() -> String {
    exit::help(&format!("{ABOUT}\n\n{JSON_OF_A_CHECK}"), ENDS)
}

const ABOUT: &str = "\
Examples:
  activity explain activity.toml
  activity explain --start-to-close 30m --schedule-to-close 30m --maximum-attempts 3
  activity explain activity.toml --function-takes 4m --heartbeats-every 20s
  activity explain activity.toml --story story.txt --timeline --svg story.svg
  temporal workflow show --workflow-id w --output json | activity explain -

A file of options in TOML:
  start_to_close_timeout = \"30s\"
  heartbeat_timeout = \"5s\"
  workflow_run_timeout = \"1h\"
  [retry_policy]
  maximum_attempts = 5

The same in JSON:
  {\"startToCloseTimeout\": \"30s\", \"heartbeatTimeout\": \"5s\", \"retryPolicy\": {\"maximumAttempts\": 5}}

What a file is, is told from its content. Of a history, every scheduled activity is explained.

First come the options that are in force. What holds whatever happens is said of everything that can
happen, explored in real durations: instants are symbols, and what is known of them is a zone. Then
come situations with a name: each is one run of the core, and says what it assumes. With --all,
every outcome follows, with its earliest and latest instant and how it comes about then; also what
can happen only if timers are late, or if failures ask for a delay of their own.

A story has an attempt on each line, or several apart by commas; later ones go as the last:
  fail after 2s, fail not-retryable, fail asking 30s, complete after 1m, hang, run, die after 2s,
  lost, unpolled, completed-by-id after 5m, shutdown after 1m; cancel [attempt 2] after 5s,
  cancel in backoff

The JSON has for each activity `effective`, `changes`, `facts`, `scenarios` and `outcomes`.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "the options are explained, or the history has no activities"),
    (Exit::Disagreed, "a promise is broken with them"),
    (Exit::Unusable, "a file, or the command line, cannot be used; nothing is shown then"),
    (Exit::Inconclusive, "not everything could be explored"),
];
