//! Runs the exhaustive check: two systems, each explored by two explorers.

use super::checked::{Checked, CheckedSystem, dialect_word};
use super::system::examine_whole;
use crate::progress::Progress;
use crate::report::{Check, Evidence, Kind, Seen, Story, Verdict};
use crate::style::{count, thousands};
use activity_execution::vocabulary::Dialect;
use activity_models::exploration::{
    Configuration, CoreMachine, Coverage, Environment, ExplorerPayload, Grid, Machine, Part,
    ServiceModel, SpecificationMachine, StaysOpen, allowed, peer_survey, survey,
};
use activity_models::system::Bounds;
use std::thread;
use std::time::{Duration, Instant};

/// What is looked at.
#[derive(Clone, Debug)]
pub enum Scope {
    /// A part of the grid, in both dialects, and the whole system within these bounds.
    Part(Part, Bounds),
    /// One configuration, which cannot reach all that is possible.
    One(Configuration),
}

/// Explores everything and judges it, on so many threads.
#[must_use]
pub fn examine(scope: &Scope, threads: usize, progress: &Progress) -> Checked {
    let begun = now();
    let (specification, product) = (ServiceModel::specification(), ServiceModel::product());
    let grids: Vec<(Dialect, Grid)> = match scope {
        Scope::Part(part, _) => DIALECTS.iter().map(|it| (*it, part.grid(*it))).collect(),
        Scope::One(one) => vec![(one.terms.dialect, Grid::of([*one]))],
    };
    let mut systems = Vec::new();
    for (dialect, grid) in &grids {
        let grid = (*dialect, grid);
        systems.push(explore("specification", &specification, grid, threads, progress));
        systems.push(explore("product", &product, grid, threads, progress));
    }
    let complete = systems.iter().all(|system| system.survey.complete && system.peer.complete);
    let mut promises = promises(&specification, &product, &systems, complete);
    promises.extend(about_exploration(&systems, complete));
    let (mut covered, mut whole) = (None, None);
    if let Scope::Part(part, bounds) = scope {
        if complete {
            progress.phase("what the specification allows", 0);
            let uncovered = uncovered(
                &systems,
                [&allowed_everywhere(&specification), &allowed_everywhere(&product)],
            );
            promises.push(everything_is_reached(&systems, &uncovered));
            promises.push(counts_are_pinned(&systems, *part));
            covered = Some(uncovered);
        }
        whole = Some(examine_whole(*bounds, threads, progress));
    }
    progress.finish();
    Checked {
        whole,
        configurations: grids.iter().map(|(_, grid)| grid.configurations().len()).sum(),
        systems,
        promises,
        uncovered: covered,
        complete,
        threads,
        elapsed: begun.elapsed(),
    }
}

/// Every dialect there is.
const DIALECTS: [Dialect; 2] = [Dialect::Standalone, Dialect::Workflow];

/// What a system allows in each dialect.
fn allowed_everywhere<M: Machine<i16, ExplorerPayload> + Sync>(
    system: &ServiceModel<M>,
) -> [Coverage; 2] {
    thread::scope(|scope| {
        let dialects = DIALECTS.map(|dialect| scope.spawn(move || allowed(system, dialect)));
        dialects.map(|dialect| dialect.join().expect("deriving does not panic"))
    })
}

fn explore<M>(
    name: &'static str,
    system: &ServiceModel<M>,
    (dialect, grid): (Dialect, &Grid),
    threads: usize,
    progress: &Progress,
) -> CheckedSystem
where
    M: Machine<i16, ExplorerPayload> + Clone + Send + Sync + 'static,
{
    let all = grid.configurations().len();
    let title = format!("{name}, {}", dialect_word(dialect));
    let begun = now();
    progress.phase(&title, all);
    let survey = survey(system, grid, threads, progress);
    let elapsed = begun.elapsed();
    progress.phase_done(&told(survey.total.unique_states, survey.total.transitions, elapsed));
    let begun = now();
    progress.phase(&format!("{title}, by stateright"), all);
    let peer = peer_survey(system, grid, threads, progress);
    let peer_elapsed = begun.elapsed();
    progress.phase_done(&told(peer.unique_states, peer.transitions, peer_elapsed));
    let environment = system.environment();
    CheckedSystem { name, dialect, environment, survey, elapsed, peer, peer_elapsed }
}

