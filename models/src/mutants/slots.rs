//! The mutants of a worker that counts its slots.

use activity_execution::vocabulary::{Number, Timestamp};
use activity_execution::worker::{Shutdown, SlotsAction, SlotsEffect, SlotsRejection, WorkerSlots};

/// What becomes of a worker, and what has to be done; or why not.
pub type SlotsNext<N> = Result<(WorkerSlots<N>, Option<SlotsEffect>), SlotsRejection>;

/// The worker before, the instant, what happens, and what the right machine makes of it.
pub type SlotsRule<N> =
    fn(&WorkerSlots<N>, Timestamp<N>, SlotsAction, SlotsNext<N>) -> SlotsNext<N>;

super::mutants! {
    /// The mutants of a worker that counts its slots.
    of_slots<N: Number>() -> SlotsRule<N>;

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
}
