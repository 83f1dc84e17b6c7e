//! What is explored: a machine in its environment, every step of it judged.
//! Knows promises and refinement; does not know in which order steps are taken.

use super::alphabet::{self, Tried};
use super::bounds::Configuration;
use super::machine::{CoreMachine, Machine, SpecificationMachine};
use super::name::{Name, settled};
use super::quotient::class;
use crate::specification::Specification;
use activity_execution::promises::{self, Predicate};
use activity_execution::vocabulary::{
    Action, Observation, Rejection, Reply, RequestId, Span, Step, TimeoutType, Timestamp,
};

/// An execution as explorers see it.
pub type Observed = Observation<i16, Name>;

/// Promises by their place in [`System::promises`], as bits: one step can break several.
pub type Broken = u128;

/// A machine in its environment.
#[derive(Clone, Debug)]
pub struct System<M> {
    machine: M,
    environment: Environment,
    promises: Vec<Judge>,
    of_states: Vec<(Broken, Predicate<i16, Name>)>,
    of_steps: Vec<(Broken, Predicate<i16, Name>)>,
}

/// Who decides when timers take effect, and what the machine is compared with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Environment {
    /// Anything at any moment: timers take effect in order, but on time or late.
    TimersMayBeLate,
    /// As in an engine, time first: the clock may jump, but then every due deadline is settled
    /// before a call is considered. The machine is held to the specification step by step.
    TimeFirst,
}

/// Something that each step is judged by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Judge {
    /// Its name.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub statement: &'static str,
}

/// The promises about the two texts together, which only the environment of an engine judges.
const REFINEMENT: [(&str, &str); 3] = [
    (
        "each_step_of_the_core_is_a_step_of_the_specification",
        "What the core answers is what the specification answers.",
    ),
    (
        "specification_and_core_look_alike",
        "After each step specification and core show the same execution.",
    ),
    (
        "the_core_hides_nothing",
        "What the core shows is all that it is: restored from it, it is the same.",
    ),
];

/// One step, judged.
#[derive(Clone, Copy, Debug)]
pub struct Judged {
    /// How it was answered.
    pub reply: Reply<i16, Name>,
    /// The execution after it, with everything in it.
    pub after: Observed,
    /// What it broke.
    pub broken: Broken,
}

impl System<SpecificationMachine> {
    /// The specification alone, whose timers may be late.
    #[must_use]
    pub fn specification() -> Self {
        System::new(SpecificationMachine, Environment::TimersMayBeLate)
    }
}

impl System<CoreMachine> {
    /// The core in lockstep with the specification.
    #[must_use]
    pub fn product() -> Self {
        System::new(CoreMachine, Environment::TimeFirst)
    }
}

impl<M: Machine<i16, Name>> System<M> {
    /// A machine in an environment.
    ///
    /// # Panics
    /// If there are more promises than bits.
    #[must_use]
    pub fn new(machine: M, environment: Environment) -> Self {
        let mut judged = promises::all();
        if environment == Environment::TimeFirst {
            judged.extend(promises::when_settled());
        }
        let bits = |of_states| {
            let with_bits = judged.iter().enumerate();
            with_bits
                .filter(|(_, promise)| promise.of_states == of_states)
                .map(|(bit, promise)| (1 << bit, promise.holds))
                .collect()
        };
        let (of_states, of_steps) = (bits(true), bits(false));
        let mut promises: Vec<Judge> = judged
            .iter()
            .map(|promise| Judge { name: promise.name, statement: promise.statement })
            .collect();
        if environment == Environment::TimeFirst {
            promises.extend(REFINEMENT.map(|(name, statement)| Judge { name, statement }));
        }
        assert!(promises.len() <= Broken::BITS as usize, "a bit for each promise");
        System { machine, environment, promises, of_states, of_steps }
    }

    /// What every step is judged by; its place here is its bit in [`Broken`].
    #[must_use]
    pub fn promises(&self) -> &[Judge] {
        &self.promises
    }

    /// The machine.
    #[must_use]
    pub fn machine(&self) -> &M {
        &self.machine
    }

