//! Wrong promises, each nearly right: the prover has to refute them, with a case that a person can
//! follow and that happens when it is played again.

mod parties;
#[path = "../parties/mod.rs"]
mod proved;
mod service;

use activity_execution::vocabulary::{Dialect, ExecutionOptions};
use activity_models::exploration::class;
use activity_proofs::parties::{
    Caller, Hypotheses, Party, PromiseOf, Service, Slots, Task, promised,
};
use activity_proofs::theorems::Class;
use activity_proofs::{Proof, theorems};
use symbolic::{Budget, Explorer};

fn of_service() -> Proof {
    of_party::<Service>(service::of_service())
}

fn of_party<M: Party + Default>(promises: Vec<PromiseOf<M>>) -> Proof {
    promised("wrong promises", &M::default(), &Hypotheses::all(), promises)
}

#[test]
fn every_wrong_promise_about_an_execution_is_refuted() {
    proved::every_theorem_is_refuted(&of_service());
}

#[test]
fn every_wrong_promise_about_a_task_is_refuted() {
    proved::every_theorem_is_refuted(&of_party::<Task>(parties::of_task()));
}

#[test]
fn every_wrong_promise_about_the_slots_is_refuted() {
    proved::every_theorem_is_refuted(&of_party::<Slots>(parties::of_slots()));
}

#[test]
fn every_wrong_promise_about_a_caller_is_refuted() {
    proved::every_theorem_is_refuted(&of_party::<Caller>(parties::of_caller()));
}

#[test]
fn a_counterexample_about_a_task_is_a_case_that_a_person_can_follow() {
    let proof = of_party::<Task>(parties::of_task()).only("Running, Heartbeat");
    let words = "\
terms:  TaskOptions { start_to_close_timeout: None, heartbeat_timeout: None, \
local_timeout_buffer: 0, heartbeat_throttle_interval: 0, heartbeat_call_timeout: 0 }
before: Running(Running { delivered_time: 0, recorded_time: 0, \
heartbeat_details: Sent(details), call: Returned { sent_time: 0 }, cancel: None })
step:   TaskStep { now: 0, action: Heartbeat { details: details }, \
reply: Ok(Some(RecordActivityTaskHeartbeat { details: details })) }
after:  Running(Running { delivered_time: 0, recorded_time: 0, \
heartbeat_details: Sent(details), call: InFlight { sent_time: 0 }, cancel: None })
";
    let name = "no_heartbeat_is_sent_at_the_end_of_the_throttle_interval";
    assert_eq!(proved::refuted(&proof, name), words);
}

#[test]
fn a_counterexample_is_a_case_that_a_person_can_follow() {
    let explorer = Explorer::new(Budget::default());
    let proven = of_service().only("Started, RecordActivityTaskHeartbeat").run(&explorer);
    let (_, failure) = proven.refutation("a_heartbeat_moves_no_deadline").expect("it is wrong");
    let example = failure.example.as_ref().expect("there are such numbers");
    let words = "\
terms:
  dialect: Standalone
  start_to_close_timeout: 1
  heartbeat_timeout: 1
  start_delay: 0
  retries_start_to_close: false
  retries_heartbeat: false
before:
  now: 0
  phase: Started { request_id: RequestId(2), dispatch_time: -1 }
  attempt: 1
  start_to_close deadline: 0
  heartbeat deadline: 0
  schedule_time: -1
  last_started_time: -1
  heartbeat_details: details
  total_heartbeat_count: 0
  last_failure: last failure
  last_worker_identity: last worker
  start_request_id: RequestId(1)
action: Call(RecordActivityTaskHeartbeat { target: Token(TaskToken(1)), details: new details })
reply: Ok(Recorded { cancel_requested: false })
after:
  heartbeat deadline: 1
  last_heartbeat_time: 0
  heartbeat_details: new details
  total_heartbeat_count: 1
";
    assert_eq!(example.words, words);
}

/// A retry without a wait is in time exactly then, in a workflow.
#[test]
fn a_class_that_forgets_whether_schedule_to_close_is_due_just_now_is_not_exact() {
    let forgets: Class = |terms, execution| {
        class(&ExecutionOptions { dialect: Dialect::Standalone, ..*terms }, execution)
    };
    let coarse = theorems::quotient_by(forgets, theorems::is_told_apart, &Hypotheses::all());
    is_not_exact(coarse);
}

#[test]
fn a_negative_wait_after_schedule_to_close_tells_executions_of_one_class_apart() {
    is_not_exact(theorems::quotient_by(class, |_, _, _| true, &Hypotheses::all()));
}

fn is_not_exact(quotient: Proof) {
    let explorer = Explorer::new(Budget::default());
    let case = "Started, RespondActivityTaskFailed";
    let proven = quotient.only(case).run(&explorer);
    let refutation = proven.refutation("successors_of_one_class_are_of_one_class");
    let example = refutation.and_then(|(_, failure)| failure.example.as_ref());
    let words = &example.expect("it is not exact, by an example").words;
    assert!(words.contains("dialect: Workflow"), "{words}");
}

#[test]
fn one_instant_beyond_the_limit_of_the_clock_overflows() {
    let latest = theorems::CLOCK_LIMIT;
    let words = overflowed(-latest, latest + 1, "Started, RespondActivityTaskFailed");
    assert!(words.ends_with("> 9223372036854775807"), "{words}");
}

/// A wait that a workflow's worker asks for may be negative: it leads below the lowest number.
#[test]
fn an_instant_too_early_for_the_longest_negative_wait_overflows_downwards() {
    let (case, latest) = ("Started, RespondActivityTaskFailed", theorems::CLOCK_LIMIT);
    let earliest = i64::MIN + theorems::LONGEST_BACKOFF;
    let words = overflowed(earliest - 1, latest, case);
    assert!(words.ends_with("< -9223372036854775808"), "{words}");
    let within = theorems::overflow_within(&Hypotheses::all(), earliest, latest).only(case);
    assert_eq!(within.run(&Explorer::new(Budget::default())).refuted(), [""; 0]);
}

/// The words of a sum that leaves its bounds with this clock, by an example.
fn overflowed(earliest: i64, latest: i64, case: &str) -> String {
    let explorer = Explorer::new(Budget::default());
    let beyond = theorems::overflow_within(&Hypotheses::all(), earliest, latest);
    let proven = beyond.only(case).run(&explorer);
    let (_, failure) = proven.refutation("no_addition_overflows").expect("the limit is tight");
    assert!(failure.example.is_some(), "{failure}");
    failure.words.clone()
}
