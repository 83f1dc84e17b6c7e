//! Random sequences with huge durations, drawn and shrunk by proptest, which its `PROPTEST_*`
//! variables steer as always.

use super::lane::{Fault, Finding, Job};
use super::plan::Plan;
use super::play::{Activities, Play, Played, Unwatched, Watch};
use crate::alphabet::{Capabilities, Capability, Clock, Input, Setting, alphabet};
use crate::judge::{Names, Terms};
use crate::seam::{ActivitySystem, Broken, Manifest};
use activity_execution::vocabulary::{Attempt, Dialect, ExecutionOptions, Span};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::Arc;

/// A sequence in a setting of its own.
#[derive(Clone, Debug)]
pub struct Huge {
    /// Options and backoffs, in milliseconds.
    pub setting: Setting,
    /// What is done.
    pub sequence: Vec<Input>,
}

impl Huge {
    /// Sequences and settings that a system with these capabilities can be given.
    ///
    /// Durations are between a millisecond and thirty years; time passes to the next deadline, or to
    /// a millisecond before it.
    pub fn strategy(can: Capabilities) -> impl Strategy<Value = Huge> {
        let dialects = [
            (Capability::Standalone, Dialect::Standalone),
            (Capability::Workflow, Dialect::Workflow),
        ];
        let spoken = dialects.into_iter().filter(|(it, _)| can.has(*it)).map(|(_, it)| it);
        let spoken: Vec<Dialect> = spoken.collect();
        let spoken = if spoken.is_empty() { vec![Dialect::Standalone] } else { spoken };
        select(spoken).prop_flat_map(move |dialect| {
            let inputs = alphabet(dialect, Clock::Jumps, can);
            (setting(dialect, can), vec(select(inputs), 1..LONGEST))
                .prop_map(|(setting, sequence)| Huge { setting, sequence })
        })
    }

    fn job(&self, manifest: &Manifest) -> Job {
        Job {
            configuration: Arc::from(name(&self.setting)),
            terms: Terms {
                setting: self.setting,
                power: manifest.observes,
                lateness: Span(0),
                tolerance: Span(0),
                names: Names::default(),
            },
            sequence: self.sequence.clone(),
            fault: Fault::None,
            can: manifest.can,
            seen: 0,
        }
    }
}

/// How many inputs a sequence has at most.
const LONGEST: usize = 30;

fn duration() -> impl Strategy<Value = Span> {
    let (second, hour, year) = (1_000, 3_600_000, 31_536_000_000_i64);
    prop_oneof![1..10_i64, second..hour, hour..30 * year].prop_map(Span)
}

fn setting(dialect: Dialect, can: Capabilities) -> impl Strategy<Value = Setting> {
    let maybe = move |capability: Capability| {
        let has = can.has(capability);
        (any::<bool>(), duration()).prop_map(move |(set, span)| (has && set).then_some(span))
    };
    let attempts = prop_oneof![Just(None), (1..5_i64).prop_map(Some)];
    let retries = (any::<bool>(), any::<bool>());
    (
        attempts,
        duration(),
        maybe(Capability::ScheduleToClose),
        maybe(Capability::ScheduleToStart),
        maybe(Capability::HeartbeatTimeout),
        maybe(Capability::StartDelay),
        (duration(), duration()),
        retries,
    )
        .prop_map(move |(attempts, attempt, total, wait, heartbeat, delay, waits, retries)| {
            let fixed = !can.has(Capability::NonRetryableTimeouts);
            let total = total.map(|total| total.max(attempt));
            let wait = match (total, wait) {
                (Some(total), wait) => Some(wait.map_or(total, |wait| wait.min(total))),
                (None, wait) => wait,
            };
            let (backoff, next_retry_delay) = waits;
            Setting {
                terms: ExecutionOptions {
                    dialect,
                    maximum_attempts: attempts
                        .filter(|_| can.has(Capability::MaximumAttempts))
                        .map(Attempt),
                    schedule_to_close_timeout: total,
                    schedule_to_start_timeout: wait,
                    start_to_close_timeout: attempt,
                    heartbeat_timeout: heartbeat.map(|it| it.min(attempt)),
                    start_delay: delay
                        .filter(|_| dialect == Dialect::Standalone)
                        .unwrap_or(Span(0)),
                    retries_start_to_close: retries.0 || fixed,
                    retries_heartbeat: retries.1 || fixed,
                },
                backoff,
                next_retry_delay,
                step: Span(1),
            }
        })
}

