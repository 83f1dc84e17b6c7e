//! The check itself: two systems, each explored twice, and what is possible derived.

use super::checked::{Checked, CheckedPromise, CheckedSystem, SeenWitness, Verdict};
use super::progress::Progress;
use super::whole::examine_whole;
use crate::style::thousands;
use activity_models::exploration::{
    Coverage, Grid, Machine, Name, StaysOpen, System, Violation, allowed, peer_survey, survey,
};
use activity_models::system::Bounds;
use std::thread;
use std::time::{Duration, Instant};

/// How much is looked at, and by how many.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How many threads explore.
    pub threads: usize,
    /// Whether the grid should reach whatever is possible; a single configuration cannot.
    pub covers_everything: bool,
    /// How far the whole system is explored, if it is.
    pub system: Option<Bounds>,
}

/// Explores everything and judges it.
#[must_use]
pub fn examine(grid: &Grid, effort: Effort, progress: &Progress) -> Checked {
    let begun = now();
    let (specification, product) = (System::specification(), System::product());
    let systems = vec![
        explore("specification", &specification, grid, effort, progress),
        explore("product", &product, grid, effort, progress),
    ];
    let complete = systems.iter().all(|system| system.survey.complete && system.peer.complete);
    let mut promises = promises(&product, &systems, complete);
    let uncovered = (effort.covers_everything && complete).then(|| {
        progress.phase("what the specification allows", 0);
        let (of_specification, of_product) = thread::scope(|scope| {
            let other = scope.spawn(|| allowed(&specification));
            let product = allowed(&product);
            (other.join().expect("deriving does not panic"), product)
        });
        uncovered(&systems, [of_specification, of_product])
    });
    promises.extend(about_exploration(&systems, uncovered.as_deref(), complete));
    let whole = effort.system.map(|bounds| examine_whole(bounds, effort.threads, progress));
    progress.finish();
    Checked {
        whole,
        configurations: grid.configurations().len(),
        systems,
        promises,
        uncovered,
        complete,
        elapsed: begun.elapsed(),
    }
}

fn explore<M>(
    name: &'static str,
    system: &System<M>,
    grid: &Grid,
    effort: Effort,
    progress: &Progress,
) -> CheckedSystem
where
    M: Machine<i16, Name> + Clone + Send + Sync + 'static,
{
    let all = grid.configurations().len();
    let begun = now();
    progress.phase(name, all);
    let survey = survey(system, grid, effort.threads, progress);
    let elapsed = begun.elapsed();
    progress.phase_done(&told(survey.total.unique_states, survey.total.transitions, elapsed));
    let begun = now();
    progress.phase(&format!("{name}, by stateright"), all);
    let peer = peer_survey(system, grid, effort.threads, progress);
    let peer_elapsed = begun.elapsed();
    progress.phase_done(&told(peer.unique_states, peer.transitions, peer_elapsed));
    CheckedSystem { name, survey, elapsed, peer, peer_elapsed }
}

fn told(unique_states: u64, transitions: u64, elapsed: Duration) -> String {
    let (unique_states, transitions) = (count(unique_states), count(transitions));
    format!(
        "{unique_states} unique states, {transitions} transitions, {:.1} s",
        elapsed.as_secs_f64()
    )
}

