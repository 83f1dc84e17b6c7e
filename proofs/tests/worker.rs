//! Every theorem about the tasks and the slots of a worker, a test of its name; what it says is in
//! the library, beside its proof or its promise.

mod parties;

use activity_proofs::Proven;
use activity_proofs::parties::{Hypotheses, Slots, TASK_CLOCK_LIMIT, Task, task_overflow_within};
use std::sync::LazyLock;
use symbolic::{Budget, Explorer};

static PROVEN: LazyLock<Vec<(Proven, u64)>> =
    LazyLock::new(|| [parties::proven::<Task>(), parties::proven::<Slots>()].concat());

parties::every_theorem! { PROVEN:
    nothing_precedes_the_delivery
    the_flags_agree_with_the_reason
    told_that_it_is_gone_means_gone
    details_are_sent_or_wait_for_a_call
    only_canceled_and_asynchronous_tasks_flush
    a_refused_input_changes_nothing
    a_task_remembers_no_future
    phases_only_advance
    a_task_is_delivered_once
    only_a_call_in_flight_is_answered
    whoever_does_not_run_is_unknown
    only_a_return_ends_a_function
    an_alarm_goes_off_when_it_is_due
    a_slot_is_released_once
    cancel_is_delivered_at_most_once
    only_a_local_timer_says_timed_out
    the_service_speaks_in_answers_to_heartbeats
    an_answer_is_delivered_at_once
    a_pushed_cancel_is_delivered_at_once
    a_shutdown_reaches_every_function
    details_that_cannot_be_converted_stop_the_function
    at_most_one_heartbeat_is_in_flight
    heartbeats_keep_the_throttle_interval
    a_heartbeat_is_sent_or_replaces_what_waits
    the_newest_details_are_sent
    only_a_recorded_heartbeat_is_a_sign_of_life
    a_call_ends_when_answered_or_given_up
    a_result_is_reported_once
    no_result_overtakes_a_heartbeat
    an_attempt_that_is_gone_is_not_spoken_of
    not_found_and_local_timeouts_mean_gone
    the_function_decides_its_result
    a_canceled_report_answers_a_cancel_request
    a_failure_carries_the_newest_details
    details_are_flushed_where_nothing_carries_them
    a_flush_keeps_what_it_owes
    a_failure_says_what_the_function_was_told
    details_that_wait_have_an_alarm
    whoever_is_reported_as_canceled_was_told_so
    whoever_was_told_that_it_is_gone_is_not_spoken_of
    nothing_is_flushed_that_a_report_supersedes
    no_failure_denies_a_cancel_request
    no_timeout_is_shorter_than_its_length
    without_an_alarm_that_is_due_nothing_fires
    the_deadline_of_a_task_is_its_earliest_alarm
    the_alarm_that_is_named_goes_off
    an_alarm_that_went_off_is_not_due_again
    every_change_but_a_heartbeat_lowers_the_rank_of_a_task
    a_heartbeat_raises_the_rank_by_two_at_most
    what_a_task_waits_for_leads_on
    three_answers_after_its_return_a_task_is_over
    in_its_life_a_function_is_told_once
    in_its_life_a_task_reports_one_result
    in_its_life_a_task_releases_its_slot_once
    no_addition_of_a_task_overflows
    a_task_keeps_the_limits
    slots_stay_within_the_maximum
    shutdown_is_complete_when_no_slot_is_in_use
    what_a_worker_refuses_changes_nothing
    a_worker_refuses_exactly_what_cannot_be
    the_grace_period_runs_from_the_request
    a_slot_moves_from_use_to_use
    a_shutdown_is_final
    functions_are_told_after_the_grace_period
    the_end_of_a_shutdown_is_said_once
    a_worker_that_has_shut_down_refuses_everything
    every_step_of_a_shutdown_lowers_its_rank
    the_rank_of_a_worker_is_not_negative
    a_shutdown_that_is_not_over_waits_for_a_slot
    the_grace_period_ends_at_its_deadline
    no_addition_of_a_worker_overflows
    a_worker_keeps_the_limits
}

#[test]
fn one_instant_beyond_the_limit_of_the_clock_a_task_overflows() {
    let beyond = task_overflow_within(&Hypotheses::all(), -TASK_CLOCK_LIMIT, TASK_CLOCK_LIMIT + 1);
    let proven = beyond.only("Running, HeartbeatReply").run(&Explorer::new(Budget::default()));
    let (_, failure) = proven.refutation("no_addition_of_a_task_overflows").expect("it is tight");
    assert!(failure.example.is_some(), "{failure}");
}
