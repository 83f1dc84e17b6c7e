//! Workers with the defects of real ones, as wrappers around ours: each is refuted by the proof of
//! the promise that is meant for it, for whatever numbers there are.

mod parties;

use activity_execution::vocabulary::{Number, Span};
use activity_execution::worker::{Action, ActivityTask, LocalTimer, Rejection};
use activity_models::mutants::worker::*;
use activity_proofs::Sym;
use activity_proofs::parties::{
    Hypotheses, Slots, Task, TaskMutant, slots_induction, task_induction,
};

/// The proof of all promises refutes the mutant as `breaks` in this case.
fn is_refuted(mutant: TaskMutant, breaks: &str, case: &str) {
    let proof = task_induction(Task { mutant }, &Hypotheses::all()).only(case);
    parties::refuted(&proof, breaks);
}

#[test]
fn a_start_to_close_timer_that_heartbeats_put_off_is_refuted() {
    let case = "Running, Elapses(StartToClose)";
    is_refuted(
        a_start_to_close_timer_that_heartbeats_put_off,
        "an_alarm_goes_off_when_it_is_due",
        case,
    );
}

#[test]
fn a_heartbeat_call_that_may_hang_for_ever_is_refuted() {
    for case in ["Running, Elapses(HeartbeatCall)", "Flushing, Elapses(HeartbeatCall)"] {
        is_refuted(
            a_heartbeat_call_that_may_hang_for_ever,
            "an_alarm_goes_off_when_it_is_due",
            case,
        );
    }
}

#[test]
fn a_canceled_report_that_overtakes_the_flush_is_refuted() {
    is_refuted(
        a_canceled_report_that_overtakes_the_flush,
        "a_flush_keeps_what_it_owes",
        "Flushing, HeartbeatReply",
    );
}

#[test]
fn a_failed_heartbeat_taken_for_a_sign_of_life_is_refuted() {
    let breaks = "only_a_recorded_heartbeat_is_a_sign_of_life";
    is_refuted(a_failed_heartbeat_taken_for_a_sign_of_life, breaks, "Running, HeartbeatReply");
}

#[test]
fn a_pause_or_a_shutdown_reported_as_canceled_is_refuted() {
    let mutants: [TaskMutant; 2] = [a_pause_reported_as_canceled, a_shutdown_reported_as_canceled];
    for mutant in mutants {
        is_refuted(mutant, "a_canceled_report_answers_a_cancel_request", "Running, Return");
    }
}

#[test]
fn details_dropped_when_a_task_completes_asynchronously_are_refuted() {
    is_refuted(
        details_dropped_when_a_task_completes_asynchronously,
        "details_are_flushed_where_nothing_carries_them",
        "Running, Return",
    );
}

#[test]
fn a_second_cancel_for_another_reason_is_refuted() {
    is_refuted(
        a_second_cancel_for_another_reason,
        "cancel_is_delivered_at_most_once",
        "Running, CancelActivityCommand",
    );
}

#[test]
fn not_found_forgotten_because_another_reason_came_first_is_refuted() {
    is_refuted(
        not_found_forgotten_because_another_reason_came_first,
        "not_found_and_local_timeouts_mean_gone",
        "Running, HeartbeatReply",
    );
}

#[test]
fn a_success_sent_for_an_attempt_that_is_gone_is_refuted() {
    is_refuted(
        a_success_sent_for_an_attempt_that_is_gone,
        "an_attempt_that_is_gone_is_not_spoken_of",
        "Gone, Return",
    );
    is_refuted(
        a_success_sent_for_an_attempt_that_is_gone,
        "whoever_was_told_that_it_is_gone_is_not_spoken_of",
        "Gone, Return",
    );
}

#[test]
fn a_failure_without_the_details_that_were_not_sent_is_refuted() {
    is_refuted(
        a_failure_without_the_details_that_were_not_sent,
        "a_failure_carries_the_newest_details",
        "Running, Return",
    );
}

#[test]
fn older_details_that_are_kept_instead_of_newer_ones_are_refuted() {
    is_refuted(
        older_details_that_are_kept_instead_of_newer_ones,
        "a_heartbeat_is_sent_or_replaces_what_waits",
        "Running, Heartbeat",
    );
}

#[test]
fn a_slot_that_is_not_released_is_refuted() {
    is_refuted(a_slot_that_is_not_released, "a_slot_is_released_once", "Reporting, ResultReply");
}

/// Nothing but large numbers shows it: no exploration of small ones would.
#[test]
fn a_task_that_forgets_its_alarms_after_a_year_is_refuted() {
    let mutant: TaskMutant = |before, now, action, next| match (before, action) {
        (ActivityTask::Running(running), Action::Elapses(LocalTimer::StartToClose))
            if now >= running.delivered_time + Span(Sym::literal(YEAR)) =>
        {
            Err(Rejection::NotDue)
        }
        _ => next,
    };
    let case = "Running, Elapses(StartToClose)";
    is_refuted(mutant, "an_alarm_goes_off_when_it_is_due", case);
}

#[test]
fn a_shutdown_that_strands_a_completion_is_refuted() {
    let mutant = a_shutdown_that_strands_a_completion;
    let proof = slots_induction(Slots { mutant }, &Hypotheses::all());
    let proof = proof.only("GracePeriodElapsed, Return");
    parties::refuted(&proof, "shutdown_is_complete_when_no_slot_is_in_use");
}

/// Of 365 days.
const YEAR: i64 = 365 * 24 * 3_600 * 1_000;
