//! The mutants that remember: a name, a sentence, the bug that is re-enacted, the promises that break.

use super::call::{CallKind, InARow, Wrong};
use super::rule::MemoryRule;
use crate::mutants::Mutant;
use activity_execution::vocabulary::Rejection;

/// The mutants that remember.
#[must_use]
pub fn of_memory() -> Vec<Mutant<MemoryRule>> {
    REMEMBERING.iter().chain(&CRASHING).chain(&REENACTING).chain(&IN_A_ROW).copied().collect()
}

const HIDES: &str = "An exploration restores a machine from what it shows before each step, and \
                     this one goes by what it does not show.";

const CRASHES: &str = "What is explored is restored from what it shows before each step, which is \
                       a crash: this machine is never as it begins.";

const HEARD: &[&str] = &["the_current_attempt_is_heard"];
const STALE: &[&str] = &["a_stale_token_changes_nothing"];
const DUE: &[&str] = &["due_deadlines_are_settled_in_order"];
const DETAILS: &[&str] = &["heartbeat_details_survive_attempts"];
const REPEATED_POLL: &[&str] = &["a_repeated_poll_starts_nothing_new"];
const REPEATED_CANCEL: &[&str] = &["a_repeated_cancel_request_has_no_effect"];
const FURTHER_START: &[&str] = &["a_further_start_changes_nothing"];
const TERMINATION: &[&str] = &["termination_is_immediate_and_final"];
const WAIT: &[&str] = &["a_retry_waits_its_backoff"];
const POLL: &[&str] = &["a_poll_from_the_dispatch_time_on_is_given_the_task"];

const fn row(
    name: &'static str,
    sentence: &'static str,
    breaks: &'static [&'static str],
    rule: MemoryRule,
) -> Mutant<MemoryRule> {
    Mutant::unexplored(name, sentence, breaks, HIDES, rule)
}

const fn crash(
    name: &'static str,
    sentence: &'static str,
    bug: &'static str,
    breaks: &'static [&'static str],
    rule: MemoryRule,
) -> Mutant<MemoryRule> {
    let row = row(name, sentence, breaks, rule);
    Mutant { reenacts: Some(bug), beyond_exploration: Some(CRASHES), ..row }
}

const fn in_a_row(
    name: &'static str,
    sentence: &'static str,
    breaks: &'static [&'static str],
    (first, times, then): (CallKind, u8, CallKind),
    wrong: Wrong,
) -> Mutant<MemoryRule> {
    row(name, sentence, breaks, MemoryRule::InARow(InARow { first, times, then, wrong }))
}

