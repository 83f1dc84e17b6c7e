//! Lifetime theorems of a worker: its shutdown ends, and nothing overflows.

use super::party::{every_case, every_turn};
use super::slots::ShutdownKind;
use super::task_alarms::suppose_at_most;
use super::{Hypotheses, Party, Slots, Turn};
use crate::any::instant;
use crate::number::Sym;
use crate::theorem::Proof;
use crate::theorems::{CLOCK_LIMIT, LONGEST, suppose_between, theorems};
use activity_execution::vocabulary::Number;
use activity_execution::worker::{Shutdown, SlotsAction, SlotsEffect, SlotsRejection, WorkerSlots};
use symbolic::{assume_le, check, literal, within};

theorems! { SHUTDOWN:
    /// Whatever is accepted by a worker that shuts down lowers its rank, so that boundedly many
    /// steps follow, however many slots there are.
    every_step_of_a_shutdown_lowers_its_rank
    /// The rank of a worker is never negative.
    the_rank_of_a_worker_is_not_negative
    /// A shutdown that is not over has a slot in use that waits for the end of its poll, for the
    /// return of its function or for its release; each of these is accepted when it comes.
    a_shutdown_that_is_not_over_waits_for_a_slot
    /// The grace period takes effect once, from its deadline on and however late, and not before.
    the_grace_period_ends_at_its_deadline
}

theorems! { OVERFLOW:
    /// No count and no instant of a worker overflows, nor do the promises about it: for any number
    /// of slots, a grace period up to `LONGEST`, instants within `CLOCK_LIMIT` of the origin.
    no_addition_of_a_worker_overflows
    /// No count leads out of the limits.
    a_worker_keeps_the_limits
}

/// That a shutdown ends, if polls end, functions return and tasks are released.
#[must_use]
pub fn shutdown(hypotheses: &Hypotheses<Slots>) -> Proof {
    let proof = Proof::of("worker-shutdown", SHUTDOWN.to_vec());
    every_turn(proof, &Slots::default(), hypotheses, |turn| {
        ranked(turn);
        waits(turn);
        ends(turn);
    })
}

fn ranked(turn: &Turn<Slots>) {
    let (was, is) = (rank_of(&turn.before), rank_of(&turn.after));
    let bounded = was >= Sym::literal(0) && is >= Sym::literal(0);
    check("the_rank_of_a_worker_is_not_negative", bounded, || turn.to_string());
    if !matches!(turn.before.shutdown, Shutdown::Running) && turn.step.reply.is_ok() {
        check("every_step_of_a_shutdown_lowers_its_rank", is < was, || turn.to_string());
    }
}

/// How many steps each slot still takes, and the shutdown itself.
fn rank_of(worker: &WorkerSlots<Sym>) -> Sym {
    let WorkerSlots { polling, outstanding, completions_in_flight, shutdown } = *worker;
    let left = match shutdown {
        Shutdown::Running => 3,
        Shutdown::Initiated { .. } => 2,
        Shutdown::GracePeriodElapsed => 1,
        Shutdown::ShutDown => 0,
    };
    polling
        + polling
        + polling
        + outstanding
        + outstanding
        + completions_in_flight
        + Sym::literal(left)
}

fn waits(turn: &Turn<Slots>) {
    let Turn { terms, before, step, .. } = turn;
    match before.shutdown {
        Shutdown::Running | Shutdown::ShutDown => return,
        Shutdown::Initiated { .. } | Shutdown::GracePeriodElapsed => {}
    }
    let zero = Sym::literal(0);
    let awaited = if before.polling > zero {
        SlotsAction::PollEnds
    } else if before.outstanding > zero {
        SlotsAction::Return
    } else {
        SlotsAction::ReleaseSlot
    };
    let (taken, _) = Slots::default().step_at(terms, before, step.now, awaited);
    check("a_shutdown_that_is_not_over_waits_for_a_slot", taken.reply.is_ok(), || turn.to_string());
}

fn ends(turn: &Turn<Slots>) {
    let Turn { terms, before, step, .. } = turn;
    let due = before.grace_deadline(terms).is_some_and(|deadline| step.now >= deadline);
    let slots = Slots::default();
    let elapses = SlotsAction::GracePeriodElapses;
    let (taken, after) = slots.step_at(terms, before, step.now, elapses);
    let (again, _) = slots.step_at(terms, &after, step.now, elapses);
    let told = taken.reply == Ok(Some(SlotsEffect::CancelOutstanding));
    let once = again.reply == Err(SlotsRejection::NotDue);
    check("the_grace_period_ends_at_its_deadline", told == due && once, || turn.to_string());
}

/// About every step inside the limits.
#[must_use]
pub fn overflow(hypotheses: &Hypotheses<Slots>) -> Proof {
    let proof = Proof::of("worker-overflow", OVERFLOW.to_vec());
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(proof, Slots::PHASES, assumed, in_bounds)
}

fn in_bounds(hypotheses: &Hypotheses<Slots>, phase: ShutdownKind, word: SlotsAction) {
    let terms = Slots::default().terms();
    assume_le(terms.max_concurrent_activities.0, literal(i64::MAX), 0);
    suppose_at_most(terms.graceful_shutdown_period, LONGEST);
    let before = Slots::state(hypotheses, &terms, phase);
    let now = instant("now");
    suppose_between(now, [-CLOCK_LIMIT, CLOCK_LIMIT]);
    if let Shutdown::Initiated { initiated_time } = before.shutdown {
        suppose_between(initiated_time, [-CLOCK_LIMIT, CLOCK_LIMIT]);
    }
    let (turn, deadline) = within(literal(i64::MIN), literal(i64::MAX), || {
        let (step, after) = Slots::default().step_at(&terms, &before, now, word);
        let turn: Turn<Slots> = Turn { terms, before, step, after };
        let mut promises = Slots::promises().into_iter();
        assert!(promises.all(|promise| turn.keeps(&promise, hypotheses)), "{turn}");
        (turn, after.grace_deadline(&terms))
    });
    let WorkerSlots { polling, outstanding, completions_in_flight, .. } = turn.after;
    let counts = [polling, outstanding, completions_in_flight];
    let kept = counts
        .into_iter()
        .all(|count| count >= Sym::literal(0) && count <= terms.max_concurrent_activities);
    check("a_worker_keeps_the_limits", kept, || format!("{turn}{deadline:?}"));
}
