//! What is learned of the core is exactly the minimal machine of the specification, and what is
//! learned of a wrong machine shows what is wrong with it.

use activity_harness::alphabet::{Capabilities, Configuration, Power};
use activity_harness::learn::{Budget, Ended, Interrogated, Learned, learn};
use activity_harness::machine::{Explicit, difference, differing};
use activity_harness::suite::graded;
use activity_models::exploration::CoreMachine;
use activity_models::mutants::of_service;

/// Three configurations of 49 states and more, whatever is seen of them; one is of a workflow.
fn configurations() -> Vec<Configuration> {
    let all = graded();
    [2, 8, 10].map(|place| all[place].clone()).to_vec()
}

fn explicit(configuration: &Configuration, power: Power) -> Explicit {
    let inputs = configuration.alphabet(Capabilities::all());
    Explicit::of(configuration, &inputs, power).expect("small configurations are small")
}

/// Few walks, because the suite that comes last is asked in the tests of the core.
const BUDGET: Budget = Budget { queries: 120_000, walks: (200, 40) };

fn learned(configuration: &Configuration, power: Power) -> (Explicit, Learned) {
    let explicit = explicit(configuration, power);
    let mut core = Interrogated::new(CoreMachine, configuration, power);
    let learned = learn(&mut core, &explicit, BUDGET).expect("a core answers");
    (explicit, learned)
}

#[test]
fn the_machine_that_is_learned_of_the_core_is_the_minimal_one_of_the_specification() {
    for power in [Power::Answers, Power::Describe] {
        for configuration in configurations() {
            let (explicit, learned) = learned(&configuration, power);
            let (right, found) = (explicit.minimal(), &learned.machine);
            let asked = learned.queries;
            let what = format!("{power}, {asked} queries: {}", configuration.name);
            assert_eq!(found.states(), right.states(), "{what}");
            assert_eq!(difference(right.mealy(), found.mealy()), None);
            assert!(right.states() >= 49, "{} states show little", right.states());
        }
    }
}

#[test]
fn what_is_learned_within_a_budget_says_so() {
    let configuration = &configurations()[0];
    let explicit = explicit(configuration, Power::Describe);
    let mut core = Interrogated::new(CoreMachine, configuration, Power::Describe);
    let budget = Budget { queries: 2_000, ..BUDGET };
    let learned = learn(&mut core, &explicit, budget).expect("a core answers");
    assert_eq!(learned.ended, Ended::BudgetSpent);
    assert!(learned.machine.states() < explicit.minimal().states());
    assert!(learned.ended.to_string().contains("nothing is claimed of it"));
}

#[test]
fn the_smallest_configuration_is_learned_to_the_end() {
    let configuration = &graded()[11];
    let explicit = explicit(configuration, Power::Describe);
    let mut core = Interrogated::new(CoreMachine, configuration, Power::Describe);
    let learned = learn(&mut core, &explicit, Budget { walks: (200, 40), ..Budget::default() })
        .expect("a core answers");
    assert_eq!(learned.ended, Ended::IsTheSpecification);
}

#[test]
fn what_is_learned_of_a_wrong_machine_differs_where_it_is_wrong() {
    let configuration = &graded()[0];
    let explicit = explicit(configuration, Power::Describe);
    for (name, last, steps) in [
        ("fires_late", "tick", 3),
        ("loses_the_result", "complete by id", 1),
        ("retries_after_a_cancel_request", "fail", 3),
        ("dispatches_before_the_backoff", "poll", 3),
    ] {
        let mutant = of_service().into_iter().find(|it| it.name == name).expect("it is there");
        let mut wrong = Interrogated::new(mutant.of(CoreMachine), configuration, Power::Describe);
        let learned = learn(&mut wrong, &explicit, BUDGET).expect("a core answers");
        let found = differing(explicit.minimal().mealy(), learned.machine.mealy(), usize::MAX);
        let first = explicit.spelled(&found.first().expect("it is wrong").word);
        let shown = first.last().map(ToString::to_string);
        assert_eq!((shown.as_deref(), first.len()), (Some(last), steps), "{name}: {first:?}");
    }
}