fn told(unique_states: u64, transitions: u64, elapsed: Duration) -> String {
    let (unique_states, transitions) = (count(unique_states), count(transitions));
    format!(
        "{unique_states} unique states, {transitions} transitions, {:.1} s",
        elapsed.as_secs_f64()
    )
}

/// Every promise of the product, which has those of the specification as well.
fn promises(
    specification: &ServiceModel<SpecificationMachine>,
    product: &ServiceModel<CoreMachine>,
    systems: &[CheckedSystem],
    complete: bool,
) -> Vec<Check> {
    let judged = product.promises().iter().map(|judge| {
        let kind =
            if specification.promises().contains(judge) { Kind::Promise } else { Kind::Refinement };
        let judging = systems
            .iter()
            .filter(|system| kind == Kind::Promise || system.environment == product.environment());
        let violations = systems.iter().flat_map(|system| {
            let violations = system.survey.violations.iter();
            violations.map(|violation| (violation, system.environment))
        });
        let violation = violations
            .filter(|(violation, _)| violation.broken.contains(judge))
            .min_by_key(|(violation, _)| violation.moves.len());
        let by_peer = systems.iter().any(|system| system.peer.broken.contains(&judge.name));
        let verdict = Verdict::of(violation.is_some() || by_peer, complete);
        let evidence = Evidence {
            witnesses: witnesses_of(judge.name, systems),
            states: Some(judging.map(|system| system.survey.total.unique_states).sum()),
            complaint: (violation.is_none() && by_peer).then(|| "stateright broke it".to_owned()),
            ..Evidence::default()
        };
        let story = violation.map(|(violation, environment)| {
            Story::from(&match environment {
                Environment::TimersMayBeLate => violation.tell(&SpecificationMachine, environment),
                Environment::TimeFirst => violation.tell(&CoreMachine, environment),
            })
        });
        Check { evidence, story, ..Check::new(kind, judge.name, judge.statement, verdict) }
    });
    judged.collect()
}

/// The witnesses of a promise, each with its shortest trace in any system.
fn witnesses_of(promise: &str, systems: &[CheckedSystem]) -> Vec<Seen> {
    let mut witnesses: Vec<Seen> = Vec::new();
    let all = systems.iter().flat_map(|system| system.survey.coverage.witnesses());
    for (witness, reached) in all.filter(|(witness, _)| witness.promise == promise) {
        let steps = reached.map(|reached| usize::from(reached.steps));
        match witnesses.iter_mut().find(|seen| seen.name == witness.name) {
            Some(seen) => seen.steps = [seen.steps, steps].into_iter().flatten().min(),
            None => witnesses.push(Seen { name: witness.name.to_owned(), steps }),
        }
    }
    witnesses
}

/// A statement about the exploration as a whole: what was seen, and what is wrong with it.
fn about(
    kind: Kind,
    (name, statement): (&str, &str),
    because: String,
    complaint: Option<String>,
    complete: bool,
) -> Check {
    let verdict = Verdict::of(complaint.is_some(), complete);
    let evidence = Evidence { because: Some(because), complaint, ..Evidence::default() };
    Check { evidence, ..Check::new(kind, name, statement, verdict) }
}

/// The promises about any exploration.
fn about_exploration(systems: &[CheckedSystem], complete: bool) -> Vec<Check> {
    let surveys = || systems.iter().map(|system| &system.survey);
    let wrong = surveys().flat_map(|survey| &survey.wrongly_open).next();
    let open = systems.iter().find(|system| system.survey.open_terminal_state);
    let differing = systems.iter().find(|system| complete && !system.counts_alike());
    vec![
        about(
            Kind::Liveness,
            (
                "an_execution_stays_open_only_where_nothing_bounds_it",
                "An execution can stay open for ever exactly where nobody has to poll, or where \
             nothing bounds the retries.",
            ),
            stay_open(systems),
            wrong.map(|configuration| format!("not so of {configuration:?}")),
            complete,
        ),
        about(
            Kind::Liveness,
            (
                "only_a_closed_execution_has_nowhere_to_go",
                "Something can still happen to every execution that is open.",
            ),
            format!(
                "{} states have nowhere to go",
                count(surveys().map(|survey| survey.total.terminal_states).sum())
            ),
            open.map(|system| format!("an open execution is stuck: {}", system.title())),
            complete,
        ),
        about(
            Kind::Count,
            ("both_explorers_count_alike", "Two explorers reach as many states by as many steps."),
            format!(
                "{} states were met by each",
                count(surveys().map(|survey| survey.total.unique_states).sum())
            ),
            differing.map(|system| format!("they differ: {}", system.title())),
            complete,
        ),
    ]
}

