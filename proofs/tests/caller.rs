//! Every theorem about an activity at its caller, a test of its name; what it says is in the
//! library, beside its proof or its promise.

mod parties;

use activity_models::mutants::caller::*;
use activity_proofs::Proven;
use activity_proofs::parties::{Caller, CallerMutant, Hypotheses, caller_induction, of_caller};
use std::sync::LazyLock;

static PROVEN: LazyLock<Vec<(Proven, u64)>> =
    LazyLock::new(|| parties::run(of_caller(&Hypotheses::all())));

parties::every_theorem! { PROVEN:
    abandoned_exactly_if_nothing_is_requested
    what_a_caller_refuses_changes_nothing
    a_caller_only_advances
    an_activity_resolves_once
    try_and_abandon_resolve_at_once
    waiting_resolves_with_the_close
    a_close_resolves_in_its_wrapper
    late_events_are_heard_in_silence
    after_a_cancel_request_any_end_is_possible
    each_command_is_given_once
    a_request_is_made_where_it_is_meant
    a_schedule_that_was_not_sent_is_withdrawn
    a_second_cancel_does_nothing
    a_detached_activity_is_shielded
    nothing_follows_the_close_of_the_caller
    an_abandoned_activity_is_never_canceled
    every_change_lowers_the_rank_of_a_caller
    an_open_activity_can_always_be_closed
    in_its_life_an_activity_resolves_exactly_once
    in_its_life_an_activity_is_requested_to_cancel_once
    in_its_life_an_activity_is_scheduled_once
}

#[test]
fn without_any_hypothesis_about_a_caller_a_theorem_falls() {
    parties::every_hypothesis_is_needed(of_caller);
}

/// The proof of all promises refutes the mutant as `breaks`.
fn is_refuted(mutant: CallerMutant, breaks: &str) {
    parties::refuted(&caller_induction(Caller { mutant }, &Hypotheses::all()), breaks);
}

#[test]
fn a_second_request_for_one_activity_is_refuted() {
    is_refuted(a_second_request_for_one_activity, "each_command_is_given_once");
    is_refuted(a_second_request_for_one_activity, "a_second_cancel_does_nothing");
}

#[test]
fn an_abandoned_activity_that_may_not_fail_is_refuted() {
    is_refuted(an_abandoned_activity_that_may_not_fail, "late_events_are_heard_in_silence");
}

#[test]
fn a_shield_that_lets_the_parent_through_is_refuted() {
    is_refuted(a_shield_that_lets_the_parent_through, "a_detached_activity_is_shielded");
}

#[test]
fn a_waiting_caller_that_does_not_wait_is_refuted() {
    is_refuted(a_waiting_caller_that_does_not_wait, "waiting_resolves_with_the_close");
}

#[test]
fn a_close_that_resolves_again_is_refuted() {
    is_refuted(a_close_that_resolves_again, "an_activity_resolves_once");
}
