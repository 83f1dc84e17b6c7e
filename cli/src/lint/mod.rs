//! `activity lint`: what is wrong with options where people have them, in their code.
//! Reads, asks the rules of the analysis, and reports; has no rule of its own.

mod baseline;
#[cfg(feature = "code")]
mod code;
mod config;
mod explain;
mod found;
mod human;
mod json;
mod read;
mod sarif;
mod suppress;

use crate::command::{Finished, Format};
use crate::exit::{self, Exit};
use crate::input;
use crate::problem::Problem;
use activity_analysis::rules::Severity;
use activity_sources::files::{Files, Walk, WalkError};
use clap::ValueEnum;
use found::Found;
use read::{Given, Reader, ScanCoverage, Source};
use std::path::PathBuf;

/// Find options in code that do not do what they seem to
///
/// Reads Go, TypeScript, JavaScript, Python and Java, and documents: options in TOML, JSON and
/// YAML, recorded histories. Respects .gitignore; skips tests, generated and vendored code unless
/// asked for or named. Follows constants into other files of the repository, and says only what
/// holds whatever the code does not show; what depends on it is said as information, with its
/// condition.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = exit::help(EXAMPLES, ENDS))]
pub struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// What standard input is called, which says what is in it: charge.go for one
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,

    /// For whom the output is
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: LintFormat,

    /// From which severity on findings fail the run; information never does
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,

    /// Show information as well
    #[arg(long)]
    notes: bool,

    /// Explain a rule, or list all of them
    #[arg(long, value_name = "RULE", num_args = 0..=1, default_missing_value = "")]
    explain: Option<String>,

    /// Set the severity of a rule, once or more: RULE=error, warning, information or off
    #[arg(long = "rule", value_name = "RULE=SEVERITY")]
    rules: Vec<String>,

    /// Settings [default: the nearest activity.toml with a table `lint`, here or above]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Say nothing of what this file lists: old findings, by file, rule and count
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Write the findings that fail the run to this file, to be a baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,

    /// Look at tests
    #[arg(long)]
    include_tests: bool,

    /// Look at generated code
    #[arg(long)]
    include_generated: bool,

    /// Look at vendored code
    #[arg(long)]
    include_vendored: bool,

    /// Skip tests, generated and vendored code even if they are named
    #[arg(long)]
    force_exclude: bool,

    /// Skip files with more bytes than this
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    size_limit: Option<u64>,
}

/// For whom the output is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum LintFormat {
    /// For a person
    #[default]
    Human,
    /// For a program: one JSON object
    Json,
    /// For a code scanner: SARIF 2.1.0
    Sarif,
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum FailOn {
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// Nothing
    Never,
}

/// Everything there is to report.
#[derive(Debug)]
struct Report {
    /// The files with findings and others.
    sources: Vec<Source>,
    /// The findings, by file and place.
    found: Vec<Found>,
    /// What was looked at.
    coverage: ScanCoverage,
    /// How many findings the baseline hides.
    in_baseline: usize,
    /// How many findings the baseline lists that are there no more.
    outdated: usize,
}

const EXAMPLES: &str = "\
Examples:
  activity lint                                    everything here
  activity lint src --format sarif > lint.sarif    for a code scanner
  activity lint - --stdin-filename charge.go       what an editor has open
  activity lint --explain never-retries            what a rule finds, and why it matters
  activity lint --write-baseline lint-baseline.json
  activity lint --baseline lint-baseline.json      only what is new

Suppressions, on the line or above it, with a reason:
  // activity-lint: allow(no-heartbeat): cheap to repeat";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "no findings that fail the run"),
    (Exit::Disagreed, "findings from warnings on, or from what --fail-on says"),
    (Exit::Unusable, "the arguments, the settings or the baseline cannot be used"),
    (Exit::Inconclusive, "there are files, and none of them could be read"),
];

impl Arguments {
    /// For whom complaints about the input are.
    #[must_use]
    pub fn format(&self) -> Format {
        match self.format {
            LintFormat::Human | LintFormat::Sarif => Format::Human,
            LintFormat::Json => Format::Json,
        }
    }
}

impl FailOn {
    fn includes(self, severity: Severity) -> bool {
        match self {
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Error => severity >= Severity::Error,
            FailOn::Never => false,
        }
    }
}

/// Looks at the files, and reports what is wrong.
///
/// # Errors
/// If the arguments, the settings or the baseline cannot be used.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    if let Some(rule) = &arguments.explain {
        return explain::explain(rule).map_err(|problem| vec![problem]);
    }
    lint(arguments).map_err(|problem| vec![problem])
}

