//! Differential test of the path engine: the claims of the proofs executed on concrete numbers.

use activity_proofs::Proof;
use activity_proofs::any::Word;
use activity_proofs::parties::{Caller, Hypotheses, Party, Service, Slots, Task};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;
use std::env;
use symbolic::{Budget, Decision, End, Explorer, Instance, Path, replay};

/// The value of each symbol.
type Numbers = BTreeMap<String, i128>;

/// Inputs for each case.
const INPUTS: usize = 24;

#[test]
fn every_input_of_an_execution_takes_exactly_one_of_the_explored_paths() {
    are_refereed::<Service>(chosen, &execution().boxed());
}

#[test]
fn every_input_of_a_task_takes_exactly_one_of_the_explored_paths() {
    are_refereed::<Task>(every_seventh, &task().boxed());
}

#[test]
fn every_input_of_a_worker_takes_exactly_one_of_the_explored_paths() {
    are_refereed::<Slots>(|proof, _| cases(proof), &slots().boxed());
}

#[test]
fn every_input_of_a_caller_takes_exactly_one_of_the_explored_paths() {
    are_refereed::<Caller>(every_seventh, &counts().boxed());
}

/// Judges some cases of each proof; all of them if `REFEREE` is `all`, which takes minutes.
fn are_refereed<M: Party>(
    some: fn(&Proof, usize) -> Vec<String>,
    numbers: &BoxedStrategy<Numbers>,
) {
    let all = env::var("REFEREE").is_ok_and(|value| value == "all");
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut taken, mut pruned) = (0, 0);
    for (number, (proof, _)) in M::proofs(&Hypotheses::all()).into_iter().enumerate() {
        for case in if all { cases(&proof) } else { some(&proof, number) } {
            let (finished, left) = referee(&mut runner, &proof, &case, numbers);
            (taken, pruned) = (taken + finished, pruned + left);
        }
    }
    // Inputs that satisfy no assumption take a path as well, but say little.
    assert!(taken > pruned, "{taken} inputs were judged, {pruned} left early");
}

fn cases(proof: &Proof) -> Vec<String> {
    proof.cases().map(str::to_owned).collect()
}

/// Other cases of each proof.
fn every_seventh(proof: &Proof, number: usize) -> Vec<String> {
    cases(proof).into_iter().skip(number % 7).step_by(7).collect()
}

/// One case for each phase, another word for each proof.
fn chosen(proof: &Proof, number: usize) -> Vec<String> {
    let words = Word::ALL.map(|word| format!("{word:?}"));
    let is_chosen = |case: &&str| {
        let word = case.rsplit(", ").next().unwrap_or_default();
        let index = words.iter().position(|known| known == word);
        let shift = case.len() - word.len();
        index.is_none_or(|index| (index + shift) % words.len() == number)
    };
    proof.cases().filter(is_chosen).map(str::to_owned).collect()
}

/// How many inputs took a path to its end, and how many left it early.
fn referee(
    runner: &mut TestRunner,
    proof: &Proof,
    case: &str,
    numbers: &BoxedStrategy<Numbers>,
) -> (usize, usize) {
    let claim = proof.claim(case).expect("it is one of the cases");
    let explorer = Explorer::new(Budget::default()).record_paths();
    let report = explorer.prove(case, claim);
    assert!(report.is_proved(), "{report}");
    let paths: Vec<Path> = report.paths.iter().collect();
    let finished: Vec<&Path> = paths.iter().filter(|it| it.end() == End::Finished).collect();
    let mut ends = (0, 0);
    for _ in 0..INPUTS {
        let input = (0..finished.len(), numbers.clone())
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
fn execution() -> impl Strategy<Value = Numbers> {
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

/// The same for a task on a worker.
fn task() -> impl Strategy<Value = Numbers> {
    let spans = prop::array::uniform5(1_i128..6);
    let pasts = prop::array::uniform3(0_i128..6);
    let rest = (prop::array::uniform3(0_i128..2), prop_oneof![Just(1_i128), Just(86_400_000)]);
    (spans, pasts, rest).prop_map(|(spans, pasts, (counts, unit))| {
        let [timeout, throttle, call, buffer, longer] = spans;
        let [delivered, recorded, sent] = [pasts[0], pasts[0] + pasts[1], pasts[0] + pasts[2]];
        let now = recorded.max(sent) + pasts[2];
        let instants = [
            ("heartbeat_timeout", timeout),
            ("start_to_close_timeout", timeout + longer),
            ("heartbeat_throttle_interval", throttle),
            ("heartbeat_call_timeout", call),
            ("local_timeout_buffer", buffer),
            ("delivered_time", delivered),
            ("recorded_time", recorded),
            ("sent_time", sent),
            ("now", now),
            ("later", now + longer),
        ];
        let [told, reports, releases] = counts;
        let numbers = [("told", told), ("reports", reports), ("releases", releases)];
        let instants = instants.map(|(name, value)| (name, value * unit));
        numbers.into_iter().chain(instants).map(|(name, it)| (name.to_owned(), it)).collect()
    })
}

/// The same for the slots of a worker.
fn slots() -> impl Strategy<Value = Numbers> {
    let counts = prop::array::uniform3(0_i128..3);
    (counts, 0_i128..3, prop::array::uniform3(0_i128..6)).prop_map(|(counts, free, times)| {
        let [polling, outstanding, completions] = counts;
        let [initiated, period, later] = times;
        let numbers = [
            ("polling", polling),
            ("outstanding", outstanding),
            ("completions_in_flight", completions.min(outstanding)),
            ("max_concurrent_activities", (polling + outstanding + free).max(1)),
            ("graceful_shutdown_period", period),
            ("initiated_time", initiated),
            ("now", initiated + later),
        ];
        numbers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    })
}

/// The same for what a caller has done so far.
fn counts() -> impl Strategy<Value = Numbers> {
    prop::array::uniform4(0_i128..2).prop_map(|counts| {
        let names = ["requests", "resolutions", "schedules", "withdrawals"];
        names.map(str::to_owned).into_iter().zip(counts).collect()
    })
}
