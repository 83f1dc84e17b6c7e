//! Witnesses of each promise: reachable steps that show that it does not hold vacuously. Knows what
//! a premise looks like; does not judge.

use super::payload::ExplorerPayload;
use super::service_model::{Observed, something_is_due};
use activity_execution::vocabulary::{
    Action, Answer, Attempt, ExecutionOptions, Outcome, Phase, Rejection, Request, RetryState,
    Retryability, Step, Target, TaskToken, TimeoutType,
};

/// A step that shows that a promise is about something.
#[derive(Clone, Copy, Debug)]
pub struct Witness {
    /// What is seen, in a sentence.
    pub name: &'static str,
    /// The promise that would be empty without it.
    pub promise: &'static str,
    /// Whether this step shows it.
    pub seen: fn(&ExecutionOptions<i16>, &Observed, &Step<i16, ExplorerPayload>, &Observed) -> bool,
}

macro_rules! witnesses {
    ($($promise:ident <- $name:ident($terms:pat, $before:pat, $step:pat, $after:pat) $body:block)+) => {
        /// Every witness, in the order of the promises.
        pub static WITNESSES: &[Witness] = &[$(Witness {
            name: stringify!($name),
            promise: stringify!($promise),
            seen: |$terms, $before, $step, $after| $body,
        }),+];
    };
}

