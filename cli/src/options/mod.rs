//! `activity options`: what options in a file, or in a recorded history, really mean.

mod report;

use crate::command::{Finished, Format};
use crate::documents;
use crate::exit::{self, Exit};
use crate::problem::Problem;
use clap::Args;
use std::path::PathBuf;

/// The arguments of `activity options`.
#[derive(Args, Clone, Debug)]
#[command(after_help = exit::help(AFTER_HELP, ENDS))]
pub struct Arguments {
    /// Options in TOML or JSON, or a workflow history in JSON; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

impl Arguments {
    /// For whom the output is.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }
}

const AFTER_HELP: &str = "\
Examples:
  activity options activity.toml
  temporal workflow show --workflow-id w --output json | activity options -

A file of options in TOML:
  start_to_close_timeout = \"30s\"
  heartbeat_timeout = \"5s\"
  [retry_policy]
  maximum_attempts = 5

The same in JSON:
  {\"startToCloseTimeout\": \"30s\", \"heartbeatTimeout\": \"5s\", \"retryPolicy\": {\"maximumAttempts\": 5}}

What a file is, is told from its content. Of a history, every scheduled activity is shown.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "the options are shown, or the history has no activities"),
    (Exit::Unusable, "a file, or the command line, cannot be used; nothing is shown then"),
];

/// Runs the command.
///
/// # Errors
/// All files that cannot be used, each with its first fault.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    let files = documents::read(&arguments.files)?;
    let text = match arguments.format {
        Format::Human => report::text(&files),
        Format::Json => format!("{:#}\n", report::json(&files)),
    };
    Ok(Finished { text, exit: Exit::Agreed })
}