/// That nothing possible was missed.
fn everything_is_reached(systems: &[CheckedSystem], uncovered: &[String]) -> Check {
    let coverages = || systems.iter().map(|system| &system.survey.coverage);
    about(
        Kind::Count,
        (
            "everything_that_is_possible_is_reached",
            "Every step, tie and witness that the specification allows is reached.",
        ),
        format!(
            "{} kinds of steps and {} ties were",
            coverages().map(|coverage| coverage.edges().count()).sum::<usize>(),
            coverages().map(|coverage| coverage.ties().count()).sum::<usize>()
        ),
        uncovered.first().map(|first| format!("{} are not, first: {first}", uncovered.len())),
        true,
    )
}

/// That the model is the one that was explored when its counts were written down.
fn counts_are_pinned(systems: &[CheckedSystem], part: Part) -> Check {
    let pinned = |system: &CheckedSystem| part.counts(system.dialect, system.environment);
    let differing = systems.iter().find(|system| system.survey.counts() != pinned(system));
    about(
        Kind::Count,
        (
            "every_count_is_the_one_that_is_pinned",
            "Each exploration comes to the counts that are written down with the grid.",
        ),
        format!("{} explorations have pinned counts", systems.len()),
        differing.map(|system| {
            let (counts, pinned) = (system.survey.counts(), pinned(system));
            format!("{}: {counts:?}, pinned are {pinned:?}", system.title())
        }),
        true,
    )
}

/// How many configurations can stay open for ever, and how many cannot.
fn stay_open(systems: &[CheckedSystem]) -> String {
    let surveys = systems.iter().filter(|it| it.environment == Environment::TimersMayBeLate);
    let ways = surveys.flat_map(|system| &system.survey.stay_open);
    let [mut open, mut closing] = [0, 0];
    for (how, configurations) in ways {
        let sum = if *how == StaysOpen::default() { &mut closing } else { &mut open };
        *sum += configurations;
    }
    format!("{} configurations can, {} cannot", thousands(open), thousands(closing))
}

/// What is possible in a system and was not reached by it.
fn uncovered(systems: &[CheckedSystem], allowed: [&[Coverage; 2]; 2]) -> Vec<String> {
    let mut uncovered = Vec::new();
    for system in systems {
        let [specification, product] = allowed;
        let allowed = match system.environment {
            Environment::TimersMayBeLate => &specification[system.dialect as usize],
            Environment::TimeFirst => &product[system.dialect as usize],
        };
        let coverage = &system.survey.coverage;
        let unseen = coverage.witnesses().filter(|(_, reached)| reached.is_none());
        let unseen = unseen.map(|(witness, _)| format!("witness {}", witness.name));
        let missing = coverage.missing(allowed).into_iter().chain(unseen);
        uncovered.extend(missing.map(|what| format!("{}: {what}", system.title())));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_not_the_pinned_one_breaks_a_promise() {
        let (system, dialect) = (ServiceModel::specification(), Dialect::Standalone);
        let progress = Progress::new(None);
        let judged = |grid: &Grid| {
            let explored = explore("specification", &system, (dialect, grid), 1, &progress);
            counts_are_pinned(&[explored], Part::Quick)
        };
        assert_eq!(judged(&Grid::quick(dialect)).verdict, Verdict::Holds);
        let smaller = judged(&Grid::up_to(dialect, 1));
        assert_eq!(smaller.verdict, Verdict::Broken);
        let complaint = smaller.evidence.complaint.expect("it says what differs");
        assert!(complaint.contains("unique_states: 68026"), "{complaint}");
    }
}