witnesses! {
    a_started_attempt_has_a_start_time <- an_attempt_starts(_, before, _, after) {
        !before.is_started() && after.is_started()
    }
    a_retry_follows_an_attempt_that_ended <- a_retry_waits(_, before, _, after) {
        before.is_started() && waits(after)
    }
    an_outcome_of_an_attempt_has_started_and_completed
        <- an_attempt_closes_the_execution(_, before, _, after) {
        before.is_started() && matches!(after.outcome(), Some(Outcome::Failed { .. }))
    }
    attempts_stay_within_the_maximum <- the_last_attempt_runs(terms, _, _, after) {
        after.is_started()
            && after.attempt > Attempt::first()
            && terms.maximum_attempts == Some(after.attempt)
    }
    the_first_attempt_has_no_predecessor <- a_second_attempt_starts(_, before, _, after) {
        !before.is_started() && after.is_started() && after.attempt > Attempt::first()
    }
    maximum_attempts_reached_means_reached <- the_maximum_closes(_, before, _, after) {
        !before.is_closed()
            && matches!(
                after.outcome(),
                Some(Outcome::Failed { retry_state: RetryState::MaximumAttemptsReached, .. })
            )
    }
    a_cancel_request_waits_only_for_a_worker <- a_waiting_execution_is_canceled(_, before, _, after) {
        waits(before) && after.cancel_request.is_some()
    }
    canceled_only_after_a_request <- a_worker_gives_in_to_cancellation(_, before, _, after) {
        before.is_started() && matches!(after.outcome(), Some(Outcome::Canceled { .. }))
    }
    terminated_means_closed_by_force <- an_execution_is_terminated(_, before, _, after) {
        !before.is_closed() && after.terminate_request_id.is_some()
    }
    a_close_after_a_cancel_request_says_so
        <- an_attempt_fails_after_a_cancel_request(_, before, _, after) {
        !before.is_closed()
            && matches!(
                after.outcome(),
                Some(Outcome::Failed { retry_state: RetryState::CancelRequested, .. })
            )
    }
    deadlines_are_armed_exactly_in_their_phase <- all_that_can_be_armed_is(_, _, _, after) {
        after.is_started() && after.deadlines.armed().count() == 3
    }
    a_timed_out_execution_tells_which_timeout_and_why
        <- an_attempt_times_out_without_time_left(_, before, step, after) {
        before.is_started()
            && elapsed(step) == Some(TimeoutType::StartToClose)
            && matches!(
                after.outcome(),
                Some(Outcome::TimedOut { timeout_type: TimeoutType::ScheduleToClose, .. })
            )
    }
    schedule_to_close_bounds_the_chain
        <- schedule_to_close_runs_over_a_retry(_, _, _, after) {
        waits_again(after) && after.deadlines.schedule_to_close.is_some()
    }
    schedule_to_start_runs_from_the_dispatch <- a_retry_is_bounded_by_schedule_to_start(_, _, _, after) {
        waits_again(after) && after.deadlines.schedule_to_start.is_some()
    }
    start_to_close_runs_from_the_start <- an_attempt_starts_late(_, before, _, after) {
        match (before.phase, after.is_started()) {
            (Phase::Scheduled { dispatch_time, .. }, true) => dispatch_time < before.now,
            _ => false,
        }
    }
    the_heartbeat_timeout_runs_from_the_last_sign_of_life
        <- a_heartbeat_moves_its_deadline(_, before, _, after) {
        before.is_started()
            && after.is_started()
            && before.deadlines.heartbeat < after.deadlines.heartbeat
    }
    the_heartbeat_timeout_runs_from_the_last_sign_of_life
        <- a_heartbeat_of_an_earlier_attempt_does_not_count(_, before, _, after) {
        !before.is_started()
            && after.deadlines.heartbeat.is_some()
            && before.last_heartbeat_time.is_some()
    }
    a_waiting_attempt_is_dispatched_in_time <- a_retry_is_dispatched_just_in_time(_, _, _, after) {
        match (after.phase, after.deadlines.schedule_to_close) {
            (Phase::Scheduled { dispatch_time, retry_interval: Some(_) }, Some(end)) => {
                dispatch_time.0 + 1 == end.0
            }
            _ => false,
        }
    }
    recorded_instants_are_in_order <- a_retry_has_all_its_instants(_, _, _, after) {
        after.is_started()
            && after.last_attempt_complete_time.is_some()
            && after.last_heartbeat_time.is_some()
    }
    a_close_by_an_attempt_completes_it <- a_result_closes_later_than_its_start(_, before, _, after) {
        before.is_started()
            && matches!(after.outcome(), Some(Outcome::Completed { .. }))
            && after.last_started_time < after.last_attempt_complete_time
    }
    closed_is_final <- a_closed_execution_is_asked_to_complete(_, before, step, _) {
        let completed = called(step, |it| matches!(it, Request::RespondActivityTaskCompleted { .. }));
        before.is_closed() && completed
    }
    attempts_follow_one_by_one <- a_third_attempt_waits(_, before, _, after) {
        before.is_started() && after.attempt.0 == 3
    }
    at_most_one_attempt_is_current <- another_poll_finds_the_task_held(_, before, step, _) {
        before.is_started()
            && polled(step)
            && step.reply == Err(Rejection::ObsoleteTask)
    }
    only_time_finds_a_lost_task <- time_finds_a_lost_task(_, before, step, after) {
        before.is_started() && !after.is_started() && elapsed(step).is_some()
    }
    a_non_retryable_failure_closes <- a_failure_that_is_not_retryable_is_reported(_, before, step, after) {
        before.is_started()
            && failed(step, false)
            && before.cancel_request.is_none()
            && after.is_closed()
    }
    the_retry_decision_is_made_in_order <- all_four_reasons_hold_at_once(terms, before, step, after) {
        let no_time = before.deadlines.schedule_to_close.is_some_and(|end| end.0 == before.now.0 + 1);
        before.cancel_request.is_some()
            && failed(step, false)
            && terms.maximum_attempts == Some(before.attempt)
            && no_time
            && after.is_closed()
    }
    the_retry_decision_is_made_in_order <- a_failure_finds_no_time_left(_, before, _, after) {
        before.is_started()
            && matches!(
                after.outcome(),
                Some(Outcome::Failed { retry_state: RetryState::Timeout, .. })
            )
    }
    the_retry_decision_is_made_in_order <- a_dispatch_would_fall_on_the_deadline(_, before, step, after) {
        let backoff = match &step.action {
            Action::Call(Request::RespondActivityTaskFailed {
                retry: Retryability::After(backoff), ..
            })
            | Action::Elapses { backoff, .. } => *backoff,
            Action::Call(_) | Action::Tick { .. } => return false,
        };
        before.is_started()
            && after.is_closed()
            && before.deadlines.schedule_to_close == Some(before.now + backoff)
    }
    a_retry_waits_its_backoff <- a_failure_asks_for_its_own_delay(_, _, step, after) {
        match (&step.action, after.phase) {
            (
                Action::Call(Request::RespondActivityTaskFailed {
                    retry: Retryability::After(backoff), ..
                }),
                Phase::Scheduled { retry_interval: Some(waited), .. },
            ) => backoff == &waited && waited.0 == super::bounds::NEXT_RETRY_DELAY,
            _ => false,
        }
    }
    the_reported_failure_is_kept <- a_failure_without_details_closes(_, before, step, after) {
        before.is_started()
            && after.is_closed()
            && called(step, |it| {
                matches!(it, Request::RespondActivityTaskFailed { failure: ExplorerPayload::NOTHING, .. })
            })
    }
    the_last_failure_is_kept <- an_attempt_starts_after_a_failure(_, before, _, after) {
        !before.is_started() && after.is_started() && after.last_failure != ExplorerPayload::NOTHING
    }
    a_terminal_timeout_carries_details_and_cause
        <- a_timeout_closes_with_details_and_cause(_, before, step, after) {
        elapsed(step).is_some()
            && after.is_closed()
            && before.heartbeat_details != ExplorerPayload::NOTHING
            && before.last_failure != ExplorerPayload::NOTHING
    }
    a_retried_timeout_keeps_a_short_failure <- a_timeout_with_details_is_retried(_, before, step, after) {
        elapsed(step).is_some() && waits(after) && before.heartbeat_details != ExplorerPayload::NOTHING
    }
    the_worker_identity_follows_who_polls_and_who_closes
        <- a_failure_is_retried_and_its_identity_forgotten(_, before, step, after) {
        failed(step, true) && waits(after) && before.last_worker_identity == after.last_worker_identity
    }
    a_refused_call_changes_nothing <- a_call_is_refused(_, _, step, _) {
        matches!(step.action, Action::Call(_)) && step.reply.is_err()
    }
    a_stale_token_changes_nothing <- a_worker_that_timed_out_reports(_, before, step, _) {
        before.is_started()
            && called(step, |it| {
                matches!(it.target(), Some(Target::Token(TaskToken(it))) if it.next() == before.attempt)
            })
            && before.attempt > Attempt::first()
    }
    the_current_attempt_is_heard <- a_later_attempt_is_completed_by_id(_, before, step, _) {
        before.is_started()
            && before.attempt > Attempt::first()
            && step.reply.is_ok()
            && completed_by_id(step)
    }
    nobody_speaks_for_an_attempt_that_is_not_held <- a_waiting_execution_is_completed_by_id(_, before, step, after) {
        waits(before) && after.is_closed() && completed_by_id(step)
    }
    only_a_dispatched_attempt_starts <- a_poll_comes_before_the_dispatch(_, before, step, _) {
        match before.phase {
            Phase::Scheduled { dispatch_time, .. } => polled(step) && before.now < dispatch_time,
            Phase::Started { .. } | Phase::Closed { .. } => false,
        }
    }
    a_poll_from_the_dispatch_time_on_is_given_the_task <- a_poll_comes_at_the_dispatch(_, before, step, _) {
        match before.phase {
            Phase::Scheduled { dispatch_time, retry_interval: Some(_) } => {
                polled(step) && before.now == dispatch_time && step.reply.is_ok()
            }
            Phase::Scheduled { .. } | Phase::Started { .. } | Phase::Closed { .. } => false,
        }
    }
    a_repeated_poll_starts_nothing_new <- a_poll_is_repeated_after_a_cancel_request(_, before, step, _) {
        before.is_started() && before.cancel_request.is_some() && polled(step) && step.reply.is_ok()
    }
    a_task_tells_what_a_worker_needs <- a_retry_is_given_the_details_of_an_attempt_before(_, before, step, _) {
        let Ok(Answer::Task { heartbeat_details, .. }) = step.reply else { return false };
        !before.is_started() && heartbeat_details != ExplorerPayload::NOTHING
    }
    a_reported_result_is_the_outcome <- a_worker_completes_despite_a_cancel_request(_, before, _, after) {
        before.is_started()
            && before.cancel_request.is_some()
            && matches!(after.outcome(), Some(Outcome::Completed { .. }))
    }
    termination_is_immediate_and_final <- a_termination_is_repeated(_, before, step, _) {
        before.is_closed()
            && step.reply.is_ok()
            && called(step, |it| matches!(it, Request::TerminateActivityExecution { .. }))
    }
    a_further_start_changes_nothing <- a_start_is_repeated_after_the_close(_, before, step, _) {
        before.is_closed()
            && step.reply.is_ok()
            && called(step, |it| matches!(it, Request::StartActivityExecution { .. }))
    }
    a_cancel_request_stops_retries <- a_retryable_failure_follows_a_cancel_request(_, before, step, after) {
        before.cancel_request.is_some() && failed(step, true) && after.is_closed()
    }
    a_repeated_cancel_request_has_no_effect <- a_cancel_request_is_repeated(_, before, step, _) {
        before.cancel_request.is_some() && cancel_requested(step) && step.reply.is_ok()
    }
    a_cancel_request_is_recorded_or_closes <- a_started_attempt_is_asked_to_cancel(_, before, step, after) {
        before.cancel_request.is_none() && cancel_requested(step) && after.is_started()
    }
    a_cancel_request_is_kept <- a_cancel_request_outlives_the_close(_, before, _, after) {
        !before.is_closed() && before.cancel_request.is_some() && after.is_closed()
    }
    cancel_reaches_only_a_heartbeating_worker <- a_heartbeat_is_told_of_cancellation(_, _, step, _) {
        matches!(step.reply, Ok(Answer::Recorded { cancel_requested: true }))
    }
    a_heartbeat_learns_of_cancellation <- a_heartbeat_finds_nothing_requested(_, _, step, _) {
        matches!(step.reply, Ok(Answer::Recorded { cancel_requested: false }))
    }
    a_canceled_attempt_answers_a_request <- a_worker_reports_a_cancellation_nobody_wanted(_, _, step, _) {
        step.reply == Err(Rejection::CancelNotRequested)
    }
    a_heartbeat_changes_only_heartbeat_data <- a_heartbeat_comes_after_a_cancel_request(_, before, step, _) {
        before.cancel_request.is_some() && matches!(step.reply, Ok(Answer::Recorded { .. }))
    }
    heartbeat_details_survive_attempts <- a_failure_brings_details(_, before, step, after) {
        before.is_started()
            && waits(after)
            && called(step, |it| {
                matches!(
                    it,
                    Request::RespondActivityTaskFailed { last_heartbeat_details: Some(ExplorerPayload::NEW), .. }
                )
            })
    }
    heartbeat_details_survive_attempts <- a_heartbeat_erases_the_details(_, before, _, after) {
        before.heartbeat_details != ExplorerPayload::NOTHING
            && after.heartbeat_details == ExplorerPayload::NOTHING
            && before.is_started()
    }
    only_a_tick_makes_time_pass <- time_passes(_, before, _, after) {
        before.now < after.now
    }
    no_timeout_before_its_deadline <- a_timer_comes_too_early(_, before, step, _) {
        elapsed(step).is_none()
            && matches!(step.action, Action::Elapses { .. })
            && before.deadlines.armed().count() > 0
    }
    due_deadlines_are_settled_in_order <- a_later_deadline_is_overdue_as_well(_, before, step, _) {
        let due = before.deadlines.armed().filter(|(_, deadline)| *deadline <= before.now);
        let mut instants: Vec<_> = due.map(|(_, deadline)| deadline).collect();
        instants.dedup();
        elapsed(step).is_some() && instants.len() > 1
    }
    a_timeout_ends_what_it_bounds <- nobody_polls_in_time(_, _, step, _) {
        elapsed(step) == Some(TimeoutType::ScheduleToStart)
    }
    schedule_to_close_is_never_moved <- an_attempt_is_retried_under_schedule_to_close(_, before, _, after) {
        before.is_started() && waits(after) && after.deadlines.schedule_to_close.is_some()
    }
    a_call_finds_time_settled <- a_call_comes_one_instant_before_a_deadline(_, before, step, _) {
        matches!(step.action, Action::Call(_))
            && !something_is_due(before)
            && before.deadlines.armed().any(|(_, deadline)| deadline.0 == before.now.0 + 1)
    }
    no_attempt_starts_after_schedule_to_close <- an_attempt_starts_just_in_time(_, before, _, after) {
        let end = after.deadlines.schedule_to_close;
        !before.is_started() && after.is_started() && end.is_some_and(|end| end.0 == after.now.0 + 1)
    }
    a_started_task_is_reported_or_times_out <- a_call_leaves_the_task_with_its_worker(_, before, step, after) {
        before.is_started() && after.is_started() && matches!(step.action, Action::Call(_))
    }
    each_step_of_the_core_is_a_step_of_the_specification <- an_answer_has_something_to_tell(_, _, step, _) {
        matches!(step.reply, Ok(Answer::Task { .. }))
    }
    specification_and_core_look_alike <- a_step_changes_what_is_seen(_, before, _, after) {
        before.phase != after.phase
    }
    the_core_hides_nothing <- a_worker_was_heard_and_asked_to_cancel(_, _, _, after) {
        after.is_started() && after.cancel_request.is_some() && after.last_heartbeat_time.is_some()
    }
}

