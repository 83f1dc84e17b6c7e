//! Promises about the chain of attempts: one at a time, counted, retried by policy, closed once.

use super::time::in_time;
use super::{accepted, unchanged};
use crate::vocabulary::{
    Action, Attempt, Dialect, ExecutionOptions, Number, Observation, Opaque, Outcome, Phase,
    Request, RetryState, Retryability, Step, TimeoutReason, TimeoutType,
};

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_states, judge_states; of_states: true;
    /// A started attempt has a start time.
    a_started_attempt_has_a_start_time(_terms, _before, _step, after) {
        !after.is_started() || after.last_started_time.is_some()
    }

    /// An attempt waits with a retry interval exactly if an attempt before it started and ended.
    a_retry_follows_an_attempt_that_ended(_terms, _before, _step, after) {
        match after.phase {
            Phase::Scheduled { retry_interval, .. } => {
                retry_interval.is_some() == after.last_attempt_complete_time.is_some()
                    && retry_interval.is_some() == after.last_started_time.is_some()
            }
            Phase::Started { .. } | Phase::Closed { .. } => true,
        }
    }

    /// An execution that an attempt closed has started and completed one.
    an_outcome_of_an_attempt_has_started_and_completed(_terms, _before, _step, after) {
        match after.outcome() {
            Some(
                Outcome::Completed { .. }
                | Outcome::Failed { .. }
                | Outcome::TimedOut {
                    timeout_type: TimeoutType::StartToClose | TimeoutType::Heartbeat, ..
                },
            ) => after.last_started_time.is_some() && after.last_attempt_complete_time.is_some(),
            Some(
                Outcome::Canceled { .. } | Outcome::Terminated { .. } | Outcome::TimedOut { .. },
            )
            | None => true,
        }
    }

    /// Attempts are counted from one and never exceed the maximum.
    attempts_stay_within_the_maximum(terms, _before, _step, after) {
        after.attempt >= Attempt::first()
            && terms.maximum_attempts.is_none_or(|maximum| after.attempt <= maximum)
    }

    /// The first attempt has no predecessor, every later one has one that ended.
    the_first_attempt_has_no_predecessor(_terms, _before, _step, after) {
        match after.phase {
            Phase::Scheduled { .. } | Phase::Started { .. } => {
                (after.attempt == Attempt::first()) == after.last_attempt_complete_time.is_none()
            }
            Phase::Closed { .. } => true,
        }
    }

    /// A close because the maximum of attempts was reached happens at exactly that attempt.
    maximum_attempts_reached_means_reached(terms, _before, _step, after) {
        match after.outcome() {
            Some(
                Outcome::Failed { retry_state: RetryState::MaximumAttemptsReached, .. }
                | Outcome::TimedOut { retry_state: RetryState::MaximumAttemptsReached, .. },
            ) => terms.maximum_attempts.is_some_and(|maximum| after.attempt == maximum),
            Some(_) | None => true,
        }
    }
}

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_steps, judge_steps; of_states: false;
    /// A closed execution never opens again, and nothing about it changes any more.
    closed_is_final(_terms, before, _step, after) {
        !before.is_closed() || unchanged(before, after)
    }

    /// Attempts follow one another: the number grows by one, when a started attempt ended.
    attempts_follow_one_by_one(_terms, before, step, after) {
        let failed = match &step.action {
            Action::Call(Request::RespondActivityTaskFailed { .. }) | Action::Elapses { .. } => {
                step.reply.is_ok()
            }
            Action::Call(_) | Action::Tick { .. } => false,
        };
        match after.phase {
            Phase::Scheduled { .. } if before.is_started() => {
                failed && after.attempt == before.attempt.next()
            }
            Phase::Scheduled { .. } | Phase::Started { .. } | Phase::Closed { .. } => {
                after.attempt == before.attempt
            }
        }
    }

    /// While a worker holds the task, nobody else is given it.
    at_most_one_attempt_is_current(_terms, before, _step, after) {
        match (&before.phase, &after.phase) {
            (Phase::Started { .. }, Phase::Started { .. }) => {
                before.phase == after.phase
                    && before.attempt == after.attempt
                    && before.last_started_time == after.last_started_time
            }
            _ => true,
        }
    }

    /// A task that a worker holds is given up by its report, by force or by time: nothing else
    /// tells that it is lost.
    only_time_finds_a_lost_task(_terms, before, step, after) {
        if !before.is_started() || after.is_started() {
            return true;
        }
        match &step.action {
            Action::Elapses { .. } => true,
            Action::Call(request) => match request {
                Request::RespondActivityTaskCompleted { .. }
                | Request::RespondActivityTaskFailed { .. }
                | Request::RespondActivityTaskCanceled { .. }
                | Request::TerminateActivityExecution { .. } => true,
                Request::StartActivityExecution { .. }
                | Request::RecordActivityTaskStarted { .. }
                | Request::RecordActivityTaskHeartbeat { .. }
                | Request::RequestCancelActivityExecution { .. } => false,
            },
            Action::Tick { .. } => false,
        }
    }

    /// A failure that is not retryable closes the execution.
    a_non_retryable_failure_closes(_terms, _before, step, after) {
        match accepted(step) {
            Some(Request::RespondActivityTaskFailed { retry, .. }) => {
                matches!(retry, Retryability::After(_)) || after.is_closed()
            }
            Some(_) | None => true,
        }
    }

    /// No retry after a cancel request, of a failure that is not retryable, beyond the maximum of
    /// attempts, or without time before schedule-to-close; asked in this order; else a retry.
    /// In the workflow dialect a reported schedule timeout comes second.
    the_retry_decision_is_made_in_order(terms, before, step, after) {
        let retry = match &step.action {
            _ if step.reply.is_err() => return true,
            Action::Call(Request::RespondActivityTaskFailed { retry, .. }) => *retry,
            Action::Elapses { timeout_type, backoff } if before.is_started() => {
                match timeout_type {
                    TimeoutType::ScheduleToStart | TimeoutType::ScheduleToClose => return true,
                    TimeoutType::StartToClose | TimeoutType::Heartbeat => {
                        if terms.retries(*timeout_type) {
                            Retryability::After(*backoff)
                        } else {
                            Retryability::NonRetryable
                        }
                    }
                }
            }
            Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => return true,
        };
        let decided = match after.outcome() {
            Some(
                Outcome::Failed { retry_state, .. } | Outcome::TimedOut { retry_state, .. },
            ) => Some(*retry_state),
            Some(_) => return false,
            None => None,
        };
        let expected = if before.cancel_request.is_some() {
            Some(RetryState::CancelRequested)
        } else if retry == Retryability::TimedOut {
            Some(RetryState::Timeout)
        } else if retry == Retryability::NonRetryable {
            Some(RetryState::NonRetryableFailure)
        } else if terms.maximum_attempts.is_some_and(|maximum| maximum <= before.attempt) {
            Some(RetryState::MaximumAttemptsReached)
        } else {
            let in_time = match (retry, before.deadlines.schedule_to_close) {
                (Retryability::After(_), None) => true,
                (Retryability::After(backoff), Some(end)) => in_time(terms, before.now + backoff, end),
                (Retryability::NonRetryable | Retryability::TimedOut | Retryability::NoInterval, _) => false,
            };
            (!in_time).then_some(RetryState::Timeout)
        };
        decided == expected
    }

    /// A retry waits exactly its backoff before it can be dispatched.
    a_retry_waits_its_backoff(_terms, before, step, after) {
        let Phase::Scheduled { dispatch_time, retry_interval } = after.phase else {
            return true;
        };
        if !before.is_started() {
            return true;
        }
        match &step.action {
            Action::Call(Request::RespondActivityTaskFailed {
                retry: Retryability::After(backoff), ..
            })
            | Action::Elapses { backoff, .. } => {
                retry_interval == Some(*backoff) && dispatch_time == before.now + *backoff
            }
            Action::Call(_) | Action::Tick { .. } => false,
        }
    }

    /// The failure that a worker reports is kept, and is the outcome if it closes the execution;
    /// where none was given, the outcome says so.
    the_reported_failure_is_kept(terms, _before, step, after) {
        let Some(Request::RespondActivityTaskFailed { failure, .. }) = accepted(step) else {
            return true;
        };
        match &after.phase {
            Phase::Scheduled { .. } => after.last_failure == *failure,
            Phase::Closed { outcome: Outcome::Failed { failure: shown, .. }, .. } => {
                let told = match terms.dialect {
                    Dialect::Standalone => failure.clone().or_missing_failure(),
                    Dialect::Workflow => failure.clone(),
                };
                *shown == told && after.last_failure == told
            }
            Phase::Started { .. } | Phase::Closed { .. } => false,
        }
    }

    /// The failure of the last attempt that failed is kept until another attempt fails.
    the_last_failure_is_kept(_terms, before, step, after) {
        match &step.action {
            Action::Call(Request::RespondActivityTaskFailed { .. })
            | Action::Elapses {
                timeout_type: TimeoutType::StartToClose | TimeoutType::Heartbeat, ..
            } if step.reply.is_ok() => true,
            Action::Call(_) | Action::Tick { .. } | Action::Elapses { .. } => {
                before.last_failure == after.last_failure
            }
        }
    }

    /// A timeout that closes the execution carries the newest heartbeat details and the failure
    /// before it; one that leaves no time for a retry is reported as schedule-to-close.
    a_terminal_timeout_carries_details_and_cause(terms, before, step, after) {
        let Action::Elapses { timeout_type: elapsed, .. } = &step.action else {
            return true;
        };
        if before.is_closed() {
            return true;
        }
        let Some(outcome) = after.outcome() else {
            return true;
        };
        let Outcome::TimedOut { timeout_type, failure, retry_state } = outcome else {
            return false;
        };
        let own = timeout_type == elapsed;
        let says_not_enough = terms.dialect == Dialect::Workflow
            && *elapsed == TimeoutType::ScheduleToClose
            && *retry_state == RetryState::Timeout;
        let reason = if own && !says_not_enough {
            TimeoutReason::Elapsed
        } else {
            TimeoutReason::NotEnoughTime
        };
        let expected = P::timeout_failure(
            *timeout_type,
            reason,
            before.heartbeat_details.clone(),
            before.last_failure.clone(),
        );
        let reported = *timeout_type == TimeoutType::ScheduleToClose
            && *retry_state == RetryState::Timeout;
        *failure == expected && (own || reported)
    }

    /// A retried timeout keeps its own failure, without details and without cause.
    a_retried_timeout_keeps_a_short_failure(_terms, before, step, after) {
        match (&step.action, &after.phase) {
            (Action::Elapses { timeout_type, .. }, Phase::Scheduled { .. })
                if before.is_started() =>
            {
                let reason = TimeoutReason::Elapsed;
                after.last_failure
                    == P::timeout_failure(*timeout_type, reason, P::none(), P::none())
            }
            _ => true,
        }
    }

    /// The worker's identity is that of who last polled, or whose report closed the execution.
    the_worker_identity_follows_who_polls_and_who_closes(_terms, before, step, after) {
        let kept = before.last_worker_identity == after.last_worker_identity;
        match accepted(step) {
            Some(Request::RespondActivityTaskCompleted { identity, .. }) => {
                after.last_worker_identity == *identity
            }
            Some(Request::RespondActivityTaskFailed { identity, .. }) if after.is_closed() => {
                after.last_worker_identity == *identity
            }
            Some(Request::RecordActivityTaskStarted { identity, .. }) if !before.is_started() => {
                after.last_worker_identity == *identity
            }
            Some(_) | None => kept,
        }
    }
}
