//! Every theorem about an execution at the service, a test of its name; what it says is in the
//! library, beside its proof or its promise.

mod parties;

use activity_proofs::Proven;
use activity_proofs::parties::Service;
use std::sync::LazyLock;

static PROVEN: LazyLock<Vec<(Proven, u64)>> = LazyLock::new(parties::proven::<Service>);

parties::every_theorem! { PROVEN:
    a_started_attempt_has_a_start_time
    a_retry_follows_an_attempt_that_ended
    an_outcome_of_an_attempt_has_started_and_completed
    attempts_stay_within_the_maximum
    the_first_attempt_has_no_predecessor
    maximum_attempts_reached_means_reached
    a_cancel_request_waits_only_for_a_worker
    canceled_only_after_a_request
    terminated_means_closed_by_force
    a_close_after_a_cancel_request_says_so
    deadlines_are_armed_exactly_in_their_phase
    a_timed_out_execution_tells_which_timeout_and_why
    schedule_to_close_bounds_the_chain
    schedule_to_start_runs_from_the_dispatch
    start_to_close_runs_from_the_start
    the_heartbeat_timeout_runs_from_the_last_sign_of_life
    a_waiting_attempt_is_dispatched_in_time
    recorded_instants_are_in_order
    a_close_by_an_attempt_completes_it
    closed_is_final
    attempts_follow_one_by_one
    at_most_one_attempt_is_current
    only_time_finds_a_lost_task
    a_non_retryable_failure_closes
    the_retry_decision_is_made_in_order
    a_retry_waits_its_backoff
    the_reported_failure_is_kept
    the_last_failure_is_kept
    a_terminal_timeout_carries_details_and_cause
    a_retried_timeout_keeps_a_short_failure
    the_worker_identity_follows_who_polls_and_who_closes
    a_refused_call_changes_nothing
    a_stale_token_changes_nothing
    the_current_attempt_is_heard
    nobody_speaks_for_an_attempt_that_is_not_held
    only_a_dispatched_attempt_starts
    a_poll_from_the_dispatch_time_on_is_given_the_task
    a_repeated_poll_starts_nothing_new
    a_task_tells_what_a_worker_needs
    a_reported_result_is_the_outcome
    termination_is_immediate_and_final
    a_further_start_changes_nothing
    a_cancel_request_stops_retries
    a_repeated_cancel_request_has_no_effect
    a_cancel_request_is_recorded_or_closes
    a_cancel_request_is_kept
    cancel_reaches_only_a_heartbeating_worker
    a_heartbeat_learns_of_cancellation
    a_canceled_attempt_answers_a_request
    a_heartbeat_changes_only_heartbeat_data
    heartbeat_details_survive_attempts
    only_a_tick_makes_time_pass
    no_timeout_before_its_deadline
    due_deadlines_are_settled_in_order
    a_timeout_ends_what_it_bounds
    schedule_to_close_is_never_moved
    the_core_keeps_every_promise
    specification_and_core_look_alike
    each_step_of_the_core_is_a_step_of_the_specification
    the_core_hides_nothing
    a_call_finds_time_settled
    no_attempt_starts_after_schedule_to_close
    a_started_task_is_reported_or_times_out
    silence_means_that_nothing_is_due
    expire_names_the_earliest_deadline
    ties_are_settled_in_the_order_of_arming
    deadline_foretells_what_expire_says
    a_new_execution_is_its_first_event
    what_is_decided_can_be_applied_and_changes_something
    folding_a_history_is_living_through_it
    a_repeated_request_is_answered_alike_and_changes_nothing
    an_open_execution_has_a_deadline_or_waits_for_a_worker
    a_dispatched_attempt_is_given_to_whoever_polls
    a_held_task_has_a_deadline
    due_deadlines_can_always_be_settled
    schedule_to_close_bounds_everything
    the_rank_is_bounded_from_below
    every_change_lowers_the_rank
    no_addition_overflows
    the_limits_are_kept
    successors_of_one_class_are_of_one_class
    executions_of_one_class_answer_alike
    a_representative_is_of_its_class
}
