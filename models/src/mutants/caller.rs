//! The mutants of one activity at its caller.

use activity_execution::caller::{
    ActivityCancellationType, CallerAction, CallerOptions, CallerRejection, Cancellation,
    CloseEvent, Command, Effects, HistoryEvent, Resolution, WorkflowActivity, resolution,
};
use activity_execution::vocabulary::Opaque;

/// What becomes of an activity at its caller, and what has to be done; or why not.
pub type CallerNext<P> = Result<(WorkflowActivity, Effects<P>), CallerRejection>;

/// The terms, the machine before, what happens, and what the right machine makes of it.
pub type CallerRule<P> =
    fn(&CallerOptions, &WorkflowActivity, &CallerAction<P>, CallerNext<P>) -> CallerNext<P>;

super::mutants! {
    /// The mutants of one activity at its caller.
    pub of_caller<P: Opaque>() -> CallerRule<P>;

    /// A second cancel becomes a second request, over which the service fails the workflow task
    /// again and again.
    requests_cancellation_a_second_time(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { is_started, cancellation: Cancellation::EventRecorded },
                CallerAction::Cancel,
            ) => {
                let (is_started, cancellation) = (*is_started, Cancellation::CommandCreated);
                let command = Some(Command::RequestCancelActivityTask);
                let after = WorkflowActivity::Open { is_started, cancellation };
                Ok((after, Effects { command, resolution: None }))
            }
            _ => next,
        }
    }
    breaks [
        "each_command_is_given_once",
        "a_second_cancel_does_nothing",
        "a_cancel_request_is_never_refused"
    ],
    shows_in "Open, Cancel",
    reenacts "sdk-python#1813, fixed by #1814";

    /// An abandoned activity that does not complete has no place in the caller's machine, and the
    /// workflow task fails for ever.
    takes_an_abandoned_activity_that_fails_for_nondeterminism(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { cancellation: Cancellation::Abandoned, .. },
                CallerAction::Event(HistoryEvent::Closed(close)),
            ) if !matches!(close, CloseEvent::ActivityTaskCompleted { .. }) => {
                Err(CallerRejection::Nondeterminism)
            }
            _ => next,
        }
    }
    breaks ["late_events_are_heard_in_silence", "history_is_never_refused", "a_close_is_told"],
    shows_in "Open, Closed",
    reenacts "the Rust core 0.10.1";

    /// A start that a service did not hold back comes between the command that asks for
    /// cancellation and the request in history, and is taken for nondeterminism.
    takes_a_start_after_a_cancel_command_for_nondeterminism(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { cancellation: Cancellation::CommandCreated, .. },
                CallerAction::Event(HistoryEvent::ActivityTaskStarted),
            ) => Err(CallerRejection::Nondeterminism),
            _ => next,
        }
    }
    breaks ["only_what_can_follow_is_heard", "late_events_are_heard_in_silence"],
    shows_in "Open, ActivityTaskStarted",
    beyond_exploration "The service of the system holds a start back until the close.";

    /// The cancellation of the parent reaches a detached activity.
    lets_the_parent_cancel_what_is_detached(terms, before, action, next) {
        match action {
            CallerAction::CancelParent => {
                let attached = CallerOptions { is_detached: false, ..*terms };
                before.decide(&attached, &CallerAction::CancelParent)
            }
            _ => next,
        }
    }
    breaks ["a_detached_activity_is_shielded"],
    shows_in "Open, CancelParent";

    /// A caller that should wait for the close resolves at once.
    resolves_without_waiting_for_the_close(_, _, action, next) {
        match (action, next) {
            (CallerAction::Cancel, Ok((after @ WorkflowActivity::Open { .. }, effects))) => {
                let resolution = Some(Resolution::cancelled_at_once());
                Ok((after, Effects { resolution, ..effects }))
            }
            (_, next) => next,
        }
    }
    breaks ["waiting_resolves_with_the_close", "an_activity_resolves_once"],
    shows_in "Open, Cancel";

    /// A close resolves an activity that is resolved.
    resolves_again_at_the_close(_, _, action, next) {
        match (action, next) {
            (CallerAction::Event(HistoryEvent::Closed(_)), Ok((after, effects))) => {
                let again = Resolution::cancelled_at_once();
                let resolution = effects.resolution.or(Some(again));
                Ok((after, Effects { resolution, ..effects }))
            }
            (_, next) => next,
        }
    }
    breaks ["an_activity_resolves_once"],
    shows_in "Open, Closed";

    /// Cancellation is requested of an activity that its workflow abandons.
    requests_cancellation_of_what_is_abandoned(terms, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { is_started, cancellation: Cancellation::None },
                CallerAction::Cancel,
            ) if terms.cancellation_type == ActivityCancellationType::Abandon => {
                let (is_started, cancellation) = (*is_started, Cancellation::CommandCreated);
                let command = Some(Command::RequestCancelActivityTask);
                let resolution = Some(Resolution::cancelled_at_once());
                let after = WorkflowActivity::Open { is_started, cancellation };
                Ok((after, Effects { command, resolution }))
            }
            _ => next,
        }
    }
    breaks [
        "abandoned_exactly_if_nothing_is_requested",
        "a_request_is_made_where_it_is_meant",
        "nothing_is_requested_of_what_is_abandoned"
    ],
    shows_in "Open, Cancel";

    /// The event of the cancel request makes a start forgotten.
    forgets_the_start_at_a_cancel_request(_, _, action, next) {
        match (action, next) {
            (
                CallerAction::Event(HistoryEvent::ActivityTaskCancelRequested),
                Ok((WorkflowActivity::Open { cancellation, .. }, effects)),
            ) => Ok((WorkflowActivity::Open { is_started: false, cancellation }, effects)),
            (_, next) => next,
        }
    }
    breaks ["a_caller_only_advances", "only_what_can_follow_is_heard"],
    shows_in "Open, ActivityTaskCancelRequested",
    beyond_exploration "The history of the system has a start only together with the close.";

    /// Whoever only tries to cancel is made to wait for the close.
    waits_where_nobody_wants_to(_, before, action, next) {
        match (before, action, next) {
            (WorkflowActivity::Open { .. }, CallerAction::Cancel, Ok((after, effects))) => {
                Ok((after, Effects { resolution: None, ..effects }))
            }
            (_, _, next) => next,
        }
    }
    breaks ["try_and_abandon_resolve_at_once"],
    shows_in "Open, Cancel";

    /// A failure is told as a cancellation.
    takes_a_failure_for_a_cancellation(_, _, action, next) {
        match (action, next) {
            (
                CallerAction::Event(HistoryEvent::Closed(CloseEvent::ActivityTaskFailed { .. })),
                Ok((after, effects)),
            ) => {
                let resolution = effects.resolution.map(|_| Resolution::cancelled_at_once());
                Ok((after, Effects { resolution, ..effects }))
            }
            (_, next) => next,
        }
    }
    breaks ["a_close_resolves_in_its_wrapper", "a_resolution_wraps_the_outcome"],
    shows_in "Open, Closed";

    /// An activity closes as canceled although nobody requested it.
    hears_a_cancellation_that_nobody_requested(terms, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { cancellation: Cancellation::None, .. },
                CallerAction::Event(HistoryEvent::Closed(
                    close @ CloseEvent::ActivityTaskCanceled { .. },
                )),
            ) => {
                let resolution = (!before.is_resolved(terms)).then(|| resolution(close));
                Ok((WorkflowActivity::Closed, Effects { command: None, resolution }))
            }
            _ => next,
        }
    }
    breaks ["only_what_can_follow_is_heard"],
    shows_in "Open, Closed",
    beyond_exploration "The service of the system never closes so.";

    /// A schedule becomes no command.
    schedules_without_a_command(_, _, action, next) {
        match (action, next) {
            (CallerAction::Schedule, Ok((after, _))) => Ok((after, Effects::none())),
            (_, next) => next,
        }
    }
    breaks ["an_activity_is_scheduled_once"],
    shows_in "Created, Schedule",
    beyond_exploration "In the system the start is sent by the state of the machine.";

    /// A success after a cancel request has no place.
    takes_a_success_after_a_cancel_request_for_nondeterminism(_, before, action, next) {
        match (before, action) {
            (
                WorkflowActivity::Open { cancellation: Cancellation::EventRecorded, .. },
                CallerAction::Event(HistoryEvent::Closed(CloseEvent::ActivityTaskCompleted { .. })),
            ) => Err(CallerRejection::Nondeterminism),
            _ => next,
        }
    }
    breaks ["after_a_cancel_request_any_end_is_possible", "history_is_never_refused"],
    shows_in "Open, Closed";

    /// A schedule that was cancelled before it was sent is sent all the same.
    sends_a_schedule_that_was_cancelled(_, before, action, next) {
        match (before, action) {
            (WorkflowActivity::ScheduleCommandCreated, CallerAction::Cancel) => {
                let resolution = Some(Resolution::cancelled_at_once());
                Ok((*before, Effects { command: None, resolution }))
            }
            _ => next,
        }
    }
    breaks ["a_schedule_that_was_not_sent_is_withdrawn", "an_activity_resolves_once"],
    shows_in "ScheduleCommandCreated, Cancel";

    /// A workflow that closes requests the cancellation of its activities.
    cancels_its_activities_when_it_closes(_, before, action, next) {
        match (before, action, next) {
            (WorkflowActivity::Open { .. }, CallerAction::CloseCaller, Ok((after, effects))) => {
                let command = Some(Command::RequestCancelActivityTask);
                Ok((after, Effects { command, ..effects }))
            }
            (_, _, next) => next,
        }
    }
    breaks [
        "nothing_follows_the_close_of_the_caller",
        "each_command_is_given_once",
        "nothing_is_requested_of_what_is_abandoned"
    ],
    shows_in "Open, CloseCaller";
}