fn lint(arguments: &Arguments) -> Result<Finished, Problem> {
    let mut config = config::read(arguments.config.as_deref())?;
    config::apply(&arguments.rules, &mut config.settings)?;
    let baseline = arguments.baseline.as_ref().or(config.baseline.as_ref());
    let baseline = baseline.filter(|_| arguments.write_baseline.is_none());
    let baseline = baseline.map(|path| baseline::read(path)).transpose()?;
    let walk = walk(arguments, &config);
    let given = standard_input(arguments)?;
    let paths = arguments.paths.iter().filter(|path| !input::is_standard(path));
    let mut files = walk.files(&paths.cloned().collect::<Vec<_>>()).map_err(problem)?;
    if let Some(Given { path, bytes }) = &given {
        walk.given(path, bytes, &mut files);
    }
    let named: Vec<String> =
        files.found.iter().filter(|file| file.is_named).map(read::name_of).collect();
    let reader = Reader::new(&walk, &arguments.paths, given.as_ref());
    let mut report = looked_at(&reader, files, &config);
    let unreadable = report.coverage.unreadable_files.iter();
    if let Some(problem) = unreadable.clone().find(|it| named.iter().any(|name| name == it.file()))
    {
        return Err(problem.clone());
    }
    let fails_on = arguments.fail_on.or(config.fail_on).unwrap_or(FailOn::Warning);
    if let Some(path) = &arguments.write_baseline {
        baseline::write(path, &report.sources, &report.found)?;
        let text = format!("{}\n", baseline::told(path, &report.found));
        return Ok(Finished { text, exit: Exit::Agreed });
    }
    if let Some(baseline) = baseline {
        baseline.hide(&mut report);
    }
    let fails = report.found.iter().any(|found| fails_on.includes(found.severity));
    let text = match arguments.format {
        LintFormat::Human => human::text(&report, arguments.notes),
        LintFormat::Json => format!("{:#}\n", json::json(&report)),
        LintFormat::Sarif => format!("{:#}\n", sarif::sarif(&report, &config.settings)),
    };
    let is_blind = report.coverage.is_blind() && !report.coverage.unreadable_files.is_empty();
    let exit = match (fails, is_blind) {
        (true, _) => Exit::Disagreed,
        (false, true) => Exit::Inconclusive,
        (false, false) => Exit::Agreed,
    };
    Ok(Finished { text, exit })
}

/// What standard input says, if it is asked for.
fn standard_input(arguments: &Arguments) -> Result<Option<Given>, Problem> {
    let standard = arguments.paths.iter().find(|path| input::is_standard(path));
    let Some(standard) = standard else {
        return match &arguments.stdin_filename {
            None => Ok(None),
            Some(_) => {
                let message = "--stdin-filename is given, and nothing reads standard input";
                let help = "name standard input as well: activity lint - --stdin-filename NAME";
                Err(Problem::new("command line", message).help(help))
            }
        };
    };
    let path = match &arguments.stdin_filename {
        Some(name) => name.clone(),
        None => PathBuf::from(input::name(standard)),
    };
    Ok(Some(Given { path, bytes: input::read(standard)? }))
}

fn walk(arguments: &Arguments, config: &config::Config) -> Walk {
    Walk {
        tests: arguments.include_tests || config.include_tests,
        generated: arguments.include_generated || config.include_generated,
        vendored: arguments.include_vendored || config.include_vendored,
        named_too: arguments.force_exclude,
        largest: arguments.size_limit.or(config.size_limit).unwrap_or(SIZE_LIMIT),
        exclude: config.exclude.clone(),
        extensions: read::extensions(),
    }
}

/// Reads the files and judges what is in them.
fn looked_at(reader: &Reader<'_>, files: Files, config: &config::Config) -> Report {
    let (sources, coverage) = read::read(reader, files);
    let mut found = found::judge(&sources, config);
    for (index, source) in sources.iter().enumerate() {
        suppress::apply(index, source, &config.settings, &mut found);
    }
    found.sort_by(|one, other| one.order().cmp(&other.order()));
    Report { sources, found, coverage, in_baseline: 0, outdated: 0 }
}

/// What is wrong with the paths.
fn problem(error: WalkError) -> Problem {
    match error {
        WalkError::Path(path, error) => {
            Problem::new(path.display().to_string(), input::io_complaint(&error))
        }
        WalkError::Pattern(message) => {
            Problem::new("activity.toml", format!("`exclude`: {message}"))
                .help("write patterns as in .gitignore, \"legacy/**\" for one")
        }
    }
}

/// How many bytes a file may have unless somebody says otherwise.
const SIZE_LIMIT: u64 = 2_000_000;
