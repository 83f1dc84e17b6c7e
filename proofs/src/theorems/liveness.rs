//! Liveness theorems: an armed deadline in every open state, and a rank that decreases. About the
//! specification; the core follows because it refines it.

use super::theorems;
use crate::any::{self, PhaseKind, Word};
use crate::number::Sym;
use crate::parties::{Hypotheses, Service, Turn, every_case};
use crate::payload::{SymbolicPayload, sealed};
use crate::theorem::Proof;
use activity_execution::vocabulary::{
    Action, Answer, Attempt, Dialect, ExecutionOptions, Observation, Phase, Request, Span,
    TaskToken, TimeoutType, Timestamp,
};
use activity_models::exploration::{Machine, SpecificationMachine};
use symbolic::check;

theorems! { LIVENESS:
    /// An execution that is not closed has an armed deadline, or it waits for a worker.
    an_open_execution_has_a_deadline_or_waits_for_a_worker
    /// Whoever polls for an attempt that waits, from the very instant of its dispatch on, is given
    /// the task.
    a_dispatched_attempt_is_given_to_whoever_polls
    /// A task that a worker holds has a deadline, whatever the options are.
    a_held_task_has_a_deadline
    /// When the earliest deadline has come, one timer takes effect and changes the execution: none
    /// is stuck.
    due_deadlines_can_always_be_settled
    /// From the schedule-to-close deadline on, the first deadline that is settled closes the
    /// execution, whichever it is and however many attempts are left; only an activity of a workflow
    /// can be retried at that very instant, without a wait.
    schedule_to_close_bounds_everything
}

theorems! { RANK:
    /// The rank is never negative: attempts that are left, then the phase.
    the_rank_is_bounded_from_below
    /// Where attempts are bounded, whatever changes an open execution lowers its rank, so that only
    /// boundedly many such steps follow; a tick and a heartbeat keep it, and a cancel request does
    /// not raise it.
    every_change_lowers_the_rank
}

const OPEN: [PhaseKind; 2] = [PhaseKind::Scheduled, PhaseKind::Started];

/// About deadlines of open executions.
#[must_use]
pub fn liveness(hypotheses: &Hypotheses<Service>) -> Proof {
    let mut proof = Proof::of("liveness", LIVENESS.to_vec());
    for phase in OPEN {
        let hypotheses = hypotheses.clone();
        proof = proof.case(format!("{phase:?}"), move || deadlines(&hypotheses, phase));
    }
    proof
}

/// About every step of an open execution whose attempts are bounded.
#[must_use]
pub fn rank(hypotheses: &Hypotheses<Service>) -> Proof {
    let assumed = |phase, _| hypotheses.of_phase(phase);
    every_case(Proof::of("rank", RANK.to_vec()), &OPEN, assumed, ranked)
}

fn deadlines(hypotheses: &Hypotheses<Service>, phase: PhaseKind) {
    let terms = any::terms();
    let before = any::observation(hypotheses, &terms, phase);
    let words = || format!("{terms:?}\n{before:?}");

    let armed = before.deadlines.armed().next().is_some();
    let lives = armed || matches!(before.phase, Phase::Scheduled { .. });
    check("an_open_execution_has_a_deadline_or_waits_for_a_worker", lives, words);
    let given = before.is_started() || is_given_the_task(&terms, &before);
    check("a_dispatched_attempt_is_given_to_whoever_polls", given, words);
    check("a_held_task_has_a_deadline", armed || !before.is_started(), words);

    // The clock is put forward to the earliest deadline, if it is not there yet.
    let mut deadlines = before.deadlines.armed().map(|(_, deadline)| deadline);
    let Some(first) = deadlines.next() else {
        return;
    };
    let now = before.now.or_later(deadlines.fold(first, Timestamp::or_earlier));
    let due = Observation { now, ..before };
    let backoff = any::backoff();
    let mut settled = TimeoutType::ALL.into_iter().filter_map(|timeout_type| {
        let action = Action::Elapses { timeout_type, backoff };
        let (reply, after) = step(&terms, &due, &action);
        reply.then_some((timeout_type, after))
    });
    let taken = settled.next();
    let one = taken.is_some_and(|(_, after)| after != due) && settled.next().is_none();
    check("due_deadlines_can_always_be_settled", one, || format!("{terms:?}\n{due:?}\n{taken:?}"));

    if let (Some((_, after)), Some(end)) = (taken, before.deadlines.schedule_to_close)
        && end <= now
        && (terms.dialect == Dialect::Standalone || end < now)
    {
        check("schedule_to_close_bounds_everything", after.is_closed(), || {
            format!("{terms:?}\nbefore {due:?}\nafter {after:?}")
        });
    }
}

/// Whether a poll for the attempt is given the task as soon as the dispatch time has come.
fn is_given_the_task(
    terms: &ExecutionOptions<Sym>,
    execution: &Observation<Sym, SymbolicPayload>,
) -> bool {
    let Phase::Scheduled { dispatch_time, .. } = execution.phase else {
        return false;
    };
    let mut state = SpecificationMachine.restore(execution);
    state.now = execution.now.or_later(dispatch_time);
    let poll = Action::Call(Request::RecordActivityTaskStarted {
        request_id: any::POLL,
        dispatched: TaskToken(execution.attempt),
        identity: SymbolicPayload::named("poller"),
    });
    let reply = sealed(|| SpecificationMachine.step(terms, &mut state, &poll));
    matches!(reply, Ok(Answer::Task { .. }))
}

/// Whether the specification accepts an action, and what comes of it.
fn step(
    terms: &ExecutionOptions<Sym>,
    before: &Observation<Sym, SymbolicPayload>,
    action: &Action<Sym, SymbolicPayload>,
) -> (bool, Observation<Sym, SymbolicPayload>) {
    let mut state = SpecificationMachine.restore(before);
    let reply = sealed(|| SpecificationMachine.step(terms, &mut state, action));
    (reply.is_ok(), SpecificationMachine.observe(terms, &state))
}

fn ranked(hypotheses: &Hypotheses<Service>, phase: PhaseKind, word: Word) {
    let turn = Turn::any(&Service::default(), hypotheses, phase, word);
    let Turn { terms, before, after, .. } = &turn;
    let Some(maximum) = terms.maximum_attempts else {
        return;
    };
    let (left, phase) = rank_of(maximum, before);
    let (left_after, phase_after) = rank_of(maximum, after);
    let bounded = left >= Span::zero() && left_after >= Span::zero();
    check("the_rank_is_bounded_from_below", bounded, || turn.to_string());

    let lower = left_after < left || (left_after == left && phase_after < phase);
    let same = || left_after == left && phase_after == phase;
    let falls = match word {
        Word::Tick | Word::RecordActivityTaskHeartbeat => same(),
        Word::RequestCancelActivityExecution => lower || same(),
        Word::StartActivityExecution
        | Word::RecordActivityTaskStarted
        | Word::RespondActivityTaskCompleted
        | Word::RespondActivityTaskFailed
        | Word::RespondActivityTaskCanceled
        | Word::TerminateActivityExecution
        | Word::Elapses(_) => lower || before == after,
    };
    check("every_change_lowers_the_rank", falls, || turn.to_string());
}

/// The attempts that are left, and what is left of this one.
fn rank_of(
    maximum: Attempt<Sym>,
    execution: &Observation<Sym, SymbolicPayload>,
) -> (Span<Sym>, u8) {
    let left = Span(maximum.0 - execution.attempt.0);
    match execution.phase {
        Phase::Scheduled { .. } => (left, 2),
        Phase::Started { .. } => (left, 1),
        Phase::Closed { .. } => (left, 0),
    }
}
