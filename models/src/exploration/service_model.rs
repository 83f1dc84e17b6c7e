//! What is explored: a machine in its environment, every step of it judged.
//! Knows promises and refinement; does not know in which order steps are taken.

use super::alphabet::{self, Tried};
use super::bounds::Configuration;
use super::machine::{CoreMachine, Machine, SpecificationMachine};
use super::payload::{ExplorerPayload, settled};
use super::quotient::class;
use crate::explore::{Broken, Judge, Judged, Noting};
use crate::specification::Specification;
use activity_execution::promises::{self, ServicePromise};
use activity_execution::vocabulary::{
    Action, Observation, Rejection, Reply, RequestId, Span, Step, TimeoutType, Timestamp,
};

/// An execution as explorers see it.
pub type Observed = Observation<i16, ExplorerPayload>;

/// A machine in its environment.
#[derive(Clone, Debug)]
pub struct ServiceModel<M> {
    machine: M,
    environment: Environment,
    promises: Vec<Judge>,
    /// The promises of states; they come first.
    of_states: Vec<ServicePromise<i16, ExplorerPayload>>,
    /// How many promises hold in every environment.
    everywhere: usize,
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

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Stepped {
    /// How it was answered.
    pub reply: Reply<i16, ExplorerPayload>,
    /// The execution after it, with everything in it.
    pub after: Observed,
    /// Whether that is the execution before it.
    pub stays: bool,
}

/// An execution that steps are taken from: restored once, however many are tried.
#[derive(Debug)]
pub struct Stand<'a, M: Machine<i16, ExplorerPayload>> {
    system: &'a ServiceModel<M>,
    configuration: &'a Configuration,
    before: &'a Observed,
    state: M::State,
    specification: Specification<i16, ExplorerPayload>,
    /// Whether the machine shows what it was restored from: then the same state shows the same.
    is_told_by_state: bool,
}

impl ServiceModel<SpecificationMachine> {
    /// The specification alone, whose timers may be late.
    #[must_use]
    pub fn specification() -> Self {
        ServiceModel::new(SpecificationMachine, Environment::TimersMayBeLate)
    }
}

impl ServiceModel<CoreMachine> {
    /// The core in lockstep with the specification.
    #[must_use]
    pub fn product() -> Self {
        ServiceModel::new(CoreMachine, Environment::TimeFirst)
    }
}

impl<M: Machine<i16, ExplorerPayload>> ServiceModel<M> {
    /// A machine in an environment.
    ///
    /// # Panics
    /// If there are more promises than bits.
    #[must_use]
    pub fn new(machine: M, environment: Environment) -> Self {
        let mut judged = promises::all::<i16, ExplorerPayload>();
        let everywhere = judged.len();
        let of_states: Vec<_> =
            judged.iter().take_while(|promise| promise.of_states).copied().collect();
        assert!(
            judged[of_states.len()..].iter().all(|promise| !promise.of_states),
            "in this order"
        );
        if environment == Environment::TimeFirst {
            judged.extend(promises::when_settled());
        }
        let mut promises: Vec<Judge> = judged
            .iter()
            .map(|promise| Judge { name: promise.name, statement: promise.statement })
            .collect();
        if environment == Environment::TimeFirst {
            promises.extend(REFINEMENT.map(|(name, statement)| Judge { name, statement }));
        }
        assert!(promises.len() <= Broken::CAPACITY, "a bit for each promise");
        ServiceModel { machine, environment, promises, of_states, everywhere }
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
        broken.among(self.promises.iter().copied()).collect()
    }

    /// The execution that everything begins with, and what it breaks.
    #[must_use]
    pub fn begin(&self, configuration: &Configuration) -> Judged<Observed> {
        let (terms, now, request_id) = (&configuration.terms, Timestamp(0), RequestId(0));
        let state = self.machine.begin(terms, now, request_id);
        let observed = self.machine.observe(terms, &state);
        let mut broken = Self::broken_by_state(configuration, &observed);
        if self.environment == Environment::TimeFirst {
            let specified = Specification::new(terms, now, request_id).observe();
            let hides = self.machine.restore(&observed) != state;
            broken |= self.refinement(false, specified != observed, hides);
        }
        Judged { it: observed, broken }
    }

    /// Whether every promise of states holds of an execution, reached or not.
    #[must_use]
    pub fn is_possible(&self, configuration: &Configuration, observed: &Observed) -> bool {
        // Most of what is not is so for many reasons, of which the first is enough.
        let (step, terms) = (no_step(observed), &configuration.terms);
        self.of_states.iter().all(|promise| (promise.holds)(terms, observed, &step, observed))
    }

    fn broken_by_state(configuration: &Configuration, observed: &Observed) -> Broken {
        let (terms, step, mut noting) =
            (&configuration.terms, no_step(observed), Noting::default());
        promises::judge_states(terms, observed, &step, observed, &mut |holds| noting.note(holds));
        noting.broken
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

    /// An execution as it stands, for steps to be taken from.
    #[must_use]
    pub fn stand<'a>(
        &'a self,
        configuration: &'a Configuration,
        before: &'a Observed,
    ) -> Stand<'a, M> {
        let state = self.machine.restore(before);
        let specification = Specification::from_observation(*before);
        let is_told_by_state = self.machine.observe(&configuration.terms, &state) == *before
            && specification.observe() == *before;
        Stand { system: self, configuration, before, state, specification, is_told_by_state }
    }

    /// The class of an execution: what is visited once.
    #[must_use]
    pub fn class(&self, configuration: &Configuration, observed: &Observed) -> Observed {
        class(&configuration.terms, observed)
    }

    fn refinement(&self, answers: bool, looks: bool, hides: bool) -> Broken {
        let first = self.promises.len() - REFINEMENT.len();
        Broken::only_if(answers, first)
            | Broken::only_if(looks, first + 1)
            | Broken::only_if(hides, first + 2)
    }
}

