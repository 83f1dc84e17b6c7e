//! Promises about a worker's slots and its shutdown.

use crate::vocabulary::Number;
use crate::worker::{
    Shutdown, SlotsAction, SlotsEffect, SlotsRejection, SlotsStep, WorkerOptions, WorkerSlots,
};

crate::promises! { pub [N: Number](WorkerOptions<N>, WorkerSlots<N>, SlotsStep<N>)
    pub(super) of_states; of_states: true;
    /// No more slots are in use than there are, and no count is negative.
    slots_stay_within_the_maximum(terms, _before, _step, after) {
        let zero = N::literal(0);
        after.polling >= zero
            && after.outstanding >= zero
            && after.completions_in_flight >= zero
            && after.polling + after.outstanding + after.completions_in_flight
                <= terms.max_concurrent_activities
    }

    /// A worker has shut down as soon as it was asked to and no slot is in use, completions
    /// included, and not before.
    shutdown_is_complete_when_no_slot_is_in_use(_terms, _before, _step, after) {
        let zero = N::literal(0);
        let drained = after.polling <= zero
            && after.outstanding <= zero
            && after.completions_in_flight <= zero;
        match after.shutdown {
            Shutdown::Running => true,
            Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed => !drained,
            Shutdown::ShutDown => drained,
        }
    }
}

crate::promises! { pub [N: Number](WorkerOptions<N>, WorkerSlots<N>, SlotsStep<N>)
    pub(super) of_steps; of_states: false;
    /// What cannot happen to a worker changes nothing.
    what_a_worker_refuses_changes_nothing(_terms, before, step, after) {
        step.reply.is_ok() || before == after
    }

    /// A worker refuses exactly what cannot be: a poll or a shutdown once it shuts down, a poll
    /// without a free slot, an end of a use that no slot is in, and the end of a grace period that
    /// does not run or is not over.
    a_worker_refuses_exactly_what_cannot_be(terms, before, step, _after) {
        let WorkerSlots { polling, outstanding, completions_in_flight, shutdown } = *before;
        let zero = N::literal(0);
        let is_asked = !matches!(shutdown, Shutdown::Running);
        let (cannot_be, refusal) = match step.action {
            SlotsAction::Poll | SlotsAction::InitiateShutdown if is_asked => {
                (true, SlotsRejection::ShuttingDown)
            }
            SlotsAction::InitiateShutdown => (false, SlotsRejection::ShuttingDown),
            SlotsAction::Poll => {
                let used = polling + outstanding + completions_in_flight;
                (used >= terms.max_concurrent_activities, SlotsRejection::NoSlot)
            }
            SlotsAction::PollEnds | SlotsAction::Deliver => {
                (polling <= zero, SlotsRejection::NoSuchSlot)
            }
            SlotsAction::Return => (outstanding <= zero, SlotsRejection::NoSuchSlot),
            SlotsAction::ReleaseSlot => {
                (completions_in_flight <= zero, SlotsRejection::NoSuchSlot)
            }
            SlotsAction::GracePeriodElapses => {
                let is_over = matches!(shutdown, Shutdown::Initiated { initiated_time }
                    if step.now >= initiated_time + terms.graceful_shutdown_period);
                (!is_over, SlotsRejection::NotDue)
            }
        };
        step.reply.err() == cannot_be.then_some(refusal)
    }

    /// A shutdown begins when it is asked for, and its grace period runs from that instant.
    the_grace_period_runs_from_the_request(_terms, before, step, after) {
        let asked = step.action == SlotsAction::InitiateShutdown && step.reply.is_ok();
        match (before.shutdown, after.shutdown) {
            (Shutdown::Running, Shutdown::Running) => !asked,
            (Shutdown::Running, Shutdown::Initiated { initiated_time }) => {
                asked && initiated_time == step.now
            }
            (Shutdown::Running, Shutdown::ShutDown) => asked,
            (Shutdown::Running, Shutdown::GracePeriodElapsed) => false,
            (
                Shutdown::Initiated { initiated_time: was },
                Shutdown::Initiated { initiated_time: is },
            ) => was == is,
            (_, _) => true,
        }
    }

    /// Each step moves one slot from one use to the next, and none appears or is lost.
    a_slot_moves_from_use_to_use(_terms, before, step, after) {
        let one = N::literal(1);
        let WorkerSlots { polling, outstanding, completions_in_flight, .. } = *before;
        let counts = if step.reply.is_err() {
            [polling, outstanding, completions_in_flight]
        } else {
            match step.action {
                SlotsAction::Poll => [polling + one, outstanding, completions_in_flight],
                SlotsAction::PollEnds => [polling - one, outstanding, completions_in_flight],
                SlotsAction::Deliver => [polling - one, outstanding + one, completions_in_flight],
                SlotsAction::Return => [polling, outstanding - one, completions_in_flight + one],
                SlotsAction::ReleaseSlot => [polling, outstanding, completions_in_flight - one],
                SlotsAction::InitiateShutdown | SlotsAction::GracePeriodElapses => {
                    [polling, outstanding, completions_in_flight]
                }
            }
        };
        counts == [after.polling, after.outstanding, after.completions_in_flight]
    }

    /// A worker that shuts down takes no new poll, and never runs again.
    a_shutdown_is_final(_terms, before, step, after) {
        let asked = !matches!(before.shutdown, Shutdown::Running);
        rank(&before.shutdown) <= rank(&after.shutdown)
            && (!asked || step.action != SlotsAction::Poll || step.reply.is_err())
    }

    /// Functions are left alone for the whole grace period after a shutdown is initiated, then all
    /// are told, once.
    functions_are_told_after_the_grace_period(terms, before, step, after) {
        let told = step.reply == Ok(Some(SlotsEffect::CancelOutstanding));
        let elapsed = matches!(before.shutdown, Shutdown::Initiated { initiated_time }
            if step.now >= initiated_time + terms.graceful_shutdown_period);
        told == (step.action == SlotsAction::GracePeriodElapses && elapsed)
            && (!told || after.grace_period_elapsed())
            && (told || before.grace_period_elapsed() || !after.grace_period_elapsed())
    }

    /// The end of a shutdown is said once, when it comes.
    the_end_of_a_shutdown_is_said_once(_terms, before, step, after) {
        let ends = !matches!(before.shutdown, Shutdown::ShutDown)
            && matches!(after.shutdown, Shutdown::ShutDown);
        ends == (step.reply == Ok(Some(SlotsEffect::FinishShutdown)))
    }
}

fn rank<N>(shutdown: &Shutdown<N>) -> u8 {
    match shutdown {
        Shutdown::Running => 0,
        Shutdown::Initiated { .. } => 1,
        Shutdown::GracePeriodElapsed => 2,
        Shutdown::ShutDown => 3,
    }
}
