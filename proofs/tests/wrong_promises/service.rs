//! Wrong promises about an execution.

use activity_execution::vocabulary::{
    Action, Attempt, ExecutionOptions, Observation, Outcome, Phase, Request, RetryState,
    Retryability, Step, Target, TimeoutType,
};
use activity_proofs::{Sym, SymbolicPayload};

activity_execution::promises! { [](ExecutionOptions<Sym>, Observation<Sym, SymbolicPayload>, Step<Sym, SymbolicPayload>)
    pub(super) of_service; of_states: false;

    /// A timeout takes effect strictly after its deadline. (At the deadline as well.)
    a_timeout_takes_effect_after_its_deadline(_terms, before, step, _after) {
        match step.action {
            Action::Elapses { timeout_type, .. } if step.reply.is_ok() => {
                before.deadlines.of(timeout_type).is_some_and(|deadline| deadline < before.now)
            }
            _ => true,
        }
    }

    /// A retry may be dispatched at the very end. (It has to be dispatched before.)
    a_retry_may_be_dispatched_at_the_deadline(_terms, before, step, after) {
        let refused = match after.outcome() {
            Some(Outcome::Failed { retry_state, .. } | Outcome::TimedOut { retry_state, .. }) => {
                *retry_state == RetryState::Timeout
            }
            _ => false,
        };
        let backoff = match step.action {
            Action::Call(Request::RespondActivityTaskFailed {
                retry: Retryability::After(backoff), ..
            }) => backoff,
            Action::Elapses { timeout_type: TimeoutType::StartToClose, backoff } => backoff,
            _ => return true,
        };
        let end = before.deadlines.schedule_to_close;
        !before.is_started()
            || !refused
            || end.is_some_and(|end| end < before.now + backoff)
    }

    /// At one instant schedule-to-start goes first. (Not of a retried attempt.)
    schedule_to_start_always_goes_first(_terms, before, step, _after) {
        let deadlines = &before.deadlines;
        match (&step.action, deadlines.schedule_to_start, deadlines.schedule_to_close) {
            (
                Action::Elapses { timeout_type: TimeoutType::ScheduleToClose, .. },
                Some(start),
                Some(close),
            ) => step.reply.is_err() || close < start,
            _ => true,
        }
    }

    /// A retry is dispatched at once. (After its backoff.)
    a_retry_is_dispatched_at_once(_terms, before, _step, after) {
        match after.phase {
            Phase::Scheduled { dispatch_time, .. } if before.is_started() => {
                dispatch_time <= after.now
            }
            _ => true,
        }
    }

    /// There is a second attempt at most. (As many as the policy allows.)
    nobody_tries_three_times(_terms, before, _step, after) {
        before.attempt == after.attempt || before.attempt == Attempt::first()
    }

    /// A heartbeat moves no deadline. (Its own.)
    a_heartbeat_moves_no_deadline(_terms, before, step, after) {
        match step.action {
            Action::Call(Request::RecordActivityTaskHeartbeat { .. }) => {
                before.deadlines.heartbeat == after.deadlines.heartbeat
            }
            _ => true,
        }
    }

    /// Details die with their attempt. (They survive it.)
    heartbeat_details_die_with_their_attempt(_terms, before, _step, after) {
        !before.is_started()
            || !matches!(after.phase, Phase::Scheduled { .. })
            || before.heartbeat_details != after.heartbeat_details
    }

    /// A cancel request closes the execution. (Not while a worker holds the task.)
    a_cancel_request_closes(_terms, _before, step, after) {
        match step.action {
            Action::Call(Request::RequestCancelActivityExecution { .. }) => after.is_closed(),
            _ => true,
        }
    }

    /// Only a task that a worker holds can be completed. (By id also one that waits.)
    only_a_started_task_can_be_completed(_terms, before, step, _after) {
        match step.action {
            Action::Call(Request::RespondActivityTaskCompleted { target: Target::ById, .. }) => {
                before.is_started() || step.reply.is_err()
            }
            _ => true,
        }
    }

    /// A call that comes after a deadline is refused. (The specification's timers may be late.)
    an_overdue_attempt_is_not_heard(_terms, before, step, _after) {
        let due = before.deadlines.start_to_close.is_some_and(|deadline| deadline <= before.now);
        match step.action {
            Action::Call(Request::RespondActivityTaskCompleted { .. }) => {
                !due || step.reply.is_err()
            }
            _ => true,
        }
    }

    /// A timeout that ends an attempt is always retried. (Within limits.)
    a_timed_out_attempt_is_retried(terms, before, step, after) {
        match step.action {
            Action::Elapses { timeout_type: TimeoutType::Heartbeat, .. } => {
                !before.is_started()
                    || !terms.retries_heartbeat
                    || before.cancel_request.is_some()
                    || terms.maximum_attempts.is_some()
                    || !after.is_closed()
            }
            _ => true,
        }
    }

    /// A closed execution never answers. (A repeated request is answered.)
    a_closed_execution_refuses_everything(_terms, before, step, _after) {
        match step.action {
            Action::Call(_) => !before.is_closed() || step.reply.is_err(),
            _ => true,
        }
    }
}
