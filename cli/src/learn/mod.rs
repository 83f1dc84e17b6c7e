//! `activity learn`: infers the machine of a system from what it answers, and draws how it differs
//! from the specification.

mod arguments;
mod choice;
mod draw;
mod report;
mod subject;

pub use arguments::Arguments;

use crate::command::Finished;
use crate::exit::Exit;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::service;
use activity_harness::alphabet::Power;
use activity_harness::learn::{Budget, Contradiction, Ended, LearnError, Learned, learn};
use activity_harness::machine::Explicit;
use activity_harness::run::Watch as _;
use activity_harness::seam::Broken;
use arguments::Drawn;
use choice::{Candidate, Choice};
use subject::Subject;

/// What was learned of a system.
struct Report {
    system: String,
    choice: Choice,
    power: Power,
    specification: Explicit,
    learned: Learned,
}

/// Why there is no report.
enum Failure {
    /// The system, or an argument, cannot be used.
    Unusable(Problem),
    /// The system is no machine, in this configuration.
    NotDeterministic(String, Box<Contradiction>),
}

/// Runs the command.
///
/// # Errors
/// If there is no such mutant, or the program cannot be learned.
pub fn run(arguments: &Arguments) -> Result<Finished, Vec<Problem>> {
    service::ends_with_us();
    let report = match learned(arguments) {
        Ok(report) => report,
        Err(Failure::Unusable(problem)) => return Err(vec![problem]),
        Err(Failure::NotDeterministic(configuration, contradiction)) => {
            let text = match arguments.format {
                Drawn::Json => {
                    format!("{:#}\n", report::contradiction_json(&configuration, &contradiction))
                }
                _ => report::contradiction(&configuration, &contradiction),
            };
            return Ok(Finished { text, exit: Exit::Disagreed });
        }
    };
    let text = match arguments.format {
        Drawn::Human => report.to_text(),
        Drawn::Json => format!("{:#}\n", report.to_json()),
        Drawn::Dot => report.graph(arguments.whole, usize::MAX).dot(),
        Drawn::Mermaid => report.graph(arguments.whole, usize::MAX).mermaid(),
        Drawn::Svg => report.graph(arguments.whole, draw::MOST_STATES).svg(),
    };
    Ok(Finished { text, exit: report.exit() })
}

fn learned(arguments: &Arguments) -> Result<Report, Failure> {
    let (mut subject, power) = Subject::of(arguments).map_err(Failure::Unusable)?;
    let (system, capabilities) = (subject.name(), subject.capabilities());
    let candidates = arguments.candidates(capabilities, power).map_err(Failure::Unusable)?;
    let progress = Progress::new(None);
    let fails = |candidate: &Candidate, error: LearnError<Broken>| match error {
        LearnError::System(broken) => {
            let place = format!("in number {}, {}", candidate.number, candidate.configuration.name);
            let name =
                if arguments.command.is_empty() { system.clone() } else { arguments.typed() };
            Failure::Unusable(service::complaint(name, &broken.during(place)))
        }
        LearnError::NotDeterministic(it) => {
            Failure::NotDeterministic(candidate.configuration.name.clone(), it)
        }
    };
    let choice = Choice::of(&mut subject, candidates, power, arguments.budget, &progress)
        .map_err(|(candidate, error)| fails(&candidate, error))?;
    let chosen = &choice.chosen;
    progress.begins(&format!("learning in number {}", chosen.number), 0);
    let mut asked = subject.asked(&chosen.configuration, power, &progress);
    let budget = Budget { queries: arguments.budget, ..Budget::default() };
    let learned =
        learn(&mut asked, &chosen.specification, budget).map_err(|error| fails(chosen, error))?;
    progress.finish();
    let specification = chosen.specification.clone();
    Ok(Report { system, choice, power, specification, learned })
}

impl Report {
    fn exit(&self) -> Exit {
        if !self.learned.comparison.steps.is_empty() {
            return Exit::Disagreed;
        }
        match self.learned.ended {
            Ended::BudgetSpent => Exit::Inconclusive,
            Ended::IsTheSpecification | Ended::NothingSpeaksAgainstIt => Exit::Agreed,
        }
    }
}
