//! Whom a machine is learned of: the core, a core with a wrong rule, or a program.

use super::Arguments;
use crate::problem::Problem;
use crate::progress::Progress;
use crate::service::complaint;
use activity_harness::alphabet::{Capabilities, Configuration, Input, Power, Shown};
use activity_harness::learn::{Interrogated, Outside};
use activity_harness::process::Process;
use activity_harness::run::Watch as _;
use activity_harness::seam::{ActivitySystem as _, Broken, SystemClock};
use activity_harness::suite::graded;
use activity_harness::{Asked, Mark};
use activity_models::exploration::{CoreMachine, Machine};
use activity_models::mutants::{MemoryRule, Mutant, ServiceRule, of_memory, of_service};

/// Whom a machine is learned of.
pub(super) enum Subject {
    Core,
    OfService(Mutant<ServiceRule>),
    OfMemory(Mutant<MemoryRule>),
    Program(Box<Outside<Process>>),
}

impl Subject {
    /// The subject that was asked for, and what is to be seen of it: all that it shows, if nothing
    /// is said.
    ///
    /// # Errors
    /// If there is no such mutant, or the program cannot be learned.
    pub(super) fn of(arguments: &Arguments) -> Result<(Self, Power), Problem> {
        if !arguments.command.is_empty() {
            return program(arguments);
        }
        let subject = Self::here(arguments)?;
        Ok((subject, arguments.power().unwrap_or(Power::Describe)))
    }

    /// One of this process.
    fn here(arguments: &Arguments) -> Result<Self, Problem> {
        let Some(name) = &arguments.mutant else { return Ok(Subject::Core) };
        let service = of_service().into_iter().find(|mutant| mutant.name == name);
        let memory = of_memory().into_iter().find(|mutant| mutant.name == name);
        match (service, memory) {
            (Some(mutant), _) => Ok(Subject::OfService(mutant)),
            (None, Some(mutant)) => Ok(Subject::OfMemory(mutant)),
            (None, None) => {
                let message = format!("there is no mutant `{name}` of one execution");
                let help = "`activity check --mutant list` names them all";
                Err(Problem::new("--mutant", message).help(help))
            }
        }
    }

    pub(super) fn name(&self) -> String {
        match self {
            Subject::Core => "the core".to_owned(),
            Subject::OfService(Mutant { name, .. }) | Subject::OfMemory(Mutant { name, .. }) => {
                format!("a core with the wrong rule {name}")
            }
            Subject::Program(outside) => outside.system().manifest().title(),
        }
    }

    pub(super) fn capabilities(&self) -> Capabilities {
        match self {
            Subject::Core | Subject::OfService(_) | Subject::OfMemory(_) => Capabilities::all(),
            Subject::Program(outside) => outside.system().manifest().can,
        }
    }

    /// Who answers in a configuration.
    pub(super) fn asked<'a>(
        &'a mut self,
        configuration: &Configuration,
        power: Power,
        progress: &'a Progress,
    ) -> Watched<'a> {
        let asked: Box<dyn Asked<Error = Broken> + 'a> = match self {
            Subject::Core => within(CoreMachine, configuration, power),
            Subject::OfService(mutant) => within(mutant.of(CoreMachine), configuration, power),
            Subject::OfMemory(mutant) => within(mutant.of(CoreMachine), configuration, power),
            Subject::Program(outside) => {
                outside.turn_to(configuration, power);
                Box::new(outside.as_mut())
            }
        };
        Watched { asked, progress }
    }
}

/// A program, which has to be what can be learned.
fn program(arguments: &Arguments) -> Result<(Subject, Power), Problem> {
    let process = Process::start(arguments.program())
        .map_err(|broken| complaint(arguments.typed(), &broken))?;
    let manifest = process.manifest();
    if manifest.clock != SystemClock::Virtual {
        let problem = Problem::new(manifest.title(), "its clock is not virtual");
        return Err(problem.help("a machine is learned of a system whose clock the harness drives"));
    }
    let power = arguments.power().unwrap_or(manifest.observes);
    if manifest.observes < power {
        let message = format!("what is seen of it is no more than its {}", manifest.observes);
        let help = format!("take --seen {}", manifest.observes);
        return Err(Problem::new(manifest.title(), message).help(help));
    }
    // Which configuration it is asked in, is said before each question.
    let first = &graded()[0];
    Ok((Subject::Program(Box::new(Outside::new(process, first, power))), power))
}

fn within<'a, M: Machine<i64, Mark> + 'a>(
    machine: M,
    configuration: &Configuration,
    power: Power,
) -> Box<dyn Asked<Error = Broken> + 'a> {
    Box::new(Within(Interrogated::new(machine, configuration, power)))
}

/// A machine of this process, which always answers.
struct Within<M>(Interrogated<M>);

impl<M: Machine<i64, Mark>> Asked for Within<M> {
    type Error = Broken;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        let Ok(shown) = self.0.ask(sequence);
        Ok(shown)
    }
}

/// Who is asked, with somebody who counts.
pub(super) struct Watched<'a> {
    asked: Box<dyn Asked<Error = Broken> + 'a>,
    progress: &'a Progress,
}

impl Asked for Watched<'_> {
    type Error = Broken;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Broken> {
        self.progress.played(1, sequence.len() as u64);
        self.asked.ask(sequence)
    }

    fn ask_all(&mut self, sequences: &[Vec<Input>]) -> Result<Vec<Vec<Shown>>, Broken> {
        let steps: usize = sequences.iter().map(Vec::len).sum();
        self.progress.played(sequences.len(), steps as u64);
        self.asked.ask_all(sequences)
    }

    fn width(&self) -> usize {
        self.asked.width()
    }
}
