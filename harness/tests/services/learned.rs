//! What is learned of the services that come with the harness: the specification of the honest ones,
//! and of what is planted the edge at which it differs.

use super::honest::{go, python};
use activity_harness::Asked;
use activity_harness::alphabet::{Configuration, Input, Power, Shown};
use activity_harness::learn::{Budget, Ended, LearnError, Learned, Outside, differs, learn};
use activity_harness::machine::Explicit;
use activity_harness::process::{Process, Program};
use activity_harness::seam::{ActivitySystem as _, CoreSystem, Manifest};
use activity_harness::suite::graded;
use std::convert::Infallible;

fn specification(process: &Process, configuration: &Configuration) -> Explicit {
    let Manifest { can, observes, .. } = process.manifest();
    Explicit::of(configuration, &configuration.alphabet(can), observes).expect("it is small")
}

/// What is learned of a program in one of the graded configurations.
fn learned(program: Program, place: usize, queries: usize) -> (Explicit, Learned) {
    let (process, configuration) = (Process::start(program).expect("it starts"), &graded()[place]);
    let specification = specification(&process, configuration);
    let power = process.manifest().observes;
    let mut outside = Outside::new(process, configuration, power);
    let budget = Budget { queries, walks: (50, 40) };
    let learned = learn(&mut outside, &specification, budget);
    (specification, learned.unwrap_or_else(|error| panic!("{error}")))
}

/// The smallest configuration, in which everything is decided by one attempt.
const SMALLEST: usize = 11;

#[test]
fn the_honest_services_are_learned_to_be_the_specification() {
    for program in [python(""), go("")].into_iter().flatten() {
        let (specification, learned) = learned(program, SMALLEST, 40_000);
        assert_eq!(learned.ended, Ended::IsTheSpecification);
        assert_eq!(learned.machine.states(), specification.minimal().states());
        assert!(learned.comparison.steps.is_empty());
    }
}

/// An edge at which a service differs: how many inputs lead to it, the last one, and a part of what
/// is shown with what the specification has there and what the service has.
struct Edge {
    steps: usize,
    input: &'static str,
    part: &'static str,
    specified: &'static str,
    found: &'static str,
}

/// Among the edges that differ is this one.
fn shows(program: Program, place: usize, edge: &Edge) {
    let (specification, learned) = learned(program, place, 6_000);
    let shown = |number: u32| -> &Shown { &learned.shown[number as usize] };
    let expected = (edge.part, edge.specified.to_owned(), edge.found.to_owned());
    let edges = learned.comparison.steps.iter().filter(|differing| {
        let parts = shown(differing.first).parts_apart(shown(differing.second));
        parts.contains(&expected)
    });
    let mut words = edges.map(|differing| specification.spelled(&differing.word));
    let is_it = |word: &Vec<Input>| word.last().map(|it| it.name()) == Some(edge.input);
    let word = words.find(is_it).expect("what is planted shows");
    assert_eq!(word.len(), edge.steps, "{word:?}");
}

#[test]
fn of_a_stale_token_that_is_heard_the_edge_is_shown() {
    let edge = Edge {
        steps: 5,
        input: "heartbeat of the attempt before",
        part: "answer",
        specified: "refused: NotFound",
        found: "recorded",
    };
    python("stale_token").into_iter().for_each(|program| shows(program, 12, &edge));
}

#[test]
fn of_details_that_are_forgotten_the_edge_is_shown() {
    let edge = Edge {
        steps: 5,
        input: "tick",
        part: "heartbeat details",
        specified: "known",
        found: "nothing",
    };
    python("forgets_details").into_iter().for_each(|program| shows(program, 19, &edge));
}

#[test]
fn of_a_task_that_is_given_twice_the_edge_is_shown() {
    let edge = Edge {
        steps: 5,
        input: "poll",
        part: "answer",
        specified: "refused: ObsoleteTask",
        found: "the same task, details nothing",
    };
    go("gives_twice").into_iter().for_each(|program| shows(program, 12, &edge));
}