    /// The environment.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// What is broken.
    #[must_use]
    pub fn judges(&self, broken: Broken) -> Vec<Judge> {
        let bits = self.promises.iter().enumerate();
        bits.filter(|(bit, _)| broken & (1 << bit) != 0).map(|(_, judge)| *judge).collect()
    }

    /// The execution that everything begins with, and what it breaks.
    #[must_use]
    pub fn begin(&self, configuration: &Configuration) -> (Observed, Broken) {
        let (terms, now, request_id) = (&configuration.terms, Timestamp(0), RequestId(0));
        let state = self.machine.begin(terms, now, request_id);
        let observed = self.machine.observe(terms, &state);
        let mut broken = self.broken_by_state(configuration, &observed);
        if self.environment == Environment::TimeFirst {
            let specified = Specification::new(terms, now, request_id).observe();
            let hides = self.machine.restore(&observed) != state;
            broken |= self.refinement(false, specified != observed, hides);
        }
        (observed, broken)
    }

    /// Whether every promise of states holds of an execution, reached or not.
    #[must_use]
    pub fn is_possible(&self, configuration: &Configuration, observed: &Observed) -> bool {
        self.broken_by_state(configuration, observed) == 0
    }

    fn broken_by_state(&self, configuration: &Configuration, observed: &Observed) -> Broken {
        // What holds of states looks at the execution after the step alone.
        let action = Action::Tick { elapsed: Span(1) };
        let step = Step { now: observed.now, action, reply: Err(Rejection::NotDue) };
        let terms = &configuration.terms;
        let broken =
            self.of_states.iter().filter(|(_, holds)| !holds(terms, observed, &step, observed));
        broken.fold(0, |broken, (bit, _)| broken | bit)
    }

    /// Everything that is tried on an execution that stands like this.
    pub fn tried(
        &self,
        configuration: &Configuration,
        observed: &Observed,
        tried: &mut Vec<Tried>,
    ) {
        tried.clear();
        alphabet::time(configuration, tried);
        let offered = match self.environment {
            Environment::TimersMayBeLate => true,
            Environment::TimeFirst => !something_is_due(observed),
        };
        if offered {
            alphabet::calls(configuration, observed, tried);
        }
    }

    /// Takes a step from `before` and judges it.
    #[must_use]
    pub fn step(&self, configuration: &Configuration, before: &Observed, action: &Tried) -> Judged {
        let terms = &configuration.terms;
        let mut state = self.machine.restore(before);
        let reply = self.machine.step(terms, &mut state, action);
        let after = self.machine.observe(terms, &state);
        let step = Step { now: before.now, action: *action, reply };
        let mut broken = 0;
        for (bit, holds) in &self.of_steps {
            broken |= if holds(terms, before, &step, &after) { 0 } else { *bit };
        }
        // What holds of a state was judged when it was reached.
        if after != *before {
            for (bit, holds) in &self.of_states {
                broken |= if holds(terms, before, &step, &after) { 0 } else { *bit };
            }
        }
        if self.environment == Environment::TimeFirst {
            let mut specification = Specification::from_observation(*before);
            let specified = specification.step(terms, action);
            let hides = self.machine.restore(&after) != state;
            broken |= self.refinement(specified != reply, specification.observe() != after, hides);
        }
        Judged { reply, after, broken }
    }

    /// The class of an execution: what is visited once.
    #[must_use]
    pub fn class(&self, configuration: &Configuration, observed: &Observed) -> Observed {
        class(&configuration.terms, observed)
    }

    fn refinement(&self, answers: bool, looks: bool, hides: bool) -> Broken {
        let first = self.promises.len() - REFINEMENT.len();
        (Broken::from(answers) | Broken::from(looks) << 1 | Broken::from(hides) << 2) << first
    }
}

impl Judged {
    /// The execution from which the next step is taken.
    #[must_use]
    pub fn next(&self) -> Observed {
        settled(&self.after)
    }
}

/// Whether a deadline waits to take effect.
#[must_use]
pub fn something_is_due(observed: &Observed) -> bool {
    TimeoutType::ALL
        .into_iter()
        .any(|it| observed.deadlines.of(it).is_some_and(|deadline| deadline <= observed.now))
}
