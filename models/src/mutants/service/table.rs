//! The mutants of the service: a name, a sentence, the bug that is re-enacted, the promises that
//! break.

use super::ServiceRule;
use super::unseen_table::UNSEEN;
use crate::mutants::Mutant;
use activity_execution::vocabulary::Dialect;

/// The mutants of the service, whether the specification or the core has them.
#[must_use]
pub fn of_service() -> Vec<Mutant<ServiceRule>> {
    MUTANTS.iter().chain(&UNSEEN).copied().collect()
}

static MUTANTS: &[Mutant<ServiceRule>] = &[
    Mutant {
        name: "retries_after_a_cancel_request",
        sentence: "An attempt that fails after a cancel request is retried all the same.",
        reenacts: Some("hatchet#1377"),
        breaks: &[
            "a_cancel_request_stops_retries",
            "the_retry_decision_is_made_in_order",
            "a_close_after_a_cancel_request_says_so",
        ],
        shows_in: "Started, Elapses(StartToClose)",
        rule: ServiceRule::RetriesAfterCancel,
        ..ROW
    },
    Mutant {
        name: "makes_one_attempt_too_many",
        sentence: "The maximum of attempts counts the retries and not the attempts.",
        breaks: &["attempts_stay_within_the_maximum"],
        shows_in: "Started, Elapses(StartToClose)",
        rule: ServiceRule::OneAttemptTooMany,
        ..ROW
    },
    Mutant {
        name: "moves_schedule_to_close_at_a_retry",
        sentence: "Schedule-to-close runs anew from each retry, so it never bounds the chain.",
        reenacts: Some("temporal#6545, fixed by fc70bd97f5"),
        breaks: &["schedule_to_close_is_never_moved", "recorded_instants_are_in_order"],
        shows_in: "Started, Elapses(Heartbeat)",
        rule: ServiceRule::ReanchorsScheduleToClose,
        ..ROW
    },
    Mutant {
        name: "loses_start_to_close_once_cancel_is_requested",
        sentence: "Start-to-close is ignored once cancellation was requested: a worker that does not heartbeat holds the task for ever.",
        reenacts: Some("temporal#9901, fixed by 76beb85a07"),
        breaks: &["due_deadlines_are_settled_in_order"],
        shows_in: "Started, Elapses(StartToClose)",
        rule: ServiceRule::LosesStartToCloseOnCancel,
        ..ROW
    },
    Mutant {
        name: "arms_a_heartbeat_timeout_of_zero",
        sentence: "A heartbeat timeout that is not set is armed as one of no time at all.",
        reenacts: Some("temporal#9354, fixed by 8d659fd14d"),
        breaks: &["deadlines_are_armed_exactly_in_their_phase"],
        shows_in: "Scheduled, RecordActivityTaskStarted",
        rule: ServiceRule::ArmsAHeartbeatOfZero,
        ..ROW
    },
    Mutant {
        name: "takes_by_id_for_the_first_attempt",
        sentence: "A call by id speaks about attempt one, whichever is current.",
        reenacts: Some("temporal#10135, fixed by 6f6592bac9"),
        breaks: &["the_current_attempt_is_heard"],
        shows_in: "Started, RespondActivityTaskCompleted",
        rule: ServiceRule::ByIdMeansTheFirst,
        ..ROW
    },
    Mutant {
        name: "overflows_the_backoff_to_zero",
        sentence: "From the second attempt on the backoff has overflowed to zero: a storm of retries.",
        reenacts: Some("temporal#11225, fixed by 76f806b7b8"),
        breaks: &["a_retry_waits_its_backoff"],
        shows_in: "Started, Elapses(StartToClose)",
        rule: ServiceRule::BackoffIsZeroFrom(2),
        ..ROW
    },
    Mutant {
        name: "takes_a_failure_without_details_for_terminal",
        sentence: "A failure without details is not retried.",
        reenacts: Some("temporal#11249"),
        breaks: &["the_retry_decision_is_made_in_order"],
        shows_in: "Started, RespondActivityTaskFailed",
        rule: ServiceRule::FailureWithoutDetailsIsTerminal,
        ..ROW
    },
    Mutant {
        name: "closes_without_an_outcome",
        sentence: "A failure without details closes the execution and leaves nothing to show.",
        reenacts: Some("fixed by 25393526f3"),
        breaks: &["the_reported_failure_is_kept"],
        only_in: Some(Dialect::Standalone),
        shows_in: "Started, RespondActivityTaskFailed",
        rule: ServiceRule::FailureWithoutDetailsHasNoOutcome,
        ..ROW
    },
    Mutant {
        name: "accepts_a_stale_token",
        sentence: "Whoever held an earlier attempt speaks for the current one.",
        reenacts: Some("PR 11097, in f95c865cc0"),
        breaks: &["a_stale_token_changes_nothing"],
        shows_in: "Started, RespondActivityTaskCompleted",
        rule: ServiceRule::AcceptsStaleTokens,
        ..ROW
    },
    Mutant {
        name: "closes_a_second_time",
        sentence: "Termination overwrites the outcome of an execution that is closed.",
        reenacts: Some("temporal#11344"),
        breaks: &["closed_is_final"],
        shows_in: "Closed, TerminateActivityExecution",
        rule: ServiceRule::ClosesTwice,
        ..ROW
    },
    Mutant {
        name: "loses_a_cancel_request_while_waiting",
        sentence: "A cancel request between two attempts is accepted and reaches nobody.",
        reenacts: Some("temporal#10232, fixed by 81535bfb50"),
        breaks: &["a_cancel_request_is_recorded_or_closes"],
        shows_in: "Scheduled, RequestCancelActivityExecution",
        rule: ServiceRule::LosesCancelWhileWaiting,
        ..ROW
    },
    Mutant {
        name: "retries_schedule_to_start",
        sentence: "An attempt that no worker took in time is followed by another.",
        breaks: &["a_timeout_ends_what_it_bounds"],
        shows_in: "Scheduled, Elapses(ScheduleToStart)",
        rule: ServiceRule::RetriesScheduleToStart,
        ..ROW
    },
    Mutant {
        name: "fires_late",
        sentence: "A timer that is due at this very instant is taken for one of the future.",
        breaks: &[
            "due_deadlines_are_settled_in_order",
            "a_call_finds_time_settled",
            "no_attempt_starts_after_schedule_to_close",
            "a_started_task_is_reported_or_times_out",
        ],
        shows_in: "Scheduled, Elapses(ScheduleToStart)",
        rule: ServiceRule::FiresLate,
        ..ROW
    },
    Mutant {
        name: "fires_early",
        sentence: "A timer takes effect one unit of time before its deadline.",
        breaks: &["no_timeout_before_its_deadline", "due_deadlines_are_settled_in_order"],
        shows_in: "Scheduled, Elapses(ScheduleToClose)",
        rule: ServiceRule::FiresEarly,
        ..ROW
    },
    Mutant {
        name: "settles_ties_in_the_wrong_order",
        sentence: "Of deadlines at one instant the one that was armed last takes effect.",
        breaks: &["due_deadlines_are_settled_in_order"],
        shows_in: "Scheduled, Elapses(ScheduleToClose)",
        rule: ServiceRule::ReversesTies,
        ..ROW
    },
    Mutant {
        name: "settles_the_latest_deadline_first",
        sentence: "Of several overdue deadlines the latest takes effect first.",
        breaks: &["due_deadlines_are_settled_in_order"],
        shows_in: "Scheduled, Elapses(ScheduleToClose)",
        rule: ServiceRule::SettlesTheLatestFirst,
        ..ROW
    },
    Mutant {
        name: "drops_the_details_of_a_failure",
        sentence: "Heartbeat details that travel with a failure are not recorded.",
        reenacts: Some("temporal#11363, fixed by 248fb2e3cc"),
        breaks: &["heartbeat_details_survive_attempts"],
        shows_in: "Started, RespondActivityTaskFailed",
        rule: ServiceRule::DropsDetailsOfFailures,
        ..ROW
    },
    Mutant {
        name: "dispatches_before_the_backoff",
        sentence: "A retry is handed to whoever polls, without waiting for its backoff.",
        reenacts: Some("temporal#8593"),
        breaks: &["only_a_dispatched_attempt_starts"],
        shows_in: "Scheduled, RecordActivityTaskStarted",
        rule: ServiceRule::DispatchesBeforeTheBackoff,
        ..ROW
    },
    Mutant {
        name: "withholds_a_task_at_its_dispatch_time",
        sentence: "A poll at the very instant of the dispatch is refused, as if it came too early.",
        breaks: &["a_poll_from_the_dispatch_time_on_is_given_the_task"],
        shows_in: "Scheduled, RecordActivityTaskStarted",
        rule: ServiceRule::WithholdsAtTheDispatch,
        ..ROW
    },
    Mutant {
        name: "loses_the_heartbeat_timer_of_a_retry",
        sentence: "The heartbeat timer is created once and is gone after the first attempt.",
        reenacts: Some("temporal#8509, reverted by 11e54a1b9a; temporal#771"),
        breaks: &["due_deadlines_are_settled_in_order"],
        shows_in: "Started, Elapses(Heartbeat)",
        rule: ServiceRule::LosesHeartbeatsOfRetries,
        ..ROW
    },
    Mutant {
        name: "loses_schedule_to_close_after_a_retry",
        sentence: "Schedule-to-close fires only during the attempt that it was created in.",
        reenacts: Some("temporal#8720, fixed by 8d4d81c830"),
        breaks: &["due_deadlines_are_settled_in_order"],
        shows_in: "Scheduled, Elapses(ScheduleToClose)",
        rule: ServiceRule::LosesScheduleToCloseOfRetries,
        ..ROW
    },
    Mutant {
        name: "takes_no_schedule_to_close_for_one_of_zero",
        sentence: "Without schedule-to-close there is never time left for a retry.",
        reenacts: Some("temporal#8723, fixed by 36ea8889df"),
        breaks: &["the_retry_decision_is_made_in_order"],
        shows_in: "Started, RespondActivityTaskFailed",
        rule: ServiceRule::RetriesOnlyUnderScheduleToClose,
        ..ROW
    },
    Mutant {
        name: "loses_the_cause_of_a_terminal_timeout",
        sentence: "A timeout that closes does not tell the failure before it.",
        reenacts: Some("fixed by c21ab1623d"),
        breaks: &["a_terminal_timeout_carries_details_and_cause"],
        shows_in: "Started, Elapses(StartToClose)",
        rule: ServiceRule::LosesTheCause,
        ..ROW
    },
    Mutant {
        name: "loses_the_details_of_a_terminal_timeout",
        sentence: "A timeout that closes does not carry the last heartbeat details.",
        reenacts: Some("fixed by 0088c80e91"),
        breaks: &["a_terminal_timeout_carries_details_and_cause"],
        shows_in: "Scheduled, Elapses(ScheduleToStart)",
        rule: ServiceRule::LosesTheDetails,
        ..ROW
    },
    Mutant {
        name: "reports_the_wrong_timeout_on_giving_up",
        sentence: "An attempt timeout without time for a retry is reported as itself and not as schedule-to-close.",
        reenacts: Some("temporal#9132, fixed by 3c73945cf9"),
        breaks: &["a_timed_out_execution_tells_which_timeout_and_why"],
        shows_in: "Started, Elapses(Heartbeat)",
        rule: ServiceRule::ReportsTheAttemptsTimeout,
        ..ROW
    },
    Mutant {
        name: "refuses_a_repeated_poll_after_a_cancel_request",
        sentence: "A poll that is repeated because its answer was lost is refused once cancellation was requested.",
        reenacts: Some("temporal#11234, fixed by 863c1f821b"),
        breaks: &["a_repeated_poll_starts_nothing_new"],
        shows_in: "Started, RecordActivityTaskStarted",
        rule: ServiceRule::RefusesARepeatedPollAfterCancel,
        ..ROW
    },
    Mutant {
        name: "completes_by_id_only_what_is_started",
        sentence: "An execution that no worker has taken cannot be completed by id.",
        reenacts: Some("fixed by 1039160f0f"),
        breaks: &["nobody_speaks_for_an_attempt_that_is_not_held"],
        shows_in: "Scheduled, RespondActivityTaskCompleted",
        rule: ServiceRule::CompletesOnlyWhatIsStarted,
        ..ROW
    },
    Mutant {
        name: "forgets_the_cancel_request_at_the_close",
        sentence: "A cancel request that is repeated after the close is refused.",
        reenacts: Some("fixed by 52efaf51d1"),
        breaks: &["a_repeated_cancel_request_has_no_effect"],
        shows_in: "Closed, RequestCancelActivityExecution",
        rule: ServiceRule::ForgetsTheCancelRequest,
        ..ROW
    },
    Mutant {
        name: "retries_timeouts_that_are_not_retryable",
        sentence: "Timeouts among the non-retryable error types are retried.",
        reenacts: Some("temporal#11152, fixed by 69449f6430"),
        breaks: &["the_retry_decision_is_made_in_order"],
        shows_in: "Started, Elapses(Heartbeat)",
        rule: ServiceRule::IgnoresWhatIsNotRetried,
        ..ROW
    },
    Mutant {
        name: "does_not_count_a_failed_attempt",
        sentence: "A retry keeps the number of the attempt that failed.",
        reenacts: Some("temporal#7957"),
        breaks: &["attempts_follow_one_by_one"],
        shows_in: "Started, Elapses(StartToClose)",
        rule: ServiceRule::DoesNotCountTheAttempt,
        ..ROW
    },
    Mutant {
        name: "calls_schedule_timeouts_non_retryable",
        sentence: "Schedule timeouts are reported with the retry state of a failure that is not retryable.",
        reenacts: Some("temporal#3667, fixed by 0ded458f73"),
        breaks: &["a_timed_out_execution_tells_which_timeout_and_why"],
        shows_in: "Scheduled, Elapses(ScheduleToClose)",
        rule: ServiceRule::CallsScheduleTimeoutsNonRetryable,
        ..ROW
    },
    Mutant {
        name: "wipes_the_details_at_a_retry",
        sentence: "The next attempt does not find the details of the one before.",
        reenacts: Some("temporal#8376, c67946bbcb"),
        breaks: &["heartbeat_details_survive_attempts"],
        shows_in: "Started, Elapses(Heartbeat)",
        rule: ServiceRule::WipesDetailsAtARetry,
        ..ROW
    },
    Mutant {
        name: "takes_an_activity_of_a_workflow_for_standalone",
        sentence: "The rules of standalone activities are applied to those of a workflow.",
        breaks: &[
            "a_cancel_request_is_recorded_or_closes",
            "the_reported_failure_is_kept",
            "nobody_speaks_for_an_attempt_that_is_not_held",
        ],
        only_in: Some(Dialect::Workflow),
        shows_in: "Closed, RespondActivityTaskCompleted",
        rule: ServiceRule::ForgetsTheDialect,
        ..ROW
    },
    Mutant {
        name: "retries_at_the_very_end",
        sentence: "A failure is retried although the retry would be dispatched just when schedule-to-close is due.",
        breaks: &["the_retry_decision_is_made_in_order"],
        shows_in: "Started, RespondActivityTaskFailed",
        rule: ServiceRule::RetriesAtTheVeryEnd,
        ..ROW
    },
    Mutant {
        name: "counts_the_heartbeat_of_the_attempt_before",
        sentence: "The heartbeat timeout of a retried attempt runs from the last heartbeat of the attempt before.",
        reenacts: Some("cadence#1219"),
        breaks: &["no_timeout_before_its_deadline", "due_deadlines_are_settled_in_order"],
        shows_in: "Started, Elapses(Heartbeat)",
        rule: ServiceRule::CountsTheHeartbeatBefore,
        ..ROW
    },
    Mutant {
        name: "overflows_the_thirty_fifth_backoff",
        sentence: "From the thirty-fifth attempt on the backoff has overflowed to zero.",
        reenacts: Some("temporal#11225, fixed by 76f806b7b8"),
        breaks: &["a_retry_waits_its_backoff"],
        shows_in: "Started, Elapses(Heartbeat)",
        beyond_exploration: Some(
            "Where no maximum bounds the attempts their numbers are no part of what is visited once, and where one does it is small: no run has a thirty-fifth attempt.",
        ),
        rule: ServiceRule::BackoffIsZeroFrom(35),
        ..ROW
    },
];

/// What a row says that says nothing.
const ROW: Mutant<ServiceRule> = Mutant {
    name: "",
    sentence: "",
    reenacts: None,
    breaks: &[],
    only_in: None,
    shows_in: "",
    beyond_exploration: None,
    rule: ServiceRule::FiresLate,
};
