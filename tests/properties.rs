//! Property tests in long random runs: promises, refinement, recovery; proptest and quickcheck.

mod support;

use activity_execution::promises;
use activity_execution::vocabulary::Dialect;
use activity_models::mutants::of_played;
use activity_models::scenario::{Core, Effort, Script, Transcript, WordsMet, run, run_on};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};
use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult};
use std::collections::BTreeMap;
use support::plan::{Dice, Plan};

/// Each promise by its name, then what else core and specification have to agree on.
fn judge(transcript: &Transcript) -> Result<(), String> {
    let promises = promises::all::<i64, activity_execution::Payload>();
    for promise in promises.iter().chain(&promises::when_settled()) {
        if transcript.violations.iter().any(|violation| violation.name() == promise.name) {
            return Err(format!(
                "{}: {}\n\n{}",
                promise.name,
                promise.statement,
                transcript.report()
            ));
        }
    }
    if transcript.violations.is_empty() { Ok(()) } else { Err(transcript.report()) }
}

fn plans() -> impl Strategy<Value = Plan> {
    let moves = prop::collection::vec(any::<Dice>(), 0..80);
    (any::<[u16; 10]>(), moves).prop_map(|(options, moves)| Plan { options, moves })
}

const DIALECTS: [Dialect; 2] = [Dialect::Standalone, Dialect::Workflow];

/// A row of dice in the shape that quickcheck knows how to shrink.
type Row = (u16, u16, u16, u16, u16, u16);

impl Arbitrary for Plan {
    fn arbitrary(g: &mut Gen) -> Self {
        let options = std::array::from_fn(|_| u16::arbitrary(g));
        Plan { options, moves: moves(Vec::arbitrary(g)) }
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let Plan { options, moves: of_plan } = self.clone();
        let rows: Vec<Row> = of_plan.iter().map(|&[a, b, c, d, e, f]| (a, b, c, d, e, f)).collect();
        let fewer = rows.shrink().map(move |rows| Plan { options, moves: moves(rows) });
        let simpler = (0..options.len()).filter(move |index| options[*index] != 0);
        let simpler = simpler.map(move |index| {
            let mut options = options;
            options[index] = 0;
            Plan { options, moves: of_plan.clone() }
        });
        Box::new(simpler.chain(fewer))
    }
}

fn moves(rows: Vec<Row>) -> Vec<Dice> {
    rows.into_iter().map(|(a, b, c, d, e, f)| [a, b, c, d, e, f]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    /// Random runs with proptest: every promise at every step, refused calls and calls without
    /// consequences included.
    #[test]
    fn core_and_specification_keep_every_promise(plan in plans()) {
        judge(&plan.play(Effort::Probes, Core::create)).map_err(TestCaseError::fail)?;
    }
}

/// The same with quickcheck, which generates and shrinks in its own way.
#[test]
fn core_and_specification_keep_every_promise_of_quickcheck_too() {
    fn holds(plan: Plan) -> TestResult {
        match judge(&plan.play(Effort::Probes, Core::create)) {
            Ok(()) => TestResult::passed(),
            Err(report) => TestResult::error(report),
        }
    }
    QuickCheck::new().quickcheck(holds as fn(Plan) -> TestResult);
}

/// Plays plans of a fixed seed until `enough`, at most `most` of them.
fn play_plans(most: usize, mut enough: impl FnMut(&Plan) -> bool) -> usize {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    for played in 1..=most {
        let tree = plans().new_tree(&mut runner).expect("plans are never rejected");
        if enough(&tree.current()) {
            return played;
        }
    }
    most
}

#[test]
fn random_runs_reach_every_corner_of_the_vocabulary() {
    let mut coverage = BTreeMap::from(DIALECTS.map(|dialect| (dialect, WordsMet::default())));
    let (mut attempts, mut latest) = (0, 0);
    let played = play_plans(6_000, |plan| {
        let transcript = plan.play(Effort::Steps, Core::create);
        let dialect = transcript.script.terms.dialect;
        coverage.entry(dialect).or_default().add(&transcript.coverage);
        attempts = attempts.max(transcript.last().attempt.0);
        latest = latest.max(transcript.last().now.0 - transcript.created.now.0);
        false
    });
    for (dialect, coverage) in coverage {
        let missing = coverage.missing(dialect);
        assert!(missing.is_empty(), "{dialect:?}: never reached in {played} runs: {missing:#?}");
    }
    assert!(attempts >= 1_000, "the longest chain had only {attempts} attempts");
    let years = latest / (365 * 86_400_000);
    assert!(years >= 10, "the longest run took only {years} years");
}

/// Each mutant is found, and found again from nothing but the text of its report.
#[test]
fn mutants_are_found_and_told_as_scenarios() {
    let mut missed = Vec::new();
    for mutant in of_played() {
        let create = |terms: &_, now, request_id| mutant.create(terms, now, request_id);
        let mut found = None;
        play_plans(600, |plan| {
            let transcript = plan.play(Effort::Steps, create);
            found = (!transcript.violations.is_empty()).then_some(transcript);
            found.is_some()
        });
        let Some(found) = found else {
            missed.push(mutant.name);
            continue;
        };
        let text = found.reproduction().to_string();
        let script: Script = text.parse().expect("a script can be read");
        let again = run_on(&script, Effort::Steps, create);
        assert_eq!(again.violations, found.violations, "{}", found.report());
        assert!(found.report().contains(&text), "{}", found.report());
        assert!(run(&script).violations.is_empty(), "without the mutant all is well");
    }
    assert_eq!(missed, [""; 0]);
}
