//! The part of the exploration that every test run repeats, with its counts, and what shows that
//! it would notice.

use activity_execution::vocabulary::Dialect;
use activity_models::exploration::bounds::ORDER_TYPES;
use activity_models::exploration::{
    Configuration, Coverage, Environment, Examiner, Executions, ExplorerPayload, Grid, Machine,
    Part, ServiceModel, SpecificationMachine, StaysOpen, Watch, allowed, may_stay_open,
    order_types, peer_survey, survey,
};
use activity_models::explore::Until;
use activity_models::mutants::of_service;
use std::sync::atomic::{AtomicUsize, Ordering};

const THREADS: usize = 2;

fn both_explorers_agree<M>(system: &ServiceModel<M>, dialect: Dialect)
where
    M: Machine<i16, ExplorerPayload> + Clone + Send + Sync + 'static,
{
    let grid = Grid::quick(dialect);
    let pinned = Part::Quick.counts(dialect, system.environment());
    let ours = survey(system, &grid, THREADS, &());
    let broken: Vec<&str> = system.judges(ours.broken()).iter().map(|judge| judge.name).collect();
    assert_eq!(broken, [""; 0], "{:?}", ours.violations);
    assert!(ours.complete);
    assert_eq!(ours.counts(), pinned);
    assert!(!ours.open_terminal_state);
    assert_eq!(ours.wrongly_open, []);
    assert_eq!(ours.coverage.missing(&allowed(system, dialect)), [""; 0]);
    for (witness, reached) in ours.coverage.witnesses() {
        assert!(reached.is_some(), "{} was never seen", witness.name);
    }

    let peer = peer_survey(system, &grid, THREADS, &());
    assert!(peer.complete);
    assert_eq!(peer.broken, [""; 0]);
    assert_eq!(peer.unique_states, pinned.unique_states);
    assert_eq!(peer.transitions, pinned.transitions);
}

#[test]
fn both_explorers_find_every_promise_kept_by_the_specification() {
    both_explorers_agree(&ServiceModel::specification(), Dialect::Standalone);
}

#[test]
fn both_explorers_find_every_promise_kept_by_the_specification_in_a_workflow() {
    both_explorers_agree(&ServiceModel::specification(), Dialect::Workflow);
}

#[test]
fn both_explorers_find_every_step_of_the_core_to_be_one_of_the_specification() {
    both_explorers_agree(&ServiceModel::product(), Dialect::Standalone);
}

#[test]
fn both_explorers_find_every_step_of_the_core_to_be_one_of_the_specification_in_a_workflow() {
    both_explorers_agree(&ServiceModel::product(), Dialect::Workflow);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (system, grid) = (ServiceModel::product(), Grid::up_to(Dialect::Standalone, 1));
    let (one, three) = (survey(&system, &grid, 1, &()), survey(&system, &grid, 3, &()));
    assert_eq!(one.total.unique_states, three.total.unique_states);
    assert_eq!(one.total.transitions, three.total.transitions);
    assert_eq!(one.coverage.vocabulary(), three.coverage.vocabulary());
    assert_eq!(one.stay_open, three.stay_open);
}

/// Ends the exploration after a few configurations.
struct Impatient(AtomicUsize);

impl Watch for Impatient {
    fn explored(&self, configurations: usize, _: u64, _: u64) {
        self.0.fetch_add(configurations, Ordering::Relaxed);
    }

    fn is_cut_off(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 3
    }
}

#[test]
fn an_exploration_that_was_cut_off_does_not_look_complete() {
    let (system, grid) = (ServiceModel::specification(), Grid::quick(Dialect::Standalone));
    let cut = survey(&system, &grid, 1, &Impatient(AtomicUsize::new(0)));
    assert!(!cut.complete);
    assert_eq!(cut.configurations, 4);
    let cut = peer_survey(&system, &grid, 1, &Impatient(AtomicUsize::new(0)));
    assert!(!cut.complete);
    assert!(cut.unique_states > 0);
}

#[test]
fn a_grid_that_is_too_small_leaves_something_uncovered() {
    let system = ServiceModel::product();
    let reached = survey(&system, &Grid::up_to(Dialect::Standalone, 1), THREADS, &()).coverage;
    let uncovered = reached.missing(&allowed(&system, Dialect::Standalone));
    let heartbeat = "Started --HeartbeatElapses : Done--> Scheduled for a retry";
    assert!(uncovered.iter().any(|what| what == heartbeat), "{uncovered:#?}");
}

fn stays_open<M>(system: &ServiceModel<M>, configuration: &Configuration) -> StaysOpen
where
    M: Machine<i16, ExplorerPayload> + Clone,
{
    let executions = Executions::new(system.clone(), Grid::of([*configuration]));
    let mut coverage = Coverage::default();
    Examiner::default().examine(&executions, 0, Until::TheEnd, &mut coverage).stays_open
}

#[test]
fn an_execution_can_stay_open_exactly_where_nothing_bounds_it() {
    let system = ServiceModel::specification();
    let mut ways = [0; 4];
    let dialects = [Dialect::Standalone, Dialect::Workflow].map(|it| Grid::up_to(it, 2));
    for configuration in dialects.iter().flat_map(Grid::configurations) {
        let terms = &configuration.terms;
        let StaysOpen { waiting, retrying, stuck } = stays_open(&system, configuration);
        let unbounded = terms.schedule_to_close_timeout.is_none();
        assert_eq!(waiting, unbounded && terms.schedule_to_start_timeout.is_none(), "{terms:?}");
        assert_eq!(retrying, unbounded && terms.maximum_attempts.is_none(), "{terms:?}");
        assert!(!stuck, "{terms:?}");
        ways[usize::from(waiting) + 2 * usize::from(retrying)] += 1;
    }
    assert!(ways.iter().all(|configurations| *configurations > 0), "{ways:?}");
}

/// The server once had this bug: a worker that does not heartbeat then holds its task for ever.
#[test]
fn a_lost_timer_lets_an_execution_stay_open_where_it_must_not() {
    let lost = of_service()
        .into_iter()
        .find(|it| it.name == "loses_start_to_close_once_cancel_is_requested");
    let lost = lost.expect("it exists");
    let bounded = Grid::up_to(Dialect::Standalone, 2)
        .configurations()
        .iter()
        .copied()
        .find(|configuration| {
            may_stay_open(configuration) == StaysOpen::default()
                && configuration.terms.schedule_to_close_timeout.is_none()
        })
        .expect("some configurations cannot stay open");
    let system = ServiceModel::new(lost.of(SpecificationMachine), Environment::TimersMayBeLate);
    assert!(stays_open(&system, &bounded).stuck);
    assert!(!stays_open(&ServiceModel::product(), &bounded).stuck);
}

#[test]
fn larger_timeouts_mean_hardly_more_orders_of_deadlines() {
    for (largest_timeout, orders) in &ORDER_TYPES[..2] {
        assert_eq!(order_types(&Grid::up_to(Dialect::Standalone, *largest_timeout)), *orders);
    }
    let growth: Vec<f64> =
        ORDER_TYPES.windows(2).map(|pair| pair[1].1 as f64 / pair[0].1 as f64).collect();
    assert!(growth.windows(2).all(|pair| pair[1] < pair[0]), "{growth:?}");
    assert!(growth.last().is_some_and(|growth| *growth < 1.2), "{growth:?}");
}