static REMEMBERING: [Mutant<MemoryRule>; 21] = [
    row(
        "loses_start_to_close_of_the_third_attempt",
        "Start-to-close never takes effect in the third attempt.",
        DUE,
        MemoryRule::LosesStartToCloseOfTheThird,
    ),
    row(
        "forgets_a_cancel_request_at_the_second_heartbeat",
        "The second heartbeat after a cancel request drops the request.",
        &["a_cancel_request_is_kept"],
        MemoryRule::ForgetsTheCancelAtTheSecondHeartbeat,
    ),
    row(
        "drops_a_cancel_request_of_a_retried_attempt",
        "A cancel request is accepted and dropped once the first attempt is over.",
        &["a_cancel_request_is_recorded_or_closes"],
        MemoryRule::DropsACancelOfARetry,
    ),
    row(
        "hears_the_token_of_two_attempts_before",
        "The token of the attempt before last speaks for the current one; that of the last does not.",
        STALE,
        MemoryRule::HearsTheTokenOfTwoBefore,
    ),
    row(
        "loses_the_details_at_the_second_heartbeat_timeout",
        "Heartbeat details are wiped when the heartbeat timeout takes effect a second time.",
        DETAILS,
        MemoryRule::LosesDetailsAtTheSecondSilence,
    ),
    row(
        "forgets_the_cancel_id_at_a_heartbeat",
        "The id of the cancel request is remembered only until the next heartbeat.",
        REPEATED_CANCEL,
        MemoryRule::ForgetsTheCancelIdAtAHeartbeat,
    ),
    row(
        "refuses_a_repeated_poll_after_a_heartbeat",
        "A repeated poll is refused once the attempt has heartbeated.",
        REPEATED_POLL,
        MemoryRule::RefusesARepeatedPollAfterAHeartbeat,
    ),
    row(
        "skips_the_backoff_after_two_timeouts",
        "After two start-to-close timeouts nothing waits any more.",
        WAIT,
        MemoryRule::SkipsTheBackoffAfterTwoTimeouts,
    ),
    row(
        "keeps_the_wait_of_the_first_failure",
        "What the first failure made the next attempt wait, all later failures do.",
        WAIT,
        MemoryRule::KeepsTheFirstWait,
    ),
    row(
        "hears_no_token_after_three_refusals",
        "After three refused calls nobody is heard by token any more.",
        HEARD,
        MemoryRule::HearsNoTokenAfterThreeRefusals,
    ),
    row(
        "does_not_take_the_third_heartbeat_for_a_sign_of_life",
        "The third heartbeat of an attempt does not move its timeout.",
        &["the_heartbeat_timeout_runs_from_the_last_sign_of_life"],
        MemoryRule::IgnoresTheThirdHeartbeat,
    ),
    row(
        "completes_by_id_only_what_waits_for_the_first_time",
        "An execution that waits can be completed by id before its first attempt, and not later.",
        &["nobody_speaks_for_an_attempt_that_is_not_held"],
        MemoryRule::CompletesByIdOnlyTheFirst,
    ),
    row(
        "forgets_the_start_id_at_the_close",
        "A start that is repeated after the close is refused.",
        FURTHER_START,
        MemoryRule::ForgetsTheStartIdAtTheClose,
    ),
    row(
        "tells_of_cancellation_once",
        "Only the first heartbeat after a cancel request is told of it.",
        &["a_heartbeat_learns_of_cancellation"],
        MemoryRule::TellsOfCancellationOnce,
    ),
    row(
        "records_details_of_failures_once",
        "Details that travel with a failure are recorded only the first time.",
        &["the_reported_failure_is_kept"],
        MemoryRule::RecordsDetailsOfFailuresOnce,
    ),
    row(
        "loses_a_task_that_waits",
        "A task that has waited five steps of the clock can no longer be polled.",
        POLL,
        MemoryRule::LosesATaskThatWaits,
    ),
    row(
        "hears_a_stale_token_at_a_start",
        "The token of the attempt before is accepted at the very instant of a start.",
        STALE,
        MemoryRule::HearsAStaleTokenAtAStart,
    ),
    row(
        "does_not_count_an_attempt_with_two_heartbeats",
        "A first attempt that heartbeats twice does not count towards the maximum.",
        &["attempts_stay_within_the_maximum"],
        MemoryRule::DoesNotCountAfterTwoHeartbeats,
    ),
    row(
        "loses_schedule_to_start_after_two_failures",
        "Schedule-to-start does not take effect after two attempts in a row that failed.",
        DUE,
        MemoryRule::LosesScheduleToStartAfterTwoFailures,
    ),
    row(
        "forgets_the_termination_id_at_a_start",
        "A termination is not taken for a repeated one once somebody tried to start again.",
        TERMINATION,
        MemoryRule::ForgetsTheTerminateIdAtAStart,
    ),
    row(
        "loses_the_details_before_the_third_attempt",
        "The third attempt does not find the details of the ones before.",
        DETAILS,
        MemoryRule::LosesDetailsBeforeTheThird,
    ),
];

static CRASHING: [Mutant<MemoryRule>; 4] = [
    crash(
        "refuses_tokens_after_a_crash",
        "Tokens that were given out before a crash are refused after it.",
        "fixed by ffaf828f09",
        HEARD,
        MemoryRule::RefusesTokensAfterACrash,
    ),
    crash(
        "loses_the_heartbeat_timer_in_a_crash",
        "The heartbeat timer is not set anew when an execution is loaded.",
        "temporal#771",
        DUE,
        MemoryRule::LosesTheHeartbeatTimerInACrash,
    ),
    crash(
        "dispatches_at_once_after_a_crash",
        "An execution that is loaded while it backs off is dispatched at once.",
        "temporal#8593",
        WAIT,
        MemoryRule::DispatchesAtOnceAfterACrash,
    ),
    crash(
        "loses_the_task_in_a_crash",
        "The task of an execution that waited at a crash is never handed out.",
        "temporal#459, temporal#11402",
        POLL,
        MemoryRule::LosesTheTaskInACrash,
    ),
];

