//! The mutants of a worker that counts its slots.

use activity_execution::vocabulary::{Number, Span, Timestamp};
use activity_execution::worker::{Shutdown, SlotsAction, SlotsEffect, SlotsRejection, WorkerSlots};

/// What becomes of a worker, and what has to be done; or why not.
pub type SlotsNext<N> = Result<(WorkerSlots<N>, Option<SlotsEffect>), SlotsRejection>;

/// The worker before, the instant, what happens, and what the right machine makes of it.
pub type SlotsRule<N> =
    fn(&WorkerSlots<N>, Timestamp<N>, SlotsAction, SlotsNext<N>) -> SlotsNext<N>;

super::mutants! {
    /// The mutants of a worker that counts its slots.
    pub of_slots<N: Number>() -> SlotsRule<N>;

    /// A worker that shuts down takes itself for drained when no function runs, although a result is
    /// still to be reported.
    strands_a_completion_at_the_shutdown(_, _, action, next) {
        match (action, next) {
            (SlotsAction::Return, Ok((after, None))) => match after.shutdown {
                Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed
                    if after.polling + after.outstanding <= N::literal(0) =>
                {
                    let after = WorkerSlots { shutdown: Shutdown::ShutDown, ..after };
                    Ok((after, Some(SlotsEffect::FinishShutdown)))
                }
                Shutdown::Running
                | Shutdown::Initiated { .. }
                | Shutdown::GracePeriodElapsed
                | Shutdown::ShutDown => Ok((after, None)),
            },
            (_, next) => next,
        }
    }
    breaks [
        "shutdown_is_complete_when_no_slot_is_in_use",
        "a_shutdown_ends_with_the_last_task"
    ],
    shows_in "GracePeriodElapsed, Return",
    reenacts "sdk-rust#1537, fixed by #1538";

    /// A poll goes out although every slot is in use.
    polls_beyond_its_slots(before, _, action, next) {
        match (action, next) {
            (SlotsAction::Poll, Err(SlotsRejection::NoSlot)) => {
                let polling = before.polling + N::literal(1);
                Ok((WorkerSlots { polling, ..*before }, None))
            }
            (_, next) => next,
        }
    }
    breaks ["slots_stay_within_the_maximum", "a_worker_refuses_exactly_what_cannot_be"],
    shows_in "Running, Poll",
    beyond_exploration "In the system nobody polls before a slot is free.";

    /// A task that was started for a poll is refused once the worker shuts down.
    refuses_a_task_while_it_shuts_down(before, _, action, next) {
        match (action, before.shutdown) {
            (SlotsAction::Deliver, Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed) => {
                Err(SlotsRejection::ShuttingDown)
            }
            _ => next,
        }
    }
    breaks ["a_worker_refuses_exactly_what_cannot_be", "a_slot_is_used_as_long_as_its_task"],
    shows_in "GracePeriodElapsed, Deliver";

    /// The grace period runs from before the request.
    shortens_the_grace_period(_, now, action, next) {
        match (action, next) {
            (SlotsAction::InitiateShutdown, Ok((after, effect))) => {
                let initiated_time = now - Span(N::literal(1));
                let shutdown = match after.shutdown {
                    Shutdown::Initiated { .. } => Shutdown::Initiated { initiated_time },
                    other => other,
                };
                Ok((WorkerSlots { shutdown, ..after }, effect))
            }
            (_, next) => next,
        }
    }
    breaks ["the_grace_period_runs_from_the_request"],
    shows_in "Running, InitiateShutdown",
    beyond_exploration "The system has no durations: any timer that is set may elapse at any moment.";

    /// The slot of a poll that brings nothing stays in use.
    keeps_the_slot_of_an_empty_poll(before, _, action, next) {
        match (action, next) {
            (SlotsAction::PollEnds, Ok(_)) => Ok((*before, None)),
            (_, next) => next,
        }
    }
    breaks ["a_slot_moves_from_use_to_use", "a_shutdown_ends_with_the_last_task"],
    shows_in "GracePeriodElapsed, PollEnds";

    /// A worker that shuts down goes on to poll.
    polls_on_while_it_shuts_down(before, _, action, next) {
        match (action, next, before.shutdown) {
            (
                SlotsAction::Poll,
                Err(SlotsRejection::ShuttingDown),
                Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed,
            ) => {
                let polling = before.polling + N::literal(1);
                Ok((WorkerSlots { polling, ..*before }, None))
            }
            (_, next, _) => next,
        }
    }
    breaks ["a_shutdown_is_final", "a_worker_refuses_exactly_what_cannot_be"],
    shows_in "GracePeriodElapsed, Poll",
    beyond_exploration "With one slot a shutdown is over before anybody polls again.";

    /// No function is told when the grace period is over.
    tells_no_function_of_a_shutdown(_, _, action, next) {
        match (action, next) {
            (SlotsAction::GracePeriodElapses, Ok((after, _))) => Ok((after, None)),
            (_, next) => next,
        }
    }
    breaks ["functions_are_told_after_the_grace_period", "a_shutdown_reaches_every_function"],
    shows_in "Initiated, GracePeriodElapses";

    /// A worker that has shut down does not say so.
    shuts_down_without_a_word(_, _, _, next) {
        match next {
            Ok((after, Some(SlotsEffect::FinishShutdown))) => Ok((after, None)),
            next => next,
        }
    }
    breaks ["the_end_of_a_shutdown_is_said_once", "a_shutdown_ends_with_the_last_task"],
    shows_in "GracePeriodElapsed, ReleaseSlot";
}
