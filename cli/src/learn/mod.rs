//! `activity learn`: infers the machine of a system from what it answers, and draws how it differs
//! from the specification.

mod arguments;
mod draw;
mod report;

pub use arguments::Arguments;

use crate::command::Finished;
use crate::exit::Exit;
use crate::problem::Problem;
use activity_harness::Asked;
use activity_harness::alphabet::{Capabilities, Configuration};
use activity_harness::learn::{Budget, Ended, Interrogated, Learned, Outside, learn};
use activity_harness::machine::{Comparison, Explicit, compare};
use activity_harness::process::{Process, Program};
use activity_harness::seam::{ActivitySystem as _, SystemClock};
use activity_models::exploration::CoreMachine;
use activity_models::mutants::{of_memory, of_service};
use arguments::Drawn;
use std::time::Duration;

/// What was learned of a system.
struct Report {
    configuration: Configuration,
    system: String,
    specification: Explicit,
    learned: Learned,
    comparison: Comparison,
}

/// How many steps that differ are looked at.
const MOST: usize = 1_000;

/// Runs the command.
///
/// # Errors
/// If there is no such mutant, or no such configuration.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    let report = learned(arguments).map_err(|problem| vec![problem])?;
    let text = match arguments.format {
        Drawn::Human => report.to_text(),
        Drawn::Json => format!("{:#}\n", report.to_json()),
        Drawn::Dot => report.graph(arguments.whole).dot(),
        Drawn::Mermaid => report.graph(arguments.whole).mermaid(),
    };
    Ok(Finished { text, exit: report.exit() })
}

fn learned(arguments: &Arguments) -> Result<Report, Problem> {
    let (configuration, power) = (arguments.configuration(), arguments.power());
    if !arguments.command.is_empty() {
        return of_program(arguments);
    }
    let all = Capabilities::all();
    let Some(name) = &arguments.mutant else {
        let core = Interrogated::new(CoreMachine, &configuration, power);
        return asked(arguments, "the core".to_owned(), all, core);
    };
    let system = format!("a core with the wrong rule {name}");
    let service = of_service().into_iter().find(|mutant| mutant.name == name);
    if let Some(mutant) = service {
        let wrong = Interrogated::new(mutant.of(CoreMachine), &configuration, power);
        return asked(arguments, system, all, wrong);
    }
    let Some(mutant) = of_memory().into_iter().find(|mutant| mutant.name == name) else {
        let message = format!("there is no mutant `{name}` of one execution");
        let help = "`activity check --mutant list` names them all";
        return Err(Problem::new("--mutant", message).help(help));
    };
    let wrong = Interrogated::new(mutant.of(CoreMachine), &configuration, power);
    asked(arguments, system, all, wrong)
}

/// How long a program may take to answer.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Learns a program, with the inputs that it can be given.
fn of_program(arguments: &Arguments) -> Result<Report, Problem> {
    let program = Program { command: arguments.command.clone(), time_limit: TIME_LIMIT };
    let process = Process::start(program).map_err(|broken| {
        Problem::new("the service", broken.what.clone()).help(
            broken
                .help
                .unwrap_or_else(|| "it has to speak the protocol of `activity conform`".to_owned()),
        )
    })?;
    let (manifest, configuration) = (process.manifest(), arguments.configuration());
    if manifest.clock != SystemClock::Virtual {
        let problem = Problem::new(manifest.title(), "its clock is not virtual");
        return Err(problem.help("a machine is learned of a system whose clock the harness drives"));
    }
    if manifest.observes < arguments.power() {
        let message = format!("what is seen of it is no more than its {}", manifest.observes);
        let help = format!("take --seen {}", manifest.observes);
        return Err(Problem::new(manifest.title(), message).help(help));
    }
    if !configuration.suits(manifest.can) {
        let message = format!("it cannot be tested in \u{201c}{}\u{201d}", configuration.name);
        return Err(Problem::new(manifest.title(), message).help("take another --configuration"));
    }
    let outside = Outside::new(process, &configuration, arguments.power());
    asked(arguments, manifest.title(), manifest.can, outside)
}

/// Learns a system that answers.
fn asked<S: Asked<Error: std::fmt::Display>>(
    arguments: &Arguments,
    name: String,
    capabilities: Capabilities,
    mut system: S,
) -> Result<Report, Problem> {
    let configuration = arguments.configuration();
    let inputs = configuration.alphabet(capabilities);
    let specification = Explicit::of(&configuration, &inputs, arguments.power());
    let specification = specification.map_err(|large| {
        Problem::new("--configuration", large.to_string()).help("take another one")
    })?;
    let budget = Budget { queries: arguments.budget, ..Budget::default() };
    let learned = learn(&mut system, &specification, budget)
        .map_err(|error| Problem::new(name.clone(), error.to_string()))?;
    let comparison = compare(specification.minimal().mealy(), learned.machine.mealy(), MOST);
    Ok(Report { configuration, system: name, specification, learned, comparison })
}

impl Report {
    fn exit(&self) -> Exit {
        if !self.comparison.steps.is_empty() {
            return Exit::Disagreed;
        }
        match self.learned.ended {
            Ended::BudgetSpent => Exit::Inconclusive,
            Ended::IsTheSpecification | Ended::NothingSpeaksAgainstIt => Exit::Agreed,
        }
    }
}