static REENACTING: [Mutant<MemoryRule>; 3] = [
    Mutant {
        reenacts: Some("temporal#1139"),
        ..row(
            "tells_a_retried_task_the_times_of_the_first",
            "The task of a retried attempt says when the first attempt was scheduled and started.",
            &["a_task_tells_what_a_worker_needs"],
            MemoryRule::TellsTheTimesOfTheFirst,
        )
    },
    Mutant {
        reenacts: Some("fixed by 392f51b171"),
        beyond_exploration: None,
        ..row(
            "starts_an_attempt_by_a_stale_dispatch",
            "The dispatch of an earlier attempt starts the one that waits.",
            &["only_a_dispatched_attempt_starts"],
            MemoryRule::StartsByAStaleDispatch,
        )
    },
    Mutant {
        reenacts: Some("fixed by d7358d24f3"),
        beyond_exploration: None,
        ..row(
            "mistakes_a_cancellation_that_nobody_asked_for",
            "A worker that reports cancellation without a request is told that its attempt is gone.",
            &["canceled_only_after_a_request"],
            MemoryRule::MistakesAnUnaskedCancellation,
        )
    },
];

const NOT_FOUND: Wrong = Wrong::Refused(Rejection::NotFound);
const HOLDER: Wrong = Wrong::TakenForTheHolder;

