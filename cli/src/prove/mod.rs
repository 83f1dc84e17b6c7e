//! `activity prove`: runs the proofs, and shows what falls.

mod report;

pub use report::Proved;

use crate::command::{CheckFormat, Finished, Format};
use crate::exit::{self, Exit};
use crate::problem::Problem;
use crate::refutation::{of_mutant, quietly};
use activity_models::mutants;
use activity_proofs::parties;
use activity_proofs::{Proof, Proven};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use symbolic::{Budget, Explorer};

/// The arguments of `activity prove`.
#[derive(Args, Clone, Debug)]
#[command(after_help = exit::help(AFTER_HELP, ENDS))]
pub struct Arguments {
    /// The names of theorems or proofs; without a name, all
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Prove it of a machine with this wrong rule: it has to fail
    #[arg(long, value_name = "NAME")]
    mutant: Option<String>,

    /// Give a case up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    budget: u64,

    /// Write, for each case, the question to an SMT solver whether all paths were explored
    #[arg(long, value_name = "FOLDER")]
    smt_lib: Option<PathBuf>,

    /// How to say it
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: CheckFormat,
}

impl Arguments {
    /// For whom complaints are.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format.of_problems()
    }
}

const AFTER_HELP: &str = "\
Examples:
  activity prove                           every theorem
  activity prove closed_is_final           one of them
  activity prove refinement settled        two proofs, with all their theorems
  activity prove --mutant fires_late       what the proof of a wrong rule looks like
  activity prove --smt-lib obligations     for z3, cvc5 or any other judge: `unsat` is good

Each theorem holds for all parameters: every timeout, instant, backoff and number of attempts. It is
proved by executing the very text of core and specification once for each path that symbols can
take; a branch is left out only with a certificate that a small kernel checked. Theorems of one proof
share its paths.

The JSON has theorems and proofs, each proof with the counts paths, pruned, refutations and
certificates, and the seconds it took. Each theorem is reported as every check is; `activity check
--help` says how.";

/// How it ends, in words for its help.
const ENDS: &[(Exit, &str)] = &[
    (Exit::Agreed, "all are proved"),
    (Exit::Disagreed, "one is refuted; a counterexample is shown"),
    (Exit::Unusable, "the command line cannot be used"),
    (Exit::Inconclusive, "none is refuted, but not every path was explored"),
];

/// Runs the command.
///
/// # Errors
/// If a name is unknown, or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    let proofs = asked_for(arguments).map_err(|problem| vec![problem])?;
    let budget = Budget {
        paths: u64::MAX,
        time: Duration::from_secs(arguments.budget),
        ..Budget::default()
    };
    let mut explorer = Explorer::new(budget);
    if arguments.smt_lib.is_some() {
        explorer = explorer.record_paths();
    }
    let progress = ProgressBar::new(proofs.len() as u64);
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} proofs  {msg}");
    progress.set_style(style.expect("the template is well-formed"));
    let mut proved = Proved::default();
    for (proof, paths) in proofs {
        progress.set_message(proof.name);
        let (proven, elapsed) = timed(|| quietly(|| proof.run(&explorer)));
        if let Some(folder) = &arguments.smt_lib {
            export(folder, &proven).map_err(|problem| vec![problem])?;
        }
        proved.add(&proven, paths, elapsed, &arguments.names);
        progress.inc(1);
    }
    progress.finish_and_clear();
    let text = match arguments.format {
        CheckFormat::Human => proved.to_text(),
        CheckFormat::Json => format!("{:#}\n", proved.to_json()),
        CheckFormat::Junit => proved.to_junit(),
    };
    Ok(Finished { text, exit: proved.exit() })
}

/// The proofs to run, each with the number of its paths if that is known.
fn asked_for(arguments: &Arguments) -> Result<Vec<(Proof, Option<u64>)>, Problem> {
    let proofs: Vec<_> = match &arguments.mutant {
        None => parties::all().into_iter().map(|(proof, paths)| (proof, Some(paths))).collect(),
        Some(name) => {
            let proofs = of_mutant(name).ok_or_else(|| {
                unknown("mutant", name, mutants::all().iter().map(|mutant| mutant.name))
            })?;
            proofs.into_iter().map(|proof| (proof, None)).collect()
        }
    };
    let names = |proof: &Proof| {
        let theorems = proof.theorems.iter().map(|theorem| theorem.name);
        theorems.chain([proof.name]).collect::<Vec<_>>()
    };
    for name in &arguments.names {
        let mut known = proofs.iter().flat_map(|(proof, _)| names(proof));
        if !known.any(|known| known == name) {
            let known = proofs.iter().flat_map(|(proof, _)| names(proof));
            return Err(unknown("theorem or proof", name, known));
        }
    }
    let asked = |name: &&str| arguments.names.iter().any(|asked| asked == name);
    let is_asked_for = |proof: &Proof| arguments.names.is_empty() || names(proof).iter().any(asked);
    Ok(proofs.into_iter().filter(|(proof, _)| is_asked_for(proof)).collect())
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let problem = Problem::new("the command line", format!("there is no {what} `{name}`"));
    let nearest = known.max_by(|one, other| {
        strsim::jaro_winkler(name, one).total_cmp(&strsim::jaro_winkler(name, other))
    });
    match nearest {
        Some(nearest) => problem.help(format!("did you mean `{nearest}`?")),
        None => problem,
    }
}

/// Writes the obligations of a proof, one file for each case.
fn export(folder: &Path, proven: &Proven) -> Result<(), Problem> {
    let folder = folder.join(proven.name);
    let write = || {
        fs::create_dir_all(&folder)?;
        for report in &proven.reports {
            let name: String = report
                .name
                .chars()
                .map(|letter| if letter.is_alphanumeric() { letter } else { '-' })
                .collect();
            let name = name.trim_end_matches('-').replace("--", "-");
            fs::write(folder.join(format!("{name}.smt2")), report.paths.to_smtlib())?;
        }
        Ok(())
    };
    write().map_err(|error: std::io::Error| {
        Problem::new(folder.display().to_string(), format!("cannot be written: {error}"))
    })
}

#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
fn timed<R>(run: impl FnOnce() -> R) -> (R, Duration) {
    let started = Instant::now();
    let result = run();
    (result, started.elapsed())
}