/// A count for people.
pub(super) fn count(count: u64) -> String {
    thousands(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Every promise of the product, which has those of the specification as well.
fn promises<M: Machine<i16, Name>>(
    product: &System<M>,
    systems: &[CheckedSystem],
    complete: bool,
) -> Vec<CheckedPromise> {
    let judged = product.promises().iter().map(|judge| {
        let violations = systems.iter().flat_map(|system| &system.survey.violations);
        let breaks = |violation: &&Violation| {
            violation.broken.iter().any(|broken| broken.name == judge.name)
        };
        let violation = violations.filter(breaks).min_by_key(|it| it.actions.len()).cloned();
        let by_peer = systems.iter().any(|system| system.peer.broken.contains(&judge.name));
        CheckedPromise {
            name: judge.name,
            statement: judge.statement,
            verdict: Verdict::of(violation.is_some() || by_peer, complete),
            witnesses: witnesses_of(judge.name, systems),
            violation,
            complaint: None,
        }
    });
    judged.collect()
}

/// The witnesses of a promise, each with its shortest trace in any system.
fn witnesses_of(promise: &str, systems: &[CheckedSystem]) -> Vec<SeenWitness> {
    let mut witnesses: Vec<SeenWitness> = Vec::new();
    let all = systems.iter().flat_map(|system| system.survey.coverage.witnesses());
    for (witness, reached) in all.filter(|(witness, _)| witness.promise == promise) {
        let steps = reached.map(|reached| reached.steps);
        match witnesses.iter_mut().find(|seen| seen.name == witness.name) {
            Some(seen) => seen.steps = [seen.steps, steps].into_iter().flatten().min(),
            None => witnesses.push(SeenWitness { name: witness.name.to_owned(), steps }),
        }
    }
    witnesses
}

/// The promises about the exploration as a whole.
fn about_exploration(
    systems: &[CheckedSystem],
    uncovered: Option<&[String]>,
    complete: bool,
) -> Vec<CheckedPromise> {
    let mut promises = Vec::new();
    let mut promise = |name, statement, seen: String, complaint: Option<String>| {
        let verdict = Verdict::of(complaint.is_some(), complete);
        let witnesses = vec![SeenWitness { name: seen, steps: None }];
        let violation = None;
        promises.push(CheckedPromise { name, statement, verdict, witnesses, violation, complaint });
    };
    let surveys = || systems.iter().map(|system| &system.survey);
    let wrong = surveys().flat_map(|survey| &survey.wrongly_open).next();
    promise(
        "an_execution_stays_open_only_where_nothing_bounds_it",
        "An execution can stay open for ever exactly where nobody has to poll, or where nothing \
         bounds the retries.",
        stay_open(&systems[0]),
        wrong.map(|configuration| format!("not so of {configuration:?}")),
    );
    let open = systems.iter().find(|system| system.survey.total.open_terminal_state);
    promise(
        "only_a_closed_execution_has_nowhere_to_go",
        "Something can still happen to every execution that is open.",
        format!(
            "{} states have nowhere to go",
            count(surveys().map(|survey| survey.total.terminal_states).sum())
        ),
        open.map(|system| format!("an open execution of the {} is stuck", system.name)),
    );
    let differing = systems.iter().find(|system| complete && !system.counts_alike());
    promise(
        "both_explorers_count_alike",
        "Two explorers reach as many states by as many steps.",
        format!(
            "{} states were met by each",
            count(surveys().map(|survey| survey.total.unique_states).sum())
        ),
        differing.map(|system| format!("they differ about the {}", system.name)),
    );
    if let Some(uncovered) = uncovered {
        let first = uncovered.first();
        promise(
            "everything_that_is_possible_is_reached",
            "Every step, tie and witness that the specification allows is reached.",
            format!(
                "{} kinds of steps and {} ties were",
                surveys().map(|survey| survey.coverage.edges().count()).sum::<usize>(),
                surveys().map(|survey| survey.coverage.ties().count()).sum::<usize>()
            ),
            first.map(|first| format!("{} are not, first: {first}", uncovered.len())),
        );
    }
    promises
}

/// How many configurations can stay open for ever, and how many cannot.
fn stay_open(system: &CheckedSystem) -> String {
    let closing = system.survey.stay_open.iter().find(|(how, _)| *how == StaysOpen::default());
    let closing = closing.map_or(0, |(_, configurations)| *configurations);
    let open = system.survey.configurations - closing;
    format!("{} configurations can, {} cannot", thousands(open), thousands(closing))
}

/// What is possible in a system and was not reached by it.
fn uncovered(systems: &[CheckedSystem], allowed: [Coverage; 2]) -> Vec<String> {
    let mut uncovered = Vec::new();
    for (system, allowed) in systems.iter().zip(&allowed) {
        let coverage = &system.survey.coverage;
        let unseen = coverage.witnesses().filter(|(_, reached)| reached.is_none());
        let unseen = unseen.map(|(witness, _)| format!("witness {}", witness.name));
        let missing = coverage.missing(allowed).into_iter().chain(unseen);
        uncovered.extend(missing.map(|what| format!("{}: {what}", system.name)));
    }
    uncovered
}

impl CheckedSystem {
    /// Whether both explorers reached the same number of states by the same number of steps.
    #[must_use]
    pub fn counts_alike(&self) -> bool {
        self.survey.total.unique_states == self.peer.unique_states
            && self.survey.total.transitions == self.peer.transitions
    }
}

#[expect(clippy::disallowed_methods, reason = "says how long it took; decides nothing")]
fn now() -> Instant {
    Instant::now()
}