static IN_A_ROW: [Mutant<MemoryRule>; 22] = [
    in_a_row(
        "hears_the_second_stale_completion_in_a_row",
        "A stale completion is refused, and accepted when it is tried again at once.",
        STALE,
        (CallKind::StaleCompletion, 1, CallKind::StaleCompletion),
        HOLDER,
    ),
    in_a_row(
        "hears_a_stale_failure_after_a_stale_heartbeat",
        "A stale failure is accepted just after a stale heartbeat was refused.",
        STALE,
        (CallKind::StaleHeartbeat, 1, CallKind::StaleFailure),
        HOLDER,
    ),
    in_a_row(
        "hears_a_stale_completion_after_a_stale_cancellation",
        "A stale completion is accepted just after a stale cancellation was refused.",
        STALE,
        (CallKind::StaleCancellation, 1, CallKind::StaleCompletion),
        HOLDER,
    ),
    in_a_row(
        "hears_a_stale_cancellation_after_a_repeated_poll",
        "A repeated poll revives the token of the attempt before, for a report of cancellation.",
        STALE,
        (CallKind::PollAgain, 1, CallKind::StaleCancellation),
        HOLDER,
    ),
    in_a_row(
        "refuses_a_heartbeat_after_a_stale_one",
        "Whoever heartbeats just after somebody else's stale heartbeat is refused as well.",
        HEARD,
        (CallKind::StaleHeartbeat, 1, CallKind::Heartbeat),
        NOT_FOUND,
    ),
    in_a_row(
        "refuses_a_start_after_a_conflict",
        "A start that would use what exists is refused just after one that must not.",
        FURTHER_START,
        (CallKind::StartAnother, 1, CallKind::StartOrUse),
        Wrong::Refused(Rejection::AlreadyStarted),
    ),
    in_a_row(
        "refuses_the_second_repetition_of_a_start",
        "A start may be repeated once, and no more.",
        FURTHER_START,
        (CallKind::StartAgain, 1, CallKind::StartAgain),
        Wrong::Refused(Rejection::AlreadyStarted),
    ),
    in_a_row(
        "refuses_the_second_repetition_of_a_poll",
        "A poll may be repeated once, and no more.",
        REPEATED_POLL,
        (CallKind::PollAgain, 1, CallKind::PollAgain),
        Wrong::Refused(Rejection::ObsoleteTask),
    ),
    in_a_row(
        "refuses_the_second_repetition_of_a_cancel_request",
        "A cancel request may be repeated once, and no more.",
        REPEATED_CANCEL,
        (CallKind::RequestCancelAgain, 1, CallKind::RequestCancelAgain),
        Wrong::Refused(Rejection::CancelAlreadyRequested),
    ),
    in_a_row(
        "refuses_the_second_repetition_of_a_termination",
        "A termination may be repeated once, and no more.",
        TERMINATION,
        (CallKind::TerminateAgain, 1, CallKind::TerminateAgain),
        Wrong::Refused(Rejection::AlreadyClosed),
    ),
    in_a_row(
        "refuses_a_heartbeat_by_id_after_one_by_token",
        "A heartbeat by id is refused just after one by token.",
        HEARD,
        (CallKind::Heartbeat, 1, CallKind::HeartbeatById),
        NOT_FOUND,
    ),
    in_a_row(
        "refuses_the_fourth_heartbeat_in_a_row",
        "Three heartbeats in a row are recorded, and the fourth one is refused.",
        HEARD,
        (CallKind::Heartbeat, 3, CallKind::Heartbeat),
        NOT_FOUND,
    ),
    in_a_row(
        "loses_a_completion_after_three_heartbeats",
        "A completion just after three heartbeats is accepted and has no effect.",
        &["a_reported_result_is_the_outcome"],
        (CallKind::Heartbeat, 3, CallKind::Completion),
        Wrong::WithoutEffect,
    ),
    in_a_row(
        "refuses_completion_by_id_after_two_conflicts",
        "Nobody completes by id just after two starts that were refused.",
        HEARD,
        (CallKind::StartAnother, 2, CallKind::CompletionById),
        NOT_FOUND,
    ),
    in_a_row(
        "loses_a_termination_after_two_cancel_requests",
        "A termination just after two cancel requests is accepted and has no effect.",
        TERMINATION,
        (CallKind::RequestCancel, 2, CallKind::Terminate),
        Wrong::WithoutEffect,
    ),
    in_a_row(
        "loses_a_failure_after_two_stale_ones",
        "A failure just after two stale ones is accepted and has no effect.",
        &["the_reported_failure_is_kept"],
        (CallKind::StaleFailure, 2, CallKind::Failure),
        Wrong::WithoutEffect,
    ),
    in_a_row(
        "refuses_cancellation_after_two_heartbeats_by_id",
        "A worker that gives in just after two heartbeats by id is refused.",
        HEARD,
        (CallKind::HeartbeatById, 2, CallKind::Cancellation),
        NOT_FOUND,
    ),
    in_a_row(
        "refuses_a_completion_after_two_repeated_polls",
        "A completion just after two repeated polls is refused.",
        HEARD,
        (CallKind::PollAgain, 2, CallKind::Completion),
        NOT_FOUND,
    ),
    in_a_row(
        "loses_a_cancellation_after_a_repeated_request",
        "A worker that gives in just after a repeated cancel request is heard and has no effect.",
        &["a_canceled_attempt_answers_a_request"],
        (CallKind::RequestCancelAgain, 1, CallKind::Cancellation),
        Wrong::WithoutEffect,
    ),
    in_a_row(
        "hears_the_third_stale_heartbeat_in_a_row",
        "A stale heartbeat is refused twice, and recorded when it is tried a third time.",
        STALE,
        (CallKind::StaleHeartbeat, 2, CallKind::StaleHeartbeat),
        HOLDER,
    ),
    in_a_row(
        "refuses_a_failure_after_a_conflict",
        "A failure is refused just after a start that was.",
        HEARD,
        (CallKind::StartAnother, 1, CallKind::Failure),
        NOT_FOUND,
    ),
    in_a_row(
        "loses_a_termination_after_a_stale_completion",
        "A termination just after a stale completion is accepted and has no effect.",
        TERMINATION,
        (CallKind::StaleCompletion, 1, CallKind::Terminate),
        Wrong::WithoutEffect,
    ),
];
