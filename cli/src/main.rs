//! The command `activity`: arguments in, text and an exit code out. What to say is the library's.

use activity::command::{Finished, Format};
use activity::exit::{self, Exit};
use activity::problem::Problem;
use activity::{
    check, completions, conform, diagram, explain, history, learn, lint, prove, replay,
};
use anstream::AutoStream;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use std::env;
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// Activity Executions in Temporal's sense that can be trusted
#[derive(Debug, Parser)]
#[command(name = "activity", version, arg_required_else_help = true, after_help = exit::help(AFTER_HELP, ENDS))]
#[command(propagate_version = true, max_term_width = 100)]
struct Arguments {
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Explore specification and core exhaustively, and judge every step
    Check(check::Arguments),
    /// Hold a service of one's own, in whatever language, to the specification
    Conform(conform::Arguments),
    /// Draw the state machine from the steps that were explored
    Diagram(diagram::Arguments),
    /// Judge recorded histories: do they conform, and why did they end like that?
    History(history::Arguments),
    /// Find options in code that do not do what they seem to
    Lint(lint::Arguments),
    /// Infer the machine of a system, and draw how it differs from the specification
    Learn(learn::Arguments),
    /// Play recorded traces on the core and on the specification, and compare
    Replay(replay::Arguments),
    /// Say what options mean: what is in force, what can and can never happen, and when
    Explain(Box<explain::Arguments>),
    /// Prove the theorems about core and specification, for all parameters
    Prove(prove::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

const AFTER_HELP: &str = "\
Examples:
  activity check                    does every promise hold of everything that can happen?
  activity history history.json     did the activities of this workflow go as they may?
  activity lint src                 do the options in my code do what they seem to?
  activity replay                   does the core still do what a Temporal server did?
  activity explain activity.toml    what can these options do?
  activity explain history.json     what do the options of this workflow's activities mean?
  activity conform -- ./service     does my own service keep the promises?
  activity prove                    do the promises hold for all parameters?";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "all is well"),
    (Exit::Disagreed, "something is not as it should be"),
    (Exit::Unusable, "the input, or the command line, cannot be used"),
    (Exit::Inconclusive, "nothing is wrong, but not everything could be looked at"),
];

fn main() -> ExitCode {
    let command = Arguments::command().color(color_of_help(env::args_os()));
    let arguments = Arguments::from_arg_matches(&command.get_matches())
        .unwrap_or_else(|error| error.format(&mut Arguments::command()).exit());
    let (finished, format) = match &arguments.command {
        Command::Check(arguments) => (check::run(arguments), arguments.format()),
        Command::Conform(arguments) => (conform::run(arguments), arguments.format()),
        Command::Diagram(arguments) => (diagram::run(arguments), arguments.format()),
        Command::History(arguments) => (history::run(arguments), arguments.format()),
        Command::Lint(arguments) => (lint::run(arguments), arguments.format()),
        Command::Learn(arguments) => (learn::run(arguments), arguments.format()),
        Command::Replay(arguments) => (replay::run(arguments), arguments.format()),
        Command::Explain(arguments) => (explain::run(arguments), arguments.format()),
        Command::Prove(arguments) => (prove::run(arguments), arguments.format()),
        Command::Completions(arguments) => {
            (Ok(completions::run(*arguments, &mut Arguments::command())), Format::Human)
        }
    };
    let choice = arguments.color.choice();
    match finished {
        Ok(finished) => print(&finished, choice),
        Err(problems) => complain(&problems, format, choice),
    }
    .into()
}

/// Prints to standard output; whoever closed it early has seen enough, which is no failure.
fn print(finished: &Finished, choice: anstream::ColorChoice) -> Exit {
    let mut output = BufWriter::new(AutoStream::new(io::stdout().lock(), choice));
    let written = output.write_all(finished.text.as_bytes()).and_then(|()| output.flush());
    match written {
        Ok(()) => finished.exit,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => finished.exit,
        Err(error) => {
            // Nothing can be done if standard error is gone as well.
            let _ = writeln!(io::stderr(), "the output cannot be written: {error}");
            Exit::OutputFailed
        }
    }
}

fn complain(problems: &[Problem], format: Format, choice: anstream::ColorChoice) -> Exit {
    let mut output = AutoStream::new(io::stderr().lock(), choice);
    for problem in problems {
        // Nothing can be done if standard error is gone.
        let _ = match format {
            Format::Human => writeln!(output, "{}", problem.render()),
            Format::Json => writeln!(output, "{}", problem.to_json()),
        };
    }
    Exit::Unusable
}

/// The colour of help and of complaints about arguments, which are printed before all arguments are
/// understood: so this looks for the one that matters by itself.
fn color_of_help(arguments: impl Iterator<Item = OsString>) -> clap::ColorChoice {
    let arguments: Vec<_> = arguments.collect();
    let joined =
        arguments.iter().filter_map(|argument| argument.to_str()?.strip_prefix("--color="));
    let apart = arguments.windows(2).filter(|pair| pair[0] == "--color");
    let asked_for = joined.chain(apart.filter_map(|pair| pair[1].to_str())).next();
    match asked_for.map(|name| Color::from_str(name, false)) {
        Some(Ok(Color::Always)) => clap::ColorChoice::Always,
        Some(Ok(Color::Never)) => clap::ColorChoice::Never,
        Some(Ok(Color::Auto) | Err(_)) | None => clap::ColorChoice::Auto,
    }
}

impl Color {
    fn choice(self) -> anstream::ColorChoice {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}
