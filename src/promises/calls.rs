//! Promises about calls and their answers: refusals, tokens, repeated requests, results.

use super::{accepted, same, unchanged};
use crate::vocabulary::{
    Action, Answer, Dialect, ExecutionOptions, IdConflictPolicy, Number, Observation, Opaque,
    Outcome, Phase, Rejection, Request, Step, Target, TaskToken,
};

crate::promises! { pub [N: Number, P: Opaque](ExecutionOptions<N>, Observation<N, P>, Step<N, P>)
    pub(super) of_steps, judge_steps; of_states: false;
    /// A refused call changes nothing.
    a_refused_call_changes_nothing(_terms, before, step, after) {
        step.reply.is_ok() || same(before, after)
    }

    /// A call with the token of another attempt is not found and changes nothing.
    a_stale_token_changes_nothing(_terms, before, step, after) {
        match &step.action {
            Action::Call(request) => match request.target() {
                Some(Target::Token(TaskToken(attempt))) if attempt != before.attempt => {
                    step.reply == Err(Rejection::NotFound) && same(before, after)
                }
                Some(_) | None => true,
            },
            Action::Tick { .. } | Action::Elapses { .. } => true,
        }
    }

    /// Whoever speaks about the attempt that a worker holds, by its token or by id, is heard: a
    /// heartbeat is recorded, a result is taken, and a cancellation is if it was requested.
    the_current_attempt_is_heard(_terms, before, step, _after) {
        let Action::Call(request) = &step.action else {
            return true;
        };
        let is_current = match request.target() {
            Some(Target::Token(TaskToken(attempt))) => attempt == before.attempt,
            Some(Target::ById) => true,
            None => false,
        };
        if !before.is_started() || !is_current {
            return true;
        }
        match request {
            Request::RecordActivityTaskHeartbeat { .. } => {
                matches!(step.reply, Ok(Answer::Recorded { .. }))
            }
            Request::RespondActivityTaskCanceled { .. } if before.cancel_request.is_none() => {
                step.reply == Err(Rejection::CancelNotRequested)
            }
            _ => step.reply == Ok(Answer::Done),
        }
    }

    /// What is said about an attempt that no worker holds is not found, but for completion by id of
    /// an open execution; standalone, a closed one says that it is.
    nobody_speaks_for_an_attempt_that_is_not_held(terms, before, step, _after) {
        let Action::Call(request) = &step.action else {
            return true;
        };
        if before.is_started() {
            return true;
        }
        match (request, request.target()) {
            (_, None) => true,
            (Request::RespondActivityTaskCompleted { .. }, Some(Target::ById)) => {
                match (before.is_closed(), terms.dialect) {
                    (false, _) => step.reply == Ok(Answer::Done),
                    (true, Dialect::Standalone) => step.reply == Err(Rejection::AlreadyClosed),
                    (true, Dialect::Workflow) => step.reply == Err(Rejection::NotFound),
                }
            }
            (_, Some(_)) => step.reply == Err(Rejection::NotFound),
        }
    }

    /// An attempt starts only when it waits and its dispatch time has come, by a poll for it, and
    /// the start leaves no trace but its own.
    only_a_dispatched_attempt_starts(_terms, before, step, after) {
        if before.is_started() || !after.is_started() {
            return true;
        }
        let Some(Request::RecordActivityTaskStarted { request_id, dispatched: token, identity }) =
            accepted(step)
        else {
            return false;
        };
        let Phase::Scheduled { dispatch_time, .. } = before.phase else {
            return false;
        };
        let expected = Observation {
            phase: Phase::Started { request_id: *request_id, dispatch_time },
            last_started_time: Some(before.now),
            last_worker_identity: identity.clone(),
            deadlines: after.deadlines,
            ..before.clone()
        };
        *token == TaskToken(before.attempt) && dispatch_time <= before.now && *after == expected
    }

    /// A poll for an attempt that waits is given the task from the very instant of its dispatch on,
    /// and refused before; a poll for another attempt, or for a closed execution, is refused.
    a_poll_from_the_dispatch_time_on_is_given_the_task(_terms, before, step, after) {
        let Action::Call(Request::RecordActivityTaskStarted { dispatched: token, .. }) = &step.action else {
            return true;
        };
        let is_given = match before.phase {
            Phase::Scheduled { dispatch_time, .. } => {
                *token == TaskToken(before.attempt) && dispatch_time <= before.now
            }
            Phase::Started { .. } => return true,
            Phase::Closed { .. } => false,
        };
        if is_given {
            after.is_started() && matches!(step.reply, Ok(Answer::Task { .. }))
        } else {
            step.reply == Err(Rejection::ObsoleteTask)
        }
    }

    /// A poll for a task that is held starts nothing: it is given the same task if it is the poll
    /// that took it, and refused otherwise.
    a_repeated_poll_starts_nothing_new(_terms, before, step, after) {
        match (&step.action, &before.phase) {
            (
                Action::Call(Request::RecordActivityTaskStarted { request_id, .. }),
                Phase::Started { request_id: holder, .. },
            ) if request_id == holder => {
                same(before, after) && matches!(step.reply, Ok(Answer::Task { .. }))
            }
            (
                Action::Call(Request::RecordActivityTaskStarted { .. }),
                Phase::Started { .. },
            ) => step.reply == Err(Rejection::ObsoleteTask),
            _ => true,
        }
    }

    /// A task names its attempt, when it started, when it was dispatched, and the newest details.
    a_task_tells_what_a_worker_needs(_terms, before, step, after) {
        match (&step.reply, &after.phase) {
            (
                Ok(Answer::Task {
                    token,
                    attempt,
                    started_time,
                    current_attempt_scheduled_time,
                    heartbeat_details,
                }),
                Phase::Started { dispatch_time, .. },
            ) => {
                *token == TaskToken(*attempt)
                    && *attempt == before.attempt
                    && Some(*started_time) == after.last_started_time
                    && current_attempt_scheduled_time == dispatch_time
                    && *heartbeat_details == before.heartbeat_details
            }
            (Ok(Answer::Task { .. }), Phase::Scheduled { .. } | Phase::Closed { .. }) => false,
            (Ok(_) | Err(_), _) => true,
        }
    }

    /// A reported result is the outcome.
    a_reported_result_is_the_outcome(_terms, before, step, after) {
        match accepted(step) {
            Some(Request::RespondActivityTaskCompleted { result, .. }) => {
                let started_time = match before.phase {
                    Phase::Scheduled { .. } => Some(before.now),
                    Phase::Started { .. } | Phase::Closed { .. } => before.last_started_time,
                };
                after.outcome() == Some(&Outcome::Completed { result: result.clone() })
                    && after.last_started_time == started_time
            }
            Some(_) | None => true,
        }
    }

    /// Termination closes an open execution at once; repeated under the same id it has no effect,
    /// and a closed execution refuses any other.
    termination_is_immediate_and_final(_terms, before, step, after) {
        let Action::Call(Request::TerminateActivityExecution { request_id, identity, reason }) =
            &step.action
        else {
            return true;
        };
        let is_repeated = before.terminate_request_id == Some(*request_id);
        if before.is_closed() && !is_repeated {
            return step.reply == Err(Rejection::AlreadyClosed);
        }
        if step.reply != Ok(Answer::Done) {
            return false;
        }
        if is_repeated {
            return unchanged(before, after);
        }
        let outcome =
            Outcome::Terminated { reason: reason.clone(), identity: identity.clone() };
        after.outcome() == Some(&outcome) && after.terminate_request_id == Some(*request_id)
    }

    /// A further start never disturbs the execution: repeated under the same id it is answered
    /// with what exists, and so is another one that may use an open execution; else it is refused.
    a_further_start_changes_nothing(_terms, before, step, after) {
        let Action::Call(Request::StartActivityExecution { request_id, id_conflict_policy }) =
            &step.action
        else {
            return true;
        };
        let reply = match id_conflict_policy {
            _ if *request_id == before.start_request_id => Ok(Answer::Existing),
            _ if before.is_closed() => Err(Rejection::AlreadyClosed),
            IdConflictPolicy::UseExisting => Ok(Answer::Existing),
            IdConflictPolicy::Fail => Err(Rejection::AlreadyStarted),
        };
        step.reply == reply && same(before, after)
    }
}