fn waits(observed: &Observed) -> bool {
    matches!(observed.phase, Phase::Scheduled { .. })
}

fn waits_again(observed: &Observed) -> bool {
    matches!(observed.phase, Phase::Scheduled { retry_interval: Some(_), .. })
}

/// The timeout that took effect.
fn elapsed(step: &Step<i16, ExplorerPayload>) -> Option<TimeoutType> {
    match step.action {
        Action::Elapses { timeout_type, .. } if step.reply.is_ok() => Some(timeout_type),
        Action::Elapses { .. } | Action::Tick { .. } | Action::Call(_) => None,
    }
}

fn called(
    step: &Step<i16, ExplorerPayload>,
    is: impl Fn(&Request<i16, ExplorerPayload>) -> bool,
) -> bool {
    match &step.action {
        Action::Call(request) => is(request),
        Action::Tick { .. } | Action::Elapses { .. } => false,
    }
}

fn polled(step: &Step<i16, ExplorerPayload>) -> bool {
    called(step, |it| matches!(it, Request::RecordActivityTaskStarted { .. }))
}

fn cancel_requested(step: &Step<i16, ExplorerPayload>) -> bool {
    called(step, |it| matches!(it, Request::RequestCancelActivityExecution { .. }))
}

fn completed_by_id(step: &Step<i16, ExplorerPayload>) -> bool {
    called(step, |it| {
        matches!(it, Request::RespondActivityTaskCompleted { target: Target::ById, .. })
    })
}

/// A failure that was accepted, retryable or not.
fn failed(step: &Step<i16, ExplorerPayload>, wanted: bool) -> bool {
    step.reply.is_ok()
        && called(step, |it| match it {
            Request::RespondActivityTaskFailed { retry, .. } => {
                matches!(retry, Retryability::After(_)) == wanted
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exploration::ServiceModel;
    use std::collections::BTreeSet;

    #[test]
    fn every_promise_has_a_witness_and_every_witness_a_promise() {
        let product = ServiceModel::product();
        let promises: BTreeSet<&str> = product.promises().iter().map(|judge| judge.name).collect();
        let witnessed: BTreeSet<&str> = WITNESSES.iter().map(|witness| witness.promise).collect();
        assert_eq!(promises, witnessed);
        let names: BTreeSet<&str> = WITNESSES.iter().map(|witness| witness.name).collect();
        assert_eq!(names.len(), WITNESSES.len());
    }
}