#[test]
fn of_a_retry_at_the_deadline_the_edge_is_shown() {
    let edge = Edge {
        steps: 5,
        input: "tick",
        part: "outcome",
        specified: "TimedOut ScheduleToClose, Timeout: ScheduleToClose timeout",
        found: "none",
    };
    go("retries_at_the_deadline").into_iter().for_each(|program| shows(program, 22, &edge));
}

#[test]
fn an_edge_or_a_walk_tells_in_which_configuration_a_difference_shows() {
    let Some(program) = python("forgets_details") else { return };
    let process = Process::start(program).expect("it starts");
    let all = graded();
    let specifications = [0, 3].map(|place| specification(&process, &all[place]));
    let mut outside = Outside::new(process, &all[0], Power::Describe);
    let shows = [0, 3].into_iter().zip(&specifications).map(|(place, specification)| {
        outside.turn_to(&all[place], Power::Describe);
        differs(&mut outside, specification, usize::MAX).expect("it answers").is_some()
    });
    assert_eq!(shows.collect::<Vec<_>>(), [false, true]);
}

/// A system that answers like another one, but for every so-many-th sequence.
struct Fickle<S> {
    system: S,
    asked: usize,
    every: usize,
}

impl<S: Asked> Asked for Fickle<S> {
    type Error = S::Error;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, S::Error> {
        self.asked += 1;
        let mut shown = self.system.ask(sequence)?;
        if self.asked.is_multiple_of(self.every)
            && let [first, .., last] = shown.as_mut_slice()
        {
            *last = *first;
        }
        Ok(shown)
    }
}

#[test]
fn who_does_not_answer_alike_twice_is_no_machine() {
    let configuration = &graded()[SMALLEST];
    let inputs = configuration.alphabet(CoreSystem::new().manifest().can);
    let specification = Explicit::of(configuration, &inputs, Power::Describe).expect("it is small");
    for every in [7, 101, 1_009] {
        let mut fickle = Fickle { system: core(configuration), asked: 0, every };
        let error = learn(&mut fickle, &specification, Budget::default());
        let Err(LearnError::NotDeterministic(it)) = error else {
            panic!("of {every}: {error:?}");
        };
        assert_ne!(it.once, it.again);
        assert!(!it.sequence.is_empty());
    }
}

fn core(configuration: &Configuration) -> Outside<CoreSystem> {
    Outside::new(CoreSystem::new(), configuration, Power::Describe)
}

/// A system that never comes back to where it was: the third tick is not as the second.
struct Counting;

impl Asked for Counting {
    type Error = Infallible;

    fn ask(&mut self, sequence: &[Input]) -> Result<Vec<Shown>, Infallible> {
        let configuration = &graded()[SMALLEST];
        let mut shown = core(configuration).ask(sequence).expect("the core answers");
        let other = shown[0];
        for (place, shown) in shown.iter_mut().enumerate() {
            // A word shows something else after one, four, nine, … steps.
            let root = place.isqrt();
            if root * root == place {
                *shown = other;
            }
        }
        Ok(shown)
    }
}

#[test]
fn a_machine_without_end_is_learned_as_far_as_the_budget_goes() {
    let configuration = &graded()[SMALLEST];
    let inputs = configuration.alphabet(CoreSystem::new().manifest().can);
    let specification = Explicit::of(configuration, &inputs, Power::Describe).expect("it is small");
    let budget = Budget { queries: 3_000, walks: (50, 40) };
    let learned = learn(&mut Counting, &specification, budget).expect("it answers alike");
    assert_eq!(learned.ended, Ended::BudgetSpent);
    assert!(learned.queries <= 3_100, "{} queries", learned.queries);
    assert!(!learned.comparison.steps.is_empty(), "what was played differs");
}
