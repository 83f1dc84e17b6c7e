//! Bugs that real SDKs had, each as a machine around the right one.
//!
//! B7, a failed heartbeat that counts as a sign of life, is about durations and is decided and
//! tested at the worker's machine: only a heartbeat that was recorded counts.

use super::machines::{Machines, TaskDecision};
use super::note::Note;
use super::world::Task;
use activity_execution::caller::{
    self, ActivityCancellationType, ActivityMachine, Cancellation, CloseEvent, Command, Effects,
    HistoryEvent,
};
use activity_execution::worker::{
    Action, ActivityExecutionResult, Effect, Flushing, HeartbeatCall, HeartbeatDetails,
    HeartbeatReply, LocalTimer, Rejection, Report, Shutdown, TaskFailure, WorkerAction,
    WorkerEffect,
};

/// A bug.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// Its name.
    pub name: &'static str,
    /// What was wrong, in a sentence.
    pub story: &'static str,
    /// A promise that it breaks.
    pub breaks: &'static str,
    /// The machines of a system that has it.
    pub machines: Machines,
}

/// Every bug.
pub const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "B1-shutdown-strands-completions",
        story: "A worker that shuts down takes itself for drained when no function runs, although \
                a result is still to be reported.",
        breaks: "a_shutdown_ends_with_the_last_task",
        machines: Machines { slots: forgets_completions, ..Machines::RIGHT },
    },
    Mutant {
        name: "B2-one-local-timer",
        story: "One timer serves both local timeouts, the shorter one, and every heartbeat puts \
                it off, so that start-to-close is never enforced.",
        breaks: "each_local_timer_runs_by_itself",
        machines: Machines { task: has_one_timer, ..Machines::RIGHT },
    },
    Mutant {
        name: "B3-hung-heartbeat",
        story: "A heartbeat call that hangs is waited for, and all later heartbeats with it.",
        breaks: "a_heartbeat_that_hangs_is_given_up",
        machines: Machines { task: waits_for_ever, ..Machines::RIGHT },
    },
    Mutant {
        name: "B4-cancel-requested-twice",
        story: "A second cancel becomes a second request, over which the service fails the \
                workflow task again and again.",
        breaks: "each_command_is_given_once",
        machines: Machines { caller: requests_again, ..Machines::RIGHT },
    },
    Mutant {
        name: "B5-abandoned-then-failed",
        story: "An abandoned activity that fails or times out has no place in the caller's \
                machine, and the workflow task fails for ever.",
        breaks: "history_is_never_refused",
        machines: Machines { caller: abandons_success_only, ..Machines::RIGHT },
    },
    Mutant {
        name: "B6-flush-overlaps",
        story: "The flush of a canceled task is sent while a heartbeat is in flight, and whichever \
                is answered first lets the result go.",
        breaks: "a_call_waits_for_the_one_before",
        machines: Machines { task: flushes_at_once, ..Machines::RIGHT },
    },
    Mutant {
        name: "B6-details-lost-with-a-failure",
        story: "A failure does not carry the newest details, so that the next attempt starts with \
                old ones.",
        breaks: "a_failure_brings_the_newest_details",
        machines: Machines { task: fails_without_details, ..Machines::RIGHT },
    },
    Mutant {
        name: "B8-cancelled-without-a-request",
        story: "A function that gives in to a shutdown is reported as canceled, which the service \
                refuses, so that the attempt hangs until it times out.",
        breaks: "a_canceled_report_answers_a_cancel_request",
        machines: Machines { task: always_reports_canceled, ..Machines::RIGHT },
    },
    Mutant {
        name: "B9-details-dropped-when-asynchronous",
        story: "Details that wait are dropped when the function leaves its completion to somebody \
                else.",
        breaks: "details_are_sent_before_a_task_is_left",
        machines: Machines { task: drops_when_asynchronous, ..Machines::RIGHT },
    },
    Mutant {
        name: "not-found-forgotten",
        story: "A worker that was told something else first forgets that its attempt is gone, and \
                goes on to report what can only be refused.",
        breaks: "not_found_means_gone",
        machines: Machines { task: forgets_not_found, ..Machines::RIGHT },
    },
];

fn forgets_completions(
    slots: &super::world::Slots,
    action: WorkerAction,
) -> super::machines::SlotsDecision {
    let (mut next, effect) = (Machines::RIGHT.slots)(slots, action)?;
    let drained = next.polling == next.outstanding && action == WorkerAction::Return;
    if drained && next.shutdown != Shutdown::Running {
        next.shutdown = Shutdown::ShutDown;
        return Ok((next, Some(WorkerEffect::FinishShutdown)));
    }
    Ok((next, effect))
}

type TaskTerms = activity_execution::worker::TaskTerms<super::note::Moment>;

fn has_one_timer(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    match action {
        Action::Elapses(LocalTimer::StartToClose) => Err(Rejection::NotDue),
        _ => (Machines::RIGHT.task)(task, terms, action),
    }
}

