//! The promises of the caller: predicates over every step of an activity at its workflow.
//!
//! Each promise is a predicate over one step, as in [`promises`](crate::promises); the state of the
//! machine is its own observation.
//!
//! | owed | why not here | where |
//! |---|---|---|
//! | an activity resolves, unless the workflow closes first | liveness | ranking |
//! | every close event is seen by a workflow task | the service's affair | system |
//! | no new attempt follows a cancel request | attempts are invisible | (1) |
//! | same history, same commands | two runs | (2) |
//! | one schedule and one request at most | a whole life | (3) |
//!
//! (1) [`a_cancel_request_stops_retries`](crate::promises::a_cancel_request_stops_retries);
//! (2) [`decide`](WorkflowActivity::decide) is a function of state and event, and has no other way;
//! (3) follows from two promises that are here: a command has an edge of its own, and phases only
//! advance.

use super::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, CallerStep,
    Cancellation, CloseEvent, Command, HistoryEvent, Resolution, WorkflowActivity, resolution,
};
use crate::Payload;
use crate::promises::Promise;
use crate::vocabulary::Opaque;
use alloc::vec::Vec;

/// A promise about an activity at its caller.
pub type CallerPromise<P = Payload> = Promise<CallerOptions, WorkflowActivity, CallerStep<P>>;

/// Every promise about an activity at its caller; those of states first.
#[must_use]
pub fn all<P: Opaque>() -> Vec<CallerPromise<P>> {
    let mut all = of_states();
    all.extend(of_steps());
    all
}

crate::promises! { pub [P: Opaque](CallerOptions, WorkflowActivity, CallerStep<P>)
    pub(super) of_states; of_states: true;
    /// Nothing is requested for an activity that is abandoned, and only such a one is.
    abandoned_exactly_if_nothing_is_requested(terms, _before, _step, after) {
        let abandons = terms.cancellation_type == ActivityCancellationType::Abandon;
        match after {
            WorkflowActivity::Open { cancellation, .. } => match cancellation {
                Cancellation::None => true,
                Cancellation::Abandoned => abandons,
                Cancellation::CommandCreated | Cancellation::EventRecorded => !abandons,
            },
            WorkflowActivity::Created
            | WorkflowActivity::ScheduleCommandCreated
            | WorkflowActivity::Withdrawn
            | WorkflowActivity::Closed
            | WorkflowActivity::CallerClosed => true,
        }
    }
}

