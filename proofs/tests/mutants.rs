//! Every mutant is refuted by the proof of the promise that it breaks, as a specification, and is no
//! refinement, as a core; those that no exploration of small numbers can see included.

use activity_models::exploration::{CoreMachine, SpecificationMachine};
use activity_models::mutants::{BEYOND_EXPLORATION, MUTANTS, Mutant};
use activity_proofs::{Assumptions, Proven, theorems};
use symbolic::{Budget, Explorer};

/// Mutants that look into payloads: no machine may, and the proofs notice when one does.
const LOOK_INTO_PAYLOADS: [&str; 2] =
    ["takes_a_failure_without_details_for_terminal", "closes_without_an_outcome"];

fn mutants() -> impl Iterator<Item = &'static Mutant> {
    MUTANTS.iter().chain(BEYOND_EXPLORATION)
}

/// A case in which the mutant shows itself; not to look at all of them saves time.
fn case(mutant: &str) -> &'static str {
    match mutant {
        "retries_after_a_cancel_request"
        | "makes_one_attempt_too_many"
        | "loses_start_to_close_once_cancel_is_requested"
        | "overflows_the_backoff_to_zero"
        | "loses_the_cause_of_a_terminal_timeout"
        | "does_not_count_a_failed_attempt" => "Started, Elapses(StartToClose)",
        "moves_schedule_to_close_at_a_retry"
        | "loses_the_heartbeat_timer_of_a_retry"
        | "reports_the_wrong_timeout_on_giving_up"
        | "retries_timeouts_that_are_not_retryable"
        | "wipes_the_details_at_a_retry"
        | "overflows_the_thirty_fifth_backoff" => "Started, Elapses(Heartbeat)",
        "arms_a_heartbeat_timeout_of_zero"
        | "dispatches_before_the_backoff"
        | "withholds_a_task_at_its_dispatch_time" => "Scheduled, RecordActivityTaskStarted",
        "takes_by_id_for_the_first_attempt" | "accepts_a_stale_token" => {
            "Started, RespondActivityTaskCompleted"
        }
        "takes_a_failure_without_details_for_terminal"
        | "closes_without_an_outcome"
        | "drops_the_details_of_a_failure"
        | "takes_no_schedule_to_close_for_one_of_zero" => "Started, RespondActivityTaskFailed",
        "closes_a_second_time" => "Closed, TerminateActivityExecution",
        "loses_a_cancel_request_while_waiting" => "Scheduled, RequestCancelActivityExecution",
        "retries_schedule_to_start" | "fires_late" | "loses_the_details_of_a_terminal_timeout" => {
            "Scheduled, Elapses(ScheduleToStart)"
        }
        "fires_early"
        | "settles_ties_in_the_wrong_order"
        | "settles_the_latest_deadline_first"
        | "loses_schedule_to_close_after_a_retry"
        | "calls_schedule_timeouts_non_retryable" => "Scheduled, Elapses(ScheduleToClose)",
        "refuses_a_repeated_poll_after_a_cancel_request" => "Started, RecordActivityTaskStarted",
        "completes_by_id_only_what_is_started" => "Scheduled, RespondActivityTaskCompleted",
        "takes_an_activity_of_a_workflow_for_standalone" => "Closed, RespondActivityTaskCompleted",
        "forgets_the_cancel_request_at_the_close" => "Closed, RequestCancelActivityExecution",
        other => panic!("{other} is new: name a case in which it shows itself"),
    }
}

fn looks_into_payloads(proven: &Proven) -> bool {
    let mut failures = proven.reports.iter().flat_map(|report| &report.failures);
    failures.any(|it| it.name.starts_with("panic: a machine compares payloads"))
}

#[test]
fn every_mutant_is_refuted_by_the_proof_of_the_promise_that_it_breaks() {
    let (explorer, assumptions) = (Explorer::new(Budget::default()), Assumptions::all());
    for mutant in mutants() {
        let proof = theorems::induction(mutant.of(SpecificationMachine), &assumptions);
        let proven = proof.only(case(mutant.name)).run(&explorer);
        let looks = looks_into_payloads(&proven);
        assert_eq!(looks, LOOK_INTO_PAYLOADS.contains(&mutant.name), "{}", mutant.name);
        let broken: Vec<&str> =
            proven.refuted().into_iter().filter(|name| mutant.breaks.contains(name)).collect();
        assert!(!broken.is_empty(), "{} is not refuted as {:?}", mutant.name, mutant.breaks);
        for promise in broken {
            let (_, failure) = proven.refutation(promise).expect("it is refuted");
            assert!(looks || failure.example.is_some(), "{}: {failure}", mutant.name);
        }
    }
}

#[test]
fn no_mutant_of_the_core_refines_the_specification() {
    let (explorer, assumptions) = (Explorer::new(Budget::default()), Assumptions::all());
    for mutant in mutants() {
        let mutated = mutant.of(CoreMachine);
        let proof = theorems::refinement(SpecificationMachine, mutated, &assumptions);
        let proven = proof.only(case(mutant.name)).run(&explorer);
        assert!(!proven.refuted().is_empty(), "{} refines the specification", mutant.name);
    }
}
