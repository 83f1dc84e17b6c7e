//! Mutants of the service that re-enact no released bug: their table.

use super::{ServiceRule, UnseenRule};
use crate::mutants::Mutant;
use activity_execution::vocabulary::Dialect;

pub(super) static UNSEEN: [Mutant<ServiceRule>; 25] = [
    Mutant {
        only_in: Some(Dialect::Standalone),
        ..unseen(
            "ignores_the_start_delay",
            "The first attempt is dispatched at once, and the chain runs from then.",
            &["schedule_to_close_bounds_the_chain", "a_waiting_attempt_is_dispatched_in_time"],
            "new",
            UnseenRule::IgnoresTheStartDelay,
        )
    },
    unseen(
        "gives_an_attempt_the_time_of_the_chain",
        "Start-to-close lasts as long as schedule-to-close.",
        &["start_to_close_runs_from_the_start"],
        "Scheduled, RecordActivityTaskStarted",
        UnseenRule::TakesTheChainForTheAttempt,
    ),
    unseen(
        "gives_a_heartbeat_the_time_of_an_attempt",
        "The heartbeat timeout lasts as long as start-to-close.",
        &["the_heartbeat_timeout_runs_from_the_last_sign_of_life"],
        "Scheduled, RecordActivityTaskStarted",
        UnseenRule::TakesTheAttemptForTheHeartbeat,
    ),
    unseen(
        "gives_the_wait_the_time_of_the_chain",
        "Schedule-to-start lasts as long as schedule-to-close.",
        &["schedule_to_start_runs_from_the_dispatch"],
        "Started, RespondActivityTaskFailed",
        UnseenRule::TakesTheChainForTheWait,
    ),
    unseen(
        "forgets_when_an_attempt_ended",
        "The end of an attempt is not recorded.",
        &[
            "a_retry_follows_an_attempt_that_ended",
            "the_first_attempt_has_no_predecessor",
            "an_outcome_of_an_attempt_has_started_and_completed",
            "a_close_by_an_attempt_completes_it",
        ],
        "Started, RespondActivityTaskFailed",
        UnseenRule::ForgetsTheEndOfAnAttempt,
    ),
    unseen(
        "gives_up_an_attempt_too_early",
        "The last attempt that the maximum allows is never made.",
        &["maximum_attempts_reached_means_reached", "the_retry_decision_is_made_in_order"],
        "Started, RespondActivityTaskFailed",
        UnseenRule::GivesUpTooEarly,
    ),
    unseen(
        "gives_a_held_task_to_another_poll",
        "A poll takes the task from the worker that holds it.",
        &["at_most_one_attempt_is_current", "a_repeated_poll_starts_nothing_new"],
        "Started, RecordActivityTaskStarted",
        UnseenRule::GivesAHeldTaskAway,
    ),
    unseen(
        "cancels_a_held_task_at_once",
        "A cancel request closes the execution although a worker holds the task.",
        &["only_time_finds_a_lost_task", "a_cancel_request_is_recorded_or_closes"],
        "Started, RequestCancelActivityExecution",
        UnseenRule::CancelsAHeldTask,
    ),
    unseen(
        "retries_what_is_not_retryable",
        "A failure that is not retryable is retried at once.",
        &["a_non_retryable_failure_closes", "the_retry_decision_is_made_in_order"],
        "Started, RespondActivityTaskFailed",
        UnseenRule::RetriesWhatIsNotRetryable,
    ),
    unseen(
        "forgets_the_last_failure_at_a_start",
        "The failure of the attempt before is gone once the next one starts.",
        &["the_last_failure_is_kept"],
        "Scheduled, RecordActivityTaskStarted",
        UnseenRule::ForgetsTheFailureAtAStart,
    ),
    unseen(
        "keeps_the_details_in_a_retried_timeout",
        "A timeout that is retried keeps details and cause in its failure, as one that closes does.",
        &["a_retried_timeout_keeps_a_short_failure"],
        "Started, Elapses(Heartbeat)",
        UnseenRule::KeepsTheDetailsInATimeout,
    ),
    unseen(
        "forgets_whose_report_closes",
        "A report that closes the execution leaves the identity of who polled.",
        &["the_worker_identity_follows_who_polls_and_who_closes"],
        "Started, RespondActivityTaskCompleted",
        UnseenRule::ForgetsWhoseReportCloses,
    ),
    unseen(
        "counts_a_heartbeat_that_is_refused",
        "A heartbeat that is refused is counted all the same.",
        &["a_refused_call_changes_nothing", "heartbeat_details_survive_attempts"],
        "Scheduled, RecordActivityTaskHeartbeat",
        UnseenRule::CountsARefusedHeartbeat,
    ),
    unseen(
        "hands_out_a_task_without_details",
        "A task does not bring the details of the attempt before.",
        &["a_task_tells_what_a_worker_needs"],
        "Scheduled, RecordActivityTaskStarted",
        UnseenRule::HandsOutNoDetails,
    ),
    unseen(
        "loses_the_result",
        "An execution that completed does not show its result.",
        &["a_reported_result_is_the_outcome"],
        "Started, RespondActivityTaskCompleted",
        UnseenRule::LosesTheResult,
    ),
    unseen(
        "terminates_only_what_waits",
        "Termination is accepted and does nothing while a worker holds the task.",
        &["termination_is_immediate_and_final"],
        "Started, TerminateActivityExecution",
        UnseenRule::TerminatesOnlyWhatWaits,
    ),
    unseen(
        "refuses_a_repeated_start",
        "A start that is repeated because its answer was lost is refused.",
        &["a_further_start_changes_nothing"],
        "Scheduled, StartActivityExecution",
        UnseenRule::RefusesARepeatedStart,
    ),
    unseen(
        "cancels_without_a_request",
        "A worker may report its attempt as canceled although nobody asked.",
        &["canceled_only_after_a_request", "a_canceled_attempt_answers_a_request"],
        "Started, RespondActivityTaskCanceled",
        UnseenRule::CancelsWithoutARequest,
    ),
    unseen(
        "forgets_who_terminated",
        "The request id of a termination is not kept, so that its repetition is refused.",
        &["terminated_means_closed_by_force", "termination_is_immediate_and_final"],
        "Started, TerminateActivityExecution",
        UnseenRule::ForgetsWhoTerminated,
    ),
    unseen(
        "forgets_a_cancel_request_at_a_heartbeat",
        "A cancel request is told once and forgotten.",
        &["a_cancel_request_is_kept"],
        "Started, RecordActivityTaskHeartbeat",
        UnseenRule::ForgetsTheCancelRequestAtAHeartbeat,
    ),
    unseen(
        "tells_a_failed_attempt_of_cancellation",
        "The answer to a failure tells whether cancellation was requested.",
        &["cancel_reaches_only_a_heartbeating_worker"],
        "Started, RespondActivityTaskFailed",
        UnseenRule::TellsAFailedAttempt,
    ),
    unseen(
        "tells_no_heartbeat_of_cancellation",
        "A heartbeat is never told that cancellation was requested.",
        &["a_heartbeat_learns_of_cancellation"],
        "Started, RecordActivityTaskHeartbeat",
        UnseenRule::TellsNoHeartbeat,
    ),
    unseen(
        "starts_start_to_close_anew_at_a_heartbeat",
        "Start-to-close runs anew from each heartbeat.",
        &["a_heartbeat_changes_only_heartbeat_data"],
        "Started, RecordActivityTaskHeartbeat",
        UnseenRule::StartsStartToCloseAnew,
    ),
    unseen(
        "reads_the_clock_twice_at_a_start",
        "A start takes time: what follows the poll happens one unit later.",
        &["only_a_tick_makes_time_pass"],
        "Scheduled, RecordActivityTaskStarted",
        UnseenRule::ReadsTheClockTwice,
    ),
    unseen(
        "keeps_a_cancel_request_for_the_next_attempt",
        "A cancel request that finds no worker waits for the next attempt.",
        &["a_cancel_request_waits_only_for_a_worker", "a_cancel_request_is_recorded_or_closes"],
        "Scheduled, RequestCancelActivityExecution",
        UnseenRule::KeepsACancelRequestWaiting,
    ),
];

const fn unseen(
    name: &'static str,
    sentence: &'static str,
    breaks: &'static [&'static str],
    shows_in: &'static str,
    rule: UnseenRule,
) -> Mutant<ServiceRule> {
    Mutant {
        name,
        sentence,
        reenacts: None,
        breaks,
        only_in: None,
        shows_in,
        beyond_exploration: None,
        rule: ServiceRule::Unseen(rule),
    }
}
