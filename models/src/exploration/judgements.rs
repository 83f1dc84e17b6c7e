//! What the explorer judges by itself, and what it notes: each judgement has machines that it has to
//! refuse, and refuses none of the right one.

use super::bounds::Configuration;
use super::coverage::{Coverage, Reached};
use super::machine::{CoreMachine, Machine, SpecificationMachine};
use super::payload::ExplorerPayload;
use super::service_model::{Environment, Observed, ServiceModel};
use super::situation::Tie;
use crate::explore::Broken;
use crate::mutants::{ExplorerRule, Mutant, of_explorer};
use activity_execution::vocabulary::{
    Action, Dialect, ExecutionOptions, Request, Situation, Span, TimeoutType,
};
use std::collections::BTreeSet;

type Wrong = Mutant<ExplorerRule<i16, ExplorerPayload>>;

/// Timeouts of which two are equal.
fn configuration() -> Configuration {
    let terms = ExecutionOptions {
        dialect: Dialect::Standalone,
        maximum_attempts: None,
        schedule_to_close_timeout: Some(Span(2)),
        schedule_to_start_timeout: Some(Span(2)),
        start_to_close_timeout: Span(2),
        heartbeat_timeout: Some(Span(1)),
        start_delay: Span(0),
        retries_start_to_close: true,
        retries_heartbeat: true,
    };
    Configuration { terms, backoff: Span(1), next_retry_delay: Span(2) }
}

fn is_poll(action: &super::Tried) -> bool {
    matches!(action, Action::Call(Request::RecordActivityTaskStarted { .. }))
}

/// What is refused of a machine: at its beginning, of everything that is tried then, and of all after
/// the first poll if that breaks nothing.
fn refused<M: Machine<i16, ExplorerPayload>>(system: &ServiceModel<M>) -> BTreeSet<&'static str> {
    let configuration = configuration();
    let begun = system.begin(&configuration);
    let (mut broken, mut observed) = (begun.broken, begun.it);
    for _ in 0..2 {
        broken |= refused_from(system, &configuration, &mut observed);
    }
    system.judges(broken).iter().map(|judge| judge.name).collect()
}

fn refused_from<M: Machine<i16, ExplorerPayload>>(
    system: &ServiceModel<M>,
    configuration: &Configuration,
    observed: &mut Observed,
) -> Broken {
    let (mut broken, mut tried, from) = (Broken::NOTHING, Vec::new(), *observed);
    system.tried(configuration, &from, &mut tried);
    let stand = system.stand(configuration, &from);
    for action in &tried {
        let judged = stand.step(action);
        broken |= judged.broken;
        if is_poll(action) && judged.broken.is_nothing() && !judged.it.stays {
            *observed = judged.it.next();
        }
    }
    broken
}

fn product(wrong: &Wrong) -> BTreeSet<&'static str> {
    refused(&ServiceModel::new(wrong.misleads(CoreMachine), Environment::TimeFirst))
}

#[test]
fn what_is_right_is_not_refused() {
    assert_eq!(refused(&ServiceModel::product()), BTreeSet::new());
    assert_eq!(refused(&ServiceModel::specification()), BTreeSet::new());
}

#[test]
fn each_judgement_of_the_explorer_refuses_what_only_it_has_to_see() {
    let mut judged: BTreeSet<&str> = BTreeSet::new();
    for wrong in of_explorer() {
        let refused = product(&wrong);
        assert!(wrong.breaks.iter().all(|it| refused.contains(it)), "{}: {refused:?}", wrong.name);
        judged.extend(wrong.breaks);
    }
    let promises = ServiceModel::product();
    let refinement = &promises.promises()[promises.promises().len() - 3..];
    for judge in refinement {
        assert!(judged.contains(judge.name), "{} has no wrong machine", judge.name);
    }
}

/// Neither a promise nor a comparison with the specification can see what is not shown, or whom an
/// execution says it was begun for.
#[test]
fn what_no_promise_can_see_is_refused_by_one_judgement_alone() {
    for name in ["begins_for_another_request", "begins_with_a_secret", "keeps_a_secret"] {
        let wrong = of_explorer().into_iter().find(|it| it.name == name).expect("it exists");
        assert_eq!(product(&wrong), wrong.breaks.iter().copied().collect(), "{name}");
    }
}

/// Where nothing is compared with the specification, promises of states judge the beginning.
#[test]
fn a_wrong_beginning_is_refused_by_promises_alone() {
    let wrong: Wrong =
        of_explorer().into_iter().find(|it| it.name == "begins_without_a_deadline").unwrap();
    let alone = wrong.misleads(SpecificationMachine);
    let system = ServiceModel::new(alone, Environment::TimersMayBeLate);
    let begun = system.begin(&configuration());
    let names: Vec<_> = system.judges(begun.broken).iter().map(|judge| judge.name).collect();
    assert!(names.contains(&"deadlines_are_armed_exactly_in_their_phase"), "{names:?}");
}

/// Two deadlines at one instant: the one that takes effect decides the tie, the one that is refused
/// decides nothing.
#[test]
fn a_tie_is_covered_by_the_timer_that_takes_effect_and_by_no_other() {
    let (system, configuration) = (ServiceModel::product(), configuration());
    let reached = Reached { steps: 0, configuration: 0 };
    let mut begun = system.begin(&configuration).it;
    let tick = Action::Tick { elapsed: Span(2) };
    begun = system.stand(&configuration, &begun).step(&tick).it.next();
    let stand = system.stand(&configuration, &begun);
    let ties = |timeout_type| {
        let backoff = configuration.backoff;
        let elapses = Action::Elapses { timeout_type, backoff };
        let stepped = stand.step(&elapses).it;
        let mut coverage = Coverage::default();
        coverage.note(&configuration, &begun, &elapses, &stepped, reached);
        let ties: Vec<Tie> = coverage.ties().map(|(tie, _)| tie).collect();
        (stepped.reply.is_ok(), ties)
    };
    let (first, second) = (TimeoutType::ScheduleToStart, TimeoutType::ScheduleToClose);
    let decided = Tie { before: Situation::Scheduled, first, second };
    assert_eq!(ties(first), (true, vec![decided]));
    assert_eq!(ties(second), (false, vec![]));
    assert_eq!(ties(TimeoutType::Heartbeat), (false, vec![]));
}