/// What is set, in words.
fn name(setting: &Setting) -> String {
    let terms = &setting.terms;
    let mut said = vec![match terms.dialect {
        Dialect::Standalone => "standalone".to_owned(),
        Dialect::Workflow => "workflow".to_owned(),
    }];
    let delay = (terms.start_delay > Span(0)).then_some(terms.start_delay);
    for (name, span) in [
        ("schedule-to-close", terms.schedule_to_close_timeout),
        ("schedule-to-start", terms.schedule_to_start_timeout),
        ("start-to-close", Some(terms.start_to_close_timeout)),
        ("heartbeat", terms.heartbeat_timeout),
        ("delay", delay),
        ("backoff", Some(setting.backoff)),
    ] {
        said.extend(span.map(|it| format!("{name} {}", activity_models::story::span(it))));
    }
    said.push(match terms.maximum_attempts {
        None => "unlimited".to_owned(),
        Some(Attempt(1)) => "one attempt".to_owned(),
        Some(Attempt(attempts)) => format!("{attempts} attempts"),
    });
    said.join(", ")
}

/// Plays random sequences, and shrinks the first that differs.
///
/// # Errors
/// If the system breaks down.
pub(super) async fn all<S: ActivitySystem>(
    system: &mut S,
    names: &mut Activities,
    plan: &Plan,
    watch: &impl Watch,
) -> Result<(Played, Option<Finding>), Broken> {
    let manifest = system.manifest();
    let config = Config::default();
    let cases = plan.cases.unwrap_or(config.cases);
    let shrinks = config.max_shrink_iters();
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&plan.seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = Huge::strategy(manifest.can);
    watch.begins("random", usize::try_from(cases).unwrap_or(usize::MAX));
    let (mut total, mut left) = (Played::default(), cases);
    while left > 0 && !watch.is_cut_off() {
        let count = left.min(TOGETHER);
        left -= count;
        let mut trees = Vec::new();
        for _ in 0..count {
            let tree = strategy.new_tree(&mut runner);
            trees.push(tree.map_err(|why| Broken::new(format!("nothing can be drawn: {why}")))?);
        }
        let jobs: Vec<Job> = trees.iter().map(|tree| tree.current().job(&manifest)).collect();
        let play = Play { width: jobs.len(), ..Play::default() };
        let mut played = play.all(system, names, jobs.clone(), watch).await?;
        let finding = played.findings.drain(..).next();
        total.add(played);
        if let Some(finding) = finding {
            let begins = |job: &Job| {
                job.configuration == finding.job.configuration
                    && job.sequence.starts_with(&finding.job.sequence)
            };
            let tree = jobs.iter().position(begins).map(|place| trees.swap_remove(place));
            let Some(tree) = tree else { return Ok((total, Some(finding))) };
            let shrunk = shrunk(system, names, &manifest, tree, finding, shrinks).await?;
            return Ok((total, Some(shrunk)));
        }
    }
    Ok((total, None))
}

/// How many are drawn and played at once.
const TOGETHER: u32 = 64;

/// Lets proptest simplify, as long as what is left differs.
async fn shrunk<S: ActivitySystem, T: ValueTree<Value = Huge>>(
    system: &mut S,
    names: &mut Activities,
    manifest: &Manifest,
    mut tree: T,
    finding: Finding,
    shrinks: u32,
) -> Result<Finding, Broken> {
    let mut best = finding;
    for _ in 0..shrinks.min(MOST_SHRINKS) {
        if !tree.simplify() {
            break;
        }
        let job = tree.current().job(manifest);
        let mut played = Play::default().all(system, names, vec![job], &Unwatched).await?;
        match played.findings.pop() {
            Some(finding) => best = finding,
            None if tree.complicate() => {}
            None => break,
        }
    }
    Ok(best)
}

/// How often it is simplified where nothing else is said.
const MOST_SHRINKS: u32 = 2_000;