fn waits_for_ever(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    match action {
        Action::Elapses(LocalTimer::HeartbeatCall) => Err(Rejection::NotDue),
        _ => (Machines::RIGHT.task)(task, terms, action),
    }
}

fn flushes_at_once(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    let (next, effect) = (Machines::RIGHT.task)(task, terms, action)?;
    Ok(match (next, action) {
        (Task::Flushing(Flushing { buffered: Some(details), .. }), Action::Return(_)) => {
            (without_waiting(next), Some(Effect::RecordActivityTaskHeartbeat { details }))
        }
        (next, _) => (next, effect),
    })
}

fn fails_without_details(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    let (next, effect) = (Machines::RIGHT.task)(task, terms, action)?;
    Ok(with_report(next, effect, |report| match report {
        Report::Failed { failure, .. } => Report::Failed { failure, last_heartbeat_details: None },
        Report::Completed { .. } | Report::Canceled { .. } => report,
    }))
}

fn always_reports_canceled(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    let (next, effect) = (Machines::RIGHT.task)(task, terms, action)?;
    Ok(with_report(next, effect, |report| match report {
        Report::Failed { failure: TaskFailure::CancelNotRequested { details, .. }, .. } => {
            Report::Canceled { details }
        }
        Report::Failed { .. } | Report::Completed { .. } | Report::Canceled { .. } => report,
    }))
}

fn drops_when_asynchronous(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    let returns = Action::Return(ActivityExecutionResult::WillCompleteAsync);
    match task {
        Task::Running(running)
            if *action == returns
                && matches!(running.heartbeat_details, HeartbeatDetails::Buffered(_)) =>
        {
            if matches!(running.call, HeartbeatCall::InFlight { .. }) {
                let (next, effect) = (Machines::RIGHT.task)(task, terms, action)?;
                Ok((without_waiting(next), effect))
            } else {
                Ok((Task::Released, Some(Effect::ReleaseSlot)))
            }
        }
        _ => (Machines::RIGHT.task)(task, terms, action),
    }
}

fn forgets_not_found(task: &Task, terms: &TaskTerms, action: &Action<Note>) -> TaskDecision {
    let told_before = task.cancel().is_some();
    let not_found = Action::HeartbeatReply(HeartbeatReply::NotFound);
    if told_before && *action == not_found && matches!(task, Task::Running(_)) {
        let failed = Action::HeartbeatReply(HeartbeatReply::Failed);
        return (Machines::RIGHT.task)(task, terms, &failed);
    }
    (Machines::RIGHT.task)(task, terms, action)
}

fn without_waiting(task: Task) -> Task {
    match task {
        Task::Flushing(flushing) => Task::Flushing(Flushing { buffered: None, ..flushing }),
        Task::Absent | Task::Running(_) | Task::Gone { .. } | Task::Reporting | Task::Released => {
            task
        }
    }
}

fn with_report(
    task: Task,
    effect: Option<Effect<Note>>,
    alter: fn(Report<Note>) -> Report<Note>,
) -> (Task, Option<Effect<Note>>) {
    let task = match task {
        Task::Flushing(flushing) => {
            Task::Flushing(Flushing { report: flushing.report.map(alter), ..flushing })
        }
        Task::Absent | Task::Running(_) | Task::Gone { .. } | Task::Reporting | Task::Released => {
            task
        }
    };
    let effect = effect.map(|effect| match effect {
        Effect::Respond(report) => Effect::Respond(alter(report)),
        Effect::RecordActivityTaskHeartbeat { .. } | Effect::Cancel(_) | Effect::ReleaseSlot => {
            effect
        }
    });
    (task, effect)
}

fn requests_again(
    machine: &ActivityMachine,
    terms: &caller::CallerTerms,
    action: &caller::Action<Note>,
) -> super::machines::CallerDecision {
    let (next, effects) = (Machines::RIGHT.caller)(machine, terms, action)?;
    let again = *action == caller::Action::Cancel
        && matches!(
            machine,
            ActivityMachine::Open { cancellation: Cancellation::EventRecorded, .. }
        );
    let command = if again { Some(Command::RequestCancelActivityTask) } else { effects.command };
    let next = match next {
        ActivityMachine::Open { is_started, .. } if again => {
            ActivityMachine::Open { is_started, cancellation: Cancellation::CommandCreated }
        }
        _ => next,
    };
    Ok((next, Effects { command, ..effects }))
}

fn abandons_success_only(
    machine: &ActivityMachine,
    terms: &caller::CallerTerms,
    action: &caller::Action<Note>,
) -> super::machines::CallerDecision {
    let ends_badly = matches!(
        action,
        caller::Action::Event(HistoryEvent::Closed(
            CloseEvent::ActivityTaskFailed { .. } | CloseEvent::ActivityTaskTimedOut { .. }
        ))
    );
    let is_abandoned = terms.cancellation_type == ActivityCancellationType::Abandon
        && matches!(machine, ActivityMachine::Open { cancellation: Cancellation::Abandoned, .. });
    if ends_badly && is_abandoned {
        return Err(caller::Rejection::Nondeterminism);
    }
    (Machines::RIGHT.caller)(machine, terms, action)
}