crate::promises! { pub [P: Opaque](CallerOptions, WorkflowActivity, CallerStep<P>)
    pub(super) of_steps; of_states: false;
    /// What the machine refuses changes nothing.
    what_a_caller_refuses_changes_nothing(_terms, before, step, after) {
        step.reply.is_ok() || before == after
    }

    /// An activity goes through its phases in one direction, and neither its start nor a step of
    /// its cancellation is taken back.
    a_caller_only_advances(_terms, before, _step, after) {
        match (progress(before), progress(after)) {
            (Some((was_started, was)), Some((is_started, is))) => {
                was_started <= is_started && was <= is
            }
            (_, _) => rank(before) <= rank(after),
        }
    }

    /// A workflow is told in the step in which it comes to know, and never again.
    an_activity_resolves_once(terms, before, step, after) {
        let resolves = !before.is_resolved(terms) && after.is_resolved(terms);
        resolves == told(step).is_some()
            && (!before.is_resolved(terms)
                || after.is_resolved(terms)
                || *after == WorkflowActivity::CallerClosed)
    }

    /// Whoever does not wait is told at once that the activity is cancelled, without details.
    try_and_abandon_resolve_at_once(terms, before, step, _after) {
        let waits =
            terms.cancellation_type == ActivityCancellationType::WaitCancellationCompleted;
        waits || !cancels(terms, before, step) || told(step) == Some(&at_once())
    }

    /// Whoever waits is told of the close, and of no cancellation without a canceled event; unless
    /// there is nothing to wait for.
    waiting_resolves_with_the_close(terms, before, step, _after) {
        let waits =
            terms.cancellation_type == ActivityCancellationType::WaitCancellationCompleted;
        match told(step) {
            Some(Resolution::Cancelled(_)) if waits => match &step.action {
                CallerAction::Event(event) => matches!(
                    event,
                    HistoryEvent::Closed(CloseEvent::ActivityTaskCanceled { .. })
                ),
                CallerAction::Cancel | CallerAction::CancelParent => !is_open(before),
                CallerAction::Schedule | CallerAction::CloseCaller => false,
            },
            Some(Resolution::Completed { .. } | Resolution::Failed(_)) => {
                matches!(step.action, CallerAction::Event(HistoryEvent::Closed(_)))
            }
            Some(Resolution::Cancelled(_)) | None => true,
        }
    }

    /// A close that is still awaited resolves in the wrapper that belongs to it.
    a_close_resolves_in_its_wrapper(terms, before, step, _after) {
        match (&step.action, &step.reply) {
            (CallerAction::Event(HistoryEvent::Closed(close)), Ok(effects)) => {
                let expected = (!before.is_resolved(terms)).then(|| resolution(close));
                effects.resolution == expected
            }
            (_, _) => true,
        }
    }

    /// An event that can follow takes history on, and any other belongs to other code.
    only_what_can_follow_is_heard(_terms, before, step, after) {
        let CallerAction::Event(event) = &step.action else {
            return true;
        };
        match follows(before, event) {
            _ if *before == WorkflowActivity::CallerClosed => true,
            Some(next) => step.reply.is_ok() && *after == next,
            None => step.reply == Err(CallerRejection::Nondeterminism),
        }
    }

    /// Once the workflow has been told, whatever history still has to say is heard in silence.
    late_events_are_heard_in_silence(terms, before, step, _after) {
        let CallerAction::Event(event) = &step.action else {
            return true;
        };
        !before.is_resolved(terms)
            || follows(before, event).is_none()
            || step.reply.as_ref().is_ok_and(|effects| effects.is_none())
    }

    /// The first schedule of an activity that was not cancelled becomes a command, and every other
    /// is refused.
    an_activity_is_scheduled_once(_terms, before, step, _after) {
        match (&step.action, before) {
            (CallerAction::Schedule, WorkflowActivity::Created) => {
                command(step) == Some(Command::ScheduleActivityTask)
            }
            (CallerAction::Schedule, WorkflowActivity::CallerClosed) => true,
            (CallerAction::Schedule, _) => step.reply == Err(CallerRejection::AlreadyScheduled),
            (_, _) => true,
        }
    }

    /// A recorded cancel request leaves every end open to a started activity.
    after_a_cancel_request_any_end_is_possible(_terms, before, step, after) {
        let requested = WorkflowActivity::Open {
            is_started: true,
            cancellation: Cancellation::EventRecorded,
        };
        match step.action {
            CallerAction::Event(HistoryEvent::Closed(_)) if *before == requested => {
                step.reply.is_ok() && *after == WorkflowActivity::Closed
            }
            CallerAction::Event(_)
            | CallerAction::Schedule
            | CallerAction::Cancel
            | CallerAction::CancelParent
            | CallerAction::CloseCaller => true,
        }
    }

    /// Each command is given on an edge of its own that leads away for good: schedule, withdraw,
    /// request.
    each_command_is_given_once(_terms, before, step, after) {
        match command(step) {
            Some(Command::ScheduleActivityTask) => {
                *before == WorkflowActivity::Created
                    && *after == WorkflowActivity::ScheduleCommandCreated
            }
            Some(Command::WithdrawScheduleActivityTask) => {
                *before == WorkflowActivity::ScheduleCommandCreated
                    && *after == WorkflowActivity::Withdrawn
            }
            Some(Command::RequestCancelActivityTask) => match (before, after) {
                (
                    WorkflowActivity::Open { is_started, cancellation: Cancellation::None },
                    WorkflowActivity::Open {
                        is_started: still_started,
                        cancellation: Cancellation::CommandCreated,
                    },
                ) => is_started == still_started,
                (_, _) => false,
            },
            None => true,
        }
    }

    /// A request is made exactly where an open activity is cancelled that is not abandoned; one that
    /// is abandoned stays open.
    a_request_is_made_where_it_is_meant(terms, before, step, after) {
        let abandons = terms.cancellation_type == ActivityCancellationType::Abandon;
        let requests = command(step) == Some(Command::RequestCancelActivityTask);
        match *before {
            WorkflowActivity::Open { is_started, .. } if cancels(terms, before, step) => {
                let cancellation = Cancellation::Abandoned;
                requests != abandons
                    && (!abandons || *after == WorkflowActivity::Open { is_started, cancellation })
            }
            _ => !requests,
        }
    }

    /// An activity that is cancelled before its schedule was sent never existed.
    a_schedule_that_was_not_sent_is_withdrawn(terms, before, step, after) {
        let unsent =
            matches!(before, WorkflowActivity::Created | WorkflowActivity::ScheduleCommandCreated);
        if !unsent || !cancels(terms, before, step) {
            return true;
        }
        let written = *before == WorkflowActivity::ScheduleCommandCreated;
        *after == WorkflowActivity::Withdrawn
            && told(step) == Some(&at_once())
            && (command(step) == Some(Command::WithdrawScheduleActivityTask)) == written
    }

    /// A second cancel is accepted and does nothing.
    a_second_cancel_does_nothing(terms, before, step, after) {
        let cancel = matches!(step.action, CallerAction::Cancel | CallerAction::CancelParent);
        if !cancel || *before == WorkflowActivity::CallerClosed || cancels(terms, before, step) {
            return true;
        }
        before == after && step.reply.as_ref().is_ok_and(|effects| effects.is_none())
    }

    /// The cancellation of a parent does not touch an activity that is detached.
    a_detached_activity_is_shielded(terms, before, step, after) {
        step.action != CallerAction::CancelParent
            || !terms.is_detached
            || (before == after
                && step.reply.as_ref().map_or(true, |effects| effects.is_none()))
    }

    /// A caller closes without a word, and nothing follows.
    nothing_follows_the_close_of_the_caller(_terms, before, step, after) {
        if *before == WorkflowActivity::CallerClosed {
            return step.reply == Err(CallerRejection::CallerClosed);
        }
        (*after == WorkflowActivity::CallerClosed) == (step.action == CallerAction::CloseCaller)
            && (step.action != CallerAction::CloseCaller
                || step.reply.as_ref().is_ok_and(|effects| effects.is_none()))
    }
}

