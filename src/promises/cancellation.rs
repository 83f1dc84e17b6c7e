//! Promises about cancellation and termination: a request, answered or not, and its traces.

use super::{accepted, unchanged};
use crate::vocabulary::{
    Action, Answer, Dialect, ExecutionOptions, Number, Observation, Opaque, Outcome, Phase,
    Rejection, Request, RetryState, Step,
};

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_states, judge_states; of_states: true;
    /// A cancel request waits only for a worker: an execution that none holds is closed by it.
    a_cancel_request_waits_only_for_a_worker(_terms, _before, _step, after) {
        after.cancel_request.is_none() || !matches!(after.phase, Phase::Scheduled { .. })
    }

    /// An execution is canceled only after a request.
    canceled_only_after_a_request(_terms, _before, _step, after) {
        match after.outcome() {
            Some(Outcome::Canceled { .. }) => after.cancel_request.is_some(),
            Some(_) | None => true,
        }
    }

    /// An execution has a termination request exactly if that is how it ended.
    terminated_means_closed_by_force(_terms, _before, _step, after) {
        after.terminate_request_id.is_some()
            == matches!(after.outcome(), Some(Outcome::Terminated { .. }))
    }

    /// A failure or timeout that closes says whether cancellation had been requested.
    a_close_after_a_cancel_request_says_so(_terms, _before, _step, after) {
        match after.outcome() {
            Some(
                Outcome::Failed { retry_state, .. } | Outcome::TimedOut { retry_state, .. },
            ) => (*retry_state == RetryState::CancelRequested) == after.cancel_request.is_some(),
            Some(_) | None => true,
        }
    }
}

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_steps, judge_steps; of_states: false;
    /// After a cancel request no further attempt follows.
    a_cancel_request_stops_retries(_terms, before, _step, after) {
        before.cancel_request.is_none()
            || (!matches!(after.phase, Phase::Scheduled { .. }) && after.attempt == before.attempt)
    }

    /// A cancel request repeated under the same id has no further effect, and another one is
    /// refused.
    a_repeated_cancel_request_has_no_effect(_terms, before, step, after) {
        match (&step.action, &before.cancel_request) {
            (
                Action::Call(Request::RequestCancelActivityExecution { request_id, .. }),
                Some(cancel),
            ) => {
                let reply = if *request_id == cancel.request_id {
                    Ok(Answer::Done)
                } else if before.is_closed() {
                    Err(Rejection::AlreadyClosed)
                } else {
                    Err(Rejection::CancelAlreadyRequested)
                };
                step.reply == reply && unchanged(before, after)
            }
            _ => true,
        }
    }

    /// A cancel request reaches an open execution: it is recorded while a worker holds the task,
    /// moving no deadline, and closes the execution at once when none does.
    a_cancel_request_is_recorded_or_closes(terms, before, step, after) {
        let Action::Call(Request::RequestCancelActivityExecution { request_id, identity, reason }) =
            &step.action
        else {
            return true;
        };
        if before.cancel_request.is_some() {
            return true;
        }
        let recorded = after.cancel_request.as_ref().is_some_and(|cancel| {
            step.reply == Ok(Answer::Done)
                && cancel.request_id == *request_id
                && cancel.identity == *identity
                && cancel.reason == *reason
        });
        match before.phase {
            Phase::Scheduled { .. } => {
                let details = match terms.dialect {
                    Dialect::Standalone => reason.clone(),
                    Dialect::Workflow => P::activity_id_not_started(),
                };
                let outcome = Outcome::Canceled { details, identity: identity.clone() };
                recorded && after.outcome() == Some(&outcome)
            }
            Phase::Started { .. } => {
                let cancel_request = before.cancel_request.clone();
                recorded && Observation { cancel_request, ..after.clone() } == *before
            }
            Phase::Closed { .. } => step.reply == Err(Rejection::AlreadyClosed),
        }
    }

    /// Only a request brings a cancel request about, and nothing takes it back.
    a_cancel_request_is_kept(_terms, before, step, after) {
        matches!(accepted(step), Some(Request::RequestCancelActivityExecution { .. }))
            || before.cancel_request == after.cancel_request
    }

    /// A worker learns of cancellation from the answer to a heartbeat, and from nothing else.
    cancel_reaches_only_a_heartbeating_worker(_terms, _before, step, _after) {
        match step.reply {
            Ok(Answer::Recorded { .. }) => {
                matches!(accepted(step), Some(Request::RecordActivityTaskHeartbeat { .. }))
            }
            Ok(Answer::Done | Answer::Existing | Answer::Task { .. }) | Err(_) => true,
        }
    }

    /// A heartbeat is told exactly whether cancellation was requested.
    a_heartbeat_learns_of_cancellation(_terms, before, step, _after) {
        match (accepted(step), &step.reply) {
            (Some(Request::RecordActivityTaskHeartbeat { .. }), reply) => {
                let cancel_requested = before.cancel_request.is_some();
                *reply == Ok(Answer::Recorded { cancel_requested })
            }
            (Some(_) | None, _) => true,
        }
    }

    /// An attempt that gives in to a cancel request closes the execution as canceled by whoever
    /// asked; without a request it is refused.
    a_canceled_attempt_answers_a_request(_terms, before, step, after) {
        let Some(Request::RespondActivityTaskCanceled { details, .. }) = accepted(step) else {
            return true;
        };
        match &before.cancel_request {
            None => false,
            Some(cancel) => {
                let (details, identity) = (details.clone(), cancel.identity.clone());
                after.outcome() == Some(&Outcome::Canceled { details, identity })
            }
        }
    }
}