impl<M: Machine<i16, ExplorerPayload>> Stand<'_, M> {
    /// Takes a step and judges it.
    #[must_use]
    pub fn step(&self, action: &Tried) -> Judged<Stepped> {
        let Stand { system, configuration, before, .. } = *self;
        let terms = &configuration.terms;
        let mut state = self.state.clone();
        let reply = system.machine.step(terms, &mut state, action);
        let is_same_state = self.is_told_by_state && state == self.state;
        let after = if is_same_state { *before } else { system.machine.observe(terms, &state) };
        let stays = is_same_state || after == *before;
        // What does not change is shown as the same, which costs no promise a comparison.
        let shown = if stays { before } else { &after };
        let step = Step { now: before.now, action: *action, reply };
        let mut steps = Noting::default();
        promises::judge_steps(terms, before, &step, shown, &mut |holds| steps.note(holds));
        let mut broken = steps.broken.behind(system.of_states.len());
        // What holds of a state was judged when it was reached.
        if !stays {
            let mut states = Noting::default();
            promises::judge_states(terms, before, &step, shown, &mut |holds| states.note(holds));
            broken |= states.broken;
        }
        if system.environment == Environment::TimeFirst {
            let mut settled = Noting::default();
            promises::judge_settled(terms, before, &step, shown, &mut |holds| settled.note(holds));
            broken |= settled.broken.behind(system.everywhere);
            let mut specification = self.specification;
            let specified = specification.step(terms, action);
            let is_specified = if is_same_state && specification == self.specification {
                true
            } else {
                specification.observe() == after
            };
            let hides = !is_same_state && system.machine.restore(&after) != state;
            broken |= system.refinement(specified != reply, !is_specified, hides);
        }
        Judged { it: Stepped { reply, after, stays }, broken }
    }
}

impl Stepped {
    /// The execution from which the next step is taken.
    #[must_use]
    pub fn next(&self) -> Observed {
        settled(&self.after)
    }
}

/// What holds of states looks at the execution after the step alone: this is any step.
fn no_step(observed: &Observed) -> Step<i16, ExplorerPayload> {
    let action = Action::Tick { elapsed: Span(1) };
    Step { now: observed.now, action, reply: Err(Rejection::NotDue) }
}

/// Whether a deadline waits to take effect.
#[must_use]
pub fn something_is_due(observed: &Observed) -> bool {
    TimeoutType::ALL
        .into_iter()
        .any(|it| observed.deadlines.of(it).is_some_and(|deadline| deadline <= observed.now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exploration::Grid;
    use crate::mutants::of_service;
    use activity_execution::vocabulary::Dialect;

    /// What the promises say one by one.
    fn one_by_one(
        promises: &[ServicePromise<i16, ExplorerPayload>],
        configuration: &Configuration,
        before: &Observed,
        action: &Tried,
        stepped: &Stepped,
    ) -> Broken {
        let step = Step { now: before.now, action: *action, reply: stepped.reply };
        let mut noting = Noting::default();
        for promise in promises {
            let is_judged = !promise.of_states || stepped.after != *before;
            let holds = (promise.holds)(&configuration.terms, before, &step, &stepped.after);
            noting.note(!is_judged || holds);
        }
        noting.broken
    }

    #[test]
    fn judged_together_promises_say_what_they_say_one_by_one() {
        let mut table = promises::all();
        table.extend(promises::when_settled());
        let mut broken_by_any = Broken::NOTHING;
        let grids = [Dialect::Standalone, Dialect::Workflow].map(|it| Grid::up_to(it, 2));
        let configurations = || grids.iter().flat_map(|grid| grid.configurations()).step_by(40);
        for mutant in of_service() {
            let system = ServiceModel::new(mutant.of(CoreMachine), Environment::TimeFirst);
            for configuration in configurations() {
                let mut observed = system.begin(configuration).it;
                let mut tried = Vec::new();
                for place in 0..60 {
                    system.tried(configuration, &observed, &mut tried);
                    let stand = system.stand(configuration, &observed);
                    let judged: Vec<Judged<Stepped>> =
                        tried.iter().map(|it| stand.step(it)).collect();
                    for (action, judged) in tried.iter().zip(&judged) {
                        let broken =
                            one_by_one(&table, configuration, &observed, action, &judged.it);
                        assert_eq!(judged.broken.below(table.len()), broken, "{action:?}");
                        broken_by_any |= broken;
                    }
                    let open: Vec<&Stepped> = judged
                        .iter()
                        .map(|judged| &judged.it)
                        .filter(|it| !it.stays && !it.after.is_closed())
                        .collect();
                    let next = open.get(place * 7 % open.len().max(1));
                    observed = next.map_or(system.begin(configuration).it, |next| next.next());
                }
            }
        }
        assert!(broken_by_any.count() >= 20, "{:?}", ServiceModel::product().judges(broken_by_any));
    }
}