fn told<P>(step: &CallerStep<P>) -> Option<&Resolution<P>> {
    step.reply.as_ref().ok()?.resolution.as_ref()
}

fn command<P>(step: &CallerStep<P>) -> Option<Command> {
    step.reply.as_ref().ok()?.command
}

fn at_once<P: Opaque>() -> Resolution<P> {
    resolution(&CloseEvent::ActivityTaskCanceled { details: P::none() })
}

fn is_open(machine: &WorkflowActivity) -> bool {
    matches!(machine, WorkflowActivity::Open { .. })
}

/// Whether the step is the first cancel of an activity that can still be cancelled.
fn cancels<P>(terms: &CallerOptions, before: &WorkflowActivity, step: &CallerStep<P>) -> bool {
    let cancel = match step.action {
        CallerAction::Cancel => true,
        CallerAction::CancelParent => !terms.is_detached,
        CallerAction::Schedule | CallerAction::Event(_) | CallerAction::CloseCaller => false,
    };
    let can_be = match before {
        WorkflowActivity::Created | WorkflowActivity::ScheduleCommandCreated => true,
        WorkflowActivity::Open { cancellation, .. } => *cancellation == Cancellation::None,
        WorkflowActivity::Withdrawn | WorkflowActivity::Closed | WorkflowActivity::CallerClosed => {
            false
        }
    };
    cancel && can_be
}

/// What an activity is after an event, if history can have it; the promise's own text, beside that
/// of the machine.
fn follows<P>(before: &WorkflowActivity, event: &HistoryEvent<P>) -> Option<WorkflowActivity> {
    if *before == WorkflowActivity::ScheduleCommandCreated {
        let open = WorkflowActivity::Open { is_started: false, cancellation: Cancellation::None };
        return matches!(event, HistoryEvent::ActivityTaskScheduled).then_some(open);
    }
    let WorkflowActivity::Open { is_started, cancellation } = *before else {
        return None;
    };
    let is_sent = cancellation != Cancellation::CommandCreated;
    let requested = cancellation == Cancellation::EventRecorded;
    let (can_follow, next) = match event {
        HistoryEvent::ActivityTaskScheduled => return None,
        HistoryEvent::ActivityTaskStarted => {
            // Whatever the workflow has said or asked for meanwhile, a start may not be held back.
            (!is_started, WorkflowActivity::Open { is_started: true, cancellation })
        }
        HistoryEvent::ActivityTaskCancelRequested => {
            let cancellation = Cancellation::EventRecorded;
            (!is_sent, WorkflowActivity::Open { is_started, cancellation })
        }
        HistoryEvent::Closed(close) => {
            let can_close = match close {
                CloseEvent::ActivityTaskCompleted { .. }
                | CloseEvent::ActivityTaskFailed { .. } => is_sent && is_started,
                CloseEvent::ActivityTaskTimedOut { .. } => is_sent,
                CloseEvent::ActivityTaskCanceled { .. } => requested,
            };
            (can_close, WorkflowActivity::Closed)
        }
    };
    can_follow.then_some(next)
}

fn rank(machine: &WorkflowActivity) -> u8 {
    match machine {
        WorkflowActivity::Created => 0,
        WorkflowActivity::ScheduleCommandCreated => 1,
        WorkflowActivity::Open { .. } => 2,
        WorkflowActivity::Withdrawn | WorkflowActivity::Closed => 3,
        WorkflowActivity::CallerClosed => 4,
    }
}

/// How much of the start and of the cancellation of an open activity has happened.
fn progress(machine: &WorkflowActivity) -> Option<(bool, u8)> {
    let WorkflowActivity::Open { is_started, cancellation } = machine else {
        return None;
    };
    let cancelled = match cancellation {
        Cancellation::None => 0,
        Cancellation::Abandoned | Cancellation::CommandCreated => 1,
        Cancellation::EventRecorded => 2,
    };
    Some((*is_started, cancelled))
}
