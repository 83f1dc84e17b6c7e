//! A referee for the path engine: executes the claims of the proofs on concrete numbers, and finds
//! for each input exactly one explored path, the one that the execution took.

use activity_proofs::any::Word;
use activity_proofs::{Assumptions, Proof, theorems};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::env;
use symbolic::{Budget, Decision, End, Explorer, Instance, Path, replay};

/// Inputs for each case.
const INPUTS: usize = 24;

#[test]
fn every_input_takes_exactly_one_of_the_explored_paths() {
    let algorithm = RngAlgorithm::ChaCha;
    let rng = TestRng::deterministic_rng(algorithm);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut taken, mut pruned) = (0, 0);
    for (number, (proof, _)) in theorems::of_executions(&Assumptions::all()).into_iter().enumerate()
    {
        for case in judged(&proof, number) {
            let (finished, left) = referee(&mut runner, &proof, &case);
            (taken, pruned) = (taken + finished, pruned + left);
        }
    }
    // Inputs that satisfy no assumption take a path as well, but say little.
    assert!(taken > pruned, "{taken} inputs were judged, {pruned} left early");
}

/// Which cases are judged: of each proof one for each phase, another word for each proof; all of
/// them if `REFEREE` is `all`, which takes minutes.
fn judged(proof: &Proof, number: usize) -> Vec<String> {
    let all = env::var("REFEREE").is_ok_and(|value| value == "all");
    let words = Word::ALL.map(|word| format!("{word:?}"));
    let is_chosen = |case: &&str| {
        let word = case.rsplit(", ").next().unwrap_or_default();
        let index = words.iter().position(|known| known == word);
        let shift = case.len() - word.len();
        all || index.is_none_or(|index| (index + shift) % words.len() == number)
    };
    proof.cases().filter(is_chosen).map(str::to_owned).collect()
}

/// How many inputs took a path to its end, and how many left it early.
fn referee(runner: &mut TestRunner, proof: &Proof, case: &str) -> (usize, usize) {
    let claim = proof.claim(case).expect("it is one of the cases");
    let explorer = Explorer::new(Budget::default()).record_paths();
    let report = explorer.prove(case, claim);
    assert!(report.is_proved(), "{report}");
    let paths: Vec<Path> = report.paths.iter().collect();
    let finished: Vec<&Path> = paths.iter().filter(|it| it.end() == End::Finished).collect();
    let mut ends = (0, 0);
    for _ in 0..INPUTS {
        let input = (0..finished.len(), execution())
            .prop_map(|(index, values)| Instance { values, choices: choices(finished[index]) });
        let input = input.new_tree(runner).expect("no input is refused").current();
        let played = replay(&input, claim);
        assert!(played.failures.is_empty(), "{}, {case}: {:?}", proof.name, played.failures);
        let matching: Vec<&Path> = paths.iter().filter(|path| path.matches(&input)).collect();
        let [path] = matching[..] else {
            panic!("{}, {case}: {input} takes {} paths", proof.name, matching.len());
        };
        assert!(path.is_same_as(&played.path), "{}, {case}: {input}\n{path}", proof.name);
        match played.path.end() {
            End::Finished => ends.0 += 1,
            End::Pruned | End::Midway => ends.1 += 1,
        }
    }
    ends
}

/// The choices of a path: inputs that choose like this have the shape of an execution.
fn choices(path: &Path) -> Vec<u32> {
    let chosen = path.decisions().iter().filter_map(|decision| match decision {
        Decision::Chosen { taken, .. } => Some(*taken),
        Decision::Compared { .. } | Decision::Assumed { .. } => None,
    });
    chosen.collect()
}

/// Numbers for every symbol that there may be, such that most executions made of them are possible.
fn execution() -> impl Strategy<Value = BTreeMap<String, i128>> {
    let spans = prop::array::uniform5(0_i128..6);
    let pasts = prop::array::uniform5(0_i128..6);
    let rest = (1_i128..4, -1_i128..2, 0_i128..4, prop_oneof![Just(1_i128), Just(86_400_000)]);
    (spans, pasts, rest, any::<bool>()).prop_map(|(spans, pasts, rest, retried)| {
        let (attempt, token, backoff, unit) = rest;
        let [close, start, heartbeat, delay, interval] = spans;
        let heartbeat_timeout = 1 + heartbeat;
        let start_to_close = heartbeat_timeout + start;
        let schedule_to_close = start_to_close + close * 4;
        let schedule_to_start = 1 + start.min(schedule_to_close - 1);
        let schedule_time = 0;
        // A retried attempt waits its interval after the one before; the first one its delay.
        let complete = schedule_time + delay + pasts[0];
        let dispatch = if retried { complete + interval } else { schedule_time + delay };
        let (attempt, earlier) = if retried { (attempt + 1, complete) } else { (1, schedule_time) };
        let started = dispatch + pasts[1];
        let last_started = if pasts[4] > 2 { started } else { earlier.min(started) };
        let now = started.max(complete) + pasts[2];
        let last_heartbeat = (now - pasts[3]).max(schedule_time);
        let numbers = [
            ("maximum_attempts", attempt + pasts[4]),
            ("attempt", attempt),
            ("token", attempt + token),
            ("total_heartbeat_count", pasts[0]),
        ];
        let instants = [
            ("schedule_to_close_timeout", schedule_to_close),
            ("schedule_to_start_timeout", schedule_to_start),
            ("start_to_close_timeout", start_to_close),
            ("heartbeat_timeout", heartbeat_timeout),
            ("start_delay", delay),
            ("retry_interval", interval),
            ("backoff", backoff),
            ("elapsed", 1 + pasts[1]),
            ("now", now),
            ("schedule_time", schedule_time),
            ("dispatch_time", dispatch),
            ("close_time", now),
            ("last_started_time", last_started),
            ("last_attempt_complete_time", complete),
            ("last_heartbeat_time", last_heartbeat),
            ("schedule_to_start_deadline", dispatch + schedule_to_start),
            ("schedule_to_close_deadline", schedule_time + delay + schedule_to_close),
            ("start_to_close_deadline", last_started + start_to_close),
            ("heartbeat_deadline", last_started.max(last_heartbeat) + heartbeat_timeout),
        ];
        let instants = instants.map(|(name, value)| (name, value * unit));
        numbers.into_iter().chain(instants).map(|(name, it)| (name.to_owned(), it)).collect()
    })
}
