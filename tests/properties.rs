//! Promises, refinement and recovery in long random runs: with proptest, with quickcheck, and once
//! with fixed seeds that have to reach every corner of the vocabulary.

mod support;

use activity_execution::promises;
use activity_models::scenario::{Core, Coverage, Effort, Script, Subject, Transcript, run_on};
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, RngAlgorithm, TestRng, TestRunner};
use quickcheck::{Arbitrary, Gen, QuickCheck, TestResult};
use support::bugs::{
    Bug, Buggy, ByIdMeansFirst, DeadlineInclusive, LateTimers, MaximumPlusOne, NoFencing,
};
use support::plan::{Dice, Plan};

/// Each promise by its name, then what else core and specification have to agree on.
fn judge(transcript: &Transcript) -> Result<(), String> {
    let promises = promises::all::<i64, activity_execution::Payload>();
    for promise in promises.iter().chain(&promises::when_settled()) {
        if transcript.violations.iter().any(|violation| violation.name() == promise.name) {
            return Err(format!(
                "{} {}\n\n{}",
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

impl Arbitrary for Plan {
    fn arbitrary(g: &mut Gen) -> Self {
        let moves: Vec<(u64, u32)> = Arbitrary::arbitrary(g);
        Plan {
            options: std::array::from_fn(|_| u16::arbitrary(g)),
            moves: moves
                .into_iter()
                .map(|(dice, more)| {
                    let [a, b, c, d] = [0, 16, 32, 48].map(|shift| low(dice >> shift));
                    [a, b, c, d, low(more.into()), low(u64::from(more) >> 16)]
                })
                .collect(),
        }
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let (plan, other) = (self.clone(), self.clone());
        let fewer = self.moves.iter().map(|dice| dice.to_vec()).collect::<Vec<_>>().shrink();
        let fewer = fewer.filter_map(move |moves| {
            let moves: Option<Vec<Dice>> =
                moves.into_iter().map(|dice| dice.try_into().ok()).collect();
            Some(Plan { moves: moves?, ..plan.clone() })
        });
        let simpler = self.options.to_vec().shrink().filter_map(move |options| {
            Some(Plan { options: options.try_into().ok()?, ..other.clone() })
        });
        Box::new(fewer.chain(simpler))
    }
}

fn low(bits: u64) -> u16 {
    (bits & 0xffff) as u16
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
        judge(&plan.play::<Core>(Effort::Probes)).map_err(TestCaseError::fail)?;
    }
}

/// The same with quickcheck, which generates and shrinks in its own way.
#[test]
fn core_and_specification_keep_every_promise_of_quickcheck_too() {
    fn holds(plan: Plan) -> TestResult {
        match judge(&plan.play::<Core>(Effort::Probes)) {
            Ok(()) => TestResult::passed(),
            Err(report) => TestResult::error(report),
        }
    }
    QuickCheck::new().quickcheck(holds as fn(Plan) -> TestResult);
}

/// Plays plans of a fixed seed until `enough`, at most `most` of them.
fn play_plans<S: Subject>(most: usize, mut enough: impl FnMut(&Transcript) -> bool) -> usize {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), rng);
    for played in 1..=most {
        let tree = plans().new_tree(&mut runner).expect("plans are never rejected");
        let plan = proptest::strategy::ValueTree::current(&tree);
        if enough(&plan.play::<S>(Effort::Steps)) {
            return played;
        }
    }
    most
}

#[test]
fn random_runs_reach_every_corner_of_the_vocabulary() {
    let mut coverage = Coverage::default();
    let (mut attempts, mut latest) = (0, 0);
    let played = play_plans::<Core>(3_000, |transcript| {
        coverage.add(&transcript.coverage);
        attempts = attempts.max(transcript.last().attempt.0);
        latest = latest.max(transcript.last().now.0 - transcript.created.now.0);
        false
    });
    let missing = coverage.missing();
    assert!(missing.is_empty(), "never reached in {played} runs: {missing:#?}");
    assert!(attempts >= 1_000, "the longest chain had only {attempts} attempts");
    let years = latest / (365 * 86_400_000);
    assert!(years >= 10, "the longest run took only {years} years");
}

/// Finds the bug, and finds it again from nothing but the text of its report.
fn is_found_and_told<B: Bug>() -> String {
    let mut found = None;
    play_plans::<Buggy<B>>(600, |transcript| {
        found = (!transcript.violations.is_empty()).then(|| transcript.clone());
        found.is_some()
    });
    let found = found.expect("a planted bug is found");
    let script: Script = found.reproduction().to_string().parse().expect("a script can be read");
    let again = run_on::<Buggy<B>>(&script, Effort::Steps);
    assert_eq!(again.violations, found.violations, "{}", found.report());
    assert!(found.report().contains(found.violations[0].name()));
    found.violations.iter().map(activity_models::scenario::Violation::name).collect()
}

#[test]
fn planted_bugs_are_found_and_told_as_scenarios() {
    let fencing = is_found_and_told::<NoFencing>();
    assert!(fencing.contains("core_and_specification_answer_alike"), "{fencing}");
    is_found_and_told::<ByIdMeansFirst>();
    is_found_and_told::<MaximumPlusOne>();
    is_found_and_told::<DeadlineInclusive>();
    is_found_and_told::<LateTimers>();
}
