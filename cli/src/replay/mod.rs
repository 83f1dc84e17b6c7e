//! `activity replay`: plays recorded traces on the core and on the specification, and reports.
//! Arguments and presentation; the models read and play.

mod report;
mod source;

use crate::command::{Finished, Format};
use crate::exit::{self, Exit};
use crate::problem::Problem;
use activity_models::trace::Replayed;
use clap::Args;
use source::Source;
use std::path::PathBuf;
use std::time::Instant;

/// The arguments of `activity replay`.
#[derive(Args, Clone, Debug)]
#[command(after_help = exit::help(AFTER_HELP, ENDS))]
pub struct Arguments {
    /// Files of traces, one JSON object a line; `-` is standard input; without a file, the
    /// selection of recordings that comes with the command
    #[arg(value_name = "FILE")]
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
  activity replay                        the recordings that come with the command
  activity replay traces/*.jsonl         your own
  activity replay --format json - < t    for a program

Each step is played on the core and on the specification. What the trace recorded, answers and
what Describe showed afterwards, is compared with what the specification allows: instants within a
few milliseconds, everything else exactly. A step may leave out `after`, what Describe showed; then
its answer alone is compared. A poll that found no task has the answer {}. Steps are counted from 0,
which is the start.

The JSON has the counts traces, steps, refused, changes, withoutAfter, disagreeing and skipped, the
events that were skipped for, the disagreements, each with trace, step, field, recorded and allowed,
and the brokenPromises, each with trace, step, promise and statement.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "all traces agree"),
    (Exit::Disagreed, "some do not; each is shown up to the first step that disagrees"),
    (Exit::Unusable, "the input, or the command line, cannot be used"),
    (
        Exit::Inconclusive,
        "none disagrees, but some were skipped: they have events that are not modelled yet",
    ),
];

/// Runs the command.
///
/// # Errors
/// If an input cannot be used.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    #[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
    let started = Instant::now();
    let sources = if arguments.files.is_empty() {
        Source::selection()
    } else {
        arguments.files.iter().map(|path| Source::file(path)).collect()
    };
    let mut replayed = Replayed::default();
    for source in &sources {
        source.replay(&mut replayed).map_err(|problem| vec![problem])?;
    }
    let text = match arguments.format {
        Format::Human => report::text(&replayed, started.elapsed()),
        Format::Json => format!("{:#}\n", report::json(&replayed)),
    };
    Ok(Finished { text, exit: exit(&replayed) })
}

/// The exit code that this result deserves.
fn exit(replayed: &Replayed) -> Exit {
    if !replayed.disagreements.is_empty() {
        Exit::Disagreed
    } else if replayed.skipped() > 0 {
        Exit::Inconclusive
    } else {
        Exit::Agreed
    }
}
